"""Cross-entropy: the reference."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

SUM_TOLERANCE = 1e-3  # how far a row of probabilities may be from summing to 1


def cross_entropy(y: NDArray[np.floating], t: ArrayLike, eps: float = 1e-12) -> float:
    """Return the mean over the samples of -log(y[true class]), as a Python float; eps is the least probability.

    y is (N, K) or (K,). t has one axis fewer (integer labels) or as many (one-hot); its size decides nothing.
    Formula: -1/N sum_n sum_k t_nk log y_nk, of which only the true class remains.
    Raises ValueError: y does not hold probabilities, t does not hold classes, wrong shapes, no samples.
    """
    probabilities, target = np.asarray(y, dtype=np.float64), np.asarray(t)
    if probabilities.ndim == 1:  # one sample is a batch of one
        probabilities, target = probabilities[np.newaxis], target[np.newaxis]
    if probabilities.ndim != 2:
        raise ValueError(f"y has shape {probabilities.shape}; expected (N, K) or (K,)")
    _require_probabilities(probabilities)
    if (np.abs(probabilities.sum(axis=1) - 1) > SUM_TOLERANCE).any():
        raise ValueError("each row of y must sum to 1: these look like scores, not probabilities")
    if target.ndim == probabilities.ndim:
        _require_one_hot(target, probabilities.shape)
        log_of_true = (target * _log(probabilities, eps)).sum(axis=1)
    else:
        _require_labels(target, probabilities.shape)
        log_of_true = _log(probabilities[np.arange(len(probabilities)), target], eps)
    return _mean_loss(log_of_true)


def binary_cross_entropy(p: NDArray[np.floating], t: NDArray[np.generic], eps: float = 1e-12) -> float:
    """Return the mean over the samples of -(t log p + (1 - t) log(1 - p)), as a Python float.

    p (N,) holds the probability of class 1, t (N,) the true class 0 or 1; eps is the least probability.
    Raises ValueError: p does not hold probabilities, t holds anything but 0 and 1, wrong shapes, no samples.
    """
    raise NotImplementedError



def _log(p: NDArray[np.float64], eps: float) -> NDArray[np.float64]:
    """Natural logarithm of p, with eps as the lower limit of p: log(0) never comes up, and log(1) stays 0."""
    return np.log(np.maximum(p, eps))


def _mean_loss(log_of_true: NDArray[np.float64]) -> float:
    """Average the logarithms over the samples and turn the sign."""
    return float(-log_of_true.mean()) + 0.0  # + 0.0: a perfect prediction shows as 0.0, not as -0.0


def _require_probabilities(y: NDArray[np.float64]) -> None:
    if len(y) == 0:
        raise ValueError("there are no samples to average over")
    if not ((y >= 0) & (y <= 1)).all():  # NaN is neither, so it is refused as well
        raise ValueError("every probability must lie between 0 and 1: these look like scores")


def _require_one_hot(t: NDArray[Any], shape: tuple[int, ...]) -> None:
    if t.shape != shape:
        raise ValueError(f"t has shape {t.shape}; expected one-hot rows {shape} or integer labels {shape[:1]}")
    if not np.isin(t, (0, 1)).all() or ((t == 1).sum(axis=1) != 1).any():
        raise ValueError("each row of a one-hot t must hold a single 1 and otherwise 0")


def _require_labels(t: NDArray[Any], shape: tuple[int, ...]) -> None:
    if t.shape != shape[:1] or not np.issubdtype(t.dtype, np.integer):
        raise ValueError(f"t has shape {t.shape} and dtype {t.dtype}; expected integer labels of shape {shape[:1]}")
    if (t < 0).any() or (t >= shape[1]).any():
        raise ValueError(f"every label must lie in 0..{shape[1] - 1}")
