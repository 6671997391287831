"""Gradient descent. Task: README.md in this folder. Run `grade run gradient-descent`."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray


def gradient_descent(
    grad_f: Callable[[NDArray[np.float64]], NDArray[np.float64]], x0: ArrayLike, lr: float, steps: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Repeat x = x - lr * grad_f(x) and remember the path.

    grad_f: takes a float64 array of the shape of x0 and returns the gradient there, of the same shape.
    x0: the starting point, of any shape, also a single number; whole numbers are converted. Not changed.
    lr: the learning rate, above 0 and finite. steps: how many steps, 0 or more.
    Returns (x, history): the last point, float64 in the shape of x0, and all points from x0 on, float64
    (steps + 1, *x0.shape).
    Raises ValueError: lr is not above 0 and finite, steps is below 0; with the word "diverged" as soon as
    x is no longer finite.
    """
    raise NotImplementedError
