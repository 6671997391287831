"""Computed in float64, layer by layer in a loop; the class is found without softmax, which keeps the order."""

import numpy as np

NAMES = [("W1", "b1"), ("W2", "b2"), ("W3", "b3")]


def scores(network, x):
    for names in NAMES:
        for name in names:
            if name not in network:
                raise ValueError(f"{name} is missing")
    x = np.asarray(x)
    if x.ndim not in (1, 2) or x.shape[-1] != network["W1"].shape[0]:
        raise ValueError("another width")
    if np.isnan(x).any() or (x < 0).any() or (x > 1).any():
        raise ValueError("pixels lie between 0 and 1")
    a = x.astype(np.float64)
    for number, (weight, bias) in enumerate(NAMES):
        a = a @ network[weight].astype(np.float64) + network[bias]
        if number < 2:
            a = np.exp(-np.logaddexp(0, -a))
    return a


def predict_proba(network, x):
    a = scores(network, x)
    return np.exp(a - np.logaddexp.reduce(a, axis=-1, keepdims=True))


def predict_in_batches(network, X, batch_size=100):
    if batch_size < 1:
        raise ValueError("at least one image at a time")
    labels = np.empty(len(X), dtype=np.int64)
    if len(X) == 0:
        scores(network, X)
    for start in range(0, len(X), batch_size):
        labels[start : start + batch_size] = scores(network, X[start : start + batch_size]).argmax(axis=1)
    return labels
