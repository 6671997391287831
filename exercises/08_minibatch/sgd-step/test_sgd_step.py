"""Hidden checks of `sgd-step`."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sgd_step import minibatch_sgd_step, sgd_step

from grader.checks import assert_array, assert_close, assert_inputs_unchanged, assert_number

Params = dict[str, NDArray[np.floating]]


def stepped(params: Params, grads: Params, lr: float) -> Params:
    """The learner's step, and the first thing to demand of it: a dictionary with the same names."""
    new = sgd_step(params, grads, lr)
    assert isinstance(new, dict), "sgd_step must return a dictionary of new parameters"
    assert set(new) == set(params), f"the new parameters are called {sorted(new)}; expected {sorted(params)}"
    return new


def batch_stepped(params: Params, x: NDArray[np.floating], t: NDArray[np.floating], lr: float) -> tuple[Params, float]:
    """The learner's step on a mini-batch of the linear model below."""
    result = minibatch_sgd_step(params, x, t, linear_loss, lr)
    assert isinstance(result, tuple), "minibatch_sgd_step must return a tuple: (new parameters, loss)"
    assert len(result) == 2, "minibatch_sgd_step must return two things: (new parameters, loss)"
    new, loss = result
    assert isinstance(new, dict), "the first of the two results must be a dictionary of new parameters"
    assert set(new) == set(params), f"the new parameters are called {sorted(new)}; expected {sorted(params)}"
    assert_number(loss, kind=float)
    return new, loss


def linear_loss(params: Params, x: NDArray[np.floating], t: NDArray[np.floating]) -> tuple[float, Params]:
    """Mean squared error of x W + b against t, and the gradients of that mean."""
    error = x @ params["W"] + params["b"] - t
    return float((error**2).mean()), {"W": x.T @ (2 * error / len(x)), "b": (2 * error).mean(axis=0, keepdims=True)}


def test_update_values() -> None:
    """With lr = 0.1, a weight of 1.0 with gradient 2.0 becomes 0.8; biases move by the same rule."""
    params: Params = {"W1": np.array([[1.0, -2.0], [0.5, 3.0]]), "b1": np.array([0.0, 1.0])}
    grads: Params = {"W1": np.array([[2.0, -1.0], [0.0, 4.0]]), "b1": np.array([-3.0, 0.5])}
    new = stepped(params, grads, 0.1)
    assert_close(new["W1"], [[0.8, -1.9], [0.5, 2.6]], rtol=1e-12, law="W1 must move downhill by lr times its gradient")
    assert_close(new["b1"], [0.3, 0.95], rtol=1e-12, law="b1 must move downhill by lr times its gradient")


def test_every_parameter() -> None:
    """Every parameter moves, whatever its name and shape, and no other names appear."""
    rng = np.random.default_rng(7)
    shapes: dict[str, tuple[int, ...]] = {"W1": (3, 4), "b1": (4,), "W2": (4, 2), "b2": (2,), "kernel": (2, 1, 3, 3)}
    params: Params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    grads: Params = {name: rng.normal(size=shapes[name]) for name in reversed(shapes)}
    new = stepped(params, grads, 0.25)
    for name, p in params.items():
        assert_close(new[name], p - 0.25 * grads[name], atol=1e-12, law=f"{name} must move like every parameter")


def test_old_parameters_kept() -> None:
    """The parameters and gradients you are given stay as they were."""
    params: Params = {"W": np.array([[1.0], [2.0]]), "b": np.array([0.5])}
    grads: Params = {"W": np.array([[0.5], [-0.5]]), "b": np.array([1.0])}
    assert_inputs_unchanged(sgd_step, params, grads, 0.1)
    x, t = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([1.0, 0.0])
    flat: Params = {"W": np.array([0.5, -0.5]), "b": np.array([0.25])}
    assert_inputs_unchanged(minibatch_sgd_step, flat, x, t, linear_loss, 0.1)


