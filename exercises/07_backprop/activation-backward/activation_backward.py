"""Backward through ReLU and sigmoid. Task: README.md in this folder. Run `grade run activation-backward`."""

import numpy as np
from numpy.typing import NDArray


def relu_backward(dout: NDArray[np.floating], x: NDArray[np.floating]) -> NDArray[np.floating]:
    """Send the gradient back through y = max(0, x).

    dout: the gradient of the loss with respect to the output of ReLU, of any shape; it may be infinite or NaN.
    x: what went INTO ReLU, of the same shape.
    Returns a new array of that shape, the gradient with respect to x: float32 when both are float32.
    The slope at exactly 0 is 0. Where the slope is 0 the result is exactly 0, whatever dout is.
    dout and x are not changed.
    Raises ValueError: the shapes differ, also where NumPy would broadcast them.
    """
    raise NotImplementedError


def sigmoid_backward(dout: NDArray[np.floating], y: NDArray[np.floating]) -> NDArray[np.floating]:
    """Send the gradient back through y = 1 / (1 + e^-x).

    dout: the gradient of the loss with respect to the output of the sigmoid, of any shape.
    y: what came OUT of the sigmoid, numbers 0..1, of the same shape.
    Returns a new array of that shape, the gradient with respect to x: float32 when both are float32.
    dout and y are not changed.
    Raises ValueError: the shapes differ, also where NumPy would broadcast them.
    """
    raise NotImplementedError
