"""Statistics of a class: values computed by hand, and laws."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.assignment import Demand
from grader.classroom.model import ClassBook, Row, State
from grader.classroom.pages.statistics import (
    FEWEST,
    ClassStatistics,
    Item,
    discrimination,
    histogram,
    spread,
    statistics_of,
)
from grader.diary import Tried
from grader.result import Outcome, Problem

from .pages.sample_class import (
    AFFINE,
    ASSIGNMENT,
    BOOK,
    CONFUSED,
    ERROR,
    GOOD,
    MISSING,
    PER_SAMPLE,
    SOFTMAX,
    affine,
    check,
    result,
    row,
    softmax,
)

PASSED, FAILED, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED


def of(*rows: Row, **changes: object) -> ClassStatistics:
    assignment = replace(ASSIGNMENT, **changes)  # type: ignore[arg-type]  # a test's shorthand
    return statistics_of(ClassBook(assignment, rows))


def test_mean_median_and_quartiles() -> None:
    """As NumPy's quantiles, which are of type 7 as well."""
    scores = [10.0, 1.0, 3.0, 2.0]
    found = spread(scores)
    assert found is not None
    assert (found.count, found.mean, found.lowest, found.highest) == (4, 4.0, 1.0, 10.0)
    assert (found.lower, found.median, found.upper) == (1.75, 2.5, 4.75)
    assert np.quantile(scores, [0.25, 0.5, 0.75]).tolist() == [1.75, 2.5, 4.75]


def test_one_student_and_none() -> None:
    """One score is all quartiles; nobody has none."""
    one = spread([3.0])
    assert one is not None
    assert (one.lower, one.median, one.upper) == (3.0, 3.0, 3.0)
    assert spread([]) is None
    assert of().spread is None
    assert of(MISSING).histogram == ()


def test_a_bound_counts_above_and_full_marks_in_the_last_tenth() -> None:
    """Also where a sum of thirds has lost a little on its way: 3 * 0.3 is less than 0.9."""
    assert histogram([0.0, 0.29, 3 * 0.3, 3.0], 3.0) == (2, 0, 0, 1, 0, 0, 0, 0, 0, 1)
    assert histogram([0.0], 0.0) == ()


def test_the_discrimination_is_the_point_biserial_correlation() -> None:
    """(7 - 3) / sqrt(6) * sqrt(0.5 * 0.5): means of the rest of those who passed and failed, its deviation, shares."""
    success = np.array([1.0] * 5 + [0.0] * 5)
    rest = np.array([9.0, 8, 7, 6, 5, 5, 4, 3, 2, 1])
    assert discrimination(success, rest) == pytest.approx(4 / 6**0.5 / 2)
    assert discrimination(1 - success, rest) == pytest.approx(-4 / 6**0.5 / 2)


def test_nothing_is_said_of_a_few_or_of_equals() -> None:
    """Fewer than ten, all passed, or all alike elsewhere."""
    success, rest = np.array([1.0, 0.0] * 5), np.arange(10.0)
    assert discrimination(success, rest) is not None
    assert discrimination(success[: FEWEST - 1], rest[: FEWEST - 1]) is None
    assert discrimination(np.ones(10), rest) is None
    assert discrimination(success, np.full(10, 0.1 + 0.2)) is None


def test_an_item_is_not_correlated_with_itself() -> None:
    """One exercise of one check: there is no rest. With a second check, the rest is that one."""
    alone = [row(n, result(AFFINE, check("test_core", [PASSED, FAILED][n % 2]))) for n in range(10)]
    only = (Demand(AFFINE, 10.0),)
    (found,) = of(*alone, demands=only, quizzes=()).exercises
    assert found.item == Item(10, 5, None)
    assert found.checks[0].item == Item(10, 5, None)
    both = [row(n, affine(core=[PASSED, FAILED][n % 2], seen=[PASSED, FAILED][n % 2])) for n in range(10)]
    (found,) = of(*both, demands=only, quizzes=()).exercises
    assert [c.item.discrimination for c in found.checks] == pytest.approx([1.0, 1.0])


def test_side_checks_discriminate_though_the_core_check_failed() -> None:
    """Passing is passing, whether it counts or not."""
    rows = [
        row(n, affine(core=FAILED, seen=[PASSED, FAILED][n % 2]), softmax(axis=[PASSED, FAILED][n % 2]))
        for n in range(10)
    ]
    seen = of(*rows).exercises[0].checks[1]
    assert seen.item.passed == 5
    assert seen.item.discrimination == pytest.approx(1.0)


def test_a_check_that_good_students_fail_is_doubtful() -> None:
    """By more than two standard errors; a slight minus is chance."""
    assert Item(36, 35, -0.06).is_doubtful is False
    assert Item(36, 18, -0.4).is_doubtful is True
    assert Item(5, 3, None).is_doubtful is False


def test_what_was_skipped_is_not_judged_and_what_could_not_be_imported_is() -> None:
    """The shares are among those whose check ran or might have."""
    skipped = row(1, result(AFFINE, check("test_core"), check("test_seen", SKIPPED)))
    broken = row(2, result(AFFINE, problem=Problem(Outcome.REFUSED, "affine.py is missing")))
    core, seen = of(skipped, broken).exercises[0].checks
    assert (core.item.passed, core.item.judged) == (1, 2)
    assert (seen.item.passed, seen.item.judged) == (0, 1)


