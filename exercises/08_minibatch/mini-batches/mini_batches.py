"""An epoch in mini-batches. Task: README.md in this folder. Run `grade run mini-batches`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def iterate_minibatches(
    X: NDArray[Any],
    t: NDArray[Any],
    batch_size: int,
    rng: np.random.Generator,
    *,
    shuffle: bool = True,
    drop_last: bool = False,
) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    """Cut one epoch into mini-batches: every sample exactly once, in random order.

    X: the samples along the first axis, (N, ...) with any further axes and any dtype. Not changed.
    t: their targets, (N,) or (N, ...), in the same order. Not changed.
    batch_size: samples per batch, an integer, at least 1; it may be larger than N.
    rng: where all randomness comes from: a generator in the same state gives the same order.
    shuffle: False keeps the order of the data.
    drop_last: True leaves out a last batch that is shorter than batch_size.
    Returns a list of tuples (rows of X, the same rows of t), with dtypes and further axes as they were.
    Raises ValueError: X and t differ in length, there are no samples, batch_size is below 1 or no integer.
    """
    raise NotImplementedError
