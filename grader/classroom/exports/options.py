"""What a teacher may choose about an export, and which marks it holds. Runs in: the command line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct, field

from grader.classroom.exports.sheet import is_formula
from grader.classroom.model import ClassBook, Mark, Row, State, mark
from grader.report.plain import printable
from grader.result import Outcome

_MOST_NAMES = 10  # of the students that a sentence is about
_NEVER = datetime.min.replace(tzinfo=UTC)
Files = Mapping[str, bytes]  # by path, relative to where they are written


class Options(Struct, frozen=True):
    """Choices for one export. The defaults hide most and export no mark that was not earned."""

    assignment: str = ""  # title of the column over there; else the assignment's own
    missing_as_zero: bool = False
    feedback: bool = False
    now: datetime = _NEVER  # decides what students may see by now
    environment: Mapping[str, str] = field(default_factory=dict)  # of a build service: CLASSROOM, SUBMISSION_TAG, …

    def title(self, book: ClassBook) -> str:
        return self.assignment or book.assignment.title


def is_our_fault(row: Row) -> bool:
    """Whether the grader failed at this work, or at one exercise of it: then it has no mark yet."""
    return row.state is State.ERROR or any(result.outcome is Outcome.GRADER_ERROR for result in row.results)


def nothing_taken(row: Row) -> bool:
    """Whether something came, and no file of it counts: then it gets 0, maybe for a wrong name alone."""
    none = bool(row.results) and all(result.outcome is Outcome.REFUSED for result in row.results)
    return row.state is State.REFUSED or (none and not any(quiz.answered for quiz in row.quizzes))


def mark_to_write(row: Row, book: ClassBook, options: Options) -> Mark | None:
    """The mark of a row; None where its place stays empty, which is never the same as 0."""
    if is_our_fault(row) or (row.state is State.MISSING and not options.missing_as_zero):
        return None
    return mark(row, book.assignment)


def without_mark(book: ClassBook, options: Options) -> list[Row]:
    """The rows whose place stays empty."""
    return [row for row in book.rows if mark_to_write(row, book, options) is None]


def disguised(book: ClassBook, identities: Callable[[Row], Iterable[str]]) -> list[str]:
    """A sentence on the students whom the other system may not find behind an apostrophe."""
    rows = [row for row in book.rows if any(is_formula(text) for text in identities(row))]
    if not rows:
        return []
    return [f"begin like a formula, so that an apostrophe stands before: ids or addresses of {named(rows)}"]


def named(rows: Sequence[Row]) -> str:
    """How many, and the first names, as "2 (Ada, Grace)"; safe to show."""
    names = [printable(row.student.shown, limit=60) for row in rows[:_MOST_NAMES]]
    more = f" and {len(rows) - _MOST_NAMES} more" if len(rows) > _MOST_NAMES else ""
    return f"{len(rows)} ({', '.join(names)}{more})"


def common_notes(book: ClassBook, options: Options) -> list[str]:
    """What is to be known of the marks in any format, a sentence each."""
    missing = [row for row in book.rows if row.state is State.MISSING and not is_our_fault(row)]
    refused = [row for row in book.rows if nothing_taken(row)]
    notes = []
    if missing:
        word = "counts 0" if options.missing_as_zero else "has no mark; --missing-as-zero writes 0"
        notes.append(f"nothing was handed in by {named(missing)}: that {word}")
    if refused:
        notes.append(of_nothing_taken(refused))
    return notes


def of_nothing_taken(rows: Sequence[Row]) -> str:
    """A sentence on the students of whom nothing counts."""
    return f"nothing could be taken of {named(rows)}: that counts 0; their rows say why"
