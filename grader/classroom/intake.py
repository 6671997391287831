"""From a folder of submissions, or a bulk download, to the work of students. Runs in: command line.

`discover` lists who handed in what, `take` reads the work of one: a class need not fit into memory. What a student made
never raises here.
"""

import hashlib
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from grader.assignment import Assignment
from grader.classroom.archives import MOST_ARCHIVE, archive, is_archive
from grader.classroom.clones import Commit, last_commit
from grader.classroom.entries import Part, bulk, entries
from grader.classroom.matching import WANTED, File, match
from grader.classroom.model import HandedIn, Student
from grader.classroom.places import Closed, Folder, Place, shown
from grader.classroom.roster import Layout, Roster
from grader.errors import WorkspaceError
from grader.intake import Refusal, Submission

_MOST_ARCHIVES = 5  # in a folder
_MOST_NAMED = 10  # students in one sentence


class Origin(Struct, frozen=True):
    """Where the work of one student lies."""

    student: Student
    folder: Path  # of all submissions, or the archive of all
    parts: tuple[Part, ...]
    remarks: tuple[str, ...] = ()
    until: datetime | None = None  # of a clone, the last commit up to then

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(part.path for part in self.parts)

    @property
    def name(self) -> str:
        return ", ".join(shown(part.path) for part in self.parts[:3]) + (", …" if len(self.parts) > 3 else "")  # noqa: PLR2004


class Found(Struct, frozen=True):
    """A class as it was handed in."""

    origins: tuple[Origin, ...]  # one for each student, in the order of ids
    remarks: tuple[str, ...]  # what was not understood, or is worth knowing
    missing: tuple[Student, ...]  # on the roster, and nothing came


def discover(folder: Path, assignment: Assignment, roster: Roster | None, *, at_due: bool = False) -> Found:
    """Who handed in what. Raises WorkspaceError where the folder can't be read, or nobody is in it."""
    remarks: list[str] = []
    by_student: dict[str, Origin] = {}
    layouts: set[Layout] = set()
    strangers: dict[str, str] = {}
    for entry in entries(folder, roster, remarks):
        student = roster.find(entry.identity, entry.name, entry.layout) if roster is not None else None
        said = ["Canvas marks it as late"] if entry.late else []
        if student is None:
            student = Student(_own_id(entry.identity, strangers, roster), shown(entry.name))
            said += ["is not on the roster"] if roster is not None else []
        layouts.add(entry.layout)
        known = by_student.get(student.id)
        if known is not None and entry.layout is Layout.OWN:
            remarks.append(f"{student.shown} has several submissions: {known.name} and {shown(entry.part.path)}")
        origin = known or Origin(student, folder, ())
        until = (student.due or assignment.due) if at_due and entry.part.kind == "clone" else origin.until
        by_student[student.id] = replace(
            origin,
            parts=(*origin.parts, entry.part),
            remarks=tuple(dict.fromkeys((*origin.remarks, *said))),
            until=until,
        )
    missing = [s for s in roster.students if s.id not in by_student] if roster is not None else []
    if roster is not None and (unknown := sorted(by_student.keys() - roster.ids)):
        names = [by_student[key].student.shown for key in unknown]
        named = ", ".join(names if len(names) <= _MOST_NAMED else [*names[:_MOST_NAMED], "…"])
        remarks.append(f"not on the roster, so each with a row of its own: {len(unknown)} ({named})")
    if not by_student and not missing:
        raise WorkspaceError(
            f"{folder}: no submissions in it; it needs a folder, an archive or a file for each student"
        )
    known_layouts = sorted(layouts - {Layout.OWN})
    if known_layouts:
        remarks.insert(0, f"read as {' and '.join(known_layouts)}")
    if at_due and assignment.due is None and not any(origin.until for origin in by_student.values()):
        raise WorkspaceError("--at-due: nobody has said when the work was due; add --due, or due to the settings")
    return Found(tuple(by_student[key] for key in sorted(by_student)), tuple(remarks), tuple(missing))


def _own_id(identity: str, strangers: dict[str, str], roster: Roster | None) -> str:
    """An id that can be shown, for somebody of whom nothing else is known; nobody else has it."""
    id_ = shown(identity)
    id_ = id_ if id_.strip() else repr(id_)
    taken = roster.ids if roster is not None else frozenset()
    number = 1
    while (found := id_ if number == 1 else f"{id_} ({number})") in taken or strangers.get(found, identity) != identity:
        number += 1
    strangers[found] = identity
    return found


