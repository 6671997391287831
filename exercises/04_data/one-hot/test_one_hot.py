"""Hidden checks of `one-hot`."""

import numpy as np
import pytest
from one_hot import from_one_hot, one_hot

from grader.checks import assert_array, assert_close, assert_fast, assert_inputs_unchanged, reference


def test_example() -> None:
    """The labels 2, 0, 1 of three classes, and 9 and 0 as bytes of ten classes."""
    assert_close(one_hot(np.array([2, 0, 1]), 3), [[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    expected = np.zeros((2, 10))
    expected[0, 9] = expected[1, 0] = 1
    assert_close(one_hot(np.array([9, 0], np.uint8), 10), expected)


def test_width_is_num_classes() -> None:
    """There are as many columns as classes, whichever labels occur, also for no labels at all."""
    assert_close(one_hot([0, 1], 5), [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]])
    assert_array(one_hot(np.empty(0, np.int64), 5), shape=(0, 5))
    assert_close(one_hot(np.array([0, 0]), 1), [[1], [1]])


def test_out_of_range() -> None:
    """A label below 0 or not below num_classes is refused with ValueError, and so are fewer classes than one."""
    for labels, classes in (([0, -1], 3), ([0, 3], 3), ([1], 1), ([0], 0), ([], -1)):
        with pytest.raises(ValueError):
            one_hot(np.array(labels, dtype=np.int64), classes)


def test_label_type() -> None:
    """Labels must be whole numbers in one axis: 2.0, 2.5, True and a column (N, 1) are refused with ValueError."""
    for labels in (np.array([2.0, 1.0]), np.array([2.5]), np.array([True, False]), np.array([[1], [2]]), np.array(1)):
        with pytest.raises(ValueError):
            one_hot(labels, 3)


def test_round_trip() -> None:
    """from_one_hot gives back the labels of one_hot, as int64."""
    labels = np.random.default_rng(5).integers(0, 7, size=300)
    rows = assert_array(one_hot(labels, 7), shape=(300, 7))
    assert_close(assert_array(from_one_hot(rows), shape=(300,), dtype=np.int64), labels)
    assert_close(from_one_hot(np.array([[0, 1], [1, 0]], np.uint8)), [1, 0])
    assert_array(from_one_hot(np.empty((0, 4))), shape=(0,), dtype=np.int64)


def test_bad_one_hot_rejected() -> None:
    """Rows without a 1, with two, or with anything but 0 and 1 are refused with ValueError."""
    rows = ([[0.0, 0.0]], [[1.0, 1.0]], [[0.2, 0.8]], [[2.0, -1.0]], [[1.0, np.nan]], [[1.0, 0.0], [0.0, 0.0]])
    for row in (*map(np.array, rows), np.array([1.0, 0.0])):
        with pytest.raises(ValueError):
            from_one_hot(row)


def test_float_and_fresh() -> None:
    """The rows are float64, and the labels stay as they were."""
    assert_array(one_hot(np.array([1, 0], np.int8), 2), shape=(2, 2), dtype=np.float64)
    assert_inputs_unchanged(one_hot, np.array([2, 0, 1]), 3)
    assert_inputs_unchanged(from_one_hot, np.eye(3))


def test_vectorised() -> None:
    """20,000 labels of two classes take at most 12 times as long as indexing them all at once."""
    labels = np.random.default_rng(6).integers(0, 2, size=20_000)
    # Vectorised solutions take 2 to 9 times as long as the reference, a loop over the labels 20 to 30 times.
    assert_fast(one_hot, reference("one-hot").one_hot, labels, 2, budget=12)
