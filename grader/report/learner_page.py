"""The page of a learner's course: where one stands, the path, every exercise with its picture. Runs in: command line.

It is the page of a report with more on it. What happened before this run comes as `Story`, one for each exercise.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from grader.language import N_, _, capitalized, ngettext
from grader.report.html import values_of
from grader.report.page import environment, own_text, style
from grader.report.path import path_of
from grader.report.wording import number, points_of
from grader.result import ExerciseResult, Outcome, Report

_MOST_TRIES = 40  # bars of a sparkline: the latest
_HEIGHT, _STEP, _BAR, _LEAST = 24, 7, 5, 2  # of a sparkline, in pixels
_MONTHS = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June")),
    *(N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December")),
)


class Try(Struct, frozen=True):
    """An attempt at an exercise in which there was something to grade."""

    at: datetime  # with its offset
    passed: bool
    score: float
    points: float


class Story(Struct, frozen=True):
    """What is known of an exercise beside its result now."""

    teaches: str = ""
    needs: tuple[str, ...] = ()  # exercises before it
    tries: tuple[Try, ...] = ()  # the oldest first
    hints: int = 0  # taken
    all_hints: int = 0
    gave_up: bool = False  # the solution was shown before it had passed
    challenge: tuple[int, int] | None = None  # wrong solutions caught, of how many


class Bar(Struct, frozen=True):
    """One attempt in a sparkline."""

    x: float
    y: float
    height: float
    mood: str


def learner_page(report: Report, stories: Mapping[str, Story], whys: Mapping[str, str]) -> str:
    """The page as text, to be written as UTF-8; it needs no network and no script."""
    path = path_of(report, {name: story.needs for name, story in stories.items()})
    by_name = {station.result.name: station for station in path.stations}
    return (
        environment()
        .get_template("learner.html.j2")
        .render(
            style=style() + own_text("learner.css"),
            path=path,
            stories=stories,
            stations=by_name,
            history_of=history_of,
            needed=lambda story: [by_name[name] for name in story.needs if name in by_name],
            bars_of=bars_of,
            bar=(_BAR, _HEIGHT),
            tries_in_words=_tries_in_words,
            **values_of(report, whys),
        )
    )


def history_of(result: ExerciseResult, story: Story) -> str:
    """What happened so far, as "Passed on 3 May 2026, at attempt 4 · 1 of 3 hints taken"; empty where nothing did."""
    return capitalized(" · ".join(_facts(result, story)))


def _facts(result: ExerciseResult, story: Story) -> Iterator[str]:
    tries = story.tries
    first = next((place for place, one in enumerate(tries, 1) if one.passed), None)
    if first is not None:
        yield _("passed on {day}, at attempt {number}").format(day=_day(tries[first - 1].at), number=first)
        if not result.passed and result.outcome is not Outcome.SKIPPED:
            yield _("does not pass any more")
    elif tries:
        best = max(tries, key=lambda one: one.score)
        said = ngettext(
            "{count} attempt, the best with {points}", "{count} attempts, the best with {points}", len(tries)
        )
        yield said.format(count=len(tries), points=points_of(best.score, best.points))
    if story.hints:
        yield _("{taken} of {total} hints taken").format(taken=story.hints, total=story.all_hints)
    if story.gave_up:
        yield _("solution shown")
    if story.challenge is not None:
        caught, total = story.challenge
        yield _("own checks catch {caught} of {total} wrong solutions").format(caught=caught, total=total)


def bars_of(tries: Sequence[Try]) -> list[Bar]:
    """The latest attempts as bars, as high as their share of the points."""
    bars = []
    for place, one in enumerate(tries[-_MOST_TRIES:]):
        share = min(max(one.score / one.points, 0.0), 1.0) if one.points > 0 else float(one.passed)
        height = max(share * _HEIGHT, _LEAST)
        bars.append(Bar(place * _STEP, _HEIGHT - height, height, "good" if one.passed else "bad"))
    return bars


def _tries_in_words(tries: Sequence[Try]) -> str:
    said = _("Points of all attempts, the oldest first: {points}")
    if len(tries) > _MOST_TRIES:
        said = _("Points of the latest attempts, the oldest first: {points}")
    return said.format(points=", ".join(number(one.score) for one in tries[-_MOST_TRIES:]))


def _day(at: datetime) -> str:
    return _("{day} {month} {year}").format(day=at.day, month=_(_MONTHS[at.month - 1]), year=at.year)
