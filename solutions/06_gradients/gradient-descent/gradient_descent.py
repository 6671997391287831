"""Gradient descent: the reference."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray


def gradient_descent(
    grad_f: Callable[[NDArray[np.float64]], NDArray[np.float64]], x0: ArrayLike, lr: float, steps: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the point after `steps` steps x <- x - lr * grad_f(x), and all points from x0 on.

    Raises ValueError: lr is not above 0 and finite, steps is below 0, or x is no longer finite ("diverged").
    """
    if not (lr > 0 and math.isfinite(lr)):
        raise ValueError(f"lr = {lr}; the learning rate must be above 0 and finite")
    if steps < 0:
        raise ValueError(f"steps = {steps}; use 0 or more")
    x = np.array(x0, dtype=np.float64)
    path = [x]
    for step in range(steps):
        with np.errstate(over="ignore", invalid="ignore"):  # a point that is no longer finite is told below
            x = x - lr * np.asarray(grad_f(x.copy()))
        if not np.isfinite(x).all():
            raise ValueError(f"diverged at step {step + 1}: x is no longer finite; use a smaller learning rate")
        path.append(x)
    return np.array(path[-1]), np.array(path)
