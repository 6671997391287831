"""Momentum and AdaGrad: the reference."""

import math

import numpy as np
from numpy.typing import NDArray


def momentum_step(
    param: NDArray[np.floating],
    grad: NDArray[np.floating],
    velocity: NDArray[np.floating],
    lr: float,
    beta: float = 0.9,
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Return the parameter moved by the new velocity, and that velocity: v <- beta v - lr g, p <- p + v.

    Raises ValueError: the shapes differ, lr is not above 0 and finite, or beta is outside [0, 1).
    """
    check(param, grad, velocity, lr)
    if not 0 <= beta < 1:
        raise ValueError(f"beta = {beta}; use 0 or more, and less than 1")
    v = beta * velocity - lr * grad
    return kept(param + v, param), kept(v, velocity)


def adagrad_step(
    param: NDArray[np.floating],
    grad: NDArray[np.floating],
    h: NDArray[np.floating],
    lr: float,
    eps: float = 1e-7,
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Return the moved parameter and the new sum of squares: h <- h + g², p <- p - lr g / (√h + eps).

    Raises ValueError: the shapes differ, lr is not above 0 and finite, or an entry of h is below 0.
    """
    check(param, grad, h, lr)
    if (h < 0).any():
        raise ValueError("a sum of squares is below 0")
    s = h + grad * grad
    return kept(param - lr * grad / (np.sqrt(s) + eps), param), kept(s, h)


def check(param: NDArray[np.floating], grad: NDArray[np.floating], memory: NDArray[np.floating], lr: float) -> None:
    """Raise ValueError for arrays of different shapes and for a learning rate that is none."""
    if not param.shape == grad.shape == memory.shape:
        raise ValueError(f"the shapes {param.shape}, {grad.shape} and {memory.shape} differ")
    if not (lr > 0 and math.isfinite(lr)):
        raise ValueError(f"lr = {lr}; the learning rate must be above 0 and finite")


def kept(new: NDArray[np.floating], old: NDArray[np.floating]) -> NDArray[np.floating]:
    """The new values in the dtype of the old ones; whole numbers become float64."""
    return np.asarray(new, dtype=old.dtype if np.issubdtype(old.dtype, np.floating) else np.float64)
