"""The dual form: counts how often each sample was a mistake; weights exist only at the end, made of those counts."""

import numpy as np


def train_perceptron(X, t, lr=0.1, max_epochs=100):
    X = np.asarray(X)
    if X.ndim != 2 or np.shape(t) != (X.shape[0],) or X.shape[0] < 1:
        raise ValueError("use (N, D) and (N,)")
    X = X.astype(np.float64)
    t = [float(v) for v in t]
    if any(v not in (0.0, 1.0) for v in t) or not np.all(np.isfinite(X)):
        raise ValueError("use finite samples and targets 0 and 1")
    if max_epochs < 1 or not np.isfinite(lr) or lr <= 0:
        raise ValueError("lr, max_epochs")
    signs = np.array([1.0 if v else -1.0 for v in t])
    gram = X @ X.T + 1.0  # dot products, with a 1 for the bias
    mistakes = np.zeros(len(t))
    errors = []
    for _epoch in range(max_epochs):
        before = mistakes.sum()
        for i, sign in enumerate(signs):
            u = gram[i] @ (mistakes * signs)
            if (u > 0) != (sign > 0):
                mistakes[i] += 1
        errors.append(int(mistakes.sum() - before))
        if errors[-1] == 0:
            break
    counts = mistakes * signs
    return lr * (counts @ X), float(lr * counts.sum()), errors
