"""By way of the logarithm: log(1 + e^-x) is logaddexp(0, -x), which never overflows."""

import numpy as np


def sigmoid(x):
    given = np.asarray(x)
    values = given.astype(np.float32 if given.dtype == np.float32 else np.float64)
    with np.errstate(invalid="ignore"):
        return np.exp(-np.logaddexp(0, -values))[()]
