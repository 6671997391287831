"""From what happened in a check to outcome and words."""

from typing import Any

import numpy as np
import pytest

from grader import verdict
from grader.bridge import MissingName
from grader.checks import CheckFailed, assert_close
from grader.process import ProcessFault
from grader.result import Location, Outcome
from grader.session import LearnerGone
from grader.trace import Entry, LearnerError, NotPlainData, Trace
from grader.verdict import Finding, call_of, judge
from grader.wire import Unsendable

PLACE = Location("sigmoid.py", 3, None, "    return x")


def learners(*types: str, message: str = "") -> Exception:
    """An exception as the session makes it from the learner's."""
    error = Exception()
    error.learner_error = LearnerError(types, message, PLACE)  # type: ignore[attr-defined]
    return error


def outcome_of_pytest(call: Any) -> BaseException:
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - pytest's own outcomes are no Exceptions
        call()
    return caught.value


def expect_nothing_raised() -> None:
    with pytest.raises(ValueError, match="anything"):
        pass


def test_no_error_is_passed() -> None:
    """A check that ends without an error has passed."""
    assert judge(None, None, called=True, memory_mb=256) == Finding(Outcome.PASSED)


@pytest.mark.parametrize(
    "error", [None, AssertionError("x"), CheckFailed("x"), LearnerGone(), ValueError("x")], ids=repr
)
def test_a_fault_of_the_process_goes_before_everything(error: Exception | None) -> None:
    """Whatever the check made of it, also nothing at all: a process that is gone decides."""
    fault = ProcessFault(Outcome.TIMED_OUT, "it had not come back")
    assert judge(error, fault, called=True, memory_mb=256) == Finding(Outcome.TIMED_OUT, "it had not come back")


@pytest.mark.parametrize(
    ("types", "message", "outcome", "said"),
    [
        (("NotImplementedError", "RuntimeError"), "", Outcome.NOT_STARTED, ""),
        (("MemoryError",), "", Outcome.OUT_OF_MEMORY, "memory"),
        (("MemoryError",), "Unable to allocate 8 GiB", Outcome.OUT_OF_MEMORY, "Unable to allocate 8 GiB"),
        (("FloatingPointError",), "overflow encountered in exp", Outcome.FAILED, "grew over the largest float"),
        (
            ("FloatingPointError",),
            "divide by zero encountered in log",
            Outcome.FAILED,
            "divided by zero, or the logarithm",
        ),
        (("RuntimeWarning",), "invalid value encountered in divide", Outcome.FAILED, "gave NaN"),
        (("RuntimeWarning",), "Mean of empty slice.", Outcome.FAILED, "NumPy warns: Mean of empty slice."),
        (("ValueError",), "output array is read-only", Outcome.FAILED, "compute a new array instead"),
        (
            ("ValueError",),
            "matmul: Input operand 1 has a mismatch in its core dimension 0 (size 3 is different from 2)",
            Outcome.RAISED,
            "in a @ b the rows of a must be as long as the columns of b, and here they have 2 and 3 numbers",
        ),
        (("ValueError",), "shapes do not fit", Outcome.RAISED, "ValueError: shapes do not fit"),
        (("TooHard", "ValueError"), "", Outcome.RAISED, "TooHard"),
        (("Skipped",), "not today", Outcome.RAISED, "Skipped: not today"),
        (("Failed",), "DID NOT RAISE <class 'ValueError'>", Outcome.RAISED, "Failed: DID NOT RAISE"),
        (("CheckFailed", "AssertionError"), "x", Outcome.RAISED, "CheckFailed: x"),
        ((), "", Outcome.RAISED, "Exception"),
    ],
)
def test_an_exception_of_the_learner(types: tuple[str, ...], message: str, outcome: Outcome, said: str) -> None:
    """What the learner's code raised is judged by its kind, and never taken for pytest's or the grader's own."""
    found = judge(learners(*types, message=message), None, called=True, memory_mb=256)
    assert found.outcome is outcome
    assert said in found.message
    assert found.location in (PLACE, None)


