"""Adam: the reference."""

import math

import numpy as np
from numpy.typing import NDArray


def adam_step(
    param: NDArray[np.floating],
    grad: NDArray[np.floating],
    m: NDArray[np.floating],
    v: NDArray[np.floating],
    t: int,
    *,
    lr: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    """Return the parameter moved by -lr m̂ / (√v̂ + eps), and the new moments without their correction.

    Formula: m <- β₁ m + (1 - β₁) g, v <- β₂ v + (1 - β₂) g²; both are 0 before the first step and hold the share
    1 - βᵗ of what they should, which m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ) repair.
    Raises ValueError: t is below 1 or not a whole number, the shapes differ, lr is not above 0 and finite, a beta
    is outside [0, 1), or an entry of v is below 0.
    """
    if not isinstance(t, int | np.integer) or t < 1:
        raise ValueError(f"t = {t}; steps are counted 1, 2, 3, …")
    if not param.shape == grad.shape == m.shape == v.shape:
        raise ValueError(f"the shapes {param.shape}, {grad.shape}, {m.shape} and {v.shape} differ")
    if not (lr > 0 and math.isfinite(lr)):
        raise ValueError(f"lr = {lr}; the learning rate must be above 0 and finite")
    if not (0 <= beta1 < 1 and 0 <= beta2 < 1):
        raise ValueError(f"beta1 = {beta1}, beta2 = {beta2}; use 0 or more, and less than 1")
    if (v < 0).any():
        raise ValueError("an average of squares is below 0")
    mean = beta1 * m + (1 - beta1) * grad
    square = beta2 * v + (1 - beta2) * np.square(grad)
    mean_hat = mean / (1 - beta1**t)
    square_hat = square / (1 - beta2**t)
    moved = param - lr * mean_hat / (np.sqrt(square_hat) + eps)
    return kept(moved, param), kept(mean, m), kept(square, v)


def kept(new: NDArray[np.floating], old: NDArray[np.floating]) -> NDArray[np.floating]:
    """The new values in the dtype of the old ones; whole numbers become float64."""
    return np.asarray(new, dtype=old.dtype if np.issubdtype(old.dtype, np.floating) else np.float64)
