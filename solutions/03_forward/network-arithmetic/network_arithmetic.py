"""Network arithmetic: the reference."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np


def count_parameters(layer_sizes: Sequence[int]) -> int:
    """Weights and biases of a fully connected network: the sum of a·b + b over neighbouring layers.

    Raises ValueError: fewer than two sizes, or one that is not a whole number of 1 or more.
    """
    sizes = [_whole("a layer size", size) for size in layer_sizes]
    if len(sizes) < 2:
        raise ValueError(f"layer_sizes = {layer_sizes}; use at least two, the inputs first")
    return sum(a * b + b for a, b in pairwise(sizes))


def conv_output_size(size: int, kernel: int, stride: int = 1, pad: int = 0) -> int:
    """Places of a kernel along one side: (size + 2·pad - kernel) // stride + 1.

    Raises ValueError: a number that is not whole or below its minimum, a kernel larger than the padded side.
    """
    size, kernel, stride = _whole("size", size), _whole("kernel", kernel), _whole("stride", stride)
    pad = _whole("pad", pad, least=0)
    room = size + 2 * pad - kernel
    if room < 0:
        raise ValueError(f"a kernel of {kernel} does not fit on {size} pixels with padding {pad}")
    return room // stride + 1


def iterations_per_epoch(num_samples: int, batch_size: int, drop_last: bool = False) -> int:
    """Mini-batches in one pass: num_samples / batch_size, rounded up, or down with drop_last.

    Raises ValueError: a number that is not whole or below 1.
    """
    n, b = _whole("num_samples", num_samples), _whole("batch_size", batch_size)
    return n // b if drop_last else -(-n // b)


def total_iterations(num_samples: int, batch_size: int, epochs: int) -> int:
    """Updates in a training run: epochs times the iterations of one, the last batch included.

    Raises ValueError: a number that is not whole or below 1.
    """
    return _whole("epochs", epochs) * iterations_per_epoch(num_samples, batch_size)


def _whole(name: str, value: int, least: int = 1) -> int:
    """The value as a Python int. ValueError unless it is an integer and at least `least`."""
    if not isinstance(value, int | np.integer):
        raise ValueError(f"{name} = {value!r}; use a whole number")
    if value < least:
        raise ValueError(f"{name} = {value}; use {least} or more")
    return int(value)
