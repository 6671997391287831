"""Learner processes in advance: launched ahead, made to prove their level, handed out. Runs in: checks."""

import tempfile
from typing import TYPE_CHECKING

from grader import sandbox
from grader.errors import SandboxError
from grader.launch import Launched, clear, kill, launch
from grader.result import SandboxLevel

if TYPE_CHECKING:
    from grader.process import LearnerProcess


class Pool:
    """Processes of one level: the one that is required, or `process`.

    One is launched at once, and always one ahead while `expected` exercises are to come, so that nobody waits for NumPy
    to load. Raises SandboxError where a required level can't be had at all.
    """

    def __init__(self, required: SandboxLevel | None, expected: int) -> None:
        self.level = required or SandboxLevel.PROCESS
        if self.level not in sandbox.candidates():
            raise SandboxError(
                f"sandbox level {self.level.value!r} is not to be had here; {sandbox.remedy(self.level)}"
            )
        self._expected = expected
        self._proven: LearnerProcess | None = None
        self._canary = tempfile.NamedTemporaryFile(prefix="neurograde-canary-")  # noqa: SIM115 - closed by close()
        self._ahead: Launched | None = launch(self.level)

    def settle(self) -> None:
        """Wait until a first process has proved the level. Raises SandboxError where it does not hold."""
        self._proven = self._take_proven()

    def take(self) -> "LearnerProcess":
        """A process that nobody has used and that has proved its level; the next one starts loading now."""
        process, self._proven = self._proven or self._take_proven(), None
        if self._ahead is None and self._expected > 0:
            self._ahead = launch(self.level)
        return process

    def next_exercise(self) -> None:
        """One exercise fewer is to come."""
        self._expected -= 1

    def close(self) -> None:
        """End what nobody took."""
        if self._proven is not None:
            self._proven.stop()
        if self._ahead is not None:
            kill(self._ahead)
            clear(self._ahead)
        self._proven = self._ahead = None
        self._canary.close()

    def _take_proven(self) -> "LearnerProcess":
        from grader.process import LearnerProcess

        launched, self._ahead = self._ahead or launch(self.level), None
        process = LearnerProcess(launched)
        doubt = _doubt(process, self._canary.name)
        if doubt:
            process.stop()
            remedy = sandbox.remedy(self.level)
            raise SandboxError(f"sandbox level {self.level.value!r} does not hold here ({doubt}); {remedy}")
        return process


def _doubt(process: "LearnerProcess", canary: str) -> str:
    """Why a process has not proved its level; nothing where it has."""
    from grader.process import ProcessFault

    try:
        worked = process.prove(canary)
    except ProcessFault as fault:
        said = process.take_output().strip().splitlines()[-1:]
        return "; ".join([fault.message, *said])
    return f"it could {', '.join(worked)}" if worked else ""


def survey() -> dict[SandboxLevel, str]:
    """The levels of this system, strongest first, with what speaks against each: nothing where it holds."""
    return {level: _against(level) for level in sandbox.known()}


def _against(level: SandboxLevel) -> str:
    try:
        pool = Pool(level, expected=0)
    except SandboxError as error:
        return str(error)
    try:
        pool.settle()
    except SandboxError as error:
        return str(error)
    finally:
        pool.close()
    return ""
