"""The picture of random-search. Runs in: checks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from random_search import random_search, sample_log_uniform

from grader.asking import Answer, ask, ask_each
from grader.pictures import ERROR, OTHER, RIGHT, YOURS, Figure, counts, figure, histogram, plane, points

LOW, HIGH, DRAWS = 1e-5, 1.0, 400
SPACE = {"lr": ("log", LOW, HIGH), "rate": ("uniform", 0.2, 0.8)}
EDGES = np.linspace(-5, 0, 11)  # of the exponents
TRIALS = 40
AIM = (-2.0, 0.4)  # where the score is largest: the logarithm of lr to the base 10, and the rate


def picture() -> Figure:
    """How often learning rates of each size are drawn; where a search looks, and what it takes for the best."""
    exponents = log10(ask_each(sample_log_uniform, [(LOW, HIGH, np.random.default_rng(6))] * DRAWS))
    tried: list[NDArray[np.float64]] = []

    def evaluate(params: dict[str, Any]) -> float:
        tried.append(place(Answer("random_search", params)))
        return score(tried[-1])

    yours = place(ask(random_search, evaluate, SPACE, TRIALS, np.random.default_rng(4)).item(0))
    scores = np.array([score(one) for one in tried])
    x, y = np.reshape(tried, (-1, 2)).T
    best = np.flatnonzero(scores == np.nanmax(scores, initial=-np.inf))[:1]
    return figure(
        "Your search",
        histogram(
            f"{DRAWS} learning rates",
            counts("yours", exponents, EDGES),
            counts("right", np.linspace(-5, 0, DRAWS), EDGES, RIGHT),
            x_label="log₁₀ of the learning rate",
        ),
        plane(
            f"{TRIALS} trials; best is near (-2, 0.4)",
            points("tried", x[~np.isnan(scores)], y[~np.isnan(scores)], OTHER),
            points("diverged", x[np.isnan(scores)], y[np.isnan(scores)], ERROR),
            points("your best", yours[:1], yours[1:], YOURS),
            points("right", x[best], y[best], RIGHT),
            x_label="log₁₀ of the learning rate",
            y_label="rate",
            x_range=(-5.2, 0.2),
            y_range=(-0.1, 1.1),
        ),
        alt="Left, a histogram of 400 learning rates from 1e-5 to 1: bars of about 40 for each half power of ten,"
        " along a level outline. Right, 40 trials scattered from side to side, with rates from 0.2 to 0.8; those with"
        " a learning rate above 0.1 diverged. The best one, which lies nearest to (-2, 0.4), is marked by you and by a"
        " cross.",
        caption="Drawn evenly in the exponent, small rates are tried as often as large ones; evenly in the value, nine"
        " of ten would lie above 0.1.",
    )


def place(params: Answer) -> NDArray[np.float64]:
    """Where a trial lies: the logarithm of its learning rate, and its rate."""
    found = params.value if isinstance(params.value, dict) else {}
    lr, rate = (Answer(f"For {name}, {params.name}", found.get(name), ok=params.ok).numbers() for name in SPACE)
    return np.array([log10(lr), rate])


def score(at: NDArray[np.float64]) -> float:
    """How good a trial is: the nearer to AIM, the better; NaN where the learning rate is too large."""
    return float("nan") if at[0] > -1 else -float(((at - AIM) ** 2).sum())


def log10(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithms, NaN or infinite where there are none."""
    with np.errstate(all="ignore"):
        return np.asarray(np.log10(values))
