"""The picture of xor-gate. Runs in: checks."""

from types import SimpleNamespace

import numpy as np
from xor_gate import XOR, xor_network

from grader.asking import ask, ask_each
from grader.pictures import ERROR, Figure, cells, figure, points, regions

AROUND = (-0.5, 1.5)
CORNERS = [(0, 0), (1, 0), (0, 1), (1, 1)]
GATES = SimpleNamespace(
    AND=lambda a, b: int(a + b > 1.5),
    NAND=lambda a, b: int(a + b <= 1.5),
    OR=lambda a, b: int(a + b > 0.5),
)


def picture() -> Figure:
    """What the network answers in the plane around the four points, and where XOR itself is wrong."""
    wrong = ask_each(XOR, [(x1, x2, GATES) for x1, x2 in CORNERS]) != [0, 1, 1, 0]
    wrong_x1, wrong_x2 = np.array(CORNERS)[wrong].T
    answer = ask(xor_network)
    W1, b1 = answer.item(0).numbers(2, 2), answer.item(1).numbers(2)
    w2, b2 = answer.item(2).numbers(2), answer.item(3).numbers()
    with np.errstate(all="ignore"):
        u = (cells(AROUND, AROUND) @ W1 + b1 > 0) @ w2 + b2
    y = np.where(np.isfinite(u), u > 0, np.nan)
    return figure(
        "Your network's answers",
        regions(
            "Where it answers 1",
            y.reshape(48, 48),
            points("0 wanted", [0, 1], [0, 1]),
            points("1 wanted", [0, 1], [1, 0]),
            *[points("XOR wrong", wrong_x1, wrong_x2, ERROR)] * bool(wrong.any()),
            x_range=AROUND,
            y_range=AROUND,
            x_label="x1",
            y_label="x2",
            names=("answers 0", "answers 1"),
        ),
        alt="The plane of x1 and x2, tinted by your network's answer. In a right one, a tilted band where it answers 1"
        " holds the points (0, 1) and (1, 0), and leaves (0, 0) and (1, 1) outside. A point is red where your XOR"
        " itself answers wrong.",
        caption="Each hidden unit draws one straight line; only between two of them lie both ones and no zero.",
    )