def test_minibatch_step() -> None:
    """loss_and_grad is called once, with the whole batch; the loss returned is the one before the step."""
    calls: list[tuple[NDArray[np.floating], NDArray[np.floating]]] = []

    def counted(params: Params, x: NDArray[np.floating], t: NDArray[np.floating]) -> tuple[float, Params]:
        calls.append((x, t))
        return linear_loss(params, x, t)

    x, t = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 1.0], [2.0, 2.0]]), np.array([1.0, 0.0, 2.0, -1.0])
    params: Params = {"W": np.array([0.5, -0.5]), "b": np.array([0.25])}
    minibatch_sgd_step(params, x, t, counted, 0.1)
    assert len(calls) == 1, f"loss_and_grad was called {len(calls)} times; once gives the loss and all gradients"
    assert_close(calls[0][0], x, law="loss_and_grad must get the whole batch x")
    assert_close(calls[0][1], t, law="loss_and_grad must get all targets t")
    new, loss = batch_stepped(params, x, t, 0.1)
    before, grads = linear_loss(params, x, t)
    assert_close(loss, before, law="the loss is the one before the step")
    assert_close(new["W"], params["W"] - 0.1 * grads["W"], law="W must move by lr times the gradient of the mean loss")
    assert_close(new["b"], params["b"] - 0.1 * grads["b"], law="b must move by lr times the gradient of the mean loss")


def test_loss_goes_down() -> None:
    """Twenty steps on one batch lower its loss by at least 40 %."""
    rng = np.random.default_rng(8)
    x = rng.normal(size=(16, 3))
    t = x @ np.array([1.0, -2.0, 0.5]) + 0.5
    params: Params = {"W": np.zeros(3), "b": np.zeros(1)}
    losses = []
    for _ in range(20):
        params, loss = batch_stepped(params, x, t, 0.05)
        losses.append(loss)
    last = linear_loss(params, x, t)[0]
    assert last <= 0.6 * losses[0], f"the loss was {losses[0]:.3g} at first and is {last:.3g} after 20 steps"


def test_dtype_kept() -> None:
    """float32 parameters stay float32, with float64 gradients too; whole numbers become float64."""
    params: Params = {"W": np.array([[1.0, 2.0]], np.float32), "b": np.array([0.5])}
    grads: Params = {"W": np.array([[1.0, -1.0]], np.float64), "b": np.array([1.0], np.float32)}
    new = stepped(params, grads, 0.1)
    assert_close(assert_array(new["W"], dtype=np.float32), [[0.9, 2.1]], rtol=1e-5)
    assert_close(assert_array(new["b"], dtype=np.float64), [0.4], rtol=1e-5)
    whole = stepped({"b": np.array([1, 2])}, {"b": np.array([0.5, 1.0])}, 0.1)
    assert_close(assert_array(whole["b"], dtype=np.float64), [0.95, 1.9], law="a step of 0.05 must not be cut off")


def test_mismatch() -> None:
    """A missing gradient, one too many or one of another shape raises ValueError."""
    w, b = np.ones((2, 2)), np.ones(2)
    with pytest.raises(ValueError):
        sgd_step({"W": w, "b": b}, {"W": w}, 0.1)
    with pytest.raises(ValueError):
        sgd_step({"W": w}, {"W": w, "b": b}, 0.1)
    with pytest.raises(ValueError):
        sgd_step({"b": b}, {"b": np.ones((1, 2))}, 0.1)
    with pytest.raises(ValueError):
        sgd_step({"W": w}, {"W": b}, 0.1)


def test_learning_rate() -> None:
    """A learning rate of 0, below 0, infinite or NaN raises ValueError."""
    for lr in (0.0, -0.1, np.inf, np.nan):
        with pytest.raises(ValueError):
            sgd_step({"b": np.ones(2)}, {"b": np.ones(2)}, lr)


def test_nan_shows() -> None:
    """A NaN in a gradient shows as a NaN in the parameter and nowhere else."""
    new = stepped({"b": np.array([1.0, 2.0])}, {"b": np.array([np.nan, 1.0])}, 0.1)
    assert_close(new["b"], [np.nan, 1.9])
