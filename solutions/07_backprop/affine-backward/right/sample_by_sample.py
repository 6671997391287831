"""One sample after the other: an outer product is added to dW, a row to db."""

import numpy as np


def affine_backward(dout, x, W):
    if dout.ndim != 2 or x.ndim != 2 or W.ndim != 2:
        raise ValueError("two axes each")
    if dout.shape[0] != x.shape[0] or x.shape[1] != W.shape[0] or dout.shape[1] != W.shape[1]:
        raise ValueError("N, D, M")
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros_like(W, shape=W.shape[1])
    for n in range(len(x)):
        dW += np.outer(x[n], dout[n])
        db += dout[n]
        dx[n] = np.dot(W, dout[n])
    return dx, dW, db
