"""Attacks on the object bridge and on `grade suite`: the code under test is wrong and hostile, the tests are honest.

What each attack tries stands in `attacks/README.md`. A test of an attack that is called `test_right…` must pass; any
other one must not come out well, and no test that the attack brought itself may come out well either.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.pool import survey

from .command import environment
from .hostile import watched

ATTACKS = Path(__file__).with_name("attacks")
NAMES = sorted(folder.name for folder in ATTACKS.iterdir() if (folder / "code").is_dir())
STRONGEST = next(level.value for level, doubt in survey().items() if not doubt)
GOOD = {"passed", "skipped", "xfailed", "xpassed"}
MOST_MB = 300.0  # of memory, for the command itself
MOST_SECONDS = 60.0
SECONDS = 2  # what a test may spend in the code under test


@dataclass(frozen=True, slots=True)
class Seen:
    """What one run of the command showed and left."""

    exit_code: int
    seconds: float
    peak_mb: float
    survivors: list[str]
    screen: str
    report: dict[str, Any]

    def named(self, start: str) -> dict[str, str]:
        """The outcomes of the tests whose names start so, by id."""
        found = {test["id"]: test["outcome"] for test in self.report["tests"]}
        return {name: outcome for name, outcome in found.items() if name.rpartition("::")[2].startswith(start)}


def attack(name: str, folder: Path, level: str = "process") -> Seen:
    """Run `grade suite` on a copy of an attack's files."""
    shutil.copytree(ATTACKS / name, folder, dirs_exist_ok=True)
    shutil.copy(ATTACKS / "inside.py", folder / "code")
    tests = "tests" if (folder / "tests").is_dir() else "code/tests"
    return suite(folder, tests, level)


def suite(folder: Path, tests: str, level: str) -> Seen:
    """Run `grade suite`, and look at what it did."""
    command = ["grade", "suite", tests, "--code", "code", "--sandbox", level, "--seconds", str(SECONDS)]
    command += ["--json", "report.json"]
    done = subprocess.run(
        [sys.executable, watched.__file__, "seen.json", str(MOST_SECONDS), *command],
        check=False,
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=MOST_SECONDS + 30,
    )
    screen = done.stdout.decode("utf-8")
    written = folder / "report.json"
    assert written.exists(), f"no report: {screen[-3000:]}"
    return Seen(**json.loads((folder / "seen.json").read_text()), screen=screen, report=json.loads(written.read_text()))


def assert_sound(seen: Seen, folder: Path) -> None:
    """What holds after every attack."""
    assert not list(folder.rglob("pwned")), "the attack's code ran on the side of the tests"
    assert seen.exit_code == 1
    assert seen.seconds < MOST_SECONDS
    assert seen.peak_mb < MOST_MB
    assert seen.survivors == []
    assert "Traceback" not in seen.screen
    for text in (seen.screen, (folder / "report.json").read_text(encoding="utf-8")):
        obeyed = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"}
        assert obeyed == set(), "characters that a terminal obeys"


def assert_judged(seen: Seen, folder: Path) -> None:
    """Tests of right code pass, all others come out badly, and each has been run."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("tests/**/test_*.py"))
    right, wrong = tests.count("def test_right"), tests.count("def test_wrong")
    spoiled = {test["id"] for test in seen.report["tests"] if "::" not in test["id"] and test["outcome"] not in GOOD}
    judged = {name: outcome for name, outcome in seen.named("").items() if name.partition("::")[0] not in spoiled}
    came_well = {name for name, outcome in judged.items() if outcome in GOOD}
    assert came_well == {name for name in judged if name.rpartition("::")[2].startswith("test_right")}
    assert len(came_well) >= right
    assert spoiled or len(judged) - len(came_well) >= wrong
    assert "never run" not in seen.screen


@pytest.mark.parametrize("name", NAMES)
def test_attack(name: str, tmp_path: Path) -> None:
    seen = attack(name, tmp_path)
    assert_sound(seen, tmp_path)
    assert_judged(seen, tmp_path)


@pytest.mark.parametrize("name", ["settings_above_the_tests", "printed_forgery", "forged_frames"])
def test_attack_at_the_strongest_level(name: str, tmp_path: Path) -> None:
    seen = attack(name, tmp_path, STRONGEST)
    assert_sound(seen, tmp_path)
    assert_judged(seen, tmp_path)


def test_odd_files(tmp_path: Path) -> None:
    """Pipes, links out of the folder and to itself, a file to read as code, thousands of files: none is obeyed."""
    code, tests = tmp_path / "code", tmp_path / "tests"
    code.mkdir()
    tests.mkdir()
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET = 123456\n")
    os.mkfifo(code / "pipe.py")
    os.mkfifo(code / "data.txt")
    (code / "linked.py").symlink_to(secret)
    (code / "folder").symlink_to(tmp_path)
    (code / "around").symlink_to(code)
    (code / "zero.py").symlink_to("/dev/zero")
    (code / "evil.pth").write_text("import sys; open('pwned', 'w')\n")
    (code / "target.pyc").write_bytes(b"\0" * 100)
    (code / "many").mkdir()
    for number in range(3000):
        (code / "many" / f"n{number}.txt").touch()
    (code / "\x1b[31m.py").touch()
    (code / "target.py").write_text(
        "import pathlib\n\n\ndef read():\n    return sorted(p.name for p in pathlib.Path(__file__).parent.iterdir())\n"
    )
    (tests / "test_target.py").write_text(
        "import target\n\n\ndef test_wrong_link():\n    assert 'linked.py' in target.read()\n\n\n"
        "def test_wrong_linked():\n    import linked\n\n    assert linked.SECRET\n"
    )
    seen = suite(tmp_path, "tests", STRONGEST)
    assert_sound(seen, tmp_path)
    assert_judged(seen, tmp_path)
    assert "pipe.py" in " ".join(seen.report["left_out"])


def test_the_table_names_every_attack() -> None:
    table = (ATTACKS / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert sorted(listed) == sorted([*NAMES, "odd_files"])
