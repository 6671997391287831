"""Classroom 50's `result.json` (classroom50/result/v1), one for each student. Runs in: the command line.

An exercise is a test there, and the penalty for late work shows in the whole score alone. Points are whole numbers:
each is rounded to the nearest, and never up to the full points. Who, which assignment and which submission it is,
Classroom 50 tells its autograder by environment variables; of those a class shares only classroom and assignment.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from grader.classroom.exports.document import document
from grader.classroom.exports.options import Files, Options, mark_to_write
from grader.classroom.exports.places import places
from grader.classroom.exports.shown import needs, results_shown
from grader.classroom.model import ClassBook, Mark, Row
from grader.report.plain import printable

NAME = "result.json"
SCHEMA = "classroom50/result/v1"
_OF_THE_CLASS = {"classroom": "CLASSROOM", "assignment": "ASSIGNMENT"}  # fields and their environment variables
_OF_ONE = {
    "owner": "USERNAME",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "review": "REVIEW_URL",
}


def classroom50(book: ClassBook, options: Options) -> Files:
    """A file for each student who has a mark. A field that nobody knows here is left out: see `classroom50_notes`."""
    where = places(row.student.id for row in book.rows)
    return {
        f"{where[row.student.id]}/{NAME}": document(_result(row, book, options, mark))
        for row in book.rows
        if (mark := mark_to_write(row, book, options)) is not None
    }


def classroom50_notes(book: ClassBook, options: Options) -> list[str]:
    """What is left out or rounded, a sentence each."""
    notes = []
    known = _from_environment(book, options)
    left_out = [f"{field} ({name})" for field, name in (_OF_THE_CLASS | _OF_ONE).items() if field not in known]
    left_out = [text for text in left_out if not text.startswith("owner")]
    if left_out:
        notes.append(
            f"Classroom 50 demands what is not known here: {', '.join(left_out)}. These come from environment variables"
            + (", the last four only where the class is one student" if len(book.rows) > 1 else "")
        )
    if not all(row.handed_at for row in book.rows):
        notes.append("Classroom 50 demands `datetime`; it is left out where nobody knows when the work was handed in")
    marks = [mark for row in book.rows if (mark := mark_to_write(row, book, options)) is not None]
    if any(score != _whole(score, mark.points) for mark in marks for score in (mark.score, mark.points)):
        notes.append("Classroom 50 takes whole points: scores are rounded to the nearest, never up to full points")
    return notes


def _result(row: Row, book: ClassBook, options: Options, mark: Mark) -> dict[str, Any]:
    moment = {"datetime": _time(row.handed_at)} if row.handed_at is not None else {}
    return {
        "schema": SCHEMA,
        "owner": row.student.id,
        "assignment_type": "individual",
        **_from_environment(book, options),
        **moment,
        "score": _whole(mark.score, mark.points),
        "max-score": _whole(mark.points, mark.points),
        "tests": list(_tests(row, book, options, mark)),
    }


def _from_environment(book: ClassBook, options: Options) -> dict[str, str]:
    fields = _OF_THE_CLASS | (_OF_ONE if len(book.rows) == 1 else {})
    known = {field: options.environment[name] for field, name in fields.items() if options.environment.get(name)}
    if "commit" in known:
        known.setdefault("review", known["commit"])  # as Classroom 50 does where there is nothing to compare with
    return known


def _tests(row: Row, book: ClassBook, options: Options, mark: Mark) -> Iterator[dict[str, Any]]:
    """Exercises, each with what it needs, and quizzes: before the penalty."""
    found = {result.name: result for _, result in results_shown(row, book.assignment, options.now)}
    titles = {chapter.folder: chapter.title for chapter in book.assignment.course.chapters}
    for demand in book.assignment.demands:
        name = demand.exercise.name
        result = found.get(name)
        output = "\n".join(needs(result)) if result is not None else printable(row.reason)
        passed = result is not None and result.passed
        yield _test(demand.exercise.title, passed, mark.exercises[name], demand.points) | {"output": output}
    for chapter in book.assignment.quizzes:
        points, most = mark.quizzes[chapter], book.assignment.quiz_points
        yield _test(f"Quiz: {titles.get(chapter, chapter)}", 0 < most <= points, points, most)


def _test(name: str, passed: bool, points: float, most: float) -> dict[str, Any]:
    return {"test-name": name, "passed": passed, "score": _whole(points, most), "max-score": _whole(most, most)}


def _whole(points: float, most: float) -> int:
    """The nearest whole number, halves up; the full points only for all of them."""
    nearest = int(points + 0.5)
    full = int(most + 0.5)
    return max(full - 1, 0) if nearest >= full and points < most * (1 - 1e-9) else nearest


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
