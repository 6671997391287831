"""The penalty as one scalar product of all weights in a row; max-norm as W times a diagonal matrix."""

import numpy as np


def strength(lam):
    if not 0 <= lam < np.inf:
        raise ValueError("0 <= lam < infinity")
    return lam


def l2_penalty(params, lam):
    w = np.concatenate([np.zeros(0), *(np.ravel(params[k]).astype(np.float64) for k in params if k.startswith("W"))])
    return float(strength(lam) / 2 * (w @ w))


def add_weight_decay(grads, params, lam):
    if set(grads) != set(params) or [k for k in grads if np.shape(grads[k]) != np.shape(params[k])]:
        raise ValueError("names or shapes")
    rates = {k: strength(lam) * k.startswith("W") for k in grads}
    keep = (np.float16, np.float32, np.float64)
    return {k: (g + rates[k] * params[k]).astype(g.dtype if g.dtype in keep else float) for k, g in grads.items()}


def max_norm(W, max_value):
    if not 0 < max_value < np.inf:
        raise ValueError("0 < max_value < infinity")
    W = W if W.dtype.kind == "f" else W.astype(float)
    lengths = np.linalg.norm(W, axis=0)
    factors = np.ones_like(lengths)
    np.divide(max_value, lengths, out=factors, where=lengths > max_value)
    return W @ np.diag(factors)
