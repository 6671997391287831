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
        ours, theirs = socket.socketpair()
        output, output_in = os.pipe()
        self._count += 1
        inside = self.level is SandboxLevel.STRICT
        scratch = sandbox.SCRATCH / str(self._count) if inside else scratch_folder(self.level)
        try:
            answer, descriptors = self._ask(f"fork {scratch}", theirs.fileno(), output_in)
            if not answer or not descriptors:
                raise OSError(self._last_words())
        except BaseException as error:
            ours.close()
            os.close(output)
            if not inside:
                remove(str(scratch))
            if isinstance(error, BrokenPipeError | ConnectionError):
                raise OSError(self._last_words()) from None
            raise
        finally:
            theirs.close()
            os.close(output_in)
        return Fork(ours, output, self, int(answer), descriptors[0], None if inside else scratch)

    def _ask(self, request: str, *descriptors: int) -> tuple[bytes, list[int]]:
        """Its answer, and the descriptors that came along. Raises OSError.

        Whatever ends the wait, Ctrl-C for one, ends the zygote: the next to ask would get this answer for their own.
        """
        try:
            socket.send_fds(self._control, [request.encode()], descriptors)
            answer, received, _, _ = socket.recv_fds(self._control, _LONGEST_ANSWER, 1)
        except BaseException:
            self._over = True
            self._control.close()
            raise
        return answer, received

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
            status, _, folder = self._ask(f"reap {number}")[0].decode().partition(" ")
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
    number: int  # in the zygote's namespace
    descriptor: int  # stands for the process, whatever its number is here
    scratch: Path | None  # None where the zygote has made it
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
        os.close(self.descriptor)
        if self.scratch is not None:
            remove(str(self.scratch))
