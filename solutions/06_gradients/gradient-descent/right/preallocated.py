"""A history made beforehand, filled row by row; each row is made from the one before."""

import numpy as np


def gradient_descent(grad_f, x0, lr, steps):
    if not np.isfinite(lr) or lr <= 0 or steps < 0:
        raise ValueError("lr above 0, steps not below 0")
    start = np.asarray(x0, dtype=float)
    history = np.empty((steps + 1, *start.shape))
    history[0] = start
    with np.errstate(all="ignore"):
        for k in range(steps):
            gradient = grad_f(history[k].copy())
            history[k + 1] = history[k] - lr * np.array(gradient, dtype=float)
            if not np.isfinite(history[k + 1]).all():
                raise ValueError("it diverged")
    return history[-1].copy(), history
