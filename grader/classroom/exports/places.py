"""A folder's name for each student, whatever their id holds. Runs in: the command line."""

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import quote

_MOST = 100  # characters, all of them ASCII
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}  # of Windows

_DOTS = re.compile(r"^\.|\.(?=\.)|\.$")  # all that lead somewhere else, hide a folder, or get lost on Windows


def places(ids: Iterable[str]) -> dict[str, str]:
    """A name for each id, unique also where case counts for nothing; at most 120 bytes, and never a path.

    Letters, digits, `-`, `_` and dots inside stay, all else is percent-escaped. What is too long, empty, or differs
    from another one in case alone ends in `~` and a digest of the id.
    """
    ids = list(ids)
    plain = {student: _escaped(student) for student in ids}
    count = Counter(name.casefold() for name in plain.values())
    return {
        student: name if 0 < len(name) <= _MOST and count[name.casefold()] == 1 else _digested(name, student)
        for student, name in plain.items()
    }


def _escaped(student: str) -> str:
    name = quote(student, safe="", errors="surrogatepass").replace("~", "%7E")
    name = _DOTS.sub("%2E", name)
    return f"%{ord(name[0]):02X}{name[1:]}" if name.partition(".")[0].casefold() in _DEVICES else name


def _digested(name: str, student: str) -> str:
    return f"{name[:_MOST]}~{sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
