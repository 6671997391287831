"""A teacher's three commands, one after the other, with a student between them."""

import csv
import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from . import small_course
from .command import environment, grade
from .small_course import CHAPTER

SETTINGS = """
format = 1
title = "Homework 1"
due = 2026-12-01T23:59:00+01:00
late = "10%/day up to 50%"
quizzes = ["01_first"]
quiz_points = 4

[[exercise]]
name = "lesson-a"
points = 20

[exercise.weights]
test_factor = 3

[[exercise]]
name = "lesson-b"
"""
QUIZ = """
format = 1
[[question]]
id = "two"
type = "numeric"
prompt = "What is 1 + 1?"
answer = "2"
program = "answer = 1 + 1"
wrong = [{ answer = "1", why = "That is one of them." }]
explanation = "One more than one."
"""
HALF = small_course.MODULE.format(body="return np.multiply(values, 2.0)")
ROSTER = (
    'Student,ID,SIS Login ID,Section\n    Points Possible,,,\n"Lovelace, Ada",17,ada,A\n"Boole, George",18,george,B\n'
)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = small_course.write_course(tmp_path / "course", "lesson-a", "lesson-b")
    (root / "exercises" / CHAPTER / "quiz.toml").write_text(QUIZ)
    (root / "hw.toml").write_text(SETTINGS)
    (root / "roster.csv").write_text(ROSTER)
    return root


def gradebook(course: Path) -> list[dict[str, str]]:
    text = (course / "out" / "gradebook.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_from_the_assignment_to_the_marks(course: Path, tmp_path: Path) -> None:
    """Release, work in it, hand in, grade, export: the marks are those of the hidden checks, weights and quiz."""
    released = grade(course, "release", "--settings", "hw.toml", "-o", "hw.zip")
    assert released.returncode == 0, released.stderr
    with zipfile.ZipFile(course / "hw.zip") as bundle:
        bundle.extractall(tmp_path / "student")
    (folder,) = (tmp_path / "student").iterdir()
    exercise = folder / "exercises" / CHAPTER / "lesson-a"
    (exercise / "lesson_a.py").write_text(HALF)
    shown = grade(folder, "run", "lesson-a").stdout
    assert "hidden ones count at hand-in" in shown
    assert "100 %" not in shown
    answer = subprocess.run(["grade", "quiz"], cwd=folder, env=environment(), input="17\n2\n", text=True, check=False)
    assert answer.returncode == 0
    assert json.loads((folder / "answers.json").read_text())["learner"] == "17"
    handed = tmp_path / "submissions"
    handed.mkdir()
    with zipfile.ZipFile(handed / "ada.zip", "w") as archive:
        for path in folder.rglob("*"):
            archive.write(path, path.relative_to(folder.parent))
    graded = grade(
        course,
        "class",
        str(handed),
        "--settings",
        "hw.toml",
        "--roster",
        "roster.csv",
        "-o",
        "out",
        "--sandbox",
        "process",
    )
    assert graded.returncode == 0, graded.stderr
    assert "1 graded, 1 missing" in graded.stdout
    rows = {row["id"]: row for row in gradebook(course)}
    # the core check of weight 1 passes, the other of weight 3 does not: a quarter of 20
    assert (rows["17"]["exercise: lesson-a"], rows["17"]["exercise: lesson-b"]) == ("5", "0")
    assert rows["18"]["state"] == "missing"
    page = (course / "out" / "students" / "17.html").read_text(encoding="utf-8")
    assert "Lovelace, Ada" in page
    assert "array([1.0, 5.0])" not in page  # what a hidden check calls with
    assert "students/18.html" in (course / "out" / "class.html").read_text(encoding="utf-8")
    assert "Lovelace" not in (course / "out" / "class-anonymous.html").read_text(encoding="utf-8")
    exported = grade(course, "export", "out", "--format", "canvas", "--assignment", "Homework 1 (99)", "-o", "-")
    table = list(csv.reader(io.StringIO(exported.stdout)))
    assert table[0][0] == "Student"
    assert table[0][-1] == "Homework 1 (99)"
    (ada,) = (row for row in table if row[0] == "Lovelace, Ada")
    assert ada[-1] == rows["17"]["score"]


def test_answers_count_for_who_gave_them(course: Path, tmp_path: Path) -> None:
    """The quiz of a student whose id on the roster is the one in the file; another's answers count nothing."""
    sheet = {"format": 1, "release": "x", "answers": {"two": {"answer": "2", "chosen": []}}}
    for student, learner in (("17", "17"), ("18", "17"), ("19", "grace")):
        (tmp_path / "submissions" / student).mkdir(parents=True)
        (tmp_path / "submissions" / student / "answers.json").write_text(json.dumps(sheet | {"learner": learner}))
    submissions = str(tmp_path / "submissions")
    done = grade(course, "class", submissions, "--settings", "hw.toml", "-o", "out", "--sandbox", "process")
    assert done.returncode == 0, done.stderr
    rows = {row["id"]: row for row in gradebook(course)}
    assert (rows["17"]["quiz: 01_first"], rows["18"]["quiz: 01_first"]) == ("4", "0")
    assert "no answer counts" in rows["18"]["remarks"]
    assert rows["19"]["quiz: 01_first"] == "0"
    (course / "class.csv").write_text("id,login\n17,ada\n18,george\n19,grace\n")
    grade(
        course, "class", submissions, "--settings", "hw.toml", "-o", "out", "--sandbox", "process", "--resume",
        "--roster", "class.csv",
    )  # fmt: skip
    assert [row["quiz: 01_first"] for row in gradebook(course)] == ["4", "0", "4"]


def test_an_export_needs_a_gradebook(course: Path) -> None:
    done = grade(course, "export", str(course), "--format", "csv")
    assert done.returncode == 2
    assert "name the folder that `grade class -o` wrote" in done.stderr
