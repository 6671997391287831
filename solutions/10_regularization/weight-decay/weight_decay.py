"""Weight decay and max-norm: the reference."""

import math

import numpy as np
from numpy.typing import DTypeLike, NDArray


def l2_penalty(params: dict[str, NDArray[np.number]], lam: float) -> float:
    """Return lam / 2 times the sum of the squares of all weights; a name that begins with W means weights.

    Raises ValueError: lam is not 0 or more and finite.
    """
    check_lam(lam)
    squares = [np.square(p, dtype=np.float64).sum() for name, p in params.items() if name.startswith("W")]
    return float(0.5 * lam * sum(squares))


def add_weight_decay(
    grads: dict[str, NDArray[np.number]], params: dict[str, NDArray[np.number]], lam: float
) -> dict[str, NDArray[np.floating]]:
    """Return the gradients with lam * W added to those of weights, which is the gradient of l2_penalty.

    Raises ValueError: the names differ, a gradient has another shape, or lam is not 0 or more and finite.
    """
    check_lam(lam)
    if grads.keys() != params.keys():
        raise ValueError(f"without a partner: {sorted(grads.keys() ^ params.keys())}")
    new = {}
    for name, p in params.items():
        g = grads[name]
        if g.shape != p.shape:
            raise ValueError(f"{name}: gradient of shape {g.shape} for a parameter of shape {p.shape}")
        decay = lam * p if name.startswith("W") else np.zeros(p.shape)
        new[name] = np.asarray(g + decay, dtype=floating(g))
    return new


def max_norm(W: NDArray[np.number], max_value: float) -> NDArray[np.floating]:
    """Return W with every column that is longer than max_value shortened to it.

    The factor max_value / max(length, max_value) is 1 for the other columns, those of zeros among them.
    Raises ValueError: max_value is not above 0 and finite.
    """
    if not (max_value > 0 and math.isfinite(max_value)):
        raise ValueError(f"max_value = {max_value}; the limit must be above 0 and finite")
    lengths = np.sqrt(np.square(W, dtype=floating(W)).sum(axis=0, keepdims=True))
    factors = max_value / np.maximum(lengths, max_value)
    return np.asarray(W * factors, dtype=floating(W))


def check_lam(lam: float) -> None:
    """Refuse what is no strength of a penalty."""
    if not (lam >= 0 and math.isfinite(lam)):
        raise ValueError(f"lam = {lam}; the strength must be 0 or more and finite")


def floating(x: NDArray[np.number]) -> DTypeLike:
    """Return the dtype of a result made from x: its own, or float64 for whole numbers."""
    return x.dtype if np.issubdtype(x.dtype, np.floating) else np.float64
