"""Checks of xor-gate. Runs in: checks."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from xor_gate import XOR, xor_hidden, xor_network

from grader.checks import assert_array, assert_close

Gate = Callable[[float, float], int]

TRUTH_TABLE = [(0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 1, 0)]


def make_gates(**replaced: Gate) -> SimpleNamespace:
    """AND, NAND and OR for any numbers, so that only XOR itself can refuse an input."""
    gates: dict[str, Gate] = {
        "AND": lambda a, b: int(a + b > 1.5),
        "NAND": lambda a, b: int(a + b <= 1.5),
        "OR": lambda a, b: int(a + b > 0.5),
    }
    return SimpleNamespace(**(gates | replaced))


def count_calls(calls: list[str]) -> SimpleNamespace:
    """Gates that write their names into `calls`, in the order in which they are asked."""

    def spy(name: str, gate: Gate) -> Gate:
        def asked(a: float, b: float) -> int:
            calls.append(name)
            return gate(a, b)

        return asked

    return SimpleNamespace(**{name: spy(name, gate) for name, gate in vars(make_gates()).items()})


def signals(W1: NDArray[Any], b1: NDArray[Any], w2: NDArray[Any], b2: float) -> list[tuple[int, int, int]]:
    """(s1, s2, y) of a network of step units for each row of the truth table."""
    s = np.array([row[:2] for row in TRUTH_TABLE]) @ W1 + b1 > 0
    y = s.astype(float) @ w2 + b2 > 0
    return [(int(s1), int(s2), int(out)) for (s1, s2), out in zip(s, y, strict=True)]


def test_truth_table() -> None:
    """XOR is 1 where exactly one input is 1."""
    for x1, x2, _ in TRUTH_TABLE:  # all four first: only together do they tell which gate is the wrong one
        XOR(x1, x2, make_gates())
    for x1, x2, answer in TRUTH_TABLE:
        assert_close(XOR(x1, x2, make_gates()), answer)


def test_built_from_three_gates() -> None:
    """XOR asks NAND, OR and AND once each, and its answer is made of theirs."""
    for x1, x2, _ in TRUTH_TABLE:
        calls: list[str] = []
        XOR(x1, x2, count_calls(calls))
        assert sorted(calls) == ["AND", "NAND", "OR"], (
            f"XOR asks each of gates.AND, gates.NAND and gates.OR once; yours asked {', '.join(calls) or 'none'}"
        )
    for x1, x2, _ in TRUTH_TABLE:
        silent = make_gates(AND=lambda _a, _b: 0)
        assert_close(XOR(x1, x2, silent), 0, law="With an AND gate that always says 0, XOR is always 0")
        or_alone = make_gates(NAND=lambda _a, _b: 1)
        assert_close(XOR(x1, x2, or_alone), int(x1 + x2 > 0), law="With a NAND gate that always says 1, XOR becomes OR")


def test_hidden_layer() -> None:
    """The hidden signals are (NAND, OR), in this order."""
    for x1, x2, _ in TRUTH_TABLE:
        hidden = xor_hidden(x1, x2, make_gates())
        expected = (int(x1 + x2 < 2), int(x1 + x2 > 0))
        assert isinstance(hidden, tuple), "xor_hidden returns a tuple: (s1, s2)"
        assert len(hidden) == 2, "xor_hidden returns two signals: (s1, s2)"
        ints = all(isinstance(s, int | np.integer) and not isinstance(s, bool) for s in hidden)
        assert ints, "both signals must be ints: 0 or 1"
        assert hidden == expected, f"for ({x1}, {x2}) the signals are {expected}: NAND first, then OR"


def test_network_truth_table() -> None:
    """Your weights compute XOR: H(H(x W1 + b1) · w2 + b2) gives 0, 1, 1, 0."""
    network = xor_network()
    assert isinstance(network, tuple), "xor_network returns a tuple: (W1, b1, w2, b2)"
    assert len(network) == 4, "xor_network returns four things: (W1, b1, w2, b2)"
    W1 = assert_array(network[0], shape=(2, 2))
    b1 = assert_array(network[1], shape=(2,))
    w2 = assert_array(network[2], shape=(2,))
    b2 = network[3]
    assert {W1.dtype.kind, b1.dtype.kind, w2.dtype.kind} <= {"i", "u", "f"}, "W1, b1 and w2 must hold real numbers"
    assert isinstance(b2, int | float | np.integer | np.floating), "b2 must be one number"
    right = [row[2] for row in TRUTH_TABLE]
    turned = [row[2] for row in signals(W1.T, b1, w2, b2)] == right
    for (x1, x2, answer), (s1, s2, y) in zip(TRUTH_TABLE, signals(W1, b1, w2, b2), strict=True):
        said = f"for ({x1}, {x2}) the hidden units give ({s1}, {s2}) and the output is {y}; XOR is {answer}"
        if turned:
            said += "; with rows and columns of W1 exchanged it would be right: rows are inputs, columns hidden units"
        assert y == answer, said


def test_bad_input() -> None:
    """Inputs other than 0 and 1 raise ValueError."""
    functions: list[Callable[..., object]] = [XOR, xor_hidden]
    for function in functions:
        with pytest.raises(ValueError):
            function(2, 0, make_gates())
        with pytest.raises(ValueError):
            function(1, 0.5, make_gates())
        with pytest.raises(ValueError):
            function(float("nan"), 0, make_gates())
