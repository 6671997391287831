"""Random search for hyperparameters: the reference."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def sample_log_uniform(low: float, high: float, rng: np.random.Generator) -> float:
    """Return a number between low and high whose logarithm is uniform.

    Raises ValueError: not 0 < low < high < infinity.
    """
    if not 0 < low < high < math.inf:
        raise ValueError(f"from {low} to {high}; use finite bounds with 0 < low < high")
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def random_search(
    evaluate: Callable[[dict[str, Any]], float],
    space: dict[str, tuple[Any, ...]],
    trials: int,
    rng: np.random.Generator,
) -> tuple[dict[str, Any], list[tuple[dict[str, Any], float]]]:
    """Return the best of some random combinations, and all of them with their scores.

    The first of equal scores wins; NaN compares as larger than nothing, so it never does.
    Raises ValueError: a part of the space makes no sense, trials is below 1, or no score is above minus infinity.
    """
    if trials < 1:
        raise ValueError(f"trials = {trials}; use 1 or more")
    best: dict[str, Any] | None = None
    top = -math.inf
    results = []
    for _ in range(trials):
        params = {name: draw(spec, rng) for name, spec in space.items()}
        score = float(evaluate(dict(params)))
        results.append((params, score))
        if score > top:
            best, top = params, score
    if best is None:
        raise ValueError("no trial had a score above minus infinity")
    return dict(best), results


def draw(spec: tuple[Any, ...], rng: np.random.Generator) -> Any:
    """Return one value of a hyperparameter."""
    kind, *limits = spec
    if kind == "log":
        low, high = limits
        return sample_log_uniform(low, high, rng)
    if kind == "uniform":
        low, high = limits
        if not -math.inf < low < high < math.inf:
            raise ValueError(f"uniform from {low} to {high}; use finite bounds with low < high")
        return float(rng.uniform(low, high))
    if kind == "choice":
        values = limits[0]
        if len(values) == 0:
            raise ValueError("a choice of no values")
        return values[int(rng.integers(len(values)))]
    raise ValueError(f"{kind!r} is no kind of hyperparameter; use log, uniform or choice")
