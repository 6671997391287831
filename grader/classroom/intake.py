"""From a folder of submissions, or a bulk download, to the work of students. Runs in: command line.

`discover` lists who handed in what, `take` reads the work of one: a class need not fit into memory. What a student made
never raises here.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from grader.assignment import Assignment
from grader.classroom.archives import MOST_ARCHIVE, Zip, archive, is_archive
from grader.classroom.clones import Commit
from grader.classroom.matching import WANTED, File, match
from grader.classroom.model import HandedIn, Student
from grader.classroom.places import JUNK, Closed, Folder, Item, Place, shown
from grader.classroom.roster import Roster
from grader.errors import WorkspaceError
from grader.intake import Refusal, Submission

_ENDS = re.compile(r"(?i)(\.tar)?\.(zip|tar|gz|tgz|bz2|tbz2|xz|txz)$")
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)", re.DOTALL)
_CANVAS_AGAIN = re.compile(r"-\d+(?=(\.tar)?\.\w+$)")  # what Canvas adds to the name of a file handed in again
_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the folder of submissions that belongs to a student: `path` in it, `name` by which it counts."""

    path: str
    name: str
    kind: str  # "folder", "archive", "file" or "clone"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the work of one student lies."""

    student: Student
    folder: Path  # of all submissions, or the archive of all
    parts: tuple[Part, ...]
    remarks: tuple[str, ...] = ()
    until: datetime | None = None  # of a clone, the last commit up to then

    @property
    def name(self) -> str:
        return ", ".join(shown(part.path) for part in self.parts[:3]) + (", …" if len(self.parts) > 3 else "")  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Found:
    """A class as it was handed in."""

    origins: tuple[Origin, ...]  # one for each student, in the order of ids
    remarks: tuple[str, ...]  # what was not understood, or is worth knowing
    missing: tuple[Student, ...]  # on the roster, and nothing came


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the folder of submissions, and what its name says."""

    part: Part
    identities: tuple[str, ...]  # the best first
    name: str = ""  # of the student
    late: bool = False
    layout: str = ""


def discover(folder: Path, assignment: Assignment, roster: Roster | None, *, at_due: bool = False) -> Found:
    """Who handed in what. Raises WorkspaceError where the folder can't be read, or nobody is in it."""
    remarks: list[str] = []
    by_student: dict[str, Origin] = {}
    layouts: set[str] = set()
    for entry in _entries(folder, remarks):
        student = _student(entry, roster)
        layouts.add(entry.layout)
        known = by_student.get(student.id)
        if known is not None and not entry.layout.startswith(("Canvas", "Moodle")):
            remarks.append(f"{student.shown} has several submissions: {known.name} and {shown(entry.part.path)}")
        origin = known or Origin(student, folder, ())
        until = (student.due or assignment.due) if at_due and entry.part.kind == "clone" else origin.until
        said = _said(entry, roster, student)
        by_student[student.id] = replace(
            origin,
            parts=(*origin.parts, entry.part),
            remarks=tuple(dict.fromkeys((*origin.remarks, *said))),
            until=until,
        )
    missing = [s for s in roster.students if s.id not in by_student] if roster is not None else []
    if not by_student and not missing:
        raise WorkspaceError(
            f"{folder}: no submissions in it; it needs a folder, an archive or a file for each student"
        )
    known_layouts = sorted(layout for layout in layouts if layout)
    if known_layouts:
        remarks.insert(0, f"read as {' and '.join(known_layouts)}")
    if at_due and assignment.due is None and not any(origin.until for origin in by_student.values()):
        raise WorkspaceError("--at-due: nobody has said when the work was due; add --due, or due to the settings")
    return Found(tuple(by_student[key] for key in sorted(by_student)), tuple(remarks), tuple(missing))


def _said(entry: _Entry, roster: Roster | None, student: Student) -> Iterator[str]:
    if entry.late:
        yield "Canvas marks it as late"
    if roster is not None and student not in roster.students:
        yield "is not on the roster"


def _student(entry: _Entry, roster: Roster | None) -> Student:
    found = roster.find(*entry.identities) if roster is not None else None
    if found is not None:
        return found
    identity = shown(entry.identities[0])
    return Student(identity if identity.strip() else repr(identity), shown(entry.name))


def _entries(folder: Path, remarks: list[str]) -> Iterator[_Entry]:
    """The entries that are somebody's work, in a fixed order."""
    for name, is_folder, is_clone in _top(folder):
        if name in JUNK or name.startswith("._"):
            continue
        entry = _entry(name, is_folder=is_folder, is_clone=is_clone)
        if entry is None:
            remarks.append(f"{shown(name)} is nobody's work: neither a folder nor an archive nor a file of an LMS")
            continue
        yield entry


