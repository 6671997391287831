"""Hidden checks of `conv2d`."""

import itertools

import numpy as np
import pytest
from conv2d import conv2d, im2col
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_fast, assert_inputs_unchanged, reference

COUNTING = np.arange(16.0).reshape(1, 1, 4, 4)
KERNEL = np.array([[[[1.0, 0.0, 2.0], [0.0, 1.0, 0.0], [0.0, 0.0, -1.0]]]])

Array = NDArray[np.float64]


def windows(x: Array, kh: int, kw: int, stride: int, pad: int) -> Array:
    """Every window, (N, OH, OW, C, kh, kw), cut out one by one."""
    n, c, h, w = x.shape
    padded = np.zeros((n, c, h + 2 * pad, w + 2 * pad), x.dtype)
    padded[:, :, pad : pad + h, pad : pad + w] = x
    tops = range(0, h + 2 * pad - kh + 1, stride)
    lefts = range(0, w + 2 * pad - kw + 1, stride)
    out = np.empty((n, len(tops), len(lefts), c, kh, kw), x.dtype)
    for (i, top), (j, left) in itertools.product(enumerate(tops), enumerate(lefts)):
        out[:, i, j] = padded[:, :, top : top + kh, left : left + kw]
    return out


def by_hand(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Array:
    """The definition: each filter times each window, summed over its channels, rows and columns."""
    sums = np.einsum("nijckl,fckl->nfij", windows(x, w.shape[2], w.shape[3], stride, pad), w)
    return np.asarray(sums + b[:, np.newaxis, np.newaxis])


def test_hand_example() -> None:
    """A 4 x 4 image and a 3 x 3 filter: [[-1, 2], [11, 14]]."""
    assert_close(conv2d(COUNTING, KERNEL, np.zeros(1)), [[[[-1.0, 2.0], [11.0, 14.0]]]])


def test_kernel_not_flipped() -> None:
    """A filter with a single 1 at its top left picks the pixel at the top left of each window."""
    x = np.array([[[[3.0, 1.0, 4.0], [1.0, 5.0, 9.0], [2.0, 6.0, 5.0]]]])
    w = np.array([[[[1.0, 0.0], [0.0, 0.0]]]])
    assert_close(conv2d(x, w, np.zeros(1)), [[[[3.0, 1.0], [1.0, 5.0]]]])


def test_rectangles_and_channels() -> None:
    """Images of 7 x 6 with three channels, four filters of 3 x 2, each with a bias of its own."""
    rng = np.random.default_rng(11)
    x, w, b = rng.normal(size=(2, 3, 7, 6)), rng.normal(size=(4, 3, 3, 2)), np.array([10.0, 20.0, 30.0, 40.0])
    assert_close(conv2d(x, w, b), by_hand(x, w, b), atol=1e-12)


def test_stride_and_padding() -> None:
    """A stride of 2 and zeros on all four sides, also where the last step does not fit."""
    ones = np.ones((1, 1, 2, 2))
    assert_close(conv2d(ones, np.ones((1, 1, 2, 2)), np.zeros(1), pad=1), [[[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]])
    assert_close(conv2d(COUNTING, np.ones((1, 1, 1, 1)), np.zeros(1), stride=2), COUNTING[:, :, ::2, ::2])
    rng = np.random.default_rng(12)
    x, w, b = rng.normal(size=(2, 2, 7, 8)), rng.normal(size=(3, 2, 3, 4)), rng.normal(size=3)
    for stride, pad in ((2, 1), (3, 2), (2, 0), (1, 1)):
        assert_close(
            conv2d(x, w, b, stride, pad), by_hand(x, w, b, stride, pad), atol=1e-12, law=f"stride {stride}, pad {pad}"
        )


def test_im2col_layout() -> None:
    """im2col has a row per window in the order n, oh, ow, and its columns run over c, kh, kw."""
    x = np.arange(48.0).reshape(2, 2, 3, 4)
    col = assert_array(im2col(x, 2, 3), shape=(8, 12))
    first = [0, 1, 2, 4, 5, 6, 12, 13, 14, 16, 17, 18]
    assert_close(col[0], first, law="the first row is the first window: channel by channel, row by row")
    assert_close(col[1], np.add(first, 1), law="the second row is the window one step to the right")
    assert_close(col, windows(x, 2, 3, 1, 0).reshape(8, 12))
    assert_close(im2col(x, 3, 2, stride=2, pad=1), windows(x, 3, 2, 2, 1).reshape(12, 12), law="stride 2, pad 1")


def test_one_by_one_kernel() -> None:
    """A 1 x 1 filter mixes the channels of each pixel; no images, (0, C, H, W), give (0, F, OH, OW)."""
    rng = np.random.default_rng(13)
    x, w, b = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3, 1, 1)), rng.normal(size=6)
    mixed = np.einsum("nchw,fc->nfhw", x, w[:, :, 0, 0]) + b[:, np.newaxis, np.newaxis]
    assert_close(conv2d(x, w, b), mixed, atol=1e-12, law="each pixel is mixed on its own")
    assert_array(conv2d(np.empty((0, 3, 4, 5)), np.ones((6, 3, 2, 2)), b), shape=(0, 6, 3, 4))


