"""Momentum and AdaGrad. Task: README.md in this folder. Run `grade run momentum-adagrad`."""

import numpy as np
from numpy.typing import NDArray


def momentum_step(
    param: NDArray[np.floating],
    grad: NDArray[np.floating],
    velocity: NDArray[np.floating],
    lr: float,
    beta: float = 0.9,
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Update the velocity by v = beta * v - lr * grad, then move the parameter by the new velocity.

    param, grad, velocity: arrays of one shape, any shape. Not changed.
    lr: the learning rate, above 0 and finite. beta: how much of the old velocity stays, in [0, 1).
    Returns (param, velocity): new arrays of that shape, each in the dtype of the array that it replaces
    (whole numbers become float64).
    Raises ValueError: the shapes differ, lr is not above 0 and finite, beta is outside [0, 1).
    """
    raise NotImplementedError


def adagrad_step(
    param: NDArray[np.floating],
    grad: NDArray[np.floating],
    h: NDArray[np.floating],
    lr: float,
    eps: float = 1e-7,
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Update the sum by h = h + grad², then move the parameter by -lr * grad / (√h + eps), entry by entry.

    param, grad, h: arrays of one shape, any shape; no entry of h is below 0. Not changed.
    lr: the learning rate, above 0 and finite. eps: above 0, stands outside the root.
    Returns (param, h): new arrays of that shape, each in the dtype of the array that it replaces
    (whole numbers become float64).
    Raises ValueError: the shapes differ, lr is not above 0 and finite, an entry of h is below 0.
    """
    raise NotImplementedError
