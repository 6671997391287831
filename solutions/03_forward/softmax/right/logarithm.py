"""By way of the logarithm: subtract log-sum-exp, found with logaddexp.reduce, and exponentiate."""

import numpy as np


def softmax(x, axis=-1):
    given = np.asarray(x)
    scores = given.astype(np.float32 if given.dtype == np.float32 else np.float64)
    if scores.ndim == 0 or scores.shape[axis] == 0:
        raise ValueError("no classes")
    if np.isnan(scores).any() or (scores == np.inf).any() or (scores == -np.inf).all(axis=axis).any():
        raise ValueError("no answer")
    total = np.logaddexp.reduce(scores, axis=axis, keepdims=True)
    return np.exp(scores - total)
