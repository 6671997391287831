"""Each label compared with each class by broadcasting; the way back by nonzero."""

import numpy as np


def one_hot(labels, num_classes):
    t = np.array(labels)
    if t.ndim != 1 or not np.issubdtype(t.dtype, np.integer):
        raise ValueError("labels")
    if num_classes <= 0 or any((t < 0).tolist()) or any((t > num_classes - 1).tolist()):
        raise ValueError("range")
    return (t[:, None] == np.arange(num_classes)[None, :]).astype(np.float64)


def from_one_hot(T):
    if len(np.shape(T)) != 2:
        raise ValueError("two axes")
    for row in T.tolist():
        if sorted(row) != [0] * (len(row) - 1) + [1]:
            raise ValueError(f"{row}")
    return np.nonzero(T)[1].astype(np.int64)
