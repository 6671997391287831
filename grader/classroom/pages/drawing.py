"""Where the bars of a class page's pictures stand, in units of the pictures. Runs in: the command line."""

from collections.abc import Mapping

from msgspec import Struct

from grader.classroom.pages.statistics import BARS, ClassStatistics, ExerciseStatistics, Spread
from grader.report.wording import OUTCOME_WORDS
from grader.result import Outcome

WIDTH, LEFT, BASE, TALLEST = 340.0, 14.0, 112.0, 92.0  # of the histogram
_INNER = WIDTH - 2 * LEFT
_GAP = 2.0  # between two bars
_MARK = 1.5  # width of the mark of a median
_MOODS = {  # the CSS class of a part of a bar, in the order in which the parts stand
    Outcome.PASSED: "good",
    Outcome.FAILED: "bad",
    Outcome.RAISED: "soft",
    Outcome.IMPORT_ERROR: "soft",
    Outcome.CRASHED: "soft",
    Outcome.TIMED_OUT: "soft",
    Outcome.OUT_OF_MEMORY: "soft",
    Outcome.REFUSED: "soft",
    Outcome.GRADER_ERROR: "soft",
    Outcome.NOT_STARTED: "idle",
    Outcome.SKIPPED: "idle",
}


class Bar(Struct, frozen=True):
    """One bar of the histogram."""

    label: str  # "20 to 30 %"
    count: int
    x: float
    y: float
    width: float
    height: float


class Box(Struct, frozen=True):
    """The box plot below the histogram: places along the axis."""

    lowest: float
    lower: float
    median: float
    upper: float
    highest: float
    mean: float


class Histogram(Struct, frozen=True):
    """The scores of a class as a picture. `ticks`: places along the axis with their labels."""

    bars: tuple[Bar, ...]
    box: Box
    ticks: tuple[tuple[float, str], ...]


class Piece(Struct, frozen=True):
    """A part of a bar that is 100 units long."""

    words: str
    mood: str
    count: int
    x: float
    width: float


def histogram_of(statistics: ClassStatistics, points: float) -> Histogram | None:
    """The picture of the scores; None where there are none."""
    counts, spread = statistics.histogram, statistics.spread
    if not counts or spread is None:
        return None
    step, most = _INNER / BARS, max(counts)
    bars = tuple(
        Bar(
            f"{10 * tenth} to {10 * tenth + 10}\u00a0%",
            count,
            LEFT + tenth * step + _GAP / 2,
            BASE - TALLEST * count / most,
            step - _GAP,
            TALLEST * count / most,
        )
        for tenth, count in enumerate(counts)
    )

    def along(score: float) -> float:
        return LEFT + _INNER * min(max(score / points, 0.0), 1.0)

    box = Box(*map(along, (spread.lowest, spread.lower, spread.median, spread.upper, spread.highest, spread.mean)))
    return Histogram(bars, box, tuple((LEFT + _INNER * tenth / BARS, f"{10 * tenth}") for tenth in range(0, 11, 2)))


def pieces(outcomes: Mapping[Outcome, int]) -> list[Piece]:
    """How an exercise ended for all students, as one bar."""
    total = sum(outcomes.values())
    made, x = [], 0.0
    for outcome, mood in _MOODS.items():
        if count := outcomes.get(outcome, 0):
            width = 100 * count / total
            made.append(Piece(OUTCOME_WORDS[outcome], mood, count, x, width))
            x += width
    return made


class Time(Struct, frozen=True):
    """How long one exercise took, as a band in a picture that is 100 wide; one scale for all exercises."""

    exercise: ExerciseStatistics
    spread: Spread  # minutes
    lower: float
    median: float
    upper: float


def times_of(statistics: ClassStatistics) -> list[Time]:
    """The bands of all exercises of which anybody tells, the longest median first."""
    found = [(e, e.time.minutes) for e in statistics.by_time if e.time is not None]
    longest = max((minutes.upper for _, minutes in found), default=0.0) or 1.0
    scale = (100 - _MARK) / longest
    return [Time(e, one, one.lower * scale, one.median * scale, one.upper * scale) for e, one in found]
