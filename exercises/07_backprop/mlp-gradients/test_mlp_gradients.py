"""Hidden checks of `mlp-gradients`."""

from typing import Any

import numpy as np
import pytest
from mlp_gradients import loss_and_gradients
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_inputs_unchanged, assert_number

Params = dict[str, NDArray[np.float64]]
NAMES = ("W1", "b1", "W2", "b2")


def network(seed: int, d: int, h: int, k: int) -> Params:
    """Parameters drawn at random."""
    rng = np.random.default_rng(seed)
    shapes = {"W1": (d, h), "b1": (h,), "W2": (h, k), "b2": (k,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def batch(seed: int, n: int, d: int, k: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Inputs and classes drawn at random."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)), rng.integers(0, k, size=n)


def mean_loss(params: Params, x: NDArray[np.float64], t: NDArray[np.int64]) -> float:
    """The forward pass alone."""
    hidden = 1 / (1 + np.exp(-(x @ params["W1"] + params["b1"])))
    scores = hidden @ params["W2"] + params["b2"]
    return float((np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(t)), t]).mean())


def differences(params: Params, x: NDArray[np.float64], t: NDArray[np.int64], name: str) -> NDArray[np.float64]:
    """The gradient of one parameter by central differences."""
    gradient = np.zeros(params[name].shape)
    for place in np.ndindex(gradient.shape):
        ends = []
        for step in (1e-5, -1e-5):
            moved = params[name].copy()
            moved[place] += step
            ends.append(mean_loss({**params, name: moved}, x, t))
        gradient[place] = (ends[0] - ends[1]) / 2e-5
    return gradient


def called(params: Params, x: NDArray[np.float64], t: NDArray[np.int64]) -> tuple[float, Params]:
    """The learner's answer, and the first things to demand of it: a loss, and a gradient for each name."""
    result = loss_and_gradients(params, x, t)
    assert isinstance(result, tuple), "loss_and_gradients must return a tuple: (loss, grads)"
    assert len(result) == 2, "loss_and_gradients must return two things: (loss, grads)"
    loss, grads = result
    assert_number(loss, kind=float)
    assert isinstance(grads, dict), "the second of the two results must be a dictionary of gradients"
    missing = [name for name in NAMES if name not in grads]
    assert not missing, f"grads has no {missing[0]}; each of the four parameters needs its gradient"
    return loss, grads


def test_loss() -> None:
    """The loss is the mean cross-entropy of a forward pass."""
    params = network(1, 3, 4, 3)
    x, t = batch(2, 6, 3, 3)
    loss, _ = called(params, x, t)
    assert_close(loss, mean_loss(params, x, t), law="the loss is the mean over the batch, for the given parameters")


def test_keys_and_shapes() -> None:
    """There is a gradient for each of W1, b1, W2 and b2, in the shape of its parameter."""
    params = network(3, 5, 3, 2)
    _, grads = called(params, *batch(4, 4, 5, 2))
    assert set(grads) == set(NAMES), f"the gradients are called {sorted(map(str, grads))}; expected {sorted(NAMES)}"
    for name in NAMES:
        assert_array(grads[name], shape=params[name].shape, dtype=np.float64)


def test_gradient_check() -> None:
    """All four gradients agree with central differences of the loss."""
    params = network(5, 3, 4, 2)
    x, t = batch(6, 5, 3, 2)
    _, grads = called(params, x, t)
    for name in reversed(NAMES):
        law = f"the gradient of {name} must agree with central differences"
        assert_close(grads[name], differences(params, x, t, name), rtol=1e-5, atol=1e-9, law=law)


def test_square_network() -> None:
    """They also agree where all sizes are 4, so that every matrix fits both ways round."""
    params = network(7, 4, 4, 4)
    x, t = batch(8, 4, 4, 4)
    _, grads = called(params, x, t)
    for name in reversed(NAMES):
        law = f"the gradient of {name} must agree with central differences"
        assert_close(grads[name], differences(params, x, t, name), rtol=1e-5, atol=1e-9, law=law)


def test_no_hidden_state() -> None:
    """A call with other data in between changes nothing."""
    params = network(9, 2, 3, 2)
    x, t = batch(10, 3, 2, 2)
    loss, grads = called(params, x, t)
    called(network(11, 2, 3, 2), *batch(12, 4, 2, 2))
    again, grads_again = called(params, x, t)
    assert_close(again, loss, rtol=1e-12, law="the same call must give the same loss")
    for name in NAMES:
        law = f"the same call must give the same gradient of {name}"
        assert_close(grads_again[name], grads[name], rtol=1e-12, atol=1e-15, law=law)


def test_large_scores() -> None:
    """Scores and sums of 1000 don't overflow, and the loss grows as far as it has to."""
    params = {
        "W1": np.array([[1000.0, -1000.0]]),
        "b1": np.zeros(2),
        "W2": np.array([[1000.0, -1000.0], [0.0, 0.0]]),
        "b2": np.zeros(2),
    }
    loss, grads = called(params, np.array([[1.0]]), np.array([1]))
    assert_close(loss, 2000.0, law="scores [1000, -1000] with class 1 cost 2000")
    assert_close(grads["b2"], [1.0, -1.0], atol=1e-12)
    assert_close(grads["W2"], [[1.0, -1.0], [0.0, 0.0]], atol=1e-12)
    assert_close(grads["W1"], [[0.0, 0.0]], atol=1e-9, law="a sigmoid that far out has the slope 0")
    loss, grads = called({**params, "b2": np.array([3000.0, 2000.0])}, np.array([[1.0], [-1.0]]), np.array([0, 0]))
    assert_close(loss, 0.0, atol=1e-12)
    assert_close(grads["W2"], np.zeros((2, 2)), atol=1e-12)


def test_params_not_updated() -> None:
    """The parameters, x and t stay as they were: computing gradients isn't yet learning."""
    x, t = batch(13, 5, 3, 4)
    assert_inputs_unchanged(loss_and_gradients, network(14, 3, 2, 4), x, t)


def test_bad_arguments() -> None:
    """A missing parameter, shapes that don't chain, classes that don't exist and an empty batch are refused."""
    params = network(15, 3, 4, 2)
    x, t = batch(16, 5, 3, 2)
    for name in NAMES:
        with pytest.raises(ValueError):
            loss_and_gradients({key: p for key, p in params.items() if key != name}, x, t)
    wrong_shapes = {"W1": (2, 4), "W2": (3, 2), "b1": (1, 4), "b2": (1,)}
    for name, shape in wrong_shapes.items():
        with pytest.raises(ValueError):
            loss_and_gradients({**params, name: np.ones(shape)}, x, t)
    no_classes: list[NDArray[Any]] = [t[:4], np.array([0, 1, 0, 1, -1]), np.array([0, 1, 0, 1, 2]), t[:, None], t + 0.5]
    for classes in no_classes:
        with pytest.raises(ValueError):
            loss_and_gradients(params, x, classes)
    with pytest.raises(ValueError):
        loss_and_gradients(params, np.zeros((0, 3)), np.zeros(0, np.int64))
