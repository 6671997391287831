"""The sum of squares as the dot product of the differences with themselves."""

import numpy as np


def sum_of_squares_error(y, t):
    return squares(y, t) / 2


def mean_squared_error(y, t):
    return squares(y, t) / y.size


def squares(y, t):
    if np.shape(y) != np.shape(t) or not np.size(y):
        raise ValueError("two arrays of one shape, with elements")
    d = np.subtract(y, t, dtype=np.float64).ravel()
    return float(d @ d)
