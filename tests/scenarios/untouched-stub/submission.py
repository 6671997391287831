"""Sigmoid without overflow. Task: README.md in this folder. Run `grade run sigmoid`."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def sigmoid(x: ArrayLike) -> NDArray[np.floating]:
    """Squash every number of x into 0..1: 1 / (1 + e^-x).

    x: a number, a list or an array of any shape, (0,) included.
    Returns a new array of the same shape: float32 when x is float32, float64 for every other
    input (whole numbers and booleans too). x itself is not changed.
    Nothing raises and nothing warns: -inf gives 0, +inf gives 1, NaN stays NaN, and no finite
    number overflows.
    """
    raise NotImplementedError
