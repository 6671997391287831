"""Pictures: whatever a learner's functions do, there is a bounded figure or a sentence that says why there is none."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.asking import Answer, NoPicture, ask, ask_each, noting
from grader.figures import MOST_CELLS, MOST_POINTS, Figure, Grid, Kind, Panel, Role, Series
from grader.pictures import counts, figure, images, level, line, matrix, plane, regions
from grader.report.as_json import from_json, to_json
from grader.result import ExerciseResult, Report, Run, SandboxLevel

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.complex_numbers(),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)
SHAPES = st.lists(st.integers(1, 4) | st.none(), max_size=3).map(tuple)


@given(PLAIN, SHAPES)
def test_any_value_becomes_numbers_of_the_shape_that_is_drawn(value: Any, shape: tuple[int | None, ...]) -> None:
    """Float64, NaN everywhere with one note where it was something else; an axis left open has a length of its own."""
    with noting() as notes:
        found = Answer("f", value).numbers(*shape)
    assert found.dtype == np.float64
    assert len(found.shape) == len(shape)
    assert all(wanted in (None, length) for wanted, length in zip(shape, found.shape, strict=True))
    assert not notes or (len(notes) == 1 and np.isnan(found).all())


@pytest.mark.parametrize(
    ("value", "shape", "note"),
    [
        ("text", (2,), "f returned 'text'; the picture needs an array of shape (2,)."),
        (np.zeros((3, 2)), (2, 3), "f returned an array of shape (3, 2), float64; the picture needs an array of shape"),
        (
            np.array(["a", "b"]),
            (2,),
            "f returned an array of shape (2,), <U1; the picture needs an array of shape (2,).",
        ),
        ([[1, 2], [3]], (2, 2), "f returned [[1, 2], [3]]; the picture needs an array of shape (2, 2)."),
        (np.zeros(20_000), (None,), "f returned an array of shape (20000,), float64; the picture needs an array of"),
        (None, (), "f returned None; the picture needs a number."),
    ],
)
def test_what_is_no_such_array_is_told(value: object, shape: tuple[int | None, ...], note: str) -> None:
    """In one sentence for the learner."""
    with noting() as notes:
        assert np.isnan(Answer("f", value).numbers(*shape)).all()
    assert len(notes) == 1
    assert notes[0].startswith(note)


def test_an_integer_beyond_every_float_is_a_gap() -> None:
    """It is a number, of which nothing can be drawn."""
    assert line("l", [0, 1], Answer("f", [10**400, 1]).numbers(2)).y == (None, 1.0)


def test_calls_that_raise_leave_gaps_and_one_note_each() -> None:
    """The same sentence is not said twice."""

    def root(x: float) -> float:
        if x < 0:
            raise ValueError("no root")
        return float(np.sqrt(x))

    with noting() as notes:
        assert ask_each(root, [4.0, -1.0, -2.0, 9.0]) == pytest.approx([2.0, np.nan, np.nan, 3.0], nan_ok=True)
        assert not ask(root, -1.0).item(3).ok
    assert notes == ["root raised ValueError: no root"]


def test_what_is_not_written_has_no_picture() -> None:
    """The stub's error ends the picture with a sentence."""

    def stub() -> None:
        raise NotImplementedError

    with pytest.raises(NoPicture, match=r"stub is not written yet\."):
        ask(stub)


@given(st.integers(1, 5000))
def test_of_a_long_series_every_so_many_points_are_kept(length: int) -> None:
    """At most so many, the first one among them, at equal distances."""
    series = line("l", np.arange(length), np.arange(length))
    assert len(series.x) <= MOST_POINTS
    assert len({b - a for a, b in zip(series.x, series.x[1:], strict=False)}) <= 1  # type: ignore[operator]
    assert series.x[0] == 0


@given(st.lists(st.floats(), min_size=1, max_size=30), st.integers(1, 40))
def test_what_is_drawn_is_bounded_and_finite(values: list[float], wide: int) -> None:
    """Whatever the numbers are; they come back from JSON as they were."""
    y = np.array(values)
    grid = np.resize(y, (200, wide))
    made = figure(
        "T",
        plane("P", line("l", y, y)),
        matrix("M", grid),
        images("I", [grid] * 3, ["one"]),
        regions("R", grid, x_range=(0, 1), y_range=(0, 1)),
        alt="a",
        caption="c",
    )
    assert all(sum(len(grid.values) for grid in panel.grids) <= MOST_CELLS for panel in made.panels)
    exercise = ExerciseResult("e", "E", "01", "One", "e.py", 1.0, (), figures=(made,))
    report = Report("C", (exercise,), Run(SandboxLevel.PROCESS))
    assert from_json(to_json(report)).exercises == report.exercises


def test_bars_and_counts_leave_out_what_is_no_number() -> None:
    """A bar that is not there, a value that is in no bin."""
    assert level("l", [1.0, np.inf, np.nan]).y == (1.0, None, None)
    assert counts("l", [0.5, np.nan, np.inf, 1.5, 7.0], [0.0, 1.0, 2.0]).y == (1.0, 1.0)


@pytest.mark.parametrize(
    "made",
    [
        lambda: Series("l", (float("nan"),)),
        lambda: Series("l", (1e300,)),
        lambda: Series("l", (0.0,) * 201),
        lambda: Grid(2, 2, (0.0,) * 3),
        lambda: Panel(Kind.PLANE, series=(Series("l", (0.0, 1.0), (0.0,)),)),
        lambda: Panel(Kind.BARS, series=(Series("l", (0.0,)),), x_names=("a", "b")),
        lambda: Panel(Kind.MATRIX),
        lambda: Panel(Kind.PLANE, y_range=(1.0, 0.0)),
        lambda: Panel(Kind.PLANE, title="t" * 401),
        lambda: Figure("T"),
        lambda: Figure("T", (Panel(Kind.PLANE),), caption="c"),
    ],
)
def test_what_has_no_bounds_is_no_figure(made: Callable[[], object]) -> None:
    """The author hears of it, in a sentence that names the value."""
    with pytest.raises(ValueError, match=r"."):
        made()


def test_roles_and_kinds_are_words_in_json() -> None:
    """So that a reader of the report needs no table."""
    assert [*Role] == ["yours", "right", "error", "other"]
    assert Kind.REGIONS.value == "regions"
