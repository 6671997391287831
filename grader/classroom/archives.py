"""Archives of a student or of a class, read member by member; nothing is unpacked to disk. Runs in: command line."""

import bz2
import gzip
import lzma
import re
import stat
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, NoReturn, cast

from grader import intake
from grader.classroom.places import (
    LONGEST_PATH,
    MOST_FILE,
    MOST_MEMBERS,
    ONLY,
    Closed,
    Item,
    Place,
    clipped,
    is_junk,
    moment,
    shown,
)
from grader.intake import Refusal

MOST_UNPACKED = 64 * 2**20  # bytes of one archive, also of what is only skipped
MOST_ARCHIVE = 64 * 2**20  # bytes of one archive as it is
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
_NOT_OPENED = (".rar", ".7z", ".gz", ".bz2", ".xz", ".zst", ".lz", ".z")
_MOST_NAME = 4_000  # bytes of a tar archive's extended header, which holds a long name
_MOST_NAMES = 1_000_000  # of all these headers: before 3.11.10 Python reads each in a time that grows with its square
_HEADERS = (
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
)
_DRIVE = re.compile("[A-Za-z]:")
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of other methods zipfile unpacks much more than it is asked for
_UTF8 = 0x800  # the flag of a member that says that its name is UTF-8
_ENTRY = b"PK\x01\x02"  # begins each entry in a zip archive's directory


class Zip:
    """A zip archive, read member by member; sizes are counted, never believed."""

    def __init__(self, file: IO[bytes] | Path, name: str, *, is_bulk: bool = False) -> None:
        """`is_bulk`: it holds the work of a class, and has no bounds but those of each member. Raises Closed."""
        self._name = name
        if not isinstance(file, Path) and (count := file.read().count(_ENTRY)) > MOST_MEMBERS:
            raise Closed(f"{name} holds {count:,} files; at most {MOST_MEMBERS:,} are taken")
        try:
            self._archive = zipfile.ZipFile(file)
        except Exception as error:  # whatever zipfile trips over in a file that somebody made
            raise Closed(f"{name} is no zip archive, or a damaged one ({clipped(error)}); pack it again") from None
        self._members: list[tuple[str, zipfile.ZipInfo]] = []
        self._room = sys.maxsize if is_bulk else MOST_UNPACKED
        self.left_out: list[str] = []  # of a bulk download: what is wrong with single members
        for info in self._archive.infolist():
            try:
                path = _sound(info, name)
            except Closed as error:
                if not is_bulk:
                    raise
                self.left_out.append(str(error))
                continue
            if not info.is_dir():
                self._members.append((path, info))
        self._numbers = {path: number for number, (path, _) in reversed(list(enumerate(self._members)))}

    def walk(self, below: str = "") -> Iterator[Item]:
        for number, (path, _) in enumerate(self._members):
            if _is_below(path, below) and not _is_junk(path):
                yield self._item(number)

    def find(self, path: str) -> Item:
        if path not in self._numbers:
            raise Closed(f"{shown(path)} is no longer in {self._name}")
        return self._item(self._numbers[path])

    def _item(self, number: int) -> Item:
        path, info = self._members[number]
        return Item(path, _odd_mode(info.external_attr >> 16), number)

    def read(self, item: Item, most: int = intake.MAX_SOURCE) -> bytes | Refusal:
        try:
            with self._archive.open(self._members[item.number][1]) as member:
                data = member.read(min(most, self._room) + 1)
        except Exception as error:  # whatever zipfile trips over
            return Refusal(f"{shown(item.path)} in {self._name} is damaged ({clipped(error)}); pack it again")
        self._room -= len(data)
        if self._room < 0:
            raise Closed(f"{self._name} unpacks to more than {MOST_UNPACKED // 2**20} MB; {ONLY}")
        return data if len(data) <= most else Refusal(f"{shown(item.path)} has over {most:,} bytes; that is too much")

    def time(self, item: Item) -> datetime | None:
        """A zip archive knows no time zone: nobody knows when."""
        del item
        return None


class Tar:
    """A tar archive, compressed or not, unpacked into memory up to a bound."""

    def __init__(self, data: bytes, name: str, wanted: tuple[str, ...]) -> None:
        """`wanted`: ends of the names of files whose bytes are kept. Raises Closed."""
        self._members: list[tuple[Item, bytes | Refusal, datetime | None]] = []
        try:
            tarinfo = _bounded(name)
            with tarfile.open(fileobj=BytesIO(_unpacked(data, name)), mode="r:", tarinfo=tarinfo) as archive:
                for number, member in enumerate(archive):
                    if not getattr(member, "is_bounded", False):
                        raise Closed(f"{name}: this version of Python reads tar archives unbounded; pack it as .zip")
                    if number >= MOST_MEMBERS:
                        raise Closed(f"{name} holds more than {MOST_MEMBERS:,} files")
                    self._add(archive, member, name, wanted)
        except Closed:
            raise
        except Exception as error:
            raise Closed(f"{name} is no tar archive, or a damaged one ({clipped(error)}); pack it again") from None

    def _add(self, archive: tarfile.TarFile, member: tarfile.TarInfo, name: str, wanted: tuple[str, ...]) -> None:
        path = safe_path(member.name, name)
        if member.issparse():  # of older formats, whose map is in a header; they would be read as megabytes of zeros
            _refuse_holes(name)
        if member.isdir():
            return
        problem = "" if member.isreg() else "is a link" if member.issym() or member.islnk() else "is not a regular file"
        data: bytes | Refusal = b""
        if not problem and path.lower().endswith(wanted):
            file = archive.extractfile(member)
            data = file.read(MOST_FILE + 1) if file is not None else b""
            if len(data) < min(member.size, MOST_FILE):
                raise Closed(f"{name} ends in the middle of {shown(path)}; pack it again")
            if len(data) > MOST_FILE:
                data = Refusal(f"{shown(path)} has over {MOST_FILE:,} bytes; that is too much")
        self._members.append((Item(path, problem, len(self._members)), data, moment(member.mtime)))

    def walk(self, below: str = "") -> Iterator[Item]:
        for item, _, _ in self._members:
            if _is_below(item.path, below) and not _is_junk(item.path):
                yield item

    def find(self, path: str) -> Item:
        found = next((item for item, _, _ in self._members if item.path == path), None)
        if found is None:
            raise Closed(f"{shown(path)} is no longer in its archive")
        return found

    def read(self, item: Item, most: int = intake.MAX_SOURCE) -> bytes | Refusal:
        data = self._members[item.number][1]
        if isinstance(data, Refusal) or len(data) <= most:
            return data
        return Refusal(f"{shown(item.path)} has over {most:,} bytes; that is too much")

    def time(self, item: Item) -> datetime | None:
        return self._members[item.number][2]


