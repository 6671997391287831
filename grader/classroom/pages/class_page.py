"""The page of a class: marks, what went wrong, how the checks fare, every student. Runs in: the command line."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from grader.classroom.model import ClassBook, Row, State
from grader.classroom.pages.drawing import histogram_of, pieces, times_of
from grader.classroom.pages.standing import STATE_WORDS, duration, mark_of, moment, percent, state_of
from grader.classroom.pages.statistics import FEWEST, ClassStatistics, statistics_of
from grader.report.page import environment, own_text, style
from grader.report.plain import printable
from grader.report.wording import number

_NO_LINKS: Final[Mapping[str, str]] = MappingProxyType({})
_MOST_COMMON = 10  # misconceptions that are told at the top; each exercise tells all of its own
_MOST_NAMED, _MOST_REMARKED = 120, 600  # characters of one student's


class _Line(Struct, frozen=True):
    """One student in the table; numbers as texts, empty where there is no mark."""

    name: str
    id: str
    link: str  # of their own page, relative; may be empty
    section: str
    state: str
    score: str
    points: tuple[str, ...]  # of each exercise, then of each quiz, before the penalty
    remarks: str


def class_page(
    book: ClassBook,
    now: datetime,
    *,
    anonymous: bool = False,
    links: Mapping[str, str] = _NO_LINKS,
    statistics: ClassStatistics | None = None,
) -> str:
    """The page as text, to be written as UTF-8; it needs no network. A script, its one, sorts and filters the students.

    `now`, with its offset from UTC, names the clock of all times. `links`: the path of a student's own page relative to
    this one, by their id. With `anonymous` there is no table of students, no name, id or remark, and no script: to be
    shown to the class. A row without its name could still be told by its section or its place. `statistics`: of this
    book, where they are known already.
    """
    assignment = book.assignment
    statistics = statistics or statistics_of(book)
    script = own_text("class.js", __package__)
    return (
        environment(__package__)
        .get_template("class.html.j2")
        .render(
            style=style() + own_text("class.css", __package__),
            script=script,
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            anonymous=anonymous,
            assignment=assignment,
            statistics=statistics,
            count=len(book.rows),
            states=list(_states(statistics)),
            now=moment(now, now.tzinfo),
            due=moment(assignment.due, now.tzinfo) if assignment.due is not None else "",
            spread=statistics.spread,
            histogram=histogram_of(statistics, assignment.points),
            common=statistics.misconceptions[:_MOST_COMMON],
            fewest=FEWEST,
            columns=_columns(book),
            lines=[] if anonymous else [_line(row, book, links) for row in book.rows],
            sections=_sections(book),
            state_words=[words for words, _ in _states(statistics)],
            times=times_of(statistics),
            minutes=lambda value: f"{value:.0f}",
            pieces=pieces,
            percent=percent,
            correlation=_correlation,
        )
    )


def _states(statistics: ClassStatistics) -> Iterator[tuple[str, int]]:
    """What became of the works, with how many."""
    for state in State:
        if count := statistics.states.get(state, 0):
            yield STATE_WORDS[state], count


def _sections(book: ClassBook) -> list[str]:
    """All sections, where there are any to tell apart."""
    names = {_short(row.student.section) for row in book.rows}
    return sorted(names) if len(names) > 1 else []


def _columns(book: ClassBook) -> list[str]:
    """Exercises and quizzes as heads of the table, with the most that can be had."""
    assignment = book.assignment
    exercises = [f"{d.exercise.name} ({number(d.points)})" for d in assignment.demands]
    return exercises + [f"quiz {chapter} ({number(assignment.quiz_points)})" for chapter in assignment.quizzes]


def _line(row: Row, book: ClassBook, links: Mapping[str, str]) -> _Line:
    student, found = row.student, mark_of(row, book.assignment)
    remarks = [row.reason, *row.remarks]
    points = [""] * (len(book.assignment.demands) + len(book.assignment.quizzes))
    if found is not None:
        points = [number(value) for value in (*found.exercises.values(), *found.quizzes.values())]
        if found.late_by:
            cost = f": {percent(found.penalty)} taken" if found.penalty else ""
            remarks.insert(0, f"{duration(found.late_by)} late{cost}")
    return _Line(
        _short(student.shown),
        _short(student.id),
        f"./{quote(links[student.id], errors='surrogatepass')}" if student.id in links else "",
        _short(student.section),
        STATE_WORDS[state_of(row, found)],
        number(found.score) if found is not None else "",
        tuple(points),
        printable("; ".join(filter(None, remarks)), limit=_MOST_REMARKED),
    )


def _short(text: str) -> str:
    """A name on one line; nobody's is so long that it fills the page."""
    return printable(text.strip(), limit=_MOST_NAMED)


def _correlation(value: float | None) -> str:
    """With two decimals and a real minus sign, so that a column of them stands in line."""
    return "–" if value is None else f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")
