"""Run the real command `grade`: as a script would, or on a terminal of a given width."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

from grader.blas import ONE_THREAD

_SIGNS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_OF_THE_USER = frozenset(
    [*ONE_THREAD, *("COLUMNS", "LINES", "NO_COLOR", "NEUROGRADE_DATA", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")]
)

SOLVED = "import numpy as np\n\n\ndef scale(values, factor=2.0):\n    return np.multiply(values, factor)\n"
HALF = "def scale(values, factor=2.0):\n    return values * 2.0\n"


def environment(**changes: str) -> dict[str, str]:
    """This process's environment with `grade` on the path, without what a user may have set, in a UTF-8 locale."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_THE_USER}
    kept["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), kept.get("PATH", os.defpath)))
    return kept | {"LANG": "C.UTF-8", "TERM": "xterm-256color"} | changes


def grade(folder: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run `grade` in a folder with its output piped; `changes` are environment variables."""
    return subprocess.run(
        ["grade", *arguments],
        check=False,
        cwd=folder,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def on_terminal(folder: Path, *arguments: str, columns: int = 80, **changes: str) -> tuple[int, str]:
    """Run `grade` on a terminal of its own; returns (exit code, everything that it printed)."""
    return _on_terminal(["grade", *arguments], folder, columns, environment(**changes))


def on_terminal_python(script: str, columns: int) -> str:
    """What a Python script prints on a terminal of its own."""
    return _on_terminal([sys.executable, "-c", script], Path.cwd(), columns, environment())[1]


def _on_terminal(command: list[str], folder: Path, columns: int, variables: dict[str, str]) -> tuple[int, str]:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(command, cwd=folder, env=variables, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    text = b""
    try:
        while data := os.read(ours, 1 << 16):
            text += data
    except OSError:  # how Linux says that nobody holds the other end any more
        pass
    os.close(ours)
    return process.wait(timeout=60), text.decode("utf-8").replace("\r\n", "\n")


def without_signs(text: str) -> str:
    """A terminal's output without colours and cursor movements."""
    return _SIGNS.sub("", text)
