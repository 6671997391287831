"""This package's files for the learner's process, in place and as copies. Runs in: every trusted process.

Bubblewrap copies them, as a mount of each would take it far longer. A copy is a compiled file, without its source,
wherever Python itself would take that for the source's: nobody inside could tell that it is old.
"""

import importlib.util
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path

NAMES = (  # of the modules
    "__init__",
    "worker",
    "forking",
    "scratch",
    "generators",
    "sources",
    "gathering",
    "statements",
    "raised",
    "project",
    "operations",
    "endpoint",
    "mirrors",
    "arrays",
    "trees",
    "namespaces",
    "remote",
    "shared",
    "wire",
    "parts",
    "confine",
    "landlock",
    "seccomp",
)
_32_BITS = 0xFFFFFFFF


@cache
def in_place() -> tuple[Path, ...]:
    """The files that the learner's process runs, and the compiled ones."""
    return tuple(path for file in _modules() for path in (file, _compiled(file)) if path is not None)


@cache
def copies() -> dict[Path, Path]:
    """The same, as they are copied: what a file is there, and here. A compiled one can do without its source."""
    found = ((file, _compiled(file) or file) for file in _modules())
    return {file.with_suffix(made.suffix): made for file, made in found}


@contextmanager
def opened(*, wanted: bool = True) -> Iterator[dict[Path, int]]:
    """The `copies` that are wanted, all or none, each with a descriptor of what it is a copy of. Raises OSError."""
    descriptors: dict[Path, int] = {}
    try:
        for place, file in copies().items() if wanted else ():
            descriptors[place] = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        yield descriptors
    finally:
        for descriptor in descriptors.values():
            os.close(descriptor)


def _modules() -> Iterator[Path]:
    return (Path(__file__).with_name(f"{name}.py") for name in NAMES)


def _compiled(file: Path) -> Path | None:
    """The compiled file of a module, made now where it is missing or old; None where none can be kept."""
    with suppress(OSError):  # compiled files can be kept where we may not look
        compiled = Path(importlib.util.cache_from_source(str(file)))
        if not _is_current(compiled, file) and not sys.dont_write_bytecode and os.access(file.parent, os.W_OK):
            _compile(file)
        if _is_current(compiled, file):
            return compiled
    return None


def _is_current(compiled: Path, file: Path) -> bool:
    """Whether it is of this Python and of the file as it is, as Python sees it: by length and time, or by a hash."""
    with suppress(FileNotFoundError), compiled.open("rb") as opened:
        magic, kind, rest = opened.read(4), int.from_bytes(opened.read(4), "little"), opened.read(8)
        if magic == importlib.util.MAGIC_NUMBER and kind == 0:
            found = file.stat()
            return rest == struct.pack("<II", int(found.st_mtime) & _32_BITS, found.st_size & _32_BITS)
        return magic == importlib.util.MAGIC_NUMBER and rest == importlib.util.source_hash(file.read_bytes())
    return False


def _compile(file: Path) -> None:
    """Have Python keep the code of a module that this side may never import; nothing can be kept inside a sandbox."""
    with suppress(SyntaxError):  # told by who imports it
        SourceFileLoader(f"grader.{file.stem}", str(file)).get_code(f"grader.{file.stem}")
