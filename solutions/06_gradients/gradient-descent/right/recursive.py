"""Point after point from a generator; whether a number is finite is seen from x - x, which is 0 then."""

import math

import numpy as np


def points(grad_f, x, lr):
    while True:
        yield x
        with np.errstate(over="ignore", invalid="ignore"):
            x = x + np.multiply(-lr, grad_f(np.array(x)))
            if np.any(x - x != 0):
                raise ValueError("the descent has diverged")


def gradient_descent(grad_f, x0, lr, steps):
    if math.isnan(lr) or math.isinf(lr) or lr <= 0:
        raise ValueError("learning rate")
    if steps < 0:
        raise ValueError("steps")
    path = points(grad_f, np.array(x0, dtype=np.float64), lr)
    history = np.stack([next(path) for _ in range(steps + 1)])
    return np.array(history[steps]), history
