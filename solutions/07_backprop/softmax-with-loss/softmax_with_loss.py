"""Softmax and cross-entropy in one: the reference."""

import numpy as np
from numpy.typing import NDArray


def softmax_cross_entropy(x: NDArray[np.number], t: NDArray[np.generic]) -> tuple[float, NDArray[np.floating]]:
    """Return the mean cross-entropy of softmax(x) against t, and its gradient with respect to x.

    Formula: dL/dx = (softmax(x) - one_hot(t)) / N, for the mean loss L.
    Raises ValueError: x is not (N, K) with N > 0 and finite, or t is neither labels 0..K-1 (N,) nor (N, K).
    """
    scores, t = np.asarray(x, dtype=np.float32 if x.dtype == np.float32 else np.float64), np.asarray(t)
    if scores.ndim != 2 or not scores.size:
        raise ValueError(f"scores of shape {scores.shape}; expected (N, K) with at least one sample")
    if not np.isfinite(scores).all():
        raise ValueError("a score is NaN or infinite")
    target = _one_hot(t, scores.shape).astype(scores.dtype)
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -float((target * log_p).sum(axis=1).mean())
    dx = (np.exp(log_p) - target) / len(scores)
    return loss, dx


def _one_hot(t: NDArray[np.generic], shape: tuple[int, ...]) -> NDArray[np.generic]:
    """The targets as rows (N, K). ValueError: neither rows of this shape nor N labels 0..K-1."""
    if t.shape == shape:
        return t
    if t.shape != shape[:1] or not np.issubdtype(t.dtype, np.integer):
        raise ValueError(f"t is {t.dtype} of shape {t.shape}; expected integer labels {shape[:1]} or rows {shape}")
    labels = t.astype(np.int64)
    if np.min(labels) < 0 or np.max(labels) >= shape[1]:
        raise ValueError(f"a label is outside 0..{shape[1] - 1}")
    rows = np.zeros(shape)
    rows[np.arange(len(rows)), labels] = 1
    return rows
