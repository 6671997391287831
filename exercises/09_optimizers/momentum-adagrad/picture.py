"""The picture of momentum-adagrad. Runs in: checks."""

from collections.abc import Callable
from typing import Any

import numpy as np
from momentum_adagrad import adagrad_step, momentum_step
from numpy.typing import NDArray

from grader.asking import Answer, ask
from grader.checks import reference
from grader.pictures import OTHER, RIGHT, Figure, Panel, figure, line, path, plane

START, STEPS = np.array([-8.0, 2.0]), 30
STRETCH = np.array([20.0, 1.0])  # the loss is x²/20 + y²: a valley that is steep across and nearly flat along


def picture() -> Figure:
    """The way of both through a valley."""
    return figure(
        "Your ways through a valley",
        panel("Momentum", momentum_step, 0.1),
        panel("AdaGrad", adagrad_step, 1.5),
        alt="Two valleys drawn as ellipses around their lowest point, (0, 0), and in each your 30 steps from (-8, 2)"
        " upon the right ones. Momentum swings across the valley like a ball, rolls along it, runs past the lowest"
        " point and turns. AdaGrad takes a large first step, then ever smaller ones straight towards the lowest point.",
        caption="Momentum gathers speed where gradients agree; AdaGrad gives each direction steps of its own size.",
    )


def panel(title: str, step: Callable[..., Any], lr: float) -> Panel:
    """The learner's points and the right ones over the ellipses of equal loss."""
    right_step = getattr(reference("momentum-adagrad"), step.__name__)
    yours = way(lambda *args: ask(step, *args), lr)
    right = way(lambda *args: Answer(title, right_step(*args)), lr)
    return plane(
        title,
        line("equal loss", *ellipses(), OTHER),
        path("yours", yours[0], yours[1]),
        path("right", right[0], right[1], RIGHT),
        x_range=(-10, 10),
        y_range=(-4, 4),
    )


def way(step: Callable[..., Answer], lr: float) -> NDArray[np.float64]:
    """The points that steps pass, (2, STEPS + 1)."""
    points, memory = [START], np.zeros(2)
    for _ in range(STEPS):
        answer = step(points[-1], 2 * points[-1] / STRETCH, memory, lr)
        points.append(answer.item(0).numbers(2))
        memory = answer.item(1).numbers(2)
    return np.transpose(points)


def ellipses() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lines of equal loss, with gaps between them."""
    angles = np.append(np.linspace(0, 2 * np.pi, 49), np.nan)
    x, y = np.outer([0.6, 1.3, 2.0, 2.7], np.cos(angles)), np.outer([0.6, 1.3, 2.0, 2.7], np.sin(angles))
    return np.sqrt(STRETCH[0]) * x.ravel(), y.ravel()
