"""Write a report as one web page that needs nothing else: no network, no script. Runs in: the command line.

Every value passes `printable` and jinja2's escaping on its way into the page, whoever wrote it; the page's own policy
forbids scripts besides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from grader.report.findings import Finding, Kind, findings, notes, untouched
from grader.report.plain import printable
from grader.report.source import excerpt, place
from grader.report.wording import (
    LOOKS_LIKE,
    NOT_COUNTED,
    OUTCOME_WORDS,
    WAITING_WORDS,
    chapter_title,
    exercises_passed,
    points_of,
    question_words,
    quiz_standing,
    run_facts,
    slow_words,
    status_of,
    total_of,
)
from grader.result import ExerciseResult, Location, Outcome, QuizResult, Report

if TYPE_CHECKING:
    from jinja2 import Environment

_NO_WHYS: Final[Mapping[str, str]] = MappingProxyType({})
_SOURCE_WIDTH = 200  # cells; a longer line scrolls in its box
_BOX_LINES, _BOX_COLUMNS = 17, 64  # what fits into a box of the page on a phone


@dataclass(frozen=True, slots=True)
class _Part:
    """One exercise as the page shows it."""

    result: ExerciseResult
    mood: str  # the CSS class: "good", "bad", "soft" or "idle"
    sign: str
    failed: tuple[Finding, ...]
    waiting: tuple[Finding, ...]
    slow: tuple[Finding, ...]
    skipped: tuple[Finding, ...]
    passed: tuple[Finding, ...]
    notes: list[str]
    why: str

    @property
    def untouched(self) -> bool:
        return untouched(self.result)

    @property
    def open(self) -> bool:
        """Whether it is shown unfolded: where there is something to mend."""
        return bool(self.result.problem or self.failed)


@dataclass(frozen=True, slots=True)
class _Chapter:
    """The exercises of one folder, and its quiz if it was begun."""

    title: str
    parts: tuple[_Part, ...]
    quiz: QuizResult | None

    @property
    def score(self) -> float:
        return sum(part.result.score for part in self.parts)

    @property
    def points(self) -> float:
        return sum(part.result.points for part in self.parts)

    @property
    def passed(self) -> int:
        return sum(part.result.passed for part in self.parts)


def to_html(report: Report, *, whys: Mapping[str, str] = _NO_WHYS) -> str:
    """The page as text, to be written as UTF-8. `whys` says per exercise name why it matters; shown once it is passed.

    Learner text stays text. Light and dark follow the reader's setting; folding works without a script.
    """
    from markupsafe import Markup

    return (
        _environment()
        .from_string(_file("report.html.j2"))
        .render(
            style=Markup(_file("report.css")),  # noqa: S704 - our own file, the one value that is not escaped
            report=report,
            chapters=_chapters(report, whys),
            exercises_passed=exercises_passed(report),
            total=total_of(report),
            status_of=status_of,
            facts=run_facts(report.run),
            versions=_versions(report),
            points_of=points_of,
            quiz_standing=quiz_standing,
            question_words=question_words,
            outcome_words=OUTCOME_WORDS,
            waiting_words=WAITING_WORDS,
            looks_like=LOOKS_LIKE,
            not_counted=NOT_COUNTED,
            slow_words=slow_words,
        )
    )


def _environment() -> "Environment":
    """Where nothing reaches the page unescaped, and no value that is missing goes unnoticed."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_safe,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"place": place, "quoted": _quoted}
    environment.tests["scrolling"] = _scrolling
    return environment


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _safe(value: object) -> object:
    """Any value as text that is safe to show; what a macro of the page made has passed here already."""
    return value if hasattr(value, "__html__") else printable(str(value), keep_newlines=True)


def _chapters(report: Report, whys: Mapping[str, str]) -> list[_Chapter]:
    quizzes = {chapter_title(quiz): quiz for quiz in report.quizzes}
    chapters = [
        _Chapter(title, tuple(_part(e, whys.get(e.name, "")) for e in group), quizzes.pop(title, None))
        for title, group in groupby(report.exercises, key=chapter_title)
    ]
    return chapters + [_Chapter(title, (), quiz) for title, quiz in quizzes.items()]


def _part(exercise: ExerciseResult, why: str) -> _Part:
    found = () if exercise.problem or untouched(exercise) else findings(exercise)
    mood, sign = _mood(exercise)

    def of(*kinds: Kind) -> tuple[Finding, ...]:
        return tuple(f for f in found if f.kind in kinds)

    return _Part(
        exercise,
        mood,
        sign,
        failed=of(Kind.FAILED, Kind.REPEATED),
        waiting=of(Kind.WAITING),
        slow=of(Kind.SLOW),
        skipped=of(Kind.SKIPPED),
        passed=of(Kind.PASSED),
        notes=notes(exercise),
        why=why if exercise.passed else "",
    )


def _mood(exercise: ExerciseResult) -> tuple[str, str]:
    if exercise.passed:
        return "good", "✓"
    if exercise.outcome is Outcome.SKIPPED or untouched(exercise):
        return "idle", "·"
    return ("soft", "!") if exercise.outcome is Outcome.GRADER_ERROR else ("bad", "✗")


def _quoted(location: Location) -> str:
    """The source line and, on the next one, a caret below the column; "" where the line is unknown."""
    line, caret = excerpt(location, _SOURCE_WIDTH)
    return line if caret is None else f"{line}\n{' ' * caret}^"


def _scrolling(text: str) -> bool:
    """Whether `text` may be too large for its box, so that the keyboard must reach it to scroll."""
    lines = text.split("\n")
    return len(lines) > _BOX_LINES or max(map(len, lines)) > _BOX_COLUMNS


def _versions(report: Report) -> str:
    run = report.run
    named = {"grader": run.grader, "Python": run.python, "NumPy": run.numpy, "pytest": run.pytest}
    return ", ".join(
        [f"{name} {version}" for name, version in named.items() if version] + [run.platform] * bool(run.platform)
    )
