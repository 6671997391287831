"""Convolution as one matrix product: the reference."""

import numpy as np
from numpy.typing import NDArray


def im2col(x: NDArray[np.generic], kernel_h: int, kernel_w: int, stride: int = 1, pad: int = 0) -> NDArray[np.generic]:
    """Return every window as a row, (N * OH * OW, C * kernel_h * kernel_w), in the dtype of x.

    Rows in the order n, oh, ow; columns in the order c, kh, kw; zeros around the images.
    Raises ValueError: x is not (N, C, H, W), the window does not fit, stride is below 1 or pad below 0.
    """
    x = np.asarray(x)
    if x.ndim != 4:
        raise ValueError(f"x of shape {x.shape}; expected (N, C, H, W)")
    if stride < 1 or pad < 0:
        raise ValueError(f"stride = {stride}, pad = {pad}; use at least 1 and 0")
    N, C, H, W = x.shape
    if not (1 <= kernel_h <= H + 2 * pad and 1 <= kernel_w <= W + 2 * pad):
        raise ValueError(f"a window of {kernel_h} x {kernel_w} does not fit into {H} x {W} with pad = {pad}")
    OH = (H + 2 * pad - kernel_h) // stride + 1
    OW = (W + 2 * pad - kernel_w) // stride + 1
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    col = np.empty((N, C, kernel_h, kernel_w, OH, OW), x.dtype)
    for i in range(kernel_h):
        for j in range(kernel_w):
            col[:, :, i, j] = padded[:, :, i : i + stride * OH : stride, j : j + stride * OW : stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * OH * OW, C * kernel_h * kernel_w)


def conv2d(
    x: NDArray[np.generic], w: NDArray[np.generic], b: NDArray[np.generic], stride: int = 1, pad: int = 0
) -> NDArray[np.floating]:
    """Return the cross-correlation of x (N, C, H, W) with w (F, C, KH, KW), plus b (F,), as (N, F, OH, OW).

    Formula: out[n, f, i, j] = b[f] + sum over c, k, l of x[n, c, i * stride + k, j * stride + l] * w[f, c, k, l].
    Raises ValueError: shapes that don't fit, b is not exactly (F,), or as im2col.
    """
    x, w, b = np.asarray(x), np.asarray(w), np.asarray(b)
    if x.ndim != 4 or w.ndim != 4 or x.shape[1] != w.shape[1]:
        raise ValueError(f"x of shape {x.shape} and w of shape {w.shape}; expected (N, C, H, W) and (F, C, KH, KW)")
    if b.shape != w.shape[:1]:
        raise ValueError(f"b of shape {b.shape}; expected one bias per filter, {w.shape[:1]}")
    N, _, H, W = x.shape
    F, C, KH, KW = w.shape
    common = np.result_type(x, w, b)
    dtype = common if np.issubdtype(common, np.floating) else np.float64
    col = im2col(x, KH, KW, stride, pad).astype(dtype)
    filters = w.reshape(F, C * KH * KW).T.astype(dtype)
    sums = col @ filters + b.astype(dtype)
    OH = (H + 2 * pad - KH) // stride + 1
    OW = (W + 2 * pad - KW) // stride + 1
    return np.asarray(sums.reshape(N, OH, OW, F).transpose(0, 3, 1, 2))
