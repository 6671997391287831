"""Where files of a submission lie: a folder, an archive, a commit of a clone. Runs in: command line.

A place lists paths and reads bytes; it never writes, follows no link, opens no device, and runs nothing. What a
student made may be anything: whatever is wrong with a place as a whole is a `Closed`, with one file a `Refusal`.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from grader import intake
from grader.intake import Refusal
from grader.report.plain import printable

MOST_MEMBERS = 5_000  # of one place
MOST_FILE = 5_000_000  # bytes of one file: a notebook with its outputs; sources have less
LONGEST_PATH = 1_000
_LAST_MOMENT = 253_370_764_800  # seconds since 1970: the beginning of the last year that Python knows
ONLY = "hand in only what was asked for"
_JUNK = frozenset(
    {"__MACOSX", "__pycache__", ".git", ".ipynb_checkpoints", ".idea", ".vscode", ".venv", "venv", "node_modules"}
    | {".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep"}
)


def is_junk(name: str) -> bool:
    """Of a file or folder that a program has put there: macOS keeps what it knows of `a.py` in `._a.py`."""
    return name in _JUNK or name.startswith("._")


class Closed(Exception):
    """Nothing can be taken from a place; the text is a sentence with its remedy."""


class Item(Struct, frozen=True):
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

    def find(self, path: str) -> Item:
        """The first file of that path. Raises Closed."""

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
                    raise Closed(f"{shown(below)} holds more than {MOST_MEMBERS:,} files; {ONLY}")
                if is_junk(entry.name):
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

    def find(self, path: str) -> Item:
        return Item(path)  # what it is shows when it is read

    def read(self, item: Item, most: int = intake.MAX_SOURCE) -> bytes | Refusal:
        return intake.read(self._root / item.path, most)

    def time(self, item: Item) -> datetime | None:
        try:
            return moment((self._root / item.path).lstat().st_mtime)
        except OSError:
            return None


def moment(seconds: float) -> datetime | None:
    """The time that a student's file names, in seconds since 1970; None for one that no clock of a zone can show."""
    return datetime.fromtimestamp(seconds, UTC) if 0 <= seconds <= _LAST_MOMENT else None


def _odd(entry: os.DirEntry[str]) -> str:
    return "is a link" if entry.is_symlink() else "is not a regular file"


def shown(path: str) -> str:
    """A path as a person may see it."""
    return printable(path, limit=120)


def clipped(error: Exception) -> str:
    return printable(str(error) or type(error).__name__, limit=100)
