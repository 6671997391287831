"""`grade report`: the learner's course as a page, with pictures of their own functions. Runs in: command line."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from grader.cli import screen
from grader.cli.grading import jobs_of
from grader.cli.options import data_option, require_agreement, require_data, sandbox_options
from grader.cli.quiz_results import quiz_results
from grader.cli.select import here, open_progress
from grader.errors import WorkspaceError
from grader.language import _
from grader.report.wording import exercises_passed, total_of
from grader.result import Outcome, Report, SandboxLevel
from grader.workspace import Workspace

if TYPE_CHECKING:
    from grader.progress import Progress
    from grader.report.learner_page import Story, Try

_FILE = "report.html"


@click.command("report", short_help="Write a page of your course, with pictures.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(),
    help=f"The page ({_FILE} in your workspace; - for standard output).",
)
@click.option("--open", "open_it", is_flag=True, help="Open the page in your browser.")
@data_option
@sandbox_options
def report_command(
    *,
    output: str | None,
    open_it: bool,
    data_dir: Path | None,
    sandbox: SandboxLevel | None,
    require_sandbox: SandboxLevel,
) -> int:
    """Write a page of your course: progress, what comes next, and what your own functions do, as pictures.

    Your files are graded as they are now. That is no attempt: nothing of it is recorded.
    """
    if open_it and output == "-":
        raise click.UsageError(_("--open needs a file; leave `-o -` out"))
    require_agreement(sandbox, require_sandbox)
    workspace = here()
    require_data(data_dir)
    report = _graded(workspace, data_dir, sandbox, require_sandbox)
    page = _page(workspace, report)
    target = output or os.path.relpath(workspace.root / _FILE)
    screen.write(target, page)
    if output != "-":
        said = _("{file}: {exercises}, {points}.")
        said = said.format(file=target, exercises=exercises_passed(report), points=total_of(report))
        screen.say(screen.paragraph(said))
        _open(Path(target)) if open_it else screen.say(_("`grade report --open` opens it in your browser."))
    return _exit_code(report)


def _graded(
    workspace: Workspace, data_dir: Path | None, sandbox: SandboxLevel | None, at_least: SandboxLevel
) -> Report:
    from grader import runner

    jobs = jobs_of(workspace, list(workspace.course.exercises))
    with screen.GradingBars(len(jobs)) as bars:
        report = runner.grade(
            workspace.course,
            jobs,
            data_dir=data_dir,
            sandbox=sandbox,
            at_least=at_least,
            pictures=True,
            done=lambda _result: bars.next_exercise(),
            under_way=lambda step: bars.step(step.exercise, step.done, step.total, step.text),
        )
    return replace(report, quizzes=quiz_results(workspace, {e.chapter for e in report.exercises}))


def _page(workspace: Workspace, report: Report) -> str:
    from grader.report.learner_page import learner_page

    return learner_page(report, _stories(workspace), {e.name: e.why for e in workspace.course.exercises})


def _stories(workspace: Workspace) -> "Mapping[str, Story]":
    """What is known of each exercise. Progress that can't be read is told, and left out."""
    from grader.report.learner_page import Story

    stories = {e.name: Story(e.teaches, e.prerequisites, all_hints=len(e.hints)) for e in workspace.course.exercises}
    if not workspace.has_progress:
        return stories
    try:
        with open_progress(workspace) as progress:
            hints, gave_up, challenges = progress.hints(), progress.gave_up(), progress.challenges()
            return {
                name: replace(
                    story,
                    tries=_tries(progress, name),
                    hints=hints.get(name, 0),
                    gave_up=name in gave_up,
                    challenge=challenges.get(name),
                )
                for name, story in stories.items()
            }
    except WorkspaceError as error:
        click.echo(f"grade: {error}", err=True)
        return stories


def _tries(progress: "Progress", exercise: str) -> "tuple[Try, ...]":
    """The attempts in which there was something to grade: a run of the whole course is one at every stub."""
    from grader.report.learner_page import Try

    return tuple(
        Try(one.at.astimezone(), one.outcome is Outcome.PASSED, one.score, one.points)
        for one in progress.history(exercise)
        if one.outcome is not Outcome.NOT_STARTED
    )


def _open(page: Path) -> None:
    import webbrowser

    if not webbrowser.open(page.resolve().as_uri()):
        screen.say(_("No browser was found here; open the file in one yourself."))


def _exit_code(report: Report) -> int:
    from grader.cli import ExitCode

    failed = any(e.outcome is Outcome.GRADER_ERROR for e in report.exercises)
    return ExitCode.FAULT if failed else ExitCode.PASSED
