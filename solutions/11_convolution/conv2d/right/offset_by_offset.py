"""No matrix of windows in conv2d: a shifted image per place in the kernel, added up; im2col by index arrays."""

import numpy as np


def _sizes(x, kernel_h, kernel_w, stride, pad):
    if len(x.shape) != 4 or stride <= 0 or pad < 0 or kernel_h <= 0 or kernel_w <= 0:
        raise ValueError("arguments")
    tops = np.arange(0, x.shape[2] + 2 * pad - kernel_h + 1, stride)
    lefts = np.arange(0, x.shape[3] + 2 * pad - kernel_w + 1, stride)
    if not len(tops) or not len(lefts):
        raise ValueError("the kernel is too large")
    return tops, lefts


def im2col(x, kernel_h, kernel_w, stride=1, pad=0):
    tops, lefts = _sizes(x, kernel_h, kernel_w, stride, pad)
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], mode="constant")
    n, top, left, c, k, el = np.ix_(
        range(len(x)), tops, lefts, range(x.shape[1]), range(kernel_h), range(kernel_w)
    )
    cut = padded[n, c, top + k, left + el]
    return cut.reshape(len(x) * len(tops) * len(lefts), x.shape[1] * kernel_h * kernel_w)


def conv2d(x, w, b, stride=1, pad=0):
    if len(w.shape) != 4 or len(x.shape) != 4:
        raise ValueError("four axes")
    if x.shape[1] != w.shape[1]:
        raise ValueError("channels")
    if b.shape != (w.shape[0],):
        raise ValueError("bias")
    tops, lefts = _sizes(x, w.shape[2], w.shape[3], stride, pad)
    dtype = np.result_type(x, w, b)
    dtype = dtype if np.issubdtype(dtype, np.floating) else np.dtype(np.float64)
    padded = np.pad(x.astype(dtype), [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    out = np.zeros((len(x), len(w), len(tops), len(lefts)), dtype) + b.astype(dtype).reshape(1, -1, 1, 1)
    for (k, el) in np.ndindex(w.shape[2:]):
        shifted = padded[:, :, tops[0] + k : tops[-1] + k + 1 : stride, lefts[0] + el : lefts[-1] + el + 1 : stride]
        out += np.moveaxis(np.tensordot(w[:, :, k, el].astype(dtype), shifted, axes=(1, 1)), 0, 1)
    return out
