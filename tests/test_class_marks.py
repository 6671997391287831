"""What a row is worth, and whose marks changed between two gradebooks."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.assignment import Assignment, Demand, LatePolicy, whole_course
from grader.classroom.compare import changes
from grader.classroom.model import State, earned, mark
from grader.course import read_course
from grader.result import Outcome, Problem

from . import small_course
from .class_samples import DUE, exercise, quiz, row

PASSED, FAILED, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED
HALF = exercise("lesson-a", core=PASSED, side=FAILED)
WHOLE = exercise("lesson-a", core=PASSED, side=PASSED)


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    root: Path = tmp_path_factory.mktemp("course")
    small_course.write_course(root, "lesson-a", "lesson-b")
    return replace(whole_course(read_course(root)), due=DUE, late=LatePolicy.parse("10%/day up to 50%"))


def demand(assignment: Assignment, **weights: float) -> Demand:
    return replace(assignment.demands[0], weights=weights)


def test_points_are_the_share_of_the_weights(assignment: Assignment) -> None:
    """Without weights every check counts the same; with them the heavy one more; parameters share their weight."""
    assert earned(HALF, demand(assignment)) == 5
    assert earned(HALF, demand(assignment, core=3)) == 7.5
    assert earned(HALF, demand(assignment, core=0)) == 0
    assert earned(HALF, demand(assignment, core=0, side=0)) == 0
    with_parameters = replace(HALF, checks=tuple(replace(c, name=f"{c.name}[1]") for c in HALF.checks))
    assert earned(with_parameters, demand(assignment, core=3)) == 7.5


def test_nothing_counts_without_the_core(assignment: Assignment) -> None:
    assert earned(exercise("lesson-a", core=FAILED, side=PASSED), demand(assignment)) == 0
    assert earned(exercise("lesson-a", core=PASSED, side=SKIPPED), demand(assignment)) == 10


def test_what_was_not_handed_in_earns_nothing(assignment: Assignment) -> None:
    found = mark(row("ada", WHOLE), assignment)
    assert (found.exercises, found.raw, found.points) == ({"lesson-a": 10, "lesson-b": 0}, 10, 20)


def test_late_work_loses_its_share(assignment: Assignment) -> None:
    """A day and a second late is two days; an extension of the student's own moves the date."""
    late = row("ada", WHOLE, handed_at=DUE + timedelta(days=1, seconds=1))
    assert mark(late, assignment).score == pytest.approx(8)
    assert mark(late, assignment).late_by == timedelta(days=1, seconds=1)
    extended = replace(late, student=replace(late.student, due=DUE + timedelta(days=1)))
    assert mark(extended, assignment).score == pytest.approx(9)
    assert mark(replace(late, handed_at=None), assignment).penalty == 0
    assert mark(late, replace(assignment, late=None)).score == 10


def test_quizzes_count_by_the_first_answers(assignment: Assignment) -> None:
    with_quiz = replace(assignment, quizzes=("01_first",), quiz_points=4.0)
    found = mark(row("ada", WHOLE, quizzes=(quiz(3),)), with_quiz)
    assert (found.quizzes, found.raw, found.points) == ({"01_first": 3}, 13, 24)
    assert mark(row("ada", WHOLE), with_quiz).quizzes == {"01_first": 0}


@given(st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=6), st.lists(st.floats(0, 9), min_size=6))
def test_no_more_than_the_points(assignment: Assignment, outcomes: list[Outcome], weights: list[float]) -> None:
    """Whatever happened and whatever the weights."""
    names = ["core", *(f"side{i}" for i in range(5))]
    found = exercise("lesson-a", **dict(zip(names, outcomes, strict=False)))
    assert 0 <= earned(found, demand(assignment, **dict(zip(names, weights, strict=False)))) <= 10 + 1e-9


# Whose marks changed


def test_equal_gradebooks_differ_in_nobody(assignment: Assignment) -> None:
    rows = [row("ada", HALF), row("bob", WHOLE)]
    assert list(changes(rows, [replace(r, seconds=9.0, graded_at="later") for r in rows], assignment)) == []


def test_a_change_says_why(assignment: Assignment) -> None:
    """Which check turned out otherwise, also where the score stays."""
    (change,) = changes([row("ada", HALF)], [row("ada", WHOLE)], assignment)
    assert (change.student, change.before, change.after) == ("ada", 5, 10)
    assert change.why == ("lesson-a: side failed before, passed now",)


def test_new_gone_and_otherwise_ended(assignment: Assignment) -> None:
    old = [row("ada", WHOLE), row("bob", HALF)]
    new = [row("bob", state=State.REFUSED, reason="no archive"), row("eve", WHOLE)]
    found = {c.student: (c.before, c.after, c.why) for c in changes(old, new, assignment)}
    assert found == {
        "ada": (10, None, ("is gone",)),
        "bob": (5, 0, ("graded before, refused now: no archive",)),
        "eve": (None, 10, ("is new",)),
    }


def test_what_has_no_mark_has_no_0(assignment: Assignment) -> None:
    """As in every other output: nothing came, or the grader failed."""
    old = [row("ada", state=State.MISSING), row("bob", WHOLE), row("eve", state=State.MISSING)]
    new = [row("ada", HALF), row("bob", state=State.ERROR, reason="it died"), row("eve", state=State.MISSING)]
    found = {c.student: (c.before, c.after) for c in changes(old, new, assignment)}
    assert found == {"ada": (None, 5), "bob": (10, None)}
    (change,) = changes([], old[:1], assignment)
    assert (change.before, change.after, change.why) == (None, None, ("is new",))


def test_a_problem_is_said_once(assignment: Assignment) -> None:
    """Not once per check."""
    broken = replace(HALF, problem=Problem(Outcome.IMPORT_ERROR, "no"), checks=exercise("", core=FAILED).checks)
    (change,) = changes([row("ada", HALF)], [row("ada", broken)], assignment)
    assert change.why == ("lesson-a: loaded before, import_error now",)


def test_other_settings_change_marks_too(assignment: Assignment) -> None:
    """Each gradebook counts by its own; who gets what they got before is not listed."""
    first, *others = assignment.demands
    now = replace(assignment, demands=(replace(first, points=20), *others), quizzes=("01_first",), quiz_points=4.0)
    rows = [row("ada", WHOLE, quizzes=(quiz(2),)), row("bob", state=State.MISSING)]
    (change,) = changes(rows, rows, now, assignment)
    assert (change.student, change.before, change.after) == ("ada", 10, 22)
    assert change.why == ("lesson-a: 10 points before, 20 now", "quiz 01_first: 0 points before, 2 now")
    (back,) = changes(rows, rows, assignment, now)
    assert back.why == ("lesson-a: 20 points before, 10 now", "quiz 01_first: 2 points before, 0 now")


def test_a_penalty_and_a_quiz_change(assignment: Assignment) -> None:
    with_quiz = replace(assignment, quizzes=("01_first",), quiz_points=4.0)
    late = row("ada", WHOLE, handed_at=DUE + timedelta(hours=1), quizzes=(quiz(2),))
    (change,) = changes([row("ada", WHOLE, quizzes=(quiz(1),))], [late], with_quiz)
    assert change.why == ("penalty 0% before, 10% now", "quiz 01_first: 1 points before, 2 now")
