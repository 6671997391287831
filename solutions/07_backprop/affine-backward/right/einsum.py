"""Einstein sums, whose letters check the shapes as well."""

import numpy as np


def affine_backward(dout, x, W):
    shapes = [np.shape(a) for a in (dout, x, W)]
    if [len(s) for s in shapes] != [2, 2, 2]:
        raise ValueError("matrices, please")
    (n, m), (n2, d), (d2, m2) = shapes
    if (n, d, m) != (n2, d2, m2):
        raise ValueError(f"{n}, {d}, {m} against {n2}, {d2}, {m2}")
    return np.einsum("nm,dm->nd", dout, W), np.einsum("nd,nm->dm", x, dout), np.einsum("nm->m", dout)
