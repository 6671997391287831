"""A terminal whose keys are read one by one and whose screen is drawn anew each time. Runs in: command line."""

import os
import select
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

try:
    import termios
    import tty
except ImportError:  # Windows
    pass

_ENTER = "\x1b[?1049h\x1b[?7l\x1b[?25l"  # a screen of its own, long lines cut, no cursor
_LEAVE = "\x1b[?25h\x1b[?7h\x1b[?1049l"
_CHUNK = 1 << 12


class Ended(KeyboardInterrupt):
    """A signal asks the command to end. Wherever Ctrl-C leaves everything whole, this does."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def is_to_be_had() -> bool:
    """Whether both ends are a terminal that can move its cursor."""
    streams = (sys.stdin, sys.stdout)
    ends = all(stream is not None and stream.isatty() for stream in streams)
    return ends and "termios" in sys.modules and os.environ.get("TERM", "dumb") != "dumb"


@contextmanager
def ending_by_signals() -> Iterator[None]:
    """SIGTERM, SIGHUP and SIGQUIT (Ctrl-\\) raise Ended."""

    def end(number: int, frame: FrameType | None) -> None:
        del frame
        raise Ended(number)

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)]
    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Window:
    """The terminal while it is ours, as `with window:`. `changed` is called when it has to be drawn anew."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.keyboard = sys.stdin.fileno()
        self._output = sys.stdout.fileno()
        self._encoding = sys.stdout.encoding
        self._changed = changed
        self._before: Any = None  # how the terminal was, while it is ours
        self._is_entered = False  # whether the screen is our own: entered twice, the place to go back to would be lost
        self._signals: dict[int, Any] = {}

    def __enter__(self) -> "Window":
        sys.stdout.flush()
        handlers = (signal.SIGWINCH, self._resized), (signal.SIGTSTP, self._stopped), (signal.SIGCONT, self._continued)
        for number, handler in handlers:
            self._signals[number] = signal.signal(number, handler)
        self._take()
        return self

    def __exit__(self, *_: object) -> None:
        """Also right where `__enter__` was interrupted."""
        self._give_back()
        for number, handler in self._signals.items():
            signal.signal(number, handler)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Somebody else has the terminal meanwhile, as it was; Ctrl-C is theirs, and so are the keys."""
        self._give_back()
        theirs = {number: signal.signal(number, handler) for number, handler in self._signals.items()}
        try:
            yield
        finally:
            for number, handler in theirs.items():
                signal.signal(number, handler)
            with suppress(termios.error):  # it may be gone
                termios.tcflush(self.keyboard, termios.TCIFLUSH)
            self._take()
            self._changed()

    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        columns, rows = shutil.get_terminal_size((80, 24))
        return columns, rows

    def paint(self, lines: Sequence[str]) -> None:
        """Draw the screen anew, without a flicker where it stays as it is. Raises Ended where the terminal is gone."""
        below = "\r\n\x1b[J" if len(lines) < self.size()[1] else ""
        self._write(
            "\x1b[H" + "\r\n".join(f"\x1b[K{line}" for line in lines) + below
        )  # after a full line, K takes its end

    def read(self) -> bytes | None:
        """What was typed since the last time; None where nobody can type any more."""
        data = b""
        while select.select([self.keyboard], [], [], 0)[0]:
            try:
                more = os.read(self.keyboard, _CHUNK)
            except OSError:
                return None
            if not more:
                return None
            data += more
        return data

    def _write(self, text: str) -> None:
        data = text.encode(self._encoding, "backslashreplace")
        try:
            while data:
                data = data[os.write(self._output, data) :]
        except OSError:
            raise Ended(signal.SIGHUP) from None

    def _take(self) -> None:
        """Raises Ended where the terminal is gone."""
        try:
            if self._before is None:
                self._before = termios.tcgetattr(self.keyboard)
            tty.setcbreak(self.keyboard, termios.TCSADRAIN)
        except termios.error:
            raise Ended(signal.SIGHUP) from None
        self._leave()
        self._is_entered = True
        self._write(_ENTER)

    def _leave(self) -> None:
        if self._is_entered:
            self._is_entered = False
            self._write(_LEAVE)

    def _give_back(self) -> None:
        if self._before is None:
            return
        with suppress(Ended, termios.error):  # it may be gone
            self._leave()
            termios.tcsetattr(self.keyboard, termios.TCSADRAIN, self._before)
        self._before = None

    def _resized(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._changed()

    def _stopped(self, number: int, frame: FrameType | None) -> None:
        """Ctrl-Z: give the terminal back and stop, as a command does that knows nothing of this."""
        del frame
        self._give_back()
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)
        signal.signal(number, self._stopped)
        if self._before is None:  # there was nobody to stop for
            self._continued(number, None)

    def _continued(self, number: int, frame: FrameType | None) -> None:
        """By `fg` after whatever has stopped it: the terminal is ours again. By others, a shell may have it: wait."""
        del number, frame
        with suppress(OSError):  # it may be gone
            if os.tcgetpgrp(self.keyboard) != os.getpgrp():
                self._leave()
                signal.raise_signal(signal.SIGTTIN)
                return
            self._take()
            self._changed()
