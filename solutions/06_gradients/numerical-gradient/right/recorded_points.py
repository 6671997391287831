"""First all points, then all values, then all differences at once."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    if not (h > 0 and h == h):
        raise ValueError("h must be above 0")
    x = np.array(x, np.float64)
    points = []
    for place in range(x.size):
        for sign in (1, -1):
            point = x.copy()
            point.flat[place] += sign * h
            points.append(point)
    values = []
    for point in points:
        value = f(point)
        if isinstance(value, np.ndarray) and value.ndim:
            raise ValueError("f must return a number")
        values.append(float(value))
    pairs = np.array(values).reshape(-1, 2)
    return ((pairs[:, 0] - pairs[:, 1]) / (2 * h)).reshape(x.shape)
