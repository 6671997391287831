"""Lists and sums instead of arrays, with the samples as a generator over all epochs."""

import math

import numpy as np


def train_perceptron(X, t, lr=0.1, max_epochs=100):
    if np.ndim(X) != 2 or np.ndim(t) != 1 or not len(X) == len(t) > 0:
        raise ValueError
    rows, targets = np.asarray(X).tolist(), np.asarray(t).tolist()
    if not all(math.isfinite(v) for row in rows for v in row) or not all(v in (0, 1) for v in targets):
        raise ValueError
    if not (math.isfinite(lr) and lr > 0 and max_epochs >= 1):
        raise ValueError
    w, theta, errors = [0.0] * len(rows[0]), 0.0, []
    for _ in range(max_epochs):
        wrong = 0
        for row, target in zip(rows, targets):
            u = sum(a * b for a, b in zip(w, row)) + theta
            step = lr * (int(target) - (1 if u > 0 else 0))
            if step:
                wrong += 1
                w = [a + step * b for a, b in zip(w, row)]
                theta += step
        errors.append(wrong)
        if not wrong:
            break
    return np.array(w, dtype=np.float64), float(theta), errors
