"""Two gradebooks of one class: whose marks changed, and why. Runs in: command line."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from grader.assignment import Assignment
from grader.classroom.model import Mark, Row, mark
from grader.classroom.pages.standing import mark_of
from grader.result import CheckResult, ExerciseResult


class Change(Struct, frozen=True):
    """One student whose score or state is another one. A score is None where there was no row, or none to count."""

    student: str
    before: float | None
    after: float | None
    why: tuple[str, ...]


def changes(
    old: Iterable[Row], new: Iterable[Row], assignment: Assignment, earlier: Assignment | None = None
) -> Iterator[Change]:
    """The students that differ, in the order of their ids. `earlier`: what the old rows are counted by, where that is
    another assignment."""
    counted_by = (earlier or assignment, assignment)
    before = {row.student.id: row for row in old}
    after = {row.student.id: row for row in new}
    for student in sorted(before.keys() | after.keys()):
        change = _change(student, before.get(student), after.get(student), counted_by)
        if change is not None:
            yield change


def _change(student: str, old: Row | None, new: Row | None, counted_by: tuple[Assignment, Assignment]) -> Change | None:
    before = _score(old, counted_by[0]) if old is not None else None
    after = _score(new, counted_by[1]) if new is not None else None
    if old is None or new is None:
        return Change(student, before, after, ("is new",) if old is None else ("is gone",))
    why = tuple(_reasons(old, new, (mark(old, counted_by[0]), mark(new, counted_by[1]))))
    return Change(student, before, after, why) if why or before != after else None


def _score(row: Row, assignment: Assignment) -> float | None:
    found = mark_of(row, assignment)
    return found.score if found is not None else None


def _reasons(old: Row, new: Row, marks: tuple[Mark, Mark]) -> Iterator[str]:
    if old.state is not new.state:
        yield f"{old.state.value} before, {new.state.value} now" + (f": {new.reason}" if new.reason else "")
    results = [{result.name: result for result in row.results} for row in (old, new)]
    for name, (before, now) in _both(marks[0].exercises, marks[1].exercises):
        why = tuple(_of_exercise(*(r[name] for r in results))) if all(name in r for r in results) else ()
        yield from why
        if not why and before != now and old.state is new.state:
            yield f"{name}: {before:g} points before, {now:g} now"
    if marks[0].penalty != marks[1].penalty:
        yield f"penalty {marks[0].penalty:.0%} before, {marks[1].penalty:.0%} now"
    for chapter, (before, now) in _both(marks[0].quizzes, marks[1].quizzes):
        if before != now:
            yield f"quiz {chapter}: {before:g} points before, {now:g} now"


def _of_exercise(old: ExerciseResult, new: ExerciseResult) -> Iterator[str]:
    problems = [e.problem.outcome.value if e.problem is not None else "loaded" for e in (old, new)]
    if problems[0] != problems[1]:
        yield f"{new.name}: {problems[0]} before, {problems[1]} now"
        return
    checks = {check.name: check for check in old.checks}
    for check in new.checks:
        if not check.advisory and _word(checks.get(check.name)) != _word(check):
            yield f"{new.name}: {check.name} {_word(checks.get(check.name))} before, {_word(check)} now"
    for name in checks.keys() - {check.name for check in new.checks}:
        yield f"{new.name}: {name} is no check any more"


def _word(check: CheckResult | None) -> str:
    return check.outcome.value if check is not None else "not there"


def _both(old: Mapping[str, float], new: Mapping[str, float]) -> Iterator[tuple[str, tuple[float, float]]]:
    """The points for each that is in either, before and now."""
    for name in dict.fromkeys((*old, *new)):
        yield name, (old.get(name, 0.0), new.get(name, 0.0))
