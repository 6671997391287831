"""No matrix products: sample by sample, layer by layer, unit by unit, with math's functions."""

import math

import numpy as np


def sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


def outputs(z, task):
    if task == "binary":
        return [sigmoid(v) for v in z]
    if task == "multiclass":
        e = [math.exp(v - max(z)) for v in z]
        return [v / math.fsum(e) for v in e]
    return z


def one_sample(h, layers, hidden, task):
    for i, (w, b) in enumerate(layers):
        z = [math.fsum(float(v) * float(c) for v, c in zip(h, column)) + float(bias) for column, bias in zip(w.T, b)]
        if i + 1 < len(layers):
            h = [sigmoid(v) if hidden == "sigmoid" else max(v, 0.0) for v in z]
    return outputs(z, task)


def mlp_forward(x, weights, biases, hidden="relu", task="multiclass"):
    if hidden not in ("relu", "sigmoid") or task not in ("regression", "binary", "multiclass"):
        raise ValueError("name")
    if len(weights) == 0 or len(weights) - len(biases):
        raise ValueError("layers")
    if np.ndim(x) not in (1, 2) or not all(map(math.isfinite, np.ravel(x))):
        raise ValueError("x")
    rows = x.shape[-1]
    for w, b in zip(weights, biases):
        if np.ndim(w) != 2 or w.shape[0] != rows or np.shape(b) != w.shape[1:]:
            raise ValueError("shapes")
        rows = w.shape[1]
    layers = list(zip(weights, biases))
    if x.ndim == 1:
        return np.array(one_sample(x, layers, hidden, task), dtype=np.float64)
    y = np.empty((len(x), rows))
    for n, sample in enumerate(x):
        y[n] = one_sample(sample, layers, hidden, task)
    return y
