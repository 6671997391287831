"""Hidden checks of `classification-metrics`."""

import numpy as np
import pytest
from metrics import accuracy, confusion_matrix, predict_labels

from grader.checks import assert_array, assert_close, assert_number


def test_argmax_per_row() -> None:
    """The largest score of each row wins; between equals the lowest class; a single sample will do."""
    square = np.array([[0.1, 0.7, 0.2], [0.9, 0.0, 0.1], [-1.0, -3.0, -2.0]])
    labels = assert_array(predict_labels(square), shape=(3,), dtype=np.int64)
    assert_close(labels, [1, 0, 0], rtol=0, law="each row has its own winner")
    assert_close(predict_labels(np.array([2.0, -1.0, 5.0, 3.0])), 2, rtol=0, law="(K,) is a single sample")
    assert_close(predict_labels(np.array([[0.3], [-2.0]])), [0, 0], rtol=0, law="a class without others always wins")
    ties = predict_labels(np.array([[1, 4, 4], [3, 3, 3], [5, 0, 5]]))
    assert_close(ties, [1, 0, 0], rtol=0, law="between equal scores the lowest class wins")
    assert_array(predict_labels(np.empty((0, 4))), shape=(0,), dtype=np.int64)


def test_no_winner() -> None:
    """A score of NaN, no classes at all, and a single number instead of scores raise ValueError."""
    for scores in (np.array([[1.0, 2.0], [3.0, np.nan]]), np.empty((3, 0)), np.array(1.5)):
        with pytest.raises(ValueError):
            predict_labels(scores)


def test_accuracy_example() -> None:
    """3 right out of 4 is an accuracy of 0.75."""
    share = accuracy(np.array([3, 1, 4, 1]), np.array([3, 1, 4, 5]))
    assert_number(share, kind=float)
    assert_close(share, 0.75, rtol=1e-12)
    assert_close(accuracy(np.array([0, 0]), np.array([1, 2])), 0.0)
    assert_close(accuracy(np.array([7, 2, 9]), np.array([7, 2, 9])), 1.0, rtol=1e-12)


def test_column_vector_rejected() -> None:
    """A column (N, 1) and one-hot rows are no labels (N,): ValueError."""
    labels = np.array([0, 1, 2])
    for target, predicted in ((labels, labels[:, np.newaxis]), (labels[:, np.newaxis], labels)):
        with pytest.raises(ValueError):
            accuracy(target, predicted)
        with pytest.raises(ValueError):
            confusion_matrix(target, predicted, 3)
    one_hot, wrong_rows = np.eye(3, dtype=np.int64), np.eye(3, dtype=np.int64)[::-1]
    with pytest.raises(ValueError):
        accuracy(one_hot, wrong_rows)


def test_lengths_and_empty() -> None:
    """Labels of different lengths raise ValueError, and so does the accuracy of nothing."""
    for target, predicted in (([1, 2, 3], [1, 2]), ([1, 2], [1, 2, 3]), ([1, 1, 1], [1])):
        with pytest.raises(ValueError):
            accuracy(np.array(target), np.array(predicted))
        with pytest.raises(ValueError):
            confusion_matrix(np.array(target), np.array(predicted), 4)
    with pytest.raises(ValueError):
        accuracy(np.empty(0, np.int64), np.empty(0, np.int64))


def test_confusion_orientation() -> None:
    """When class 0 is taken for 2 twice, entry [0, 2] is 2; a class that never occurs keeps its zeros."""
    counts = confusion_matrix(np.array([0, 0, 1, 0, 2]), np.array([2, 0, 1, 2, 1]), 4)
    counts = assert_array(counts, shape=(4, 4), dtype=np.int64)
    assert_close(counts, [[1, 0, 2, 0], [0, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]], rtol=0)
    nothing = assert_array(confusion_matrix(np.empty(0, np.int64), np.empty(0, np.int64), 2), shape=(2, 2))
    assert_close(nothing, np.zeros((2, 2)), rtol=0, law="of no samples, every count is 0")


def test_confusion_properties() -> None:
    """500 random pairs: the matrix sums to 500, its rows to the class counts, its diagonal to the right answers."""
    rng = np.random.default_rng(5)
    target = rng.integers(0, 6, size=500)
    predicted = np.where(rng.random(500) < 0.7, target, rng.integers(0, 6, size=500))
    counts = assert_array(confusion_matrix(target, predicted, 6), shape=(6, 6))
    assert_close(counts.sum(), 500, rtol=0, law="every sample is counted once")
    assert_close(counts.sum(axis=1), [(target == k).sum() for k in range(6)], rtol=0, law="rows are the true classes")
    assert_close(
        counts.sum(axis=0), [(predicted == k).sum() for k in range(6)], rtol=0, law="columns are the predicted classes"
    )
    share = accuracy(target, predicted)
    assert_close(share, np.trace(counts) / 500, rtol=1e-12, law="the diagonal divided by N is the accuracy")


def test_uint8_labels() -> None:
    """Labels stored as uint8, as MNIST has them, are counted right with twenty classes too."""
    target, predicted = np.array([19, 19, 13, 0], np.uint8), np.array([18, 18, 5, 19], np.uint8)
    counts = assert_array(confusion_matrix(target, predicted, 20), shape=(20, 20), dtype=np.int64)
    expected = np.zeros((20, 20))
    expected[19, 18], expected[13, 5], expected[0, 19] = 2, 1, 1
    assert_close(counts, expected, rtol=0)


def test_bad_labels() -> None:
    """-1, num_classes and 1.5 are no classes: ValueError; probabilities aren't labels either."""
    good = np.array([0, 1, 2])
    for bad in (np.array([0, -1, 2]), np.array([0, 1, 3]), np.array([0.0, 1.5, 2.0])):
        with pytest.raises(ValueError):
            confusion_matrix(good, bad, 3)
        with pytest.raises(ValueError):
            confusion_matrix(bad, good, 3)
    with pytest.raises(ValueError):
        accuracy(good, np.array([0.2, 0.9, 1.5]))
