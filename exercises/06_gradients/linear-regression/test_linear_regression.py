"""Hidden checks of `linear-regression`."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from linear_regression import fit_linear_regression, predict_linear
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_inputs_unchanged, assert_number

Fit = tuple[NDArray[np.float64], float, list[float]]


def fitted(x: NDArray[np.number], t: NDArray[np.number], **settings: Any) -> Fit:
    """The learner's fit, and the first things to demand of it: w (D,), b a Python float, a list of losses."""
    result = fit_linear_regression(x, t, **settings)
    assert isinstance(result, tuple), "fit_linear_regression must return a tuple: (w, b, losses)"
    assert len(result) == 3, "fit_linear_regression must return three things: (w, b, losses)"
    w, b, losses = result
    assert_array(w, shape=(x.shape[1],), dtype=np.float64)
    assert_number(b, kind=float)
    assert isinstance(losses, list), "losses must be a list of floats"
    return w, b, losses


def test_recovers_a_line() -> None:
    """20 points on the line 2x + 1: with the default settings w and b are right to within 0.001."""
    x = np.linspace(0, 3, 20)
    t = 2 * x + 1
    w, b, _ = fitted(x[:, np.newaxis], t, epochs=3)
    errors = w * x + b - t
    assert (errors**2).mean() < (t**2).mean(), "after three updates the errors must be smaller than with w = 0, b = 0"
    w, b, _ = fitted(x[:, np.newaxis], t)
    assert_close(w, [2.0], rtol=0, atol=1e-3, law="w must become the slope")
    assert_close(b, 1.0, rtol=0, atol=1e-3, law="b must become the height at x = 0")


def test_two_updates_exact() -> None:
    """One update and two updates give exactly the w and b of the formula."""
    x = np.array([[1.0, -2.0], [0.0, 1.0], [3.0, 0.5], [-1.0, 2.0]])
    t = np.array([1.0, 3.0, -2.0, 4.0])
    w1, b1 = 0.1 * 2 * (x.T @ t) / 4, 0.1 * 2 * float(t.mean())
    w, b, _ = fitted(x, t, lr=0.1, epochs=1)
    assert_close(w, w1, law="w after one update from 0")
    assert_close(b, b1, law="b after one update from 0")
    error = x @ w1 + b1 - t
    w, b, _ = fitted(x, t, lr=0.1, epochs=2)
    assert_close(w, w1 - 0.1 * 2 * (x.T @ error) / 4, law="w after two updates")
    assert_close(b, b1 - 0.1 * 2 * float(error.mean()), law="b after two updates")


def test_matches_least_squares() -> None:
    """With three inputs and noisy targets, gradient descent arrives at the least-squares solution."""
    rng = np.random.default_rng(12)
    x = rng.normal(size=(40, 3))
    t = x @ np.array([1.5, -2.0, 0.5]) - 3.0 + rng.normal(scale=0.3, size=40)
    best = np.linalg.lstsq(np.column_stack([x, np.ones(40)]), t, rcond=None)[0]
    w, b, _ = fitted(x, t, lr=0.1, epochs=600)
    assert_close(w, best[:3], rtol=0, atol=1e-4, law="w must arrive at the least-squares weights")
    assert_close(b, best[3], rtol=0, atol=1e-4, law="b must arrive at the least-squares bias")


def test_data_repeated() -> None:
    """A data set given twice over leads to the same w, b and losses."""
    x, t = np.array([[0.5, 1.0], [-1.0, 2.0], [1.5, -0.5]]), np.array([2.0, -1.0, 0.5])
    once = fitted(x, t, lr=0.05, epochs=5)
    twice = fitted(np.concatenate([x, x]), np.concatenate([t, t]), lr=0.05, epochs=5)
    assert_close(twice[0], once[0], law="w must not depend on how often the data are repeated")
    assert_close(twice[1], once[1], law="b must not depend on how often the data are repeated")
    assert_close(np.array(twice[2]), once[2], law="the losses must not depend on how often the data are repeated")


