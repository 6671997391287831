"""Max pooling and its gradient: the reference."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray


def _windows(x: NDArray[np.generic], size: int, stride: int | None) -> tuple[NDArray[np.generic], int]:
    """Return the candidates of every window, (N, C, OH, OW, size * size), and the stride that is meant."""
    step = size if stride is None else stride
    if x.ndim != 4:
        raise ValueError(f"x of shape {x.shape}; expected (N, C, H, W)")
    if size < 1 or step < 1:
        raise ValueError(f"size = {size}, stride = {stride}; use at least 1")
    if size > min(x.shape[2:]):
        raise ValueError(f"a window of {size} x {size} does not fit into {x.shape[2]} x {x.shape[3]}")
    windows = sliding_window_view(x, (size, size), axis=(2, 3))[:, :, ::step, ::step]
    return windows.reshape(*windows.shape[:4], size * size), step


def max_pool2d(x: NDArray[np.generic], size: int, stride: int | None = None) -> NDArray[np.generic]:
    """Return the largest value of each window, (N, C, OH, OW), in the dtype of x; stride None means size.

    Raises ValueError: x is not (N, C, H, W), size or stride is below 1, the window is larger than the image.
    """
    candidates, _ = _windows(np.asarray(x), size, stride)
    return np.asarray(candidates.max(axis=-1))


def max_pool2d_backward(
    dout: NDArray[np.generic], x: NDArray[np.generic], size: int, stride: int | None = None
) -> NDArray[np.floating]:
    """Return the gradient with respect to x: each window's gradient goes to its first largest value, and adds up.

    Raises ValueError: as max_pool2d, or dout has not the shape of its result.
    """
    dout, x = np.asarray(dout), np.asarray(x)
    candidates, step = _windows(x, size, stride)
    if dout.shape != candidates.shape[:4]:
        raise ValueError(f"dout of shape {dout.shape}; expected that of the output, {candidates.shape[:4]}")
    dx = np.zeros(x.shape, dout.dtype if np.issubdtype(dout.dtype, np.floating) else np.float64)
    winner = candidates.argmax(axis=-1)
    n, c, i, j = np.indices(dout.shape)
    np.add.at(dx, (n, c, i * step + winner // size, j * step + winner % size), dout)
    return dx
