"""`grade report`: a page of the learner's course, of files as they are now; nothing is recorded."""

import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from grader.course import bundled_root, read_course

from .command import HALF, SOLVED, grade
from .small_course import STUB, folders, write_course

LEAST_PICTURES = 36
LARGEST = 1_000_000  # bytes of the page of the whole course


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course whose only exercise is half right."""
    root = write_course(tmp_path / "course")
    write(root, HALF)
    return root


def write(root: Path, text: str) -> None:
    """Put a text in the place of the stub."""
    (folders(root, "scaling")[0] / "scaling.py").write_text(text, encoding="utf-8")


def attempts(root: Path) -> int:
    """How many are recorded."""
    with sqlite3.connect(root / ".grade" / "progress.sqlite3") as file:
        return int(file.execute("SELECT count(*) FROM attempts").fetchone()[0])


def test_the_page_lies_in_the_workspace(course: Path) -> None:
    """From every folder in it; the command says where, and where one stands."""
    done = grade(course / "exercises", "report")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("../report.html: 0 of 1 exercise passed, 5 of 10 points.")
    assert "A small course" in (course / "report.html").read_text(encoding="utf-8")


def test_a_report_is_no_attempt(course: Path) -> None:
    """It tells of earlier ones, takes the files as they are now, and records nothing."""
    grade(course, "run")
    grade(course, "hint", "scaling")
    write(course, SOLVED)
    assert grade(course, "report", "-o", "page.html").returncode == 0
    page = (course / "page.html").read_text(encoding="utf-8")
    assert "1 of 1 exercise passed" in page
    assert "1 attempt, the best with 5 of 10 points · 1 of 3 hints taken" in page
    assert attempts(course) == 1


def test_a_stub_graded_with_all_others_is_no_attempt(course: Path) -> None:
    """`grade` without a name meets every stub."""
    write(course, STUB)
    grade(course)
    assert "attempt" not in grade(course, "report", "-o", "-").stdout.partition("</style>")[2]


def test_the_page_to_standard_output(course: Path) -> None:
    """It alone; `--open` then opens nothing, and says so."""
    done = grade(course, "report", "--output", "-")
    assert done.stdout.startswith("<!DOCTYPE html>")
    assert done.stdout.rstrip().endswith("</html>")
    assert grade(course, "report", "--open", "-o", "-").returncode == 2


def test_the_page_is_opened_in_a_browser(course: Path, tmp_path: Path) -> None:
    """The one that the user names; where there is none, that is said, and the page is there."""
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n', encoding="utf-8")
    browser.chmod(0o755)
    assert grade(course, "report", "--open", BROWSER=str(browser)).returncode == 0
    assert (tmp_path / "opened").read_text(encoding="utf-8").strip() == (course / "report.html").resolve().as_uri()


def test_a_progress_file_that_is_damaged_costs_the_history_alone(course: Path) -> None:
    """The page is written."""
    (course / ".grade").mkdir()
    (course / ".grade" / "progress.sqlite3").write_bytes(b"no database" * 100)
    done = grade(course, "report")
    assert done.returncode == 0
    assert "progress" in done.stderr
    assert (course / "report.html").is_file()


def test_a_page_that_can_not_be_written_is_told(course: Path) -> None:
    """With the remedy."""
    done = grade(course, "report", "-o", str(course / "exercises"))
    assert done.returncode == 2
    assert "name a file in it" in done.stderr


def test_the_page_of_the_whole_course(tmp_path: Path) -> None:
    """All references in a workspace: below 1 MB, every picture drawn, no address but its own."""
    grade(tmp_path, "init", "mine")
    exercises = read_course(bundled_root()).exercises
    for exercise in exercises:
        shutil.copy(exercise.reference, tmp_path / "mine" / exercise.chapter / exercise.name)
    done = grade(tmp_path / "mine", "report")
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "mine" / "report.html").read_text(encoding="utf-8")
    pictures = sum(exercise.picture_file.is_file() for exercise in exercises)
    assert pictures >= LEAST_PICTURES
    assert page.count("<figure>") == pictures
    assert "No picture" not in page
    assert len(page.encode()) < LARGEST
    assert not re.search(r"<script|https?://(?!www\.w3\.org/)|src=", page)
    assert "Every exercise has passed." in page
