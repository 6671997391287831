"""x - logaddexp.reduce(x): NumPy's own sum in the logarithmic world; the loss as a difference of two means."""

import numpy as np


def log_sum_exp(x, axis):
    if np.ndim(x) == 0 or np.shape(x)[axis] == 0 or not np.all(np.isfinite(x)):
        raise ValueError("finite scores with classes")
    return np.logaddexp.reduce(x, axis=axis, keepdims=True)


def log_softmax(x, axis=-1):
    x = np.array(x)
    if x.dtype != np.float32:
        x = x.astype(float)
    return x - log_sum_exp(x, axis)


def cross_entropy_with_logits(x, t):
    x, t = np.array(x, dtype=float), np.array(t)
    if x.ndim not in (1, 2) or x.size == 0:
        raise ValueError("x")
    classes = np.arange(x.shape[-1])
    if t.ndim < x.ndim:
        if t.shape != x.shape[:-1] or t.dtype.kind not in "iu":
            raise ValueError("labels")
        t = t[..., np.newaxis] == classes
    if t.shape != x.shape or set(np.unique(t).tolist()) - {0, 1} or np.any(np.sum(t, axis=-1) != 1):
        raise ValueError("targets")
    return float(np.mean(log_sum_exp(x, -1)) - np.mean(np.sum(x * t, axis=-1)))
