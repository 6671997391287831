"""Step, ReLU and identity. Task: README.md in this folder. Run `grade run step-relu-identity`."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def step_function(x: ArrayLike) -> NDArray[np.int64]:
    """H(x) for every number of x: 1 where it is above 0, else 0; so H(0) = 0.

    x: numbers of any shape, also a single one or a list.
    Returns a new int64 array of the same shape.
    Raises ValueError if a number is NaN: it has no side of the threshold.
    """
    raise NotImplementedError


def relu(x: ArrayLike) -> NDArray[np.floating]:
    """max(0, x) for every number of x: negative numbers become 0, all others stay.

    x: numbers of any shape, also a single one or a list.
    -inf gives 0, inf stays inf, NaN stays NaN.
    Returns a new array of the same shape: float32 when x is float32, float64 for every other input.
    x itself is not changed.
    """
    raise NotImplementedError


def identity(x: ArrayLike) -> NDArray[np.floating]:
    """x, as it is.

    x: numbers of any shape, also a single one or a list.
    Returns a new array of the same shape: float32 when x is float32, float64 for every other input.
    """
    raise NotImplementedError
