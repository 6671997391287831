"""Step, ReLU and identity: the reference."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def step_function(x: ArrayLike) -> NDArray[np.int64]:
    """Return 1 where x > 0 and 0 elsewhere, int64 in the shape of x: H(0) = 0. ValueError if a number is NaN."""
    values = _floats(x)
    if np.isnan(values).any():
        raise ValueError("a NaN is neither above 0 nor below")
    return np.asarray(values > 0).astype(np.int64)


def relu(x: ArrayLike) -> NDArray[np.floating]:
    """Return max(0, x) for every number of x; float32 stays float32, every other input becomes float64."""
    positive: NDArray[np.floating] = np.maximum(_floats(x), 0)  # keeps NaN, unlike a comparison
    return positive


def identity(x: ArrayLike) -> NDArray[np.floating]:
    """Return x as a new array; float32 stays float32, every other input becomes float64."""
    return _floats(x).copy()


def _floats(x: ArrayLike) -> NDArray[np.floating]:
    """The numbers of x as float32 if they are, else as float64."""
    given = np.asarray(x)
    return given.astype(np.float32 if given.dtype == np.float32 else np.float64, copy=False)
