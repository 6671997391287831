"""The weighted sum by einsum, the step by heaviside with H(0) = 0."""

import numpy as np

AND_PARAMS = (0.3, 0.4, -0.65)
NAND_PARAMS = (-0.3, -0.4, 0.65)
OR_PARAMS = (0.9, 0.9, -0.1)


def perceptron(x, w, theta):
    x, w = np.asarray(x), np.asarray(w)
    if x.ndim > 2 or x.ndim < 1 or w.ndim != 1 or x.shape[-1] != len(w):
        raise ValueError(f"{x.shape} and {w.shape}")
    u = np.einsum("...d,d->...", x, w) + theta
    if not (u == u).all():
        raise ValueError("u is NaN")
    y = np.heaviside(u, 0.0).astype(np.int64)
    return y if x.ndim == 2 else int(y)


def _of(params):
    def gate(x1, x2):
        if np.shape(x1) != np.shape(x2):
            raise ValueError("as many first inputs as second ones")
        together = np.stack([x1, x2], axis=-1)
        if set(np.unique(together).tolist()) - {0, 1}:
            raise ValueError("inputs are 0 or 1")
        return perceptron(together, np.asarray(params[:2]), params[2])

    return gate


AND, NAND, OR = _of(AND_PARAMS), _of(NAND_PARAMS), _of(OR_PARAMS)
