"""The bias is the weight of one more input that is always 1; weights are corrected in place, only after a mistake."""

import numpy as np


def train_perceptron(X, t, lr=0.1, max_epochs=100):
    X, t = np.array(X, dtype=float), np.array(t, dtype=float)
    if X.ndim != 2 or t.ndim != 1 or len(X) != len(t) or len(t) == 0:
        raise ValueError("shapes")
    if np.isnan(X).any() or np.isinf(X).any() or set(t.tolist()) - {0.0, 1.0}:
        raise ValueError("values")
    if not 0 < lr < np.inf or max_epochs < 1:
        raise ValueError("settings")
    with_one = np.column_stack([X, np.ones(len(X))])
    v = np.zeros(X.shape[1] + 1)
    errors = []
    while len(errors) < max_epochs and (not errors or errors[-1]):
        errors.append(0)
        for x, target in zip(with_one, t):
            fires = x.dot(v) > 0
            if fires and target == 0:
                v -= lr * x
            elif not fires and target == 1:
                v += lr * x
            else:
                continue
            errors[-1] += 1
    return v[:-1].copy(), float(v[-1]), errors
