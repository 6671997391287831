"""Max pooling and its gradient. Task: README.md in this folder. Run `grade run max-pool`."""

import numpy as np
from numpy.typing import NDArray


def max_pool2d(x: NDArray[np.generic], size: int, stride: int | None = None) -> NDArray[np.generic]:
    """Keep the largest value of each window.

    x: images (N, C, H, W), of any real dtype. size: the side of the square window, 1 or more.
    stride: the step from one window to the next, 1 or more; None means size.
    Returns a new array (N, C, OH, OW) in the dtype of x, with OH = (H - size) // stride + 1 and OW likewise;
    rows and columns that no window reaches are dropped. A window with a NaN gives NaN. x is not changed.
    Raises ValueError: x has not four axes, size or stride is below 1, the window is larger than the image.
    """
    raise NotImplementedError


def max_pool2d_backward(
    dout: NDArray[np.generic], x: NDArray[np.generic], size: int, stride: int | None = None
) -> NDArray[np.floating]:
    """Send the gradient of each output back to the place that its value came from.

    dout: the gradient of the loss with respect to max_pool2d(x, size, stride), in exactly its shape.
    x, size, stride: what max_pool2d was called with.
    Returns the gradient with respect to x, in the shape of x and the dtype of dout (float64 where that is
    whole numbers). Where several values of a window are the largest, the first of them, row by row, gets all.
    A place that wins in several windows gets the sum. dout and x are not changed.
    Raises ValueError: as max_pool2d, or dout has another shape than its result.
    """
    raise NotImplementedError
