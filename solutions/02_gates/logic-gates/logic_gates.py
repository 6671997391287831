"""Logic gates from one perceptron: the reference."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

AND_PARAMS: tuple[float, float, float] = (0.5, 0.5, -0.7)
NAND_PARAMS: tuple[float, float, float] = (-0.5, -0.5, 0.7)
OR_PARAMS: tuple[float, float, float] = (0.5, 0.5, -0.2)


def perceptron(x: NDArray[np.float64], w: NDArray[np.float64], theta: float) -> int | NDArray[np.int64]:
    """y = H(w·x + theta) with H(u) = 1 for u > 0, else 0.

    x (D,) or (N, D), w (D,), theta a number that is added. Returns an int, or int64 of shape (N,) for a batch.
    Raises ValueError if the shapes of x and w do not match, or if u is NaN.
    """
    x, w = np.asarray(x), np.asarray(w)
    if x.ndim not in (1, 2) or w.shape != x.shape[-1:]:
        raise ValueError(f"x of shape {x.shape} and w of shape {w.shape} do not match; use (D,) or (N, D) with (D,)")
    u = np.asarray(x @ w + theta)
    if np.isnan(u).any():  # NaN > 0 is False, so a NaN would pass for a silent unit
        raise ValueError("w·x + theta is NaN; check x, w and theta")
    fires = (u > 0).astype(np.int64)
    return fires if fires.ndim else int(fires)


def AND(x1: ArrayLike, x2: ArrayLike) -> int | NDArray[np.int64]:
    """1 where both inputs are 1. Inputs 0 or 1, or arrays (N,) of them; ValueError for anything else."""
    return _gate(x1, x2, AND_PARAMS)


def NAND(x1: ArrayLike, x2: ArrayLike) -> int | NDArray[np.int64]:
    """0 where both inputs are 1. Inputs 0 or 1, or arrays (N,) of them; ValueError for anything else."""
    return _gate(x1, x2, NAND_PARAMS)


def OR(x1: ArrayLike, x2: ArrayLike) -> int | NDArray[np.int64]:
    """1 where at least one input is 1. Inputs 0 or 1, or arrays (N,) of them; ValueError for anything else."""
    return _gate(x1, x2, OR_PARAMS)


def _gate(x1: ArrayLike, x2: ArrayLike, params: tuple[float, float, float]) -> int | NDArray[np.int64]:
    """The perceptron with these (w1, w2, theta) on the pairs (x1, x2). ValueError unless all inputs are 0 or 1."""
    pairs = np.stack([np.asarray(x1), np.asarray(x2)], axis=-1)  # one pair (2,), or one pair per row (N, 2)
    if not np.isin(pairs, (0, 1)).all():
        raise ValueError(f"gate inputs {x1!r} and {x2!r}; use 0 and 1 only")
    w1, w2, theta = params
    return perceptron(pairs, np.array([w1, w2]), theta)
