"""Everything written out, and hidden units in the other weights and scales."""

import numpy as np


def check(*inputs):
    for x in inputs:
        if not (x == 0 or x == 1):
            raise ValueError("0 or 1")


def xor_hidden(x1, x2, gates):
    check(x1, x2)
    s1 = gates.NAND(x1, x2)
    s2 = gates.OR(x1, x2)
    return int(s1), int(s2)


def XOR(x1, x2, gates):
    check(x1, x2)
    s1 = gates.NAND(x1, x2)
    s2 = gates.OR(x1, x2)
    y = gates.AND(s1, s2)
    return int(y)


def xor_network():
    W1 = np.array([[-2.0, 2.0], [-2.0, 2.0]])
    b1 = np.array([3.0, -1.0])
    w2 = np.array([1.0, 1.0])
    return W1, b1, w2, -1.5
