"""The classes moved to the front, where sums line up without keepdims, and back at the end."""

import numpy as np


def softmax(x, axis=-1):
    scores = np.array(x, dtype=getattr(x, "dtype", None) if getattr(x, "dtype", None) == np.float32 else np.float64)
    if scores.ndim == 0:
        raise ValueError("a single number")
    front = np.moveaxis(scores, axis, 0)
    if len(front) == 0:
        raise ValueError("no classes")
    largest = front.max(axis=0)
    if not np.all(np.isfinite(largest)):
        raise ValueError("NaN, +inf, or only -inf")
    e = np.exp(front - largest)
    return np.moveaxis(e / e.sum(axis=0), 0, axis)
