"""Pictures of the bundled course show the mistakes that they are drawn for: where they are made, and unclipped."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from grader import intake, runner
from grader.course import Course, Exercise, bundled_root, read_course
from grader.figures import Figure
from grader.result import SandboxLevel


@pytest.fixture(scope="module")
def course() -> Course:
    return read_course(bundled_root())


@pytest.fixture(scope="module")
def bench(course: Course) -> Iterator[runner.Bench]:
    with closing(runner.Bench(course, sandbox=SandboxLevel.PROCESS)) as made:
        yield made


def _figure(bench: runner.Bench, exercise: Exercise, source: str) -> Figure:
    job = runner.Job(exercise, intake.Submission(exercise.module, {exercise.module: source.encode()}))
    (figure,) = bench.grade([job], diagnose=False, pictures=True).exercises[0].figures
    return figure


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *(("softmax", one) for one in ("global-max", "global-sum", "axis-0-default", "keepdims-missing")),
        *(("xor-gate", one) for one in ("or-of-both", "xnor", "and-instead-of-nand", "network-one-layer")),
    ],
)
def test_a_mistake_is_seen(course: Course, bench: runner.Bench, name: str, wrong: str) -> None:
    """It draws another picture than the reference's."""
    exercise = course.find(name)
    assert exercise is not None
    source = next(one.source for one in exercise.wrongs if one.name == wrong)
    right = _figure(bench, exercise, exercise.reference.read_text(encoding="utf-8"))
    assert _figure(bench, exercise, source).panels != right.panels


@pytest.mark.parametrize(
    ("name", "wrong", "panel"), [("sigmoid", "naive-overflow", 1), ("gradient-descent", "ascent", 0)]
)
def test_an_axis_is_as_long_whatever_came_back(
    course: Course, bench: runner.Bench, name: str, wrong: str, panel: int
) -> None:
    """A gap at the end is seen as a gap, and a wild number doesn't flatten all others."""
    exercise = course.find(name)
    assert exercise is not None
    source = next(one.source for one in exercise.wrongs if one.name == wrong)
    shown = [_figure(bench, exercise, text) for text in (exercise.reference.read_text(encoding="utf-8"), source)]
    right, yours = (figure.panels[panel] for figure in shown)
    assert right.x_range is not None, "the axis ends where the numbers do"
    assert yours.x_range == right.x_range
    assert all(right.x_range[0] <= x <= right.x_range[1] for series in right.series for x in series.x if x is not None)
