"""Sorted scores and log1p: log(1 + rest), where the rest is the sum without the largest; labels become flat indices."""

import numpy as np


def log_softmax(x, axis=-1):
    x = np.asarray(x)
    dtype = x.dtype if x.dtype == np.float32 else np.dtype(np.float64)
    if x.ndim == 0:
        raise ValueError("a single number is no sample")
    rows = np.moveaxis(x, axis, -1).astype(np.float64)
    if rows.shape[-1] < 1:
        raise ValueError("no classes")
    if np.abs(rows).max(initial=0) == np.inf or np.isnan(rows).any():
        raise ValueError("not finite")
    ordered = np.sort(rows, axis=-1)
    highest = ordered[..., -1:]
    rest = np.exp(ordered[..., :-1] - highest).sum(axis=-1, keepdims=True)
    return np.moveaxis(rows - highest - np.log1p(rest), -1, axis).astype(dtype)


def cross_entropy_with_logits(x, t):
    log_p = log_softmax(np.atleast_2d(np.asarray(x, dtype=np.float64)))
    n, k = log_p.shape
    t = np.asarray(t)
    if np.ndim(x) == 1:
        t = t[np.newaxis]
    if n == 0:
        raise ValueError("no samples")
    if t.ndim == 2:
        rows, t_of_rows = np.nonzero(t)
        if t.shape != (n, k) or not np.array_equal(rows, np.arange(n)) or (t[rows, t_of_rows] != 1).any():
            raise ValueError("not one-hot")
        t = t_of_rows
    if t.shape != (n,) or t.dtype.kind not in "iu" or t.min() < 0 or t.max() >= k:
        raise ValueError("labels")
    return -float(np.take(log_p, np.arange(n) * k + t).sum()) / n
