"""Hidden checks of `weight-decay`."""

import numpy as np
import pytest
from numpy.typing import NDArray
from weight_decay import add_weight_decay, l2_penalty, max_norm

from grader.checks import assert_array, assert_close, assert_inputs_unchanged, assert_number

Params = dict[str, NDArray[np.number]]


def penalty(params: Params, lam: float) -> float:
    """The learner's penalty, a Python float."""
    result = l2_penalty(params, lam)
    assert_number(result, kind=float)
    return result


def decayed(grads: Params, params: Params, lam: float) -> dict[str, NDArray[np.floating]]:
    """The learner's gradients with decay, a dictionary with the same names."""
    new = add_weight_decay(grads, params, lam)
    assert isinstance(new, dict), "add_weight_decay must return a dictionary of new gradients"
    assert set(new) == set(params), f"the new gradients are called {sorted(new)}; expected {sorted(params)}"
    return new


def numerical_gradient(params: Params, name: str, lam: float) -> NDArray[np.float64]:
    """The derivative of the learner's penalty by every entry of one parameter, by central differences."""
    h = 1e-3
    grad = np.zeros(params[name].shape)
    for index in np.ndindex(grad.shape):
        step = np.zeros(grad.shape)
        step[index] = h
        above = penalty(params | {name: params[name] + step}, lam)
        below = penalty(params | {name: params[name] - step}, lam)
        grad[index] = (above - below) / (2 * h)
    return grad


def test_gradient_fits_penalty() -> None:
    """What is added to the gradients is λ W, the numerical derivative of your own penalty."""
    params: Params = {
        "W1": np.array([[1.0, -2.0], [3.0, 0.5]]),
        "b1": np.array([4.0, -1.0]),
        "W2": np.array([[0.25], [-1.5]]),
    }
    grads: Params = {
        "W1": np.array([[0.5, 1.0], [-1.0, 2.0]]),
        "b1": np.array([0.5, 1.0]),
        "W2": np.array([[3.0], [0.0]]),
    }
    new = decayed(grads, params, 0.5)
    for name in params:
        added = assert_array(new[name], shape=params[name].shape) - grads[name]
        expected = 0.5 * params[name] if name.startswith("W") else np.zeros(params[name].shape)
        law = f"the gradient of {name} gets λ W added, or nothing if it is a bias"
        assert_close(added, expected, rtol=1e-6, atol=1e-8, law=law)
        law = f"the derivative of the penalty by {name} is what is added to its gradient"
        assert_close(numerical_gradient(params, name, 0.5), added, rtol=1e-6, atol=1e-8, law=law)


def test_penalty_by_hand() -> None:
    """The squares 14 and 5 cost 0.5 * 0.1 * 19 = 0.95; biases cost nothing."""
    params: Params = {
        "W1": np.array([[1.0, -2.0], [3.0, 0.0]]),
        "b1": np.array([10.0, 10.0]),
        "W2": np.array([[-1.0], [2.0]]),
        "b2": np.array([5.0]),
    }
    assert_close(penalty(params, 0.1), 0.95)
    assert_close(penalty(params, 0.0), 0.0)
    assert_close(penalty({"W1": np.array([[1, 2], [3, 4]])}, 2), 30.0)
    assert_close(penalty({"W1": np.array([[100, -20]], np.int8)}, 2), 10_400.0, law="squares don't fit into int8")


def test_biases_untouched() -> None:
    """Gradients of biases, or of whatever is no weight, stay as they were in any shape; λ = 0 changes no gradient."""
    params: Params = {"b1": np.array([3.0, -4.0]), "W1": np.array([[1.0, 2.0]]), "b2": np.array([[2.0, 5.0, -1.0]])}
    grads: Params = {"b2": np.array([[0.5, 0.25, 1.0]]), "W1": np.array([[0.1, 0.2]]), "b1": np.array([1.0, 2.0])}
    new = decayed(grads, params, 0.5)
    assert_close(new["b1"], grads["b1"], rtol=0, law="the gradient of b1 stays as it was")
    assert_close(new["b2"], grads["b2"], rtol=0, law="the gradient of b2 stays as it was")
    assert_close(penalty({"b1": params["b1"], "b2": params["b2"]}, 0.5), 0.0, law="biases alone cost nothing")
    scale: Params = {"gamma": np.array([[2.0, 3.0]])}
    assert_close(decayed(scale, scale, 0.5)["gamma"], scale["gamma"], rtol=0, law="gamma does not begin with W")
    assert_close(penalty(scale, 0.5), 0.0, law="gamma does not begin with W, so it costs nothing")
    new = decayed(grads, params, 0.0)
    for name, g in grads.items():
        assert_close(new[name], g, rtol=0, law="λ = 0 changes nothing")


