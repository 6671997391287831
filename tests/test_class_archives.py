"""Hostile archives and odd file-system objects, handed in together: each gets its verdict, and nothing else happens.

Each case is one student of a class that the real command grades at once.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from grader.classroom.gradebook import Gradebook
from grader.classroom.model import Row, State

from . import class_folder, small_course
from .hostile.harness import VERDICTS
from .test_class import GRADE, PROCESS

MAKE = Path(__file__).parent / "hostile" / "attacks" / "archives" / "make.py"
MANY = ("fs_odd_student_names", "fs_hardlink")  # each a class of its own
MOST_MB = 400.0
_MEASURED = """
import atexit, pathlib, sys
@atexit.register
def say():
    status = pathlib.Path("/proc/self/status")  # what getrusage says begins with the parent's
    lines = status.read_text().splitlines() if status.exists() else ["VmHWM: 0 kB"]
    print(next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")))
exec(sys.argv.pop(1))
"""


def _manifest() -> dict[str, dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, str(MAKE), folder], check=True, capture_output=True)
        found: dict[str, dict[str, str]] = json.loads((Path(folder) / "MANIFEST.json").read_text())
    return found


MANIFEST = _manifest()
CASES = [name for name in MANIFEST if name.rstrip("/") not in MANY]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that asks for `sigmoid`, and the cases as submissions, graded."""
    root = tmp_path_factory.mktemp("archives")
    small_course.write_course(root / "course", "scaling")
    class_folder.write_exercise(root / "course", "sigmoid", 2.0)
    small_course.change(root / "course/exercises/course.toml", "['scaling']", "['sigmoid']")
    subprocess.run([sys.executable, str(MAKE), str(root / "submissions")], check=True, capture_output=True)
    (root / "submissions" / "MANIFEST.json").unlink()
    for name in MANY:
        (root / "submissions" / name).rename(root / name)
    return root


@pytest.fixture(scope="module")
def rows(ground: Path) -> dict[str, Row]:
    return graded(ground, "submissions")


def graded(ground: Path, submissions: str) -> dict[str, Row]:
    """Grade a class, and bound what that may take."""
    out = ground / f"{submissions}-out"
    command = [sys.executable, "-c", _MEASURED, GRADE[2], "class", str(ground / submissions)]
    named = ["--course", str(ground / "course"), "-o", str(out), *PROCESS]
    done = subprocess.run([*command, *named], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert float(done.stdout.splitlines()[-1]) < MOST_MB
    assert "PWNED" not in done.stdout + done.stderr
    with Gradebook.existing(out) as book:
        return {row.origin: row for row in book.rows()}


@pytest.mark.parametrize("name", CASES)
def test_each_gets_its_verdict(rows: dict[str, Row], name: str) -> None:
    """One of those that it may have; a file that is taken is the right one."""
    if "skipped" in MANIFEST[name]:
        pytest.skip(MANIFEST[name]["skipped"])
    row = rows[name.rstrip("/")]
    (result,) = row.results or (None,)
    verdicts = {"fail:refused"} if row.state is State.REFUSED or result is None else VERDICTS[result.outcome.value]
    assert verdicts & set(MANIFEST[name]["expect"].split("|")), row


def test_everybody_has_a_row(rows: dict[str, Row]) -> None:
    assert len(rows) == len(CASES)


def test_nothing_was_written_anywhere(ground: Path, rows: dict[str, Row]) -> None:
    """No file of an archive's: not beside it, not above it, not where its paths lead."""
    assert rows
    found = [*ground.parent.rglob("HOSTILE*"), *Path(tempfile.gettempdir()).glob("HOSTILE*")]
    assert found == []


@pytest.mark.parametrize(("name", "students"), [("fs_odd_student_names", 16), ("fs_hardlink", 2)])
def test_odd_names_are_students_like_others(ground: Path, name: str, students: int) -> None:
    found = graded(ground, name)
    assert len(found) == students
    assert all(row.results[0].passed for row in found.values())
