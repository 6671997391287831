"""The first batch, then the rest of the positions by the same function; written with a generator."""

import numpy as np


def cut(positions, size):
    if len(positions):
        yield positions[:size]
        yield from cut(positions[size:], size)


def iterate_minibatches(X, t, batch_size, rng, shuffle=True, drop_last=False):
    N = X.shape[0]
    if N != t.shape[0] or N == 0:
        raise ValueError("lengths")
    if type(batch_size) is not int or batch_size < 1:
        raise ValueError("batch size")
    positions = np.arange(N)
    if shuffle:
        rng.shuffle(positions)
    if drop_last:
        positions = positions[: N - N % batch_size]
    return [(X[rows], t[rows]) for rows in cut(positions, batch_size)]
