"""The connection to the learner's process and its output, with deadlines. Runs in: checks.

Nothing here knows what is said. Output is drained while the connection is waited for, so that a flood of it can't block
the process.
"""

import contextlib
import os
import select
import socket
import time
from collections.abc import Callable

from msgspec import Struct

OUTPUT_LIMIT = 64 * 1024  # bytes kept of what one check prints
_CHUNK = 1 << 16
_AT_ONCE = 16 * _CHUNK  # bytes of output that are taken before the connection is looked at again


class Late(Exception):
    """The deadline has passed."""


class Ended(Exception):
    """The other end is closed."""


class Unwanted(Exception):
    """Nobody wants the answer any more."""


class Attention(Struct, frozen=True):
    """What else is listened to while an answer is waited for."""

    descriptors: tuple[int, ...]
    wanted: Callable[[], bool]  # reads what has come there, and says whether the answer is still wanted


class Connection:
    """A socket and the end of a pipe with the output. Deadlines are readings of `time.monotonic`."""

    def __init__(self, connection: socket.socket, output: int) -> None:
        self._socket = connection
        self._output_end = output
        self._socket.setblocking(False)
        os.set_blocking(output, False)
        self._poll = select.poll()
        self._events = select.POLLIN  # that are waited for at the socket
        self._poll.register(self._socket, self._events)
        self._poll.register(output, select.POLLIN)
        self._output = bytearray()
        self._output_lost = 0
        self._output_open = True
        self._attention: Attention | None = None

    def heed(self, attention: Attention) -> None:
        """Listen there too. To be called once."""
        self._attention = attention
        for descriptor in attention.descriptors:
            self._poll.register(descriptor, select.POLLIN)

    @property
    def has_more(self) -> bool:
        """Whether something lies there that nobody has read; an end is found when it is written to."""
        if not self._poll.poll(0):  # as almost always
            return False
        with contextlib.suppress(OSError):
            return bool(self._socket.recv(1, socket.MSG_PEEK))
        return False

    def send(self, pieces: list[bytes | memoryview], deadline: float) -> None:
        """Raises Late, Ended and Unwanted."""
        for piece in pieces:
            view = memoryview(piece)
            while view:
                try:
                    view = view[self._socket.send(view) :]
                except BlockingIOError:
                    self._wait(deadline, select.POLLOUT)
                except OSError:
                    raise Ended from None

    def read(self, place: memoryview, deadline: float) -> int:
        """Fill the beginning of a place. Returns with how many bytes.

        Raises Late, also for bytes that lie ready, Ended and Unwanted.
        """
        if time.monotonic() > deadline:
            raise Late
        while True:
            try:
                got = self._socket.recv_into(place)
            except BlockingIOError:
                self._wait(deadline, select.POLLIN)
                continue
            except OSError:
                raise Ended from None
            if not got:
                raise Ended
            return got

    def wait(self, deadline: float) -> None:
        """Until there is something to read, or the end. Raises Late and Unwanted."""
        self._wait(deadline, select.POLLIN)

    def _wait(self, deadline: float, events: int) -> None:
        if events != self._events:
            self._events = events
            self._poll.modify(self._socket, events)
        while True:
            left = deadline - time.monotonic()
            ready = dict(self._poll.poll(max(left, 0.0) * 1000))
            if self._output_end in ready:
                self.drain(_AT_ONCE)
            heeded = self._attention
            if heeded and not ready.keys().isdisjoint(heeded.descriptors) and not heeded.wanted():
                raise Unwanted
            if left <= 0:
                raise Late
            if self._socket.fileno() in ready:
                return

    def drain(self, limit: int = 16 * 2**20) -> None:
        """Take what was printed so far, up to `limit` bytes; past OUTPUT_LIMIT only the count is kept."""
        taken = 0
        while self._output_open and taken < limit:
            try:
                data = os.read(self._output_end, _CHUNK)
            except BlockingIOError:
                return
            if not data:
                self._output_open = False
                self._poll.unregister(self._output_end)
                return
            room = max(OUTPUT_LIMIT - len(self._output), 0)
            self._output += data[:room]
            self._output_lost += len(data) - len(data[:room])
            taken += len(data)

    def take_output(self) -> str:
        """What was drained since the last time; undecodable bytes are shown as escapes."""
        text = self._output.decode("utf-8", "backslashreplace")
        if self._output_lost:
            text += f"\n… and {self._output_lost:,} more bytes"
        self._output.clear()
        self._output_lost = 0
        return text
