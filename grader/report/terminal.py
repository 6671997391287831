"""Render a report for a terminal: a line for what is done or not begun, the whole story for what is not yet right.

Runs in: the command line. A pure function; every meaning is in the words, colour only repeats it.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from grader.language import _
from grader.report.findings import untouched
from grader.report.ink import Ink
from grader.report.terminal_story import story
from grader.report.wording import (
    OUTCOME_WORDS,
    chapter_title,
    exercises_passed,
    points_of,
    quiz_standing,
    run_facts,
    status_of,
    total_of,
)
from grader.report.wrapping import NO_BREAK, cells, clip
from grader.result import ExerciseResult, Outcome, QuizResult, Report

NARROWEST, WIDEST = 40, 120  # columns
_LEAST_TITLE = 8  # columns under which a title says nothing
_FEW = 3  # so many exercises leave room to say why a passed one matters
_NO_WHYS: Final[Mapping[str, str]] = MappingProxyType({})


def to_terminal(
    report: Report,
    *,
    width: int,
    colour: bool,
    next_step: str = "",
    whys: Mapping[str, str] = _NO_WHYS,
    ascii_only: bool = False,
) -> str:
    """The report as text that ends in a newline, no line wider than `width` (taken as 40 to 120 columns).

    `next_step` is what to do next, in lines. `whys` says per exercise name why it matters; shown after a passed
    exercise when at most three were graded. With `ascii_only` the text has no other character.
    """
    ink = Ink(min(max(width, NARROWEST), WIDEST), colour, ascii_only)
    shown_whys = whys if len(report.exercises) <= _FEW else _NO_WHYS
    lines = [*_exercises(ink, report, shown_whys), *_progress(ink, report)]
    if next_step:
        lines += ["", *ink.block(ink.safe(next_step, keep_newlines=True), lead=ink.drawable("→ "), lead_style="accent")]
    *others, seconds = map(ink.safe, run_facts(report.run))
    facts = ink.drawable(" · ").join([*others, seconds.replace(" ", NO_BREAK)])
    lines += ["", *ink.block(facts, style="dim")]
    return "\n".join(lines) + "\n"


def verdict(exercise: ExerciseResult, ink: Ink, why: str) -> list[str]:
    """The lines on one exercise, as in a report: its headline, and what there is to say of it."""
    return [*_headline(ink, exercise), *_body(ink, exercise, why)]


def _exercises(ink: Ink, report: Report, whys: Mapping[str, str]) -> Iterator[str]:
    chapters = [(title, list(group)) for title, group in groupby(report.exercises, key=chapter_title)]
    quizzes = {chapter_title(quiz): quiz for quiz in report.quizzes}
    told = False  # the line before was the end of a story, which wants air
    for index, (title, exercises) in enumerate(chapters):
        if len(chapters) > 1:
            yield from [""] * (index > 0 and not told)
            yield from ink.block(ink.safe(title), style="bold accent")
            told = False
        for position, exercise in enumerate(exercises):
            body = list(_body(ink, exercise, whys.get(exercise.name, "")))
            if body and position and not told:
                yield ""
            yield from _headline(ink, exercise)
            yield from body
            told = bool(body)
            yield from [""] * told
        if len(chapters) > 1 and title in quizzes:  # who graded one exercise didn't ask
            yield from ink.block(_quiz(quizzes[title]), lead="  ", style="dim")
            told = False
    if report.exercises and not told:
        yield ""


def _quiz(quiz: QuizResult) -> str:
    return _("Quiz: {standing}").format(standing=quiz_standing(quiz))


def _headline(ink: Ink, exercise: ExerciseResult) -> Iterator[str]:
    """Sign, title and name at the left; outcome and points at the right, or below where there is no room."""
    sign, style = _sign(exercise)
    begun = not untouched(exercise)
    status = ink.drawable(" · ".join(status_of(exercise)) if begun else _(OUTCOME_WORDS[exercise.outcome]))
    dots = ink.drawable("…")
    beside = cells(status) + 2 + ink.width // 3 < ink.width
    room = ink.width - 2 - (cells(status) + 2 if beside else 0)
    name = clip(ink.safe(exercise.name), room, dots)  # what one types: where room is short, the title gives way
    rest = room - cells(name) - 2
    title = clip(ink.safe(exercise.title), rest, dots) if rest >= _LEAST_TITLE else ""
    left = "  ".join(filter(None, [ink.paint(title, "bold" if begun else ""), ink.paint(name, "dim")]))
    used = cells(name) + (cells(title) + 2 if title else 0)
    head = f"{ink.paint(ink.drawable(sign), style)} {left}"
    if beside:
        yield f"{head}{' ' * (room - used)}  {ink.paint(status, style)}"
    else:
        yield head
        yield from ink.block(status, lead="  ", style=style)


def _sign(exercise: ExerciseResult) -> tuple[str, str]:
    if exercise.passed:
        return "✓", "good"
    if exercise.outcome is Outcome.SKIPPED or untouched(exercise):
        return "·", "dim"
    if exercise.outcome is Outcome.GRADER_ERROR:
        return "!", "soft"
    return "✗", "bad"


def _body(ink: Ink, exercise: ExerciseResult, why: str) -> Iterator[str]:
    """What stands below the headline, behind a gutter: no line of it can pass for one of the report's own."""
    inner = replace(ink, width=ink.width - 2)
    gutter = ink.paint(ink.drawable("│"), _sign(exercise)[1])
    for line in story(inner, exercise, why):
        yield f"{gutter} {line}" if line else gutter


def _progress(ink: Ink, report: Report) -> Iterator[str]:
    if not report.exercises:
        yield _("No exercises were graded.")
        return
    if report.visible_only:  # a bar would say how much of it is done, which nobody knows here
        yield from ink.block(total_of(report), style="bold")
        return
    size = min(24, ink.width // 3)
    share = report.score / report.points if report.points > 0 else 0.0
    full = size if report.passed else min(int(share * size), size - 1)
    bar = f"[{ink.drawable('█' * full + '░' * (size - full))}]" if ink.ascii_only else "█" * full + "░" * (size - full)
    text = f"{points_of(report.score, report.points)}, {exercises_passed(report)}"
    style = "good" if report.passed else "accent"
    if cells(bar) + 2 + cells(text) <= ink.width:
        yield f"{ink.paint(bar, style)}  {ink.paint(text, 'bold')}"
    else:
        yield ink.paint(bar, style)
        yield from ink.block(text, style="bold")
