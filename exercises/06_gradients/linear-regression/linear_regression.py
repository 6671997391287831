"""Linear regression by gradient descent. Task: README.md in this folder. Run `grade run linear-regression`."""

import numpy as np
from numpy.typing import NDArray


def fit_linear_regression(
    x: NDArray[np.number], t: NDArray[np.number], lr: float = 0.1, epochs: int = 1000
) -> tuple[NDArray[np.float64], float, list[float]]:
    """Fit t = x w + b by gradient descent on the mean squared error, from w = 0 and b = 0.

    x: the inputs (N, D), rows are samples. t: the targets, real numbers, (N,). Neither is changed.
    lr: the learning rate, above 0 and finite. epochs: how many updates, 1 or more; each one uses all samples.
    Returns (w, b, losses): w float64 (D,); b a Python float; losses a list of epochs Python floats, of which
    losses[k] is the mean squared error before update k, so losses[0] belongs to w = 0 and b = 0.
    Raises ValueError: x is not (N, D) with at least one sample, t is not (N,), a number in them is NaN or
    infinite, lr is not above 0 and finite, epochs is below 1; with the word "diverged" when the loss or a
    parameter is no longer finite.
    """
    raise NotImplementedError


def predict_linear(x: NDArray[np.number], w: NDArray[np.float64], b: float) -> NDArray[np.float64]:
    """Return the predictions x w + b.

    x: the inputs (N, D). w: the weights (D,). b: the bias, a number.
    Returns float64 (N,); no samples, (0, D), give an array of shape (0,).
    Raises ValueError: x is not (N, D), w is not (D,).
    """
    raise NotImplementedError
