"""Where files of a submission lie: a folder, an archive, a commit of a clone. Runs in: command line.

A place lists paths and reads bytes; it never writes, follows no link, opens no device, and runs nothing. What a
student made may be anything: whatever is wrong with a place as a whole is a `Closed`, with one file a `Refusal`.
"""

import bz2
import gzip
import lzma
import os
import re
import stat
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol, cast

from grader import intake
from grader.intake import Refusal
from grader.report.plain import printable

MOST_MEMBERS = 5_000  # of one place
MOST_UNPACKED = 64 * 2**20  # bytes of one archive, also of what is only skipped
MOST_ARCHIVE = 64 * 2**20  # bytes of one archive in another
LONGEST_PATH = 1_000
_ONLY = "hand in only what was asked for"
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
JUNK = frozenset(
    {"__MACOSX", "__pycache__", ".git", ".ipynb_checkpoints", ".idea", ".vscode", ".venv", "venv", "node_modules"}
    | {".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep"}
)
_DRIVE = re.compile("[A-Za-z]:")


class Closed(Exception):
    """Nothing can be taken from a place; the text is a sentence with its remedy."""


@dataclass(frozen=True, slots=True)
class Item:
    """One path in a place. `problem` says why it can't be read as a file: "is a link"."""

    path: str  # with "/", as it stands there; an archive may have it twice
    problem: str = ""
    number: int = 0  # of an archive's member

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


class Place(Protocol):
    """Files by path."""

    def walk(self, below: str = "") -> Iterator[Item]:
        """All files below a path, in a fixed order, but junk. Raises Closed."""

    def read(self, item: Item, most: int = intake.MAX_SOURCE) -> bytes | Refusal:
        """The bytes of a file that `walk` gave. Raises Closed."""

    def time(self, item: Item) -> datetime | None:
        """When a file was written, as far as its place knows: with offset."""


