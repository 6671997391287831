"""Plain Python: sums over lists, sample by sample and weight by weight."""

import math

import numpy as np


def dot(row, w):
    return sum(value * weight for value, weight in zip(row, w, strict=True))


def fit_linear_regression(x, t, lr=0.1, epochs=1000):
    if x.ndim != 2 or x.shape[0] == 0 or t.ndim != 1:
        raise ValueError("shapes")
    samples = list(zip(x.astype(float).tolist(), t.astype(float).tolist(), strict=True))
    if not all(math.isfinite(value) for row, target in samples for value in (*row, target)):
        raise ValueError("data")
    if not 0 < lr < math.inf or epochs < 1:
        raise ValueError("settings")
    w, b, losses = [0.0] * x.shape[1], 0.0, []
    for _ in range(epochs):
        grad_w, grad_b, total = [0.0] * len(w), 0.0, 0.0
        for row, target in samples:
            error = dot(row, w) + b - target
            total += error * error
            grad_b += 2 * error
            grad_w = [g + 2 * error * value for g, value in zip(grad_w, row, strict=True)]
        losses.append(total / len(samples))
        if not math.isfinite(losses[-1]):
            raise ValueError("diverged")
        w = [weight - lr * g / len(samples) for weight, g in zip(w, grad_w, strict=True)]
        b -= lr * grad_b / len(samples)
    return np.array(w), b, losses


def predict_linear(x, w, b):
    if x.ndim != 2 or w.ndim != 1:
        raise ValueError("shapes")
    return np.array([dot(row, w.tolist()) + b for row in x.tolist()], dtype=np.float64)
