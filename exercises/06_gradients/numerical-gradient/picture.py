"""The picture of numerical-gradient. Runs in: checks."""

from collections.abc import Sequence

import numpy as np
from numerical_gradient import numerical_gradient
from numpy.typing import ArrayLike, NDArray

from grader.asking import ask
from grader.checks import reference
from grader.pictures import ERROR, OTHER, RIGHT, Figure, Panel, figure, line, plane

EXPONENTS = np.linspace(-1, -13, 37)
H = 0.5  # so large that mistakes are seen; a central difference of a bowl is right with any
SMALLEST = 1e-13  # of the errors that are shown


def picture() -> Figure:
    """Gradients on a level line, and the error over the size of the step."""
    return figure(
        "Your gradients",
        on_a_level_line(),
        by_step(),
        alt="Left, a tilted ellipse on which a function is 1, and gradients as strokes from twelve of its points: the"
        " right ones point outwards, straight away from the line. Right, how far the slope of eˣ at 1 is off by h, over"
        " the right one: on the way from h = 0.1 down it falls to about 1e-11 near 1e-5, then it rises again, jagged.",
        caption="A gradient points where the function grows fastest; and the best h is neither large nor tiny.",
    )


def on_a_level_line() -> Panel:
    """Half gradients of the bowl as strokes; both axes have the same scale."""
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    around = np.linspace(0, 2 * np.pi, 121)
    places = level_line(angles)
    yours = [ask(numerical_gradient, bowl, place, H).numbers(2) for place in places]
    right = [reference("numerical-gradient").numerical_gradient(bowl, place, H) for place in places]
    ring, mine, theirs = level_line(around), strokes(places, yours), strokes(places, right)
    return plane(
        f"Gradients with h = {H}",
        line("level line", ring[:, 0], ring[:, 1], OTHER),
        line("yours", mine[0], mine[1]),
        line("right", theirs[0], theirs[1], RIGHT),
        x_label="x",
        x_range=(-4.2, 4.2),
        y_range=(-2.2, 2.2),
    )


def by_step() -> Panel:
    """How far the slope of eˣ at 1 is off, by the size of h."""
    right = reference("numerical-gradient").numerical_gradient
    yours = [ask(numerical_gradient, exponential, 1.0, h).numbers() for h in 10**EXPONENTS]
    wanted = [right(exponential, 1.0, h) for h in 10**EXPONENTS]
    return plane(
        "How far the slope of eˣ is off",
        line("yours", EXPONENTS, off(yours), ERROR),
        line("right", EXPONENTS, off(wanted), RIGHT),
        x_label="x, for h = 10ˣ",
        y_range=(SMALLEST, 100),
        logarithmic=True,
    )


def strokes(places: NDArray[np.float64], gradients: Sequence[ArrayLike]) -> NDArray[np.float64]:
    """x and y (2, 3 N) of a stroke from each place (N, 2), half as long as its gradient, and a gap after it."""
    ends = places + 0.5 * np.array(gradients)
    return np.stack([places, ends, np.full_like(ends, np.nan)], axis=1).reshape(-1, 2).T


def off(slopes: Sequence[ArrayLike]) -> NDArray[np.float64]:
    """The distance from the slope of eˣ at 1."""
    return np.maximum(np.abs(np.array(slopes, dtype=np.float64) - np.e), SMALLEST)


def bowl(point: NDArray[np.float64]) -> float:
    """(x + y)² / 4 + 3/4 y²: a tilted bowl."""
    x, y = np.asarray(point)
    return float((x + y) ** 2 / 4 + 0.75 * y**2)


def level_line(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (N, 2) at which the bowl is 1."""
    y = np.sin(angles) / np.sqrt(0.75)
    return np.column_stack([2 * np.cos(angles) - y, y])


def exponential(x: NDArray[np.float64]) -> float:
    """eˣ."""
    return float(np.exp(x))
