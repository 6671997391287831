"""One number after the other, with math.exp of nothing above 0."""

import math

import numpy as np


def one(x):
    if math.isnan(x):
        return math.nan
    e = math.exp(-abs(x))
    return 1 / (1 + e) if x >= 0 else e / (1 + e)


def sigmoid(x):
    given = np.asarray(x)
    kind = np.float32 if given.dtype == np.float32 else np.float64
    return np.array([one(float(value)) for value in given.ravel()], dtype=kind).reshape(given.shape)
