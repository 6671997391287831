"""A copy of each parameter, from which the step is subtracted in place."""

import copy
import math

import numpy as np


def sgd_step(params, grads, lr):
    if math.isnan(lr) or math.isinf(lr) or lr <= 0:
        raise ValueError(f"{lr} is no learning rate")
    for name in list(params) + list(grads):
        if name not in params or name not in grads:
            raise ValueError(f"{name} stands alone")
        if params[name].shape != grads[name].shape:
            raise ValueError(f"{name}: {params[name].shape} and {grads[name].shape}")
    new = copy.deepcopy(dict(params))
    for name, gradient in grads.items():
        if new[name].dtype.kind != "f":
            new[name] = new[name].astype(float)
        new[name] -= (lr * gradient).astype(new[name].dtype)
    return new


def minibatch_sgd_step(params, x, t, loss_and_grad, lr):
    answer = loss_and_grad(params, x, t)
    return sgd_step(params, answer[1], lr), float(np.asarray(answer[0]))
