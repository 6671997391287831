"""Counts what is really there: lengths of ranges for places and batches, sizes of arrays for parameters."""

import operator

import numpy as np


def whole(value, least=1):
    try:
        number = operator.index(value)
    except TypeError:
        raise ValueError("whole numbers only") from None
    if number not in range(least, 10**12):
        raise ValueError("out of range")
    return number


def count_parameters(layer_sizes):
    sizes = list(map(whole, layer_sizes))
    if len(sizes) <= 1:
        raise ValueError("two sizes or more")
    arrays = []
    for i in range(1, len(sizes)):
        arrays.append(np.broadcast_to(0.0, (sizes[i - 1], sizes[i])))
        arrays.append(np.broadcast_to(0.0, sizes[i]))
    return sum(a.size for a in arrays)


def conv_output_size(size, kernel, stride=1, pad=0):
    side = range(whole(size) + 2 * whole(pad, 0))
    starts = [i for i in side[:: whole(stride)] if i + whole(kernel) <= len(side)]
    if not starts:
        raise ValueError("no place")
    return len(starts)


def iterations_per_epoch(num_samples, batch_size, drop_last=False):
    n, b = whole(num_samples), whole(batch_size)
    return len(range(0, n - b + 1 if drop_last else n, b))


def total_iterations(num_samples, batch_size, epochs):
    return sum(iterations_per_epoch(num_samples, batch_size) for _ in range(whole(epochs)))
