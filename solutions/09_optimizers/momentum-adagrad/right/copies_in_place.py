"""Float64 copies of everything, changed in place; AdaGrad's new root is the hypotenuse of the old root and g."""

import numpy as np


def copies(lr, *arrays):
    if len({a.shape for a in arrays}) > 1:
        raise ValueError("the arrays have different shapes")
    if not np.isfinite(lr) or lr <= 0:
        raise ValueError("the learning rate is not above 0 and finite")
    return [np.array(a, dtype=np.float64) for a in arrays]


def like(values, old):
    return values.astype(old.dtype) if old.dtype.kind == "f" else values


def momentum_step(param, grad, velocity, lr, beta=0.9):
    p, g, v = copies(lr, param, grad, velocity)
    if not (beta >= 0 and beta < 1):
        raise ValueError("beta is outside [0, 1)")
    v *= beta
    g *= lr
    v -= g
    p += v
    return like(p, param), like(v, velocity)


def adagrad_step(param, grad, h, lr, eps=1e-7):
    p, g, s = copies(lr, param, grad, h)
    if np.any(s < 0):
        raise ValueError("h is below 0")
    root = np.hypot(np.sqrt(s), g)
    s += np.square(g)
    p -= np.multiply(g, lr) / np.add(root, eps)
    return like(p, param), like(s, h)
