"""From what happened in a check to its result: outcome and words. Runs in: checks."""

import re
from typing import Any

from msgspec import Struct

from grader.bridge import MissingName
from grader.checks import CheckFailed
from grader.explain import clip, short
from grader.language import _
from grader.mirror import explained, remedy
from grader.process import ProcessFault
from grader.result import Call, CheckResult, Location, Outcome
from grader.session import LearnerGone
from grader.trace import Entry, LearnerError, NotPlainData, Trace, travelling
from grader.wire import Unsendable

_CALL_LIMIT = 160
_DID_NOT_RAISE = re.compile(r"DID NOT RAISE <class '(?:[\w.]*\.)?(\w+)'>|DID NOT RAISE (\w+)")


class Finding(Struct, frozen=True):
    """What is said of one check, before names and diagnosis are added."""

    outcome: Outcome
    message: str = ""
    details: tuple[str, ...] = ()
    expected: str | None = None
    location: Location | None = None
    actual: Any = None  # the object that was judged, to find its call


def judge(error: BaseException | None, fault: ProcessFault | None, *, called: bool, memory_mb: int) -> Finding:
    """The finding for a check that ended with `error`. A fault of the learner's process goes before everything else."""
    if fault is not None:
        return Finding(fault.outcome, fault.message)
    if error is None:
        return Finding(Outcome.PASSED)
    learner_error = getattr(error, "learner_error", None)
    if isinstance(learner_error, LearnerError):
        return _raised(learner_error, memory_mb)
    return _of_ours(error) or _of_pytest(error) or _of_the_check(error, called=called)


def _of_ours(error: BaseException) -> Finding | None:
    """The exceptions that the bridge and `grader.checks` raise."""
    match error:
        case CheckFailed():
            return Finding(Outcome.FAILED, error.message, error.details, error.expected, actual=error.actual)
        case NotPlainData():
            return Finding(Outcome.FAILED, str(error))
        case MissingName():
            return Finding(Outcome.IMPORT_ERROR, str(error))
        case LearnerGone():
            return Finding(Outcome.CRASHED, _("the process of your code ended"))
        case Unsendable():
            return Finding(
                Outcome.GRADER_ERROR,
                _("the check passes {what}, which does not travel").format(what=travelling(error.what)),
            )
    return None


def _of_pytest(error: BaseException) -> Finding | None:
    """pytest's own outcomes, known by name: their classes are private."""
    said = str(getattr(error, "msg", error))
    match type(error).__name__:
        case "Skipped":
            return Finding(Outcome.SKIPPED, said)
        case "Failed":  # pytest.raises that saw no exception, or pytest.fail
            return _not_raised(said)
    return None


def _of_the_check(error: BaseException, *, called: bool) -> Finding:
    """An assertion of the check, or a check that broke on what came back."""
    if isinstance(error, AssertionError):
        return Finding(Outcome.FAILED, _assertion(str(error)))
    kind = type(error).__name__
    if called:
        said = _("what came back could not be used: {error}")
        return Finding(Outcome.FAILED, said.format(error=f"{kind}: {clip(str(error), 200)}"))
    said = _("the check itself failed: {error}")
    return Finding(Outcome.GRADER_ERROR, said.format(error=f"{kind}: {clip(str(error), 300)}"))


def _raised(error: LearnerError, memory_mb: int) -> Finding:
    message = explained(error, memory_mb)
    match error.kind:
        case "NotImplementedError":
            return Finding(Outcome.NOT_STARTED)
        case "MemoryError" | "_ArrayMemoryError":
            return Finding(Outcome.OUT_OF_MEMORY, message, location=error.location)
        case "FloatingPointError" | "RuntimeWarning":
            return Finding(Outcome.FAILED, message, location=error.location)
        case "ValueError" if "read-only" in error.message:
            said = _("the code writes into an array that it was given; compute a new array instead")
            return Finding(Outcome.FAILED, said, location=error.location)
    why = remedy(error)
    return Finding(Outcome.RAISED, message, details=(why,) if why else (), location=error.location)


def _not_raised(message: str) -> Finding:
    found = _DID_NOT_RAISE.search(message)
    if found is None:
        return Finding(Outcome.FAILED, clip(message, 300))
    name = found.group(1) or found.group(2)
    said, expected = _("should raise {exception}, but returned"), _("{exception} is raised")
    return Finding(Outcome.FAILED, said.format(exception=name), expected=expected.format(exception=name))


def _assertion(text: str) -> str:
    """The author's sentence of an `assert …, "sentence"`, without what pytest adds below it."""
    first = text.partition("\n")[0].strip()
    return clip(first, 300) if first else _("a demand of the check was not met")


def call_of(finding: Finding, trace: Trace) -> Call | None:
    """The call to show with a failed check: the one whose result was judged, or the last one."""
    if not trace.entries:
        return None
    judged = (e for e in reversed(trace.entries) if finding.actual is not None and e.value is finding.actual)
    return _shown(next(judged, trace.entries[-1]))


def _shown(entry: Entry) -> Call:
    parts = [short(arg, _CALL_LIMIT) for arg in entry.args]
    parts += [f"{name}={short(arg, _CALL_LIMIT)}" for name, arg in entry.kwargs.items()]
    expression = f"{entry.name}({', '.join(parts)})"
    if not entry.finished:
        return Call(expression)
    if entry.error is not None:
        return Call(expression, raised=clip(str(entry.error), 300))
    return Call(expression, returned=travelling(entry.unsendable or "") or short(entry.value, _CALL_LIMIT))


def result(
    name: str, demand: str, finding: Finding, trace: Trace, *, core: bool, advisory: bool, output: str, notes: list[str]
) -> CheckResult:
    """The result of a check. What a learner does not need (a call that passed, say) is left out."""
    quiet = finding.outcome in (Outcome.PASSED, Outcome.SKIPPED, Outcome.NOT_STARTED)
    return CheckResult(
        name=name,
        demand=demand,
        outcome=finding.outcome,
        core=core,
        advisory=advisory,
        message=finding.message,
        details=finding.details,
        call=None if quiet else call_of(finding, trace),
        expected=finding.expected,
        location=finding.location,
        output="" if quiet else output,
        notes=tuple(notes),
    )
