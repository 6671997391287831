"""Linear regression by gradient descent: the reference."""

import math

import numpy as np
from numpy.typing import NDArray


def fit_linear_regression(
    x: NDArray[np.number], t: NDArray[np.number], lr: float = 0.1, epochs: int = 1000
) -> tuple[NDArray[np.float64], float, list[float]]:
    """Return w (D,), b and the loss before each update, after `epochs` full-batch steps from w = 0, b = 0.

    Formula: with e = x w + b - t, the loss is mean(e^2), and its gradients are 2/N x^T e and 2/N sum(e).
    Raises ValueError: wrong shapes, data that is not finite, lr not above 0 and finite, epochs below 1, or the
    loss or a parameter is no longer finite ("diverged").
    """
    inputs, targets = np.asarray(x, dtype=np.float64), np.asarray(t, dtype=np.float64)
    if inputs.ndim != 2 or len(inputs) == 0:
        raise ValueError(f"x has shape {inputs.shape}; expected (N, D) with at least one sample")
    if targets.shape != inputs.shape[:1]:
        raise ValueError(f"t has shape {targets.shape}; expected {inputs.shape[:1]}")
    if not (np.isfinite(inputs).all() and np.isfinite(targets).all()):
        raise ValueError("the data hold NaN or infinity")
    if not (lr > 0 and math.isfinite(lr)) or epochs < 1:
        raise ValueError(f"lr = {lr}, epochs = {epochs}; lr must be above 0 and finite, epochs at least 1")
    n = len(inputs)
    w, b = np.zeros(inputs.shape[1]), 0.0
    losses: list[float] = []
    with np.errstate(over="ignore", invalid="ignore"):  # numbers that are no longer finite are told below
        for epoch in range(epochs):
            error = inputs @ w + b - targets
            losses.append(float((error**2).mean()))
            w = w - lr * 2 / n * (inputs.T @ error)
            b = b - lr * 2 / n * float(error.sum())
            if not (math.isfinite(losses[-1]) and math.isfinite(b) and np.isfinite(w).all()):
                raise ValueError(f"diverged in epoch {epoch}: scale the inputs or use a smaller learning rate")
    return w, b, losses


def predict_linear(x: NDArray[np.number], w: NDArray[np.float64], b: float) -> NDArray[np.float64]:
    """Return x w + b, float64 (N,). ValueError: x is not (N, D), w is not (D,)."""
    inputs, weights = np.asarray(x, dtype=np.float64), np.asarray(w, dtype=np.float64)
    if inputs.ndim != 2 or weights.shape != inputs.shape[1:]:
        raise ValueError(f"x has shape {inputs.shape} and w {weights.shape}; expected (N, D) and (D,)")
    return np.asarray(inputs @ weights + b)
