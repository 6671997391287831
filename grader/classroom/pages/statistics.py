"""What the marks of a class say about its work and about the checks. Runs in: the command line.

Everything is counted among those who have been graded; who handed in nothing, was refused or met a fault of the
grader's stands in `states` alone. The order of the students changes nothing.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

import numpy as np
from numpy.typing import NDArray

from grader.assignment import Demand
from grader.classroom.model import ClassBook, Mark, Row, State
from grader.classroom.pages.standing import state_of
from grader.diary import Tried
from grader.result import CheckResult, ExerciseResult, Misconception, Outcome

BARS = 10  # of the histogram, each a tenth of the points
FEWEST = 10  # students for whom a discrimination is worth a look
_ROUNDING = 1e-9
_NOT_JUDGED = {Outcome.SKIPPED, Outcome.GRADER_ERROR}
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the scores of a class lie, in points, or the times of an exercise, in minutes.

    Quartiles are interpolated between scores, type 7 of Hyndman and Fan (1996), "Sample quantiles in statistical
    packages", The American Statistician 50(4): as NumPy and QUARTILE.INC of spreadsheets have them.
    """

    count: int
    mean: float
    lowest: float
    lower: float  # quartile
    median: float
    upper: float  # quartile
    highest: float


@dataclass(frozen=True, slots=True)
class Item:
    """One check or one exercise, as test theory looks at it.

    `discrimination` is the correlation between success here and the points for everything else, -1 to 1: Henrysson
    (1963), "Correction of item-total correlations in item analysis", Psychometrika 28(2); the point-biserial one where
    success is yes or no. None where fewer than `FEWEST` were judged, or where all are alike in either.
    """

    judged: int
    passed: int
    discrimination: float | None = None

    @property
    def share(self) -> float | None:
        """Of those who were judged, how many passed: 0 to 1. The lower, the more difficult."""
        return self.passed / self.judged if self.judged else None

    @property
    def is_doubtful(self) -> bool:
        """Whether those who do well otherwise fail here, by more than chance: two standard errors of a correlation
        below 0. Something may be wrong with the item."""
        return self.discrimination is not None and self.discrimination < -2 / math.sqrt(self.judged)


@dataclass(frozen=True, slots=True)
class CheckStatistics:
    """One check, over the class."""

    name: str
    demand: str
    core: bool
    advisory: bool
    item: Item


@dataclass(frozen=True, slots=True)
class Common:
    """A misconception, and of how many students among those who were judged."""

    exercise: str  # title
    misconception: Misconception
    checks: tuple[str, ...]  # demands of those that it broke, in their order
    students: int
    judged: int


@dataclass(frozen=True, slots=True)
class TimeToPass:
    """How long one exercise took, by those students' own folders in which it passed its visible checks."""

    minutes: Spread
    runs: float  # median
    unfinished: int  # further students who began it and did not pass


@dataclass(frozen=True, slots=True)
class ExerciseStatistics:
    """One exercise, over the class."""

    demand: Demand
    item: Item
    mean: float | None  # points
    outcomes: Mapping[Outcome, int]  # of the exercise as a whole, students by how it ended
    checks: tuple[CheckStatistics, ...]
    misconceptions: tuple[Common, ...]  # the commonest first
    time: TimeToPass | None  # None where nobody tells


@dataclass(frozen=True, slots=True)
class ClassStatistics:
    """A class as a whole."""

    states: Mapping[State, int]
    graded: int
    spread: Spread | None  # None where nobody has been graded
    histogram: tuple[int, ...]  # students by tenths of the points, full marks in the last; empty where there are none
    exercises: tuple[ExerciseStatistics, ...]

    @property
    def by_time(self) -> list[ExerciseStatistics]:
        """Exercises of which students tell how long they took, the longest median first."""
        told = [e for e in self.exercises if e.time is not None]
        return sorted(told, key=lambda e: -e.time.minutes.median if e.time is not None else 0.0)

    @property
    def misconceptions(self) -> list[Common]:
        """Of all exercises, the commonest first, then in the order of the exercises."""
        return sorted((c for e in self.exercises for c in e.misconceptions), key=lambda common: -common.students)


def statistics_of(book: ClassBook, marks: Sequence[Mark | None]) -> ClassStatistics:
    """The statistics of a class. `marks` are those of the rows, as `mark_of` gives them."""
    both = sorted(zip(book.rows, marks, strict=True), key=lambda pair: pair[0].student.id)
    found = [(row, mark) for row, mark in both if mark is not None and row.state is State.GRADED]
    scores = [mark.score for _, mark in found]
    return ClassStatistics(
        states=Counter(state_of(row, mark) for row, mark in both),
        graded=len(found),
        spread=spread(scores),
        histogram=histogram(scores, book.assignment.points),
        exercises=_exercises(book, found),
    )


def spread(scores: Sequence[float]) -> Spread | None:
    """Where these scores lie; None of none."""
    if not scores:
        return None
    lower, middle, upper = quantiles(scores, n=4, method="inclusive") if len(scores) > 1 else [scores[0]] * 3
    return Spread(len(scores), math.fsum(scores) / len(scores), min(scores), lower, middle, upper, max(scores))


