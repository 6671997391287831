"""Hidden checks of `softmax-with-loss`."""

import numpy as np
import pytest
from numpy.typing import NDArray
from softmax_with_loss import softmax_cross_entropy

from grader.checks import assert_array, assert_close, assert_inputs_unchanged, assert_number, reference


def loss_and_dx(x: NDArray[np.number], t: NDArray[np.generic]) -> tuple[float, NDArray[np.floating]]:
    """The learner's two results, and the first thing to demand of them: a number, and an array like x."""
    result = softmax_cross_entropy(x, t)
    assert isinstance(result, tuple), "softmax_cross_entropy must return a tuple: (loss, dx)"
    assert len(result) == 2, f"softmax_cross_entropy must return two things, (loss, dx); {len(result)} came back"
    loss, dx = result
    assert_number(loss, kind=float)
    return loss, assert_array(dx, shape=x.shape)


def mean_loss(x: NDArray[np.float64], t: NDArray[np.int64]) -> float:
    """The loss by its formula; fine for small scores."""
    return float((np.log(np.exp(x).sum(axis=1)) - x[np.arange(len(x)), t]).mean())


def drawn(seed: int, n: int, k: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Scores and labels."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, k)), rng.integers(k, size=n)


def test_loss() -> None:
    """The loss is the mean of -log p of the true class; ten classes with equal scores give log 10."""
    x, t = drawn(30, 5, 3)
    assert_close(loss_and_dx(x, t)[0], mean_loss(x, t))
    assert_close(loss_and_dx(np.zeros((4, 10)), np.array([3, 0, 9, 9]))[0], np.log(10))


def test_gradient_against_numerical() -> None:
    """dx is the numerical gradient of the mean loss, for 6 samples with 4 classes."""
    x, t = drawn(31, 6, 4)
    expected = reference("numerical-gradient").numerical_gradient(lambda at: mean_loss(at, t), x)
    assert_close(loss_and_dx(x, t)[1], expected, rtol=1e-6, atol=1e-8)


def test_rows_sum_to_zero() -> None:
    """Each row of dx sums to 0; it is below 0 for the true class alone."""
    x, t = drawn(32, 5, 4)
    dx = loss_and_dx(x, t)[1]
    assert_close(dx.sum(axis=1), np.zeros(5), atol=1e-12, law="each row of dx sums to 0")
    assert_close(dx < 0, t[:, np.newaxis] == np.arange(4), law="dx is below 0 where the true class stands, else above")


def test_divided_by_batch_size() -> None:
    """A batch given twice has the same loss, and each row of dx is half of what it was."""
    x, t = drawn(33, 3, 5)
    loss, dx = loss_and_dx(x, t)
    twice, dx_twice = loss_and_dx(np.concatenate([x, x]), np.concatenate([t, t]))
    assert_close(twice, loss, law="the loss of a repeated batch is the same")
    half = np.concatenate([dx, dx]) / 2
    assert_close(dx_twice, half, atol=1e-12, law="in a batch twice as large each sample counts half")


def test_labels_and_one_hot_agree() -> None:
    """Labels and one-hot rows of any dtype give the same, also where there are as many samples as classes."""
    for seed, n, k in ((34, 3, 5), (35, 4, 4)):
        x = drawn(seed, n, k)[0]
        t = np.arange(n)[::-1]
        expected = (np.exp(x) / np.exp(x).sum(axis=1, keepdims=True) - np.eye(k)[t]) / n
        for target in (t, t.astype(np.uint8), np.eye(k)[t], np.eye(k, dtype=np.int64)[t], np.eye(k, dtype=bool)[t]):
            loss, dx = loss_and_dx(x, target)
            assert_close(loss, mean_loss(x, t))
            assert_close(dx, expected, atol=1e-12)


def test_extreme_scores() -> None:
    """Scores 0 and -1000 with label 1 have the loss 1000 and the gradient 1, -1; rows of 1000 and -1000 mix."""
    loss, dx = loss_and_dx(np.array([[0.0, -1000.0]]), np.array([1]))
    assert_close(loss, 1000.0)
    assert_close(dx, [[1.0, -1.0]])
    loss, dx = loss_and_dx(np.array([[1000.0, 1000.0], [-1000.0, -1000.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]))
    assert_close(loss, np.log(2))
    assert_close(dx, [[-0.25, 0.25], [0.25, -0.25]])


def test_dtype() -> None:
    """float32 scores give a float32 dx, whatever t is; scores that are whole numbers give float64."""
    x, t = drawn(36, 2, 3)
    x = x.round(1)
    expected = (np.exp(x) / np.exp(x).sum(axis=1, keepdims=True) - np.eye(3)[t]) / 2
    for target in (t, np.eye(3)[t], np.eye(3, dtype=np.int64)[t]):
        loss, dx = loss_and_dx(x.astype(np.float32), target)
        assert_close(loss, mean_loss(x, t), rtol=1e-5)
        assert_close(assert_array(dx, dtype=np.float32), expected, rtol=1e-5, atol=1e-6)
    p = np.array([[np.exp(2), 1.0, np.exp(2)]]) / (2 * np.exp(2) + 1)
    for dtype in (np.int64, np.uint8):
        loss, dx = loss_and_dx(np.array([[2, 0, 2]], dtype), np.array([1]))
        assert_close(loss, np.log(2 * np.exp(2) + 1))
        assert_close(assert_array(dx, dtype=np.float64), p - [[0.0, 1.0, 0.0]], atol=1e-12)


def test_bad_arguments_and_inputs() -> None:
    """Labels -1 and K, wrong shapes, no samples, NaN and infinity are refused with ValueError; x and t stay as is."""
    x = np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]])
    for t in ([0, -1], [0, 3], [[0], [2]], [0], [0, 1, 2], [[1, 0], [0, 1]], [[1, 0, 0]], [0.0, 1.0], 1):
        with pytest.raises(ValueError):
            softmax_cross_entropy(x, np.array(t))
    for shape, targets in (((0, 3), (0,)), ((0, 3), (0, 3)), ((3,), ()), ((3,), (3,)), ((2, 3, 1), (2,))):
        with pytest.raises(ValueError):
            softmax_cross_entropy(np.zeros(shape), np.zeros(targets, dtype=np.int64))
    for bad in (np.nan, np.inf, -np.inf):
        with pytest.raises(ValueError):
            softmax_cross_entropy(np.array([[1.0, bad]]), np.array([0]))
    assert_inputs_unchanged(softmax_cross_entropy, x, np.array([2, 0]))
    assert_inputs_unchanged(softmax_cross_entropy, x, np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]))
