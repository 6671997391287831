"""Random search for hyperparameters. Task: README.md in this folder. Run `grade run random-search`."""

from collections.abc import Callable
from typing import Any

import numpy as np


def sample_log_uniform(low: float, high: float, rng: np.random.Generator) -> float:
    """Draw a number between low and high whose logarithm is spread evenly.

    low, high: the bounds, 0 < low < high, finite. rng: the only source of random numbers.
    Returns a Python float, low <= value <= high but for rounding.
    Raises ValueError: low is 0 or below, low >= high, a bound is infinite or NaN.
    """
    raise NotImplementedError


def random_search(
    evaluate: Callable[[dict[str, Any]], float],
    space: dict[str, tuple[Any, ...]],
    trials: int,
    rng: np.random.Generator,
) -> tuple[dict[str, Any], list[tuple[dict[str, Any], float]]]:
    """Try combinations of values at random and keep the one with the best score.

    evaluate: takes a dictionary, name -> value, and returns the validation score, larger is better; NaN where
    a trial failed. Called once per trial.
    space: name -> ("log", low, high), ("uniform", low, high) or ("choice", [value, ...]). Not changed.
    trials: how many combinations, 1 or more. rng: the only source of random numbers.
    Returns (best, results): the dictionary with the largest score, the first of equal ones; and a list of
    (dictionary, score) in the order of the trials, all of them. The values of "log" and "uniform" and the
    scores are Python floats; those of "choice" are as in the list.
    Raises ValueError: bounds as in sample_log_uniform (for "uniform" low may be 0 or below), an empty list of
    choices, an unknown kind, trials below 1; no score is above minus infinity, e.g. all are NaN.
    """
    raise NotImplementedError
