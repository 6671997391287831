"""The picture of gradient-descent. Runs in: checks."""

import numpy as np
from gradient_descent import gradient_descent
from numpy.typing import NDArray

from grader.asking import ask
from grader.checks import reference
from grader.pictures import OTHER, RIGHT, Figure, figure, line, path, plane

START, STEPS = 5.0, 20


def picture() -> Figure:
    """The way down a parabola, and the loss by step for three learning rates."""
    right = reference("gradient-descent").gradient_descent
    x = np.linspace(-6, 6, 61)
    way = history(0.85)
    losses = [line(f"yours, η = {lr:g}", range(STEPS + 1), history(lr) ** 2) for lr in (0.03, 0.1, 0.3)]
    wanted = [line("right", range(STEPS + 1), right(slope, START, lr, STEPS)[1] ** 2, RIGHT) for lr in (0.03, 0.1, 0.3)]
    return figure(
        "Your way down",
        plane(
            "On f(x) = x² with η = 0.85",
            line("f(x)", x, x**2, OTHER),
            path("your points", way, way**2),
            x_label="x",
            x_range=(-6.6, 6.6),
            y_range=(-3, 37),
        ),
        plane("The loss", *losses, *wanted, x_label="step", y_range=(1e-10, 1e3), logarithmic=True),
        alt="Left, your points on a parabola: from x = 5 they jump from side to side and get lower each time. Right,"
        " the loss by step for three learning rates: falling lines, the larger the rate the steeper.",
        caption="Each step multiplies x by 1 - 2η, so a right loss is a straight line on this axis.",
    )


def history(lr: float) -> NDArray[np.float64]:
    """The points that the learner's function passes."""
    return ask(gradient_descent, slope, START, lr, STEPS).item(1).numbers(STEPS + 1)


def slope(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The gradient of x²."""
    return 2 * x
