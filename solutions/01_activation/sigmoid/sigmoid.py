"""Sigmoid without overflow: the reference."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def sigmoid(x: ArrayLike) -> NDArray[np.floating]:
    """Return 1 / (1 + e^-x) for every number of x, in the shape of x.

    float32 stays float32, every other input becomes float64. Never raises, never warns:
    -inf gives 0, +inf gives 1, NaN stays NaN.
    Formula: with e = exp(-|x|), which lies in 0..1, it is 1 / (1 + e) for x >= 0 and, after
    multiplying numerator and denominator by exp(x), e / (1 + e) for x < 0.
    """
    given = np.asarray(x)
    values: NDArray[np.floating] = given.astype(np.float32 if given.dtype == np.float32 else np.float64, copy=False)
    e: NDArray[np.floating] = np.exp(-np.abs(values))  # at most 1: the large exponents that overflow never arise
    return np.where(values >= 0, 1 / (1 + e), e / (1 + e))  # both forms are safe for every x
