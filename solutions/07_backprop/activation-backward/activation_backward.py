"""Backward through ReLU and sigmoid: the reference."""

import numpy as np
from numpy.typing import NDArray


def relu_backward(dout: NDArray[np.floating], x: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the gradient with respect to the input x of ReLU: dout where x > 0, exactly 0 elsewhere.

    Raises ValueError: the shapes differ.
    """
    dout, x = _pair(dout, x)
    return np.where(x > 0, dout, 0.0)  # not dout * (x > 0): infinity times 0 is NaN


def sigmoid_backward(dout: NDArray[np.floating], y: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the gradient with respect to the input of the sigmoid, from its output y.

    Formula: dout * y * (1 - y), since dy/dx = y (1 - y).
    Raises ValueError: the shapes differ.
    """
    dout, y = _pair(dout, y)
    return np.asarray(dout * y * (1 - y))


def _pair(dout: NDArray[np.floating], kept: NDArray[np.floating]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Both as arrays. ValueError unless their shapes are the same."""
    dout, kept = np.asarray(dout), np.asarray(kept)
    if dout.shape != kept.shape:
        raise ValueError(f"dout of shape {dout.shape} for an activation of shape {kept.shape}")
    return dout, kept
