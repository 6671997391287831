"""An affine layer. Task: README.md in this folder. Run `grade run affine-forward`."""

import numpy as np
from numpy.typing import NDArray


def affine(x: NDArray[np.floating], W: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.floating]:
    """The weighted sums of a whole layer, bias added: x W + b.

    x: one sample (D,) or a batch of them (N, D), rows are samples; W: weights (D, M), one column per unit;
    b: biases (M,), one per unit.
    Returns a new array: (M,) for one sample, (N, M) for a batch; (0, D) gives (0, M).
    Its dtype is np.result_type(x, W, b): float32 where all three are float32.
    x, W and b are not changed.
    Raises ValueError: x has neither one axis nor two, x and W do not fit, or b is not exactly (M,), also where
    NumPy would broadcast it.
    """
    raise NotImplementedError