class Folder:
    """A folder of this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def walk(self, below: str = "") -> Iterator[Item]:
        count = 0
        folders = [below]
        while folders:
            folder = folders.pop()
            for entry in self._entries(folder):
                path = f"{folder}/{entry.name}" if folder else entry.name
                count += 1
                if count > MOST_MEMBERS:
                    raise Closed(f"{shown(below)} holds more than {MOST_MEMBERS:,} files; {_ONLY}")
                if entry.name in JUNK:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if len(path) <= LONGEST_PATH:
                        folders.append(path)
                    continue
                yield Item(path, "" if entry.is_file(follow_symlinks=False) else _odd(entry))

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._root / folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            raise Closed(f"{shown(folder)}: can't be read ({error.strerror}); mend its permissions") from None

    def read(self, item: Item, most: int = intake.MAX_SOURCE) -> bytes | Refusal:
        return intake.read(self._root / item.path, most)

    def time(self, item: Item) -> datetime | None:
        try:
            return datetime.fromtimestamp((self._root / item.path).lstat().st_mtime, UTC)
        except (OSError, OverflowError, ValueError):
            return None


def _odd(entry: os.DirEntry[str]) -> str:
    return "is a link" if entry.is_symlink() else "is not a regular file"


class Zip:
    """A zip archive, read member by member; sizes are counted, never believed."""

    def __init__(self, file: IO[bytes] | Path, name: str, *, is_bulk: bool = False) -> None:
        """`is_bulk`: it holds the work of a class, and has no bounds but those of each member. Raises Closed."""
        self._name = name
        try:
            self._archive = zipfile.ZipFile(file)
        except Exception as error:  # whatever zipfile trips over in a file that somebody made
            raise Closed(f"{name} is no zip archive, or a damaged one ({clipped(error)}); pack it again") from None
        infos = self._archive.infolist()
        if len(infos) > MOST_MEMBERS and not is_bulk:
            raise Closed(f"{name} holds {len(infos):,} files; at most {MOST_MEMBERS:,} are taken")
        self._members: list[tuple[str, zipfile.ZipInfo]] = []
        self._room = sys.maxsize if is_bulk else MOST_UNPACKED
        for info in infos:
            path = safe_path(info.filename, name)
            if info.flag_bits & 1:
                raise Closed(f"{name} is encrypted; pack it without a password")
            if not info.is_dir():
                self._members.append((path, info))

    def walk(self, below: str = "") -> Iterator[Item]:
        for number, (path, info) in enumerate(self._members):
            if _is_below(path, below) and not _is_junk(path):
                yield Item(path, _odd_mode(info.external_attr >> 16), number)

    def read(self, item: Item, most: int = intake.MAX_SOURCE) -> bytes | Refusal:
        try:
            with self._archive.open(self._members[item.number][1]) as member:
                data = member.read(min(most, self._room) + 1)
        except Exception as error:  # whatever zipfile trips over
            return Refusal(f"{shown(item.path)} in {self._name} is damaged ({clipped(error)}); pack it again")
        self._room -= len(data)
        if self._room < 0:
            raise Closed(f"{self._name} unpacks to more than {MOST_UNPACKED // 2**20} MB; {_ONLY}")
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
            with tarfile.open(fileobj=BytesIO(_unpacked(data, name)), mode="r:") as archive:
                for number, member in enumerate(archive):
                    if number >= MOST_MEMBERS:
                        raise Closed(f"{name} holds more than {MOST_MEMBERS:,} files")
                    self._add(archive, member, name, wanted)
        except Closed:
            raise
        except Exception as error:
            raise Closed(f"{name} is no tar archive, or a damaged one ({clipped(error)}); pack it again") from None

    def _add(self, archive: tarfile.TarFile, member: tarfile.TarInfo, name: str, wanted: tuple[str, ...]) -> None:
        path = safe_path(member.name, name)
        if member.isdir():
            return
        problem = "" if member.isreg() else "is a link" if member.issym() or member.islnk() else "is not a regular file"
        data: bytes | Refusal = b""
        if not problem and path.lower().endswith(wanted):
            file = archive.extractfile(member)
            data = file.read(intake.MAX_SOURCE + 1) if file is not None else b""
            if len(data) < min(member.size, intake.MAX_SOURCE):
                raise Closed(f"{name} ends in the middle of {shown(path)}; pack it again")
            if len(data) > intake.MAX_SOURCE:
                data = Refusal(f"{shown(path)} has over {intake.MAX_SOURCE:,} bytes; that is too much")
        self._members.append((Item(path, problem, len(self._members)), data, _moment(member.mtime)))

    def walk(self, below: str = "") -> Iterator[Item]:
        for item, _, _ in self._members:
            if _is_below(item.path, below) and not _is_junk(item.path):
                yield item

    def read(self, item: Item, most: int = intake.MAX_SOURCE) -> bytes | Refusal:
        data = self._members[item.number][1]
        if isinstance(data, Refusal) or len(data) <= most:
            return data
        return Refusal(f"{shown(item.path)} has over {most:,} bytes; that is too much")

    def time(self, item: Item) -> datetime | None:
        return self._members[item.number][2]


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
        raise Closed(f"{name} unpacks to more than {MOST_UNPACKED // 2**20} MB; {_ONLY}")
    return data


def archive(data: bytes | Path, name: str, wanted: tuple[str, ...]) -> Place:
    """The archive in a file or in bytes, by its name's end. Raises Closed."""
    if isinstance(data, Path):
        read = intake.read(data, MOST_ARCHIVE)
        if isinstance(read, Refusal):
            raise Closed(read.message)
        data = read
    return Zip(BytesIO(data), name) if name.lower().endswith(".zip") else Tar(data, name, wanted)


def is_archive(name: str) -> bool:
    return name.lower().endswith(ARCHIVES)


def safe_path(path: str, archive: str) -> str:
    """A member's path with "/". Raises Closed for one that leads out of its archive."""
    parts = path.replace("\\", "/").split("/")
    if path.startswith(("/", "\\")) or ".." in parts or _DRIVE.match(path):
        raise Closed(f"{archive}: {shown(path)} leads out of the archive; pack the folder itself, without such paths")
    return "/".join(part for part in parts if part not in ("", "."))[: LONGEST_PATH + 1]


def shown(path: str) -> str:
    """A path as a person may see it."""
    return printable(path, limit=120)


def clipped(error: Exception) -> str:
    return printable(str(error) or type(error).__name__, limit=100)


def _is_below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _is_junk(path: str) -> bool:
    return any(part in JUNK for part in path.split("/"))


def _odd_mode(mode: int) -> str:
    kind = stat.S_IFMT(mode)
    if kind in (0, stat.S_IFREG):
        return ""
    return "is a link" if kind == stat.S_IFLNK else "is not a regular file"


def _moment(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