def _sound(info: zipfile.ZipInfo, name: str) -> str:
    """The path of a member. Raises Closed for one that no honest archive has."""
    path = safe_path(_name(info), name)
    if info.flag_bits & 1:
        raise Closed(f"{name} is encrypted; pack it without a password")
    if info.compress_type not in _PLAIN:
        raise Closed(f"{name}: {shown(path)} is packed in a way that is not read; pack it as an ordinary zip archive")
    return path


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name: macOS packs it as UTF-8 and doesn't say so, and zipfile reads it as the old code page then."""
    try:
        return info.filename if info.flag_bits & _UTF8 else info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def _bounded(name: str) -> type[tarfile.TarInfo]:
    """The class of an archive's members, which ends at extended headers that are too large."""
    room = _MOST_NAMES

    class Member(tarfile.TarInfo):
        is_bounded = False

        def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
            """What tarfile calls for each header, between reading that and reading what follows."""
            nonlocal room
            self.is_bounded = True
            if self.type in _HEADERS:
                room -= self.size
                if not 0 <= self.size <= _MOST_NAME or room < 0:
                    raise Closed(f"{name} has headers that are too long; pack it again")
            if self.type == tarfile.GNUTYPE_SPARSE:
                self._proc_gnusparse_10()
            return super()._proc_member(archive)  # type: ignore[misc,no-any-return]

        def _proc_gnusparse_10(self, *_: object) -> NoReturn:
            """In place of tarfile's own, which reads a map of any length: of files with holes."""
            _refuse_holes(name)

    return Member


def _refuse_holes(name: str) -> NoReturn:
    raise Closed(f"{name} has a file with holes in it (sparse); pack it again without")


def _unpacked(data: bytes, name: str) -> bytes:
    """What a compressed archive holds, by its first bytes. Raises Closed where that is over a bound."""
    file: IO[bytes] | None = None
    if data.startswith(b"\x1f\x8b"):
        file = cast(IO[bytes], gzip.GzipFile(fileobj=BytesIO(data)))
    elif data.startswith(b"BZh"):
        file = cast(IO[bytes], bz2.BZ2File(BytesIO(data)))
    elif data.startswith(b"\xfd7zXZ\x00"):
        file = cast(IO[bytes], lzma.open(BytesIO(data)))  # noqa: SIM115 - closed below
    if file is not None:
        with file:
            data = file.read(MOST_UNPACKED + 1)
    if len(data) > MOST_UNPACKED:
        raise Closed(f"{name} unpacks to more than {MOST_UNPACKED // 2**20} MB; {ONLY}")
    return data


def archive(data: bytes | Path, name: str, wanted: tuple[str, ...]) -> Place:
    """The archive in a file or in bytes, by its name's end. Raises Closed."""
    if not name.lower().endswith(ARCHIVES):
        raise Closed(f"{name} is an archive of a kind that is not opened; pack it as .zip or .tar.gz")
    if isinstance(data, Path):
        read = intake.read(data, MOST_ARCHIVE)
        if isinstance(read, Refusal):
            raise Closed(read.message)
        data = read
    return Zip(BytesIO(data), name) if name.lower().endswith(".zip") else Tar(data, name, wanted)


def is_archive(name: str) -> bool:
    """Also one of a kind that is not opened."""
    return name.lower().endswith(ARCHIVES + _NOT_OPENED)


def safe_path(path: str, archive: str) -> str:
    """A member's path with "/". Raises Closed for one that leads out of its archive."""
    parts = path.replace("\\", "/").split("/")
    if path.startswith(("/", "\\")) or ".." in parts or _DRIVE.match(path):
        raise Closed(f"{archive}: {shown(path)} leads out of the archive; pack the folder itself, without such paths")
    return "/".join(part for part in parts if part not in ("", "."))[: LONGEST_PATH + 1]


def _is_below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _is_junk(path: str) -> bool:
    return any(map(is_junk, path.split("/")))


def _odd_mode(mode: int) -> str:
    kind = stat.S_IFMT(mode)
    if kind in (0, stat.S_IFREG):
        return ""
    return "is a link" if kind == stat.S_IFLNK else "is not a regular file"
