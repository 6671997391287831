"""Hidden checks of `cross-entropy`."""

import numpy as np
import pytest
from cross_entropy import binary_cross_entropy, cross_entropy

from grader.checks import assert_close, assert_inputs_unchanged, assert_number

AT_MOST = 27.631021115928547  # -log(1e-12)


def test_hand_example() -> None:
    """A probability of 0.8 for the true class costs -log 0.8 = 0.2231; a batch costs the average."""
    assert_close(cross_entropy(np.array([0.1, 0.8, 0.1]), 1), 0.22314355131420976)
    batch = np.array([[0.1, 0.8, 0.1], [0.7, 0.2, 0.1]])
    loss = cross_entropy(batch, np.array([1, 0]))
    assert_close(loss, 0.28990924762647107)
    assert_number(loss, kind=float)


def test_labels_and_one_hot_agree() -> None:
    """Integer labels and one-hot rows give the same loss, also with as many classes as samples."""
    rng = np.random.default_rng(7)
    for samples, classes in ((5, 3), (3, 3), (1, 3)):
        y = rng.dirichlet(np.ones(classes), size=samples)
        labels = rng.integers(classes, size=samples)
        expected = -np.log(y[np.arange(samples), labels]).mean()
        size = f"samples: {samples}, classes: {classes}"
        assert_close(cross_entropy(y, labels), expected, atol=1e-12, law=f"integer labels, {size}")
        assert_close(cross_entropy(y, np.eye(classes)[labels]), expected, atol=1e-12, law=f"one-hot rows, {size}")
    single = cross_entropy(np.array([0.25, 0.5, 0.25]), np.array([0, 0, 1]))
    assert_close(single, 1.3862943611198906, law="y and t of shape (3,) are one sample and its one-hot row")


def test_mean_over_samples() -> None:
    """The loss is a mean: the same batch three times over costs the same."""
    y = np.random.default_rng(8).dirichlet(np.ones(4), size=6)
    labels = np.array([0, 3, 1, 2, 2, 0])
    once = -np.log(y[np.arange(6), labels]).mean()
    assert_close(cross_entropy(y, labels), once)
    assert_close(cross_entropy(np.tile(y, (3, 1)), np.tile(labels, 3)), once, law="repeating the batch changes nothing")


def test_zero_probability() -> None:
    """Probability 0 for the true class costs -log(eps), 27.63 by default: much, but finite."""
    y = np.array([[0.0, 1.0], [0.5, 0.5]])
    half = 0.6931471805599453
    assert_close(cross_entropy(y[:1], np.array([0])), AT_MOST)
    assert_close(cross_entropy(y, np.array([[1, 0], [0, 1]])), (AT_MOST + half) / 2)
    assert_close(cross_entropy(y[:1], np.array([0]), eps=1e-6), AT_MOST / 2, law="eps=1e-6 caps the loss at 13.82")
    assert_close(binary_cross_entropy(np.array([0.0, 1.0]), np.array([1, 0])), AT_MOST)


def test_perfect_prediction() -> None:
    """A perfect prediction costs exactly 0, and no prediction costs less."""
    sure = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    assert_close(cross_entropy(sure, np.array([1, 0])), 0.0)
    assert_close(cross_entropy(sure, sure), 0.0, law="the same with one-hot targets")
    assert_close(binary_cross_entropy(np.array([1.0, 0.0]), np.array([1, 0])), 0.0, law="the same for two classes")
    nearly = cross_entropy(np.array([[1 - 1e-9, 1e-9]]), np.array([0]))
    assert_close(nearly, 1e-9, rtol=1e-6, law="a nearly perfect prediction costs a little more than 0")


def test_binary() -> None:
    """binary_cross_entropy counts both kinds of sample and equals cross_entropy with two columns."""
    loss = binary_cross_entropy(np.array([0.9, 0.2]), np.array([1, 0]))
    assert_close(loss, 0.164252033486018)
    assert_number(loss, kind=float)
    rng = np.random.default_rng(9)
    p, t = rng.uniform(size=20), rng.integers(2, size=20)
    expected = -np.log(np.where(t == 1, p, 1 - p)).mean()
    assert_close(binary_cross_entropy(p, t), expected)
    two_columns = cross_entropy(np.stack([1 - p, p], axis=1), t)
    assert_close(two_columns, expected, law="cross_entropy with the columns 1 - p and p must give the same")


def test_scores_rejected() -> None:
    """Scores are not probabilities: below 0, above 1, NaN, or rows that don't sum to 1 raise ValueError."""
    labels = np.array([0, 1])
    for row in ([1.5, -0.5], [0.5, 0.6], [0.2, 0.3], [np.nan, 0.5]):
        with pytest.raises(ValueError):
            cross_entropy(np.array([row, [0.5, 0.5]]), labels)
    for p in (-0.1, 1.1, np.nan):
        with pytest.raises(ValueError):
            binary_cross_entropy(np.array([p, 0.5]), labels)
    rounded = np.array([[0.3333, 0.3333, 0.3333], [0.5, 0.25, 0.25]], dtype=np.float32)
    assert_close(cross_entropy(rounded, labels), 1.242503, rtol=1e-5, law="a sum of 0.9999 is rounding, not an error")


def test_bad_labels() -> None:
    """Targets that don't fit raise ValueError, and neither y nor t is written to."""
    y = np.array([[0.2, 0.5, 0.3], [1.0, 0.0, 0.0]])
    for labels in ([-1, 0], [0, 3], [[0], [1]], [0], [0.0, 1.0], [[1, 1, 0], [0, 1, 0]], [[0, 0, 0], [0, 1, 0]]):
        with pytest.raises(ValueError):
            cross_entropy(y, np.array(labels))
    with pytest.raises(ValueError):
        cross_entropy(np.empty((0, 3)), np.empty(0, np.int64))
    for t in ([[1], [0]], [1, 2], [1]):
        with pytest.raises(ValueError):
            binary_cross_entropy(np.array([0.9, 0.2]), np.array(t))
    with pytest.raises(ValueError):
        binary_cross_entropy(np.empty(0), np.empty(0, np.int64))
    assert_inputs_unchanged(cross_entropy, y, np.array([[0, 1, 0], [0, 1, 0]]))
    assert_inputs_unchanged(cross_entropy, y, np.array([2, 1]))
    assert_inputs_unchanged(binary_cross_entropy, np.array([1.0, 0.0]), np.array([0, 1]))
