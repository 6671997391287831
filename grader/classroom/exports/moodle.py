"""Marks for Moodle: the gradebook's CSV import, and the grading worksheet of an assignment. Runs in: the command line.

Feedback is HTML there, each line ended by `<br>`. None is written beside an empty grade, since Moodle would take the
grade away.
"""

import html
import re
from collections.abc import Iterator

from grader.classroom.exports.options import Files, Options, disguised, mark_to_write, named, without_mark
from grader.classroom.exports.sheet import Cell, sheet
from grader.classroom.exports.shown import summary
from grader.classroom.model import ClassBook, Row

NAME = "moodle.csv"
WORKSHEET = "moodle-worksheet.csv"
_ID, _EMAIL, _FEEDBACK = "ID number", "Email address", "Feedback comments"
_PARTICIPANT, _MODIFIED, _MAXIMUM = "Identifier", "Last modified (grade)", "Maximum Grade"
_NEVER = "-"  # as Moodle's own worksheet says of what was never graded; an empty cell says the same
_POINTS = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?")
_MOST_POINTS = 100  # that Moodle's import takes as it comes


def moodle(book: ClassBook, options: Options) -> Files:
    """Who, and their grade in a column with the assignment's title; to be mapped by email address or ID number."""
    head = [_ID, _EMAIL, "Name", options.title(book), *[_FEEDBACK] * options.feedback]
    return {NAME: sheet([head, *(list(_gradebook_cells(row, book, options)) for row in book.rows)])}


def moodle_worksheet(book: ClassBook, options: Options) -> Files:
    """The worksheet that an assignment with offline grading takes back."""
    head = [_PARTICIPANT, "Full name", _EMAIL, "Grade", _MAXIMUM, _MODIFIED, *[_FEEDBACK] * options.feedback]
    return {WORKSHEET: sheet([head, *(list(_worksheet_cells(row, book, options)) for row in book.rows)])}


def moodle_notes(book: ClassBook, options: Options) -> list[str]:
    """What Moodle would do that one may not expect, a sentence each."""
    notes = []
    if empty := without_mark(book, options):
        notes.append(f"an empty grade clears the one that Moodle has: {named(empty)}; take these rows out to keep it")
    unknown = [row for row in book.rows if not row.student.email and not row.student.columns.get(_ID)]
    if unknown:
        notes.append(
            f"without email address and ID number: {named(unknown)}; Moodle's import stops at the first one that it"
            " can't find. Give `grade class` a --roster with them, or take these rows out"
        )
    if book.assignment.points > _MOST_POINTS:
        notes.append(
            f"Moodle refuses grades above {_MOST_POINTS}, and {book.assignment.points:g} points can be had, unless its"
            " setting `unlimitedgrades` is on"
        )
    return notes + disguised(book, lambda row: [row.student.email, row.student.columns.get(_ID, "")])


def worksheet_notes(book: ClassBook, options: Options) -> list[str]:
    """Whom the worksheet won't reach, and whether Moodle counts up to other points."""
    del options
    notes = []
    if unknown := [row for row in book.rows if not _participant(row)]:
        remedy = "Give `grade class` the grading worksheet that Moodle hands out as --roster"
        notes.append(f"without 'Participant N': {named(unknown)}; Moodle will pass over them. {remedy}")
    maxima = {_maximum(row.student.columns.get(_MAXIMUM, "")) for row in book.rows}
    notes += [
        f"Moodle's worksheet says that {maximum:g} points can be had, and here it is {book.assignment.points:g}:"
        " Moodle takes the points as they are; give its assignment the same maximum"
        for maximum in sorted(maxima - {0.0, book.assignment.points})
    ]
    return notes


def _maximum(text: str) -> float:
    """The points in a cell, with a comma in some languages; 0 where it says none."""
    found = _POINTS.fullmatch(text.strip())
    return float(f"{found[1]}.{found[2] or 0}") if found else 0.0


def _gradebook_cells(row: Row, book: ClassBook, options: Options) -> Iterator[Cell]:
    mark = mark_to_write(row, book, options)
    yield from (row.student.columns.get(_ID, ""), row.student.email, row.student.shown)
    yield mark.score if mark is not None else None
    if options.feedback:
        yield feedback(row, book, options)


def _worksheet_cells(row: Row, book: ClassBook, options: Options) -> Iterator[Cell]:
    mark = mark_to_write(row, book, options)
    yield from (_participant(row), row.student.shown, row.student.email)
    yield mark.score if mark is not None else None
    yield book.assignment.points
    modified = row.student.columns.get(_MODIFIED, "")
    yield modified if modified != _NEVER else ""
    if options.feedback:
        yield feedback(row, book, options)


def _participant(row: Row) -> str:
    return row.student.columns.get(_PARTICIPANT, "")


def feedback(row: Row, book: ClassBook, options: Options) -> str:
    """What the student reads; nothing without a grade."""
    mark = mark_to_write(row, book, options)
    if mark is None:
        return ""
    return "<br>".join(html.escape(line) for line in summary(row, book.assignment, mark, options.now))
