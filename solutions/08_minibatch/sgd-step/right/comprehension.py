"""Checks first, then one comprehension; np.subtract writes into arrays of its own."""

import numpy as np


def sgd_step(params, grads, lr):
    if not np.isfinite(lr) or lr <= 0:
        raise ValueError("lr")
    if set(params) != set(grads) or any(np.shape(params[k]) != np.shape(grads[k]) for k in params):
        raise ValueError("names or shapes")

    def moved(p, g):
        out = np.empty(p.shape, p.dtype if p.dtype.kind == "f" else np.float64)
        np.subtract(p, lr * g, out=out, casting="unsafe")
        return out

    return {name: moved(params[name], grads[name]) for name in params}


def minibatch_sgd_step(params, x, t, loss_and_grad, lr):
    loss, grads = loss_and_grad(params, x, t)
    return sgd_step(params, grads, lr), float(loss)
