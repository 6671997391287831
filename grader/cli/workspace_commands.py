"""A learner's files, hints and data: init, list, hint, reset, solution, data. Runs in: command line."""

from datetime import datetime
from pathlib import Path

import click

from grader.cli import screen
from grader.cli.select import ExerciseName, choose_one, here
from grader.course import Exercise
from grader.progress import Progress
from grader.result import Outcome
from grader.workspace import Workspace, create, reset

_NAME = ExerciseName()


def _open(workspace: Workspace) -> Progress:
    """The workspace's progress; what there is to say of it goes to standard error."""
    workspace.make_state_folder()
    progress = Progress.open(workspace.progress_path)
    for message in progress.messages:
        click.echo(f"grade: {message}", err=True)
    return progress


@click.command("init")
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
    screen.say(f"\nNow:\n  cd {folder}\n  grade\n\nBegin with {start / 'README.md'}, write {start / first.file_name}.")


@click.command("list")
def list_command() -> None:
    """Show the course as a table: chapter, exercise, points, state."""
    workspace = here()
    best, hints, given_up = {}, {}, set()
    if workspace.progress_path.exists():
        with _open(workspace) as progress:
            best, hints, given_up = progress.best(), progress.hints(), progress.gave_up()
    rows = [("CHAPTER", "EXERCISE", "TITLE", "POINTS", "STATE")]
    for chapter in workspace.course.chapters:
        for number, exercise in enumerate(chapter.exercises):
            found = best.get(exercise.name)
            score = found.score if found else 0.0
            state = _state(found.outcome if found else None, score)
            extra = [f"{hints[exercise.name]} hints"] if hints.get(exercise.name) else []
            extra += ["solution shown"] if exercise.name in given_up else []
            rows.append(
                (
                    "" if number else chapter.title,
                    exercise.name,
                    exercise.title,
                    f"{score:.3g}/{exercise.points:g}",
                    ", ".join([state, *extra]),
                )
            )
    for line in screen.table(rows):
        screen.say(line)


def _state(outcome: Outcome | None, score: float) -> str:
    if outcome is Outcome.PASSED:
        return screen.style("passed", fg="green")
    if outcome in (None, Outcome.NOT_STARTED):
        return "not started"
    return screen.style("in progress" if score else "begun", fg="yellow")


@click.command("hint")
@click.argument("name", type=_NAME)
def hint_command(name: str) -> None:
    """Show the next hint of an exercise: direction, then method, then nearly the formula."""
    workspace = here()
    exercise = choose_one(workspace.course, name)
    with _open(workspace) as progress:
        level = progress.take_hint(exercise.name, len(exercise.hints))
    total = len(exercise.hints)
    for number, text in enumerate(exercise.hints[:level], 1):
        screen.say(screen.style(f"Hint {number} of {total}. ", bold=True) + text)
    if level == total:
        screen.say(f"That was the last one. `grade solution {exercise.name} --give-up` shows the solution.")


@click.command("reset")
@click.argument("name", type=_NAME)
def reset_command(name: str) -> None:
    """Put the stub of an exercise back. Your file is kept beside it under a dated name."""
    workspace = here()
    exercise = choose_one(workspace.course, name)
    kept = reset(workspace, exercise, datetime.now)
    screen.say(f"{exercise.file_name} is the stub again" + (f"; yours is kept as {kept.name}" if kept else ""))


@click.command("solution")
@click.argument("name", type=_NAME)
@click.option("--give-up", is_flag=True, help="Show it although the exercise has not passed; this is recorded.")
def solution_command(name: str, *, give_up: bool) -> int:
    """Show the reference of an exercise, once yours has passed."""
    workspace = here()
    exercise = choose_one(workspace.course, name)
    with _open(workspace) as progress:
        found = progress.best().get(exercise.name)
        passed = found is not None and found.outcome is Outcome.PASSED
        if not passed and not give_up:
            screen.say(_not_yet(exercise))
            return 1
        progress.record_solution(exercise.name, gave_up=not passed)
    screen.say(exercise.reference.read_text(encoding="utf-8"))
    return 0


def _not_yet(exercise: Exercise) -> str:
    return (
        f"{exercise.name} has not passed yet; the solution opens when it has.\n"
        f"`grade hint {exercise.name}` helps; `grade solution {exercise.name} --give-up` shows it now, and records that."
    )


@click.command("data")
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
    screen.say("Embedded: 1,797 handwritten digits of 8 x 8 pixels (UCI optdigits), and weights trained on MNIST.")
    for status in where.status(folder):
        screen.say(f"MNIST: {status.sentence}")
    if where.find_mnist(folder) is None:
        screen.say(f"\nMNIST is not here; checks that need it are skipped. `grade data --fetch` gets it.\n{where.advice(where.user_folder())}")
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
