#!/usr/bin/env bash
# A learner's first minutes with an installed wheel: smoke_wheel.sh BIN DIR, with the environment's bin folder and a
# folder that does not exist yet. Nothing of the checkout is used.
set -euo pipefail
bin=$1
learner=$2

"$bin/grade" --version
"$bin/grade" init "$learner"
cd "$learner"

code=0
"$bin/grade" >stubs.txt || code=$?
[ "$code" -eq 1 ] || { cat stubs.txt; echo "untouched stubs must give exit code 1, not $code"; exit 1; }
grep -q '^0 of [0-9]* points' stubs.txt || grep -q ' 0 of [0-9]* points' stubs.txt

cat >01_activation/sigmoid/sigmoid.py <<'PYTHON'
import numpy as np


def sigmoid(x):
    x = np.asarray(x)
    x = x.astype(np.float32 if x.dtype == np.float32 else np.float64)
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))[()]
PYTHON
"$bin/grade" run sigmoid --json sigmoid.json --html sigmoid.html --junit sigmoid.xml
"$bin/python" - <<'PYTHON'
import json
from pathlib import Path

report = json.loads(Path("sigmoid.json").read_text())
assert report["exercises"][0]["name"] == "sigmoid", report["exercises"][0]["name"]
assert report["summary"]["score"] == report["summary"]["points"] == 10, report["summary"]
PYTHON
"$bin/grade" list
"$bin/grade" run --solutions --json - >solutions.json
"$bin/grade" doctor
env -u LC_ALL LANG=C.UTF-8 LANGUAGE=ja "$bin/grade" --help | grep '使い方' >/dev/null
# Where bubblewrap works, the strongest level must hold for an installed wheel too, whoever installed it and wherever.
if bwrap --unshare-user --unshare-pid --ro-bind / / --proc /proc true 2>bwrap.txt; then
    "$bin/grade" run --solutions --require-sandbox strict --json strict.json >/dev/null
fi
test -z "$(find "$learner" -name 'test_*' -o -name 'wrong.toml' -o -name 'exercise.toml')"
