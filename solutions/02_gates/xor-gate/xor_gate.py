"""XOR from two layers of gates: the reference."""

from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray


def XOR(x1: int, x2: int, gates: SimpleNamespace) -> int:
    """AND(NAND(x1, x2), OR(x1, x2)): 1 where exactly one input is 1. ValueError if an input is not 0 or 1."""
    s1, s2 = xor_hidden(x1, x2, gates)
    return int(gates.AND(s1, s2))


def xor_hidden(x1: int, x2: int, gates: SimpleNamespace) -> tuple[int, int]:
    """(s1, s2) = (NAND(x1, x2), OR(x1, x2)). ValueError if an input is not 0 or 1."""
    if x1 not in (0, 1) or x2 not in (0, 1):
        raise ValueError(f"gate inputs {x1} and {x2}; use 0 and 1 only")
    return int(gates.NAND(x1, x2)), int(gates.OR(x1, x2))


def xor_network() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float]:
    """(W1 (2, 2), b1 (2,), w2 (2,), b2) of y = H(H(x W1 + b1) · w2 + b2); rows of W1 are inputs."""
    W1 = np.array([[-0.5, 0.5], [-0.5, 0.5]])  # first column NAND, second column OR
    b1 = np.array([0.7, -0.2])
    w2 = np.array([0.5, 0.5])  # AND of the two
    return W1, b1, w2, -0.7
