"""One strided slice per place in the window: the running maximum, and a mask of windows still without a winner."""

from functools import reduce

import numpy as np


def _slices(x, size, stride):
    stride = size if stride is None else stride
    if len(np.shape(x)) != 4 or min(size, stride) <= 0 or max(size - x.shape[2], size - x.shape[3]) > 0:
        raise ValueError("images, size and stride do not go together")
    OH, OW = (x.shape[2] - size) // stride + 1, (x.shape[3] - size) // stride + 1
    return [
        (..., slice(i, i + stride * OH, stride), slice(j, j + stride * OW, stride))
        for i in range(size)
        for j in range(size)
    ]


def max_pool2d(x, size, stride=None):
    return reduce(np.maximum, [x[s] for s in _slices(x, size, stride)]).copy()


def max_pool2d_backward(dout, x, size, stride=None):
    slices = _slices(x, size, stride)
    largest = max_pool2d(x, size, stride)
    if largest.shape != dout.shape:
        raise ValueError("dout")
    dx = np.zeros(x.shape, dout.dtype if dout.dtype.kind == "f" else float)
    waiting = np.ones(dout.shape, bool)
    for s in slices:
        wins = waiting & (x[s] == largest)
        dx[s] += np.where(wins, dout, 0)
        waiting &= ~wins
    return dx
