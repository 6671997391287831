"""Learner's processes as forks of one that has loaded everything. Runs in: checks.

Starting Python with NumPy takes a hundred times as long as a fork. What the other side does is in `grader.forking`.

A process that loads much and then forks can have zygotes load meanwhile: those that are `ahead` are its forks' to take
over, one each, and every one ends when nobody holds its socket any more.
"""

import os
import select
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from grader import sandbox
from grader.launch import START_SECONDS, in_lasting_thread, reap_group, scratch_folder, start_python
from grader.result import SandboxLevel
from grader.scratch import remove

LEVELS = (SandboxLevel.LANDLOCK, SandboxLevel.STRICT)  # at which a process can't reach others, the zygote for one
_LONGEST_ANSWER = 64
_LAST_WORDS = 4096
_LAST_SECONDS = 5.0  # to end, for one that has closed its socket


class Zygote:
    """One process at a level, which is loading on its own. Raises OSError where it can't be started.

    Once it has loaded, it and its forks are bound to a `core`, where there is one.
    """

    def __init__(self, level: SandboxLevel, core: int | None = None) -> None:
        self.level = level
        self._count = 0
        self._over = False
        self._ordered: Fork | None = None
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(START_SECONDS)
        try:
            self._process, self._output = in_lasting_thread(
                lambda: start_python(level, theirs, None, zygote=True, core=core)
            )
        except BaseException:
            self._control.close()
            raise
        self._descriptor = os.pidfd_open(self._process.pid)  # a fork of this process can't wait for its children
        self._maker = os.getpid()

    @property
    def usable(self) -> bool:
        """Whether it lives, can give a fork an empty scratch folder, and owes nobody an answer."""
        return not self._over and not self._has_ended(0.0)

    def _has_ended(self, seconds: float) -> bool:
        """Whether it is over, within so much time. Its maker clears it away then."""
        if not select.select([self._descriptor], [], [], seconds)[0]:
            return False
        if os.getpid() == self._maker:
            self._process.wait()
        return True

    def fork(self) -> "Fork":
        """A process that nobody has used. Waits until the zygote has loaded. Raises OSError with its last words."""
        if self._over:
            raise OSError(self._last_words())
        try:
            self.order()
            self._take_order()
        except (BrokenPipeError, ConnectionError):
            raise OSError(self._last_words()) from None
        assert self._ordered is not None
        made, self._ordered = self._ordered, None
        return made

    def order(self) -> None:
        """Have the next `fork` made as soon as the zygote has loaded, while nobody waits for it. Raises OSError."""
        if self._ordered is not None:
            return
        ours, theirs = socket.socketpair()
        output, output_in = os.pipe()
        self._count += 1
        inside = self.level is SandboxLevel.STRICT
        scratch = sandbox.SCRATCH / str(self._count) if inside else scratch_folder(self.level)
        self._ordered = Fork(ours, output, self, None if inside else scratch)
        try:
            with self._ending_with_it():
                socket.send_fds(self._control, [f"fork {scratch}".encode()], [theirs.fileno(), output_in])
        finally:
            theirs.close()
            os.close(output_in)

    def _take_order(self) -> None:
        """Hear of the process that is ordered; what is asked next is answered after that. Raises OSError."""
        if self._ordered is None or self._ordered.number:
            return
        with self._ending_with_it():
            answer, descriptors, _, _ = socket.recv_fds(self._control, _LONGEST_ANSWER, 1)
            if not answer or not descriptors:
                raise OSError(self._last_words())
        self._ordered.number, self._ordered.descriptor = int(answer), descriptors[0]

    @contextmanager
    def _ending_with_it(self) -> Iterator[None]:
        """Whatever ends the wait, Ctrl-C for one, ends the zygote: the next to ask would get that answer for theirs."""
        try:
            yield
        except BaseException:
            self._over = True
            self._control.close()
            self._cancel()
            raise

    def _cancel(self) -> None:
        """Nobody will have the process that is ordered."""
        if self._ordered is not None:
            self._ordered.clear()
            self._ordered = None

    def _last_words(self) -> str:
        """What it wrote before it ended, the last line of it."""
        self._has_ended(_LAST_SECONDS)
        said = b""
        if select.select([self._output], [], [], 0)[0]:
            said = os.read(self._output, _LAST_WORDS)
        lines = said.decode("utf-8", "replace").strip().splitlines()
        status = "unknown" if self._process.returncode is None else self._process.returncode
        why = f"the learner's process did not start (status {status})"
        return "; ".join([why, *lines[-1:]])

    def reap(self, number: int) -> int:
        """Wait for the end of a fork that has been killed, or has ended. Returns its status, as `os.waitpid` has it."""
        try:
            self._take_order()
            with self._ending_with_it():
                self._control.send(f"reap {number}".encode())
                status, _, folder = self._control.recv(_LONGEST_ANSWER).decode().partition(" ")
            self._over = self._over or bool(folder)
            return int(status)
        except (OSError, ValueError):  # it is gone, and with it all its forks
            self._over = True
            return int(signal.SIGKILL)

    def close(self) -> None:
        """End it, and with it its forks."""
        with suppress(ProcessLookupError):
            if os.getpid() == self._maker:
                os.killpg(self._process.pid, signal.SIGKILL)
            else:  # its number may be another's by now
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)
        if self._has_ended(START_SECONDS) and os.getpid() == self._maker:
            reap_group(self._process.pid)
        self.let_go()

    def let_go(self) -> None:
        """Leave it to who else has it; it ends when nobody has."""
        self._cancel()
        self._control.close()
        os.close(self._output)
        os.close(self._descriptor)

    def see_the_end(self) -> None:
        """Clear away one that was let go of, and that nobody has any more. For its maker."""
        try:
            self._process.wait(_LAST_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        reap_group(self._process.pid)


_ahead: list[Zygote] = []
_left: list[Zygote] = []  # to forks; this process has made them


@contextmanager
def ahead(level: SandboxLevel, count: int, cores: Sequence[int] = ()) -> Iterator[None]:
    """Start so many at a level, for the forks that this process makes meanwhile, and see their end.

    They are bound to these cores, one after the other, where there are any; but while they load, the first is left to
    this process, for which they will have to wait. Raises OSError.
    """
    try:
        with _bound_to(cores[1:]):
            _ahead.extend(Zygote(level, cores[number % len(cores)] if cores else None) for number in range(count))
        yield
    finally:
        while _ahead:  # no fork was made
            _ahead.pop().close()
        while _left:
            _left.pop().see_the_end()


@contextmanager
def _bound_to(cores: Sequence[int]) -> Iterator[None]:
    """What is started meanwhile inherits this. Of no cores it is nothing."""
    if not cores:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def leave() -> None:
    """Leave those that are ahead to the forks that have been made."""
    while _ahead:
        _left.append(_ahead.pop())
        _left[-1].let_go()


def take_over(number: int) -> None:
    """In a fork: have that one of those that are ahead, and leave the others."""
    _ahead[:], others = _ahead[number : number + 1], _ahead[:number] + _ahead[number + 1 :]
    for other in others:
        other.let_go()


def zygote(level: SandboxLevel) -> Zygote:
    """One that is ahead at this level, else a new one. Raises OSError where it can't be started."""
    found = next((made for made in _ahead if made.level is level), None)
    if found is None:
        return Zygote(level)
    _ahead.remove(found)
    return found


class Fork(Struct):
    """A learner's process, forked from a zygote."""

    connection: socket.socket
    output: int
    zygote: Zygote
    scratch: Path | None  # None where the zygote has made it
    number: int = 0  # in the zygote's namespace, once it is there
    descriptor: int = -1  # stands for the process, whatever its number is here
    status: int | None = None

    @property
    def level(self) -> SandboxLevel:
        return self.zygote.level

    def ended(self, seconds: float) -> int:
        if self.status is None:
            if not select.select([self.descriptor], [], [], seconds)[0]:
                raise TimeoutError
            self.status = os.waitstatus_to_exitcode(self.zygote.reap(self.number))
        return self.status

    def kill(self) -> None:
        if self.status is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.descriptor, signal.SIGKILL)
            self.ended(START_SECONDS)

    def clear(self) -> None:
        self.connection.close()
        os.close(self.output)
        if self.number:
            os.close(self.descriptor)
        if self.scratch is not None:
            remove(str(self.scratch))
