"""Selections in place of maximum: negative elements are overwritten in a copy, which leaves NaN alone."""

import numpy as np


def as_floats(x):
    values = np.array(x)
    return values if values.dtype == np.float32 else values.astype(float)


def step_function(x):
    values = as_floats(x)
    if (values != values).any():
        raise ValueError("NaN")
    return np.where(values > 0, np.int64(1), np.int64(0))


def relu(x):
    values = as_floats(x)
    values[values < 0] = 0
    return values


def identity(x):
    return as_floats(x)
