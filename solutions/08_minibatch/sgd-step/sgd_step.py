"""One step of SGD: the reference."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def sgd_step(
    params: dict[str, NDArray[np.floating]], grads: dict[str, NDArray[np.floating]], lr: float
) -> dict[str, NDArray[np.floating]]:
    """Return new parameters p - lr * g, each in the dtype of its parameter (whole numbers become float64).

    Formula: one step of gradient descent, p <- p - lr * dL/dp, the same for weights and biases.
    Raises ValueError: the names differ, a gradient has another shape, or lr is not above 0 and finite.
    """
    if not (lr > 0 and math.isfinite(lr)):
        raise ValueError(f"lr = {lr}; the learning rate must be above 0 and finite")
    if params.keys() != grads.keys():
        raise ValueError(f"without a partner: {sorted(params.keys() ^ grads.keys())}")
    new = {}
    for name, p in params.items():
        g = grads[name]
        if g.shape != p.shape:
            raise ValueError(f"{name}: gradient of shape {g.shape} for a parameter of shape {p.shape}")
        dtype = p.dtype if np.issubdtype(p.dtype, np.floating) else np.float64
        new[name] = np.asarray(p - lr * g, dtype=dtype)
    return new


def minibatch_sgd_step(
    params: dict[str, NDArray[np.floating]],
    x: NDArray[np.floating],
    t: NDArray[np.generic],
    loss_and_grad: Callable[..., tuple[float, dict[str, NDArray[np.floating]]]],
    lr: float,
) -> tuple[dict[str, NDArray[np.floating]], float]:
    """Return the parameters after one step on the batch (x, t), and the loss before it.

    loss_and_grad(params, x, t) gives the mean loss and the gradients of that mean, so the batch size needs no
    further factor. It is called once: all gradients belong to the same parameters.
    Raises ValueError: as in sgd_step.
    """
    loss, grads = loss_and_grad(params, x, t)
    return sgd_step(params, grads, lr), float(loss)
