"""Each sign in its own safe form, chosen by masks before anything is computed."""

import numpy as np


def sigmoid(x):
    given = np.asarray(x)
    values = np.array(given, dtype=given.dtype if given.dtype == np.float32 else np.float64)
    result = np.empty_like(values)
    positive = values >= 0
    result[positive] = 1 / (1 + np.exp(-values[positive]))
    e = np.exp(values[~positive])
    result[~positive] = e / (1 + e)
    return result
