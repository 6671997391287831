"""One number after the other, in plain Python."""

import math

import numpy as np


def each(function, x, dtype=None):
    given = np.asarray(x)
    kind = dtype or (np.float32 if given.dtype == np.float32 else np.float64)
    return np.array([function(float(value)) for value in given.flat], dtype=kind).reshape(given.shape)


def step(value):
    if math.isnan(value):
        raise ValueError("NaN")
    return 1 if value > 0 else 0


def step_function(x):
    return each(step, x, np.int64)


def relu(x):
    return each(lambda value: 0.0 if value < 0 else value, x)


def identity(x):
    return each(lambda value: value, x)
