"""Mean squared error. Task: README.md in this folder. Run `grade run mean-squared-error`."""

import numpy as np
from numpy.typing import NDArray


def mean_squared_error(y: NDArray[np.number], t: NDArray[np.number]) -> float:
    """The mean of (y - t)^2 over all elements.

    y, t: predictions and targets of exactly the same shape, any number of axes, any numeric dtype.
    Returns a Python float, computed in float64.
    Raises ValueError: the shapes differ (nothing is broadcast), or there are no elements.
    """
    raise NotImplementedError


def sum_of_squares_error(y: NDArray[np.number], t: NDArray[np.number]) -> float:
    """Half the sum of (y - t)^2 over all elements; not a mean.

    y, t: predictions and targets of exactly the same shape, any number of axes, any numeric dtype.
    Returns a Python float, computed in float64.
    Raises ValueError: the shapes differ (nothing is broadcast), or there are no elements.
    """
    raise NotImplementedError
