"""Backward through an affine layer: the reference."""

import numpy as np
from numpy.typing import NDArray


def affine_backward(
    dout: NDArray[np.floating], x: NDArray[np.floating], W: NDArray[np.floating]
) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    """Return (dx, dW, db), the gradients of y = x W + b for the gradient dout with respect to y.

    Formula: dx = dout W^T, dW = x^T dout, db = the sum of dout over the samples.
    Raises ValueError: dout, x and W are not (N, M), (N, D) and (D, M).
    """
    dout, x, W = np.asarray(dout), np.asarray(x), np.asarray(W)
    if not dout.ndim == x.ndim == W.ndim == 2 or dout.shape != (len(x), W.shape[1]) or x.shape[1] != len(W):
        raise ValueError(f"dout {dout.shape}, x {x.shape}, W {W.shape}; expected (N, M), (N, D), (D, M)")
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.sum(axis=0)
    return dx, dW, db
