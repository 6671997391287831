"""Hidden checks of `random-search`."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from random_search import random_search, sample_log_uniform

from grader.checks import assert_number, note

Trial = dict[str, Any]
SPACE: dict[str, tuple[Any, ...]] = {
    "lr": ("log", 1e-5, 1e-1),
    "momentum": ("uniform", 0.5, 1.0),
    "batch": ("choice", [16, 32, 64]),
}


class Scores:
    """Something to evaluate: gives the scores one after the other and remembers what it was asked."""

    def __init__(self, scores: list[float]) -> None:
        self.scores = scores
        self.asked: list[Trial] = []

    def __call__(self, trial: Trial) -> float:
        self.asked.append(trial)
        assert len(self.asked) <= len(self.scores), f"evaluate was called more than {len(self.scores)} times"
        return self.scores[len(self.asked) - 1]


def searched(
    evaluate: Callable[[Trial], float], space: dict[str, tuple[Any, ...]], trials: int, seed: int
) -> tuple[Trial, list[Any]]:
    """The learner's search, and what is always demanded of it: a dictionary with the right names, and a list."""
    result = random_search(evaluate, space, trials, np.random.default_rng(seed))
    assert isinstance(result, tuple), "random_search must return a tuple: (best, results)"
    assert len(result) == 2, "random_search must return two things: (best, results)"
    best, results = result
    assert isinstance(best, dict), "the first of the two results must be the dictionary of the best trial"
    assert set(best) == set(space), f"the best trial has the names {sorted(best)}; expected {sorted(space)}"
    assert isinstance(results, list), "the second of the two results must be a list of pairs"
    return best, results


def test_best_by_score() -> None:
    """Of the scores 0.3, 0.9, 0.9, NaN, 0.5, 0.4 the second wins; evaluate is called once per trial."""
    evaluate = Scores([0.3, 0.9, 0.9, np.nan, 0.5, 0.4])
    best, _ = searched(evaluate, SPACE, 6, seed=1)
    assert len(evaluate.asked) == 6, f"evaluate was called {len(evaluate.asked)} times; expected 6"
    assert best == evaluate.asked[1], "the best trial must be the second: the first with the largest score"


def test_log_uniform() -> None:
    """Of 500 draws between 1e-6 and 0.1, all are inside and a fifth falls into each power of ten."""
    rng = np.random.default_rng(2)
    draws = [sample_log_uniform(1e-6, 1e-1, rng) for _ in range(500)]
    for value in draws[:3]:
        assert_number(value, kind=float)
    assert min(draws) >= 1e-6 * (1 - 1e-9), f"{min(draws)} is below the lower bound of 1e-6"
    assert max(draws) <= 1e-1 * (1 + 1e-9), f"{max(draws)} is above the upper bound of 0.1"
    counts, _ = np.histogram(np.clip(np.log10(draws), -6, -1), bins=[-6, -5, -4, -3, -2, -1])
    note(f"draws from 1e-6 on, in each power of ten: {counts.tolist()}")
    error = 6 * np.sqrt(500 * 0.2 * 0.8)
    assert (abs(counts - 100) <= error).all(), f"the powers of ten got {counts.tolist()} draws; expected about 100 each"
    assert len(set(draws)) > 450, f"there are only {len(set(draws))} different values among 500 draws"


def test_trials_independent() -> None:
    """In 200 trials there are 200 learning rates, and they say nothing about the other values."""
    evaluate = Scores([0.5] * 200)
    searched(evaluate, {"lr": ("log", 1e-5, 1e-1), "decay": ("log", 1e-8, 1e-2), "momentum": ("uniform", 0, 1)}, 200, 3)
    logs = np.log([[trial["lr"], trial["decay"], np.exp(trial["momentum"])] for trial in evaluate.asked])
    different = len(set(logs[:, 0]))
    assert different == 200, f"200 trials had {different} different learning rates; draw anew in each trial"
    for i, j, names in ((0, 1, "lr and decay"), (0, 2, "lr and momentum"), (1, 2, "decay and momentum")):
        with np.errstate(all="ignore"):
            correlation = float(np.corrcoef(logs[:, i], logs[:, j])[0, 1])
        assert abs(correlation) <= 6 / np.sqrt(200), f"{names} go together (correlation {correlation:.2f})"


