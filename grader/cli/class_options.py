"""Options that the commands for teachers share: course, assignment, roster, times. Runs in: command line."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.errors import CourseError

if TYPE_CHECKING:
    from grader.assignment import LatePolicy
    from grader.course import Course


def moment(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    """The callback of an option that takes a date and time with its offset from UTC."""
    if value is None:
        return None
    from grader.assignment import has_every_clock

    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is no time; write it like 2026-12-01T23:59:00+01:00", context, parameter
        ) from None
    if found.tzinfo is None:
        raise click.BadParameter(
            f"{value!r} has no offset from UTC; add it: {found.isoformat()}+01:00", context, parameter
        )
    if not has_every_clock(found):
        raise click.BadParameter(f"{value!r} is too far away; take a year before 9999", context, parameter)
    return found


def late_policy(context: click.Context, parameter: click.Parameter, value: str | None) -> "LatePolicy | None":
    """The callback of an option that takes a rule for late work."""
    if value is None:
        return None
    from grader.assignment import LatePolicy

    try:
        return LatePolicy.parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from None


def course_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--course DIR` and `--settings FILE`, as every command for teachers has them."""
    course = click.option(
        "--course",
        "course_root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="The course's folder (else the one around here, else the course that comes with neurograde).",
    )
    settings = click.option(
        "--settings",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="TOML file with the assignment: title, exercises, points, weights, due, late, visibility.",
    )
    return course(settings(command))


def roster_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--roster FILE`, as every command that reads submissions has it."""
    return click.option(
        "--roster",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="CSV with ids, names, extensions.",
    )(command)


def course_of(root: Path | None) -> "Course":
    """The course that was named, or the one around this folder, or the packaged one. Raises CourseError."""
    from grader.course import bundled_root, read_course

    if root is not None:
        if not (root / "exercises" / "course.toml").is_file():
            raise CourseError(f"{root}: no course in it; name the folder that holds exercises/course.toml")
        return read_course(root.resolve())
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / "exercises" / "course.toml").is_file():
            return read_course(folder)
    return read_course(bundled_root())
