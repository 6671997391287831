"""What the marks of a class say about its work and about the checks. Runs in: the command line.

Everything is counted among those who have been graded; who handed in nothing, was refused or met a fault of the
grader's stands in `states` alone.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import median, quantiles

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from grader.assignment import Demand
from grader.classroom.model import ClassBook, Mark, Row, State
from grader.classroom.pages.standing import mark_of, state_of
from grader.diary import Tried
from grader.result import CheckResult, ExerciseResult, Misconception, Outcome

BARS = 10  # of the histogram, each a tenth of the points
FEWEST = 10  # students for whom a discrimination is worth a look
_ROUNDING = 1e-9
_NOT_JUDGED = {Outcome.SKIPPED, Outcome.GRADER_ERROR}
Floats = NDArray[np.float64]


class Spread(Struct, frozen=True):
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


class Item(Struct, frozen=True):
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


class CheckStatistics(Struct, frozen=True):
    """One check, over the class."""

    name: str
    demand: str
    core: bool
    advisory: bool
    item: Item


class Common(Struct, frozen=True):
    """A misconception, and of how many students among those who were judged."""

    exercise: str  # title
    misconception: Misconception
    checks: tuple[str, ...]  # demands of those that it broke, in their order
    students: int
    judged: int


class TimeToPass(Struct, frozen=True):
    """How long one exercise took, by those students' own folders in which it passed its visible checks."""

    minutes: Spread
    runs: float  # median
    unfinished: int  # further students who began it and did not pass


class ExerciseStatistics(Struct, frozen=True):
    """One exercise, over the class."""

    demand: Demand
    item: Item
    mean: float | None  # points
    outcomes: Mapping[Outcome, int]  # of the exercise as a whole, students by how it ended
    checks: tuple[CheckStatistics, ...]
    misconceptions: tuple[Common, ...]  # the commonest first
    time: TimeToPass | None  # None where nobody tells


class ClassStatistics(Struct, frozen=True):
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


