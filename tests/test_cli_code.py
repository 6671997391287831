"""`grade run NAME --code FILE`: a file from elsewhere, in place of the one in the workspace."""

import subprocess
import sys
from pathlib import Path

import pytest

from grader.intake import MAX_SOURCE
from grader.progress import Progress
from grader.report.as_json import from_json

from .command import HALF, SOLVED, environment, grade
from .small_course import write_course


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course", "scaling", "moving")


def test_a_file_from_elsewhere_is_graded_and_counts(course: Path, tmp_path: Path) -> None:
    """Whatever it is called; a file beside it is none of its helpers."""
    (tmp_path / "draft.txt").write_text(SOLVED, encoding="utf-8")
    done = grade(course, "run", "scaling", "--code", str(tmp_path / "draft.txt"))
    assert done.returncode == 0, done.stderr
    with Progress.open(course / ".grade" / "progress.sqlite3") as progress:
        assert [attempt.score for attempt in progress.history("scaling")] == [10]


def test_standard_input_gives_and_standard_output_takes(course: Path) -> None:
    """By `python -m grader.cli` too, which needs no PATH."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "grader.cli", "run", "moving", "--code", "-", "--json", "-"],
        input=HALF.encode(),
        cwd=course,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert [check.passed for check in from_json(done.stdout).exercises[0].checks] == [True, False]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--code", "draft.py"], "--code is about one exercise"),
        (["scaling", "--solutions", "--code", "draft.py"], "without --solutions"),
        (["scaling", "--code", "none.py"], "No such file"),
    ],
)
def test_what_makes_no_sense_is_told(course: Path, arguments: list[str], said: str) -> None:
    (course / "draft.py").write_text(SOLVED, encoding="utf-8")
    done = grade(course, "run", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_file_that_is_too_large_is_refused(course: Path) -> None:
    (course / "draft.py").write_text("#" * (MAX_SOURCE + 1), encoding="utf-8")
    done = grade(course, "run", "scaling", "--code", "draft.py")
    assert done.returncode == 1
    assert "scaling.py has over 1,000,000 bytes" in done.stdout
