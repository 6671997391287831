"""Find the workspace and the exercises that a command names. Runs in: command line."""

from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from grader.course import Course, Exercise
from grader.errors import GraderError
from grader.workspace import Workspace, find_workspace


def here() -> Workspace:
    """The workspace around the current folder."""
    return find_workspace(Path.cwd())


class ExerciseName(click.ParamType):
    """An exercise by its name, its module, or the path of its folder or file; `chapter=True` takes chapters too."""

    name = "name"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The exercises of the course around this folder."""
        del ctx, param
        try:
            exercises = here().course.exercises
        except GraderError:
            return []
        return [CompletionItem(e.name, help=e.title) for e in exercises if e.name.startswith(incomplete)]

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Left as it is: what it means depends on the workspace."""
        del param, ctx
        return str(value)


def choose(course: Course, names: tuple[str, ...]) -> list[Exercise]:
    """The exercises that `names` mean, in the course's order; all of them without a name.

    Raises click.UsageError for a name that means nothing, with the nearest ones.
    """
    wanted: set[str] = set()
    for name in names:
        found = _meant(course, name)
        if not found:
            raise click.UsageError(f"no exercise {name!r} in this course{_nearest(course, name)}; `grade list` shows all")
        wanted.update(e.name for e in found)
    return [e for e in course.exercises if not names or e.name in wanted]


def choose_one(course: Course, name: str) -> Exercise:
    """The one exercise that `name` means. Raises click.UsageError for a chapter or an unknown name."""
    found = choose(course, (name,))
    if len(found) != 1:
        raise click.UsageError(f"{name!r} is a chapter; name one exercise: {', '.join(e.name for e in found)}")
    return found[0]


def _meant(course: Course, name: str) -> list[Exercise]:
    last = Path(name).name.removesuffix(".py") or name
    return [e for e in course.exercises if last in (e.name, e.module, e.chapter)]


def _nearest(course: Course, name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, [e.name for e in course.exercises], n=2, cutoff=0.5)
    return f" (did you mean {' or '.join(near)}?)" if near else ""
