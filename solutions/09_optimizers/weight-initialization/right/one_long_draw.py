"""All numbers of the network in one long draw, cut into layers from the last to the first."""

import numpy as np


def spread(fan_in, fan_out, scheme):
    if fan_in < 1 or fan_out < 1:
        raise ValueError("a layer without units")
    match scheme:
        case "zero":
            return 0.0
        case "random":
            return 0.01
        case "xavier":
            return ((fan_in + fan_out) / 2) ** -0.5
        case "he":
            return (fan_in / 2) ** -0.5
    raise ValueError(f"no scheme is called {scheme}")


def init_weights(fan_in, fan_out, scheme, rng):
    return init_network([fan_in, fan_out], scheme, rng)["W1"]


def init_network(layer_sizes, scheme, rng):
    sizes = list(layer_sizes)
    if len(sizes) in (0, 1):
        raise ValueError("inputs and outputs, at least")
    shapes = list(zip(sizes[:-1], sizes[1:], strict=True))
    spreads = [spread(*shape, scheme) for shape in shapes]
    numbers = rng.standard_normal(sum(a * b for a, b in shapes))
    params = {}
    for k in range(len(shapes), 0, -1):
        rows, columns = shapes[k - 1]
        numbers, mine = np.split(numbers, [len(numbers) - rows * columns])
        params[f"b{k}"] = np.zeros(columns)
        params[f"W{k}"] = spreads[k - 1] * mine.reshape(rows, columns)
    return params
