"""Normal numbers made from uniform ones by the Box-Muller transform; variances in a table."""

import numpy as np

VARIANCES = {
    "zero": lambda rows, columns: 0.0,
    "random": lambda rows, columns: 1e-4,
    "xavier": lambda rows, columns: 2 / (rows + columns),
    "he": lambda rows, columns: 2 / rows,
}


def init_weights(fan_in, fan_out, scheme, rng):
    if scheme not in VARIANCES or min(fan_in, fan_out) <= 0:
        raise ValueError("scheme or size")
    radius = np.sqrt(-2 * np.log(1 - rng.random((fan_in, fan_out))))
    angle = 2 * np.pi * rng.random((fan_in, fan_out))
    return radius * np.cos(angle) * np.sqrt(VARIANCES[scheme](fan_in, fan_out))


def init_network(layer_sizes, scheme, rng):
    count = len(layer_sizes) - 1
    if count < 1:
        raise ValueError("sizes")
    weights = {f"W{k + 1}": init_weights(layer_sizes[k], layer_sizes[k + 1], scheme, rng) for k in range(count)}
    biases = {f"b{k}": np.zeros(size) for k, size in enumerate(layer_sizes) if k}
    return weights | biases
