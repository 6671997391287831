"""The bias as one more weight, whose input is always 1; dx as the transpose of a product."""

import numpy as np


def affine_backward(dout, x, W):
    if [a.ndim for a in (dout, x, W)] != [2, 2, 2]:
        raise ValueError("each array needs two axes")
    if dout.shape + x.shape[1:] != x.shape[:1] + W.shape[1:] + W.shape[:1]:
        raise ValueError("the shapes do not belong together")
    with_one = np.concatenate([x, np.ones_like(x, shape=(len(x), 1))], axis=1)
    both = np.dot(with_one.T, dout)
    return np.dot(W, dout.T).T, both[:-1], both[-1]
