"""One-hot targets: the reference."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def one_hot(labels: ArrayLike, num_classes: int) -> NDArray[np.float64]:
    """Return T (N, num_classes), float64, with T[n, k] = 1 where k = labels[n] and 0 elsewhere.

    Raises ValueError: labels are not integers (N,) from 0 to num_classes - 1, or num_classes is below 1.
    """
    t = np.asarray(labels)
    if t.ndim != 1 or not np.issubdtype(t.dtype, np.integer):
        raise ValueError(f"labels of shape {t.shape} and dtype {t.dtype}; expected integers (N,)")
    if num_classes < 1:
        raise ValueError(f"num_classes = {num_classes}; use 1 or more")
    if ((t < 0) | (t >= num_classes)).any():
        raise ValueError(f"every label must lie in 0..{num_classes - 1}")
    T = np.zeros((t.size, num_classes))
    T[np.arange(t.size), t] = 1.0
    return T


def from_one_hot(T: NDArray[np.number]) -> NDArray[np.int64]:
    """Return the labels (N,), int64, of one-hot rows (N, K). ValueError where a row is not one 1 and otherwise 0."""
    if T.ndim != 2:
        raise ValueError(f"T of shape {T.shape}; expected (N, K)")
    is_one = T == 1
    if not (is_one | (T == 0)).all() or (is_one.sum(axis=1) != 1).any():
        raise ValueError("each row must hold a single 1 and otherwise 0")
    return np.asarray(T.argmax(axis=1)).astype(np.int64)
