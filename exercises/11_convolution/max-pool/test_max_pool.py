"""Hidden checks of `max-pool`."""

import numpy as np
import pytest
from max_pool import max_pool2d, max_pool2d_backward
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_inputs_unchanged, reference

COUNTING = np.arange(16.0).reshape(1, 1, 4, 4)

Array = NDArray[np.float64]


def by_hand(x: Array, size: int, stride: int) -> Array:
    """The largest value of each window, one window after the other."""
    tops, lefts = range(0, x.shape[2] - size + 1, stride), range(0, x.shape[3] - size + 1, stride)
    rows = [[x[:, :, top : top + size, left : left + size].max(axis=(2, 3)) for left in lefts] for top in tops]
    return np.array(rows).transpose(2, 3, 0, 1)


def shuffled(shape: tuple[int, ...], seed: int) -> Array:
    """Whole numbers in random order, no two of them equal."""
    return np.random.default_rng(seed).permutation(int(np.prod(shape))).reshape(shape).astype(np.float64)


def numerical(dout: Array, x: Array, size: int, stride: int) -> Array:
    """The gradient of sum(dout * pooled) by central differences; exact, as no step changes a winner."""
    pool = reference("max-pool").max_pool2d
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = 0.25
        change = pool(x + step, size, stride) - pool(x - step, size, stride)
        gradient[place] = (dout * change).sum() / 0.5
    return gradient


def test_hand_example() -> None:
    """A 4 x 4 image that counts from 0 to 15, in windows of 2 x 2: [[5, 7], [13, 15]]."""
    assert_close(max_pool2d(COUNTING, 2), [[[[5.0, 7.0], [13.0, 15.0]]]])
    x = np.array([[[[1.0, 3.0, 2.0, 0.0], [4.0, 2.0, 1.0, 5.0], [0.0, 1.0, 7.0, 2.0], [2.0, 2.0, 3.0, 6.0]]]])
    assert_close(max_pool2d(x, 2), [[[[4.0, 5.0], [2.0, 7.0]]]])


def test_channels_and_rectangles() -> None:
    """Two images of 6 x 7 with three channels: each channel on its own, the last column dropped; also no images."""
    x = shuffled((2, 3, 6, 7), 21)
    assert_close(max_pool2d(x, 2), by_hand(x, 2, 2))
    assert_array(max_pool2d(np.empty((0, 3, 6, 7)), 2), shape=(0, 3, 3, 3))


def test_overlapping_windows() -> None:
    """Windows of 3 with a stride of 1 overlap, windows of 2 with a stride of 3 leave gaps."""
    x = shuffled((2, 2, 7, 8), 22)
    for size, stride in ((3, 1), (2, 3), (3, 2), (1, 2)):
        assert_close(max_pool2d(x, size, stride), by_hand(x, size, stride), law=f"size {size}, stride {stride}")


def test_negative_values() -> None:
    """Of an image below 0 everywhere, the largest values are below 0, too."""
    assert_close(max_pool2d(COUNTING - 20, 2), [[[[-15.0, -13.0], [-7.0, -5.0]]]])


def test_nan_shows() -> None:
    """A NaN shows in its own window, wherever it stands there, and in no other."""
    for place in ((0, 0), (1, 1)):
        x = COUNTING.copy()
        x[0, 0][place] = np.nan
        assert_close(max_pool2d(x, 2), [[[[np.nan, 7.0], [13.0, 15.0]]]])


def test_backward_routes_to_maximum() -> None:
    """Only the largest value of a window gets its gradient; where windows overlap, gradients add up."""
    x = np.array([[[[1.0, 2.0, 3.0], [4.0, 9.0, 5.0], [6.0, 7.0, 8.0]]]])
    dout = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    expected = [[[[0.0, 0.0, 0.0], [0.0, 10.0, 0.0], [0.0, 0.0, 0.0]]]]
    assert_close(max_pool2d_backward(dout, x, 2, 1), expected, law="the 9 wins in all four windows")
    for size, stride in ((2, 2), (3, 2), (2, 3)):
        x = shuffled((2, 2, 6, 7), 23)
        dout = np.random.default_rng(24).normal(size=by_hand(x, size, stride).shape)
        came = max_pool2d_backward(dout, x, size) if stride == size else max_pool2d_backward(dout, x, size, stride)
        wanted = numerical(dout, x, size, stride)
        assert_close(came, wanted, atol=1e-12, law=f"size {size}, stride {stride}: the gradient by central differences")


def test_ties_go_to_first() -> None:
    """Of equal values the first gets the gradient, row by row: in a constant image the top left of each window."""
    dout = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    expected = np.zeros((1, 1, 4, 4))
    expected[:, :, ::2, ::2] = dout
    assert_close(max_pool2d_backward(dout, np.zeros((1, 1, 4, 4)), 2), expected)
    x = np.array([[[[1.0, 5.0], [5.0, 2.0]]]])
    assert_close(max_pool2d_backward(np.array([[[[3.0]]]]), x, 2), [[[[0.0, 3.0], [0.0, 0.0]]]])


def test_dtypes() -> None:
    """Pooling keeps the dtype of x; the gradient has that of dout, also for pixels that are whole numbers."""
    x = COUNTING.astype(np.uint8)
    assert_close(assert_array(max_pool2d(x, 2), shape=(1, 1, 2, 2), dtype=np.uint8), [[[[5, 7], [13, 15]]]])
    assert_array(max_pool2d(COUNTING.astype(np.float32), 2), shape=(1, 1, 2, 2), dtype=np.float32)
    expected = np.zeros((1, 1, 4, 4))
    expected[:, :, 1::2, 1::2] = 0.5
    half = np.full((1, 1, 2, 2), 0.5, np.float32)
    assert_close(assert_array(max_pool2d_backward(half, x, 2), dtype=np.float32), expected)
    single = max_pool2d_backward(half, COUNTING, 2)
    assert_close(assert_array(single, dtype=np.float32), expected, law="a float32 dout gives float32, whatever x is")
    whole = max_pool2d_backward(np.ones((1, 1, 2, 2), np.int64), COUNTING, 2)
    assert_close(assert_array(whole, dtype=np.float64), 2 * expected)


def test_bad_arguments_and_inputs() -> None:
    """Size or stride 0, windows too large, other axes or another dout: ValueError; arrays stay as they were."""
    x, dout = shuffled((2, 3, 6, 7), 25), np.ones((2, 3, 3, 3))
    for size, stride in ((0, None), (-1, None), (2, 0), (2, -1), (7, None), (8, 1)):
        with pytest.raises(ValueError):
            max_pool2d(x, size, stride)
        with pytest.raises(ValueError):
            max_pool2d_backward(dout, x, size, stride)
    with pytest.raises(ValueError):
        max_pool2d(x.swapaxes(2, 3), 7)
    with pytest.raises(ValueError):
        max_pool2d(x[0], 2)
    for bad in (np.ones((2, 3, 1, 1)), np.ones((1, 3, 3, 3)), np.ones((3, 3)), np.ones((2, 3, 3, 4)), np.array(1.0)):
        with pytest.raises(ValueError):
            max_pool2d_backward(bad, x, 2)
    assert_inputs_unchanged(max_pool2d, x, 2)
    assert_inputs_unchanged(max_pool2d_backward, dout, x, 2)
