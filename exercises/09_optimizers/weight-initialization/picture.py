"""The picture of weight-initialization. Runs in: checks."""

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray
from weight_init import init_network, init_weights

from grader.asking import Answer, ask
from grader.checks import reference
from grader.pictures import RIGHT, Figure, Panel, counts, figure, histogram, line, plane

INPUTS, OUTPUTS = 50, 100
SPREADS = {"random": 0.01, "xavier": (2 / (INPUTS + OUTPUTS)) ** 0.5, "he": (2 / INPUTS) ** 0.5}
QUANTILES = np.array([NormalDist().inv_cdf((k + 0.5) / (INPUTS * OUTPUTS)) for k in range(INPUTS * OUTPUTS)])
LAYERS, UNITS = 10, 100


def picture() -> Figure:
    """The weights of three schemes, and what becomes of a signal in ten layers with ReLU."""
    right = reference("weight-initialization").init_network
    layers = range(LAYERS + 1)
    return figure(
        "Your weights",
        *(weights(scheme) for scheme in SPREADS),
        plane(
            "A signal through ten layers",
            *(line(f"your {scheme}", layers, strengths(ask(init_network, *network(scheme)))) for scheme in SPREADS),
            *(line("right", layers, strengths(Answer("", right(*network(s)))), RIGHT) for s in SPREADS),
            x_label="layer",
            y_label="mean square",
            y_range=(1e-24, 1e4),
            logarithmic=True,
        ),
        alt="Three histograms of 5,000 weights, for random, xavier and he: bells around 0 that fill the outline of the"
        " right one, and reach to 0.03, 0.3 and 0.6. Then the mean square of a signal in ten layers with ReLU: with he"
        " it stays near 1, with xavier it falls to about 0.001, with random to 1e-23.",
        caption="The spread decides: with he each ReLU layer hands on as much as it gets, with random almost nothing.",
    )


def weights(scheme: str) -> Panel:
    """How often weights of each size come in one layer, and should come."""
    edges = 4 * SPREADS[scheme] * np.linspace(-1, 1, 33)
    yours = ask(init_weights, INPUTS, OUTPUTS, scheme, np.random.default_rng(1)).numbers(INPUTS, OUTPUTS)
    return histogram(
        f"With {scheme}",
        counts("yours", yours, edges),
        counts("right", SPREADS[scheme] * QUANTILES, edges, RIGHT),
        x_label="weight",
    )


def network(scheme: str) -> tuple[list[int], str, np.random.Generator]:
    """The arguments for a network of equal layers."""
    return [UNITS] * (LAYERS + 1), scheme, np.random.default_rng(2)


def strengths(answer: Answer) -> NDArray[np.float64]:
    """The mean square of the inputs and of the units of each layer."""
    params: dict[str, Any] = answer.value if isinstance(answer.value, dict) else {}
    x = np.random.default_rng(3).normal(size=(32, UNITS))
    squares = [(x**2).mean()]
    for k in range(1, LAYERS + 1):
        W = Answer(f"For W{k}, {answer.name}", params.get(f"W{k}"), ok=answer.ok).numbers(UNITS, UNITS)
        b = Answer(f"For b{k}, {answer.name}", params.get(f"b{k}"), ok=answer.ok).numbers(UNITS)
        with np.errstate(all="ignore"):
            x = np.maximum(x @ W + b, 0)
            squares.append((x**2).mean())
    return np.array(squares)
