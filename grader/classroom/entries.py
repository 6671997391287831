"""The entries of a folder of submissions or a bulk download, and whose they are by their names.
Runs in: command line.
"""

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from grader.classroom.archives import Zip, archive, is_archive
from grader.classroom.places import Closed, Place, is_junk, shown
from grader.classroom.roster import Layout, Roster
from grader.errors import WorkspaceError

_ENDS = re.compile(r"(?i)(\.tar)?\.(zip|tar|gz|tgz|bz2|tbz2|xz|txz|rar|7z|zst|lz|z)$")
_CANVAS = re.compile(r"(?P<name>.+?)_(?P<late>LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)", re.DOTALL)
_CANVAS_ANONYMOUS = re.compile(r"(?P<late>LATE_)?(?P<id>anon_[0-9A-Za-z]+)_\d+_(?P<file>.+)", re.DOTALL)
_CANVAS_AGAIN = re.compile(r"-\d+(?=(\.tar)?\.\w+$)")  # what Canvas adds to the name of a file handed in again
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)", re.DOTALL)


class Part(Struct, frozen=True):
    """One entry of the folder of submissions that belongs to a student: `path` in it, `name` by which it counts."""

    path: str
    name: str
    kind: str  # "folder", "archive", "file" or "clone"
    dated: bool = True  # the times of files are the student's; in a bulk download they are those of the download


class Entry(Struct, frozen=True):
    """One entry of the folder of submissions, and what its name says."""

    part: Part
    identity: str  # the number that an LMS gave, or the entry's own name
    name: str = ""  # of the student
    late: bool = False
    layout: Layout = Layout.OWN


def entries(folder: Path, roster: Roster | None, remarks: list[str]) -> Iterator[Entry]:
    """The entries that are somebody's work, in a fixed order."""
    tops = _tops(folder, "", remarks)
    around = _around(folder, tops, roster)
    for name, kind in _tops(folder, around, []) if around else tops:
        entry = _entry(name, kind, around)
        if entry is None:
            remarks.append(f"{shown(name)} is nobody's work: neither a folder nor an archive nor a file of an LMS")
            continue
        yield entry
    if around:
        remarks.insert(0, f"all lies in the folder {shown(around)}")


def _around(folder: Path, tops: list[tuple[str, str]], roster: Roster | None) -> str:
    """The one folder that holds all others and is nobody's own, as where it was packed or unpacked once more; or "".

    It is one only where who lies in it is known: one folder may as well be the work of a class's first student.
    """
    if len(tops) != 1:
        return ""
    [(name, kind)] = tops
    if kind != "folder" or _is_known(_entry(name, kind), roster):
        return ""
    try:
        inside = [_entry(*top, name) for top in _tops(folder, name, [])]
    except WorkspaceError:
        return ""
    return name if any(_is_known(entry, roster) for entry in inside) else ""


def _is_known(entry: Entry | None, roster: Roster | None) -> bool:
    """An LMS has named it, or the roster has its student."""
    if entry is None:
        return False
    found = roster.find(entry.identity, entry.name, entry.layout) if roster is not None else None
    return entry.layout is not Layout.OWN or found is not None


def _tops(folder: Path, below: str, remarks: list[str]) -> list[tuple[str, str]]:
    """Name and kind, "folder", "clone" or "file": of each entry that lies directly in that folder of all."""
    if folder.is_dir():
        try:
            found = {path.name: _kind(path) for path in (folder / below).iterdir()}
        except OSError as error:
            raise WorkspaceError(f"{folder / below}: {error.strerror}; make it readable") from None
    elif is_archive(folder.name):
        found = _packed(folder, below, remarks)
    else:
        raise WorkspaceError(f"{folder}: is neither a folder nor an archive; name the folder of submissions")
    return [(name, found[name]) for name in sorted(found) if not is_junk(name)]


def _kind(path: Path) -> str:
    if path.is_symlink() or not path.is_dir():
        return "file"
    return "clone" if os.path.lexists(path / ".git") else "folder"


def _packed(folder: Path, below: str, remarks: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        place = bulk(folder)
        remarks += [f"left out: {text}" for text in place.left_out] if isinstance(place, Zip) else []
        for item in place.walk(below):
            name, deeper, _ = item.path.removeprefix(f"{below}/").partition("/")
            found[name] = "folder" if deeper else found.get(name, "file")
    except (Closed, OSError) as error:
        raise WorkspaceError(f"{folder}: {error}") from None
    return found


@lru_cache(maxsize=1)
def bulk(path: Path) -> Place:
    """The archive of all submissions."""
    if path.name.lower().endswith(".zip"):
        return Zip(path, path.name, is_bulk=True)
    return archive(path, path.name, ("",))


def _entry(name: str, kind: str, around: str = "") -> Entry | None:
    path = f"{around}/{name}" if around else name
    is_folder = kind != "file"
    moodle = _MOODLE.fullmatch(name)
    canvas = _CANVAS_ANONYMOUS.fullmatch(name) or _CANVAS.fullmatch(name)
    if moodle is not None and canvas is not None and not is_folder:  # behind the number stands what a student chose
        moodle = moodle if moodle.start("id") < canvas.start("id") else None
    if moodle is not None and (is_folder or moodle["file"]):
        part = _part(path, moodle["file"] or name, is_folder=is_folder)
        return Entry(part, moodle["id"], moodle["name"], layout=Layout.MOODLE)
    if canvas is not None and not is_folder:
        part = _part(path, _CANVAS_AGAIN.sub("", canvas["file"]), is_folder=False)
        student = canvas.groupdict().get("name", "")
        return Entry(part, canvas["id"], student, bool(canvas["late"]), Layout.CANVAS)
    if is_folder:
        return Entry(Part(path, name, kind), name)
    if is_archive(name):
        return Entry(Part(path, name, "archive"), _ENDS.sub("", name) or name)
    return None


def _part(path: str, name: str, *, is_folder: bool) -> Part:
    """A part of a bulk download."""
    return Part(path, name, "folder" if is_folder else "archive" if is_archive(name) else "file", dated=False)
