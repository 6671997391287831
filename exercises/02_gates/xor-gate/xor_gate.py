"""XOR from two layers of gates. Task: README.md in this folder. Run `grade run xor-gate`."""

from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray


def XOR(x1: int, x2: int, gates: SimpleNamespace) -> int:
    """1 where exactly one input is 1, else 0: AND(NAND(x1, x2), OR(x1, x2)).

    x1, x2: each 0 or 1.
    gates: holds three functions of two inputs, gates.AND, gates.NAND and gates.OR. They are handed to you, and they do
        not check their inputs. Call each of them once.

    Returns 0 or 1.
    Raises ValueError if x1 or x2 is not 0 or 1.
    """
    raise NotImplementedError  # begin with xor_hidden, then one more gate


def xor_hidden(x1: int, x2: int, gates: SimpleNamespace) -> tuple[int, int]:
    """The two signals between inputs and output: (s1, s2) = (NAND(x1, x2), OR(x1, x2)).

    Inputs and errors as for XOR. Returns a tuple of two ints, each 0 or 1, s1 first.
    """
    raise NotImplementedError


def xor_network() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float]:
    """Weights of a network of step units that computes XOR: 2 inputs, 2 hidden units, 1 output.

    With H(u) = 1 for u > 0, else 0, and x = (x1, x2), the network answers

        s = H(x W1 + b1),   y = H(s · w2 + b2)

    Returns (W1, b1, w2, b2):
        W1: shape (2, 2); rows are inputs, columns are hidden units.
        b1: shape (2,), one bias per hidden unit.
        w2: shape (2,), the weights of the output unit.
        b2: one number, its bias.
    """
    raise NotImplementedError
