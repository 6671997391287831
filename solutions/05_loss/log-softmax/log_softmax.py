"""Log-softmax and the loss on scores: the reference."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def log_softmax(x: ArrayLike, axis: int = -1) -> NDArray[np.floating]:
    """Return the logarithm of the softmax along axis, in the shape of x.

    float32 stays float32, every other input becomes float64; (0, K) is allowed.
    Formula: z - log(sum(e^z)) with z = x - max(x). The sum lies between 1 and K, so its logarithm is harmless.
    Raises ValueError: a score that is not finite, no such axis (a single number has none), no classes along it.
    """
    given = np.asarray(x)
    scores: NDArray[np.floating] = given.astype(np.float32 if given.dtype == np.float32 else np.float64, copy=False)
    if not -scores.ndim <= axis < scores.ndim or scores.shape[axis] == 0:
        raise ValueError(f"scores of shape {scores.shape} have no classes along axis {axis}")
    if not np.isfinite(scores).all():
        raise ValueError("every score must be finite")
    z: NDArray[np.floating] = scores - scores.max(axis=axis, keepdims=True)
    total: NDArray[np.floating] = np.exp(z).sum(axis=axis, keepdims=True)
    return np.asarray(z - np.log(total))


def cross_entropy_with_logits(x: NDArray[np.floating], t: ArrayLike) -> float:
    """Return the mean over the samples of -log softmax(x)[true class], a Python float.

    x is (N, K) or (K,). t has one axis fewer (integer labels) or as many (one-hot).
    Raises ValueError: scores that are not finite, t does not hold classes, wrong shapes, no samples.
    """
    scores, target = np.asarray(x, dtype=np.float64), np.asarray(t)
    if scores.ndim == 1:  # one sample is a batch of one
        scores, target = scores[np.newaxis], target[np.newaxis]
    if scores.ndim != 2 or len(scores) == 0:
        raise ValueError(f"x has shape {scores.shape}; expected (N, K) with at least one sample, or (K,)")
    log_p = log_softmax(scores)
    labels = _labels(target, scores.shape)
    log_of_true = log_p[np.arange(len(scores)), labels]
    return float(-log_of_true.mean()) + 0.0  # + 0.0: a perfect prediction shows as 0.0, not as -0.0


def _labels(t: NDArray[np.generic], shape: tuple[int, ...]) -> NDArray[np.generic]:
    """The true classes as integers (N,), from labels (N,) or one-hot rows (N, K)."""
    if t.ndim == 2:
        if t.shape != shape:
            raise ValueError(f"t has shape {t.shape}; expected one-hot rows {shape} or integer labels {shape[:1]}")
        if not np.isin(t, (0, 1)).all() or ((t == 1).sum(axis=1) != 1).any():
            raise ValueError("each row of a one-hot t must hold a single 1 and otherwise 0")
        return np.asarray(t.argmax(axis=1))
    if t.shape != shape[:1] or not np.issubdtype(t.dtype, np.integer):
        raise ValueError(f"t has shape {t.shape} and dtype {t.dtype}; expected integer labels of shape {shape[:1]}")
    if not np.isin(t, range(shape[1])).all():
        raise ValueError(f"every label must lie in 0..{shape[1] - 1}")
    return t
