"""One sample after the other, with Python's own floats."""

import math

import numpy as np


def softmax_cross_entropy(x, t):
    if np.ndim(x) != 2 or np.size(x) == 0 or not all(math.isfinite(score) for row in x for score in row):
        raise ValueError("scores (N, K), finite")
    n, k = x.shape
    if t.shape == (n,) and np.issubdtype(t.dtype, np.integer):
        labels = [int(c) for c in t]
    elif t.shape == (n, k):
        labels = [list(row).index(1) for row in t]
    else:
        raise ValueError("neither labels nor one-hot rows")
    if not all(0 <= c < k for c in labels):
        raise ValueError("no such class")
    dx = np.empty((n, k), np.float32 if x.dtype == np.float32 else float)
    losses = []
    for i, (row, c) in enumerate(zip(x.tolist(), labels, strict=True)):
        top = max(row)
        powers = [math.exp(score - top) for score in row]
        total = math.fsum(powers)
        losses.append(math.log(total) + top - row[c])
        dx[i] = [(power / total - (j == c)) / n for j, power in enumerate(powers)]
    return math.fsum(losses) / n, dx
