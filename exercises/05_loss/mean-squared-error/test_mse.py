"""Hidden checks of `mean-squared-error`."""

import numpy as np
import pytest
from mse import mean_squared_error, sum_of_squares_error

from grader.checks import assert_close, assert_inputs_unchanged, assert_number

Y, T = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[1.0, 0.0], [0.0, 5.0]])


def test_hand_example() -> None:
    """The four differences 0, 2, 3, 0 give the mean 3.25 and the half sum 6.5."""
    assert_close(mean_squared_error(Y, T), 3.25)
    assert_close(sum_of_squares_error(Y, T), 6.5)


def test_square_not_absolute() -> None:
    """Differences twice as large give a loss four times as large."""
    t = np.zeros(3)
    for function in (mean_squared_error, sum_of_squares_error):
        small, large = function(np.array([1.0, -2.0, 3.0]), t), function(np.array([2.0, -4.0, 6.0]), t)
        assert_number(small)
        assert_close(large, 4 * small, law="doubling every difference must quadruple the loss")


def test_mean_does_not_grow_with_data() -> None:
    """The same data twice leave the mean as it is, and double the half sum."""
    twice = np.concatenate([Y, Y]), np.concatenate([T, T])
    assert_close(mean_squared_error(*twice), 3.25, law="the mean does not depend on how often the data are repeated")
    assert_close(sum_of_squares_error(*twice), 13.0, law="the half sum grows with the data")
    block = np.ones((2, 3, 4))
    assert_close(mean_squared_error(block, np.zeros_like(block)), 1.0)


def test_column_against_row() -> None:
    """A column (N, 1) and a row (N,) are refused with ValueError, like any two shapes that differ."""
    for function in (mean_squared_error, sum_of_squares_error):
        for y, t in ((np.ones((3, 1)), np.ones(3)), (np.ones(3), np.ones((2, 3))), (np.ones((2, 3)), np.ones((1, 3)))):
            with pytest.raises(ValueError):
                function(y, t)


def test_unsigned_integers() -> None:
    """Bytes (uint8): 0 against 1 is a difference of 1."""
    y, t = np.array([0, 3], np.uint8), np.array([1, 1], np.uint8)
    assert_close(mean_squared_error(y, t), 2.5)
    assert_close(sum_of_squares_error(y, t), 2.5)
    assert_close(mean_squared_error(np.array([2e4, 1.0], np.float32), np.array([0, 0], np.int16)), 200000000.5)


def test_zero_symmetric_float() -> None:
    """Equal arrays give exactly 0, y and t can be swapped, and the result is a Python float."""
    for function in (mean_squared_error, sum_of_squares_error):
        loss = function(T, T)
        assert type(loss) is float, "the result must be a Python float"
        assert_close(loss, 0.0, rtol=0)
        assert_close(function(T, Y), function(Y, T), law="swapping y and t must not change the loss")
        assert_inputs_unchanged(function, Y.copy(), T.copy())


def test_empty() -> None:
    """Without any elements there is no loss: ValueError."""
    for function in (mean_squared_error, sum_of_squares_error):
        for shape in ((0,), (0, 4)):
            with pytest.raises(ValueError):
                function(np.empty(shape), np.empty(shape))
