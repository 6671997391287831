"""Hidden checks of `log-softmax`."""

import numpy as np
import pytest
from log_softmax import cross_entropy_with_logits, log_softmax

from grader.checks import assert_array, assert_close, assert_inputs_unchanged, assert_number

# Probabilities whose logarithms, shifted row by row, are scores: so the answers are known.
PROBABILITIES = np.array([[0.2, 0.5, 0.2, 0.1], [0.6, 0.25, 0.05, 0.1], [0.05, 0.05, 0.1, 0.8]])


def test_matches_log_of_softmax() -> None:
    """For moderate scores, e to the power of the result is the softmax, and each row of it sums to 1."""
    scores = np.log(PROBABILITIES) + np.array([[1.5], [-2.0], [0.25]])
    result = assert_array(log_softmax(scores), shape=(3, 4))
    assert_close(np.exp(result).sum(axis=1), np.ones(3), law="the probabilities of each row must sum to 1")
    assert_close(result, np.log(PROBABILITIES))
    assert_close(log_softmax(scores[1]), np.log(PROBABILITIES[1]), law="(K,) is a single sample")


def test_far_apart_scores() -> None:
    """Scores of 0 and -1000 give 0 and -1000, not -inf."""
    assert_close(log_softmax(np.array([0.0, -1000.0])), [0.0, -1000.0], atol=1e-12)
    result = log_softmax(np.array([[-800.0, 0.0, 0.0], [20.0, -5000.0, 20.0]]))
    half = np.log(2)
    assert_close(result, [[-800 - half, -half, -half], [-half, -5020 - half, -half]])


def test_large_scores() -> None:
    """Scores of 1000 don't overflow, also beside a row of -1000."""
    assert_close(log_softmax(np.array([1000.0, 1000.0])), [-np.log(2), -np.log(2)])
    low, high = -np.log1p(np.e), -np.log1p(1 / np.e)
    result = log_softmax(np.array([[1000.0, 1001.0], [-1000.0, -1001.0]]))
    assert_close(result, [[low, high], [high, low]], law="each row has its own maximum and its own sum")


def test_axis_and_shift() -> None:
    """The classes lie along axis; the same number added to all scores of a sample changes nothing."""
    scores = np.random.default_rng(3).normal(scale=2, size=(3, 3))
    by_hand = scores - np.log(np.exp(scores).sum(axis=0))
    assert_close(log_softmax(scores, axis=0), by_hand, law="with axis=0, each column is one sample")
    assert_close(log_softmax(scores.T, axis=1), by_hand.T, law="with axis=1, each row is one sample")
    block = np.random.default_rng(4).normal(size=(2, 3, 4))
    expected = block - np.log(np.exp(block).sum(axis=1, keepdims=True))
    assert_close(log_softmax(block, axis=1), expected, law="shape (2, 3, 4) with axis=1 holds three classes")
    assert_close(log_softmax(block[:, :1], axis=1), np.zeros((2, 1, 4)), law="a class without others gets log 1 = 0")
    shifted = log_softmax(scores + np.array([[100.0], [0.0], [-50.0]]))
    assert_close(shifted, log_softmax(scores), law="a number added to all scores of a row must change nothing")


def test_confident_mistake_costs_1000() -> None:
    """A score that is 1000 too low for the true class costs 1000; a sure and right one costs 0."""
    scores = np.array([[0.0, -1000.0]])
    loss = cross_entropy_with_logits(scores, np.array([1]))
    assert_number(loss, kind=float)
    assert_close(loss, 1000.0)
    assert_close(cross_entropy_with_logits(scores, np.array([0])), 0.0, atol=1e-12)
    assert_close(cross_entropy_with_logits(scores, np.array([[0, 1]])), 1000.0, law="one-hot rows must cost the same")
    assert_close(cross_entropy_with_logits(np.array([0.0, -1000.0]), 1), 1000.0, law="(K,) is a single sample")


def test_untrained_network_costs_log_k() -> None:
    """Equal scores cost log K, 2.302585 for ten classes, whatever the batch size; labels and one-hot rows agree."""
    assert_close(cross_entropy_with_logits(np.zeros((7, 10)), np.array([3, 1, 4, 1, 5, 9, 2])), np.log(10))
    assert_close(cross_entropy_with_logits(np.full((2, 3), 5.0), np.array([2, 0])), np.log(3))
    scores, labels = np.log(PROBABILITIES) + np.array([[1.0], [2.0], [-3.0]]), np.array([1, 2, 3])
    expected = -np.log([0.5, 0.05, 0.8]).mean()
    assert_close(cross_entropy_with_logits(scores, labels), expected, law="one entry per row counts")
    one_hot = np.eye(4)[labels]
    assert_close(cross_entropy_with_logits(scores, one_hot), expected, law="one-hot rows must cost the same as labels")
    square, expected = scores[:, 1:], -np.log([5 / 8, 1 / 8, 8 / 9.5]).mean()
    assert_close(cross_entropy_with_logits(square, np.array([0, 1, 2])), expected, law="three samples, three classes")


def test_dtype_and_empty() -> None:
    """Whole numbers become float64, float32 stays; no rows is fine."""
    expected = np.array([1.0, 2.0, 3.0]) - np.log(np.exp([1.0, 2.0, 3.0]).sum())
    for x in ([1, 2, 3], np.array([1, 2, 3], np.uint8)):
        assert_close(assert_array(log_softmax(x), shape=(3,), dtype=np.float64), expected)
    single = assert_array(log_softmax(np.array([[1, 2, 3]], np.float32)), shape=(1, 3), dtype=np.float32)
    assert_close(single, [expected], rtol=1e-5)
    assert_array(log_softmax(np.empty((0, 5))), shape=(0, 5), dtype=np.float64)


def test_bad_arguments() -> None:
    """NaN, infinite scores, no classes and no axis raise ValueError, and so does the loss of nothing; inputs stay."""
    for bad in (np.nan, np.inf, -np.inf):
        with pytest.raises(ValueError):
            log_softmax(np.array([[1.0, 2.0], [bad, 0.0]]))
        with pytest.raises(ValueError):
            cross_entropy_with_logits(np.array([[1.0, 2.0], [bad, 0.0]]), np.array([0, 1]))
    for nothing in (np.empty((3, 0)), 1.5):
        with pytest.raises(ValueError):
            log_softmax(nothing)
    with pytest.raises(ValueError):
        cross_entropy_with_logits(np.empty((0, 3)), np.empty(0, np.int64))
    assert_inputs_unchanged(log_softmax, np.array([[0.5, 1.5], [2.5, -1.0]]))
    assert_inputs_unchanged(cross_entropy_with_logits, np.array([[0.5, 1.5], [2.5, -1.0]]), np.array([1, 0]))


def test_bad_targets() -> None:
    """Labels outside 0..K-1, labels that aren't integers, rows that aren't one-hot, other shapes: ValueError."""
    scores = np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]])
    for labels in ([0, 3], [-1, 0], [0.0, 1.5], [0, 1, 2], [0]):
        with pytest.raises(ValueError):
            cross_entropy_with_logits(scores, np.array(labels))
    for rows in ([[0], [1]], [[1, 0, 0]], [[1, 0, 0], [1, 1, 0]], [[1, 0, 0], [0, 0, 0]], [[0, 2, 0], [0, 0, 1]]):
        with pytest.raises(ValueError):
            cross_entropy_with_logits(scores, np.array(rows))
