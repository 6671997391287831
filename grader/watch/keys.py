"""What a terminal sends when keys are pressed, as their names. Runs in: command line."""

import re
from collections.abc import Iterator

_SEQUENCE = re.compile(r"\x1b(?:\[[0-9;?]*[@-~]|O.)|.", re.DOTALL)
_NAMES = {  # ECMA-48, and what VT220 and xterm have added
    **dict.fromkeys(("\x1b[A", "\x1bOA"), "up"),
    **dict.fromkeys(("\x1b[B", "\x1bOB", "\n", "\r"), "down"),
    **dict.fromkeys(("\x1b[5~", "b"), "page up"),
    **dict.fromkeys(("\x1b[6~", " "), "page down"),
    **dict.fromkeys(("\x1b[H", "\x1bOH", "\x1b[1~"), "home"),
    **dict.fromkeys(("\x1b[F", "\x1bOF", "\x1b[4~"), "end"),
    "\x1b": "escape",
}


def keys(data: bytes) -> Iterator[str]:
    """The keys, by name or by their character in lower case; those without a name are left out."""
    for sequence in _SEQUENCE.findall(data.decode("utf-8", "replace")):
        name = _NAMES.get(sequence, sequence.lower())
        if not name.startswith("\x1b"):
            yield name
