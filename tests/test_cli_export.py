"""`grade export` as a teacher meets it: files, messages, exit codes."""

import csv
import io
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from grader.assignment import described, whole_course
from grader.classroom.gradebook import Gradebook
from grader.classroom.model import Row, State, Student
from grader.course import read_course
from grader.result import Outcome

from .class_samples import exercise, row
from .command import grade
from .small_course import write_course


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    """A folder with the gradebook of three students: one graded, one missing, one refused."""
    course = read_course(write_course(tmp_path / "course"))
    out = tmp_path / "graded"
    with Gradebook(out) as gradebook:
        gradebook.keep_setting("course", str(course.root))
        gradebook.keep_setting("assignment", msgspec.json.encode(described(whole_course(course))).decode())
        gradebook.put(row("ada", exercise("scaling", core=Outcome.PASSED, side=Outcome.FAILED)))
        gradebook.put(row("bob", state=State.MISSING))
        gradebook.put(replace(row("=eve", state=State.REFUSED), reason="eve.rar is no zip"))
    return out


def put(out: Path, one: Row) -> None:
    with Gradebook(out) as gradebook:
        gradebook.put(one)


def test_a_table_goes_to_standard_output(graded: Path) -> None:
    """And nothing else goes there."""
    done = grade(graded.parent, "export", "graded", "--format", "csv", "-o", "-")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {row["id"]: row["score"] for row in rows} == {"'=eve": "0", "ada": "5", "bob": ""}
    assert done.returncode == 0
    assert "nothing was handed in by 1 (Name of bob): that has no mark" in " ".join(done.stderr.split())


def test_without_a_target_it_goes_into_the_folder(graded: Path) -> None:
    """Under a name of its own; a table as a file, results of students as folders."""
    grade(graded.parent, "export", "graded", "--format", "canvas", "--missing-as-zero")
    assert (graded / "canvas.csv").read_bytes().endswith(b"Name of bob,,,0\r\n")
    assert grade(graded.parent, "export", "graded", "--format", "gradescope").returncode == 0
    assert sorted(path.name for path in (graded / "gradescope").iterdir()) == ["%3Deve", "ada"]


def test_a_fault_of_the_grader_is_no_mark_and_exit_code_1(graded: Path) -> None:
    """The row is there, empty, and its student is named."""
    put(graded, Row(Student("zoe", "Zoe"), "zoe.zip", State.ERROR, reason="a worker ended"))
    done = grade(graded.parent, "export", "graded", "--format", "nbgrader", "-o", "marks/", "--missing-as-zero")
    assert done.returncode == 1
    assert "the grader failed at 1 (Zoe)" in " ".join(done.stderr.split())
    assert (graded.parent / "marks" / "nbgrader.csv").read_text().splitlines()[-1].endswith(",,,,10")


def test_results_of_an_earlier_export_are_not_left_among_todays(graded: Path) -> None:
    """They would pass for results."""
    arguments = ("export", "graded", "--format", "prairielearn", "-o", "results")
    assert grade(graded.parent, *arguments, "--missing-as-zero").returncode == 0
    done = grade(graded.parent, *arguments)
    assert done.returncode == 2
    assert "'bob/results.json', which is not of this export; empty it" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("graded", "--format", "junit", "-o", "-"), "junit has a file for each student; name a folder"),
        (("graded", "--format", "xls"), "'xls' is not one of 'csv', 'canvas'"),
        (("course", "--format", "csv"), "no gradebook.sqlite3 in it; name the folder that `grade class -o` wrote"),
        (("graded",), "Missing option '--format'"),
    ],
)
def test_wrong_usage_is_told(graded: Path, arguments: tuple[str, ...], said: str) -> None:
    """With exit code 2 and the remedy."""
    done = grade(graded.parent, "export", *arguments)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
