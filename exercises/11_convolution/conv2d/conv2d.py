"""Convolution as one matrix product. Task: README.md in this folder. Run `grade run conv2d`."""

import numpy as np
from numpy.typing import NDArray


def im2col(x: NDArray[np.generic], kernel_h: int, kernel_w: int, stride: int = 1, pad: int = 0) -> NDArray[np.generic]:
    """Write every window of the images as a row of one matrix.

    x: images (N, C, H, W), of any numeric dtype. kernel_h, kernel_w: the size of a window, each 1 or more.
    stride: the step from one window to the next, 1 or more. pad: rows and columns of zeros on each of the
    four sides, 0 or more.
    Returns a new array (N * OH * OW, C * kernel_h * kernel_w) in the dtype of x, with
    OH = (H + 2 * pad - kernel_h) // stride + 1, and OW likewise from W and kernel_w.
    Rows in the order n, oh, ow; columns in the order c, kh, kw. x is not changed.
    Raises ValueError: x has not four axes, a window is smaller than 1 x 1 or larger than the padded image,
    stride is below 1, pad is below 0.
    """
    raise NotImplementedError


def conv2d(
    x: NDArray[np.generic], w: NDArray[np.generic], b: NDArray[np.generic], stride: int = 1, pad: int = 0
) -> NDArray[np.floating]:
    """Slide every filter over every image, without flipping it (cross-correlation), and add its bias.

    x: images (N, C, H, W). w: filters (F, C, KH, KW). b: one bias per filter, (F,).
    stride, pad: as in im2col.
    Returns a new array (N, F, OH, OW). Its dtype is the common one of x, w and b, so float32 stays float32;
    where that would be whole numbers, float64. x, w and b are not changed. No images, (0, C, H, W), give
    (0, F, OH, OW).
    Raises ValueError: x or w has not four axes, their channels differ, b is not exactly (F,); and as in im2col.
    """
    raise NotImplementedError
