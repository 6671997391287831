"""The picture of activation-backward. Runs in: checks."""

from collections.abc import Callable

import numpy as np
from activation_backward import relu_backward, sigmoid_backward
from numpy.typing import NDArray

from grader.asking import ask
from grader.checks import reference
from grader.pictures import OTHER, RIGHT, Figure, Panel, figure, line, path, plane

X = np.linspace(-3, 3, 41)  # 0 among them
DOUT = np.cos(2 * X)


def picture() -> Figure:
    """What of a gradient passes ReLU and the sigmoid, by the place where the forward pass was."""
    return figure(
        "What passes back",
        panel("Through ReLU", relu_backward, X),
        panel("Through the sigmoid", sigmoid_backward, 1 / (1 + np.exp(-X))),
        alt="The gradient from above is a wave. Left, what passes ReLU: nothing up to x = 0, a point at 0 itself"
        " included, and beyond it the whole wave, parts below 0 too. Right, what passes the sigmoid: a wave of a"
        " quarter of that height in the middle, which fades out to both sides.",
        caption="ReLU passes all or nothing; the sigmoid passes a quarter at the most, and hardly anything far from 0.",
    )


def panel(title: str, backward: Callable[..., NDArray[np.floating]], kept: NDArray[np.float64]) -> Panel:
    """The gradient from above, and what the learner's function and the right one make of it."""
    right = getattr(reference("activation-backward"), backward.__name__)
    return plane(
        title,
        line("from above", X, DOUT, OTHER),
        path("yours", X, ask(backward, DOUT, kept).numbers(len(X))),
        line("right", X, right(DOUT, kept), RIGHT),
        x_label="x",
        y_range=(-1.5, 1.5),
    )
