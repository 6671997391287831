"""Hidden checks of `perceptron-learning-rule`."""

import numpy as np
import pytest
from numpy.typing import NDArray
from perceptron_learning import train_perceptron

from grader.checks import assert_array, assert_close, assert_inputs_unchanged, assert_number

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}
XOR = np.array([0, 1, 1, 0])

Trained = tuple[NDArray[np.float64], float, list[int]]


def trained(result: object, features: int) -> Trained:
    """What the learner's function returned, and the first thing to demand of it: (w, theta, errors)."""
    assert isinstance(result, tuple), "train_perceptron must return a tuple: (w, theta, errors)"
    assert len(result) == 3, "train_perceptron must return three things: (w, theta, errors)"
    w, theta, errors = result
    assert_array(w, shape=(features,), dtype=np.float64)
    assert_number(theta, kind=float)
    assert isinstance(errors, list), "errors must be a list with the number of wrong answers in each epoch"
    whole = all(isinstance(e, int | np.integer) and not isinstance(e, bool) for e in errors)
    assert whole, "errors must hold ints, one per epoch"
    return w, float(theta), errors


def assert_learned(result: object, X: NDArray[np.generic], t: NDArray[np.generic]) -> None:
    """Demand a line that parts the samples, and that training ended with the first epoch without errors."""
    w, theta, errors = trained(result, X.shape[1])
    assert errors, "errors is empty; it must have one number for each epoch"
    assert errors[-1] == 0, f"the last epoch still had wrong answers: {errors[-1]}; train until there are none"
    assert errors.count(0) == 1, "training must end after the first epoch without a wrong answer"
    wrong = int(((X.astype(np.float64) @ w + theta > 0) != t).sum())
    assert wrong == 0, f"{wrong} of {len(t)} samples are on the wrong side of the line"


def test_one_epoch_by_hand() -> None:
    """w, theta and the wrong answers: one epoch of AND with its samples in reverse order, two epochs of OR; lr 0.5."""
    w, theta, errors = trained(train_perceptron(CORNERS[::-1].copy(), np.array([1, 0, 0, 0]), 0.5, 1), 2)
    assert_close(np.append(w, theta), [0.0, 0.0, -0.5], law="w1, w2 and theta after one epoch of AND in reverse order")
    assert errors == [3], f"the first three answers are wrong, the last is right: [3], not {errors}"
    w, theta, errors = trained(train_perceptron(CORNERS, np.array(GATES["OR"]), 0.5, 2), 2)
    assert_close(np.append(w, theta), [0.5, 0.5, 0.5], law="w1, w2 and theta after two epochs of OR")
    assert errors == [1, 2], f"OR has 1 wrong answer in the first epoch and 2 in the second: [1, 2], not {errors}"


def test_learns_and_or_nand() -> None:
    """AND, OR and NAND are learned, and training ends with the first epoch that has no wrong answer."""
    for answers in GATES.values():
        t = np.array(answers)
        assert_learned(train_perceptron(CORNERS, t, 0.5, 100), CORNERS, t)


def test_xor_never_converges() -> None:
    """On XOR all epochs are used and each has wrong answers; without max_epochs there are 100."""
    for arguments, epochs in (((0.5, 25), 25), ((0.5,), 100)):
        _, _, errors = trained(train_perceptron(CORNERS, XOR, *arguments), 2)
        assert len(errors) == epochs, f"there were {len(errors)} epochs; expected {epochs}: no line solves XOR"
        assert min(errors) > 0, "an epoch of XOR cannot be free of errors: no line solves it"


def test_learning_rate_only_scales() -> None:
    """From a start at zero, twice the learning rate gives twice w and theta; without lr it is 0.1."""
    X = np.array([[1.0, -2.0, 0.5], [3.0, 1.0, -1.0], [-2.0, 0.5, 2.0], [0.5, 0.25, 1.0]])
    t = np.array([1, 0, 0, 1])
    small, large = (trained(train_perceptron(X, t, lr, 3), 3) for lr in (0.25, 0.5))
    assert_close(large[0], 2 * small[0], law="twice the learning rate gives twice the weights")
    assert_close(large[1], 2 * small[1], law="twice the learning rate gives twice the bias")
    assert small[2] == large[2], "the learning rate must not change the number of wrong answers"
    w, theta, _ = trained(train_perceptron(np.array([[2.0]]), np.array([1])), 1)
    assert_close(np.append(w, theta), [0.2, 0.1], law="one correction by the default learning rate 0.1")


def test_real_valued_inputs() -> None:
    """Inputs may be any real numbers: 60 samples in three dimensions are parted."""
    normal, bias = np.array([2.0, -1.0, 2.0]) / 3, 0.4
    X = np.random.default_rng(5).normal(size=(120, 3))
    X = X[np.abs(X @ normal + bias) > 0.3][:60]
    t = (X @ normal + bias > 0).astype(np.int64)
    assert_learned(train_perceptron(X, t, 0.1, 200), X, t)


def test_bias_is_learned() -> None:
    """One feature, split between 4 and 6: only a line away from the origin can do it."""
    X = np.array([[1.0], [2.0], [3.0], [4.0], [6.0], [7.0], [8.0], [9.0]])
    t = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    for targets in (t, 1 - t):
        assert_learned(train_perceptron(X, targets, 0.5, 300), X, targets)


def test_target_dtypes() -> None:
    """Targets in uint8, bool or float64 train as int64 does; so do boolean inputs."""
    t = np.array(GATES["NAND"])
    for targets in (t.astype(np.uint8), t.astype(np.float64), t.astype(bool)):
        assert_learned(train_perceptron(CORNERS, targets, 0.5, 100), CORNERS, t)
    assert_learned(train_perceptron(CORNERS.astype(bool), t, 0.5, 100), CORNERS, t)


def test_inputs_unchanged() -> None:
    """X and t stay as they were, and a second call starts from zero like the first."""
    X, t = np.array([[1.0, 2.0], [-1.0, 0.5], [2.0, -3.0]]), np.array([1, 0, 1])
    first, second = (trained(assert_inputs_unchanged(train_perceptron, X, t, 0.5, 2), 2) for _ in range(2))
    assert_close(second[0], first[0], rtol=0, law="the same call again must give the same w")
    assert_close(second[1], first[1], rtol=0, law="the same call again must give the same theta")
    assert second[2] == first[2], "the same call again must give the same errors"


def test_bad_arguments() -> None:
    """Targets -1 and 1, shapes that don't fit, NaN, no samples, lr of 0 and 0 epochs raise ValueError."""
    X, t = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1])
    gap, endless = X.copy(), X.copy()
    gap[1, 0], endless[2, 1] = np.nan, np.inf
    for samples, targets in (
        (X, np.array([-1, 1, 1])),
        (X, np.array([0.0, 0.5, 1.0])),
        (X, np.array([0.0, np.nan, 1.0])),
        (X, np.array([0, 1])),
        (X, np.array([[0], [1], [1]])),
        (X[:, 0], t),
        (gap, t),
        (endless, t),
        (np.empty((0, 2)), np.empty(0)),
    ):
        with pytest.raises(ValueError):
            train_perceptron(samples, targets)
    for lr in (0.0, -0.5, np.nan, np.inf):
        with pytest.raises(ValueError):
            train_perceptron(X, t, lr)
    with pytest.raises(ValueError):
        train_perceptron(X, t, 0.5, 0)
