"""The picture of adam. Runs in: checks."""

from collections.abc import Callable

import numpy as np
from adam import adam_step
from numpy.typing import NDArray

from grader.asking import Answer, ask
from grader.checks import reference
from grader.pictures import OTHER, RIGHT, Figure, figure, line, path, plane

START, STEPS, LR = np.array([-8.0, 2.0]), 40, 0.5
STRETCH = np.array([20.0, 1.0])  # the loss is x²/20 + y²: a valley that is steep across and nearly flat along
TINY, HUGE = 1e-5, 1e3  # gradients that don't change


def picture() -> Figure:
    """The way through a valley, and how long steps are where the gradient is tiny, and where it is huge."""
    yours, right = (moved(step, START, lambda at: 2 * at / STRETCH) for step in (learner, wanted))
    lengths, right_lengths = (
        np.abs(np.diff(moved(step, np.zeros(2), lambda _: np.array([TINY, HUGE])))) / LR for step in (learner, wanted)
    )
    return figure(
        "Your steps",
        plane(
            "Through a valley",
            line("equal loss", *ellipses(), OTHER),
            path("yours", yours[0], yours[1]),
            path("right", right[0], right[1], RIGHT),
            x_range=(-10, 10),
            y_range=(-4, 4),
        ),
        plane(
            "How long steps are, in learning rates",
            path(f"gradient {TINY:g}", range(1, STEPS + 1), lengths[0]),
            line(f"gradient {HUGE:g}", range(1, STEPS + 1), lengths[1]),
            line("right", range(1, STEPS + 1), right_lengths[1], RIGHT),
            x_label="step",
            y_range=(1e-4, 1e4),
            logarithmic=True,
        ),
        alt="Left, a valley drawn as ellipses around its lowest point, (0, 0), and your 40 steps from (-8, 2) upon the"
        " right ones: they begin diagonally, whatever the slope, and run past the lowest point once. Right, the length"
        " of each step for a gradient that stays the same, a tiny and a huge one: two level lines at 1, from the first"
        " step on.",
        caption="However small or large a gradient is, Adam's steps are about one learning rate long; without the"
        " correction the first ones are not.",
    )


def learner(*args: object) -> Answer:
    """The learner's step."""
    return ask(adam_step, *args, lr=LR)


def wanted(*args: object) -> Answer:
    """The right step."""
    return Answer("adam_step", reference("adam").adam_step(*args, lr=LR))


def moved(
    step: Callable[..., Answer], start: NDArray[np.float64], slope: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """The points that steps pass, (2, STEPS + 1)."""
    points, m, v = [start], np.zeros(2), np.zeros(2)
    for t in range(1, STEPS + 1):
        answer = step(points[-1], slope(points[-1]), m, v, t)
        points.append(answer.item(0).numbers(2))
        m, v = answer.item(1).numbers(2), answer.item(2).numbers(2)
    return np.transpose(points)


def ellipses() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lines of equal loss, with gaps between them."""
    angles = np.append(np.linspace(0, 2 * np.pi, 49), np.nan)
    x, y = np.outer([0.6, 1.3, 2.0, 2.7], np.cos(angles)), np.outer([0.6, 1.3, 2.0, 2.7], np.sin(angles))
    return np.sqrt(STRETCH[0]) * x.ravel(), y.ravel()
