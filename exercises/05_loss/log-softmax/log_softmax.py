"""Log-softmax and the loss on scores. Task: README.md in this folder. Run `grade run log-softmax`."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def log_softmax(x: ArrayLike, axis: int = -1) -> NDArray[np.floating]:
    """Return the natural logarithm of the softmax of x along axis, without computing a probability.

    x: finite scores of shape (K,), (N, K) or with more axes; rows are samples, the classes lie along axis.
    Returns a new array of the same shape, every entry at most 0 and finite: float32 when x is float32,
    float64 for every other input (whole numbers too, also unsigned ones). x itself is not changed.
    A batch without rows, (0, K), gives a (0, K) array.
    Raises ValueError: a score is NaN or infinite, there are no classes along axis, x is a single number (0-d).
    """
    raise NotImplementedError


def cross_entropy_with_logits(x: NDArray[np.floating], t: ArrayLike) -> float:
    """Return the mean over the samples of -log softmax(x)[true class].

    x: finite scores (N, K), or (K,) for a single sample; not probabilities.
    t: the true classes, as integer labels with one axis fewer than x, (N,) or a single number, or as
    one-hot rows of the shape of x.
    Returns a Python float of at least 0. x and t are not changed.
    Raises ValueError: scores as in log_softmax; a label that isn't an integer or lies outside 0..K-1; a
    one-hot row that doesn't hold a single 1 and otherwise 0; shapes that don't match; no samples.
    """
    raise NotImplementedError
