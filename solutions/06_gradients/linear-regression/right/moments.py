"""Gradients from the moments of the data, computed once: 2 (A w + m b - c), without a pass over the samples."""

import math

import numpy as np


def fit_linear_regression(x, t, lr=0.1, epochs=1000):
    x, t = np.array(x, dtype=float), np.array(t, dtype=float)
    n, _ = x.shape if x.ndim == 2 else (0, 0)
    if n == 0:
        raise ValueError("x must be (N, D) with N at least 1")
    if t.ndim != 1 or t.size != n:
        raise ValueError("t must be (N,)")
    if np.isnan(x).any() or np.isinf(x).any() or np.isnan(t).any() or np.isinf(t).any():
        raise ValueError("not finite")
    if math.isnan(lr) or math.isinf(lr) or lr <= 0 or epochs <= 0:
        raise ValueError("settings")
    second, first, with_t, mean_t = np.einsum("ni,nj->ij", x, x) / n, x.mean(axis=0), t @ x / n, t.mean()
    w, b, losses = np.zeros(len(first)), 0.0, []
    for _ in range(epochs):
        with np.errstate(over="ignore", invalid="ignore"):
            losses.append(float(np.mean(np.square(t - b - x @ w))))
            step_w, step_b = second @ w + first * b - with_t, first @ w + b - mean_t
            w, b = w - 2 * lr * step_w, float(b - 2 * lr * step_b)
        if not math.isfinite(losses[-1]):
            raise ValueError("the loss has diverged")
    return w, b, losses


def predict_linear(x, w, b):
    if x.ndim != 2 or w.ndim != 1 or x.shape[1] != w.size:
        raise ValueError("x (N, D), w (D,)")
    return np.sum(x * w, axis=1) + b
