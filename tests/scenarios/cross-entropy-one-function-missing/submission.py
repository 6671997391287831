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
