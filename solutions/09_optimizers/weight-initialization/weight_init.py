"""Weight initialization: the reference."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


def init_weights(fan_in: int, fan_out: int, scheme: str, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw weights (fan_in, fan_out) from a normal distribution around 0, or make them zero.

    Formula: variance 0.01² for "random", 2 / (fan_in + fan_out) for "xavier", 2 / fan_in for "he".
    Raises ValueError: the scheme is unknown, fan_in or fan_out is below 1.
    """
    if fan_in < 1 or fan_out < 1:
        raise ValueError(f"fan_in = {fan_in}, fan_out = {fan_out}; use 1 or more")
    if scheme == "zero":
        return np.zeros((fan_in, fan_out))
    if scheme == "random":
        sigma = 0.01
    elif scheme == "xavier":
        sigma = math.sqrt(2.0 / (fan_in + fan_out))
    elif scheme == "he":
        sigma = math.sqrt(2.0 / fan_in)
    else:
        raise ValueError(f"scheme = {scheme!r}; use zero, random, xavier or he")
    return rng.normal(0.0, sigma, size=(fan_in, fan_out))


def init_network(layer_sizes: Sequence[int], scheme: str, rng: np.random.Generator) -> dict[str, NDArray[np.float64]]:
    """Return W1, b1, W2, b2, … for layers of these sizes; the biases are zero.

    Raises ValueError: as in init_weights, or there are fewer than two sizes.
    """
    if len(layer_sizes) < 2:
        raise ValueError(f"{len(layer_sizes)} layer sizes; a network has at least inputs and outputs")
    params = {}
    for k, (fan_in, fan_out) in enumerate(pairwise(layer_sizes), start=1):
        params[f"W{k}"] = init_weights(fan_in, fan_out, scheme, rng)
        params[f"b{k}"] = np.zeros(fan_out)
    return params
