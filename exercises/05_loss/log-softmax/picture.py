"""The picture of log-softmax. Runs in: checks."""

import numpy as np
from log_softmax import cross_entropy_with_logits, log_softmax

from grader.asking import ask, ask_each
from grader.checks import reference
from grader.pictures import RIGHT, Figure, Panel, bars, figure, level, line, path, plane

SCORES = np.array([[2.0, 1.0, -1.0], [0.0, -2.0, 3.0]])
APART = np.linspace(0, 1000, 21)


def picture() -> Figure:
    """Six logarithms, and what a class costs whose score is far below the other."""
    return figure(
        "Your logarithms",
        moderate(),
        far_below(),
        alt="Left, six bars below zero, yours beside the right ones: about -0.35, -1.35 and -3.35 for the first sample,"
        " -3.1, -5.1 and -0.1 for the second. Right, two straight lines over how far the true class lies below the"
        " other: log p falls to -1000, the loss rises to 1000. A line that ends or turns level has lost the answer.",
        caption="A probability below e⁻⁷⁴⁵ is 0 in float64; its logarithm is simply how far the scores are apart.",
    )


def moderate() -> Panel:
    """Two samples of three classes."""
    return bars(
        "log_softmax of two samples",
        [f"{score:g}" for score in SCORES.ravel()],
        level("yours", ask(log_softmax, SCORES).numbers(2, 3).ravel()),
        level("right", reference("log-softmax").log_softmax(SCORES).ravel(), RIGHT),
        x_label="scores of the first sample, and of the second",
        y_range=(-8, 1),
    )


def far_below() -> Panel:
    """The logarithm and the loss of a class whose score is 0 where the other's is up to 1000."""
    right = reference("log-softmax")
    rows = [np.array([0.0, score]) for score in APART]
    batches = [(np.stack([row, row[::-1]]), np.array([0, 1])) for row in rows]
    return plane(
        "The true class lies far below",
        path("your loss", APART, ask_each(cross_entropy_with_logits, batches)),
        path("your log p", APART, [ask(log_softmax, row).numbers(2)[0] for row in rows]),
        line("right", APART, [right.cross_entropy_with_logits(*batch) for batch in batches], RIGHT),
        line("right", APART, [right.log_softmax(row)[0] for row in rows], RIGHT),
        x_label="how far below the other score",
        y_range=(-1200, 1200),
    )
