"""Python numbers, one entry at a time, put back into shape at the end."""

import math

import numpy as np


def each(rule, param, grad, memory, lr):
    if param.shape != grad.shape or param.shape != memory.shape:
        raise ValueError("shapes")
    if math.isnan(lr) or math.isinf(lr) or lr <= 0:
        raise ValueError("lr")
    triples = zip(param.ravel().tolist(), grad.ravel().tolist(), memory.ravel().tolist(), strict=True)
    columns = zip(*(rule(float(p), float(g), float(m)) for p, g, m in triples), strict=True)
    return tuple(
        np.array(column, dtype=old.dtype if old.dtype.kind == "f" else float).reshape(old.shape)
        for column, old in zip(columns, (param, memory), strict=True)
    )


def momentum_step(param, grad, velocity, lr, beta=0.9):
    if math.isnan(beta) or beta < 0 or beta >= 1:
        raise ValueError("beta")

    def rule(p, g, v):
        v = v * beta - g * lr
        return p + v, v

    return each(rule, param, grad, velocity, lr)


def adagrad_step(param, grad, h, lr, eps=1e-7):
    if np.min(h, initial=0.0) < 0:
        raise ValueError("h")

    def rule(p, g, s):
        s += g**2
        return p - g / (math.sqrt(s) + eps) * lr, s

    return each(rule, param, grad, h, lr)