def statistics_of(book: ClassBook) -> ClassStatistics:
    """The statistics of a class. Its rows are read one by one, and a few numbers of each are kept."""
    states: Counter[State] = Counter()
    scores: list[float] = []
    raw: list[float] = []
    exercises = [_Exercise(demand) for demand in book.assignment.demands]
    for row in book.rows:
        mark = mark_of(row, book.assignment)
        states[state_of(row, mark)] += 1
        if mark is None or row.state is not State.GRADED:
            continue
        scores.append(mark.score)
        raw.append(mark.raw)
        for exercise in exercises:
            exercise.add(row, mark)
    everything = sum((exercise.points_of_checks() for exercise in exercises), start=np.zeros(len(scores)))
    return ClassStatistics(
        states=states,
        graded=len(scores),
        spread=spread(scores),
        histogram=histogram(scores, book.assignment.points),
        exercises=tuple(exercise.statistics(np.array(raw), everything) for exercise in exercises),
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


class _Exercise:
    """One exercise while the class is read: of each who has been graded, what is needed in the end and no more."""

    def __init__(self, demand: Demand) -> None:
        self._demand = demand
        self._checks: dict[str, CheckResult] = {}  # by name, without what one student got there
        self._passed: list[tuple[NDArray[np.float32], float]] = []  # of the checks known then, and of all others
        self._ended: list[Outcome | None] = []
        self._earned: list[float] = []
        self._told: list[Tried] = []
        self._students: Counter[str] = Counter()  # by misconception
        self._said: dict[str, Misconception] = {}
        self._broken: dict[str, set[str]] = {}

    def add(self, row: Row, mark: Mark) -> None:
        """Count one who has been graded."""
        name = self._demand.exercise.name
        result = next((one for one in row.results if one.name == name), None)
        self._passed.append(self._passes_of(result))
        self._ended.append(result.outcome if result is not None else None)
        self._earned.append(mark.exercises[name])
        self._told += [one for one in row.tried if one.exercise == name]
        if result is not None:
            self._count_misconceptions(result)

    def _passes_of(self, result: ExerciseResult | None) -> tuple[NDArray[np.float32], float]:
        """1 for each check that passed, 0 where not, NaN where it was not judged; and what all unknown ones have."""
        if result is None:
            return np.empty(0, np.float32), np.nan
        for check in result.checks:
            if check.name not in self._checks:
                bare = CheckResult(check.name, check.demand, check.outcome, core=check.core, advisory=check.advisory)
                self._checks[check.name] = bare
        broken = result.problem is not None and result.problem.outcome not in _NOT_JUDGED  # whatever checks it lists
        found = dict.fromkeys(self._checks, 0.0 if broken else np.nan)
        found |= {check.name: float(check.passed) for check in result.checks if check.outcome not in _NOT_JUDGED}
        return np.array(list(found.values()), np.float32), 0.0 if broken else np.nan

    def _count_misconceptions(self, result: ExerciseResult) -> None:
        seen = {}
        for check in result.checks:
            if check.misconception is not None:
                seen[check.misconception.name] = check.misconception
                self._broken.setdefault(check.misconception.name, set()).add(check.demand or check.name)
        self._students.update(seen.keys())
        self._said = seen | self._said

    # -- when all have been counted

    def points_of_checks(self) -> Floats:
        """What each student's checks are worth together, core or not; shape (students,)."""
        points: Floats = np.nan_to_num(self._passes()) @ self._worth()
        return points

    def statistics(self, raw: Floats, everything: Floats) -> ExerciseStatistics:
        """`raw`: each student's points for all exercises; `everything`: what their checks of all are worth."""
        judged = np.array([outcome not in {None, Outcome.SKIPPED} for outcome in self._ended], dtype=bool)
        earned = np.array(self._earned, dtype=np.float64)
        outcomes = Counter(outcome for outcome in self._ended if outcome is not None)
        count = int(judged.sum())
        return ExerciseStatistics(
            self._demand,
            Item(count, outcomes[Outcome.PASSED], discrimination(earned[judged], (raw - earned)[judged])),
            math.fsum(earned[judged]) / count if count else None,
            outcomes,
            tuple(self._statistics_of_checks(everything)),
            tuple(self._misconceptions()),
            _time(self._told),
        )

    def _statistics_of_checks(self, everything: Floats) -> Iterator[CheckStatistics]:
        for check, column, worth in zip(self._checks.values(), self._passes().T, self._worth(), strict=True):
            judged = ~np.isnan(column)
            passed = column[judged]
            rest = everything[judged] - passed * worth
            item = Item(len(passed), int(passed.sum()), discrimination(passed, rest))
            yield CheckStatistics(check.name, check.demand, check.core, check.advisory, item)

    def _passes(self) -> Floats:
        """1 passed, 0 not, NaN not judged; shape (students, checks)."""
        passes = np.empty((len(self._passed), len(self._checks)))
        for line, (known, unknown) in enumerate(self._passed):
            passes[line] = unknown
            passes[line, : len(known)] = known
        return passes

    def _worth(self) -> Floats:
        """The points for each check, if the core check did not matter; shape (checks,)."""
        weights = np.array([0.0 if c.advisory else self._demand.weight_of(name) for name, c in self._checks.items()])
        total = weights.sum()
        return self._demand.points * weights / total if total > 0 else np.zeros(len(weights))

    def _misconceptions(self) -> Iterator[Common]:
        """The commonest first."""
        demands = list(dict.fromkeys(check.demand or name for name, check in self._checks.items()))
        judged = sum(outcome is not None for outcome in self._ended)
        for name, count in sorted(self._students.items(), key=lambda pair: (-pair[1], pair[0])):
            broken = tuple(demand for demand in demands if demand in self._broken[name])
            yield Common(self._demand.exercise.title, self._said[name], broken, count, judged)


def _time(told: Sequence[Tried]) -> TimeToPass | None:
    passed = [one for one in told if one.passed]
    minutes = spread([one.minutes for one in passed])
    if minutes is None:
        return None
    return TimeToPass(minutes, float(median(one.runs for one in passed)), len(told) - len(passed))
