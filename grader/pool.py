"""Learner processes in advance: launched ahead, made to prove their level, handed out. Runs in: checks."""

from contextlib import closing, suppress
from typing import TYPE_CHECKING, Protocol

from grader import sandbox
from grader.errors import SandboxError
from grader.language import N_, _
from grader.launch import Launched, Started, launch
from grader.result import SandboxLevel
from grader.zygote import LEVELS, zygote

if TYPE_CHECKING:
    from grader.process import LearnerProcess

CANARY = __file__  # out of bounds to a learner's process, as is all of the grader that it doesn't need


# Ways out as `grader.confine` names them, in a process that speaks English.
_WAYS = (N_("read a file outside"), N_("signal the grader"), N_("open a socket"), N_("start a process"), N_("answer"))


class Source(Protocol):
    """Where processes of one level come from. Making one raises OSError where the level can't be had at all."""

    level: SandboxLevel

    @property
    def usable(self) -> bool:
        """Whether it may be asked again."""

    def process(self) -> Launched:
        """A process that nobody has used. Raises OSError."""

    def hurry(self) -> None:
        """Another process will be asked for."""

    @property
    def is_quick(self) -> bool:
        """Whether a process is there in a moment."""

    def close(self) -> None:
        """End what nobody took."""


class Forks:
    """Forks of a zygote, which loads once."""

    def __init__(self, level: SandboxLevel) -> None:
        self.level = level
        self._zygote = zygote(level)

    @property
    def usable(self) -> bool:
        return self._zygote.usable

    def process(self) -> Launched:
        return self._zygote.fork()

    def hurry(self) -> None:
        """A fork is made faster than asked for."""

    @property
    def is_quick(self) -> bool:
        return True

    def close(self) -> None:
        self._zygote.close()


class Starts:
    """Processes that are started one by one, each while another one works, so that nobody waits for NumPy to load."""

    def __init__(self, level: SandboxLevel) -> None:
        self.level = level
        self._ahead: Started | None = launch(level)

    @property
    def usable(self) -> bool:
        return self._ahead is None or self._ahead.process.poll() is None

    def process(self) -> Launched:
        taken, self._ahead = self._ahead or launch(self.level), None
        return taken

    def hurry(self) -> None:
        if self._ahead is None:
            self._ahead = launch(self.level)

    @property
    def is_quick(self) -> bool:
        return False

    def close(self) -> None:
        if self._ahead is not None:
            self._ahead.kill()
            self._ahead.clear()
            self._ahead = None


