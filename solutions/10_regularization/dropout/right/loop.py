"""Unit after unit in a Python loop, with a draw in float32 for each."""

import numpy as np


def check(rate):
    if not (rate >= 0 and rate < 1):
        raise ValueError("the rate must be in [0, 1)")


def dropout_forward(x, rate, rng, training=True):
    check(rate)
    out = np.array(x, dtype=np.result_type(x.dtype, np.float32 if x.dtype.kind == "f" else np.float64))
    mask = np.ones(x.shape, dtype=bool)
    if training:
        flat, kept = out.reshape(-1), mask.reshape(-1)
        for i in range(flat.size):
            kept[i] = not rng.random(dtype=np.float32) < rate
            flat[i] = flat[i] / (1 - rate) if kept[i] else 0.0
    return out, mask


def dropout_backward(dout, mask, rate):
    check(rate)
    if dout.shape != mask.shape:
        raise ValueError("one flag for each entry")
    grad = np.array(dout, dtype=dout.dtype if dout.dtype.kind == "f" else float)
    for index in np.ndindex(dout.shape):
        grad[index] = dout[index] / (1 - rate) if mask[index] else 0
    return grad
