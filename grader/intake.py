"""Take a learner's files as bytes, and nothing else of them. Runs in: every trusted process.

The trusted side never parses, compiles or imports what it reads here.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct, field
from msgspec.structs import replace

from grader.course import OWN_CHECKS
from grader.language import _

MAX_SOURCE = 1_000_000  # bytes of one file, and of all helper files together
NOT_HELPERS = ("test_", "conftest", OWN_CHECKS)  # files about the module, which it does not import
NAME_ROOM = 1_000  # a helper's name counts as much: a thousand empty files with long names must fit into a frame too


class Submission(Struct, frozen=True):
    """The files of one exercise: the module and the helper modules beside it, by module name."""

    module: str
    sources: dict[str, bytes]
    given: dict[str, bytes] = field(default_factory=dict)  # modules of the course's that it may import; never quoted
    cells: tuple[int, ...] = ()  # the lines in which a notebook's begin, where the module is of one

    def with_helpers(self, helpers: Mapping[str, bytes]) -> "Submission":
        """The same with further files of the learner's; a file that is there already stays."""
        return replace(self, sources={**helpers, **self.sources})

    def with_given(self, modules: Mapping[str, bytes]) -> "Submission":
        """The same with modules of the course's, for those names that the learner has no file for."""
        return replace(self, given={name: text for name, text in modules.items() if name not in self.sources})

    def line(self, file: str, number: int) -> str:
        """A line of a file as text, for quoting; empty where there is none."""
        lines = self.sources.get(file.removesuffix(".py"), b"").split(b"\n")
        return lines[number - 1].decode("utf-8", "replace").rstrip("\r") if 1 <= number <= len(lines) else ""


class Refusal(Struct, frozen=True):
    """Why a file was not taken, as a sentence with its remedy."""

    message: str


def take(path: Path) -> Submission | Refusal:
    """The submission whose main file is `path`: a regular file of at most MAX_SOURCE bytes, never a link."""
    main = read(path)
    if isinstance(main, Refusal):
        return main
    sources = {path.stem: main}
    room = MAX_SOURCE
    for helper in sorted(path.parent.glob("*.py")):
        if helper.stem in sources or not helper.stem.isidentifier() or helper.stem.startswith(NOT_HELPERS):
            continue
        text = read(helper)
        if isinstance(text, bytes) and len(text) + NAME_ROOM <= room:
            sources[helper.stem] = text
            room -= len(text) + NAME_ROOM
    return Submission(path.stem, sources)


def take_stream(stream: BinaryIO, module: str) -> Submission | Refusal:
    """The submission of one file that comes from elsewhere, as that module: at most MAX_SOURCE bytes."""
    data = stream.read(MAX_SOURCE + 1)
    if len(data) > MAX_SOURCE:
        said = _("{file} has over {most} bytes; at most {most} are taken")
        return Refusal(said.format(file=f"{module}.py", most=f"{MAX_SOURCE:,}"))
    return Submission(module, {module: data})


def read(path: Path, most: int = MAX_SOURCE) -> bytes | Refusal:
    """The bytes of a file, opened without following a link and without waiting (a pipe would block)."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        return _refused(_("{file} is missing; `grade reset {exercise}` puts the stub back"), path)
    except OSError as error:
        if _is_link(path):
            return _refused(_("{file} is a link; put the file itself here"), path)
        return _refused(_("{file} can't be read ({reason}); mend its permissions"), path, reason=error.strerror or "")
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):  # asked first: Python makes no file object of a folder
        os.close(descriptor)
        return _refused(_("{file} is not a regular file; put your Python file in its place"), path)
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > most:
            said = _("{file} has {size} bytes; at most {most} are taken")
            return _refused(said, path, size=f"{status.st_size:,}", most=f"{most:,}")
        data = file.read(most + 1)
    grown = _("{file} grew over {most} bytes while it was read")
    return data if len(data) <= most else _refused(grown, path, most=f"{most:,}")


def _refused(said: str, path: Path, **facts: str) -> Refusal:
    return Refusal(said.format(file=path.name, exercise=path.parent.name, **facts))


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except OSError:  # a folder on the way may not be entered, or the name is too long
        return False
