"""The gradients of a whole network. Task: README.md in this folder. Run `grade run mlp-gradients`."""

import numpy as np
from numpy.typing import NDArray


def loss_and_gradients(
    params: dict[str, NDArray[np.float64]], x: NDArray[np.float64], t: NDArray[np.integer]
) -> tuple[float, dict[str, NDArray[np.float64]]]:
    """Run a two-layer network forward and backward on one batch.

    The network: affine (W1, b1), sigmoid, affine (W2, b2), softmax with cross-entropy.
    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,), float64. Not changed.
    x: the inputs of the batch, (N, D), with N at least 1. t: their classes 0..K-1, integers, (N,).
    Returns (loss, grads): the mean cross-entropy of the batch as a Python float, natural logarithm; and the
    gradients of that mean, a dictionary with the names and shapes of params, float64.
    A loss has no upper limit: scores of 1000 and -1000 with the second class as the true one cost 2000.
    Raises ValueError: a parameter is missing, shapes don't chain (also where NumPy would broadcast them),
    a class is outside 0..K-1 or not an integer, there are no samples.
    """
    raise NotImplementedError
