"""Ask and stop the learner's process. Runs in: checks.

The process is never believed: a frame over its cap, an answer to another question, a late or second one, all end it as
crashed. Deadlines are read from this side's clock alone.
"""

import gc
import os
import signal
import time
from functools import partial
from typing import Any, NoReturn, Protocol

from grader import wire
from grader.bounds import Bounds, TooLate, memory
from grader.connection import Attention, Connection, Ended, Late, Unwanted
from grader.functions import Functions
from grader.language import _
from grader.launch import START_SECONDS, Launched, launch
from grader.result import Outcome, SandboxLevel

ALLOWANCE = 64 * 2**20  # bytes of memory that a process may fill here before we look how much of it is still in use
_UNSEEN = 2**20  # bytes of that before which we do not even look what there was
MOST_KEPT = 96 * 2**20  # bytes by which this side may grow in one check: the calls are kept for the diagnosis
MEMORY_OF_BODY = 64  # bytes that a byte of a body can come to here: an empty list is one byte, and 64 in memory
_MAX_CALLBACKS_PER_CALL = 200_000


class ProcessFault(Exception):
    """The learner's process cannot answer any more. `outcome` and `message` say what a learner is told."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.message = message


class Codec(Protocol):
    """What the frames carry beside plain values, and what is done when the process asks for it."""

    def encode(self, message: list[Any], *, writable: bool = True) -> list[bytes | memoryview]: ...

    def decode(self, body: memoryview, blobs: memoryview) -> Any: ...

    def perform(self, *request: Any) -> Any:
        """Raises WireError for what nobody could ask in good faith, and whatever the check's own code raises."""

    def failure(self, error: Exception) -> Any:
        """What the process is told of an exception of the check's own code."""


