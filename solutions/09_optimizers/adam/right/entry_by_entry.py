"""Python numbers, one entry at a time; the weights 1 - beta to the power t are summed up as a geometric series."""

import math

import numpy as np


def series(beta, t):
    if t > 2000:
        return 1.0 - math.exp(t * math.log(beta)) if beta else 1.0
    return (1 - beta) * math.fsum(beta**k for k in range(t))


def adam_step(param, grad, m, v, t, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    if t != round(t) or t < 1:
        raise ValueError("t")
    if param.shape != grad.shape or param.shape != m.shape or param.shape != v.shape:
        raise ValueError("shapes")
    if math.isnan(lr) or math.isinf(lr) or lr <= 0:
        raise ValueError("lr")
    for beta in (beta1, beta2):
        if math.isnan(beta) or beta < 0 or beta >= 1:
            raise ValueError("beta")
    if v.min(initial=0) < 0:
        raise ValueError("v")
    share1, share2 = series(beta1, t), series(beta2, t)

    def new(old):
        return np.empty(old.shape, old.dtype if old.dtype.kind == "f" else "f8")

    p_new, m_new, v_new = new(param), new(m), new(v)
    for i in np.ndindex(param.shape):
        g = float(grad[i])
        mean = float(m[i]) * beta1 + g * (1 - beta1)
        square = float(v[i]) * beta2 + g**2 * (1 - beta2)
        p_new[i] = float(param[i]) - lr * (mean / share1) / (math.sqrt(square / share2) + eps)
        m_new[i], v_new[i] = mean, square
    return p_new, m_new, v_new
