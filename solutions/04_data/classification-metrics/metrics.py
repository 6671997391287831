"""Accuracy and the confusion matrix: the reference."""

import numpy as np
from numpy.typing import NDArray


def predict_labels(scores: NDArray[np.number]) -> NDArray[np.int64]:
    """Return the class with the largest score, the lowest of several: (N,) for (N, K), () for (K,), int64.

    Raises ValueError: a score is NaN, K is 0, scores has neither one axis nor two.
    """
    s = np.asarray(scores)
    if s.ndim not in (1, 2) or s.shape[-1] == 0:
        raise ValueError(f"scores have shape {s.shape}; expected (N, K) or (K,) with at least one class")
    if np.isnan(s).any():
        raise ValueError("a score is NaN, so there is no largest one")
    return np.asarray(s.argmax(axis=-1), dtype=np.int64)


def accuracy(target: NDArray[np.integer], predicted: NDArray[np.integer]) -> float:
    """Return the share of samples with predicted == target, a Python float.

    Raises ValueError: labels that are not (N,) integers, different lengths, no samples.
    """
    t, p = _labels(target, predicted)
    if t.size == 0:
        raise ValueError("there is no accuracy of no samples")
    return float((t == p).mean())


def confusion_matrix(
    target: NDArray[np.integer], predicted: NDArray[np.integer], num_classes: int
) -> NDArray[np.int64]:
    """Return counts (num_classes, num_classes), int64: row = true class, column = predicted class.

    Raises ValueError: labels that are not (N,) integers in 0..num_classes-1, different lengths.
    """
    t, p = _labels(target, predicted)
    for labels in (t, p):
        if (labels < 0).any() or (labels >= num_classes).any():
            raise ValueError(f"every label must lie in 0..{num_classes - 1}")
    counts = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(counts, (t, p), 1)  # counts[t, p] += 1 would count a repeated pair once
    return counts


def _labels(
    target: NDArray[np.integer], predicted: NDArray[np.integer]
) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Both as arrays, once they are known to be integers of one shape (N,)."""
    t, p = np.asarray(target), np.asarray(predicted)
    if t.ndim != 1 or t.shape != p.shape:
        raise ValueError(f"target has shape {t.shape} and predicted {p.shape}; expected (N,) for both")
    if not (np.issubdtype(t.dtype, np.integer) and np.issubdtype(p.dtype, np.integer)):
        raise ValueError(f"labels must be integers, not {t.dtype} and {p.dtype}")
    return t, p
