"""Stable softmax: the reference."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def softmax(x: ArrayLike, axis: int = -1) -> NDArray[np.floating]:
    """Return the probabilities e^x / sum(e^x) along axis, in the shape of x.

    float32 stays float32, every other input becomes float64; (0, K) is allowed; -inf gets probability 0.
    Formula: e^(x - m) / sum(e^(x - m)) with m the maximum along axis. The factor e^-m cancels, and no
    exponent is above 0, so nothing overflows.
    Raises ValueError: no such axis (a single number has none), no classes along it, a score that is NaN
    or +inf, or a sample whose scores are all -inf.
    """
    given = np.asarray(x)
    scores: NDArray[np.floating] = given.astype(np.float32 if given.dtype == np.float32 else np.float64, copy=False)
    if not -scores.ndim <= axis < scores.ndim:
        raise ValueError(f"scores of shape {scores.shape} have no axis {axis}")
    if scores.shape[axis] == 0:
        raise ValueError(f"scores of shape {scores.shape} have no classes along axis {axis}")
    highest = scores.max(axis=axis, keepdims=True)
    if not np.isfinite(highest).all():  # the maximum is NaN, +inf or -inf in just the cases without an answer
        raise ValueError("a sample has a score of NaN or +inf, or only scores of -inf")
    with np.errstate(over="ignore"):  # 1e308 and -1e308 lie -inf apart, and e^-inf = 0 is right
        shifted = scores - highest
    e: NDArray[np.floating] = np.exp(shifted)
    total: NDArray[np.floating] = e.sum(axis=axis, keepdims=True)
    return e / total
