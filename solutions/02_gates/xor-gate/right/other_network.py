"""The network with other hidden units: one for "at least one", one for "both", which is subtracted."""

import numpy as np


def XOR(x1, x2, gates):
    return int(gates.AND(*xor_hidden(x1, x2, gates)))


def xor_hidden(x1, x2, gates):
    if {x1, x2} - {0, 1}:
        raise ValueError(f"{x1}, {x2}")
    return tuple(int(gate(x1, x2)) for gate in (gates.NAND, gates.OR))


def xor_network():
    return np.ones((2, 2)), np.array([-0.5, -1.5]), np.array([1.0, -2.0]), -0.5
