"""The picture of cross-entropy. Runs in: checks."""

import numpy as np
from cross_entropy import binary_cross_entropy, cross_entropy

from grader.asking import ask_each
from grader.checks import reference
from grader.pictures import RIGHT, Figure, Panel, figure, line, path, plane

P = (1 - np.cos(np.pi * np.linspace(0.06, 0.94, 25))) / 2  # 0.01 to 0.99, closer together at the ends
EXPONENTS = np.arange(-20, 1)


def picture() -> Figure:
    """The loss over the probability of the true class, for two classes, and down to nearly nothing."""
    return figure(
        "Your price of a mistake",
        two_samples(),
        two_classes(),
        nearly_nothing(),
        alt="Three planes with your losses over the right ones. Left, the loss falls from 4.7 for a probability of"
        " 0.01, first steeply, to 0 for 1. Middle, the same for t = 1, and its mirror image for t = 0. Right, the"
        " loss for probabilities of 10 to the power of x: a straight line from 0 at x = 0 up to 27.6 at x = -12,"
        " level beyond.",
        caption="Being sure and right costs nothing, being sure and wrong is dear, but never more than -log eps.",
    )


def two_samples() -> Panel:
    """Two samples of different classes, with the same probability for the true one."""
    right = reference("cross-entropy").cross_entropy
    batches = [(np.array([[p, 1 - p], [1 - p, p]]), np.array([0, 1])) for p in P]
    return plane(
        "cross_entropy: labels",
        line("yours", P, ask_each(cross_entropy, batches)),
        line("right", P, [right(*batch) for batch in batches], RIGHT),
        x_label="probability of the true class",
        y_range=(-2.5, 6),
    )


def two_classes() -> Panel:
    """The binary loss for both targets."""
    right = reference("cross-entropy").binary_cross_entropy
    ones, zeros = ([(np.array([p]), np.array([t])) for p in P] for t in (1, 0))
    return plane(
        "binary_cross_entropy",
        path("yours, t = 1", P, ask_each(binary_cross_entropy, ones)),
        path("yours, t = 0", P, ask_each(binary_cross_entropy, zeros)),
        *(line("right", P, [right(*one) for one in each], RIGHT) for each in (ones, zeros)),
        x_label="p",
        y_range=(-2.5, 6),
    )


def nearly_nothing() -> Panel:
    """One-hot targets whose class has hardly any probability."""
    right = reference("cross-entropy").cross_entropy
    rows = [(np.array([[p, 1 - p]]), np.array([[1, 0]])) for p in 10.0**EXPONENTS]
    return plane(
        "cross_entropy: one-hot rows, p nearly 0",
        line("yours", EXPONENTS, ask_each(cross_entropy, rows)),
        line("right", EXPONENTS, [right(*row) for row in rows], RIGHT),
        x_label="x, for a probability of 10ˣ",
        y_range=(-15, 50),
    )
