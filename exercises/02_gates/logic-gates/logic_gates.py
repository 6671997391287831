"""Logic gates from one perceptron. Task: README.md in this folder. Run `grade run logic-gates`."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

# (w1, w2, theta) of each gate: zeros are placeholders, choose your own numbers.
AND_PARAMS: tuple[float, float, float] = (0.0, 0.0, 0.0)
NAND_PARAMS: tuple[float, float, float] = (0.0, 0.0, 0.0)
OR_PARAMS: tuple[float, float, float] = (0.0, 0.0, 0.0)


def perceptron(x: NDArray[np.float64], w: NDArray[np.float64], theta: float) -> int | NDArray[np.int64]:
    """Output of one perceptron: 1 where u = w·x + theta is greater than 0, else 0.

    x: one sample of shape (D,), or a batch of shape (N, D), one sample per row. Integers are welcome.
    w: weights, shape (D,).
    theta: the bias, one number, ADDED to the weighted sum. At u = 0 the perceptron stays silent (0).

    Returns an int for one sample, an int64 array of shape (N,) for a batch; (0, D) gives (0,).
    Raises ValueError if the shapes of x and w do not match, or if u is NaN.
    """
    raise NotImplementedError  # begin here: the gates are this function with three numbers each


def AND(x1: ArrayLike, x2: ArrayLike) -> int | NDArray[np.int64]:
    """1 where both inputs are 1, else 0: the perceptron with AND_PARAMS.

    x1, x2: each 0 or 1, or two arrays of shape (N,) holding 0 and 1.

    Returns an int, or for arrays int64 of shape (N,).
    Raises ValueError for any other value, and for x1 and x2 of different shapes.
    """
    raise NotImplementedError


def NAND(x1: ArrayLike, x2: ArrayLike) -> int | NDArray[np.int64]:
    """0 where both inputs are 1, else 1: the perceptron with NAND_PARAMS. Inputs, result and errors as for AND."""
    raise NotImplementedError


def OR(x1: ArrayLike, x2: ArrayLike) -> int | NDArray[np.int64]:
    """1 where at least one input is 1, else 0: the perceptron with OR_PARAMS. Inputs, result and errors as for AND."""
    raise NotImplementedError
