"""Checks of logic-gates. Runs in: checks."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from logic_gates import AND, AND_PARAMS, NAND, NAND_PARAMS, OR, OR_PARAMS, perceptron

from grader.checks import assert_array, assert_close

CORNERS = [(0, 0), (1, 0), (0, 1), (1, 1)]


def assert_truth_table(gate: Callable[..., object], answers: Sequence[int]) -> None:
    """Demand these answers of a gate at the four corners."""
    for (x1, x2), answer in zip(CORNERS, answers, strict=True):
        assert_close(gate(x1, x2), answer)


def assert_solves(name: str, params: object, gate: Callable[..., object], answers: Sequence[int]) -> None:
    """Demand that w1·x1 + w2·x2 + theta > 0 gives these answers at the four corners."""
    assert isinstance(params, tuple), f"{name} must be a tuple: (w1, w2, theta)"
    assert len(params) == 3, f"{name} must hold three numbers: (w1, w2, theta)"
    numbers = all(isinstance(n, int | float | np.integer | np.floating) for n in params)
    assert numbers, f"{name} must hold three numbers: (w1, w2, theta)"
    w1, w2, theta = params
    if params == (0, 0, 0):  # a gate that answers all the same was written without them
        for x1, x2 in CORNERS:
            gate(x1, x2)
    for (x1, x2), answer in zip(CORNERS, answers, strict=True):
        u = w1 * x1 + w2 * x2 + theta
        assert np.isfinite(u), f"{name} must hold finite numbers"
        assert int(u > 0) == answer, f"{name} at ({x1}, {x2}): u = {u:.4g} gives {int(u > 0)}, the gate is {answer}"


def test_and_truth_table() -> None:
    """AND is 1 only where both inputs are 1."""
    assert_truth_table(AND, [0, 0, 0, 1])


def test_nand_truth_table() -> None:
    """NAND is always the opposite of AND: 0 only where both inputs are 1."""
    assert_truth_table(NAND, [1, 1, 1, 0])
    for x1, x2 in CORNERS:
        answers = (NAND(x1, x2), AND(x1, x2))
        assert answers in [(0, 1), (1, 0)], f"NAND({x1}, {x2}) must be 1 - AND({x1}, {x2})"


def test_or_truth_table() -> None:
    """OR is 1 where at least one input is 1, both included."""
    assert_truth_table(OR, [0, 1, 1, 1])


def test_bias_is_added() -> None:
    """theta is added to the weighted sum: a larger theta makes the perceptron fire more easily."""
    w = np.array([0.5, 0.5])
    # This one first: where theta is subtracted it fires, where theta is forgotten it stays silent.
    assert_close(perceptron(np.array([0.0, 0.0]), w, -0.2), 0, law="u = 0 - 0.2 is negative: it stays silent")
    assert_close(perceptron(np.array([0.0, 0.0]), w, 0.2), 1, law="u = 0 + 0.2 is positive: it fires")
    assert_close(perceptron(np.array([1.0, 1.0]), w, -0.7), 1, law="u = 1 - 0.7 is positive: it fires")
    assert_close(perceptron(np.array([1.0, 1.0]), w, -1.2), 0, law="u = 1 - 1.2 is negative: it stays silent")


def test_zero_activation_does_not_fire() -> None:
    """Where u is exactly 0 the perceptron stays silent."""
    assert_close(perceptron(np.array([1.0, 1.0]), np.array([0.5, 0.5]), -1.0), 0, law="u = 1 - 1 = 0 gives 0")
    assert_close(perceptron(np.array([2.0, 1.0]), np.array([1.0, -2.0]), 0.0), 0, law="u = 2 - 2 = 0 gives 0")


def test_params_alone_solve_the_gate() -> None:
    """The three constants are the gates: w1·x1 + w2·x2 + theta > 0 gives each truth table."""
    for name, gate, params, answers in [
        ("AND_PARAMS", AND, AND_PARAMS, [0, 0, 0, 1]),
        ("NAND_PARAMS", NAND, NAND_PARAMS, [1, 1, 1, 0]),
        ("OR_PARAMS", OR, OR_PARAMS, [0, 1, 1, 1]),
    ]:
        gate(0, 0)  # constants cannot say "not started", the function beside them can
        assert_solves(name, params, gate, answers)


def test_arrays() -> None:
    """Whole arrays work in one call, with any number of inputs, and the result holds integers."""
    x1, x2 = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
    for name, gate, answers in [("AND", AND, [0, 0, 0, 1]), ("NAND", NAND, [1, 1, 1, 0]), ("OR", OR, [0, 1, 1, 1])]:
        result = assert_array(gate(x1, x2), shape=(4,), dtype=np.int64)
        assert_close(result, answers, law=f"{name} of two arrays is {name} of each pair")

    batch = np.array([[0.5, -1.0, 2.0], [1.0, 1.0, 0.0], [-2.0, 0.0, 1.0], [0.0, 3.0, 1.0], [0.0, 0.0, 0.0]])
    w = np.array([1.0, -0.5, 2.0])
    result = assert_array(perceptron(batch, w, -1.0), shape=(5,), dtype=np.int64)
    assert_close(result, [1, 0, 0, 0, 0], law="Each row of x gives one output")

    single = perceptron(batch[0], w, -1.0)
    assert isinstance(single, (int, np.integer)), "One sample gives one whole number"
    assert_array(perceptron(np.zeros((0, 3)), w, -1.0), shape=(0,), dtype=np.int64)


def test_bad_input() -> None:
    """Inputs other than 0 and 1, shapes that do not match and NaN raise ValueError."""
    for gate in (AND, NAND, OR):
        with pytest.raises(ValueError):
            gate(0.5, 1)
        with pytest.raises(ValueError):
            gate(2, 1)
        with pytest.raises(ValueError):
            gate(np.array([0, 1]), np.array([0, 1, -1]))
    with pytest.raises(ValueError):
        AND(1, np.array([0, 1]))
    with pytest.raises(ValueError):
        perceptron(np.array([1.0, 0.0, 1.0]), np.array([0.5, 0.5]), 0.1)
    with pytest.raises(ValueError):
        perceptron(np.ones((4, 3)), np.array([0.5]), 0.1)
    with pytest.raises(ValueError):
        perceptron(np.ones((4, 3)), np.ones((3, 1)), 0.1)
    with pytest.raises(ValueError):
        perceptron(np.array([np.nan, 1.0]), np.array([0.5, 0.5]), 0.1)
