"""One step of SGD. Task: README.md in this folder. Run `grade run sgd-step`."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def sgd_step(
    params: dict[str, NDArray[np.floating]], grads: dict[str, NDArray[np.floating]], lr: float
) -> dict[str, NDArray[np.floating]]:
    """Move every parameter a step of lr times its gradient, downhill.

    params: the parameters by name, e.g. W1 (D, H) and b1 (H,).
    grads: the gradient of the loss for each of them, under the same names and in the same shapes.
    lr: the learning rate, above 0 and finite.
    Returns a new dictionary of new arrays: same names, same shapes, each array in the dtype of its
    parameter (a parameter of whole numbers becomes float64). params and grads are not changed.
    A NaN in a gradient gives a NaN in the parameter.
    Raises ValueError: the names differ, a gradient has another shape than its parameter, lr is not above 0
    and finite.
    """
    raise NotImplementedError


def minibatch_sgd_step(
    params: dict[str, NDArray[np.floating]],
    x: NDArray[np.floating],
    t: NDArray[np.generic],
    loss_and_grad: Callable[..., tuple[float, dict[str, NDArray[np.floating]]]],
    lr: float,
) -> tuple[dict[str, NDArray[np.floating]], float]:
    """Take one step of SGD on one mini-batch.

    params, lr: as in sgd_step.
    x: the inputs of the mini-batch, (N, D); t: its targets, (N,) or (N, K).
    loss_and_grad: called as loss_and_grad(params, x, t), returns the mean loss of that batch, a number, and
    the gradients of that mean, a dictionary like params.
    Returns (new parameters, loss); the loss is a Python float, measured before the step.
    params, x and t are not changed.
    Raises ValueError: as in sgd_step.
    """
    raise NotImplementedError
