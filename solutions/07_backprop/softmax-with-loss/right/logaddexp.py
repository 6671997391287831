"""np.logaddexp sums the exponentials without a shift of its own; the target is a mask of True and False."""

import numpy as np


def softmax_cross_entropy(x, t):
    x = np.asarray(x)
    if x.ndim != 2 or not len(x) or not np.all(np.abs(x) < np.inf):
        raise ValueError("x")
    classes = np.arange(x.shape[1])
    if t.shape == x.shape:
        true_class = t == 1
    elif t.shape == x.shape[:1] and t.dtype.kind in "iu" and np.isin(t, classes).all():
        true_class = np.equal.outer(t, classes)
    else:
        raise ValueError("t")
    if x.dtype != np.float32:
        x = x.astype(float)
    log_p = x - np.logaddexp.reduce(x, axis=1, keepdims=True)
    p = np.exp(log_p)
    return -log_p[true_class].mean().item(), np.where(true_class, p - 1, p) / len(x)
