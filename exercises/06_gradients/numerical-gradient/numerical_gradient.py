"""The gradient by central differences. Task: README.md in this folder. Run `grade run numerical-gradient`."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray


def numerical_gradient(f: Callable[[NDArray[np.float64]], float], x: ArrayLike, h: float = 1e-5) -> NDArray[np.float64]:
    """The partial derivatives of f at x, by central differences: one coordinate is moved at a time.

    f: takes a float64 array of the shape of x and returns one number; it is called twice per coordinate.
    x: the point, of any shape, also a single number; whole numbers are converted. It is not changed.
    h: how far each coordinate is moved, each way; above 0.
    Returns a new float64 array of the shape of x.
    Raises ValueError: h is not above 0, or f returns an array with axes in place of a single number.
    """
    raise NotImplementedError
