"""`grade export`: a class's marks as files for other systems. Runs in: command line."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.classroom.exports.registry import FORMATS, Format
from grader.cli import screen
from grader.cli.classroom import UNFINISHED
from grader.errors import GraderError, WorkspaceError

if TYPE_CHECKING:
    from grader.classroom.gradebook import Gradebook
    from grader.classroom.model import ClassBook

_LIST = "\n".join(f"  {format_.name:<18}{format_.description}" for format_ in FORMATS.values())


@click.command("export", short_help="For teachers: write a class's marks for an LMS.", epilog=f"\b\nFormats:\n{_LIST}")
@click.argument("graded", metavar="OUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--format", "wanted", type=click.Choice(list(FORMATS)), metavar="NAME", required=True, help="One of those below."
)
@click.option(
    "-o",
    "target",
    metavar="FILE|DIR",
    type=click.Path(),
    help="Where to write: a file, or a folder for formats of each student (- for standard output). Else into OUT.",
)
@click.option("--assignment", metavar="TITLE", default="", help="Title of the column over there: 'Homework 3 (12345)'.")
@click.option("--missing-as-zero", is_flag=True, help="Write 0 where nothing was handed in; else nothing is written.")
@click.option("--feedback", is_flag=True, help="For Moodle: also what each student should read.")
def export_command(
    graded: Path, *, wanted: str, target: str | None, assignment: str, missing_as_zero: bool, feedback: bool
) -> int:
    """Write the marks of a class for another system. OUT is the folder that `grade class` wrote.

    Files of each student tell of hidden checks what they demand and whether they passed, and no more. Who has no mark
    because the grader failed gets none, is named, and makes the exit code 1; so does a class whose grading was stopped.
    """
    from grader.classroom.exports.options import Options, common_notes, is_our_fault, named

    format_ = FORMATS[wanted]
    if format_.per_student and target == "-":
        raise click.UsageError(f"{wanted} has a file for each student; name a folder: -o {wanted}/")
    options = Options(assignment, missing_as_zero, feedback, datetime.now(UTC), os.environ)
    with _opened(graded) as (gradebook, book):
        files = format_.write(book, options)
        where = _write(files, format_, graded, target)
        notes = [*common_notes(book, options), *format_.notes(book, options)]
        failed = [row for row in book.rows if is_our_fault(row)]
        if failed:
            notes.append(
                f"the grader failed at {named(failed)}: they have no mark; `grade class --retry-errors` tries again"
            )
        asked = gradebook.setting(UNFINISHED)
        if asked:
            notes.append(
                f"the last run of `grade class`, for {asked} students, was stopped before its end: {len(book.rows)} are"
                " here, some perhaps as an earlier run left them; `grade class --resume` goes on"
            )
        click.echo(screen.paragraph(f"{where}: {len(book.rows)} students"), err=True)
        for note in notes:
            click.echo(screen.hanging("- ", note), err=True)
        return 1 if failed or asked else 0


@contextmanager
def _opened(out: Path) -> Iterator[tuple["Gradebook", "ClassBook"]]:
    """What is in a folder that `grade class` wrote, and the class with its assignment.

    Raises WorkspaceError, CourseError.
    """
    import msgspec

    from grader.assignment import from_description
    from grader.classroom.gradebook import Gradebook
    from grader.course import read_course

    with Gradebook.existing(out) as gradebook:
        root, text = gradebook.setting("course"), gradebook.setting("assignment")
        if not text:
            raise WorkspaceError(f"{gradebook.path}: nothing was graded into it yet; run `grade class -o {out}`")
        course = read_course(Path(root))
        yield gradebook, gradebook.book(from_description(msgspec.json.decode(text), course, str(gradebook.path)))


def _write(files: Mapping[str, bytes], format_: Format, graded: Path, target: str | None) -> str:
    """Write each file whole or not at all; returns where."""
    if not format_.per_student:
        ((name, data),) = files.items()
        path = _file(name, graded, target)
        screen.write(path, data)
        return "standard output" if path == "-" else path
    folder = Path(target) if target is not None else graded / format_.name
    _refuse_others(folder, files)
    with screen.progress(len(files), "Writing") as bar:
        for name, data in files.items():
            screen.write(str(folder / name), data)
            bar.update(1)
    return f"{folder}{os.sep}"


def _file(name: str, graded: Path, target: str | None) -> str:
    if target is None:
        return str(graded / name)
    return str(Path(target) / name) if target.endswith("/") or Path(target).is_dir() else target


def _refuse_others(folder: Path, files: Mapping[str, bytes]) -> None:
    """Raises GraderError where results would be left that this export has not: they would pass for today's."""
    if not folder.exists():
        return
    left = sorted(str(path.relative_to(folder)) for path in folder.glob("*/*") if path.is_file())
    left = [name for name in left if name.replace(os.sep, "/") not in files]
    if left:
        raise GraderError(f"{folder}: holds {left[0]!r}, which is not of this export; empty it or name another folder")
