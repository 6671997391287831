"""The gradient by central differences: the reference."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray


def numerical_gradient(f: Callable[[NDArray[np.float64]], float], x: ArrayLike, h: float = 1e-5) -> NDArray[np.float64]:
    """Return the partial derivatives of f at x, float64 in the shape of x; two calls of f for each coordinate.

    Formula: (f(x + h e_i) - f(x - h e_i)) / 2h, whose error shrinks with h^2.
    Raises ValueError: h is not above 0, or f returns anything but a single number.
    """
    if not h > 0:  # NaN is not above 0 either
        raise ValueError(f"h = {h}; use a number above 0")
    point = np.array(x, dtype=np.float64)
    gradient = np.empty_like(point)
    for i in np.ndindex(point.shape):
        here = point[i]
        point[i] = here + h
        above = _value(f, point)
        point[i] = here - h
        below = _value(f, point)
        point[i] = here
        gradient[i] = (above - below) / (2 * h)
    return gradient


def _value(f: Callable[[NDArray[np.float64]], float], point: NDArray[np.float64]) -> float:
    """f at a copy of the point: f may keep or change it. ValueError unless it is a single number."""
    value = np.asarray(f(point.copy()))
    if value.shape != ():
        raise ValueError(f"f returned an array of shape {value.shape}; a gradient belongs to one number")
    return float(value)
