"""Labels turned into one-hot rows first, so that one formula serves both; the binary loss is that of two classes."""

import numpy as np


def cross_entropy(y, t, eps=1e-12):
    y, t = np.asarray(y, dtype=np.float64), np.asarray(t)
    if y.ndim == 1:
        y, t = y[np.newaxis], t[np.newaxis]
    if t.ndim == 1:
        if t.dtype.kind not in "iu" or y.ndim != 2 or ((t < 0) | (t >= y.shape[1])).any():
            raise ValueError("labels")
        t = np.arange(y.shape[1]) == t[:, np.newaxis]
    rows = t.astype(float)
    if y.ndim != 2 or rows.shape != y.shape or not len(y):
        raise ValueError("shapes")
    if not ((rows == 0) | (rows == 1)).all() or (rows.sum(axis=1) != 1).any():
        raise ValueError("one-hot")
    if not ((y >= 0) & (y <= 1)).all() or (abs(y.sum(axis=1) - 1) > 1e-3).any():
        raise ValueError("probabilities")
    return float(np.mean(-(rows * np.log(np.clip(y, eps, None))).sum(axis=1))) + 0.0


def binary_cross_entropy(p, t, eps=1e-12):
    p, t = np.asarray(p, dtype=np.float64), np.asarray(t)
    if p.ndim != 1 or t.shape != p.shape or not p.size:
        raise ValueError("shapes")
    if not ((p >= 0) & (p <= 1)).all() or not ((t == 0) | (t == 1)).all():
        raise ValueError("values")
    chosen = np.where(t == 1, p, 1 - p)
    return float(-np.log(np.maximum(chosen, eps)).mean()) + 0.0