def test_kinds() -> None:
    """Choices come from the list, all of them, as they stand there; numbers from all of their range."""
    layers = [(100,), (50, 50), (30, 30, 30)]
    space: dict[str, tuple[Any, ...]] = {
        "batch": ("choice", [16, 32, 64, 128]),
        "layers": ("choice", layers),
        "optimizer": ("choice", ["adam"]),
        "shift": ("uniform", -1.0, 3.0),
        "lr": ("log", 1e-5, 1e-1),
    }
    evaluate = Scores([0.5] * 60)
    searched(evaluate, space, 60, seed=4)
    batches = {trial["batch"] for trial in evaluate.asked}
    assert batches == {16, 32, 64, 128}, f"60 draws from the choice 16, 32, 64, 128 gave {batches}"
    drawn = [trial["layers"] for trial in evaluate.asked]
    assert all(value in drawn for value in layers), "60 draws from a choice of three tuples left one out"
    assert all(value in layers for value in drawn), "a choice came back as something that is not in its list"
    assert {trial["optimizer"] for trial in evaluate.asked} == {"adam"}, "a choice of one value always gives that one"
    shifts = [trial["shift"] for trial in evaluate.asked]
    rates = [trial["lr"] for trial in evaluate.asked]
    assert_number(shifts[0], kind=float)
    assert_number(rates[0], kind=float)
    assert min(shifts) >= -1, f"a uniform draw from -1 to 3 gave {min(shifts)}"
    assert max(shifts) <= 3, f"a uniform draw from -1 to 3 gave {max(shifts)}"
    assert min(shifts) < 0, f"60 uniform draws from -1 to 3 were all above {min(shifts):.3g}"
    assert max(shifts) > 2, f"60 uniform draws from -1 to 3 were all below {max(shifts):.3g}"
    small = sum(rate < 1e-3 for rate in rates)
    assert 10 <= small <= 50, f"{small} of 60 learning rates from 1e-5 to 0.1 were below 0.001; expected about half"


def test_results_complete() -> None:
    """The results hold each trial with its score, in order, as evaluate got it; a score of 0 becomes 0.0."""
    scores = [0, 0.75, np.nan, 0.5]
    evaluate = Scores(scores)
    best, results = searched(evaluate, SPACE, 4, seed=5)
    assert len(searched(Scores([0.5]), SPACE, 1, seed=5)[1]) == 1, "a single trial has a single result"
    assert len(results) == 4, f"there are {len(results)} results of 4 trials; failed trials count too"
    for i, pair in enumerate(results):
        assert isinstance(pair, tuple), "each result must be a tuple: (dictionary, score)"
        assert len(pair) == 2, "each result must be a pair: (dictionary, score)"
        assert pair[0] == evaluate.asked[i], f"the dictionary of trial {i} is not the one that was evaluated"
        assert_number(pair[1], kind=float)
        assert np.array_equal(pair[1], scores[i], equal_nan=True), f"trial {i} scored {scores[i]}, not {pair[1]}"
    assert best == results[1][0], "the best trial must be the one with the largest score in the results"


def test_unusual_scores() -> None:
    """Negative scores, and a NaN or minus infinity at the very first, are no trouble; nothing but those: ValueError."""
    for scores, winner in (([-3.0, -1.0, -2.0], 1), ([np.nan, 0.25, 0.75, 0.5], 2), ([-np.inf, -5.0, -6.0], 1)):
        evaluate = Scores(scores)
        best, _ = searched(evaluate, SPACE, len(scores), seed=6)
        assert best == evaluate.asked[winner], f"of the scores {scores} number {winner} must win, counted from 0"
    for hopeless in ([np.nan, np.nan], [-np.inf, -np.inf], [np.nan, -np.inf]):
        with pytest.raises(ValueError):
            random_search(Scores(hopeless), SPACE, 2, np.random.default_rng(7))


def test_repeatable() -> None:
    """The same seed gives the same trials, another seed gives others."""
    runs = []
    for seed in (8, 8, 9):
        evaluate = Scores([0.5] * 6)
        searched(evaluate, SPACE, 6, seed)
        runs.append(evaluate.asked)
    assert runs[0] == runs[1], "two searches with generators of the same seed had different trials"
    assert runs[0] != runs[2], "two searches with generators of different seeds had the same trials"
    first, again, other = (sample_log_uniform(1e-3, 1.0, np.random.default_rng(seed)) for seed in (8, 8, 9))
    assert first == again, "sample_log_uniform drew different numbers from generators of the same seed"
    assert first != other, "sample_log_uniform drew the same number from generators of different seeds"


def test_bad_arguments() -> None:
    """Bounds that make no range, an empty choice, an unknown kind and no trials are refused with ValueError."""
    rng = np.random.default_rng(10)
    bad = [(0.0, 1.0), (-1.0, 1.0), (0.1, 0.01), (0.1, 0.1), (0.1, np.inf), (np.nan, 1.0), (0.1, np.nan)]
    for low, high in bad:
        with pytest.raises(ValueError):
            sample_log_uniform(low, high, rng)
    specs: list[tuple[Any, ...]] = [("log", 0.0, 1.0), ("log", 0.1, 0.01), ("choice", []), ("gauss", 0.0, 1.0)]
    specs += [("uniform", 1.0, 0.0), ("uniform", 1.0, 1.0), ("uniform", 0.0, np.inf), ("uniform", np.nan, 1.0)]
    specs += [("uniform", -np.inf, 0.0)]
    for spec in specs:
        with pytest.raises(ValueError):
            random_search(Scores([0.5, 0.5]), {"value": spec}, 2, rng)
    for trials in (0, -1):
        with pytest.raises(ValueError):
            random_search(Scores([0.5]), SPACE, trials, rng)
