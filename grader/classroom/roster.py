"""Who is in the class: a CSV file, also one that Canvas or Moodle has written. Runs in: command line."""

import csv
import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from grader.assignment import has_every_clock
from grader.classroom.model import Student
from grader.errors import WorkspaceError

# Columns with ids, the first that names everybody is used; `id` always where it is there.
_IDS = (
    *("id", "student id", "user id", "username", "sis user id", "sis login id", "login", "id number", "identifier"),
    *("email", "email address"),
)
_NAMES = ("name", "student", "full name", "student name")
_FIRST, _LAST = ("first name", "firstname", "given name"), ("last name", "lastname", "surname", "family name")
_EMAILS = ("email", "email address", "e mail")
_SECTIONS = ("section", "group", "class")
_DUES = ("due", "extension")
_LOCAL_PART = "before the @"
_FOLDED = ", in small letters"
_PARTICIPANT = re.compile(r"Participant (\d+)")
_MOST = 20_000_000  # bytes

Key = TypeVar("Key", bound=Hashable)


class Layout(StrEnum):
    """Who wrote the name of something handed in."""

    OWN = ""
    CANVAS = "Canvas's bulk download"
    MOODLE = "Moodle's bulk download"


class Roster(Struct, frozen=True, dict=True):
    """The students of a class, by all that identifies exactly one of them."""

    students: tuple[Student, ...]

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(student.id for student in self.students)

    def find(self, identity: str, name: str = "", layout: Layout = Layout.OWN) -> Student | None:
        """The one student who is meant; nobody where none is, or where it could be several.

        In a bulk download `identity` is a number that the LMS gave. It counts in the column that the LMS has written;
        in other columns the same number may be another person's, so there the names must have a word in common. So they
        must in Moodle's own: the folder of a team has the name and the number of its group.
        """
        if layout is Layout.OWN:
            return self._first(identity, _IDS) or self._by_name(identity)
        of_lms = self._numbers[layout].get(identity, ())
        if len(of_lms) == 1 and (layout is Layout.CANVAS or _may_be(of_lms[0].name, name)):
            return of_lms[0]
        found = self._first(identity, _IDS) if not self._numbers[layout] else None
        return found if found is not None and _may_be(found.name, name) else self._by_name(name)

    def _first(self, identity: str, headers: Iterable[str]) -> Student | None:
        """By the first column that has this value: the one student in whose line it stands there."""
        for column in ("", *headers, _LOCAL_PART):
            for key in ((column, identity), (f"{column}{_FOLDED}", _folded(identity))):
                if found := self._columns.get(key):
                    return found[0] if len(found) == 1 else None
        return None

    def _by_name(self, name: str) -> Student | None:
        found = self._names.get(_letters(name), ())
        return found[0] if len(found) == 1 else None

    @cached_property
    def _columns(self) -> Mapping[tuple[str, str], tuple[Student, ...]]:
        """By a column, "" for the id, and a value, as it is and in small letters."""
        return _index(
            (key, student)
            for student in self.students
            for column, value in _identities(student)
            for key in ((column, value), (f"{column}{_FOLDED}", _folded(value)))
            if value
        )

    @cached_property
    def _numbers(self) -> Mapping[Layout, Mapping[str, tuple[Student, ...]]]:
        """By the numbers that an LMS gave: empty where the roster isn't its own."""
        moodle: list[tuple[str, Student]] = []
        canvas: list[tuple[str, Student]] = []
        for student in self.students:
            columns = {_plain(header): value for header, value in student.columns.items()}
            if found := _PARTICIPANT.fullmatch(columns.get("identifier", "")):
                moodle.append((found[1], student))
            if {"student", "id", "section"} <= columns.keys() and columns["id"]:
                canvas.append((columns["id"], student))
        return {Layout.MOODLE: _index(moodle), Layout.CANVAS: _index(canvas)}

    @cached_property
    def _names(self) -> Mapping[str, tuple[Student, ...]]:
        return _index((name, student) for student in self.students for name in _spellings(student.name) if name)


