"""A terminal that a test drives: a command on a pty, and what stands on its screen as a terminal emulator shows it."""

import copy
import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyte

from .command import environment

AT_MOST_SECONDS = 60.0  # on a busy machine; nothing waits for so long that goes well


class Screen(pyte.Screen):
    """With a second screen for programs that fill the window, as xterm has it; pyte leaves that out."""

    _second = 1049 << 5  # how pyte numbers private modes

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        super().set_mode(*modes, **kwargs)
        if self._second in self.mode and 1049 in modes:
            self._first = copy.deepcopy((self.buffer, self.cursor))
            self.erase_in_display(2)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        if self._second in self.mode and 1049 in modes:
            self.buffer, self.cursor = self._first
            self.dirty.update(range(self.lines))
        super().reset_mode(*modes, **kwargs)


class Terminal:
    """One command on a terminal of its own. `watch_for` reads until something stands there."""

    def __init__(self, command: list[str], folder: Path, *, columns: int = 80, rows: int = 24, **changes: str) -> None:
        self._ours, self.theirs = pty.openpty()
        self.screen = Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""  # all of it
        self._set_size(columns, rows)
        self.before = termios.tcgetattr(self.theirs)
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(**changes),
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
            preexec_fn=self._control,  # noqa: PLW1509 - there are no threads here
            start_new_session=True,
        )

    def _control(self) -> None:
        """Make it the controlling terminal, so that its keys send signals; before the command begins."""
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def watch_for(self, *wanted: str, without: str = "\0") -> str:
        """Read until all of it stands on the screen, and what is unwanted does not. Returns the screen."""
        return self.until(lambda text: all(one in text for one in wanted) and without not in text, repr(wanted))

    def until(self, holds: Callable[[str], bool], what: str = "it") -> str:
        deadline = time.monotonic() + AT_MOST_SECONDS
        while not holds(self.text):
            left = deadline - time.monotonic()
            assert left > 0, f"{what} did not come; the screen:\n{self.text}"
            assert self.read(left), f"{what} did not come before the end; the screen:\n{self.text}"
        return self.text

    def read(self, seconds: float) -> bool:
        """Show what is written within that time. False at the end, when nobody has the terminal any more."""
        data = self.take(seconds)
        self._stream.feed(data or b"")
        return data is not None

    def take(self, seconds: float) -> bytes | None:
        """What is written within that time, if anything, as it came; None at the end."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self._ours, 1 << 16)
        except OSError:  # how Linux says it
            return None
        self.written += data
        return data or None

    def end(self) -> int:
        """Read until the command has ended. Returns its exit code."""
        deadline = time.monotonic() + AT_MOST_SECONDS
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"it goes on; the screen:\n{self.text}"
            self.read(0.01)
        while select.select([self._ours], [], [], 0)[0] and self.read(0):
            pass
        return self.process.returncode

    def attributes(self) -> list[Any]:
        return termios.tcgetattr(self.theirs)

    def hang_up(self) -> None:
        """Close the terminal, as a window is closed."""
        os.close(self.theirs)
        os.close(self._ours)
        self.theirs = self._ours = -1

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for descriptor in (self._ours, self.theirs):
            with suppress(OSError):
                os.close(descriptor)


@contextmanager
def terminal(command: list[str], folder: Path, **how: Any) -> Iterator[Terminal]:
    """The command on a terminal, and its end."""
    made = Terminal(command, folder, **how)
    try:
        yield made
    finally:
        made.close()
