"""np.copyto with a mask, and a chain of in-place products on a new array."""

import numpy as np


def same_shape(one, other):
    one, other = np.asarray(one), np.asarray(other)
    if one.shape != other.shape:
        raise ValueError("shapes")
    return one, other


def relu_backward(dout, x):
    dout, x = same_shape(dout, x)
    dx = np.zeros(x.shape, dtype=np.result_type(dout, x))
    np.copyto(dx, dout, where=np.greater(x, 0))
    return dx


def sigmoid_backward(dout, y):
    dout, y = same_shape(dout, y)
    dx = np.subtract(1, y)
    dx *= y
    dx *= dout
    return dx
