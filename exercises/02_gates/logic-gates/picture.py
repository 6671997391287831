"""The picture of logic-gates. Runs in: checks."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from logic_gates import AND, AND_PARAMS, NAND, NAND_PARAMS, OR, OR_PARAMS, perceptron
from numpy.typing import NDArray

from grader.asking import Answer, ask, ask_each
from grader.pictures import ERROR, Figure, Panel, cells, figure, points, regions

AROUND = (-0.5, 1.5)
CORNERS = [(0, 0), (1, 0), (0, 1), (1, 1)]


def picture() -> Figure:
    """What the perceptron answers in the plane with the numbers of each gate."""
    return figure(
        "Your three lines",
        gate("AND", AND, AND_PARAMS, [0, 0, 0, 1]),
        gate("NAND", NAND, NAND_PARAMS, [1, 1, 1, 0]),
        gate("OR", OR, OR_PARAMS, [0, 1, 1, 1]),
        alt="Three planes of x1 and x2, tinted by what your perceptron answers with your numbers of AND, NAND and OR."
        " In each a right one has a straight border: AND answers 1 only around (1, 1), NAND everywhere but there, OR"
        " everywhere but around (0, 0). A corner is red where your gate itself answers wrong.",
        caption="One perceptron draws one straight line; a gate is right if every corner lies in its own colour.",
    )


def gate(name: str, function: Callable[..., Any], params: object, wanted: Sequence[int]) -> Panel:
    """The plane of a gate, its four corners, and the answers of its function that are wrong."""
    numbers = Answer(f"{name}_PARAMS", params).numbers(3)
    answers = ask(perceptron, cells(AROUND, AROUND), numbers[:2], float(numbers[2])).numbers(48 * 48)
    wrong = ask_each(function, CORNERS) != wanted
    return regions(
        name,
        answers.reshape(48, 48),
        points("wants 0", *corners(np.equal(wanted, 0))),
        points("wants 1", *corners(np.equal(wanted, 1))),
        *[points("wrong", *corners(wrong), ERROR)] * bool(wrong.any()),
        x_range=AROUND,
        y_range=AROUND,
        x_label="x1",
        y_label="x2",
        names=("gives 0", "gives 1"),
    )


def corners(chosen: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """x1 and x2 of the chosen corners."""
    x1, x2 = np.array(CORNERS)[chosen].T
    return x1, x2
