"""Hidden checks of `early-stopping`."""

import math
from typing import Any, NamedTuple

import pytest
from early_stopping import early_stopping

from grader.checks import assert_number

NAN, INF = math.nan, math.inf


class Case(NamedTuple):
    """Losses with a patience, and the two epochs that must come out."""

    losses: list[float]
    patience: int
    stop_epoch: int
    best_epoch: int
    min_delta: float = 0.0

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What early_stopping is called with; a min_delta of 0 is left out."""
        return (self.losses, self.patience, self.min_delta)[: 3 if self.min_delta else 2]


def demand(*cases: Case) -> None:
    """Compare the learner's epochs with the expected ones, once all answers are there."""
    answers = [early_stopping(*case.arguments) for case in cases]
    for case, answer in zip(cases, answers, strict=True):
        assert isinstance(answer, tuple), "early_stopping must return a tuple: (stop_epoch, best_epoch)"
        assert len(answer) == 2, "early_stopping must return two things: (stop_epoch, best_epoch)"
        stop_epoch, best_epoch = answer
        assert_number(stop_epoch, kind=int)
        assert_number(best_epoch, kind=int)
        delta = f", min_delta {case.min_delta}" if case.min_delta else ""
        given = f"losses {case.losses}, patience {case.patience}{delta}"
        assert stop_epoch == case.stop_epoch, f"{given}: stop_epoch is {stop_epoch}; expected {case.stop_epoch}"
        assert best_epoch == case.best_epoch, f"{given}: best_epoch is {best_epoch}; expected {case.best_epoch}"


def test_example() -> None:
    """0.9, 0.8, 0.75, 0.77, 0.76 with patience 2 stops at epoch 4, keeps epoch 2, and never sees the later 0.5."""
    losses = [0.9, 0.8, 0.75, 0.77, 0.76, 0.5]
    demand(Case(losses, 2, 4, 2), Case([*losses, 0.6, 0.7, 0.8, 0.4], 2, 4, 2))


def test_counter_resets() -> None:
    """After an improvement the waiting begins again; without a stop the last epoch is the end."""
    demand(
        Case([1.0, 0.9, 0.95, 0.8, 0.85, 0.7], 2, 5, 5),
        Case([0.5, 0.6, 0.7, 0.4, 0.5, 0.6, 0.7, 0.1], 3, 6, 3),
        Case([0.7], 1, 0, 0),
    )


def test_compared_with_best() -> None:
    """A loss that is below the previous one and not below the best is no improvement."""
    demand(Case([1.0, 0.5, 0.9, 0.8, 0.7], 3, 4, 1), Case([1.0, 0.5, 0.9, 0.8, 0.7, 0.6], 9, 5, 1))


def test_plateau_is_no_improvement() -> None:
    """A loss that is equal to the best is no improvement."""
    demand(Case([0.5, 0.5, 0.5], 2, 2, 0), Case([0.5, 0.25, 0.25, 0.25, 0.125], 2, 3, 1))


def test_patience_counts() -> None:
    """Patience 1 stops at the first epoch without improvement; patience 3 waits for three of them."""
    demand(Case([0.5, 0.6, 0.4], 1, 1, 0), Case([0.5, 0.6, 0.7, 0.65, 0.1], 3, 3, 0), Case([0.5, 0.6, 0.7], 3, 2, 0))


def test_min_delta() -> None:
    """Gains of 0.01 don't count with min_delta 0.05; small gains add up against the best."""
    demand(
        Case([1.0, 0.99, 0.98, 0.97, 0.2], 3, 3, 0, 0.05),
        Case([1.0, 0.97, 0.94, 0.91], 3, 3, 2, 0.05),
        Case([1.0, 0.5, 0.25], 1, 1, 0, 0.5),
        Case([4.0, 3.9, 3.8, 3.77], 1, 3, 2, 0.05),
        Case([1.0, 1.02, 1.01, 1.03], 2, 2, 0, 0.05),
    )


def test_nan_loss() -> None:
    """NaN and infinity are no improvement, in first place neither; where nothing is finite, ValueError."""
    demand(
        Case([0.5, NAN, 0.4, NAN, NAN, 0.3], 2, 4, 2),
        Case([0.5, NAN, 0.6, 0.7], 2, 2, 0),
        Case([NAN, 0.5, 0.4, 0.6], 2, 3, 2),
        Case([INF, 0.5, 0.7], 3, 2, 1),
    )
    with pytest.raises(ValueError):
        early_stopping([NAN, NAN, 0.5], 2)
    with pytest.raises(ValueError):
        early_stopping([INF, NAN], 5)


def test_bad_arguments() -> None:
    """No losses, patience 0 or -1, and a min_delta below 0, NaN or infinite are refused with ValueError."""
    with pytest.raises(ValueError):
        early_stopping([], 2)
    for patience in (0, -1):
        with pytest.raises(ValueError):
            early_stopping([0.5, 0.4], patience)
    for min_delta in (-0.1, NAN, INF):
        with pytest.raises(ValueError):
            early_stopping([0.5, 0.4], 2, min_delta)
