"""A plain loop over pairs of elements, with math.fsum."""

import math


def differences(y, t):
    if y.shape != t.shape:
        raise ValueError("shapes differ")
    pairs = list(zip(y.ravel().tolist(), t.ravel().tolist(), strict=True))
    if not pairs:
        raise ValueError("nothing there")
    return [float(a) - float(b) for a, b in pairs]


def mean_squared_error(y, t):
    d = differences(y, t)
    return math.fsum(x * x for x in d) / len(d)


def sum_of_squares_error(y, t):
    return 0.5 * math.fsum(x * x for x in differences(y, t))
