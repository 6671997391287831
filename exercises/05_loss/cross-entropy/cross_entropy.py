"""Cross-entropy. Task: README.md in this folder. Run `grade run cross-entropy`."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def cross_entropy(y: NDArray[np.floating], t: ArrayLike, eps: float = 1e-12) -> float:
    """Average -log of the probability that y gives to the true class (natural logarithm).

    y: probabilities of shape (N, K), one row per sample, or (K,) for one sample.
    t: the true classes, in one of two forms that the number of axes tells apart:
       one axis fewer than y: labels 0..K-1 of an integer dtype, (N,), or one number for y of shape (K,);
       as many axes as y: one-hot rows of the shape of y, each with a single 1 and otherwise 0.
    eps: a probability below eps counts as eps, so the loss of one sample is at most -log(eps).
    Returns the mean over the samples as a Python float: never negative, 0.0 for a perfect prediction.
    y and t are not changed.
    Raises ValueError: a probability is outside 0..1 or NaN, a row of y does not sum to 1 (tolerance 1e-3),
    a label is outside 0..K-1 or not an integer, a row of a one-hot t is not one-hot, the shapes don't
    match, or there are no samples.
    """
    raise NotImplementedError


def binary_cross_entropy(p: NDArray[np.floating], t: NDArray[np.generic], eps: float = 1e-12) -> float:
    """Average -(t log p + (1 - t) log(1 - p)): the same loss for two classes (natural logarithm).

    p: the probability of class 1 for each sample, (N,).
    t: the true class of each sample, 0 or 1, (N,).
    eps: as in cross_entropy.
    Returns the mean over the samples as a Python float. p and t are not changed.
    Raises ValueError: a probability is outside 0..1 or NaN, a target is neither 0 nor 1, p or t has another
    number of axes than one, their lengths differ, or there are no samples.
    """
    raise NotImplementedError
