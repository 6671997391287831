"""The whole class as JSON, for programs of the teacher's own: nothing is hidden in it. Runs in: the command line."""

from datetime import datetime
from typing import Any

from msgspec import to_builtins

from grader.classroom.exports.document import document
from grader.classroom.exports.options import Files, Options, mark_to_write
from grader.classroom.exports.sheet import rounded
from grader.classroom.model import ClassBook, Mark, Row

NAME = "gradebook.json"
FORMAT = 1


def class_json(book: ClassBook, options: Options) -> Files:
    """The assignment, and each student with what was found and what it is worth; `mark` is null where there is none."""
    return {
        NAME: document(
            {
                "format": FORMAT,
                "assignment": _assignment(book, options),
                "students": [_student(row, mark_to_write(row, book, options)) for row in book.rows],
            }
        )
    }


def _assignment(book: ClassBook, options: Options) -> dict[str, Any]:
    assignment = book.assignment
    return {
        "title": options.title(book),
        "course": assignment.course.id,
        "due": _time(assignment.due),
        "points": rounded(assignment.points),
        "exercises": [
            {"name": d.exercise.name, "title": d.exercise.title, "points": d.points} for d in assignment.demands
        ],
        "quizzes": [{"chapter": chapter, "points": assignment.quiz_points} for chapter in assignment.quizzes],
    }


def _student(row: Row, mark: Mark | None) -> dict[str, Any]:
    student = row.student
    return {
        "id": student.id,
        "name": student.name,
        "email": student.email,
        "section": student.section,
        "columns": dict(student.columns),
        "due": _time(student.due),
        "state": row.state.value,
        "reason": row.reason,
        "remarks": list(row.remarks),
        "origin": row.origin,
        "handed_at": _time(row.handed_at),
        "mark": _mark(mark) if mark is not None else None,
        "results": [{**to_builtins(result), "outcome": result.outcome.value} for result in row.results],
        "quizzes": to_builtins(row.quizzes),
        "digest": row.digest,
        "sandbox": row.sandbox,
        "seconds": rounded(row.seconds),
        "graded_at": row.graded_at,
    }


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "score": rounded(mark.score),
        "points": rounded(mark.points),
        "raw": rounded(mark.raw),
        "penalty": rounded(mark.penalty),
        "late_seconds": int(mark.late_by.total_seconds()),
        "exercises": {name: rounded(points) for name, points in mark.exercises.items()},
        "quizzes": {chapter: rounded(points) for chapter, points in mark.quizzes.items()},
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
