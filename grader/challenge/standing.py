"""What a learner's checks have caught. Runs in: checks."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, to_builtins

from grader.course import Wrong
from grader.result import Problem, SandboxLevel


class Check(Struct, frozen=True):
    """One check of the learner's. Where there is a `problem`, it is not counted and has caught nothing."""

    name: str
    caught: tuple[str, ...] = ()  # names of known-wrong solutions, each time that it was run
    unsteady: int = 0  # how many more it caught one time and not another
    problem: Problem | None = None
    output: str = ""  # what it printed, run against the right solution


class Standing(Struct, frozen=True):
    """How a challenge went. `wrongs`: all that there were to catch; `problem`: why no check could run."""

    exercise: str
    wrongs: tuple[Wrong, ...]
    level: SandboxLevel | None  # None where nothing ran
    checks: tuple[Check, ...] = ()
    problem: Problem | None = None

    @property
    def caught(self) -> tuple[Wrong, ...]:
        """The known-wrong solutions that at least one check caught."""
        names = {name for check in self.checks for name in check.caught}
        return tuple(wrong for wrong in self.wrongs if wrong.name in names)

    @property
    def complete(self) -> bool:
        return len(self.caught) == len(self.wrongs)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; what has not been caught has no name there."""
        return {
            "format": 1,
            "exercise": self.exercise,
            "complete": self.complete,
            "caught": [{"name": wrong.name, "title": wrong.title} for wrong in self.caught],
            "total": len(self.wrongs),
            "problem": to_builtins(self.problem),
            "checks": to_builtins(self.checks),
            "sandbox": None if self.level is None else self.level.value,
        }


def with_new(checks: tuple[Check, ...]) -> Iterator[tuple[Check, int]]:
    """Each check with how many it catches that none before it does."""
    seen: set[str] = set()
    for check in checks:
        yield check, len(set(check.caught) - seen)
        seen.update(check.caught)
