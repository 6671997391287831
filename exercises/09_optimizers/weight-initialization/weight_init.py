"""Weight initialization. Task: README.md in this folder. Run `grade run weight-initialization`."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def init_weights(fan_in: int, fan_out: int, scheme: str, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw the first weights of a layer.

    fan_in, fan_out: how many inputs and outputs the layer has, 1 or more.
    scheme: "zero", all 0; or normal with mean 0 and: "random", standard deviation 0.01; "xavier",
    variance 2 / (fan_in + fan_out); "he", variance 2 / fan_in.
    rng: where all random numbers come from.
    Returns float64 (fan_in, fan_out).
    Raises ValueError: the scheme is unknown, fan_in or fan_out is below 1.
    """
    raise NotImplementedError


def init_network(layer_sizes: Sequence[int], scheme: str, rng: np.random.Generator) -> dict[str, NDArray[np.float64]]:
    """Make the first parameters of a network.

    layer_sizes: the numbers of units from the inputs to the outputs, at least two, e.g. [784, 50, 10].
    scheme, rng: as in init_weights; each layer gets draws of its own.
    Returns float64 arrays by name, k = 1, 2, …: weights "Wk" (layer_sizes[k - 1], layer_sizes[k]) and
    biases "bk" (layer_sizes[k],), which are zero.
    Raises ValueError: the scheme is unknown, a size is below 1, there are fewer than two sizes.
    """
    raise NotImplementedError
