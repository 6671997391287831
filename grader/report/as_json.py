"""Write a report as JSON, and read it back. Runs in: the command line.

The document is the model, field by field, plus a `summary` of what is derived from it. Reading ignores the summary:
scores are derived anew. The schema stands beside this file as `report.schema.json`.
"""

import math
import re
from inspect import cleandoc
from typing import Any, Literal, cast

import msgspec

from grader.errors import GraderError
from grader.report.plain import without_surrogates
from grader.result import FORMAT, ExerciseResult, Outcome, QuizResult, Report, Run

# What a terminal obeys or hides, and the beginning of a build service's "##[command]". Escaping loses nothing: in JSON
# all this stands in strings alone, and "\u202e" there is the same text.
_UNSEEN = re.compile(
    r"[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\U000e0000-\U000e0fff]"
    r"|#(?=#\w*\[)"
)


class ReportFormatError(GraderError):
    """A report that cannot be written as JSON, or JSON that is no report of this format."""


class ExerciseSummary(msgspec.Struct, frozen=True):
    """What follows from the checks of one exercise."""

    name: str
    outcome: Outcome
    passed: bool
    score: float | None  # points earned; None where hidden checks decide
    points: float  # points to be had
    checks_passed: int  # none before the core check passes
    checks_counted: int  # all but advisory and skipped ones


class QuizSummary(msgspec.Struct, frozen=True):
    """What follows from the questions of one quiz."""

    chapter: str  # folder
    questions: int
    answered: int
    right: int  # at the first answer, which counts
    to_review: int  # questions that came again at the time of the run


class Summary(msgspec.Struct, frozen=True):
    """What follows from all checks together. Derived: a reader may rely on it, a writer must not invent it."""

    passed: bool  # every exercise passed
    visible_only: bool  # only the visible checks of a release were run; hidden ones count when it is handed in
    score: float | None  # None where hidden checks decide
    points: float
    checks_passed: int
    checks_counted: int
    exercises_passed: int
    exercises: tuple[ExerciseSummary, ...]
    quizzes: tuple[QuizSummary, ...]


class Document(msgspec.Struct, frozen=True):
    """What one run of the grader found."""

    format: Literal[1]
    course: str  # title
    summary: Summary
    exercises: tuple[ExerciseResult, ...]
    quizzes: tuple[QuizResult, ...]  # those that the learner has begun, of the chapters graded; they earn no points
    run: Run


def to_json(report: Report) -> bytes:
    """`report` as indented UTF-8 that ends in a newline; the same report gives the same bytes.

    What a terminal would obey or hide is written as an escape. Lone surrogates, which UTF-8 cannot carry, become the
    six characters of their escape. Raises ReportFormatError where a number is NaN or infinite.
    """
    _refuse_unbounded(report)
    document = Document(
        cast(Literal[1], FORMAT), report.course, _summary(report), report.exercises, report.quizzes, report.run
    )
    try:
        raw = msgspec.json.encode(document, order="deterministic")
    except UnicodeEncodeError:
        raw = msgspec.json.encode(without_surrogates(msgspec.to_builtins(document)), order="deterministic")
    text = msgspec.json.format(raw, indent=2).decode()
    return _UNSEEN.sub(_json_escape, text).encode() + b"\n"


def from_json(data: bytes) -> Report:
    """The report that `to_json` wrote. Raises ReportFormatError for anything else, another format included."""
    try:
        head = msgspec.json.decode(data)
        found = head.get("format") if isinstance(head, dict) else None
        if type(found) is not int or found != FORMAT:
            raise ReportFormatError(f"report: format = {found!r:.40}; this version reads format {FORMAT}")
        return msgspec.convert(head, Report)
    except (ValueError, RecursionError) as error:
        raise ReportFormatError(f"report: {error}; give a report that this program wrote") from error


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `to_json` writes, made from the types of the model."""
    made = msgspec.json.schema(Document)
    for definition in made["$defs"].values():
        if "description" in definition:  # a docstring, whose indentation Python keeps up to 3.12
            definition["description"] = cleandoc(definition["description"])
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:neurograde:report:{FORMAT}",
        "title": f"neurograde report, format {FORMAT}",
    }
    return head | made


def schema_text() -> str:
    """The text of `report.schema.json`."""
    return msgspec.json.format(msgspec.json.encode(schema(), order="sorted"), indent=2).decode() + "\n"


def _summary(report: Report) -> Summary:
    exercises = tuple(
        ExerciseSummary(
            e.name,
            e.outcome,
            e.passed,
            None if e.visible_only else e.score,
            e.points,
            e.passed_count,
            len(e.counted),
        )
        for e in report.exercises
    )
    return Summary(
        passed=report.passed,
        visible_only=report.visible_only,
        score=None if report.visible_only else report.score,
        points=report.points,
        checks_passed=sum(e.checks_passed for e in exercises),
        checks_counted=sum(e.checks_counted for e in exercises),
        exercises_passed=sum(e.passed for e in exercises),
        exercises=exercises,
        quizzes=tuple(
            QuizSummary(q.chapter, len(q.questions), q.answered, q.right, q.to_review) for q in report.quizzes
        ),
    )


def _refuse_unbounded(report: Report) -> None:
    numbers = {f"{e.name}: points": e.points for e in report.exercises}
    numbers |= {"run: seconds": report.run.seconds}
    numbers |= {f"run: learner_seconds of {name}": value for name, value in report.run.learner_seconds.items()}
    for name, value in numbers.items():
        if not math.isfinite(value):
            raise ReportFormatError(f"{name} = {value}; JSON has no such number, use a finite one")


def _json_escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