def _index(pairs: Iterable[tuple[Key, Student]]) -> dict[Key, tuple[Student, ...]]:
    found: dict[Key, dict[str, Student]] = {}
    for key, student in pairs:
        found.setdefault(key, {})[student.id] = student
    return {key: tuple(students.values()) for key, students in found.items()}


def _identities(student: Student) -> Iterator[tuple[str, str]]:
    """Column and value: of all that may identify a student."""
    yield "", student.id
    for header, value in student.columns.items():
        if (plain := _plain(header)) in _IDS:
            yield plain, _without_participant(value.strip())
    yield "email", student.email
    yield _LOCAL_PART, student.email.partition("@")[0]


def ids_of(student: Student) -> tuple[str, ...]:
    """All that identifies a student, each once: their id, and what stands in other columns with ids."""
    return tuple(dict.fromkeys(value for _, value in _identities(student) if value.strip()))


def _may_be(one: str, other: str) -> bool:
    """Whether two names may be of one person: a word of the first stands in the other, or one isn't known, or what
    differs is no letter of English: unpacking may have garbled it.
    """
    words = [_letters(word) for word in re.split(r"[\W_]+", one)]
    letters = _letters(other)
    plain = _letters(one).encode("ascii", "ignore")
    if plain and plain == letters.encode("ascii", "ignore"):
        return True
    in_common = letters in _spellings(one) or any(len(word) > 1 and word in letters for word in words)
    return not any(words) or letters in ("", "participant") or in_common


def _spellings(name: str) -> set[str]:
    """ "Lovelace, Ada" and "Ada Lovelace" as an LMS writes them in file names: "lovelaceada", "adalovelace"."""
    last, comma, first = name.partition(",")
    words = [first, last] if comma else name.rsplit(maxsplit=1)
    parts = [_letters(word) for word in words]
    return {"".join(parts), "".join(reversed(parts))}


def _letters(text: str) -> str:
    return "".join(character for character in _folded(text) if character.isalnum())


def _folded(text: str) -> str:
    """In small letters, "ö" as one character: macOS writes it as two into names of files."""
    return unicodedata.normalize("NFC", text.casefold())


def read_roster(path: Path) -> Roster:
    """Raises WorkspaceError with file, line, value and remedy."""
    (_, headers), *rows = _rows(path) or [(1, [])]
    keys = [_plain(header) for header in headers]
    records = [
        (number, dict(zip(headers, cells, strict=False)), dict(zip(keys, map(str.strip, cells), strict=False)))
        for number, cells in _of_students(rows)
    ]
    for number, cells in rows:
        if any(cell.strip() for cell in cells[len(headers) :]):
            how = "put quotes around a value with a comma in it"
            raise WorkspaceError(f"{path}: line {number}: {len(cells)} values for {len(headers)} headers; {how}")
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


def _of_students(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """The lines that are students'. Above them Canvas writes who posts by hand, and the points that can be had."""
    first = next((i for i, (_, cells) in enumerate(rows[:3], 1) if cells and cells[0].strip() == "Points Possible"), 0)
    return [(number, cells) for number, cells in rows[first:] if any(cell.strip() for cell in cells)]


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Cells by line; a line that goes on in the next counts where it ends."""
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
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise WorkspaceError(f"{path}: {error}; save it as CSV again") from None


def _plain(header: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", header.casefold()).split())


def _id_column(path: Path, keys: list[str], records: list[dict[str, str]]) -> str:
    """The column that names the students: `id`, else the first of those with ids in which nobody's place is empty."""
    there = [key for key in _IDS if key in keys]
    if not there:
        found = ", ".join(keys) or "none"
        raise WorkspaceError(f"{path}: no column with ids; name one `id` (its headers are: {found})")
    full = [key for key in there if all(record.get(key) for record in records)]
    chosen = there[0] if there[0] == "id" or not full else full[0]
    if keys.count(chosen) > 1:
        raise WorkspaceError(f"{path}: {keys.count(chosen)} columns are called {chosen!r}; leave one")
    return chosen


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
    if not has_every_clock(moment):
        raise WorkspaceError(f"{path}: line {number}: due = {text!r}; take a year before 9999")
    return moment
