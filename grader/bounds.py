"""Bounds of what the learner's process can make this side do. Runs in: checks.

A function that a check gives is called with what the learner's code chooses: `lambda n: [0] * n` takes as much memory
as it says, and a loop over `range(n)` as much time. While such a function runs, this process may use so much more
memory and no more, and a timer ends it at the deadline of the call. The timer is heard between two steps of Python
code: a single one that takes for ever, as `sum(range(n))`, is not ended.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

if sys.platform != "win32":
    import resource

MOST_OF_A_FUNCTION = 192 * 2**20  # bytes of address space, beyond what there was when the learner's code was called
_AT_ONCE = 1e-6  # seconds; zero would mean never
_ON = sys.platform == "linux"  # elsewhere address space counts otherwise, or can't be limited


class TooLate(BaseException):
    """The deadline has passed while a function of the check ran; no `except Exception` of it may keep this."""


class Bounds:
    """The bounds for the functions that one call of the learner's code asks for, one after another.

    `with bounds.one()` runs one of them; `close` ends it all. Nothing is done before the first one.
    """

    def __init__(self, deadline: float) -> None:
        """`deadline`: a reading of `time.monotonic`."""
        self._deadline = deadline
        self._before: tuple[int, int] | None = None
        self._during = (0, 0)
        self._alarm: _Alarm | None = None

    @contextmanager
    def one(self) -> Iterator[None]:
        """Run a function. Raises TooLate at the deadline, and has it raise MemoryError."""
        if not _ON:
            yield
            return
        if self._before is None:
            soft, hard = self._before = resource.getrlimit(resource.RLIMIT_AS)
            self._during = _lower(_pages(0) + MOST_OF_A_FUNCTION, soft), hard
            if threading.current_thread() is threading.main_thread():  # signals are heard nowhere else
                self._alarm = _Alarm(self._deadline)
        try:
            resource.setrlimit(resource.RLIMIT_AS, self._during)
            if self._alarm is not None:
                self._alarm.heard = True
            yield
        finally:
            if self._alarm is not None:
                self._alarm.heard = False
            resource.setrlimit(resource.RLIMIT_AS, self._before)

    def pause(self) -> None:
        """The function waits for the learner's code, which has a deadline of its own; a fault of that ends this too."""
        if self._alarm is not None:
            self._alarm.heard = False

    def go_on(self) -> None:
        """The function has its answer."""
        if self._alarm is not None:
            self._alarm.heard = True
            self._alarm.set(self._deadline)

    def close(self) -> None:
        """The call is over."""
        if self._alarm is not None:
            self._alarm.end()
        if self._before is not None:  # the alarm may have rung before it was set back
            resource.setrlimit(resource.RLIMIT_AS, self._before)


class _Alarm:
    """Raises TooLate at a time, in the main thread, while it is heard. At its end, what was set before is set again."""

    def __init__(self, deadline: float) -> None:
        self.heard = False
        self._handler = signal.signal(signal.SIGALRM, self._ring)
        left = self.set(deadline)
        self._next = time.monotonic() + left if left else None

    @staticmethod
    def set(deadline: float) -> float:
        """Have it ring at the deadline. Returns the seconds after which another one would have."""
        return signal.setitimer(signal.ITIMER_REAL, max(deadline - time.monotonic(), _AT_ONCE))[0]

    def _ring(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self.heard:
            raise TooLate

    def end(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._handler)
        if self._next is not None:
            self.set(self._next)


def _lower(most: int, limit: int) -> int:
    return most if limit < 0 else min(most, limit)  # RLIM_INFINITY is -1


def memory() -> int:
    """Bytes of memory that this process uses now; 0 where the system does not say."""
    return _pages(1) if _ON else 0


def _pages(column: int) -> int:
    """A count of /proc/self/statm, in bytes: 0 is the address space, 1 what of it is in memory.

    Without `open` and `Path`: a test may have put something else in the place of the one, or of `os.name`.
    """
    descriptor = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    try:
        return int(os.read(descriptor, 200).split()[column]) * resource.getpagesize()
    finally:
        os.close(descriptor)
