"""Mean squared error: the reference."""

import numpy as np
from numpy.typing import NDArray


def mean_squared_error(y: NDArray[np.number], t: NDArray[np.number]) -> float:
    """Return 1/n sum (y - t)^2 over all n elements. ValueError: shapes differ, or no elements."""
    return float((_difference(y, t) ** 2).mean())


def sum_of_squares_error(y: NDArray[np.number], t: NDArray[np.number]) -> float:
    """Return 1/2 sum (y - t)^2 over all elements. ValueError: shapes differ, or no elements."""
    return float(0.5 * (_difference(y, t) ** 2).sum())


def _difference(y: NDArray[np.number], t: NDArray[np.number]) -> NDArray[np.float64]:
    """y - t in float64, of two arrays that must have the same shape and some elements."""
    if y.shape != t.shape:
        raise ValueError(f"y has shape {y.shape} and t {t.shape}; they must be equal")
    if y.size == 0:
        raise ValueError("there are no elements to average over")
    return y.astype(np.float64) - t.astype(np.float64)
