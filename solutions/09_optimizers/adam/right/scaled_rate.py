"""Both corrections in one number: a learning rate and an eps for this step, as the article suggests for speed."""

import math
import operator

import numpy as np


def adam_step(param, grad, m, v, t, *, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    try:
        t = operator.index(t)
    except TypeError as error:
        raise ValueError("t") from error
    arrays = [np.array(a, dtype=float) for a in (param, grad, m, v)]
    if t <= 0 or len({a.shape for a in arrays}) != 1:
        raise ValueError("t or shapes")
    if not np.isfinite(lr) or lr <= 0 or not all(b >= 0 and b < 1 for b in (beta1, beta2)):
        raise ValueError("lr or betas")
    p, g, a, b = arrays
    if np.any(b < 0):
        raise ValueError("v")
    a += (1 - beta1) * (g - a)
    b += (1 - beta2) * (g * g - b)
    root = math.sqrt(1 - beta2**t)
    p -= lr * root / (1 - beta1**t) * a / (np.sqrt(b) + eps * root)
    return tuple(
        new.astype(old.dtype) if old.dtype.kind == "f" else new
        for new, old in zip((p, a, b), (param, m, v), strict=True)
    )