def histogram(scores: Sequence[float], points: float) -> tuple[int, ...]:
    """How many scores lie in each tenth of the points, a bound in the upper one; empty where no points can be had."""
    if not scores or not points > 0:
        return ()
    counts = Counter(min(int(BARS * score / points + _ROUNDING), BARS - 1) for score in scores)
    return tuple(counts[tenth] for tenth in range(BARS))


def discrimination(success: Floats, rest: Floats) -> float | None:
    """The correlation of success in one item and points for all others, both of shape (students,); see `Item`."""
    if len(success) < FEWEST:
        return None
    one, other = success - success.mean(), rest - rest.mean()
    scale = math.sqrt(float(one @ one) * float(other @ other))
    if not (np.ptp(success) > _ROUNDING and np.ptp(rest) > _ROUNDING and scale > 0):
        return None
    return min(max(float(one @ other) / scale, -1.0), 1.0)


def _exercises(book: ClassBook, found: Sequence[tuple[Row, Mark]]) -> tuple[ExerciseStatistics, ...]:
    results = [{result.name: result for result in row.results} for row, _ in found]
    raw = np.array([mark.raw for _, mark in found], dtype=np.float64)
    all_checks = {
        d.exercise.name: _Checks(d, [by.get(d.exercise.name) for by in results]) for d in book.assignment.demands
    }
    everything = sum((checks.points() for checks in all_checks.values()), start=np.zeros(len(found)))
    exercises = []
    for demand in book.assignment.demands:
        name = demand.exercise.name
        ended = [by[name].outcome if name in by else None for by in results]
        judged = np.array([outcome not in {None, Outcome.SKIPPED} for outcome in ended], dtype=bool)
        earned = np.array([mark.exercises[name] for _, mark in found], dtype=np.float64)
        outcomes = Counter(outcome for outcome in ended if outcome is not None)
        count = int(judged.sum())
        exercises.append(
            ExerciseStatistics(
                demand,
                Item(count, outcomes[Outcome.PASSED], discrimination(earned[judged], (raw - earned)[judged])),
                math.fsum(earned[judged]) / count if count else None,
                outcomes,
                tuple(all_checks[name].statistics(everything)),
                _misconceptions(demand, [by[name] for by in results if name in by]),
                _time([one for row, _ in found for one in row.tried if one.exercise == name]),
            )
        )
    return tuple(exercises)


class _Checks:
    """All checks of one exercise: a row for each student, a column for each check; 1 passed, 0 not, NaN not judged."""

    def __init__(self, demand: Demand, results: Sequence[ExerciseResult | None]) -> None:
        self._demand = demand
        self._kinds: dict[str, CheckResult] = {}
        for result in results:
            for check in result.checks if result is not None else ():
                self._kinds.setdefault(check.name, check)
        self._columns = {name: column for column, name in enumerate(self._kinds)}
        self._passed = np.full((len(results), len(self._columns)), np.nan)
        for line, result in enumerate(results):
            if result is None:
                continue
            if result.problem is not None and result.problem.outcome not in _NOT_JUDGED:
                self._passed[line] = 0.0  # whatever checks it lists
            for check in result.checks:
                if check.outcome not in _NOT_JUDGED:
                    self._passed[line, self._columns[check.name]] = check.passed

    def points(self) -> Floats:
        """What each student's checks are worth together, core or not; shape (students,)."""
        points: Floats = np.nan_to_num(self._passed) @ self._worth()
        return points

    def statistics(self, everything: Floats) -> Iterator[CheckStatistics]:
        """Each check. `everything`: what each student's checks of all exercises are worth."""
        for (name, kind), worth in zip(self._kinds.items(), self._worth(), strict=True):
            column = self._passed[:, self._columns[name]]
            judged = ~np.isnan(column)
            passed = column[judged]
            rest = everything[judged] - passed * worth
            item = Item(len(passed), int(passed.sum()), discrimination(passed, rest))
            yield CheckStatistics(name, kind.demand, kind.core, kind.advisory, item)

    def _worth(self) -> Floats:
        """The points for each check, if the core check did not matter; shape (checks,)."""
        weights = np.array([0.0 if c.advisory else self._demand.weight_of(name) for name, c in self._kinds.items()])
        total = weights.sum()
        return self._demand.points * weights / total if total > 0 else np.zeros(len(weights))


def _time(told: Sequence[Tried]) -> TimeToPass | None:
    passed = [one for one in told if one.passed]
    minutes = spread([one.minutes for one in passed])
    if minutes is None:
        return None
    return TimeToPass(minutes, float(median(one.runs for one in passed)), len(told) - len(passed))


def _misconceptions(demand: Demand, results: Sequence[ExerciseResult]) -> tuple[Common, ...]:
    students: Counter[str] = Counter()
    said: dict[str, Misconception] = {}
    broken: dict[str, set[str]] = {}
    order = list(dict.fromkeys(check.demand or check.name for result in results for check in result.checks))
    for result in results:
        seen = [check for check in result.checks if check.misconception is not None]
        for check in seen:
            assert check.misconception is not None
            said.setdefault(check.misconception.name, check.misconception)
            broken.setdefault(check.misconception.name, set()).add(check.demand or check.name)
        students.update({check.misconception.name for check in seen if check.misconception is not None})
    return tuple(
        Common(
            demand.exercise.title,
            said[name],
            tuple(one for one in order if one in broken[name]),
            count,
            len(results),
        )
        for name, count in sorted(students.items(), key=lambda pair: (-pair[1], pair[0]))
    )
