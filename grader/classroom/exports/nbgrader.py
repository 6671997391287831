"""The table that `nbgrader export` writes. Runs in: the command line.

nbgrader's own penalty is in points, and its times are UTC without saying so.
"""

from datetime import UTC, datetime

from grader.classroom.exports.options import Files, Options, mark_to_write
from grader.classroom.exports.sheet import Cell, sheet
from grader.classroom.model import ClassBook, Row, Student

NAME = "nbgrader.csv"
HEAD = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


def nbgrader(book: ClassBook, options: Options) -> Files:
    """A row for each student; where nothing came nbgrader writes 0, and this writes nothing unless asked to."""
    return {NAME: sheet([HEAD, *(_cells(row, book, options) for row in book.rows)])}


def _cells(row: Row, book: ClassBook, options: Options) -> tuple[Cell, ...]:
    mark = mark_to_write(row, book, options)
    last, first = _names(row.student)
    return (
        options.title(book),
        _time(book.assignment.due),
        _time(row.handed_at),
        row.student.id,
        last,
        first,
        row.student.email,
        *((mark.raw, mark.raw - mark.score, mark.score) if mark is not None else (None, None, None)),
        book.assignment.points,
    )


def _names(student: Student) -> tuple[str, str]:
    """Last and first name as the roster has them, or from "Last, First"; else all of it is the last name."""
    columns = {header.strip().casefold(): value for header, value in student.columns.items()}
    last = next((columns[h] for h in ("last name", "lastname", "last_name", "surname") if h in columns), "")
    first = next((columns[h] for h in ("first name", "firstname", "first_name") if h in columns), "")
    if last or first:
        return last, first
    last, _, first = student.name.partition(",")
    return last.strip(), first.strip()


def _time(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if moment is not None else ""