class Pool:
    """Processes of one level: exactly the one asked for, or the strongest that holds and is `at_least` that.

    The first one is launched at once, and while more are expected always one ahead. Raises SandboxError where no such
    level can be had at all.
    """

    def __init__(self, exactly: SandboxLevel | None, *, at_least: SandboxLevel = SandboxLevel.PROCESS) -> None:
        self._demand = exactly or at_least
        self._levels = _candidates(exactly, at_least)
        if not self._levels:
            raise SandboxError(_refusal(self._demand, sandbox.lacking(self._demand)))
        self.doubts: dict[SandboxLevel, str] = {}  # why a level that was tried is not the one in force
        self._expected = 0
        self._proven: LearnerProcess | None = None
        self._good: Source | None = None  # of which a process has proved its level
        self._second: Source | None = None
        self._retired: list[Source] = []
        self._source: Source = self._open()

    @property
    def level(self) -> SandboxLevel:
        """The level in force; until `settle`, the strongest that may hold."""
        return self._levels[0]

    def expect(self, exercises: int) -> None:
        """That many more exercises are to come."""
        self._expected += exercises

    def hurry(self) -> None:
        """Launch the next level too where the first process has ended by now, as bubblewrap does without its rights."""
        if self._second is None and len(self._levels) > 1 and not self._source.usable:
            with suppress(OSError):
                self._second = _source(self._levels[1])

    def settle(self) -> None:
        """Wait until a first process has proved its level. Raises SandboxError where none does that may be used."""
        while self._proven is None:
            self._proven = self._next()
        del self._levels[1:]

    def take(self) -> "LearnerProcess":
        """A process that nobody has used and that has proved its level; the next one starts loading now."""
        self.settle()
        process, self._proven = self._proven, None
        assert process is not None
        if process.has_ended() or not self._source.usable:  # its zygote was killed while it waited, and it ends too
            process.stop()
            return self.take()
        if self._expected > 0:
            with suppress(OSError):  # told when it is asked for
                self._source.hurry()
        return process

    def prepare(self) -> None:
        """Have the next process ready, or on its way where that takes long. Raises SandboxError."""
        with suppress(OSError):  # told when it is asked for
            self._source.hurry()
        if self._source.is_quick:
            self.settle()

    def next_exercise(self) -> None:
        """One exercise fewer is to come."""
        self._expected -= 1

    def close(self) -> None:
        """End what nobody took. To be called once."""
        if self._proven is not None:
            self._proven.stop()
        for source in (self._source, self._second, *self._retired):
            if source is not None:
                source.close()

    def _next(self) -> "LearnerProcess | None":
        """A process, if it proves its level; else what is left is a weaker level."""
        from grader.process import LearnerProcess

        if not self._source.usable and len(self._levels) == 1:  # its processes may still be in use
            self._retired.append(self._source)
            self._source = self._open()
        try:
            process = LearnerProcess(self._source.process())
        except OSError as error:
            self._doubted(str(error))
            return None
        try:
            doubt = _doubt(process)
        except BaseException:  # Ctrl-C; nobody else knows of this process
            process.stop()
            raise
        if not doubt:
            self._good = self._source
            return process
        process.stop()
        self._doubted(doubt)
        return None

    def _doubted(self, doubt: str) -> None:
        """Go down a level, but where a good source was killed in the midst of it: another one will tell."""
        if self._good is self._source and not self._source.usable:
            return
        self._weaken(doubt)

    def _open(self) -> Source:
        """What gives processes of the strongest level that is left."""
        while True:
            try:
                return _source(self.level)
            except OSError as error:
                self._next_level(str(error))

    def _weaken(self, doubt: str) -> None:
        """Go down a level. Raises SandboxError where there is none that may be used."""
        self._next_level(doubt)
        self._retired.append(self._source)
        self._source, self._second = self._second or self._open(), None

    def _next_level(self, doubt: str) -> None:
        self.doubts[self.level] = doubt
        if len(self._levels) == 1:
            raise SandboxError(_refusal(self.level, doubt))
        del self._levels[0]


def first_candidate(exactly: SandboxLevel | None, at_least: SandboxLevel) -> SandboxLevel | None:
    """The level that is tried first; None where there is none to try."""
    return next(iter(_candidates(exactly, at_least)), None)


def _candidates(exactly: SandboxLevel | None, at_least: SandboxLevel) -> list[SandboxLevel]:
    return [level for level in sandbox.candidates() if level.is_at_least(at_least) and exactly in (None, level)]


def _source(level: SandboxLevel) -> Source:
    """Forks where a process can't reach others, and so not the zygote; else processes of their own."""
    return Forks(level) if level in LEVELS else Starts(level)


def _refusal(level: SandboxLevel, doubt: str) -> str:
    said = _("sandbox level {level} is not to be had here: {reason}; {remedy}")
    return said.format(level=repr(level.value), reason=doubt, remedy=sandbox.remedy(level))


def _doubt(process: "LearnerProcess") -> str:
    """Why a process has not proved its level; nothing where it has."""
    from grader.process import ProcessFault

    try:
        worked = process.prove(CANARY)
    except ProcessFault as fault:
        said = process.take_output().strip().splitlines()[-1:]
        return "; ".join([fault.message, *said])
    return _("it could {ways}").format(ways=", ".join(map(_, worked))) if worked else ""


def strongest(exactly: SandboxLevel | None, *, at_least: SandboxLevel = SandboxLevel.PROCESS) -> SandboxLevel:
    """The level that grading would use, found by a process that is then ended. Raises SandboxError."""
    with closing(Pool(exactly, at_least=at_least)) as pool:
        pool.settle()
        return pool.level


def survey() -> dict[SandboxLevel, str]:
    """The levels of this system, strongest first, with what speaks against each: nothing where it holds."""
    return {level: sandbox.lacking(level) or _against(level) for level in sandbox.known()}


def _against(level: SandboxLevel) -> str:
    try:
        pool = Pool(level)
    except SandboxError as error:
        return str(error)
    with closing(pool), suppress(SandboxError):
        pool.settle()
    return pool.doubts.get(level, "")
