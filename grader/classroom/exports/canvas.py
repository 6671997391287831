"""The gradebook CSV that Canvas imports. Runs in: the command line.

Canvas goes by the place of columns: `Student`, `ID`, then `SIS Login ID` alone or after `SIS User ID`, and only then
`Integration ID` and `Root Account`; `Section` is the last before the assignments. It finds a student by ID, SIS ids,
then by name, and an assignment by the id in its title. An empty cell clears the grade that is there.
"""

import re
from collections.abc import Mapping

from grader.classroom.exports.options import Files, Options, disguised, mark_to_write, named, without_mark
from grader.classroom.exports.sheet import Cell, sheet
from grader.classroom.model import ClassBook, Row

NAME = "canvas.csv"
_LOGIN, _USER = "SIS Login ID", "SIS User ID"
_WITH_BOTH = ("Integration ID", "Root Account")
_IDS = ("ID", _USER, _LOGIN)
_WITH_ID = re.compile(r".+\([0-9]+\)\s*")
_TOTALS = re.compile("(Current|Final|Override) (Score|Points|Grade|Status)")  # Canvas takes no column that says so


def canvas(book: ClassBook, options: Options) -> Files:
    """Header, the row of points, a row for each student."""
    head = ["Student", "ID", *_optional(book), "Section"]
    points: list[Cell] = ["    Points Possible", *[""] * (len(head) - 1), book.assignment.points]
    rows = ([*_who(row, head), _score(row, book, options)] for row in book.rows)
    return {NAME: sheet([[*head, options.title(book)], points, *rows])}


def canvas_notes(book: ClassBook, options: Options) -> list[str]:
    """What Canvas would do that one may not expect, a sentence each."""
    title = options.title(book)
    notes = []
    if not _WITH_ID.fullmatch(title):
        notes.append(
            f"{title!r} has no assignment id: Canvas makes a new assignment of that name unless it has one of exactly"
            " that title; copy the column's title from Canvas's own export: --assignment 'Homework 3 (12345)'"
        )
    if total := _TOTALS.search(title):
        notes.append(f"Canvas leaves out a column with {total[0]!r} in its title; choose another --assignment")
    if empty := without_mark(book, options):
        notes.append(f"an empty cell clears the grade that Canvas has: {named(empty)}; take these rows out to keep it")
    unknown = [row for row in book.rows if not any(map(_known(row).get, _IDS))]
    if unknown:
        notes.append(
            f"without any id of Canvas's: {named(unknown)}; Canvas will look for their names. Give `grade class` the"
            " gradebook that Canvas exports as --roster"
        )
    return notes + disguised(book, lambda row: [_known(row).get(column, "") for column in _IDS])


def _optional(book: ClassBook) -> list[str]:
    """The columns of SIS ids that Canvas can take together, as far as anybody has one."""

    def anybody(column: str) -> bool:
        return any(_known(row).get(column) for row in book.rows)

    if not anybody(_USER) and not any(map(anybody, _WITH_BOTH)):
        return [_LOGIN] if anybody(_LOGIN) else []
    return [_USER, _LOGIN, *filter(anybody, _WITH_BOTH)]


def _known(row: Row) -> Mapping[str, str]:
    """What the roster says of a student, without an `ID` where it is not Canvas's: a number of the school's own may be
    somebody else's there.
    """
    columns = row.student.columns
    is_canvas_s = "Section" in columns and ("Student" in columns or "LastName" in columns)
    return columns if is_canvas_s else {**columns, "ID": ""}


def _who(row: Row, head: list[str]) -> list[Cell]:
    student = row.student
    given = {"Student": student.shown, "Section": student.section} | {
        header: value for header, value in _known(row).items() if value
    }
    return [given.get(column, "") for column in head]


def _score(row: Row, book: ClassBook, options: Options) -> Cell:
    mark = mark_to_write(row, book, options)
    return mark.score if mark is not None else None
