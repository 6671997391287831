"""Adam. Task: README.md in this folder. Run `grade run adam`."""

import numpy as np
from numpy.typing import NDArray


def adam_step(
    param: NDArray[np.floating],
    grad: NDArray[np.floating],
    m: NDArray[np.floating],
    v: NDArray[np.floating],
    t: int,
    *,
    lr: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    """Update both moments, then move the parameter by -lr * m̂ / (√v̂ + eps), entry by entry.

    param, grad: the parameter and its gradient, arrays of one shape, any shape.
    m: the running average of the gradient; v: that of its square, no entry below 0. Both of the same shape
    as param, zeros before the first step. Nothing is changed.
    t: which step this is, counted from 1. lr: the learning rate, above 0 and finite.
    beta1: how much of m stays; beta2: how much of v stays; both in [0, 1). eps: above 0, outside the root.
    Returns (param, m, v): new arrays of that shape, each in the dtype of the array that it replaces
    (whole numbers become float64). m and v are the plain moments, without the correction.
    Raises ValueError: t is below 1 or not a whole number, the shapes differ, lr is not above 0 and finite,
    beta1 or beta2 is outside [0, 1), an entry of v is below 0.
    """
    raise NotImplementedError
