"""With unit vectors that are added to the flattened point, and never a change in place."""

import numbers

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    if np.isnan(h) or h <= 0:
        raise ValueError(f"h = {h}")
    start = np.asarray(x, dtype=float)

    def at(flat):
        value = f(flat.reshape(start.shape))
        if not isinstance(value, numbers.Real) and np.ndim(value) > 0:
            raise ValueError("one number is wanted")
        return float(value)

    flat = start.ravel()
    slopes = [(at(flat + h * e) - at(flat - h * e)) / (2 * h) for e in np.eye(flat.size)]
    return np.array(slopes, dtype=float).reshape(start.shape)
