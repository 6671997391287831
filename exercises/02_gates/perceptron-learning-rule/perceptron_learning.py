"""Perceptron learning rule. Task: README.md in this folder. Run `grade run perceptron-learning-rule`."""

import numpy as np
from numpy.typing import NDArray


def train_perceptron(
    X: NDArray[np.generic], t: NDArray[np.generic], lr: float = 0.1, max_epochs: int = 100
) -> tuple[NDArray[np.float64], float, list[int]]:
    """Find weights and bias of one perceptron from samples, by error correction.

    X: the samples (N, D), one per row, any real numbers, also booleans. t: the targets (N,), each 0 or 1, in
    any numeric dtype (uint8, bool and float64 too). X and t are not changed.
    lr: the learning rate, above 0 and finite. max_epochs: at most so many passes over the data, 1 or more.
    Starts from w = 0 and theta = 0 and takes the samples in the given order. The output for a sample is 1 if
    w·x + theta > 0, else 0, with the newest w and theta. Training ends after the first epoch without a wrong
    answer, or after max_epochs.
    Returns (w, theta, errors): float64 (D,), a float, and a list with the number of wrong answers in each
    epoch, as ints; each answer is judged when it is given, before w and theta are corrected.
    Raises ValueError: t holds something else than 0 and 1, X and t differ in length or have other shapes, X is
    not finite or has no rows, lr is not above 0 and finite, max_epochs is below 1.
    """
    raise NotImplementedError
