"""Hidden checks of `numerical-gradient`."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numerical_gradient import numerical_gradient
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_inputs_unchanged


def sum_of_squares(x: NDArray[np.float64]) -> float:
    return float((np.asarray(x) ** 2).sum())


def test_sum_of_squares() -> None:
    """The gradient of the sum of squares is 2x: at (3, 4), at (0, 2), and for a (2, 3) array."""
    for point in ([3.0, 4.0], [0.0, 2.0], [[1.0, -2.0, 0.5], [4.0, 0.0, -1.0]]):
        x = np.array(point)
        result = assert_array(numerical_gradient(sum_of_squares, x), shape=x.shape, dtype=np.float64)
        assert_close(result, 2 * x, rtol=0, atol=1e-6)


def test_integer_point() -> None:
    """A point of whole numbers, also as a list or a single number, is moved by fractions all the same."""
    assert_close(numerical_gradient(sum_of_squares, np.array([1, 2])), [2.0, 4.0], rtol=0, atol=1e-6)
    assert_close(numerical_gradient(sum_of_squares, [3, -1]), [6.0, -2.0], rtol=0, atol=1e-6)
    assert_close(assert_array(numerical_gradient(sum_of_squares, 5), shape=()), 10.0, rtol=0, atol=1e-6)


def test_central_not_forward() -> None:
    """x³ at 1 with h = 0.01 gives 3.0001: steps both ways, not only forward."""
    result = numerical_gradient(lambda x: float(np.asarray(x)[0] ** 3), np.array([1.0]), 0.01)
    assert_close(result, [3.0001], rtol=0, atol=1e-9)


def test_one_coordinate_at_a_time() -> None:
    """f is asked twice per coordinate, each time at a point that differs from x at one place, by h."""
    asked: list[NDArray[np.float64]] = []

    def spy(point: NDArray[np.float64]) -> float:
        asked.append(np.array(point))
        return sum_of_squares(point)

    x = np.array([[1.0, 2.0], [-3.0, 0.5]])
    numerical_gradient(spy, x, 0.25)
    assert len(asked) == 8, "f must be called twice for each of the four coordinates"
    moved = np.array([point - x for point in asked]).reshape(8, 4)
    assert (np.count_nonzero(moved, axis=1) == 1).all(), "each point must differ from x in exactly one coordinate"
    assert_close(np.sort(moved.sum(axis=0)), np.zeros(4), law="each coordinate is moved by h up and by h down")
    assert_close(np.abs(moved).max(axis=1), np.full(8, 0.25), law="a coordinate is moved by h")
    assert_array(numerical_gradient(spy, np.empty((0, 3))), shape=(0, 3))


def test_mixed_function() -> None:
    """x y² + sin x at (0.7, -1.3) has the gradient (y² + cos x, 2 x y)."""

    def mixed(point: NDArray[np.float64]) -> float:
        x, y = np.asarray(point)
        return float(x * y**2 + np.sin(x))

    expected = [1.3**2 + np.cos(0.7), 2 * 0.7 * -1.3]
    assert_close(numerical_gradient(mixed, np.array([0.7, -1.3])), expected, rtol=0, atol=1e-7)


def test_point_unchanged() -> None:
    """The point stays as it was, and the answer is right, even if f changes the array that it gets."""
    assert_inputs_unchanged(numerical_gradient, sum_of_squares, np.array([1.0, -2.0]))

    def careless(point: NDArray[np.float64]) -> float:
        value = sum_of_squares(point)
        if isinstance(point, np.ndarray) and point.flags.writeable:
            point[...] = 1e6
        return value

    x = np.array([1.0, -2.0])
    assert_close(numerical_gradient(careless, x), [2.0, -4.0], rtol=0, atol=1e-6)
    assert_close(x, [1.0, -2.0], rtol=0)


def test_bad_arguments() -> None:
    """h = 0, a negative h, h = NaN, and an f that returns an array with axes are refused with ValueError."""
    for h in (0.0, -1e-5, np.nan):
        with pytest.raises(ValueError):
            numerical_gradient(sum_of_squares, np.array([1.0]), h)
    arrays: list[Callable[..., Any]] = [lambda x: np.asarray(x) * 2, lambda x: np.ones((1, 1)) * np.asarray(x)[0]]
    for f in arrays:
        with pytest.raises(ValueError):
            numerical_gradient(f, np.array([1.0, 2.0]))
