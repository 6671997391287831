"""The bias as one more row of weights, for a constant input of 1."""

import numpy as np


def affine(x, W, b):
    if W.ndim != 2 or b.shape != (W.shape[1],) or x.ndim > 2 or x.ndim == 0 or x.shape[-1] != W.shape[0]:
        raise ValueError(f"{x.shape}, {W.shape}, {b.shape}")
    dtype = np.result_type(x, W, b)
    weights = np.vstack([W, b]).astype(dtype)
    ones = np.ones((*x.shape[:-1], 1), dtype)
    return np.concatenate([x.astype(dtype), ones], axis=-1) @ weights
