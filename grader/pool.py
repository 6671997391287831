"""Learner processes in advance: launched ahead, made to prove their level, handed out. Runs in: checks."""

from contextlib import closing, suppress
from typing import TYPE_CHECKING

from grader import sandbox
from grader.errors import SandboxError
from grader.launch import Launched, clear, kill, launch
from grader.result import SandboxLevel

if TYPE_CHECKING:
    from grader.process import LearnerProcess

CANARY = __file__  # out of bounds to a learner's process, as is all of the grader that it doesn't need


class Pool:
    """Processes of one level: exactly the one asked for, or the strongest that holds and is `at_least` that.

    One is launched at once, and always one ahead while `expected` exercises are to come, so that nobody waits for NumPy
    to load. Raises SandboxError where no such level can be had at all.
    """

    def __init__(
        self, exactly: SandboxLevel | None, expected: int, *, at_least: SandboxLevel = SandboxLevel.PROCESS
    ) -> None:
        self._demand = exactly or at_least
        self._levels = [
            level for level in sandbox.candidates() if level.is_at_least(at_least) and exactly in (None, level)
        ]
        if not self._levels:
            raise SandboxError(_refusal(self._demand, sandbox.lacking(self._demand)))
        self.doubts: dict[SandboxLevel, str] = {}  # why a level that was tried is not the one in force
        self._expected = expected
        self._proven: LearnerProcess | None = None
        self._second: Launched | None = None
        self._ahead: Launched | None = self._launch()

    @property
    def level(self) -> SandboxLevel:
        """The level in force; until `settle`, the strongest that may hold."""
        return self._levels[0]

    def hurry(self) -> None:
        """Launch the next level too where the first process has ended by now, as bubblewrap does without its rights."""
        if self._second is not None or self._ahead is None or len(self._levels) == 1:
            return
        if self._ahead.process.poll() is not None:
            with suppress(OSError):
                self._second = launch(self._levels[1])

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
        if self._ahead is None and self._expected > 0:
            self._ahead = self._launch()
        return process

    def next_exercise(self) -> None:
        """One exercise fewer is to come."""
        self._expected -= 1

    def close(self) -> None:
        """End what nobody took."""
        if self._proven is not None:
            self._proven.stop()
        for launched in (self._ahead, self._second):
            if launched is not None:
                kill(launched)
                clear(launched)
        self._proven = self._ahead = self._second = None

    def _next(self) -> "LearnerProcess | None":
        """The process that was launched ahead, if it proves its level; else what is left is a weaker level."""
        from grader.process import LearnerProcess

        launched, self._ahead = self._ahead or self._launch(), None
        process = LearnerProcess(launched)
        try:
            doubt = _doubt(process)
        except BaseException:  # Ctrl-C; nobody else knows of this process
            process.stop()
            raise
        if not doubt:
            return process
        process.stop()
        self._weaken(doubt)
        self._ahead, self._second = self._second, None
        return None

    def _launch(self) -> Launched:
        while True:
            try:
                return launch(self.level)
            except OSError as error:
                self._weaken(str(error))

    def _weaken(self, doubt: str) -> None:
        """Go down a level. Raises SandboxError where there is none that may be used."""
        self.doubts[self.level] = doubt
        if len(self._levels) == 1:
            raise SandboxError(_refusal(self.level, doubt))
        del self._levels[0]


def _refusal(level: SandboxLevel, doubt: str) -> str:
    return f"sandbox level {level.value!r} is not to be had here: {doubt}; {sandbox.remedy(level)}"


def _doubt(process: "LearnerProcess") -> str:
    """Why a process has not proved its level; nothing where it has."""
    from grader.process import ProcessFault

    try:
        worked = process.prove(CANARY)
    except ProcessFault as fault:
        said = process.take_output().strip().splitlines()[-1:]
        return "; ".join([fault.message, *said])
    return f"it could {', '.join(worked)}" if worked else ""


def strongest(exactly: SandboxLevel | None, *, at_least: SandboxLevel = SandboxLevel.PROCESS) -> SandboxLevel:
    """The level that grading would use, found by a process that is then ended. Raises SandboxError."""
    with closing(Pool(exactly, expected=0, at_least=at_least)) as pool:
        pool.settle()
        return pool.level


def survey() -> dict[SandboxLevel, str]:
    """The levels of this system, strongest first, with what speaks against each: nothing where it holds."""
    return {level: sandbox.lacking(level) or _against(level) for level in sandbox.known()}


def _against(level: SandboxLevel) -> str:
    try:
        pool = Pool(level, expected=0)
    except SandboxError as error:
        return str(error)
    with closing(pool), suppress(SandboxError):
        pool.settle()
    return pool.doubts.get(level, "")