def test_dtypes() -> None:
    """float32 stays so, also beside uint8, not beside float64; whole numbers alone give float64 and don't overflow."""
    single = [a.astype(np.float32) for a in (COUNTING, KERNEL, np.array([0.5]))]
    result = assert_array(conv2d(single[0], single[1], single[2]), shape=(1, 1, 2, 2), dtype=np.float32)
    assert_close(result, [[[[-0.5, 2.5], [11.5, 14.5]]]], rtol=1e-5)
    for k in range(3):
        mixed = [a.astype(np.float64 if k == i else np.float32) for i, a in enumerate(single)]
        assert_array(conv2d(mixed[0], mixed[1], mixed[2]), shape=(1, 1, 2, 2), dtype=np.float64)
    x, w, b = np.full((1, 1, 2, 2), 200, np.uint8), np.ones((1, 1, 2, 2), np.uint8), np.zeros(1, np.uint8)
    assert_close(assert_array(conv2d(x, w, b), shape=(1, 1, 1, 1), dtype=np.float64), [[[[800.0]]]])
    assert_array(im2col(x, 2, 2), shape=(1, 4), dtype=np.uint8)
    assert_array(im2col(single[0], 2, 2), shape=(9, 4), dtype=np.float32)
    pixels = assert_array(conv2d(x, single[1][:, :, :2, :2], single[2]), shape=(1, 1, 1, 1), dtype=np.float32)
    assert_close(pixels, [[[[400.5]]]], rtol=1e-5, law="pixels of uint8 and filters of float32")


def test_bad_arguments_and_inputs() -> None:
    """Wrong channels, axes or bias, filters that don't fit, stride 0, pad -1: ValueError; arrays stay as they were."""
    x, w, b = np.ones((2, 3, 5, 6)), np.ones((4, 3, 3, 3)), np.ones(4)
    for bad_x, bad_w in (
        (x[:, :1], w),
        (x, w[:, :1]),
        (x[0], w),
        (x, w[0]),
        (x, np.ones((4, 3, 6, 3))),
        (b, w),
        (x, b),
    ):
        with pytest.raises(ValueError):
            conv2d(bad_x, bad_w, b)
    for bad_b in (np.ones(1), np.ones((4, 1)), np.array(1.0), np.ones(5)):
        with pytest.raises(ValueError):
            conv2d(x, w, bad_b)
    for stride, pad in ((0, 0), (-1, 0), (1, -1)):
        with pytest.raises(ValueError):
            conv2d(x, w, b, stride, pad)
        with pytest.raises(ValueError):
            im2col(x, 3, 3, stride, pad)
    for kernel_h, kernel_w, pad in ((6, 3, 0), (3, 7, 0), (0, 3, 0), (3, 0, 0), (8, 3, 1), (3, 9, 1)):
        with pytest.raises(ValueError):
            im2col(x, kernel_h, kernel_w, 1, pad)
    assert_inputs_unchanged(conv2d, x, w, b, 2, 1)
    assert_inputs_unchanged(conv2d, x, w, b)
    assert_inputs_unchanged(im2col, x, 3, 3)


def test_vectorised() -> None:
    """32 images of 28 x 28 with 8 filters of 5 x 5 take at most 10 times as long as with one matrix product."""
    rng = np.random.default_rng(14)
    x, w, b = rng.normal(size=(32, 1, 28, 28)), rng.normal(size=(8, 1, 5, 5)), rng.normal(size=8)
    # Vectorised solutions take 0.2 to 2 times as long as the reference, loops over the positions 150 times.
    assert_fast(conv2d, reference("conv2d").conv2d, x, w, b, budget=10)
