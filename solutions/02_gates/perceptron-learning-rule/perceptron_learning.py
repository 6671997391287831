"""Perceptron learning rule: the reference."""

import math

import numpy as np
from numpy.typing import NDArray


def train_perceptron(
    X: NDArray[np.generic], t: NDArray[np.generic], lr: float = 0.1, max_epochs: int = 100
) -> tuple[NDArray[np.float64], float, list[int]]:
    """Return (w, theta, errors) after training until an epoch has no errors, or for max_epochs.

    Formula, for each sample in turn: y = H(w·x + theta), w <- w + lr (t - y) x, theta <- theta + lr (t - y).
    Raises ValueError: targets other than 0 and 1, shapes that don't fit, X empty or not finite, lr not above 0
    and finite, max_epochs below 1.
    """
    samples = np.asarray(X, dtype=np.float64)
    targets = np.asarray(t)
    if samples.ndim != 2 or targets.shape != samples.shape[:1]:
        raise ValueError(f"X of shape {samples.shape} and t of shape {targets.shape}; use (N, D) and (N,)")
    if len(samples) == 0:
        raise ValueError("no samples")
    if not np.isfinite(samples).all():
        raise ValueError("X holds NaN or infinity")
    if not np.isin(targets, (0, 1)).all():
        raise ValueError("a target is neither 0 nor 1")
    if not (lr > 0 and math.isfinite(lr)):
        raise ValueError(f"lr = {lr}; the learning rate must be above 0 and finite")
    if max_epochs < 1:
        raise ValueError(f"max_epochs = {max_epochs}; use 1 or more")
    w = np.zeros(samples.shape[1])
    theta = 0.0
    errors: list[int] = []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(samples, targets, strict=True):
            y = int(x @ w + theta > 0)
            d = int(target) - y
            w = w + lr * d * x
            theta = theta + lr * d
            wrong += int(d != 0)
        errors.append(wrong)
        if wrong == 0:
            break
    return w, theta, errors
