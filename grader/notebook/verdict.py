"""A report as a notebook shows it: places in its cells, a page's exercise, the same as text. Runs in: the kernel."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from markupsafe import Markup
from msgspec.structs import replace

from grader.gathering import Gathered
from grader.language import _
from grader.report.page import environment, own_text, part_of, style
from grader.report.terminal import to_terminal
from grader.report.wording import run_facts, status_of
from grader.result import CheckResult, ExerciseResult, Location, Problem, Report

_TEXT_WIDTH = 88  # columns
_OF_A_PAGE = re.compile(r"(?<![\w.#:-])(:root|html|body)(?=\s*\{)")
# JupyterLab, VS Code, Colab and the pages of PyData, in this order
_DARK = (
    '[data-jp-theme-light="false"], .vscode-dark, .vscode-high-contrast:not(.vscode-high-contrast-light),'
    ' [theme="dark"], [data-theme="dark"]'
)


def in_cells(report: Report, gathered: Gathered) -> Report:
    """The report with each place in the module as the place in the cell that it came from."""
    return replace(report, exercises=tuple(_in_cells(e, gathered) for e in report.exercises))


def _in_cells(exercise: ExerciseResult, gathered: Gathered) -> ExerciseResult:
    file = exercise.file.rpartition("/")[2]

    def moved(location: Location | None) -> Location | None:
        if location is None or location.file != file or not 1 <= location.line <= len(gathered.lines):
            return location
        cell, line = gathered.lines[location.line - 1] or (0, 0)
        return replace(location, file=f"cell [{cell}]", line=line) if cell else location

    def check(one: CheckResult) -> CheckResult:
        return replace(one, location=moved(one.location))

    def problem(one: Problem) -> Problem:
        return replace(one, location=moved(one.location), message=one.message.replace(file, _("the notebook")))

    found = problem(exercise.problem) if exercise.problem else None
    return replace(exercise, checks=tuple(map(check, exercise.checks)), problem=found)


def shown(report: Report, remarks: Sequence[str], whys: Mapping[str, str], next_step: str) -> dict[str, str]:
    """What Jupyter may show, by MIME type. `remarks` are said before the verdict, `next_step` behind it."""
    parts = [part_of(e, why=whys.get(e.name, ""), status=status_of(e)) for e in report.exercises]
    page = environment(__package__).get_template("verdict.html.j2")
    facts = run_facts(report.run)
    html = page.render(style=_scoped_style(), parts=parts, remarks=remarks, next_step=next_step, facts=facts)
    text = to_terminal(report, width=_TEXT_WIDTH, colour=False, whys=whys, next_step=next_step)
    return {"text/html": html, "text/plain": "\n".join([*remarks, *[""] * bool(remarks), text.rstrip()])}


def paragraphs(texts: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Texts with what stands in bold before each, by MIME type."""
    one = Markup("<p>{}{}</p>\n")
    bold = Markup("<strong>{}</strong> ")
    html = "".join(one.format(bold.format(lead) if lead else "", text) for lead, text in texts)
    return {"text/html": html, "text/plain": "\n\n".join(f"{lead} {text}".strip() for lead, text in texts)}


@cache
def _scoped_style() -> Markup:
    """The style of a report's page, for what stands in our own element alone.

    The rules are nested in that element, twice named so that they outweigh a notebook's own. Light or dark is what the
    notebook is, which its pages tell by attributes, whatever the system's setting is.
    """
    rules = _OF_A_PAGE.sub("&", style())
    rules = rules.replace("@media (prefers-color-scheme: dark) {", f":is({_DARK}) & {{")
    text = f".neurograde.neurograde {{\n{rules}{own_text('verdict.css', __package__)}}}\n"
    return Markup(text)  # noqa: S704 - of our own files
