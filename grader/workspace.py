"""Where a learner works: a folder of stubs, or an author's checkout of the course. Runs in: command line."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from grader import vscode
from grader.course import OWN_CHECKS, Course, Exercise, bundled_root, read_course
from grader.errors import WorkspaceError
from grader.language import _
from grader.table import Table

MARKER = "neurograde.toml"
STUB_SUFFIX = ".stub"  # of the copies in a release from which `grade reset` puts a stub back
RELEASE_FORMAT = 1
_MARKER_TEXT = """\
# This folder is a workspace: `grade` finds it from every folder inside.
# The checks come with the installed package, so nothing else is needed here.
format = 1
course = "{course}"
"""
_IGNORED = "# What `grade` keeps here: progress.\n*\n"


class Release(Struct, frozen=True):
    """An assignment as its students have it: all of it is in their folder, and nothing that is hidden from them."""

    id: str  # the digest of its files
    title: str
    due: datetime | None  # with its offset


class Workspace(Struct, frozen=True):
    """Where a learner's files are (`stubs`), and the course that they answer."""

    root: Path
    stubs: Path
    course: Course
    release: Release | None = None

    def file_of(self, exercise: Exercise) -> Path:
        return self.stubs / exercise.chapter / exercise.name / exercise.file_name

    def checks_of(self, exercise: Exercise) -> Path:
        """The learner's own checks of an exercise, for `grade challenge`."""
        return self.file_of(exercise).with_name(f"{OWN_CHECKS}.py")

    @property
    def is_course(self) -> bool:
        """Whether it is an author's checkout: its stubs are the course's own."""
        return self.release is None and self.stubs == self.course.root / "exercises"

    def stub_of(self, exercise: Exercise) -> Path:
        """The stub as it was. In a release the learner writes into the stub's own file, which has a copy beside it."""
        return exercise.stub if self.release is None else exercise.stub.with_name(exercise.file_name + STUB_SUFFIX)

    def need_course(self, what: str) -> None:
        """Raises WorkspaceError in a release, which holds none of what makes a course: `what` is missing there."""
        if self.release is not None:
            said = _("{folder}: this is a release, which holds no {missing}; they stay with your teacher")
            raise WorkspaceError(said.format(folder=self.root, missing=what))

    @property
    def progress_path(self) -> Path:
        return self.root / ".grade" / "progress.sqlite3"

    @property
    def has_progress(self) -> bool:
        """Whether progress is kept here; also where the folder is closed, so that opening it says why."""
        try:
            self.progress_path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True
        return True

    def make_state_folder(self) -> None:
        """The folder `.grade`, which git ignores by itself. Raises WorkspaceError where it can't be made."""
        folder = self.progress_path.parent
        unfit = _("{folder}: {reason}; progress can't be kept here")
        if folder.is_symlink():  # another's workspace may have been made to write into one's own folders
            raise WorkspaceError(unfit.format(folder=folder, reason=_("a link")))
        try:
            folder.mkdir(exist_ok=True)
            if not (folder / ".gitignore").exists():
                (folder / ".gitignore").write_text(_IGNORED, encoding="utf-8")
        except OSError as error:
            raise WorkspaceError(unfit.format(folder=folder, reason=error.strerror)) from None


def find_workspace(start: Path) -> Workspace:
    """The workspace around `start`: the nearest folder upward with its marker, or with a course of its own.

    Raises WorkspaceError where there is none, CourseError where the course is broken.
    """
    found = workspace_around(start)
    if found is None:
        said = _("{folder}: no course here or above; go to your workspace, or make one with `grade init DIR`")
        raise WorkspaceError(said.format(folder=start.resolve()))
    return found


def workspace_around(start: Path) -> Workspace | None:
    """The same; None where there is none. Raises WorkspaceError where its marker can't be used, CourseError."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / MARKER).is_file():
            return _marked(folder)
        if (folder / "exercises" / "course.toml").is_file():
            return Workspace(folder, folder / "exercises", read_course(folder))
    return None


def _marked(folder: Path) -> Workspace:
    """The workspace with a marker. A release's course is its own folder; the packaged one is never looked at there."""
    release = release_of(folder / MARKER)
    if release is None:
        return Workspace(folder, folder, _course_of(folder / MARKER))
    return Workspace(folder, folder / "exercises", read_course(folder, visible_only=True), release)


