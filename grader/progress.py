"""What a learner has done: SQLite in the workspace. Runs in: command line.

Kept for the learner alone: nothing here decides a grade.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from msgspec import Struct

from grader.database import Migration, open_database, told, transaction
from grader.errors import WorkspaceError
from grader.language import _
from grader.result import ExerciseResult, Outcome, Report

T = TypeVar("T")

# Append only: a released migration stays as it is. Times are whole seconds since 1970, UTC.
MIGRATIONS: tuple[Migration, ...] = (
    (
        """CREATE TABLE attempts (
            id INTEGER PRIMARY KEY,
            exercise TEXT NOT NULL,
            at INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            passed INTEGER NOT NULL,
            counted INTEGER NOT NULL,
            score REAL NOT NULL,
            points REAL NOT NULL,
            seconds REAL NOT NULL
        )""",
        "CREATE INDEX attempts_by_exercise ON attempts (exercise, id)",
        """CREATE TABLE hints (
            exercise TEXT NOT NULL,
            level INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (exercise, level)
        )""",
        """CREATE TABLE solutions (
            id INTEGER PRIMARY KEY,
            exercise TEXT NOT NULL,
            at INTEGER NOT NULL,
            gave_up INTEGER NOT NULL
        )""",
    ),
    (
        """CREATE TABLE quiz_answers (
            id INTEGER PRIMARY KEY,
            question TEXT NOT NULL,
            learner TEXT NOT NULL,
            turn INTEGER NOT NULL,
            at INTEGER NOT NULL,
            answer TEXT NOT NULL,
            is_right INTEGER NOT NULL
        )""",
        "CREATE INDEX quiz_answers_by_question ON quiz_answers (question, id)",
        "CREATE TABLE learner (name TEXT NOT NULL)",
    ),
    (
        """CREATE TABLE challenges (
            id INTEGER PRIMARY KEY,
            exercise TEXT NOT NULL,
            at INTEGER NOT NULL,
            caught INTEGER NOT NULL,
            total INTEGER NOT NULL CHECK (total > 0)
        )""",
    ),
)

_BEST = """
SELECT exercise, score, points, outcome, attempts, first_passed_at FROM (
    SELECT *,
        row_number() OVER (PARTITION BY exercise ORDER BY outcome = 'passed' DESC, score DESC, id) AS place,
        count(*) OVER (PARTITION BY exercise) AS attempts,
        min(CASE WHEN outcome = 'passed' THEN at END) OVER (PARTITION BY exercise) AS first_passed_at
    FROM attempts
) WHERE place = 1 ORDER BY exercise
"""

_BEST_CHALLENGE = """
SELECT exercise, caught, total FROM (
    SELECT *, row_number() OVER (PARTITION BY exercise ORDER BY 1.0 * caught / total DESC, id DESC) AS place
    FROM challenges
) WHERE place = 1 ORDER BY exercise
"""


class Attempt(Struct, frozen=True):
    """One run of `grade` over one exercise."""

    exercise: str
    at: datetime  # UTC
    outcome: Outcome
    passed: int  # counted checks that passed
    counted: int
    score: float
    points: float
    seconds: float  # spent in the learner's code


class Best(Struct, frozen=True):
    """The best attempt at an exercise so far; one that passed is better than any other."""

    score: float
    points: float  # what could be had then
    outcome: Outcome
    attempts: int
    first_passed_at: datetime | None


def _now() -> datetime:
    return datetime.now(UTC)


class Progress:
    """The progress kept in one file. Every method raises WorkspaceError where the file can't be read or written."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, clock: Callable[[], datetime], messages: list[str]
    ) -> None:
        self.path = path
        self.messages = messages  # what a person should know: a damaged file was set aside
        self._connection = connection
        self._clock = clock

    @classmethod
    def open(
        cls, path: Path, clock: Callable[[], datetime] = _now, *, migrations: Sequence[Migration] = MIGRATIONS
    ) -> Self:
        """Open the file, or make it. A file that can't be used is kept under another name: see `messages`."""
        connection, messages = open_database(path, migrations, clock)
        return cls(connection, path, clock, messages)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        with told(self.path):
            self._connection.close()

    # Attempts

    def record(self, report: Report) -> None:
        """Keep every exercise of the report except skipped ones: all of them, or none if this fails."""
        at = self.seconds_now()
        rows = [_row(e, at, report) for e in report.exercises if e.outcome is not Outcome.SKIPPED]
        sql = (
            "INSERT INTO attempts (exercise, at, outcome, passed, counted, score, points, seconds)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        )
        with self.writing():
            self._connection.executemany(sql, rows)

    def best(self) -> dict[str, Best]:
        """The best attempt per exercise; an exercise that was never tried is not in it."""
        return dict(self.each(_best, _BEST))

    def last(self) -> dict[str, Outcome]:
        """How the latest attempt at each exercise ended."""
        sql = "SELECT exercise, outcome FROM attempts WHERE id IN (SELECT max(id) FROM attempts GROUP BY exercise)"
        return dict(self.each(lambda row: (str(row[0]), Outcome(row[1])), sql))

    def history(self, exercise: str) -> list[Attempt]:
        """All attempts at an exercise, the oldest first."""
        sql = (
            "SELECT exercise, at, outcome, passed, counted, score, points, seconds"
            " FROM attempts WHERE exercise = ? ORDER BY id"
        )
        return list(self.each(_attempt, sql, exercise))

    # Hints and solutions

    def take_hint(self, exercise: str, total: int) -> int:
        """Take the next of `total` hints and return its level, from 1; after the last one it stays at the last."""
        if total < 1:
            raise ValueError(f"take_hint: total = {total}; an exercise has at least one hint")
        with self.writing():
            sql = "SELECT coalesce(max(level), 0) FROM hints WHERE exercise = ?"
            level = min(int(self._connection.execute(sql, (exercise,)).fetchone()[0]) + 1, total)
            insert = "INSERT OR IGNORE INTO hints (exercise, level, at) VALUES (?, ?, ?)"
            self._connection.execute(insert, (exercise, level, self.seconds_now()))
        return level

    def hints(self) -> dict[str, int]:
        """The highest level taken, per exercise."""
        sql = "SELECT exercise, max(level) FROM hints GROUP BY exercise ORDER BY exercise"
        return dict(self.each(lambda row: (str(row[0]), int(row[1])), sql))

    def record_solution(self, exercise: str, gave_up: bool) -> None:
        """Keep that the solution was shown; `gave_up` where the exercise had not been passed."""
        insert = "INSERT INTO solutions (exercise, at, gave_up) VALUES (?, ?, ?)"
        with self.writing():
            self._connection.execute(insert, (exercise, self.seconds_now(), gave_up))

    def gave_up(self) -> set[str]:
        """The exercises whose solution was shown before they were passed."""
        return set(self.each(lambda row: str(row[0]), "SELECT DISTINCT exercise FROM solutions WHERE gave_up"))

    # Challenges

    def record_challenge(self, exercise: str, caught: int, total: int) -> None:
        """Keep how many known-wrong solutions the learner's own checks caught, of how many."""
        insert = "INSERT INTO challenges (exercise, at, caught, total) VALUES (?, ?, ?, ?)"
        with self.writing():
            self._connection.execute(insert, (exercise, self.seconds_now(), caught, total))

    def challenges(self) -> dict[str, tuple[int, int]]:
        """The best challenge per exercise, by the share that was caught: (caught, total)."""
        return dict(self.each(lambda row: (str(row[0]), (int(row[1]), int(row[2]))), _BEST_CHALLENGE))

    # The file, for this module and `grader.answers`

    def seconds_now(self) -> int:
        """Whole seconds since 1970, UTC."""
        return int(self._clock().timestamp())

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is kept, or nothing."""
        with told(self.path), transaction(self._connection):
            yield self._connection

    def each(self, make: Callable[[tuple[Any, ...]], T], sql: str, *values: object) -> Iterator[T]:
        """What `make` makes of each row. A row that it can't read was not written by us."""
        with told(self.path):
            rows = self._connection.execute(sql, values).fetchall()
        try:
            yield from [make(row) for row in rows]
        except (TypeError, ValueError, OverflowError, OSError) as error:
            said = _(
                "{file}: holds what neurograde didn't write ({reason}); move the file away, then a fresh one is started"
            )
            raise WorkspaceError(said.format(file=self.path, reason=error)) from error


def _row(exercise: ExerciseResult, at: int, report: Report) -> tuple[object, ...]:
    spent = [s for name, s in report.run.learner_seconds.items() if name.startswith(f"{exercise.name}/")]
    return (
        exercise.name,
        at,
        exercise.outcome.value,
        exercise.passed_count,
        len(exercise.counted),
        exercise.score,
        exercise.points,
        sum(spent),
    )


def time_of(seconds: object) -> datetime:
    """The time of a row, UTC."""
    return datetime.fromtimestamp(int(str(seconds)), UTC)


def _attempt(row: tuple[Any, ...]) -> Attempt:
    exercise, at, outcome, passed, counted, score, points, seconds = row
    return Attempt(
        str(exercise),
        time_of(at),
        Outcome(outcome),
        int(passed),
        int(counted),
        float(score),
        float(points),
        float(seconds),
    )


def _best(row: tuple[Any, ...]) -> tuple[str, Best]:
    exercise, score, points, outcome, attempts, first = row
    passed_at = None if first is None else time_of(first)
    return str(exercise), Best(float(score), float(points), Outcome(outcome), int(attempts), passed_at)
