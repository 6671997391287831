"""Find the workspace and the exercises that a command names. Runs in: command line."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from grader.course import Course, Exercise, bundled_root, read_course
from grader.errors import GraderError
from grader.language import _
from grader.workspace import Workspace, find_workspace, workspace_around

if TYPE_CHECKING:
    from grader.progress import Progress

    _Parameter = click.ParamType[str]  # generic since click 8.5
else:
    _Parameter = click.ParamType


def here() -> Workspace:
    """The workspace around the current folder."""
    return find_workspace(Path.cwd())


def open_progress(workspace: Workspace) -> "Progress":
    """The workspace's progress; what there is to say of it goes to standard error. Raises WorkspaceError."""
    from grader.progress import Progress

    workspace.make_state_folder()
    progress = Progress.open(workspace.progress_path)
    for message in progress.messages:
        click.echo(f"grade: {message}", err=True)
    return progress


class ExerciseName(_Parameter):
    """One exercise by its name, its module, or the path of its folder or file."""

    name = "name"
    _paths = True

    def __init__(self, *, packaged: bool = False) -> None:
        """`packaged`: where there is no course around, the command takes the packaged one."""
        self._packaged = packaged

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The names that begin so; where none does, the shell's own completion of paths."""
        del ctx, param
        course = _course_here(packaged=self._packaged)
        named = self.names(course) if course is not None else ()
        items = [CompletionItem(name, help=title) for name, title in named if name.startswith(incomplete)]
        return items or [CompletionItem(incomplete, type="file")] * self._paths

    def names(self, course: Course) -> Iterator[tuple[str, str]]:
        """What can be named, each with its title."""
        yield from ((exercise.name, exercise.title) for exercise in course.exercises)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Left as it is: what it means depends on the workspace."""
        del param, ctx
        return str(value)


class ChapterName(ExerciseName):
    """A chapter by its folder, its number, or one of its exercises."""

    _paths = False

    def names(self, course: Course) -> Iterator[tuple[str, str]]:
        """The chapters' folders, as they are unmistakable."""
        yield from ((chapter.folder, chapter.title) for chapter in course.chapters)


class ExerciseNames(ExerciseName):
    """One exercise or several: a chapter's folder, or the path of any folder, means all in it."""

    def names(self, course: Course) -> Iterator[tuple[str, str]]:
        """Exercises, then chapters."""
        yield from super().names(course)
        yield from ((chapter.folder, chapter.title) for chapter in course.chapters)


def _course_here(*, packaged: bool) -> Course | None:
    """The course around the current folder; None where none can be read: a prompt is no place to say why."""
    try:
        workspace = workspace_around(Path.cwd())
        if workspace is not None:
            return workspace.course
        return read_course(bundled_root()) if packaged else None
    except (GraderError, OSError):
        return None


def choose(workspace: Workspace, names: tuple[str, ...]) -> list[Exercise]:
    """The exercises that `names` mean, in the course's order; all of them without a name.

    Raises click.UsageError for a name that means nothing, with the nearest ones.
    """
    course = workspace.course
    wanted: set[str] = set()
    for name in names:
        found = _named(course, name) or _at(workspace, name)
        if not found:
            raise click.UsageError(_unknown(course, name))
        wanted.update(e.name for e in found)
    return [e for e in course.exercises if not names or e.name in wanted]


def choose_one(workspace: Workspace, name: str) -> Exercise:
    """The one exercise that `name` means. Raises click.UsageError for a chapter or an unknown name."""
    found = choose(workspace, (name,))
    if len(found) != 1:
        said = _("{name} is more than one; name one exercise: {exercises}")
        raise click.UsageError(said.format(name=repr(name), exercises=", ".join(e.name for e in found)))
    return found[0]


def _named(course: Course, name: str) -> list[Exercise]:
    return [e for e in course.exercises if name in (e.name, e.module, e.file_name, e.chapter)]


def _at(workspace: Workspace, name: str) -> list[Exercise]:
    """The exercises of this workspace at or below a path, as seen from here or from the workspace's own folder.

    A file of the same name elsewhere means nothing: it is not the one that would be graded.
    """
    found: list[Exercise] = []
    for start in (Path.cwd(), workspace.root, workspace.stubs):
        path = Path(os.path.abspath(start / name))  # noqa: PTH100 - a link in the place of a file must not be followed
        path = path.parent.resolve() / path.name
        found = [e for e in workspace.course.exercises if _is_at(workspace.file_of(e), path)]
        if found:
            break
    return found


def _is_at(file: Path, path: Path) -> bool:
    """Whether `path` is the file, something beside it, or a folder above it."""
    return path.parent == file.parent or path in file.parents


def _unknown(course: Course, name: str) -> str:
    """What to say of a name that means nothing."""
    from difflib import get_close_matches

    said = _("no exercise {name} in this course; `grade list` shows all")
    near = get_close_matches(Path(name).stem, [e.name for e in course.exercises], n=2, cutoff=0.5)
    if near:
        said = _("no exercise {name} in this course (did you mean {nearest}?); `grade list` shows all")
    return said.format(name=repr(name), nearest=_(" or ").join(near))
