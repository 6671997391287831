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
    screen.say(f"{workspace.course.title}: {total} exercises in {folder}")
    screen.say(f"{len(written)} files written" + (f", {len(kept)} that were there left as they are" if kept else ""))
    first = workspace.course.exercises[0]
    start = Path(first.chapter) / first.name
    go = "" if folder.resolve() == Path.cwd() else f"  cd {shlex.quote(str(folder))}\n"
    screen.say(f"\nNow:\n{go}  grade\n\n")
    screen.say(screen.paragraph(f"Begin with {start / 'README.md'}, write {start / first.file_name}."))


@click.command("hint", short_help="Show the next hint of an exercise.")
@click.argument("name", type=_NAME)
def hint_command(name: str) -> None:
    """Show the next hint of an exercise: direction, then method, then nearly the formula."""
    workspace = here()
    exercise = choose_one(workspace, name)
    total = len(exercise.hints)
    if not total:
        screen.say(f"{exercise.name} has no hints yet.")
        return
    try:
        with open_progress(workspace) as progress:
            level = progress.take_hint(exercise.name, total)
    except WorkspaceError as error:  # where none can be counted, all are shown
        click.echo(f"grade: {error}", err=True)
        level = total
    for number, text in enumerate(exercise.hints[:level], 1):
        screen.say(screen.style(f"Hint {number} of {total}", bold=True))
        screen.say(screen.paragraph(text))
        screen.say("")
    if level < total:
        screen.say(screen.paragraph(f"Not enough? `grade hint {exercise.name}` again shows the next one too."))
    else:
        solution = f" `grade solution {exercise.name} --give-up` shows the solution."
        screen.say(screen.paragraph(f"That was the last one.{'' if workspace.release else solution}"))


@click.command("reset")
@click.argument("name", type=_NAME)
def reset_command(name: str) -> None:
    """Put the stub of an exercise back. Your file is kept beside it under a dated name."""
    workspace = here()
    exercise = choose_one(workspace, name)
    kept = reset(workspace, exercise, datetime.now)
    screen.say(f"{exercise.file_name} is the stub again" + (f"; yours is kept as {kept.name}" if kept else "") + ".")


@click.command("solution")
@click.argument("name", type=_NAME)
@click.option("--give-up", is_flag=True, help="Show it although the exercise has not passed; this is recorded.")
def solution_command(name: str, *, give_up: bool) -> int:
    """Show the reference of an exercise, once yours has passed."""
    workspace = here()
    workspace.need_course("solutions")
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
    yield f"{exercise.name} has not passed yet; the solution opens when it has."
    name = exercise.name
    yield f"`grade hint {name}` helps; `grade solution {name} --give-up` shows it now, and records that."


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
    embedded = "1,797 handwritten digits of 8 x 8 pixels (UCI optdigits), and weights trained on MNIST."
    screen.say(screen.paragraph(f"Embedded: {embedded}"))
    for status in where.status(folder):
        screen.say(screen.paragraph(f"MNIST: {status.sentence}"))
    if where.find_mnist(folder) is None:
        missing = "MNIST is not here; checks that need it are skipped. `grade data --fetch` gets it."
        screen.say(f"\n{screen.paragraph(missing)}\n{screen.paragraph(where.advice(where.user_folder()))}")
        return 1
    return 0


def _fetch(folder: Path) -> None:
    from grader.data.fetch import fetch_mnist

    shown: dict[str, int] = {}
    with screen.progress(100, f"Fetching MNIST into {folder}") as bar:

        def report(name: str, done: int, total: int) -> None:
            shown[name] = 25 * done // max(total, 1)
            bar.update(sum(shown.values()) - bar.pos)

        fetch_mnist(folder, report)