@pytest.mark.parametrize(
    ("error", "outcome", "message"),
    [
        (NotPlainData("a matrix"), Outcome.FAILED, "returned a matrix; return plain data: an array, a number, "),
        (MissingName("sigmoid", "g"), Outcome.IMPORT_ERROR, "sigmoid.py defines no `g`; keep the names of the stub"),
        (LearnerGone(), Outcome.CRASHED, "the process of your code ended"),
        (Unsendable("a MaskedArray"), Outcome.GRADER_ERROR, "the check passes a MaskedArray, which does not travel"),
        (AssertionError("each row sums to 1\nassert 0.5 == 1"), Outcome.FAILED, "each row sums to 1"),
        (AssertionError(), Outcome.FAILED, "a demand of the check was not met"),
        (outcome_of_pytest(lambda: pytest.skip("no data")), Outcome.SKIPPED, "no data"),
        (outcome_of_pytest(lambda: pytest.fail("in my words")), Outcome.FAILED, "in my words"),
        (outcome_of_pytest(expect_nothing_raised), Outcome.FAILED, "should raise ValueError, but returned"),
    ],
    ids=["matrix", "name", "gone", "unsendable", "assert", "bare assert", "skip", "fail", "did not raise"],
)
def test_an_exception_of_the_check(error: BaseException, outcome: Outcome, message: str) -> None:
    """Each of the check's own ends has its outcome and its words."""
    found = judge(error, None, called=True, memory_mb=256)
    assert (found.outcome, found.message[: len(message)]) == (outcome, message)


def test_a_check_that_breaks_on_what_came_back_is_the_learners() -> None:
    """After a call, an exception in the check is about what came back; before any, it is the check's fault."""
    assert judge(IndexError("out of bounds"), None, called=True, memory_mb=256).outcome is Outcome.FAILED
    assert judge(IndexError("out of bounds"), None, called=False, memory_mb=256).outcome is Outcome.GRADER_ERROR


def test_a_comparison_that_failed_keeps_its_parts() -> None:
    """Message, details and expectation of a comparison are kept apart for the report."""
    with pytest.raises(CheckFailed) as caught:
        assert_close(np.array([1.0, 2.0]), [1.0, 3.0], law="doubles")
    found = judge(caught.value, None, called=True, memory_mb=256)
    assert (found.message, found.expected) == ("doubles", "array([1.0, 3.0])")
    assert found.details


# The call that is shown


def trace(*entries: Entry) -> Trace:
    return Trace(list(entries))


def test_the_judged_call_is_shown() -> None:
    """Of several calls the one whose result was judged is shown, else the last one."""
    first = Entry("f", (1,), {}, value=np.zeros(2), finished=True)
    second = Entry("f", (2,), {"axis": 0}, value=np.zeros(2), finished=True)
    calls = trace(first, second)
    shown = call_of(Finding(Outcome.FAILED, actual=first.value), calls)
    assert shown is not None
    assert (shown.expression, shown.returned) == ("f(1)", "array([0.0, 0.0])")
    last = call_of(Finding(Outcome.FAILED), calls)
    assert last is not None
    assert last.expression == "f(2, axis=0)"
    assert call_of(Finding(Outcome.FAILED), Trace()) is None


def test_what_became_of_the_call_is_shown() -> None:
    """A call that raised, did not travel, or never came back is shown as that."""
    raised = call_of(Finding(Outcome.RAISED), trace(Entry("f", (), {}, error=LearnerError(("E",), "m"), finished=True)))
    unsent = call_of(Finding(Outcome.FAILED), trace(Entry("f", (), {}, unsendable="a matrix", finished=True)))
    hung = call_of(Finding(Outcome.TIMED_OUT), trace(Entry("f", (), {})))
    assert raised is not None
    assert unsent is not None
    assert hung is not None
    assert (raised.raised, unsent.returned, hung.returned, hung.raised) == ("E: m", "a matrix", None, None)


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [(Outcome.PASSED, False), (Outcome.NOT_STARTED, False), (Outcome.SKIPPED, False), (Outcome.FAILED, True)],
)
def test_what_nobody_needs_is_left_out(outcome: Outcome, shown: bool) -> None:
    """Call and output come with a failure only; notes always."""
    calls = trace(Entry("f", (1,), {}, value=2, finished=True))
    made = verdict.result(
        "test_f", "f works.", Finding(outcome), calls, core=True, advisory=False, output="printed", notes=["97 %"]
    )
    assert (made.call is not None, made.output, made.notes) == (shown, "printed" if shown else "", ("97 %",))
