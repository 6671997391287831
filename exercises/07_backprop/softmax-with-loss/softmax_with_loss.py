"""Softmax and cross-entropy in one. Task: README.md in this folder. Run `grade run softmax-with-loss`."""

import numpy as np
from numpy.typing import NDArray


def softmax_cross_entropy(x: NDArray[np.number], t: NDArray[np.generic]) -> tuple[float, NDArray[np.floating]]:
    """The mean cross-entropy of softmax(x) against t, and its gradient with respect to the scores x.

    x: scores (N, K), one row per sample, all finite and of any size: 1000 and -1000 are fine.
    t: the true classes, in one of two forms that the number of axes tells apart:
       (N,): labels 0..K-1 of an integer dtype;
       (N, K): one-hot rows, each with a single 1 and otherwise 0 (that need not be checked), of any dtype.
    Returns (loss, dx): the mean over the samples as a Python float, natural logarithm; and the gradient of that
    mean, a new array (N, K), float32 when x is float32, else float64. x and t are not changed.
    Raises ValueError: x is not (N, K) or holds no samples, a score is NaN or infinite, t has another shape than
    the two, labels are not integers or outside 0..K-1.
    """
    raise NotImplementedError
