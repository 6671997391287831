"""The bias as one more weight: a column of ones beside the inputs, and a single gradient for all of them."""

import numpy as np


def fit_linear_regression(x, t, lr=0.1, epochs=1000):
    if np.ndim(x) != 2 or np.shape(x)[0] < 1 or np.shape(t) != (np.shape(x)[0],):
        raise ValueError("x (N, D) and t (N,)")
    if not np.isfinite(lr) or lr <= 0 or epochs < 1:
        raise ValueError("lr above 0, at least one epoch")
    design = np.column_stack([np.ones(len(x)), x])
    if not np.isfinite(np.column_stack([design, t])).all():
        raise ValueError("data must be finite")
    theta = np.zeros(design.shape[1])
    losses = []
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            residual = t - design @ theta
            losses.append(float(residual @ residual) / len(t))
            theta = theta + 2 * lr * (residual @ design) / len(t)
    if not np.isfinite(theta).all() or not np.isfinite(losses).all():
        raise ValueError("it diverged")
    return theta[1:], float(theta[0]), losses


def predict_linear(x, w, b):
    if np.ndim(x) != 2 or np.shape(w) != (np.shape(x)[1],):
        raise ValueError("shapes")
    return np.column_stack([np.ones(len(x)), x]) @ np.concatenate([[b], w])
