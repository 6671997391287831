"""What every web page has in common: environment, style, exercises ready to be drawn. Runs in: the command line.

Every value passes `printable` and jinja2's escaping on its way into a page, whoever wrote it; each page's own policy
forbids what it does not need besides.
"""

from collections.abc import Container, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from msgspec import Struct, field

from grader.language import _, capitalized, language, ngettext
from grader.report.drawing import drawn
from grader.report.findings import Finding, Kind, findings, notes, untouched
from grader.report.links import Links
from grader.report.plain import printable
from grader.report.source import excerpt, place
from grader.report.wording import (
    LOOKS_LIKE,
    NOT_COUNTED,
    OUTCOME_WORDS,
    WAITING_WORDS,
    number,
    points_of,
    points_worth,
    slow_words,
)
from grader.report.wrapping import cells
from grader.result import ExerciseResult, Location, Outcome, QuizResult
from grader.terms import Term

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_SOURCE_WIDTH = 200  # cells; a longer line scrolls in its box
_BOX_LINES, _BOX_COLUMNS = 17, 64  # what fits into a box of the page on a phone


class Part(Struct, frozen=True):
    """One exercise as a page shows it."""

    result: ExerciseResult
    score: float
    points: float
    mood: str  # the CSS class: "good", "bad", "soft" or "idle"
    sign: str
    status: Sequence[str]  # the outcome, and what is to be said beside it
    failed: tuple[Finding, ...]
    waiting: tuple[Finding, ...]
    slow: tuple[Finding, ...]
    skipped: tuple[Finding, ...]
    passed: tuple[Finding, ...]
    notes: list[str]
    why: str
    tags: Mapping[str, Sequence[str]] = field(default_factory=dict)  # more to say of a check, by its name
    terms: tuple[Term, ...] = ()  # words in its texts that another exercise on the page explains

    @property
    def open(self) -> bool:
        """Whether it is shown unfolded: where there is something to mend, or to look at."""
        return bool(self.result.problem or self.failed or any(figure.panels for figure in self.result.figures))


class Chapter(Struct, frozen=True):
    """The exercises of one folder, and its quiz if it was begun."""

    title: str
    parts: tuple[Part, ...]
    quiz: QuizResult | None = None

    @property
    def score(self) -> float:
        return sum(part.score for part in self.parts)

    @property
    def points(self) -> float:
        return sum(part.points for part in self.parts)

    @property
    def passed(self) -> int:
        return sum(part.result.passed for part in self.parts)


def part_of(
    exercise: ExerciseResult,
    *,
    why: str = "",
    worth: tuple[float, float] | None = None,
    status: Sequence[str] = (),
    tags: Mapping[str, Sequence[str]] | None = None,
    others: Container[str] = (),
) -> Part:
    """One exercise, its checks sorted by how they are shown. `why`: why it matters, shown once it is passed.

    `worth`: points earned, and the most that can be had, where these are not the exercise's own. `status`: what is
    said of one that was begun, in place of its outcome and these points. `others`: names of exercises on the same page.
    """
    found = () if exercise.problem or untouched(exercise) else findings(exercise)
    mood, sign = _mood(exercise)
    score, points = worth or (exercise.score, exercise.points)
    outcome = _(OUTCOME_WORDS[exercise.outcome])

    def of(*kinds: Kind) -> tuple[Finding, ...]:
        return tuple(f for f in found if f.kind in kinds)

    return Part(
        exercise,
        score,
        points,
        mood,
        sign,
        [outcome] if untouched(exercise) else status or [outcome, points_of(score, points)],
        failed=of(Kind.FAILED, Kind.REPEATED),
        waiting=of(Kind.WAITING),
        slow=of(Kind.SLOW),
        skipped=of(Kind.SKIPPED),
        passed=of(Kind.PASSED),
        notes=notes(exercise),
        why=why if exercise.passed else "",
        tags=tags or {},
        terms=tuple(term for term in exercise.terms if term.exercise in others),
    )


@cache
def environment(package: str = __package__) -> "Environment":
    """Where nothing reaches a page unescaped, and no value that is missing goes unnoticed.

    Templates are those of `package`, and those here.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    from grader.report.compiled import Compiled

    made = Environment(
        loader=FunctionLoader(lambda name: _template(name, package)),
        bytecode_cache=Compiled(package),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_safe,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"place": place, "quoted": _quoted, "capitalized": capitalized}
    made.tests["scrolling"] = _scrolling
    made.globals |= {
        "_": _,
        "ngettext": ngettext,
        "language": language,
        "number": number,
        "points_of": points_of,
        "points_worth": points_worth,
        "drawn": drawn,
        "Links": Links,
        "outcome_words": OUTCOME_WORDS,
        "waiting_words": WAITING_WORDS,
        "looks_like": LOOKS_LIKE,
        "not_counted": NOT_COUNTED,
        "slow_words": slow_words,
    }
    return made


def style() -> "Markup":
    """The style sheet of all pages."""
    return own_text("report.css")


def own_text(name: str, package: str = __package__) -> "Markup":
    """The text of a file that comes with a package, the one kind of value that is not escaped."""
    from markupsafe import Markup

    return Markup(_read(name, package))  # noqa: S704 - our own file


def _template(name: str, package: str) -> str | None:
    return next((_read(name, one) for one in (package, __package__) if files(one).joinpath(name).is_file()), None)


def _read(name: str, package: str) -> str:
    return files(package).joinpath(name).read_text(encoding="utf-8")


def _safe(value: object) -> object:
    """Any value as text that is safe to show; what a macro of the page made has passed here already."""
    return value if hasattr(value, "__html__") else printable(str(value), keep_newlines=True)


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
    """Whether `text`, as it is shown, may be too large for its box, so that the keyboard must reach it to scroll."""
    lines = printable(text, keep_newlines=True).split("\n")
    return len(lines) > _BOX_LINES or max(map(cells, lines)) > _BOX_COLUMNS
