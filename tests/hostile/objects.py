"""Submissions that are hostile, or merely odd, as objects of the file system: {name: (verdicts, what makes it)}."""

import codecs
import os
import socket
from collections.abc import Callable
from pathlib import Path

RIGHT = "import numpy as np\n\n\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-np.asarray(x, dtype=float)))\n"
_WITHOUT_ANY = 0o000


def _folder(path: Path) -> None:
    path.mkdir()
    (path / "__init__.py").write_text(RIGHT, encoding="utf-8")


def _link_to_a_right_one(path: Path) -> None:
    other = path.with_name("other.txt")
    other.write_text(RIGHT, encoding="utf-8")
    path.symlink_to(other)


def _socket(path: Path) -> None:
    """Bound by a short name: a socket's path has at most 107 bytes."""
    folder = os.open(path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(f"/proc/self/fd/{folder}/{path.name}")
    os.close(folder)


def _closed(path: Path) -> None:
    path.write_text(RIGHT, encoding="utf-8")
    path.chmod(_WITHOUT_ANY)


OBJECTS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "folder": ("fail:refused", _folder),
    "link": ("fail:refused", _link_to_a_right_one),
    "link_without_end": ("fail:refused", lambda path: path.symlink_to("/dev/zero")),
    "pipe": ("fail:refused", os.mkfifo),
    "socket": ("fail:refused", _socket),
    "no_permission": ("fail:refused|fail:error|pass", _closed),  # root may read it all the same
    "empty": ("fail:error", lambda path: path.write_bytes(b"")),
    "missing": ("fail:refused", lambda path: path),
    "utf16": ("fail:error|pass", lambda path: path.write_bytes(RIGHT.encode("utf-16"))),
    "bom_and_crlf": ("pass", lambda p: p.write_bytes(codecs.BOM_UTF8 + RIGHT.replace("\n", "\r\n").encode())),
}
