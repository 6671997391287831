"""Number by number; the sigmoid's slope as 1/4 - (y - 1/2)²."""

import numpy as np


def relu_backward(dout, x):
    if dout.shape != x.shape:
        raise ValueError(f"{dout.shape} is not {x.shape}")
    dx = np.zeros_like(dout)
    for place in np.ndindex(x.shape):
        if x[place] > 0:
            dx[place] = dout[place]
    return dx


def sigmoid_backward(dout, y):
    if dout.shape != y.shape:
        raise ValueError(f"{dout.shape} is not {y.shape}")
    dx = np.empty_like(dout)
    for place in np.ndindex(y.shape):
        dx[place] = dout[place] * (0.25 - (y[place] - 0.5) ** 2)
    return dx
