"""Write a report as one web page that needs nothing else: no network, no script. Runs in: the command line."""

from collections.abc import Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Final

from grader.report.page import Chapter, environment, part_of, style
from grader.report.wording import (
    chapter_title,
    exercises_passed,
    question_words,
    quiz_standing,
    run_facts,
    status_of,
    total_of,
)
from grader.result import Report

_NO_WHYS: Final[Mapping[str, str]] = MappingProxyType({})


def to_html(report: Report, *, whys: Mapping[str, str] = _NO_WHYS) -> str:
    """The page as text, to be written as UTF-8. `whys` says per exercise name why it matters; shown once it is passed.

    Learner text stays text. Light and dark follow the reader's setting; folding works without a script.
    """
    return environment().get_template("report.html.j2").render(style=style(), **values_of(report, whys))


def values_of(report: Report, whys: Mapping[str, str]) -> dict[str, object]:
    """What the template of a report is filled with, its style aside; for pages that extend it, too."""
    return {
        "report": report,
        "chapters": _chapters(report, whys),
        "exercises_passed": exercises_passed(report),
        "total": total_of(report),
        "facts": run_facts(report.run),
        "versions": _versions(report),
        "quiz_standing": quiz_standing,
        "question_words": question_words,
    }


def _chapters(report: Report, whys: Mapping[str, str]) -> list[Chapter]:
    quizzes = {chapter_title(quiz): quiz for quiz in report.quizzes}
    names = {e.name for e in report.exercises}
    chapters = [
        Chapter(
            title,
            tuple(part_of(e, why=whys.get(e.name, ""), status=status_of(e), others=names) for e in group),
            quizzes.pop(title, None),
        )
        for title, group in groupby(report.exercises, key=chapter_title)
    ]
    return chapters + [Chapter(title, (), quiz) for title, quiz in quizzes.items()]


def _versions(report: Report) -> str:
    run = report.run
    named = {"grader": run.grader, "Python": run.python, "NumPy": run.numpy, "pytest": run.pytest}
    return ", ".join(
        [f"{name} {version}" for name, version in named.items() if version] + [run.platform] * bool(run.platform)
    )
