"""Recursion from the front: the first layer, then the rest of the network on its result; columns are samples inside."""

import numpy as np


def mlp_forward(x, weights, biases, hidden="relu", task="multiclass"):
    if hidden != "relu" and hidden != "sigmoid":
        raise ValueError("hidden")
    if task not in {"regression", "binary", "multiclass"}:
        raise ValueError("task")
    if len(weights) != len(biases):
        raise ValueError("as many biases as weights")
    if x.ndim not in (1, 2) or np.isnan(x).any() or np.isinf(x).any():
        raise ValueError("x")
    return through(np.array(x, dtype=np.float64).T, list(weights), list(biases), hidden, task).T.copy()


def through(h, weights, biases, hidden, task):
    if not weights:
        raise ValueError("no layers")
    (w, *weights), (b, *biases) = weights, biases
    if w.ndim != 2 or len(w) != len(h) or b.shape != w.shape[1:]:
        raise ValueError("shapes")
    z = np.dot(np.float64(w).T, h) + b.reshape((-1,) + (1,) * (h.ndim - 1))
    if weights:
        return through(logistic(z) if hidden == "sigmoid" else z.clip(min=0), weights, biases, hidden, task)
    if task == "binary":
        return logistic(z)
    if task == "multiclass":
        e = np.exp(z - z.max(axis=0))
        return e / e.sum(axis=0)
    return z


def logistic(z):
    y = np.empty_like(z)
    up = z > 0
    y[up] = 1 / (1 + np.exp(-z[up]))
    e = np.exp(z[~up])
    y[~up] = e / (1 + e)
    return y
