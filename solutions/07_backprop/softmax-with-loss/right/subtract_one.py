"""Everything by labels: 1 is subtracted from the probabilities in place; log-sum-exp for the loss."""

import numpy as np


def softmax_cross_entropy(x, t):
    if x.ndim != 2 or len(x) == 0:
        raise ValueError("x must be (N, K)")
    if np.isnan(x).any() or np.isinf(x).any():
        raise ValueError("x must be finite")
    n, k = x.shape
    if t.ndim == 2:
        if t.shape != (n, k):
            raise ValueError("one-hot rows must be like x")
        t = t.argmax(axis=1)
    if t.shape != (n,) or t.dtype.kind not in "iu" or (t < 0).any() or (t >= k).any():
        raise ValueError("labels")
    x = x if x.dtype == np.float32 else x.astype(np.float64)
    rows = np.arange(n)
    top = x.max(axis=1)
    dx = np.exp(x - top[:, None])
    total = dx.sum(axis=1)
    loss = np.mean(np.log(total) + top - x[rows, t])
    dx /= total[:, None]
    dx[rows, t] -= 1
    dx /= n
    return float(loss), dx
