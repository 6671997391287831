"""Loops over names and columns, with lengths by math.hypot; a copy of each gradient is added to in place."""

import math

import numpy as np


def is_weight(name):
    return name != "" and name[0] == "W"


def as_float(a):
    return np.array(a) if a.dtype.kind == "f" else np.array(a, dtype=float)


def l2_penalty(params, lam):
    if lam < 0 or math.isnan(lam) or math.isinf(lam):
        raise ValueError("lam")
    total = 0.0
    for name in params:
        if is_weight(name):
            total += math.fsum(float(w) ** 2 for w in params[name].ravel())
    return total * lam / 2


def add_weight_decay(grads, params, lam):
    l2_penalty({}, lam)
    new = {}
    for name in sorted(set(grads) | set(params)):
        if name not in grads or name not in params or grads[name].shape != params[name].shape:
            raise ValueError(f"{name} does not fit")
        new[name] = as_float(grads[name])
        if is_weight(name):
            new[name] += (lam * params[name]).astype(new[name].dtype)
    return new


def max_norm(W, max_value):
    if max_value <= 0 or not np.isfinite(max_value):
        raise ValueError("max_value")
    new = as_float(W)
    for j in range(W.shape[1]):
        length = math.hypot(*W[:, j].tolist())
        if length > max_value:
            new[:, j] = new[:, j] / length * max_value
    return new
