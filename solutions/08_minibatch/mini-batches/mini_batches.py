"""An epoch in mini-batches: the reference."""

from numbers import Integral
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
    """Return the batches of one epoch: every sample once, in an order drawn from rng.

    Raises ValueError: X and t differ in length, there are no samples, batch_size is below 1 or no integer.
    """
    n = len(X)
    if len(t) != n:
        raise ValueError(f"{n} samples and {len(t)} targets; use one target per sample")
    if n == 0:
        raise ValueError("no samples; use at least one")
    if not isinstance(batch_size, Integral) or batch_size < 1:
        raise ValueError(f"batch_size = {batch_size}; use an integer, at least 1")
    order = rng.permutation(n) if shuffle else np.arange(n)
    batches = []
    for start in range(0, n, batch_size):
        rows = order[start : start + batch_size]
        if drop_last and len(rows) < batch_size:
            break
        batches.append((X[rows], t[rows]))
    return batches
