"""The picture of softmax. Runs in: checks."""

import numpy as np
from softmax import softmax

from grader.asking import ask
from grader.checks import reference
from grader.pictures import RIGHT, Figure, Panel, bars, figure, level

SCORES = np.array([2.0, 1.0, -1.0])


def picture() -> Figure:
    """The probabilities of three scores, which stay what they are when all scores grow."""
    return figure(
        "Your probabilities",
        *(shifted(by) for by in (0, 500, 1000)),
        together(),
        alt="Four groups of bars, for the scores 2, 1 and -1, for the same with 500 and 1000 added, and for two samples"
        " at once, of which the second has scores near -1000. Beside each of your probabilities stands the right one:"
        " 0.71, 0.26 and 0.04, the same in all; the second sample has 0.09, 0.67 and 0.24.",
        caption="Adding a number to all scores changes no probability, and no sample changes another one's; a bar that"
        " is not there is where nothing came back.",
    )


def shifted(by: int) -> Panel:
    """The bars for the scores with a number added."""
    scores = SCORES + by
    return bars(
        f"Scores + {by}" if by else "The scores",
        [f"{score:g}" for score in scores],
        level("yours", ask(softmax, scores).numbers(3)),
        level("right", reference("softmax").softmax(scores), RIGHT),
        x_label="score",
        y_range=(0, 1.1),
    )


def together() -> Panel:
    """The bars for two samples in one array, far apart."""
    scores = np.array([SCORES, [-1001.0, -999.0, -1000.0]])
    return bars(
        "Two samples at once",
        [f"{score:g}" for score in scores.ravel()],
        level("yours", ask(softmax, scores).numbers(2, 3).ravel()),
        level("right", reference("softmax").softmax(scores).ravel(), RIGHT),
        x_label="scores of the first sample, and of the second",
        y_range=(0, 1.1),
    )
