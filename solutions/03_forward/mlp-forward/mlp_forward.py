"""Multilayer forward pass: the reference."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def mlp_forward(
    x: NDArray[np.floating],
    weights: Sequence[NDArray[np.floating]],
    biases: Sequence[NDArray[np.floating]],
    hidden: str = "relu",
    task: str = "multiclass",
) -> NDArray[np.float64]:
    """Return the outputs, float64: (K,) for one sample (D,), (N, K) for a batch (N, D).

    Formula: h <- f(h W + b) layer by layer from h = x, with f the activation `hidden`, and in the last layer the
    one that belongs to `task`.
    Raises ValueError: unknown names, no layers, a weight or bias too few, shapes that do not chain, x not finite.
    """
    if hidden not in HIDDEN or task not in OUTPUT:
        raise ValueError(f"hidden = {hidden!r}, task = {task!r}; use one of {[*HIDDEN]} and one of {[*OUTPUT]}")
    if len(weights) != len(biases) or len(weights) == 0:
        raise ValueError(f"{len(weights)} weights and {len(biases)} biases; use one of each per layer")
    h = np.asarray(x, dtype=np.float64)
    if h.ndim not in (1, 2) or not np.isfinite(h).all():
        raise ValueError(f"x of shape {h.shape}; use finite numbers, (D,) or (N, D)")
    width = h.shape[-1]
    for W, b in zip(weights, biases, strict=True):
        if W.ndim != 2 or W.shape[0] != width:
            raise ValueError(f"weights of shape {W.shape} after {width} values; use ({width}, units)")
        width = W.shape[1]
        if b.shape != (width,):
            raise ValueError(f"bias of shape {b.shape} for {width} units; use ({width},)")
    last = len(weights) - 1
    for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = h @ W.astype(np.float64) + b.astype(np.float64)
        h = OUTPUT[task](z) if i == last else HIDDEN[hidden](z)
    return h


def _identity(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return z


def _relu(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(z, 0.0)


def _sigmoid(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 + e^-z), written so that the exponential is never above 1."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def _softmax(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """e^z over its sum along the last axis, shifted by the largest score against overflow."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    probabilities: NDArray[np.float64] = e / e.sum(axis=-1, keepdims=True)
    return probabilities


HIDDEN = {"relu": _relu, "sigmoid": _sigmoid}
OUTPUT = {"regression": _identity, "binary": _sigmoid, "multiclass": _softmax}