def test_only_the_graded_count() -> None:
    """Whoever is missing, refused or to be graded again stands in the states alone."""
    found = statistics_of(BOOK)
    assert dict(found.states) == {State.GRADED: 4, State.MISSING: 1, State.REFUSED: 1, State.ERROR: 1}
    assert found.graded == sum(found.histogram) == 4
    assert found.exercises[0].item == Item(4, 1)
    assert found.exercises[0].mean == (10 + 5 + 0 + 0) / 4
    assert dict(found.exercises[1].outcomes) == {PASSED: 2, FAILED: 1, Outcome.NOT_STARTED: 1}


def test_a_fault_of_the_graders_at_one_exercise_is_no_mark() -> None:
    """Nor does it count as failed."""
    faulty = row(1, affine(core=Outcome.GRADER_ERROR), softmax())
    found = of(faulty, GOOD)
    assert (found.states[State.ERROR], found.graded) == (1, 1)
    assert found.exercises[0].item == Item(1, 1)
    assert of(ERROR).graded == 0


def test_the_time_to_pass_is_of_those_who_passed() -> None:
    """The longest median first; of an exercise that nobody tells of, nothing."""
    told = [
        ("affine", 3, 40.0, True),
        ("affine", 5, 20.0, True),
        ("affine", 9, 90.0, False),
        ("softmax", 1, 31.0, True),
    ]
    rows = [row(number, affine(), softmax(), tried=(Tried(*one),)) for number, one in enumerate(told)]
    first, second = of(*rows).by_time
    assert [e.demand.exercise.name for e in (first, second)] == ["softmax", "affine"]
    assert second.time is not None
    assert (second.time.minutes.median, second.time.minutes.count, second.time.runs) == (30.0, 2, 4.0)
    assert second.time.unfinished == 1
    assert of(row(1, affine(), tried=(Tried("affine", 1, 1.0, False),))).by_time == []


def test_a_misconception_counts_once_for_a_student() -> None:
    """However many checks it broke; these are named in their order."""
    twice = result(
        AFFINE,
        check("test_core", FAILED, misconception=PER_SAMPLE),
        check("test_seen", FAILED, misconception=PER_SAMPLE),
    )
    (common,) = of(GOOD, CONFUSED, row(8, twice, softmax())).misconceptions
    assert (common.students, common.judged, common.exercise) == (2, 3, "One layer")
    assert common.misconception == PER_SAMPLE
    assert common.checks == ("Demand of test_core.", "Demand of test_seen.")


outcomes = st.sampled_from([PASSED, PASSED, FAILED, SKIPPED, Outcome.NOT_STARTED, Outcome.RAISED, Outcome.GRADER_ERROR])
results = st.builds(lambda *found: (affine(*found[:2]), softmax(*found[2:])), outcomes, outcomes, outcomes, outcomes)
classes = st.lists(st.tuples(results, st.sampled_from([*State, *[State.GRADED] * 6])), max_size=30).map(
    lambda made: [row(n, *found, state=state) for n, (found, state) in enumerate(made)]
)


@given(classes)
def test_shares_and_correlations_keep_to_their_bounds(rows: list[Row]) -> None:
    """And the counts add up."""
    found = of(*rows)
    assert sum(found.states.values()) == len(rows)
    assert sum(found.histogram) == (0 if found.spread is None else found.spread.count) == found.graded
    for exercise in found.exercises:
        items = [exercise.item, *(c.item for c in exercise.checks)]
        assert sum(exercise.outcomes.values()) == found.graded
        for item in items:
            assert 0 <= item.passed <= item.judged <= found.graded
            assert item.share is None or 0 <= item.share <= 1
            assert item.discrimination is None or -1 <= item.discrimination <= 1
        assert exercise.mean is None or 0 <= exercise.mean <= exercise.demand.points
    if found.spread is not None:
        s = found.spread
        assert 0 <= s.lowest <= s.lower <= s.median <= s.upper <= s.highest <= ASSIGNMENT.points
        assert s.lowest <= s.mean + 1e-9
        assert s.mean <= s.highest + 1e-9


def test_all_combinations_of_two_checks_by_hand() -> None:
    """Sixteen students, each combination of four checks once: nothing tells anything of anything else."""
    kinds = [PASSED, FAILED]
    rows = [row(n, affine(a, b), softmax(c, d)) for n, (a, b, c, d) in enumerate(product(kinds, repeat=4))]
    found = of(*rows)
    for exercise in found.exercises:
        for one in exercise.checks:
            assert one.item.share == (1.0 if one.name == "test_sum" else 0.5)
            assert one.item.discrimination == (None if one.name == "test_sum" else pytest.approx(0.0))
    assert found.exercises[0].item == Item(16, 4, pytest.approx(0.0))
    assert found.exercises[0].demand.exercise is AFFINE
    assert found.exercises[1].demand.exercise is SOFTMAX
