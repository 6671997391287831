"""The picture of mean-squared-error. Runs in: checks."""

from collections.abc import Callable
from typing import Any

import numpy as np
from mse import mean_squared_error, sum_of_squares_error

from grader.asking import ask_each
from grader.checks import reference
from grader.pictures import RIGHT, Figure, Panel, figure, line, path, plane

ERRORS = np.linspace(-3, 3, 25)
COUNTS = np.arange(1, 11)


def picture() -> Figure:
    """Both losses over the size of the error, and over the number of samples."""
    off = [np.full((2, 2), error) for error in ERRORS]
    ones = [np.ones((count, 1)) for count in COUNTS]
    return figure(
        "Your two losses",
        losses("Four outputs, all off by e", "e", ERRORS, off, (-1, 22)),
        losses("More samples, each off by 1", "samples", COUNTS, ones, (-0.5, 6.5)),
        alt="Two planes with your mean squared error and your half sum, over the right ones. Left, over the error e,"
        " two parabolas with their lowest point, 0, at e = 0: the mean is 9 at the ends and the half sum 18."
        " Right, over the number of samples: the mean stays at 1, the half sum rises in a straight line to 5.",
        caption="Twice the error costs four times as much; and more samples of the same kind do not change a mean.",
    )


def losses(title: str, x_label: str, x: Any, differences: list[Any], y_range: tuple[float, float]) -> Panel:
    """Both losses of predictions that are off by these differences from targets of 1."""
    pairs = [(1 + difference, np.ones_like(difference)) for difference in differences]
    right = reference("mean-squared-error")
    return plane(
        title,
        path("your mean", x, ask_each(mean_squared_error, pairs)),
        path("your half sum", x, ask_each(sum_of_squares_error, pairs)),
        *(line("right", x, of_each(f, pairs), RIGHT) for f in (right.mean_squared_error, right.sum_of_squares_error)),
        x_label=x_label,
        y_range=y_range,
    )


def of_each(right: Callable[..., float], pairs: list[Any]) -> list[float]:
    """What the reference says of each pair."""
    return [right(*pair) for pair in pairs]