def test_losses() -> None:
    """One loss per epoch, each from before its update: the first is that of w = 0 and b = 0, and they fall."""
    x, t = np.array([[1], [2], [4], [3]]), np.array([2, 3, 6, 7])
    _, _, losses = fitted(x, t, lr=0.05, epochs=10)
    assert len(losses) == 10, f"there are {len(losses)} losses after 10 epochs; expected one per epoch"
    for loss in losses:
        assert_number(loss, kind=float)
    assert_close(losses[0], (t**2).mean(), law="the first loss is that of w = 0 and b = 0")
    assert all(later < earlier for earlier, later in pairwise(losses)), "the losses must fall"
    by_default = len(fitted(x / 4, t)[2])
    assert by_default == 1000, f"there are {by_default} losses without epochs; the default is 1000"
    w, b, _ = fitted(x, t, lr=0.05, epochs=4)
    assert_close(losses[4], ((w * x[:, 0] + b - t) ** 2).mean(), law="losses[4] belongs to w and b after 4 updates")


def test_target_shape() -> None:
    """Targets of shape (N, 1) raise ValueError, and so do too many or too few of them."""
    one, two = np.array([[1.0], [2.0], [3.0]]), np.array([[1.0, 0.0], [2.0, 1.0], [3.0, 1.0]])
    for x in (one, two):
        for t in (np.ones((3, 1)), np.ones((1, 3)), np.ones(2), np.ones(1), np.array(1.0)):
            with pytest.raises(ValueError):
                fit_linear_regression(x, t, 0.01, 2)


def test_bad_arguments_and_inputs() -> None:
    """Inputs without rows or with one axis, NaN, infinity, bad settings raise ValueError; x and t stay as they were."""
    x, t = np.array([[1.0], [2.0]]), np.array([1.0, 3.0])
    for bad_x, bad_t in (
        (np.array([1.0, 2.0]), t),
        (np.empty((0, 1)), np.empty(0)),
        (np.array([[1.0], [np.nan]]), t),
        (np.array([[1.0], [np.inf]]), t),
        (x, np.array([np.nan, 3.0])),
        (x, np.array([1.0, -np.inf])),
    ):
        with pytest.raises(ValueError):
            fit_linear_regression(bad_x, bad_t, 0.01, 2)
    for lr in (0.0, -0.1, np.nan, np.inf):
        with pytest.raises(ValueError):
            fit_linear_regression(x, t, lr, 2)
    for epochs in (0, -1):
        with pytest.raises(ValueError):
            fit_linear_regression(x, t, 0.01, epochs)
    assert_inputs_unchanged(fit_linear_regression, x, t, 0.1, 3)


def test_learning_rate_too_large() -> None:
    """With inputs around 2000 and lr = 0.1 the numbers overflow: ValueError, "diverged"."""
    x, t = np.array([[1000.0], [2000.0], [3000.0]]), np.array([1.0, 2.0, 4.0])
    with pytest.raises(ValueError, match="diverged"):
        fit_linear_regression(x, t, 0.1, 200)
    w, _, _ = fitted(x / 1000, t, lr=0.1, epochs=200)
    assert_close(w, [1.5], rtol=0.1, law="the same inputs in thousands must work")
    with pytest.raises(ValueError, match="diverged"):  # the loss is infinite, w and b are not yet
        fit_linear_regression(x / 1000, np.array([1e160, 2e160, 4e160]), 0.1, 1)
    with pytest.raises(ValueError, match="diverged"):  # errors of both signs become infinite
        fit_linear_regression(np.array([[1e160], [-1e160]]), np.array([1.0, -1.0]), 0.1, 2)


def test_predict() -> None:
    """Predictions are x w + b, one number per sample; other shapes raise ValueError."""
    x, w = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 0.5]]), np.array([2.0, -1.0])
    y = assert_array(predict_linear(x, w, 0.5), shape=(3,), dtype=np.float64)
    assert_close(y, [0.5, 7.5, 0.0], atol=1e-12)
    whole = assert_array(predict_linear(np.array([[1, 2]]), w, 0.5), shape=(1,), dtype=np.float64)
    assert_close(whole, [0.5])
    assert_array(predict_linear(np.empty((0, 2)), w, 0.5), shape=(0,))
    for bad_x, bad_w in ((x, w[:, np.newaxis]), (x, np.ones(3)), (x, np.array(2.0)), (np.array([1.0, 2.0]), w)):
        with pytest.raises(ValueError):
            predict_linear(bad_x, bad_w, 0.5)
