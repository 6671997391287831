"""The path through a course: what has passed, what to mend, what comes next, and what builds on what.

Runs in: the command line.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import groupby

from msgspec import Struct

from grader.language import N_
from grader.report.findings import untouched
from grader.report.wording import chapter_title
from grader.result import ExerciseResult, Outcome, Report

ROW = 28  # height of a row, in units of the picture
TRUNK = 84.0  # where the stations stand, from the left
_NEAREST, _EACH, _FARTHEST = 9.0, 4.2, 74.0  # how far an arc swings out: at least, for each row, at most
_END = 8.0  # an arc ends this far from the middle of a station


class State(StrEnum):
    """Where one stands with an exercise; in English words, which name the classes of a page's style too."""

    PASSED = N_("passed")
    MEND = N_("to mend")  # begun, and not right
    READY = N_("ready to begin")  # all that it builds on has passed
    LATER = N_("later")
    ASIDE = N_("not graded here")


class Station(Struct, frozen=True):
    """One exercise on the path."""

    result: ExerciseResult
    state: State
    row: int
    next: bool  # whether it is the one to do now

    @property
    def y(self) -> float:
        return (self.row + 0.5) * ROW


class Line(Struct, frozen=True):
    """A chapter on the path."""

    title: str
    row: int
    stations: tuple[Station, ...]

    @property
    def passed(self) -> int:
        return sum(station.state is State.PASSED for station in self.stations)


class Arc(Struct, frozen=True):
    """An arrow from an exercise to one that builds on it. `way`: a path in SVG's words."""

    way: str
    passed: bool  # whether the first one has passed
    next: bool  # whether it leads to the one to do now


class CoursePath(Struct, frozen=True):
    """The whole course, row by row: a heading for each chapter, and a row for each of its exercises."""

    lines: tuple[Line, ...]
    arcs: tuple[Arc, ...]

    @property
    def stations(self) -> tuple[Station, ...]:
        return tuple(station for line in self.lines for station in line.stations)

    @property
    def next(self) -> Station | None:
        return next((station for station in self.stations if station.next), None)

    @property
    def height(self) -> int:
        return ROW * self.rows

    @property
    def rows(self) -> int:
        return len(self.lines) + len(self.stations)


def path_of(report: Report, needs: Mapping[str, Sequence[str]]) -> CoursePath:
    """The path of a report's exercises. `needs`: by name, the exercises that each builds on."""
    passed = {e.name for e in report.exercises if e.passed}
    states = {e.name: _state(e, passed.issuperset(needs.get(e.name, ()))) for e in report.exercises}
    first = next((name for state in (State.MEND, State.READY) for name in states if states[name] is state), None)
    lines, row = [], 0
    for title, group in groupby(report.exercises, key=chapter_title):
        found = [Station(e, states[e.name], row + i, e.name == first) for i, e in enumerate(group, 1)]
        lines.append(Line(title, row, tuple(found)))
        row += 1 + len(found)
    stations = {station.result.name: station for line in lines for station in line.stations}
    return CoursePath(tuple(lines), tuple(_arcs(stations, needs)))


def _state(exercise: ExerciseResult, ready: bool) -> State:
    if exercise.passed:
        return State.PASSED
    if untouched(exercise):
        return State.READY if ready else State.LATER
    return State.ASIDE if exercise.outcome in (Outcome.SKIPPED, Outcome.GRADER_ERROR) else State.MEND


def _arcs(stations: Mapping[str, Station], needs: Mapping[str, Sequence[str]]) -> Iterator[Arc]:
    """The arcs that lead to the next exercise come last, so that they are drawn on top."""
    for now in (False, True):
        for name, station in stations.items():
            for needed in needs.get(name, ()):
                if needed in stations and station.next is now:
                    yield _arc(stations[needed], station)


def _arc(start: Station, end: Station) -> Arc:
    swing = TRUNK - min(_NEAREST + _EACH * abs(end.row - start.row), _FARTHEST) * 4 / 3
    here, there = TRUNK - _END, TRUNK - _END - 1
    way = f"M{here:g} {start.y:g}C{swing:.1f} {start.y:g} {swing:.1f} {end.y:g} {there:g} {end.y:g}"
    return Arc(way, start.state is State.PASSED, end.next)
