"""A fold over the layers; each bias is one more row of its weights, met by a column of ones."""

from functools import reduce

import numpy as np


def relu(z):
    return z * (z > 0)


def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


def softmax(z):
    scores = z - np.max(z, axis=1, keepdims=True)
    return np.exp(scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True)))


def mlp_forward(x, weights, biases, hidden="relu", task="multiclass"):
    if hidden not in ("relu", "sigmoid"):
        raise ValueError(hidden)
    if task not in ("regression", "binary", "multiclass"):
        raise ValueError(task)
    if not len(weights) == len(biases) > 0 or x.ndim > 2 or x.ndim == 0 or not np.isfinite(x).all():
        raise ValueError("layers or x")
    if any(w.ndim != 2 or b.ndim != 1 or w.shape[1] != b.shape[0] for w, b in zip(weights, biases)):
        raise ValueError("weights and biases")
    layers = [np.vstack([w, b]).astype(float) for w, b in zip(weights, biases)]
    widths = [x.shape[-1]] + [w.shape[1] for w in weights]
    if [w.shape[0] for w in weights] != widths[:-1]:
        raise ValueError("chain")

    def affine(h, layer):
        return np.hstack([h, np.ones((len(h), 1))]) @ layer

    f = {"relu": relu, "sigmoid": sigmoid}[hidden]
    batch = x.reshape(-1, widths[0]).astype(float)
    h = reduce(lambda h, layer: f(affine(h, layer)), layers[:-1], batch)
    z = affine(h, layers[-1])
    y = {"regression": lambda z: z, "binary": sigmoid, "multiclass": softmax}[task](z)
    return y[0] if x.ndim == 1 else y
