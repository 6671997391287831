"""Who is in the class: a CSV file, also one that Canvas or Moodle has written. Runs in: command line."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import StringIO
from pathlib import Path

from grader.classroom.model import Student
from grader.errors import WorkspaceError

_IDS = (
    *("id", "student id", "user id", "username", "sis user id", "sis login id", "login", "id number", "identifier"),
    *("email", "email address"),
)
_NAMES = ("name", "student", "full name", "student name")
_FIRST, _LAST = ("first name", "firstname", "given name"), ("last name", "lastname", "surname", "family name")
_EMAILS = ("email", "email address", "e mail")
_SECTIONS = ("section", "group", "class")
_DUES = ("due", "extension")
_PARTICIPANT = re.compile(r"Participant (\d+)")
_MOST = 20_000_000  # bytes


@dataclass(frozen=True)
class Roster:
    """The students of a class, by all that identifies exactly one of them."""

    students: tuple[Student, ...]

    def find(self, *identities: str) -> Student | None:
        """The one student who has the first of these identities that fits exactly one; nobody where none does."""
        for identity in identities:
            found = self._by_identity.get(identity.casefold(), ()) or self._by_name.get(_letters(identity), ())
            if len(found) == 1:
                return next(iter(found))
        return None

    @cached_property
    def _by_identity(self) -> Mapping[str, tuple[Student, ...]]:
        return _index((identity.casefold(), student) for student in self.students for identity in _identities(student))

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[Student, ...]]:
        return _index((name, student) for student in self.students for name in _spellings(student.name))


def _index(pairs: Iterable[tuple[str, Student]]) -> dict[str, tuple[Student, ...]]:
    found: dict[str, dict[str, Student]] = {}
    for key, student in pairs:
        if key:
            found.setdefault(key, {})[student.id] = student
    return {key: tuple(students.values()) for key, students in found.items()}


def _identities(student: Student) -> Iterable[str]:
    yield student.id
    yield student.email
    yield student.email.partition("@")[0]
    for header, value in student.columns.items():
        if _plain(header) in _IDS:
            yield value
            yield _without_participant(value)


def _spellings(name: str) -> set[str]:
    """ "Lovelace, Ada" and "Ada Lovelace" as an LMS writes them in file names: "lovelaceada", "adalovelace"."""
    last, comma, first = name.partition(",")
    words = [first, last] if comma else name.rsplit(maxsplit=1)
    parts = [_letters(word) for word in words]
    return {"".join(parts), "".join(reversed(parts))}


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def read_roster(path: Path) -> Roster:
    """Raises WorkspaceError with file, line, value and remedy."""
    rows = _rows(path)
    headers = rows[0] if rows else []
    keys = [_plain(header) for header in headers]
    records = [
        (number, dict(zip(headers, cells, strict=False)), dict(zip(keys, map(str.strip, cells), strict=False)))
        for number, cells in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in cells) and not cells[0].strip().startswith("Points Possible")
    ]
    key = _id_column(path, keys, [record for _, _, record in records])
    students: dict[str, Student] = {}
    for number, columns, record in records:
        student = _student(path, number, key, columns, record)
        if student.id in students:
            raise WorkspaceError(f"{path}: line {number}: {student.id!r} is there twice; leave one out")
        students[student.id] = student
    if not students:
        raise WorkspaceError(f"{path}: no students in it; it needs a line of headers and one line for each student")
    return Roster(tuple(sorted(students.values(), key=lambda student: student.id)))


def _rows(path: Path) -> list[list[str]]:
    try:
        data = path.read_bytes()
        if len(data) > _MOST:
            raise WorkspaceError(f"{path}: has {len(data):,} bytes; a roster has at most {_MOST:,}")
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WorkspaceError(f"{path}: is not UTF-8; save it as CSV UTF-8") from None
    except OSError as error:
        raise WorkspaceError(f"{path}: {error.strerror}") from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise WorkspaceError(f"{path}: {error}; save it as CSV again") from None


def _plain(header: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", header.casefold()).split())


def _id_column(path: Path, keys: list[str], records: list[dict[str, str]]) -> str:
    """The first column that can name students; of several, one that names all of them, each once."""
    there = [key for key in _IDS if key in keys]
    if not there:
        found = ", ".join(keys) or "none"
        raise WorkspaceError(f"{path}: no column with ids; name one `id` (its headers are: {found})")
    for key in there:
        values = Counter(record.get(key, "") for record in records)
        if "" not in values and set(values.values()) <= {1}:
            return key
    return there[0]


def _student(path: Path, number: int, key: str, columns: dict[str, str], record: dict[str, str]) -> Student:
    def first(names: Iterable[str]) -> str:
        return next((record[name] for name in names if record.get(name)), "")

    identity = _without_participant(record.get(key, ""))
    if not identity:
        raise WorkspaceError(f"{path}: line {number}: no {key}; every student needs one")
    name = first(_NAMES) or f"{first(_FIRST)} {first(_LAST)}".strip()
    due = first(_DUES)
    return Student(
        identity, name, first(_EMAILS), first(_SECTIONS), _moment(path, number, due) if due else None, columns
    )


def _without_participant(value: str) -> str:
    found = _PARTICIPANT.fullmatch(value)
    return found[1] if found else value


def _moment(path: Path, number: int, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        how = "write it with its offset from UTC, like 2026-12-01T23:59:00+01:00"
        raise WorkspaceError(f"{path}: line {number}: due = {text!r}; {how}")
    return moment
