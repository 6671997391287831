"""A copy of dout in which a boolean index sets zeros; the sigmoid's slope as y - y²."""

import numpy as np


def relu_backward(dout, x):
    if np.shape(dout) != np.shape(x):
        raise ValueError("dout and x have different shapes")
    dx = np.array(dout)
    dx[np.asarray(x) <= 0] = 0
    return dx


def sigmoid_backward(dout, y):
    if np.shape(dout) != np.shape(y):
        raise ValueError("dout and y have different shapes")
    return (y - np.square(y)) * dout
