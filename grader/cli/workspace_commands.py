"""A learner's files, hints and data: init, hint, reset, solution, data. Runs in: command line."""

import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from grader.cli import screen
from grader.cli.select import ExerciseName, choose_one, here, open_progress
from grader.course import Exercise
from grader.errors import WorkspaceError
from grader.language import _, ngettext
from grader.report.wording import explained_earlier
from grader.result import Outcome
from grader.workspace import create, reset

_NAME = ExerciseName()


@click.command("init", short_help="Make a workspace in DIR: stubs and texts.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
def init_command(folder: Path) -> None:
    """Make a workspace in DIR: stubs and texts, no checks, no solutions.

    A file that exists is left as it is, so the command can be run again after an update.
    """
    workspace, written, kept = create(folder)
    total = len(workspace.course.exercises)
    said = ngettext("{course}: {count} exercise in {folder}", "{course}: {count} exercises in {folder}", total)
    screen.say(said.format(course=workspace.course.title, count=total, folder=folder))
    said = _("{count} files written, {kept} that were there left as they are") if kept else _("{count} files written")
    screen.say(said.format(count=len(written), kept=len(kept)))
    first = workspace.course.exercises[0]
    start = Path(first.chapter) / first.name
    go = "" if folder.resolve() == Path.cwd() else f"  cd {shlex.quote(str(folder))}\n"
    now = _("Now:")
    screen.say(f"\n{now}\n{go}  grade\n\n")
    said = _("Begin with {readme}, write {file}.")
    screen.say(screen.paragraph(said.format(readme=start / "README.md", file=start / first.file_name)))


@click.command("hint", short_help="Show the next hint of an exercise.")
@click.argument("name", type=_NAME)
def hint_command(name: str) -> None:
    """Show the next hint of an exercise: direction, then method, then nearly the formula."""
    workspace = here()
    exercise = choose_one(workspace, name)
    total = len(exercise.hints)
    if not total:
        screen.say(_("{exercise} has no hints yet.").format(exercise=exercise.name))
        return
    try:
        with open_progress(workspace) as progress:
            level = progress.take_hint(exercise.name, total)
    except WorkspaceError as error:  # where none can be counted, all are shown
        click.echo(f"grade: {error}", err=True)
        level = total
    for number, text in enumerate(exercise.hints[:level], 1):
        screen.say(screen.style(_("Hint {number} of {total}").format(number=number, total=total), bold=True))
        screen.say(screen.paragraph(text))
        screen.say("")
    if explained := explained_earlier(exercise.terms, exercise.hints[:level]):
        screen.say(screen.style(screen.paragraph(explained), dim=True))
    if level < total:
        said = _("Not enough? `grade hint {exercise}` again shows the next one too.")
    elif workspace.release:
        said = _("That was the last one.")
    else:
        said = _("That was the last one. `grade solution {exercise} --give-up` shows the solution.")
    screen.say(screen.paragraph(said.format(exercise=exercise.name)))


@click.command("reset")
@click.argument("name", type=_NAME)
def reset_command(name: str) -> None:
    """Put the stub of an exercise back. Your file is kept beside it under a dated name."""
    workspace = here()
    exercise = choose_one(workspace, name)
    kept = reset(workspace, exercise, datetime.now)
    said = _("{file} is the stub again; yours is kept as {kept}.") if kept else _("{file} is the stub again.")
    screen.say(said.format(file=exercise.file_name, kept=kept.name if kept else ""))


@click.command("solution")
@click.argument("name", type=_NAME)
@click.option("--give-up", is_flag=True, help="Show it although the exercise has not passed; this is recorded.")
def solution_command(name: str, *, give_up: bool) -> int:
    """Show the reference of an exercise, once yours has passed."""
    workspace = here()
    workspace.need_course(_("solutions"))
    exercise = choose_one(workspace, name)
    with open_progress(workspace) as progress:
        found = progress.best().get(exercise.name)
        passed = found is not None and found.outcome is Outcome.PASSED
        if not passed and not give_up:
            for sentence in _not_yet(exercise):
                screen.say(screen.paragraph(sentence))
            return 1
        progress.record_solution(exercise.name, gave_up=not passed)
    screen.say(exercise.reference.read_text(encoding="utf-8"))
    return 0


def _not_yet(exercise: Exercise) -> Iterator[str]:
    name = exercise.name
    yield _("{exercise} has not passed yet; the solution opens when it has.").format(exercise=name)
    said = _("`grade hint {exercise}` helps; `grade solution {exercise} --give-up` shows it now, and records that.")
    yield said.format(exercise=name)


@click.command("data", short_help="Say what data is here, or fetch MNIST.")
@click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to look in, or to fetch into (else your data folder).",
)
@click.option("--fetch", is_flag=True, help="Fetch the four MNIST files (11.6 MB) from a public mirror.")
def data_command(folder: Path | None, *, fetch: bool) -> int:
    """Say what data is here: the embedded digits always, MNIST where its four files are."""
    from grader.data import where

    if fetch:
        _fetch(folder or where.user_folder())
    said = _("Embedded: 1,797 handwritten digits of 8 x 8 pixels (UCI optdigits), and weights trained on MNIST.")
    screen.say(screen.paragraph(said))
    for status in where.status(folder):
        screen.say(screen.paragraph(f"MNIST: {status.sentence}"))
    if where.find_mnist(folder) is None:
        missing = _("MNIST is not here; checks that need it are skipped. `grade data --fetch` gets it.")
        screen.say(f"\n{screen.paragraph(missing)}\n{screen.paragraph(where.advice(where.user_folder()))}")
        return 1
    return 0


def _fetch(folder: Path) -> None:
    from grader.data.fetch import fetch_mnist

    shown: dict[str, int] = {}
    with screen.progress(100, _("Fetching MNIST into {folder}").format(folder=folder)) as bar:

        def report(name: str, done: int, total: int) -> None:
            shown[name] = 25 * done // max(total, 1)
            bar.update(sum(shown.values()) - bar.pos)

        fetch_mnist(folder, report)
