"""The picture of softmax-with-loss. Runs in: checks."""

import numpy as np
from softmax_with_loss import softmax_cross_entropy

from grader.asking import ask
from grader.checks import reference
from grader.pictures import RIGHT, Figure, bars, figure, level, line, plane

SCORES, LABELS = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 2.0]]), np.array([0, 0])
LEADS = np.linspace(-1000, 1000, 81)  # of the true class


def picture() -> Figure:
    """The gradient for two samples, and the loss by how far the true class is ahead."""
    right = reference("softmax-with-loss").softmax_cross_entropy
    pairs = [np.array([[lead, 0.0, 0.0]] * 2) for lead in LEADS]
    return figure(
        "Your loss and its gradient",
        bars(
            "The gradient of six scores",
            [f"{name}{k}" for name in "ab" for k in range(3)],
            level("yours", ask(softmax_cross_entropy, SCORES, LABELS).item(1).numbers(2, 3)),
            level("right", right(SCORES, LABELS)[1], RIGHT),
            x_label="samples a and b, classes 0 to 2",
            y_range=(-1, 0.8),
        ),
        plane(
            "The loss",
            line("yours", LEADS, [ask(softmax_cross_entropy, pair, LABELS).item(0).numbers() for pair in pairs]),
            line("right", LEADS, [right(pair, LABELS)[0] for pair in pairs], RIGHT),
            x_label="how far the true score is ahead",
            y_range=(-100, 1200),
        ),
        alt="Left, six pairs of bars, yours beside the right ones: for both samples the true class, 0, has a bar down,"
        " -0.17 and -0.45, and the other two have bars up. Right, the loss: a straight line that falls from 1000 to 0"
        " while the true score comes from 1000 behind, and 0 from there on.",
        caption="A step against the gradient lifts the true score, most where it was most wrong; the loss of a"
        " hopeless sample is how far it is behind, without any limit.",
    )
