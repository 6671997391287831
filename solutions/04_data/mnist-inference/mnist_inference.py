"""Recognise digits with trained weights: the reference."""

import numpy as np
from numpy.typing import NDArray

WEIGHTS = ("W1", "b1", "W2", "b2", "W3", "b3")


def predict_proba(network: dict[str, NDArray[np.float32]], x: NDArray[np.float32]) -> NDArray[np.floating]:
    """softmax(sigmoid(sigmoid(x W1 + b1) W2 + b2) W3 + b3): (10,) for one image (784,), (N, 10) for a batch.

    Raises ValueError for a missing weight, another width, or a pixel that is below 0, above 1 or NaN.
    """
    missing = [name for name in WEIGHTS if name not in network]
    if missing:
        raise ValueError(f"network lacks {', '.join(missing)}")
    if x.ndim not in (1, 2) or x.shape[-1] != network["W1"].shape[0]:
        raise ValueError(f"x of shape {x.shape}; expected {network['W1'].shape[0]} pixels per image")
    if not ((x >= 0) & (x <= 1)).all():
        raise ValueError("a pixel is below 0, above 1 or NaN; scale the images to 0..1 first")
    hidden = _sigmoid(x @ network["W1"] + network["b1"])
    hidden = _sigmoid(hidden @ network["W2"] + network["b2"])
    return _softmax(hidden @ network["W3"] + network["b3"])


def predict_in_batches(
    network: dict[str, NDArray[np.float32]], X: NDArray[np.float32], batch_size: int = 100
) -> NDArray[np.int64]:
    """The digit with the largest probability for each row of X (N, 784), batch by batch: labels (N,).

    Raises ValueError as predict_proba does, and if batch_size is below 1.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size = {batch_size}; use 1 or more")
    starts = range(0, max(len(X), 1), batch_size)  # at least one batch, so that no images give no labels
    labels = [predict_proba(network, X[i : i + batch_size]).argmax(axis=1) for i in starts]
    return np.concatenate(labels).astype(np.int64)


def _sigmoid(x: NDArray[np.floating]) -> NDArray[np.floating]:
    """1 / (1 + e^-x), written so that the exponential is never above 1."""
    e = np.exp(-np.abs(x))
    activations: NDArray[np.floating] = np.where(x >= 0, 1 / (1 + e), e / (1 + e))
    return activations


def _softmax(x: NDArray[np.floating]) -> NDArray[np.floating]:
    """e^x over its sum along the last axis, shifted by the largest score against overflow."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    probabilities: NDArray[np.floating] = e / e.sum(axis=-1, keepdims=True)
    return probabilities
