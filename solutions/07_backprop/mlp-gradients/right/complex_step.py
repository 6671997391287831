"""No backward pass: each parameter takes a tiny imaginary step, and the imaginary part of the loss is its slope."""

import numpy as np

STEP = 1e-30


def mean_loss(W1, b1, W2, b2, x, t):
    a = x @ W1 + b1
    sign = np.where(a.real < 0, -1.0, 1.0)
    small = np.exp(-a * sign)
    hidden = np.where(sign > 0, 1 / (1 + small), small / (1 + small))
    scores = hidden @ W2 + b2
    top = scores.real.max(axis=1)
    total = np.exp(scores - top[:, np.newaxis]).sum(axis=1)
    return (np.log(total) + top - scores[np.arange(len(t)), t]).mean()


def loss_and_gradients(params, x, t):
    try:
        W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    except KeyError as error:
        raise ValueError(f"params has no {error}") from None
    if (W1.ndim, b1.ndim, W2.ndim, b2.ndim, x.ndim, t.ndim) != (2, 1, 2, 1, 2, 1):
        raise ValueError("axes")
    if W1.shape != (x.shape[1], len(b1)) or W2.shape != (len(b1), len(b2)) or len(x) != len(t) or len(t) == 0:
        raise ValueError("lengths")
    if t.dtype.kind not in "iu" or not np.isin(t, np.arange(len(b2))).all():
        raise ValueError("classes")
    values = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    grads = {}
    for name, value in values.items():
        grads[name] = np.empty(value.shape)
        for place in np.ndindex(value.shape):
            moved = value.astype(complex)
            moved[place] += STEP * 1j
            grads[name][place] = mean_loss(**{**values, name: moved}, x=x, t=t).imag / STEP
    return float(mean_loss(**values, x=x, t=t).real), grads
