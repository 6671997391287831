"""An affine layer: the reference."""

import numpy as np
from numpy.typing import NDArray


def affine(x: NDArray[np.floating], W: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return x W + b: (M,) for one sample (D,), (N, M) for a batch (N, D); the dtype is the common one of the three.

    Formula: y_nj = sum_i x_ni W_ij + b_j.
    Raises ValueError: x is not (D,) or (N, D) with the D of W, or b is not exactly (M,).
    """
    x, W, b = np.asarray(x), np.asarray(W), np.asarray(b)
    if x.ndim not in (1, 2) or W.ndim != 2 or x.shape[-1] != W.shape[0]:
        raise ValueError(f"x of shape {x.shape} and W of shape {W.shape} don't fit; expected (N, D) and (D, M)")
    if b.shape != W.shape[1:]:
        raise ValueError(f"b of shape {b.shape}; expected one bias per unit, {W.shape[1:]}")
    return np.asarray(x @ W + b)
