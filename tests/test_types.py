"""The course's own code is typed: what a learner is handed, the references, and the checks that call them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STUBS = [path for path in sorted(ROOT.glob("exercises/*/*/*.py")) if not path.name.startswith("test_")]
REFERENCES = sorted(ROOT.glob("solutions/*/*/*.py"))
CHECKS = sorted(ROOT.glob("exercises/*/*/test_*.py"))


@pytest.mark.parametrize("files", [STUBS, REFERENCES + CHECKS], ids=["stubs", "references-and-checks"])
def test_types_are_right(files: list[Path]) -> None:
    """A stub and its reference have one name, so mypy sees them one after the other; checks import the references."""
    folders = {str(path.parent) for path in files if path not in CHECKS}
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--explicit-package-bases", *map(str, files)],
        check=False,
        cwd=ROOT,
        env=os.environ | {"MYPYPATH": os.pathsep.join((*sorted(folders), str(ROOT)))},
        capture_output=True,
        encoding="utf-8",
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout + ran.stderr
