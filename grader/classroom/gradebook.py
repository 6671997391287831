"""A class's gradebook: SQLite in the output folder, one row per student, written by one process. Runs in: command line.

A row is written as soon as it is known, in one transaction with those that were known while the one before was written:
a process that is killed loses the work in flight and nothing else. What a row is worth is not stored, since
`grader.classroom.model.mark` derives it.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from grader.assignment import Assignment
from grader.classroom.model import ClassBook, QuizMark, Row, State, Student
from grader.database import Migration, open_database, told, transaction
from grader.diary import Tried
from grader.errors import WorkspaceError
from grader.report.plain import without_surrogates
from grader.result import ExerciseResult

FILE = "gradebook.sqlite3"

# Append only: a released migration stays as it is.
MIGRATIONS: tuple[Migration, ...] = (
    (
        """CREATE TABLE class (
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL
        )""",
        """CREATE TABLE work (
            student TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            email TEXT NOT NULL,
            section TEXT NOT NULL,
            due TEXT NOT NULL,
            columns TEXT NOT NULL,
            origin TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            remarks TEXT NOT NULL,
            handed_at TEXT NOT NULL,
            digest TEXT NOT NULL,
            results TEXT NOT NULL,
            quizzes TEXT NOT NULL,
            sandbox TEXT NOT NULL,
            seconds REAL NOT NULL,
            graded_at TEXT NOT NULL
        )""",
    ),
    ("ALTER TABLE work ADD COLUMN tried TEXT NOT NULL DEFAULT '[]'",),
)
_PUT = f"INSERT OR REPLACE INTO work VALUES ({', '.join('?' * 18)})"  # noqa: S608 - no text from outside


class Gradebook:
    """The rows of one class. Every method raises WorkspaceError where the file can't be read or written."""

    def __init__(self, folder: Path) -> None:
        """Open the gradebook in a folder, and make both where they are missing."""
        self.path = folder / FILE
        with told(self.path):
            folder.mkdir(parents=True, exist_ok=True)
        self._connection, self.messages = open_database(self.path, MIGRATIONS, lambda: datetime.now(UTC))
        # the file stays whole in a power cut; a row that is lost in one is graded anew
        self._connection.execute("PRAGMA synchronous = NORMAL")

    @classmethod
    def existing(cls, folder: Path) -> "Gradebook":
        """The gradebook that is there."""
        if not (folder / FILE).is_file():
            raise WorkspaceError(f"{folder}: no {FILE} in it; name the folder that `grade class -o` wrote")
        return cls(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    # -- what the whole class shares

    def setting(self, key: str) -> str:
        """A value that was kept; empty where there is none."""
        with told(self.path):
            found = self._connection.execute("SELECT value FROM class WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found is not None else ""

    def keep_setting(self, key: str, value: str) -> None:
        with told(self.path), transaction(self._connection):
            self._connection.execute("INSERT OR REPLACE INTO class VALUES (?, ?)", (key, value))

    # -- rows

    def put(self, *rows: Row) -> None:
        """Write rows, each in the place of the one that its student has: all of them, or none."""
        with told(self.path), transaction(self._connection):
            self._connection.executemany(_PUT, map(_cells, rows))

    def clear(self) -> None:
        """Forget all rows."""
        with told(self.path), transaction(self._connection):
            self._connection.execute("DELETE FROM work")

    def forget(self, students: Iterable[str]) -> None:
        """Forget the rows of these students."""
        with told(self.path), transaction(self._connection):
            self._connection.executemany("DELETE FROM work WHERE student = ?", [(student,) for student in students])

    def origins(self) -> dict[str, str]:
        """Where the work of each row lay, by student."""
        with told(self.path):
            return dict(self._connection.execute("SELECT student, origin FROM work").fetchall())

    def digests(self) -> dict[str, tuple[str, State]]:
        """Digest and state of every row, by student."""
        with told(self.path):
            rows = self._connection.execute("SELECT student, digest, state FROM work").fetchall()
        return {str(student): (digest, State(state)) for student, digest, state in rows}

    def __len__(self) -> int:
        with told(self.path):
            return int(self._connection.execute("SELECT count(*) FROM work").fetchone()[0])

    def rows(self) -> Iterator[Row]:
        """All rows in the order of the students' ids, read one by one."""
        with told(self.path):
            for cells in self._connection.execute("SELECT * FROM work ORDER BY student"):
                yield _row(cells)

    def row(self, student: str) -> Row | None:
        with told(self.path):
            cells = self._connection.execute("SELECT * FROM work WHERE student = ?", (student,)).fetchone()
        return _row(cells) if cells is not None else None

    def book(self, assignment: Assignment) -> ClassBook:
        """The whole class with what it was asked for, to be read while the gradebook is open."""
        return ClassBook(assignment, _Rows(self))


class _Rows(Collection[Row]):
    """All rows, read from the disk each time: a class of any size takes no more memory than one student."""

    def __init__(self, gradebook: Gradebook) -> None:
        self._gradebook = gradebook

    def __len__(self) -> int:
        return len(self._gradebook)

    def __iter__(self) -> Iterator[Row]:
        return self._gradebook.rows()

    def __contains__(self, row: object) -> bool:
        return isinstance(row, Row) and self._gradebook.row(row.student.id) == row


def _cells(row: Row) -> tuple[Any, ...]:
    student = row.student
    cells = (
        student.id,
        student.name,
        student.email,
        student.section,
        _time(student.due),
        _json(student.columns),
        row.origin,
        row.state.value,
        row.reason,
        _json(row.remarks),
        _time(row.handed_at),
        row.digest,
        _json(row.results),
        _json(row.quizzes),
        row.sandbox,
        row.seconds,
        row.graded_at,
        _json(row.tried),
    )
    return tuple(without_surrogates(cell) for cell in cells)  # names of files may hold bytes that are no UTF-8


def _row(cells: tuple[Any, ...]) -> Row:
    student_id, name, email, section, due, columns, *others = cells
    origin, state, reason, remarks, handed_at, digest, results, quizzes, sandbox, seconds, graded_at, tried = others
    return Row(
        student=Student(student_id, name, email, section, _read_time(due), msgspec.json.decode(columns)),
        origin=origin,
        state=State(state),
        results=msgspec.json.decode(results, type=tuple[ExerciseResult, ...]),
        quizzes=msgspec.json.decode(quizzes, type=tuple[QuizMark, ...]),
        handed_at=_read_time(handed_at),
        remarks=tuple(msgspec.json.decode(remarks)),
        reason=reason,
        digest=digest,
        sandbox=sandbox,
        seconds=seconds,
        graded_at=graded_at,
        tried=msgspec.json.decode(tried, type=tuple[Tried, ...]),
    )


def _json(value: Any) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return msgspec.json.encode(without_surrogates(msgspec.to_builtins(value))).decode()


def _time(moment: datetime | None) -> str:
    return moment.isoformat() if moment is not None else ""


def _read_time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
