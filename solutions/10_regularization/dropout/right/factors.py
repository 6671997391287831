"""The mask from the binomial distribution, and an array of factors, 0 or 1/(1 - rate), that is multiplied."""

import numpy as np


def as_float(a):
    return a if a.dtype.kind == "f" else a.astype(float)


def factors(mask, rate, dtype):
    if rate < 0 or rate >= 1 or rate != rate:
        raise ValueError("rate")
    return mask.astype(dtype) / dtype.type(1 - rate)


def dropout_forward(x, rate, rng, training=True):
    x = as_float(x)
    everything = np.full(x.shape, True)
    scale = factors(everything, rate, x.dtype)
    if training:
        mask = rng.binomial(1, 1 - rate, size=x.shape).astype(bool)
        return x * scale * mask, mask
    return x.copy(), everything


def dropout_backward(dout, mask, rate):
    dout = as_float(dout)
    if np.shape(dout) != np.shape(mask):
        raise ValueError("shapes")
    return dout * factors(mask, rate, dout.dtype)