class LearnerProcess:
    """One process for one exercise, launched before (`grader.launch`) or now."""

    def __init__(self, launched: Launched | None = None) -> None:
        self._launched = launched or launch(SandboxLevel.PROCESS)
        self._connection = Connection(self._launched.connection, self._launched.output)
        self.codec: Codec = Functions()
        self._number = 0
        self._callbacks = 0  # received
        self._bounds = Bounds(0.0)  # for the functions that the call now answered asks for: none yet
        self._allowance = ALLOWANCE
        self._memory_before: int | None = None  # when the check began, or when there was something worth looking at
        self._started = False
        self._alive = True

    def ask(
        self,
        kind: str,
        *payload: object,
        deadline: float,
        writable: bool = False,
    ) -> list[Any]:
        """Send a request and return its answer: ["value", …], ["error", …], ["unsendable", …] or ["missing", …].

        `deadline` is a reading of `time.monotonic`. Functions found in the payload are called here while the answer is
        awaited, and may themselves ask. Raises ProcessFault when no answer can come, after which this process is gone;
        Unsendable when the payload does not travel.
        """
        if not self._alive:
            raise ProcessFault(Outcome.CRASHED, _("the process had ended before this call"))
        number = self._number = self._number + 1
        pieces = self.codec.encode([kind, number, *payload], writable=writable)
        self.ready()
        self._refuse_unasked()
        self._send(pieces, deadline)
        return self._answer(number, deadline)

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return self._alive

    def has_ended(self) -> bool:
        """Whether it is gone, though nobody stopped it."""
        try:
            self._launched.ended(0.0)
        except TimeoutError:
            return False
        return True

    def heed(self, attention: Attention) -> None:
        """Listen there too while an answer is waited for. One that is not wanted any more ends the process."""
        self._connection.heed(attention)

    def ready(self) -> float:
        """Wait until the process has started. Returns the time (`time.monotonic`) from which the learner's counts."""
        if not self._started:
            if self._receive(time.monotonic() + START_SECONDS) != ["ready", 0]:
                self._broken(_("it spoke before it was asked"))
            self._started = True
        return time.monotonic()

    def prove(self, canary: str) -> list[str]:
        """What the process can do that its level forbids; nothing, if the level holds. `canary`: a file out of bounds.

        To be asked before the learner's files are sent. Raises ProcessFault where the process does not even start.
        """
        self.ready()
        if self._launched.level is SandboxLevel.PROCESS:
            return []
        match self.ask("prove", canary, os.getpid(), deadline=time.monotonic() + START_SECONDS):
            case ["value", list(worked), None]:
                return [str(name) for name in worked]
        return ["answer"]

    def next_check(self) -> None:
        """A new check begins: what it makes this side keep is counted anew."""
        self._allowance = ALLOWANCE
        self._memory_before = None

    def _expect(self, body: int, blobs: int) -> None:
        """A frame with parts of so many bytes is about to be read."""
        self._allowance -= body * MEMORY_OF_BODY + blobs
        if self._memory_before is None and self._allowance < ALLOWANCE - _UNSEEN:
            self._memory_before = memory()
        if self._allowance < 0:
            self._look_at_memory()
            self._allowance = ALLOWANCE

    def _look_at_memory(self) -> None:
        assert self._memory_before is not None
        if memory() - self._memory_before > MOST_KEPT:
            gc.collect()
        if memory() - self._memory_before > MOST_KEPT:
            self._broken(_("it sent more in one check than the grader keeps"))

    def _refuse_unasked(self) -> None:
        """What lies in the connection before a request goes out was said by nobody who was asked."""
        if self._connection.has_more:
            self._broken(_("it gave an answer that nobody asked for"))

    def _answer(self, asked: int, deadline: float) -> list[Any]:
        around, self._bounds = self._bounds, Bounds(deadline)
        try:
            around.pause()
            answer = self._answer_in_bounds(asked, deadline)
        finally:
            self._bounds.close()
            self._bounds = around
        around.go_on()
        return answer

    def _answer_in_bounds(self, asked: int, deadline: float) -> list[Any]:
        count = 0
        while True:
            match self._receive(deadline):
                case ["callback", int(number), *request] if _is(number, self._callbacks + 1):
                    self._callbacks = number
                    count += 1
                    if count > _MAX_CALLBACKS_PER_CALL:
                        self._broken(_("it called the given function too often"))
                    self._send(self._call_back(number, request), deadline)
                case [("value" | "error" | "unsendable" | "missing") as kind, int(number), *rest] if _is(number, asked):
                    return [kind, *rest]
                case _:
                    self._broken(_("it gave an answer that nobody asked for"))

    def _call_back(self, number: int, request: list[Any]) -> list[bytes | memoryview]:
        try:
            with self._bounds.one():
                pieces = self.codec.encode(["return", number, self.codec.perform(*request)])
        except TooLate:
            self._too_late()
        except ProcessFault:  # of a call within
            raise
        except wire.WireError as error:
            self._broken(str(error))
        except Exception as error:
            pieces = self._raise(number, error)
        except BaseException:  # the check itself is over; the process would wait for ever
            self.stop()
            raise
        if not self._alive:
            raise ProcessFault(Outcome.CRASHED, _("the process ended while it called the function that it was given"))
        return pieces

    def _raise(self, number: int, error: Exception) -> list[bytes | memoryview]:
        """What the process is told of an exception of the check's own code; in words where it can't go itself."""
        if isinstance(error, wire.Unsendable):
            error = TypeError(f"{error.what} of the test can't be handed over")
        try:
            return self.codec.encode(["raise", number, self.codec.failure(error)])
        except wire.Unsendable:
            return self.codec.encode(
                ["raise", number, self.codec.failure(RuntimeError(f"{type(error).__name__}: {error}"))]
            )

    def _send(self, pieces: list[bytes | memoryview], deadline: float) -> None:
        try:
            self._connection.send(wire.gathered(pieces), deadline)
        except Unwanted:
            self._unwanted()
        except Late:
            self._too_late()
        except Ended:
            self._ended()

    def _receive(self, deadline: float) -> list[Any]:
        try:
            self._connection.wait(deadline)
            read = partial(self._connection.read, deadline=deadline)
            message = self.codec.decode(*wire.receive(read, self._expect))
        except Unwanted:
            self._unwanted()
        except Late:
            self._too_late()
        except Ended:
            self._ended()
        except wire.WireError as error:
            self._broken(str(error))
        if type(message) is not list:
            self._broken(_("it sent something that is no message"))
        return message

    def take_output(self) -> str:
        """What the learner's code printed since the last time, capped; undecodable bytes are shown as escapes."""
        if self._alive:
            self._connection.drain()
        return self._connection.take_output()

    def _unwanted(self) -> NoReturn:
        self.stop()
        raise ProcessFault(Outcome.SKIPPED, _("nobody waits for the answer any more"))

    def _too_late(self) -> NoReturn:
        self.stop()
        raise ProcessFault(Outcome.TIMED_OUT, _("it did not answer in time"))

    def _broken(self, why: str) -> NoReturn:
        self.stop()
        said = _("the code broke the connection to the grader ({reason})")
        raise ProcessFault(Outcome.CRASHED, said.format(reason=why))

    def _ended(self) -> NoReturn:
        """The connection is closed: say how the process ended."""
        try:
            status = self._launched.ended(1.0)
        except TimeoutError:
            self._broken(_("it closed it"))
        self.stop()
        if not self._started:
            said = _("the learner's process did not start (status {status})")
            raise ProcessFault(Outcome.GRADER_ERROR, said.format(status=status))
        raise ProcessFault(Outcome.CRASHED, _how_it_ended(status))

    def stop(self) -> None:
        """Kill the process and its group, keep what it printed, remove its scratch folder. Idempotent."""
        if not self._alive:
            return
        self._alive = False
        try:
            self._launched.kill()
            self._connection.drain()
        finally:  # Ctrl-C may come while it ends
            self._launched.clear()


def _is(number: int, expected: int) -> bool:
    """Exactly this number: True is an int too, and equal to 1."""
    return type(number) is int and number == expected


def _how_it_ended(status: int) -> str:
    if status == wire.BROKEN:
        return _("the code broke the connection to the grader")
    if status == wire.CONNECTION_LOST:
        return _("the code closed the connection to the grader; it may close only what it opened")
    if status >= 0:
        said = _("the code ended Python itself, with exit status {status}; leave out os._exit")
        return said.format(status=status)
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = _("signal {number}").format(number=-status)
    if name == "SIGSEGV":  # some Pythons end so where others raise RecursionError
        return _("the Python process was ended by SIGSEGV, as when a function calls itself without end")
    return _("the Python process was ended by {signal}").format(signal=name)
