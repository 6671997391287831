"""Stable softmax. Task: README.md in this folder. Run `grade run softmax`."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def softmax(x: ArrayLike, axis: int = -1) -> NDArray[np.floating]:
    """Turn scores into probabilities: e^x over the sum of e^x along axis.

    x: scores of shape (K,), (N, K) or with more axes; rows are samples, the classes lie along axis.
    Returns a new array of the same shape that sums to 1 along axis: float32 when x is float32,
    float64 for every other input (whole numbers too). x itself is not changed.
    A batch without rows, (0, K), gives a (0, K) array. A single score of -inf gets probability 0.
    Raises ValueError: x is a single number (0-d), there are no classes along axis, a score is NaN
    or +inf, or all scores of a sample are -inf.
    """
    raise NotImplementedError
