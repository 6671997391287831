"""Hidden checks of `softmax`."""

import numpy as np
import pytest
from numpy.typing import NDArray
from softmax import softmax

from grader.checks import assert_array, assert_close, assert_fast, assert_inputs_unchanged, reference


def by_hand(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Softmax of one sample with small scores, straight from the definition."""
    e = np.exp(scores)
    share: NDArray[np.float64] = e / e.sum()
    return share


def test_worked_example() -> None:
    """The scores 0.3, 2.9, 4.0 give the probabilities 0.018, 0.245, 0.737."""
    assert_close(softmax(np.array([0.3, 2.9, 4.0])), [0.01821127, 0.24519181, 0.73659691], rtol=0, atol=1e-8)


def test_large_scores() -> None:
    """Scores like 1010 don't overflow."""
    expected = [0.9999546000703311, 4.539786860886666e-05, 2.061060046209062e-09]
    assert_close(softmax(np.array([1010, 1000, 990])), expected)
    assert_close(softmax(np.array([1e6, 1e6, 0.0])), [0.5, 0.5, 0.0])


def test_each_row_on_its_own() -> None:
    """Each row is turned into probabilities by itself, however different the rows are."""
    low, high = 0.2689414213699951, 0.7310585786300049
    for size in (600.0, 1000.0):
        result = softmax(np.array([[size, size + 1], [-size, -size - 1]]))
        assert_close(result, [[low, high], [high, low]])
    x = np.random.default_rng(7).normal(scale=3, size=(6, 4))
    result = assert_array(softmax(x), shape=(6, 4))
    assert_close(result.sum(axis=1), np.ones(6), law="every row must sum to 1")


def test_axis() -> None:
    """The classes lie along the last axis unless axis says otherwise."""
    square = np.random.default_rng(8).normal(size=(3, 3))
    along_rows, down_columns = (np.apply_along_axis(by_hand, axis, square) for axis in (1, 0))
    assert_close(softmax(square), along_rows, law="without axis, the classes lie along the last one")
    assert_close(softmax(square, axis=1), along_rows, law="with axis=1, each row is one sample")
    assert_close(softmax(square, axis=0), down_columns, law="with axis=0, each column is one sample")
    block = np.random.default_rng(9).normal(size=(2, 3, 4))
    expected = np.apply_along_axis(by_hand, 1, block)
    assert_close(softmax(block, axis=1), expected, law="shape (2, 3, 4) with axis=1 holds three classes")
    assert_close(softmax(block[:, :1], axis=1), np.ones((2, 1, 4)), law="a class without others has probability 1")


def test_shift_and_order() -> None:
    """The same number added to all scores changes nothing; a larger score gets a larger probability."""
    x = np.random.default_rng(10).normal(scale=2, size=(200, 5))
    result = assert_array(softmax(x), shape=x.shape)
    assert_close(softmax(x + 100), result, rtol=1e-9, law="softmax(x + 100) must equal softmax(x)")
    same_order = np.argsort(result, axis=1) == np.argsort(x, axis=1)
    assert same_order.all(), "within a row, the larger score must get the larger probability"


def test_nonfinite() -> None:
    """A score of -inf gets probability 0; NaN, +inf and a row of nothing but -inf raise ValueError."""
    assert_close(softmax(np.array([2.0, -np.inf, 2.0])), [0.5, 0.0, 0.5])
    with pytest.raises(ValueError):
        softmax(np.array([[1.0, 2.0], [np.nan, 0.0]]))
    with pytest.raises(ValueError):
        softmax(np.array([1.0, np.inf]))
    with pytest.raises(ValueError):
        softmax(np.array([[1.0, 2.0], [-np.inf, -np.inf]]))


def test_dtype_empty_unchanged() -> None:
    """Whole numbers become float64, float32 stays; no rows is fine, no classes is not; the scores stay as they were."""
    for x in ([1, 2, 3], np.array([1, 2, 3], np.uint8)):
        result = assert_array(softmax(x), shape=(3,), dtype=np.float64)
        assert_close(result, [0.09003057317038046, 0.24472847105479764, 0.6652409557748219])
    single = assert_array(softmax(np.array([[1, 2, 3]], np.float32)), shape=(1, 3), dtype=np.float32)
    assert_close(single, [[0.09003057, 0.24472847, 0.66524096]], rtol=1e-5)
    assert_array(softmax(np.empty((0, 5))), shape=(0, 5), dtype=np.float64)
    with pytest.raises(ValueError):
        softmax(np.empty((3, 0)))
    with pytest.raises(ValueError):
        softmax(1.5)
    assert_inputs_unchanged(softmax, np.array([[0.5, 1.5], [2.5, -1.0]]))


def test_vectorised() -> None:
    """5,000 rows take at most 8 times as long as one vectorised call."""
    x = np.random.default_rng(11).normal(size=(5000, 10))
    # Vectorised solutions take 1 to 3 times as long as the reference, loops over the rows 20 times and more.
    assert_fast(softmax, reference("softmax").softmax, x, budget=8)
