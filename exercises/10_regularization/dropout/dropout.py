"""Dropout. Task: README.md in this folder. Run `grade run dropout`."""

import numpy as np
from numpy.typing import NDArray


def dropout_forward(
    x: NDArray[np.number], rate: float, rng: np.random.Generator, training: bool = True
) -> tuple[NDArray[np.floating], NDArray[np.bool_]]:
    """Switch off a random part of the units in training; leave everything as it is otherwise.

    x: the values of the units, of any shape with at least one axis. Not changed.
    rate: the part that is switched off, 0 <= rate < 1. rng: the only source of random numbers.
    Returns (out, mask), both in the shape of x. mask is bool, True where a unit was kept. In training out is
    x / (1 - rate) where a unit was kept and 0 elsewhere; otherwise out equals x and mask is True everywhere.
    float32 gives float32, float64 and whole numbers give float64.
    Raises ValueError: rate is below 0, 1 or above, or NaN; also when training is False.
    """
    raise NotImplementedError


def dropout_backward(dout: NDArray[np.number], mask: NDArray[np.bool_], rate: float) -> NDArray[np.floating]:
    """Pass the gradient back through the dropout of a training step.

    dout: the gradient of the loss by out. mask: from dropout_forward of the same step. Neither is changed.
    rate: the same as there.
    Returns the gradient of the loss by x, in the shape of dout; dtypes as in dropout_forward.
    Raises ValueError: dout and mask have different shapes; rate as in dropout_forward.
    """
    raise NotImplementedError
