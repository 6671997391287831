"""Multilayer forward pass. Task: README.md in this folder. Run `grade run mlp-forward`."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def mlp_forward(
    x: NDArray[np.floating],
    weights: Sequence[NDArray[np.floating]],
    biases: Sequence[NDArray[np.floating]],
    hidden: str = "relu",
    task: str = "multiclass",
) -> NDArray[np.float64]:
    """The output of a multilayer perceptron: affine, activation, affine, activation, and so on.

    x: one sample (D,) or a batch of them (N, D), rows are samples.
    weights, biases: one of each per layer, in order; weights[i] has the shape (D_i, D_i+1) and biases[i] has
    (D_i+1,), with D_0 = D and K columns in the last one.
    hidden: the activation after every layer but the last, "relu" or "sigmoid".
    task: the activation after the last layer, "regression" (none: the plain sums), "binary" (sigmoid of each
    sum) or "multiclass" (softmax over the K classes). Sums may be large; sigmoid and softmax must not overflow.
    Returns a new float64 array, (K,) for one sample, (N, K) for a batch; (0, D) gives (0, K).
    x, weights and biases are not changed.
    Raises ValueError: another word for hidden or task, no layers, different numbers of weights and biases,
    an x with neither one axis nor two or that is not finite, shapes that do not chain, a bias that is not
    exactly (D_i+1,).
    """
    raise NotImplementedError
