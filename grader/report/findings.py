"""What a reader should see of each check of an exercise, whatever the format. Runs in: reports.

The same mistake often breaks several checks. It is explained at the first of them; the others point there.
"""

from enum import StrEnum

from msgspec import Struct

from grader.result import CheckResult, ExerciseResult, Outcome


class Kind(StrEnum):
    """How a check is shown."""

    PASSED = "passed"
    FAILED = "failed"  # in full
    REPEATED = "repeated"  # failed by a cause that an earlier check explains
    WAITING = "waiting"  # a check beside the core one, which has to pass first
    SLOW = "slow"  # advisory, never counted
    SKIPPED = "skipped"


class Finding(Struct, frozen=True):
    """One check and how to show it; `first` is the check that explains a repeated cause."""

    check: CheckResult
    kind: Kind
    first: CheckResult | None = None


def findings(exercise: ExerciseResult) -> tuple[Finding, ...]:
    """The checks of `exercise` in their order, each with how to show it. One without a `problem`."""
    explained: dict[tuple[object, ...], CheckResult] = {}
    found = []
    for check in exercise.checks:
        kind = kind_of(exercise, check)
        first = explained.get(_cause(check)) if kind is Kind.FAILED else None
        found.append(Finding(check, Kind.REPEATED if first else kind, first))
        if kind is Kind.FAILED and not first and _cause(check):
            explained[_cause(check)] = check
    return tuple(found)


def kind_of(exercise: ExerciseResult, check: CheckResult) -> Kind:
    """How `check` of `exercise` is shown, looked at alone: never `REPEATED`."""
    if check.outcome is Outcome.SKIPPED:
        return Kind.SKIPPED
    if not exercise.core_passed and (check.passed or check.advisory or not check.core):
        return Kind.WAITING
    if check.passed:
        return Kind.PASSED
    return Kind.SLOW if check.advisory else Kind.FAILED


def untouched(exercise: ExerciseResult) -> bool:
    """Whether nothing of `exercise` has been written yet, so that one line says it all."""
    return exercise.outcome is Outcome.NOT_STARTED and all(c.outcome is Outcome.NOT_STARTED for c in exercise.counted)


def notes(exercise: ExerciseResult) -> list[str]:
    """The figures of all checks, each once, in order."""
    return list(dict.fromkeys(note for check in exercise.checks for note in check.notes))


def _cause(check: CheckResult) -> tuple[object, ...]:
    """What two checks that failed for one reason have in common; empty where nothing can be said."""
    if check.misconception:
        return ("misconception", check.misconception.name)
    if check.message:
        return (check.outcome, check.message, check.location)
    return ()