def test_max_norm_columns() -> None:
    """With the limit 1 the column (3, 4) becomes (0.6, 0.8), and (0.3, 0.4) stays."""
    assert_close(max_norm(np.array([[3.0, 0.3], [4.0, 0.4]]), 1.0), [[0.6, 0.3], [0.8, 0.4]])
    W = np.array([[3.0, -6.0, 1.0], [4.0, 0.0, 2.0]])
    assert_close(max_norm(W, 3.0), [[1.8, -3.0, 1.0], [2.4, 0.0, 2.0]])


def test_max_norm_properties() -> None:
    """No column exceeds the limit, each keeps its direction, a second time changes nothing; zeros stay."""
    W = np.random.default_rng(1).normal(size=(7, 5)) * [0.01, 0.3, 1.0, 5.0, 0.0]
    limit = 2.0
    new = assert_array(max_norm(W, limit), shape=W.shape)
    before, after = np.linalg.norm(W, axis=0), np.linalg.norm(new, axis=0)
    assert_close(after, np.minimum(before, limit), law="a column is as long as before, but at most the limit")
    assert_close(new * before, W * after, atol=1e-12, law="a column keeps its direction")
    assert_close(max_norm(new, limit), new, law="a second time changes nothing")
    assert_close(max_norm(W, 1e6), W, law="a limit that no column reaches changes nothing")


def test_dtypes() -> None:
    """float32 stays float32, whole numbers become float64."""
    whole = np.array([[1, 2], [3, 4]])
    single, double = whole.astype(np.float32), whole.astype(np.float64)
    new = decayed({"W1": single, "b1": single[0], "W2": whole}, {"W1": single, "b1": single[0], "W2": double}, 0.25)
    assert_close(assert_array(new["W1"], dtype=np.float32), 1.25 * whole, rtol=1e-5)
    assert_close(assert_array(new["b1"], dtype=np.float32), whole[0], rtol=1e-5)
    assert_close(assert_array(new["W2"], dtype=np.float64), 1.25 * whole)
    shorter = [[0.1 / 10**0.5, 0.1 / 5**0.5], [0.3 / 10**0.5, 0.2 / 5**0.5]]
    assert_close(assert_array(max_norm(single, 0.1), dtype=np.float32), shorter, rtol=1e-5)
    assert_close(assert_array(max_norm(whole, 0.1), dtype=np.float64), shorter)
    small = max_norm(np.array([[30, 1], [40, 0]], np.int8), 1.0)
    assert_close(assert_array(small, dtype=np.float64), [[0.6, 1.0], [0.8, 0.0]], law="squares don't fit into int8")


def test_inputs_unchanged() -> None:
    """The parameters, gradients and weights you are given stay as they were."""
    params: Params = {"W1": np.array([[1.0], [2.0]]), "b1": np.array([0.5])}
    grads: Params = {"W1": np.array([[0.5], [-0.5]]), "b1": np.array([1.0])}
    assert_inputs_unchanged(l2_penalty, params, 0.5)
    assert_inputs_unchanged(add_weight_decay, grads, params, 0.5)
    assert_inputs_unchanged(max_norm, np.array([[3.0, 0.3], [4.0, 0.4]]), 1.0)


def test_bad_arguments() -> None:
    """A negative or infinite λ, other names or shapes, and a limit of 0 or below are refused with ValueError."""
    w, b = np.ones((2, 2)), np.ones(2)
    for lam in (-0.1, np.inf, np.nan):
        with pytest.raises(ValueError):
            l2_penalty({"W1": w}, lam)
        with pytest.raises(ValueError):
            add_weight_decay({"W1": w}, {"W1": w}, lam)
    params: Params = {"W1": w, "b1": b}
    unfit: list[Params] = [
        {"W1": w},
        params | {"b2": b},
        {"W1": w, "B1": b},
        {"W1": b, "b1": b},
        {"W1": w, "b1": w[:1]},
    ]
    for grads in unfit:
        with pytest.raises(ValueError):
            add_weight_decay(grads, params, 0.1)
    for limit in (0.0, -1.0, np.inf, np.nan):
        with pytest.raises(ValueError):
            max_norm(w, limit)