def release_of(marker: Path) -> Release | None:
    """The release that a marker tells of; None of an ordinary workspace. Raises CourseError, WorkspaceError."""
    table = _marker(marker)
    if "release" not in table.names_left():
        return None
    release = table.table("release")
    if (found := release.take("format", int)) != RELEASE_FORMAT:
        said = _("{file}: release: format = {found}; this version reads format {known}, update neurograde")
        raise WorkspaceError(said.format(file=marker, found=found, known=RELEASE_FORMAT))
    identity, title = release.take("id", str), release.take("title", str)
    due = release.take("due", datetime, None)
    if due is not None and due.tzinfo is None:
        release.fail("due", f"= {due.isoformat()}", "add the offset from UTC")
    return Release(identity, title, due)


def _marker(path: Path) -> Table:
    table = Table.read(path)
    if (found := table.take("format", int)) != 1:
        said = _("{file}: format = {found}; this version reads format {known}, update neurograde")
        raise WorkspaceError(said.format(file=path, found=found, known=1))
    return table


def _course_of(marker: Path) -> Course:
    table = _marker(marker)
    wanted = table.take("course", str)
    course = read_course(bundled_root())
    if course.id != wanted:
        said = _("{file}: course = {wanted}; the installed package holds {found}")
        raise WorkspaceError(said.format(file=marker, wanted=repr(wanted), found=repr(course.id)))
    return course


def create(folder: Path) -> tuple[Workspace, list[Path], list[Path]]:
    """Lay the bundled course's stubs and texts, and tasks for an editor, into `folder`.

    Returns (workspace, files written, files left alone). A file that exists is left alone, whatever it holds.
    Raises WorkspaceError where the folder can't be used.
    """
    course = read_course(bundled_root())
    is_new = not (folder / MARKER).is_file()
    for above in (folder.resolve(), *folder.resolve().parents):
        if (above / "exercises" / "course.toml").is_file():
            said = _("{folder}: lies inside the course in {course}; choose a folder outside")
            raise WorkspaceError(said.format(folder=folder, course=above))
        if is_new and (above / MARKER).is_file():
            said = _("{folder}: lies inside the workspace {workspace}; choose a folder outside")
            raise WorkspaceError(said.format(folder=folder, workspace=above))
    if not is_new:
        _course_of(folder / MARKER)
    written: list[Path] = []
    kept: list[Path] = []

    def put(target: Path, text: str) -> None:
        if target.exists() or target.is_symlink():
            kept.append(target)
            return
        _write_new(target, text)
        written.append(target)

    try:
        for exercise in course.exercises:
            here = folder / exercise.chapter / exercise.name
            put(here / exercise.file_name, exercise.stub.read_text(encoding="utf-8"))
            put(here / "README.md", exercise.readme.read_text(encoding="utf-8"))
        for path, text in vscode.files():
            put(folder / path, text)
        put(folder / MARKER, _MARKER_TEXT.format(course=course.id))
    except OSError as error:
        said = _("{folder}: {reason}; choose a folder that can be written")
        raise WorkspaceError(said.format(folder=error.filename or folder, reason=error.strerror)) from None
    return Workspace(folder, folder, course), written, kept


def reset(workspace: Workspace, exercise: Exercise, now: Callable[[], datetime]) -> Path | None:
    """Put the stub back. A learner's own file is kept beside it, and its new, dated path returned."""
    target = workspace.file_of(exercise)
    if workspace.is_course:
        said = _("{file}: this is the course's own stub; make a workspace with `grade init DIR` to work in")
        raise WorkspaceError(said.format(file=target))
    kept: Path | None = None
    try:
        stub = workspace.stub_of(exercise).read_text(encoding="utf-8")
        if _holds(target, stub):
            return None
        fresh = target.with_name(f".{target.name}.{os.getpid()}.part")
        _write_new(fresh, stub)  # before anything is moved: a full disk must not cost the learner's file its name
        if target.exists() or target.is_symlink():
            kept = _free_name(target, now())
            target.rename(kept)
        fresh.rename(target)
    except OSError as error:
        said = _("{file}: {reason}; your file is unchanged")
        raise WorkspaceError(said.format(file=error.filename or target, reason=error.strerror)) from None
    return kept


def _holds(path: Path, text: str) -> bool:
    """Whether this is a file, no link, of just that text; a file that can't be read is not."""
    with suppress(OSError):
        return path.is_file() and not path.is_symlink() and path.read_bytes() == text.encode()
    return False


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        try:
            file.write(text)
            file.flush()
        except OSError:
            path.unlink()
            raise


def _free_name(target: Path, now: datetime) -> Path:
    stem = f"{target.stem}.{now:%Y%m%d-%H%M%S}"
    candidates = (target.with_name(f"{stem}{tail}.py") for tail in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(path for path in candidates if not path.exists())
