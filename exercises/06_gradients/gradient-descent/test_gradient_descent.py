"""Hidden checks of `gradient-descent`."""

from typing import Any

import numpy as np
import pytest
from gradient_descent import gradient_descent
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_inputs_unchanged

BOWL = np.array([[3.0, 1.0], [1.0, 2.0]])


def double(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The gradient of the sum of squares."""
    with np.errstate(all="ignore"):
        return np.asarray(2 * np.asarray(x))


def bowl(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The gradient of x·A x / 2 with a matrix that couples the coordinates."""
    return np.asarray(BOWL @ np.asarray(x))


def descended(*args: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The learner's descent, and the first thing to demand of it: two results."""
    result = gradient_descent(*args)
    assert isinstance(result, tuple), "gradient_descent must return a tuple: (x, history)"
    assert len(result) == 2, "gradient_descent must return two things: (x, history)"
    return result


def test_closed_form_on_parabola() -> None:
    """On x² with the learning rate 0.1, each of 20 steps multiplies x by 0.8."""
    x, history = descended(double, np.array([5.0, -1.0]), 0.1, 20)
    assert_close(x, [5 * 0.8**20, -(0.8**20)])
    path = 0.8 ** np.arange(21)[:, np.newaxis] * [5.0, -1.0]
    assert_close(history, path, law="after k steps x is 0.8^k times the start")


def test_goes_downhill() -> None:
    """On a tilted bowl every step makes the value smaller."""
    _, history = descended(bowl, np.array([4.0, -3.0]), 0.2, 15)
    points = assert_array(history, shape=(16, 2))
    values = np.einsum("ni,ij,nj->n", points, BOWL, points) / 2
    assert (np.diff(values) < 0).all(), "every step must lead to a smaller value of the function"


def test_coordinates_move_together() -> None:
    """All coordinates move at once, by the gradient of the same point."""
    x, _ = descended(bowl, np.array([1.0, 2.0]), 0.1, 4)
    expected = np.linalg.matrix_power(np.eye(2) - 0.1 * BOWL, 4) @ [1.0, 2.0]
    assert_close(x, expected, law="four steps are four times the matrix I - lr A")


def test_history() -> None:
    """The history has steps + 1 points, from the start to the result, each with numbers of its own."""
    start = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    x, history = descended(double, start, 0.25, 3)
    points = assert_array(history, shape=(4, 2, 3), dtype=np.float64)
    assert_close(points[0], start, rtol=0, law="the history begins with the start")
    assert_close(points[-1], x, rtol=0, law="the history ends with the result")
    assert_close(points[1], start / 2)


def test_learning_rate_too_large() -> None:
    """With 1.1 on x² each step multiplies x by -1.2; with 100 it soon overflows: ValueError, "diverged"."""
    x, _ = descended(double, np.array([1.0]), 1.1, 10)
    assert_close(x, [(-1.2) ** 10])
    for start in (1.0, 3.0):  # from 1 the gradient overflows first, from 3 its product with lr
        with pytest.raises(ValueError, match="diverged"):
            gradient_descent(double, np.array([start]), 100.0, 200)
    with pytest.raises(ValueError, match="diverged"):
        gradient_descent(double, np.array([1.0]), 1000.0, 200)
    with pytest.raises(ValueError, match="diverged"):
        gradient_descent(lambda x: np.asarray(x) * np.nan, np.array([1.0, 2.0]), 0.1, 3)


def test_start_unchanged() -> None:
    """The start stays as it was; whole numbers and single numbers will do; 0 steps give back the start."""
    assert_inputs_unchanged(gradient_descent, double, np.array([3.0, -2.0]), 0.1, 3)
    x, history = descended(double, np.array([4, -2]), 0.1, 1)
    assert_close(assert_array(x, shape=(2,), dtype=np.float64), [3.2, -1.6])
    x, history = descended(double, 5, 0.1, 3)
    assert_close(assert_array(x, shape=()), 2.56)
    assert_close(history, [5.0, 4.0, 3.2, 2.56])
    x, history = descended(double, [1.0, 2.0], 0.1, 0)
    assert_close(x, [1.0, 2.0], rtol=0)
    assert_close(history, [[1.0, 2.0]], rtol=0)
    x, history = gradient_descent(double, [1, 2], 0.1, 0)
    assert_close(assert_array(x, shape=(2,), dtype=np.float64), [1.0, 2.0], rtol=0)
    assert_close(assert_array(history, shape=(1, 2), dtype=np.float64), [[1.0, 2.0]], rtol=0)


def test_bad_arguments() -> None:
    """A learning rate of 0, below 0, NaN or infinite, and fewer steps than none are refused with ValueError."""
    for lr in (0.0, -0.1, np.nan, np.inf):
        with pytest.raises(ValueError):
            gradient_descent(double, np.array([1.0]), lr, 3)
    with pytest.raises(ValueError):
        gradient_descent(double, np.array([1.0]), 0.1, -1)
