"""The gradients of a whole network: the reference."""

import numpy as np
from numpy.typing import NDArray


def loss_and_gradients(
    params: dict[str, NDArray[np.float64]], x: NDArray[np.float64], t: NDArray[np.integer]
) -> tuple[float, dict[str, NDArray[np.float64]]]:
    """Return the mean cross-entropy of a network affine, sigmoid, affine, softmax, and its gradients.

    Formula: dL/dscores = (softmax(scores) - one_hot(t)) / N, then the chain rule back to W1.
    Raises ValueError: a parameter is missing, shapes don't chain, a class doesn't exist, or there are no samples.
    """
    missing = [name for name in ("W1", "b1", "W2", "b2") if name not in params]
    if missing:
        raise ValueError(f"params has no {', '.join(missing)}")
    _check_shapes(params, x, t)
    n = len(x)

    h, log_y = _forward(params, x)
    loss = -float(log_y[np.arange(n), t].mean())

    dscores = np.exp(log_y)
    dscores[np.arange(n), t] -= 1
    dscores /= n
    dh = dscores @ params["W2"].T
    da = dh * h * (1 - h)
    grads = {"W1": x.T @ da, "b1": da.sum(axis=0), "W2": h.T @ dscores, "b2": dscores.sum(axis=0)}
    return loss, grads


def _forward(
    params: dict[str, NDArray[np.float64]], x: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The hidden activations (N, H) and the logarithms of the probabilities (N, K)."""
    a = x @ params["W1"] + params["b1"]
    small = np.exp(-np.abs(a))  # at most 1, so nothing overflows
    h = np.where(a >= 0, 1.0, small) / (1 + small)
    scores = h @ params["W2"] + params["b2"]
    scores = scores - scores.max(axis=1, keepdims=True)
    return h, scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


def _check_shapes(params: dict[str, NDArray[np.float64]], x: NDArray[np.float64], t: NDArray[np.integer]) -> None:
    if any(array.ndim != 2 for array in (x, params["W1"], params["W2"])):
        raise ValueError("x, W1 and W2 must have two axes")
    (n, d), (hidden, classes) = x.shape, params["W2"].shape
    for name, shape in {"W1": (d, hidden), "b1": (hidden,), "b2": (classes,)}.items():
        if params[name].shape != shape:
            raise ValueError(f"{name} has the shape {params[name].shape}; x and W2 ask for {shape}")
    if n == 0 or t.shape != (n,):
        raise ValueError(f"t has the shape {t.shape}, x {x.shape}; use one class per sample, and at least one sample")
    if not np.issubdtype(t.dtype, np.integer) or np.min(t) < 0 or np.max(t) >= classes:
        raise ValueError(f"t must hold integers from 0 to {classes - 1}")
