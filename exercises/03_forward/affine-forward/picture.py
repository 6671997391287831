"""The picture of affine-forward. Runs in: checks."""

import numpy as np
from affine_forward import affine

from grader.asking import ask
from grader.checks import reference
from grader.pictures import OTHER, RIGHT, Figure, figure, line, plane, points

FLAG = np.array([[0, 0], [0, 2], [1.5, 1.5], [0, 1]])  # each row is a point
W = np.array([[1.4, 0.4], [-0.6, 1.2]])
B = np.array([4.0, 1.0])


def picture() -> Figure:
    """What a layer of two units makes of the points of a flag."""
    right = reference("affine-forward").affine(FLAG, W, B)
    yours = ask(affine, FLAG, W, B).numbers(4, 2)
    return figure(
        "Your layer moves points",
        plane(
            "A flag, as four samples",
            line("x", FLAG[:, 0], FLAG[:, 1], OTHER),
            line("x W + b, yours", yours[:, 0], yours[:, 1]),
            line("right", right[:, 0], right[:, 1], RIGHT),
            points("origin and b", [0, B[0]], [0, B[1]], OTHER),
            x_label="first feature, first unit",
            y_label="second feature, second unit",
            x_range=(-2, 7),
            y_range=(-0.8, 4),
        ),
        alt="A small flag that stands at the origin, and what your layer makes of it. The right one is larger, leans to"
        " the left, and its foot stands at (4, 1), where b is; yours lies on it if it is right.",
        caption="W turns and stretches all samples alike, and b carries them away from the origin.",
    )
