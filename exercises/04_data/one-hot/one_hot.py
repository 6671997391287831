"""One-hot targets. Task: README.md in this folder. Run `grade run one-hot`."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def one_hot(labels: ArrayLike, num_classes: int) -> NDArray[np.float64]:
    """One row per label, with a single 1.0 in the column of the label's class.

    labels: class labels (N,), whole numbers from 0 to num_classes - 1 of any integer dtype; a list will do.
    num_classes: the number of columns K, at least 1.
    Returns a new float64 array (N, K). No labels, shape (0,), give (0, K). labels are not changed.
    Raises ValueError: labels do not have one axis or are not integers, a label is below 0 or at least
    num_classes, num_classes is below 1.
    """
    raise NotImplementedError


def from_one_hot(T: NDArray[np.number]) -> NDArray[np.int64]:
    """The labels that one-hot rows stand for.

    T: rows (N, K) that each hold a single 1 and otherwise 0, of any numeric dtype.
    Returns the labels (N,), int64.
    Raises ValueError: T does not have two axes, or a row is anything else.
    """
    raise NotImplementedError
