"""Commands about the course and this machine: verify, doctor. Runs in: command line."""

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from grader import __version__
from grader.cli import screen
from grader.cli.options import data_option, require_agreement, require_data, sandbox_options
from grader.cli.select import ExerciseNames, choose, here
from grader.errors import GraderError, WorkspaceError
from grader.language import _, ngettext
from grader.result import SandboxLevel
from grader.workspace import Workspace


@click.command("verify")
@click.argument("names", nargs=-1, type=ExerciseNames(), metavar="[NAME]...")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    metavar="N",
    default=os.cpu_count() or 1,
    show_default="all cores",
    help="Grade in N processes.",
)
@data_option
@sandbox_options
@click.option("--write-table", is_flag=True, help="Write exercises/README.md, the table of the course; prove nothing.")
def verify_command(
    names: tuple[str, ...],
    *,
    jobs: int,
    data_dir: Path | None,
    sandbox: SandboxLevel | None,
    require_sandbox: SandboxLevel,
    write_table: bool,
) -> int:
    """Prove that a course holds: for its authors and their CI.

    References pass everything, stubs score nothing, every known-wrong solution is caught by the check named for it,
    no check is idle, and every file is as it must be. One line per finding; exit code 1 where there is one.
    """
    from grader.author.proof import verify

    require_agreement(sandbox, require_sandbox)
    workspace = here()
    workspace.need_course("hidden checks and solutions to prove")
    if write_table:
        if names:
            raise click.UsageError("--write-table writes the table of the whole course; leave the names out")
        screen.say(_write_table(workspace))
        return 0
    chosen = choose(workspace, names)
    require_data(data_dir)
    with ExitStack() as stack:
        bars: list[Any] = []

        def done(count: int, total: int) -> None:
            if not bars:  # only now the total is known
                bars.append(stack.enter_context(screen.progress(total, "Verifying")))
            bars[0].update(count - bars[0].pos)

        summary = verify(
            workspace.course,
            chosen,
            jobs=jobs,
            data_dir=data_dir,
            sandbox=sandbox,
            at_least=require_sandbox,
            done=done,
        )
    sign = "x" if screen.ascii_only() else "✗"
    for finding in summary.findings:
        screen.say(f"{screen.style(sign, fg='red')} {finding}")
    for note in summary.notes:
        screen.say(screen.style(note, dim=True))
    screen.say(summary.sentence)
    return 1 if summary.findings else 0


def _write_table(workspace: Workspace) -> str:
    from grader.author import course_table
    from grader.quiz.bank import quizzes

    course = workspace.course
    if workspace.root != course.root:
        raise WorkspaceError(f"{workspace.root}: a workspace has no table of the course; go to the course's own folder")
    return course_table.write_table(course, quizzes(course))


@click.command("doctor", short_help="Say what is installed and what is missing.")
@data_option
def doctor_command(data_dir: Path | None) -> None:
    """Say what is installed, what data is here, which sandbox holds, and how to get what is missing."""
    for line in screen.table(list(_doctor(data_dir))):
        screen.say(line)


def _doctor(data_dir: Path | None) -> Iterator[tuple[str, str]]:
    from importlib.metadata import PackageNotFoundError, version

    from grader.data import where
    from grader.workspace import find_workspace

    yield "neurograde", _("{version} in {folder}").format(version=__version__, folder=Path(__file__).parent.parent)
    yield "Python", f"{platform.python_version()} ({sys.executable})"
    cores = os.cpu_count() or 1
    yield (
        _("system"),
        f"{platform.system()} {platform.release()} {platform.machine()}, "
        + ngettext("{count} core", "{count} cores", cores).format(count=cores),
    )
    for package in ("numpy", "pytest", "click", "msgpack"):
        try:
            yield package, version(package)
        except PackageNotFoundError:
            yield package, _("missing; `pip install {package}`").format(package=package)
    yield from _sandbox()
    for status in where.status(data_dir):
        yield "MNIST", status.sentence
    if where.find_mnist(data_dir) is None:
        yield "", _("`grade data --fetch` gets it; checks that need it are skipped until then")
    try:
        workspace = find_workspace(Path.cwd())
    except GraderError as error:
        yield _("workspace"), str(error)
        return
    yield _("workspace"), f"{workspace.root}: {workspace.course.title}"
    kept = workspace.progress_path
    said = "{file}" if workspace.has_progress else _("none yet; it will be kept in {file}")
    yield _("progress"), said.format(file=kept)


def _sandbox() -> Iterator[tuple[str, str]]:
    """The level that grading uses; below it, why it is not a stronger one, and how to get that."""
    from grader import sandbox
    from grader.pool import survey

    against = survey()
    for level, doubt in against.items():
        if not doubt:
            said = _("{level}, the strongest level that holds here; `grade` uses it")
            yield _("sandbox"), said.format(level=level.value)
            break
        yield _("sandbox"), _("{level} does not hold: {reason}").format(level=level.value, reason=doubt)
        first, *others = sandbox.remedy(level).split("; ")
        yield "", _("to get it: {remedy}").format(remedy=first)
        yield from (("", f"  {other}") for other in others)
    asked = os.environ.get("NEUROGRADE_SANDBOX")
    if asked:
        said = _("but NEUROGRADE_SANDBOX asks for {level}; unset it to use the strongest")
        yield "", said.format(level=asked)
