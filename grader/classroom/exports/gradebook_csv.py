"""Our own table of a class: `gradebook.csv`, a row for each student. Runs in: the command line."""

from collections.abc import Iterator

from grader.classroom.exports.options import Files, Options, mark_to_write
from grader.classroom.exports.sheet import Cell, sheet
from grader.classroom.exports.shown import duration
from grader.classroom.model import ClassBook, Row

NAME = "gradebook.csv"
_HEAD = ("id", "name", "email", "section", "state", "score", "points", "raw", "penalty", "late by")


def gradebook_csv(book: ClassBook, options: Options) -> Files:
    """Every student with their state, score and what it is made of; what has no mark yet has empty cells."""
    exercises = [demand.exercise.name for demand in book.assignment.demands]
    head = [
        *_HEAD,
        *(f"exercise: {name}" for name in exercises),
        *(f"quiz: {chapter}" for chapter in book.assignment.quizzes),
        "remarks",
    ]
    return {NAME: sheet([head, *(list(_cells(row, book, options)) for row in book.rows)])}


def _cells(row: Row, book: ClassBook, options: Options) -> Iterator[Cell]:
    student, mark = row.student, mark_to_write(row, book, options)
    yield from (student.id, student.name, student.email, student.section, row.state.value)
    if mark is None:
        yield from (None, book.assignment.points, None, None, None)
        yield from [None] * (len(book.assignment.demands) + len(book.assignment.quizzes))
    else:
        yield from (mark.score, mark.points, mark.raw, mark.penalty)
        yield duration(mark.late_by) if mark.late_by else None
        yield from mark.exercises.values()
        yield from mark.quizzes.values()
    yield "; ".join(filter(None, (row.reason, *row.remarks)))
