"""Dropout: the reference."""

import numpy as np
from numpy.typing import DTypeLike, NDArray


def dropout_forward(
    x: NDArray[np.number], rate: float, rng: np.random.Generator, training: bool = True
) -> tuple[NDArray[np.floating], NDArray[np.bool_]]:
    """Return mask * x / (1 - rate) and the mask, True where a unit was kept; x and all True in inference.

    Each unit is kept with the probability 1 - rate, by a draw of its own.
    Raises ValueError: not 0 <= rate < 1.
    """
    check_rate(rate)
    if not training:
        return np.array(x, dtype=floating(x)), np.ones(x.shape, dtype=np.bool_)
    mask = rng.random(x.shape) >= rate
    return np.asarray(np.where(mask, x / (1 - rate), 0), dtype=floating(x)), mask


def dropout_backward(dout: NDArray[np.number], mask: NDArray[np.bool_], rate: float) -> NDArray[np.floating]:
    """Return mask * dout / (1 - rate): forward is linear, so backward has the same factors.

    Raises ValueError: not 0 <= rate < 1, or dout and mask have different shapes.
    """
    check_rate(rate)
    if dout.shape != mask.shape:
        raise ValueError(f"dout of shape {dout.shape} for a mask of shape {mask.shape}")
    return np.asarray(np.where(mask, dout / (1 - rate), 0), dtype=floating(dout))


def check_rate(rate: float) -> None:
    """Refuse what is no part of the units that could be dropped."""
    if not 0 <= rate < 1:
        raise ValueError(f"rate = {rate}; the part that is dropped must be at least 0 and below 1")


def floating(x: NDArray[np.number]) -> DTypeLike:
    """Return the dtype of a result made from x: its own, or float64 for whole numbers."""
    return x.dtype if np.issubdtype(x.dtype, np.floating) else np.float64