def _top(folder: Path) -> Iterator[tuple[str, bool, bool]]:
    """Name, whether it is a folder, whether it is a clone: of each entry at the top."""
    if folder.is_dir():
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            raise WorkspaceError(f"{folder}: {error.strerror}; make it readable") from None
        for path in entries:
            is_folder = path.is_dir() and not path.is_symlink()
            yield path.name, is_folder, is_folder and (path / ".git").exists()
        return
    if not is_archive(folder.name):
        raise WorkspaceError(f"{folder}: is neither a folder nor an archive; name the folder of submissions")
    tops: dict[str, bool] = {}
    try:
        for item in _bulk(folder).walk():
            top, deeper, _ = item.path.partition("/")
            tops[top] = tops.get(top, False) or bool(deeper)
    except Closed as error:
        raise WorkspaceError(f"{folder}: {error}") from None
    for name, is_folder in sorted(tops.items()):
        yield name, is_folder, False


@lru_cache(maxsize=1)
def _bulk(path: Path) -> Place:
    """The archive of all submissions."""
    if path.name.lower().endswith(".zip"):
        return Zip(path.open("rb"), path.name, is_bulk=True)
    return archive(path, path.name, ("",))


def _entry(name: str, *, is_folder: bool, is_clone: bool) -> _Entry | None:
    moodle, canvas = _MOODLE.fullmatch(name), _CANVAS.fullmatch(name)
    if moodle is not None and (is_folder or moodle["file"]):
        part = _part(name, moodle["file"] or name, is_folder=is_folder)
        return _Entry(part, (moodle["id"], moodle["name"]), moodle["name"], layout="Moodle's bulk download")
    if canvas is not None and not is_folder:
        part = _part(name, _CANVAS_AGAIN.sub("", canvas["file"]), is_folder=False)
        identities = (canvas["id"], canvas["name"])
        return _Entry(part, identities, canvas["name"], bool(canvas["late"]), "Canvas's bulk download")
    if is_folder:
        return _Entry(Part(name, name, "clone" if is_clone else "folder"), (name,))
    if is_archive(name):
        return _Entry(Part(name, name, "archive"), (_ENDS.sub("", name) or name,))
    return None


def _part(path: str, name: str, *, is_folder: bool) -> Part:
    return Part(path, name, "folder" if is_folder else "archive" if is_archive(name) else "file")


def take(origin: Origin, assignment: Assignment) -> HandedIn:
    """Read a student's work now, and match it to the exercises."""
    files: list[File] = []
    closed: list[str] = []
    try:
        place: Place = Folder(origin.folder) if origin.folder.is_dir() else _bulk(origin.folder)
        for part in origin.parts:
            try:
                files += list(_files(origin, part, place))
            except Closed as error:
                closed.append(str(error))
        if closed and not files:
            raise Closed("; ".join(closed))
        found = match(files, assignment)
    except Closed as error:
        said = str(error)
        files_of_none = {d.exercise.name: Refusal(said) for d in assignment.demands}
        return HandedIn(origin.student, origin.name, files_of_none, remarks=origin.remarks, refused=said)
    remarks = (*origin.remarks, *closed, *found.remarks, *_missing(found.files))
    return HandedIn(origin.student, origin.name, found.files, found.handed_at, remarks, answers=found.answers)


def _missing(files: dict[str, Submission | Refusal]) -> Iterator[str]:
    for refused in files.values():
        if isinstance(refused, Refusal):
            yield refused.message


def _files(origin: Origin, part: Part, place: Place) -> Iterator[File]:
    """The files of one part that could count, and those that could be meant."""
    match part.kind:
        case "file":
            yield File(place, _item(place, part.path), part.name)
        case "folder":
            yield from _within(place, part.path)
        case "clone" if origin.until is not None:
            yield from _within(Commit(origin.folder / part.path, origin.until, WANTED), "")
        case "clone":
            yield from _within(place, part.path)
        case _:
            data = place.read(_item(place, part.path), MOST_ARCHIVE)
            if isinstance(data, Refusal):
                raise Closed(data.message)
            yield from _within(archive(data, shown(part.name), WANTED), "")


def _item(place: Place, path: str) -> Item:
    """The entry itself; what it is shows when it is read."""
    if isinstance(place, Folder):
        return Item(path)
    return next(item for item in place.walk(path) if item.path == path)


def _within(place: Place, below: str) -> Iterator[File]:
    for item in place.walk(below):
        yield File(place, item, item.path.removeprefix(f"{below}/") if below else item.path)


def digest(handed: HandedIn) -> str:
    """Of everything that decides what the work gets: names, bytes, refusals, answers, and when it came."""
    found = hashlib.sha256()

    def add(*parts: bytes | str) -> None:
        for part in parts:
            data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
            found.update(b"%d:" % len(data))
            found.update(data)

    for name, file in sorted(handed.files.items()):
        add(name)
        if isinstance(file, Refusal):
            add("refused", file.message)
            continue
        for module, source in sorted(file.sources.items()):
            add(module, source)
    add(handed.answers or b"", handed.refused, str(handed.handed_at or ""), *handed.remarks)
    return found.hexdigest()
