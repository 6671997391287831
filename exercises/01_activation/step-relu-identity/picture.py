"""The picture of step-relu-identity. Runs in: checks."""

from collections.abc import Callable
from typing import Any

import numpy as np
from basic_activations import identity, relu, step_function

from grader.asking import ask
from grader.checks import reference
from grader.pictures import RIGHT, YOURS, Figure, Panel, figure, line, plane, points

X = np.linspace(-3, 3, 61)  # X[30] is 0
AT_ZERO = X == 0


def picture() -> Figure:
    """The three functions over the right ones, and for the step a dot at 0."""
    right = reference("step-relu-identity")
    return figure(
        "Your three functions",
        step(right.step_function),
        straight("ReLU", relu, right.relu),
        straight("Identity", identity, right.identity),
        alt="Three graphs, yours over the right ones. The step is 0 up to x = 0 and 1 from there on; a dot says that"
        " it is 0 at 0 itself. ReLU is 0 for negative x and rises like x after that, also beyond 1. The identity is a"
        " straight line from -3 to 3.",
        caption="The step only says yes or no, ReLU also says how much, and the identity leaves everything as it is.",
    )


def step(right: Callable[..., Any]) -> Panel:
    """The step with a gap at 0, and its value there as a dot."""
    yours, wanted = ask(step_function, X).numbers(61), right(X)
    return plane(
        "Step",
        line("yours", X, np.where(AT_ZERO, np.nan, yours)),
        line("right", X, np.where(AT_ZERO, np.nan, wanted), RIGHT),
        points("yours at 0", [0], yours[AT_ZERO], YOURS),
        points("right at 0", [0], wanted[AT_ZERO], RIGHT),
        x_label="x",
        y_range=(-1.5, 1.5),
    )


def straight(title: str, function: Callable[..., Any], right: Callable[..., Any]) -> Panel:
    """A function without a jump."""
    return plane(
        title,
        line("yours", X, ask(function, X).numbers(61)),
        line("right", X, right(X), RIGHT),
        x_label="x",
        y_range=(-3.5, 3.5),
    )
