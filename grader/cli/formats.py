"""A run's report in the form that was asked for: for people, editors, build services. Runs in: command line."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import screen
from grader.cli.next_step import after_references, next_step
from grader.course import Exercise
from grader.language import _
from grader.result import Report
from grader.workspace import Workspace

if TYPE_CHECKING:
    from grader.report.remarks import Source

FORMATS = ("text", "lines", "github")


def say(
    form: str,
    workspace: Workspace,
    report: Report,
    files: Mapping[Path, Exercise],
    whys: Mapping[str, str],
    *,
    solutions: bool,
) -> None:
    """Print a report in one of `FORMATS`. `files`: which were graded, and what of; `whys`: why exercises matter."""
    if form == "lines":
        from grader.report.remarks import to_lines

        screen.say(to_lines(report, _sources(files, Path.cwd())))
        return
    _say_text(workspace, report, whys, solutions=solutions)
    if form == "github":
        _say_github(report, files)


def rendered(kind: str, report: Report, whys: Mapping[str, str]) -> str | bytes:
    """The report as "json", "html" or "junit"."""
    if kind == "json":
        from grader.report.as_json import to_json

        return to_json(report)
    if kind == "html":
        from grader.report.html import to_html

        return to_html(report, whys=whys)
    from grader.report.junit import to_junit

    return to_junit(report)


def _say_text(workspace: Workspace, report: Report, whys: Mapping[str, str], *, solutions: bool) -> None:
    from grader.report.terminal import to_terminal

    screen.say(
        to_terminal(
            report,
            width=screen.width(),
            colour=screen.colour(),
            ascii_only=screen.ascii_only(),
            whys=whys,
            next_step=after_references(report) if solutions else next_step(workspace, report),
        )
    )


def _say_github(report: Report, files: Mapping[Path, Exercise]) -> None:
    """The annotations; the summary goes where the runner collects it."""
    from grader.report.github import to_annotations, to_summary

    checkout = os.environ.get("GITHUB_WORKSPACE")
    annotations = to_annotations(report, _sources(files, Path(checkout) if checkout else Path.cwd()))
    if annotations:
        screen.say(annotations)
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if not target:
        return
    try:
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(to_summary(report))
    except OSError as error:  # that costs the summary, never the verdict
        said = _("GITHUB_STEP_SUMMARY: {file}: {reason}; no summary was written")
        click.echo(f"grade: {said.format(file=target, reason=error.strerror)}", err=True)


def graded_files(
    workspace: Workspace, exercises: Sequence[Exercise], *, solutions: bool, code: str | None
) -> dict[Path, Exercise]:
    """The files of these exercises and of their parts. `code`: the path of the one that took the place of theirs."""
    if code is not None:
        return {Path(code): exercises[0]}
    parts = [part for exercise in exercises for part in workspace.course.parts_of(exercise)]
    return {e.reference if solutions else workspace.file_of(e): e for e in (*exercises, *parts)}


def _sources(files: Mapping[Path, Exercise], start: Path) -> "dict[str, Source]":
    """The graded files by their last names, with paths as seen from `start`."""
    from grader import intake
    from grader.report.remarks import Source

    found: dict[str, Source] = {}
    for path, exercise in files.items():
        code = intake.read(path)
        shown = Path(os.path.relpath(path, start)).as_posix()
        found[exercise.file_name] = Source.of(shown, code if isinstance(code, bytes) else b"", exercise.functions)
    return found
