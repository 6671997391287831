"""Which checks are told in full, and which in a word."""

from grader.report.findings import Kind, findings, notes, untouched
from grader.result import Outcome

from .samples import AFFINE, NOT_STARTED, SLOW, SOFTMAX, check, exercise


def test_one_misconception_is_explained_once() -> None:
    """The second check with the same misconception or the same message points at the first."""
    found = findings(SOFTMAX)
    assert [f.kind for f in found] == [Kind.PASSED, Kind.FAILED, Kind.REPEATED, Kind.FAILED, Kind.REPEATED]
    assert found[2].first is SOFTMAX.checks[1]
    assert found[4].first is SOFTMAX.checks[3]


def test_failures_without_a_word_are_not_lumped_together() -> None:
    """Two checks that say nothing have nothing in common."""
    bare = [check(name, "It works.", Outcome.FAILED, core=name == "test_a") for name in ("test_a", "test_b")]
    both = exercise("a", "A", check("test_core", "Core.", core=True), *(bare[1],) * 2)
    assert [f.kind for f in findings(both)][1:] == [Kind.FAILED, Kind.FAILED]


def test_side_checks_wait_for_the_core_check() -> None:
    """Neither a passed nor a failed nor a slow side check counts before it."""
    kinds = [f.kind for f in findings(AFFINE)]
    assert kinds == [Kind.FAILED, Kind.WAITING, Kind.WAITING, Kind.WAITING]


def test_skipped_and_slow_checks_are_neither_passed_nor_failed() -> None:
    """They have their own kind."""
    assert [f.kind for f in findings(SLOW)] == [Kind.PASSED, Kind.SLOW, Kind.SKIPPED]


def test_an_exercise_is_untouched_only_when_all_of_it_is() -> None:
    """A half-written exercise has a story to tell."""
    half = exercise("a", "A", check("test_a", "A.", Outcome.NOT_STARTED, core=True), check("test_b", "B."))
    assert untouched(NOT_STARTED)
    assert not untouched(half)
    assert not untouched(exercise("a", "A"))


def test_a_figure_that_two_checks_give_is_shown_once() -> None:
    """Figures keep their order."""
    assert notes(exercise("a", "A", check("b", "B.", notes=("2", "1")), check("c", "C.", notes=("1", "3")))) == [
        "2",
        "1",
        "3",
    ]
