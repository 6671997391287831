"""One sample after the other, with math.log."""

import math

import numpy as np


def cross_entropy(y, t, eps=1e-12):
    y, t = np.asarray(y, float), np.asarray(t)
    if y.ndim == 1:
        y, t = y[None], t[None]
    if y.ndim != 2 or len(y) == 0:
        raise ValueError("(N, K) with samples")
    one_hot = t.ndim == 2
    if one_hot and t.shape != y.shape or not one_hot and (t.shape != y.shape[:1] or t.dtype.kind not in "iu"):
        raise ValueError("targets do not fit")
    losses = []
    for row, target in zip(y, t, strict=True):
        if any(not 0 <= p <= 1 for p in row) or abs(sum(row) - 1) > 1e-3:
            raise ValueError("not probabilities")
        if one_hot:
            values = sorted(target.tolist())
            if values != [0] * (len(values) - 1) + [1]:
                raise ValueError("not one-hot")
            target = target.tolist().index(1)
        if not 0 <= target < len(row):
            raise ValueError("no such class")
        losses.append(-math.log(max(row[target], eps)))
    return abs(sum(losses) / len(losses))


def binary_cross_entropy(p, t, eps=1e-12):
    p, t = np.asarray(p, float), np.asarray(t)
    if p.ndim != 1 or p.shape != t.shape or len(p) == 0:
        raise ValueError("(N,) for both")
    losses = []
    for probability, target in zip(p.tolist(), t.tolist(), strict=True):
        if not 0 <= probability <= 1 or target not in (0, 1):
            raise ValueError("out of range")
        losses.append(-math.log(max(probability if target else 1 - probability, eps)))
    return abs(sum(losses) / len(losses))