def take(origin: Origin, assignment: Assignment) -> HandedIn:
    """Read a student's work now, and match it to the exercises."""
    try:
        place: Place = Folder(origin.folder) if origin.folder.is_dir() else bulk(origin.folder)
        files, closed = _read(origin, place)
        found = match(files, assignment)
    except (Closed, OSError) as error:
        said = str(error) if isinstance(error, Closed) else f"can't be read ({error.strerror}); mend its permissions"
        files_of_none = {d.exercise.name: Refusal(said) for d in assignment.demands}
        return HandedIn(origin.student, origin.name, files_of_none, remarks=origin.remarks, refused=said)
    remarks = (*origin.remarks, *closed, *found.remarks, *_missing(found.files))
    if assignment.late is not None and found.handed_at is None and found.took_any:
        remarks = (*remarks, "nobody knows when it was handed in, so nothing is taken for late work")
    return HandedIn(
        origin.student,
        origin.name,
        found.files,
        found.handed_at,
        remarks,
        answers=found.answers,
        diary=found.diary,
    )


def _missing(files: dict[str, Submission | Refusal]) -> Iterator[str]:
    for refused in files.values():
        if isinstance(refused, Refusal):
            yield refused.message


def _read(origin: Origin, place: Place) -> tuple[list[File], list[str]]:
    """All files, and why parts were not taken. An archive that lies directly in a folder is a part too: Moodle gives
    everybody a folder, also for one archive.
    """
    files: list[File] = []
    closed: list[str] = []
    parts = deque(origin.parts)
    while parts:
        part = parts.popleft()
        try:
            found = list(_files(origin, part, place))
        except Closed as error:
            closed.append(str(error))
            continue
        inside = [f for f in found if part.kind == "folder" and "/" not in f.path and is_archive(f.path)]
        if len(inside) > _MOST_ARCHIVES:
            closed.append(f"{shown(part.path)} holds {len(inside)} archives; at most {_MOST_ARCHIVES} are opened")
            continue
        parts.extend(Part(f"{part.path}/{f.path}", f.path, "archive", part.dated) for f in inside)
        files += [file for file in found if file not in inside]
    if closed and not files:
        raise Closed("; ".join(closed))
    return files, [*closed, *_clones_within(origin)]


def _clones_within(origin: Origin) -> Iterator[str]:
    """What is to be said of a clone in a student's folder: it is a clone for us only in that folder's place."""
    for part in origin.parts:
        folder = origin.folder / part.path
        if part.kind == "folder" and folder.is_dir():
            for name in sorted(path.parent.name for path in folder.glob("*/.git")):
                yield (
                    f"{shown(name)} is a git clone: its files count as they are, and its commits were not looked at;"
                    " to have them looked at, put it in the place of the folder around it"
                )


def _files(origin: Origin, part: Part, place: Place) -> Iterator[File]:
    """The files of one part that could count, and those that could be meant."""
    match part.kind:
        case "file":
            yield File(place, place.find(part.path), part.name)
        case "folder":
            yield from _within(place, part.path, dated=part.dated)
        case "clone" if origin.until is not None:
            yield from _within(Commit(origin.folder / part.path, origin.until, WANTED), "")
        case "clone":
            moment = last_commit(origin.folder / part.path)  # a clone's files are as old as the clone
            yield from (replace(file, moment=moment) for file in _within(place, part.path, dated=False))
        case _:
            data = place.read(place.find(part.path), MOST_ARCHIVE)
            if isinstance(data, Refusal):
                raise Closed(data.message)
            inside = "" if part.path in origin.paths else f"{part.name}/"
            yield from _within(archive(data, shown(part.name), WANTED), "", inside)


def _within(place: Place, below: str, lead: str = "", *, dated: bool = True) -> Iterator[File]:
    for item in place.walk(below):
        path = item.path.removeprefix(f"{below}/") if below else item.path
        yield File(place, item, lead + path, place.time(item) if dated else None)


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
    add(handed.answers or b"", handed.diary or b"", handed.refused, str(handed.handed_at or ""), *handed.remarks)
    return found.hexdigest()
