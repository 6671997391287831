"""The picture of mlp-forward. Runs in: checks."""

from itertools import pairwise

import numpy as np
from mlp_forward import mlp_forward
from numpy.typing import NDArray

from grader.asking import ask
from grader.checks import reference
from grader.pictures import RIGHT, Figure, Panel, figure, line, plane

X = np.linspace(-3, 3, 121)[:, np.newaxis]  # one input
Layers = tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]]


def picture() -> Figure:
    """What networks of three layers make of one number, for each task."""
    return figure(
        "Your network's answers",
        task("regression", "relu", network(2559, 1, 2), ["yours"], (-4.5, 4.5)),
        task("binary", "sigmoid", network(119, 1, 5), ["yours"], (-0.3, 1.3)),
        task("multiclass", "relu", network(141, 3, 2), ["class 0", "class 1", "class 2"], (-0.1, 1.1)),
        alt="Three planes with the input x from -3 to 3, yours over the right ones. Regression with ReLU: a line of"
        " straight pieces with kinks, also below 0. Binary with sigmoid: a smooth curve between 0 and 1. Multiclass"
        " with ReLU: three curves between 0 and 1 that add up to 1 everywhere.",
        caption="ReLU bends straight lines, sigmoid makes them round; the last layer says which answers there can be.",
    )


def task(name: str, hidden: str, layers: Layers, labels: list[str], y_range: tuple[float, float]) -> Panel:
    """The outputs over the input, one line for each output unit."""
    yours = ask(mlp_forward, X, *layers, hidden, name).numbers(len(X), len(labels))
    right = reference("mlp-forward").mlp_forward(X, *layers, hidden, name)
    return plane(
        f"{name.capitalize()}, {hidden}",
        *(line(label, X, y) for label, y in zip(labels, yours.T, strict=True)),
        *(line("right", X, y, RIGHT) for y in right.T),
        x_label="x",
        y_range=y_range,
    )


def network(seed: int, outputs: int, size: float) -> Layers:
    """Weights, of about this size, and biases for one input and two hidden layers of six units."""
    rng = np.random.default_rng(seed)
    sizes = [1, 6, 6, outputs]
    weights = [rng.normal(scale=size / np.sqrt(a), size=(a, b)) for a, b in pairwise(sizes)]
    return weights, [rng.normal(size=b) for b in sizes[1:]]
