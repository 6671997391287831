"""The picture of xor-gate. Runs in: checks."""

import numpy as np
from xor_gate import xor_network

from grader.asking import ask
from grader.pictures import Figure, cells, figure, points, regions

AROUND = (-0.5, 1.5)


def picture() -> Figure:
    """What the network answers in the plane around the four points."""
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
            x_range=AROUND,
            y_range=AROUND,
            x_label="x1",
            y_label="x2",
            names=("answers 0", "answers 1"),
        ),
        alt="The plane of x1 and x2, tinted by your network's answer. In a right one, a tilted band where it answers 1"
        " holds the points (0, 1) and (1, 0), and leaves (0, 0) and (1, 1) outside.",
        caption="Each hidden unit draws one straight line; only between two of them lie both ones and no zero.",
    )
