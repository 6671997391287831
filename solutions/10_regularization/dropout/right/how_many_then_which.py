"""First how many units are dropped, from the binomial distribution; then which ones; zeros by index."""

import numpy as np


def dropout_forward(x, rate, rng, training=True):
    if np.isnan(rate) or not 0.0 <= rate < 1.0:
        raise ValueError("rate")
    out = x.astype(x.dtype if x.dtype in (np.float32, np.float64) else np.float64)
    mask = np.ones(out.size, dtype=bool)
    if training:
        count = rng.binomial(out.size, rate)
        gone = rng.permutation(out.size)[:count]
        mask[gone] = False
        out = out / (1.0 - rate)
        out.flat[gone] = 0
    return out, mask.reshape(x.shape)


def dropout_backward(dout, mask, rate):
    if np.isnan(rate) or not 0.0 <= rate < 1.0:
        raise ValueError("rate")
    if dout.shape != mask.shape:
        raise ValueError("shapes")
    grad = np.zeros(dout.shape, dtype=dout.dtype if dout.dtype in (np.float32, np.float64) else np.float64)
    grad[mask] = dout[mask] / (1.0 - rate)
    return grad
