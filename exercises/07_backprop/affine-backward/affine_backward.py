"""Backward through an affine layer. Task: README.md in this folder. Run `grade run affine-backward`."""

import numpy as np
from numpy.typing import NDArray


def affine_backward(
    dout: NDArray[np.floating], x: NDArray[np.floating], W: NDArray[np.floating]
) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    """Send the gradient back through y = x W + b: to the input, the weights and the biases.

    dout: the gradient of the loss with respect to y, (N, M).
    x: what went into the layer, (N, D), rows are samples; W: its weights, (D, M), one column per unit.
    Returns (dx, dW, db), new arrays: the gradients with respect to x (N, D), W (D, M) and b (M,); float32
    when all three inputs are float32. No samples (N = 0) give dx of shape (0, D), and zeros for dW and db.
    dout, x and W are not changed.
    Raises ValueError: an input has not exactly two axes, or their N, D and M don't agree.
    """
    raise NotImplementedError
