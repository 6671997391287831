"""Random numbers are drawn for all samples and sorted; the whole epoch is reordered first and split afterwards."""

import operator

import numpy as np


def iterate_minibatches(X, t, batch_size, rng, shuffle=True, drop_last=False):
    try:
        size = operator.index(batch_size)
    except TypeError:
        raise ValueError("batch_size must be an integer") from None
    if size <= 0 or X.shape[0] != t.shape[0] or not X.shape[0]:
        raise ValueError("nothing to cut")
    if shuffle:
        order = np.argsort(rng.random(X.shape[0]), kind="stable")
        X, t = X.take(order, axis=0), t.take(order, axis=0)
    cuts = np.arange(size, X.shape[0], size)
    pairs = list(zip(np.split(X, cuts), np.split(t, cuts), strict=True))
    return [pair for pair in pairs if len(pair[1]) == size or not drop_last]
