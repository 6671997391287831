"""`grade challenge`: the learner writes the test. Runs in: command line."""

import json
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from grader.cli import screen
from grader.cli.options import require_agreement, sandbox_options
from grader.cli.select import ExerciseName, choose_one, here, open_progress
from grader.course import Exercise
from grader.errors import WorkspaceError
from grader.language import _
from grader.result import SandboxLevel
from grader.workspace import Workspace

if TYPE_CHECKING:
    from grader.challenge.standing import Standing

_NARROWEST, _WIDEST = 40, 100  # columns


@click.command("challenge", short_help="Write the test: catch an exercise's wrong solutions.")
@click.argument("name", type=ExerciseName())
@click.option(
    "--json", "json_file", metavar="FILE", type=click.Path(), help="Write the result as JSON (- for standard output)."
)
@sandbox_options
def challenge_command(
    name: str, *, json_file: str | None, sandbox: SandboxLevel | None, require_sandbox: SandboxLevel
) -> int:
    """Write the test: catch the wrong solutions of an exercise by checks of your own.

    Your checks stand in my_checks.py beside your file, which is made on first use: functions whose names begin with
    check_, with plain asserts. Each one must pass the right solution, and catches every known-wrong one that it fails.
    You don't see their code. Exit code 0 means that all of them are caught.
    """
    from grader import intake
    from grader.challenge import rounds
    from grader.cli import ExitCode

    require_agreement(sandbox, require_sandbox)
    workspace = here()
    workspace.need_course(_("known-wrong solutions to catch"))
    exercise = choose_one(workspace, name)
    rounds.to_catch(exercise)
    _make_file(workspace, exercise, quiet=json_file == "-")
    with ExitStack() as stack:
        bar: Any = None

        def begun(runs: int) -> None:
            nonlocal bar
            bar = stack.enter_context(screen.progress(runs, _("Running your checks")))

        standing = rounds.play(
            workspace.course,
            exercise,
            intake.take(workspace.checks_of(exercise)),
            sandbox=sandbox,
            at_least=require_sandbox,
            begun=begun,
            done=lambda runs: bar.update(runs),  # noqa: PLW0108 - the bar is made when it is known how long
        )
    if standing.problem is None:
        _record(workspace, standing)
    if json_file is not None:
        screen.write(json_file, json.dumps(standing.as_dict(), indent=1) + "\n")
    if json_file != "-":
        _show(workspace, exercise, standing)
    return ExitCode.PASSED if standing.complete else ExitCode.NOT_PASSED


def _make_file(workspace: Workspace, exercise: Exercise, *, quiet: bool) -> None:
    from grader.challenge import template

    path = workspace.checks_of(exercise)
    if workspace.is_course:
        said = _("{file}: this is the course itself; make a workspace with `grade init DIR` to work in")
        raise WorkspaceError(said.format(file=path))
    if template.write(path, exercise) and not quiet:
        made = _("Made {file} for your checks. It has an example in it, which is run now.")
        screen.say(screen.paragraph(made.format(file=os.path.relpath(path))) + "\n")


def _record(workspace: Workspace, standing: "Standing") -> None:
    """Keep the result. A folder that can't be written costs the record, never the verdict."""
    try:
        with open_progress(workspace) as progress:
            progress.record_challenge(standing.exercise, len(standing.caught), len(standing.wrongs))
    except WorkspaceError as error:
        click.echo(f"grade: {error}", err=True)


def _show(workspace: Workspace, exercise: Exercise, standing: "Standing") -> None:
    from grader.challenge.terminal import to_terminal
    from grader.report.ink import Ink

    width = min(max(screen.width(), _NARROWEST), _WIDEST)
    ink = Ink(width, screen.colour(), screen.ascii_only())
    title = _("Challenge: {title} ({exercise})").format(title=exercise.title, exercise=exercise.name)
    screen.say(to_terminal(standing, title, os.path.relpath(workspace.checks_of(exercise)), ink))
