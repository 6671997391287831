"""Hidden checks of `activation-backward`."""

from collections.abc import Callable

import numpy as np
import pytest
from activation_backward import relu_backward, sigmoid_backward
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_inputs_unchanged, reference


def measured(
    forward: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    dout: NDArray[np.float64],
    x: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The numerical gradient at x of a loss whose gradient with respect to forward(x) is dout."""
    gradient = reference("numerical-gradient").numerical_gradient(lambda at: float((dout * forward(at)).sum()), x)
    return np.asarray(gradient)


def relu(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(x, 0.0)


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-x)))


def test_relu_against_numerical() -> None:
    """ReLU: the numerical gradient, for 5 samples with 4 units."""
    rng = np.random.default_rng(20)
    x = rng.choice([-1.0, 1.0], size=(5, 4)) * rng.uniform(0.1, 2.0, size=(5, 4))  # away from the kink
    dout = rng.uniform(0.5, 2.0, size=(5, 4))
    assert_close(relu_backward(dout, x), measured(relu, dout, x), rtol=1e-6, atol=1e-8)


def test_relu_at_zero() -> None:
    """ReLU: an input of exactly 0 or -0.0 passes nothing back; the smallest number above 0 passes all."""
    x = np.array([0.0, -0.0, 1.0, np.nextafter(0.0, 1.0)])
    assert_close(relu_backward(np.array([5.0, -3.0, 2.0, 7.0]), x), [0.0, 0.0, 2.0, 7.0], rtol=0)


def test_blocked_gradient_is_exactly_zero() -> None:
    """ReLU: where x is below 0 an infinite gradient becomes 0, not NaN; where x is above 0 it shows."""
    dout = np.array([[np.inf, -np.inf, np.nan], [np.inf, np.nan, 2.0]])
    x = np.array([[-1.0, -0.5, -2.0], [3.0, 1.0, -1.0]])
    assert_close(relu_backward(dout, x), [[0.0, 0.0, 0.0], [np.inf, np.nan, 0.0]], rtol=0)


def test_upstream_sign_kept() -> None:
    """ReLU: a negative gradient passes through a unit that was on; a positive one does not pass a unit that was off."""
    dout, x = np.array([-2.0, -3.0, 4.0, 5.0]), np.array([1.0, -1.0, 2.0, -2.0])
    assert_close(relu_backward(dout, x), [-2.0, 0.0, 4.0, 0.0], rtol=0)


def test_sigmoid_against_numerical() -> None:
    """Sigmoid: the numerical gradient with respect to x, computed from the output y alone."""
    rng = np.random.default_rng(21)
    x = rng.normal(scale=2.0, size=(4, 3))
    dout = rng.uniform(-2.0, 2.0, size=(4, 3))
    assert_close(sigmoid_backward(dout, sigmoid(x)), measured(sigmoid, dout, x), rtol=1e-6, atol=1e-8)


def test_sigmoid_known() -> None:
    """Sigmoid: an output of 0.5 passes a quarter of the gradient, an output of 0 or 1 nothing, 0.2 as much as 0.8."""
    y = np.array([0.5, 0.5, 0.0, 1.0, 0.2, 0.8])
    dout = np.array([4.0, -8.0, 3.0, 3.0, 10.0, 10.0])
    assert_close(sigmoid_backward(dout, y), [1.0, -2.0, 0.0, 0.0, 1.6, 1.6], atol=1e-15)


def test_float32() -> None:
    """Two float32 arrays give float32, through both functions."""
    dout = np.array([[2.0, -4.0]], np.float32)
    passed = relu_backward(dout, np.array([[1.0, -1.0]], np.float32))
    assert_close(assert_array(passed, shape=(1, 2), dtype=np.float32), [[2.0, 0.0]], rtol=1e-5)
    scaled = sigmoid_backward(dout, np.array([[0.2, 0.5]], np.float32))
    assert_close(assert_array(scaled, shape=(1, 2), dtype=np.float32), [[0.32, -1.0]], rtol=1e-5)


def test_inputs_unchanged() -> None:
    """dout, x and y stay as they were."""
    dout = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])
    assert_inputs_unchanged(relu_backward, dout, np.array([[1.0, -1.0, 0.0], [2.0, -3.0, 4.0]]))
    assert_inputs_unchanged(sigmoid_backward, dout, np.array([[0.1, 0.9, 0.5], [0.3, 0.0, 1.0]]))


def test_shapes() -> None:
    """Any shape will do, (0, 3) and four axes too; two different shapes are refused with ValueError."""
    for function in (relu_backward, sigmoid_backward):
        assert_array(function(np.empty((0, 3)), np.empty((0, 3))), shape=(0, 3))
        images = np.full((2, 1, 3, 2), 0.5)
        assert_array(function(images, images), shape=(2, 1, 3, 2))
        for shape in ((3,), (1, 3), (2, 1), (3, 2), (), (1, 2, 3)):
            with pytest.raises(ValueError):
                function(np.ones((2, 3)), np.full(shape, 0.5))
