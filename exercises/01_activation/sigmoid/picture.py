"""The picture of sigmoid. Runs in: checks."""

import numpy as np
from sigmoid import sigmoid

from grader.asking import ask, ask_each
from grader.checks import reference
from grader.pictures import ERROR, RIGHT, Figure, figure, line, plane

ROUNDING = 1e-17  # below it nothing is shown: float64 has no more digits
TINY = 1e-200  # what is smaller counts as 0


def picture() -> Figure:
    """The curve over the right one, and how far it is off from -1000 to 1000."""
    right = reference("sigmoid").sigmoid
    x = np.linspace(-8, 8, 129)
    far = np.linspace(-1000, 1000, 201)
    off = np.abs(ask_each(sigmoid, far) - right(far)) / np.maximum(right(far), TINY)
    return figure(
        "Your sigmoid",
        plane(
            "The curve",
            line("yours", x, ask(sigmoid, x).numbers(129)),
            line("right", x, right(x), RIGHT),
            x_label="x",
            y_range=(-0.25, 1.25),
        ),
        plane(
            "How far it is off",
            line("relative error", far, np.maximum(off, ROUNDING), ERROR),
            x_label="x",
            x_range=(-1100, 1100),  # a gap at an end is seen too
            y_range=(1e-18, 1e2),
            logarithmic=True,
        ),
        alt="Left, two S-shaped curves from 0 to 1, yours and the right one, which lie on each other if yours is right."
        " Right, your relative error from x = -1000 to 1000: a low line is rounding, a gap is where nothing came back.",
        caption="A right sigmoid hides the right curve, and its error stays near 1e-16 on both sides; a gap"
        " is where nothing came back.",
    )
