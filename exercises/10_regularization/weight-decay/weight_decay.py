"""Weight decay and max-norm. Task: README.md in this folder. Run `grade run weight-decay`."""

import numpy as np
from numpy.typing import NDArray


def l2_penalty(params: dict[str, NDArray[np.number]], lam: float) -> float:
    """Return the price of the weights: half of lam times the sum of all their squares.

    params: the parameters by name. Only those whose name begins with W count (W1, W2, ...), biases don't.
    lam: the strength, 0 or more and finite.
    Returns a Python float; 0.0 where there are no weights.
    Raises ValueError: lam is negative, infinite or NaN.
    """
    raise NotImplementedError


def add_weight_decay(
    grads: dict[str, NDArray[np.number]], params: dict[str, NDArray[np.number]], lam: float
) -> dict[str, NDArray[np.floating]]:
    """Add the gradient of l2_penalty to the gradients of the loss.

    grads: the gradients of the loss without the penalty, by name. params: the parameters, under the same
    names and in the same shapes. lam: as in l2_penalty.
    Returns a new dictionary of new arrays: same names, same shapes, each array in the dtype of its gradient
    (a gradient of whole numbers becomes float64). grads and params are not changed.
    Raises ValueError: the names differ, a gradient has another shape than its parameter, lam as in l2_penalty.
    """
    raise NotImplementedError


def max_norm(W: NDArray[np.number], max_value: float) -> NDArray[np.floating]:
    """Shorten every column of W that is longer than max_value to that length.

    W: a weight matrix (D, M); column j holds the weights into unit j. Not changed.
    max_value: the limit of the Euclidean length, above 0 and finite.
    Returns a new array (D, M) in the dtype of W (whole numbers give float64). Columns up to the limit are as
    in W, also one of zeros.
    Raises ValueError: max_value is 0, negative, infinite or NaN.
    """
    raise NotImplementedError
