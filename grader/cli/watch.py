"""`grade watch`: grade again whatever is saved. Runs in: command line."""

import os
import select
import signal
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import screen
from grader.cli.grading import of_own_parts
from grader.cli.next_step import without_exercises
from grader.cli.options import data_option, require_agreement, require_data, sandbox_options
from grader.cli.select import ExerciseName, choose, here
from grader.errors import SandboxError, WorkspaceError
from grader.language import _
from grader.result import SandboxLevel

if TYPE_CHECKING:
    from grader.cli.watch_faces import Lines, Pages
    from grader.course import Exercise
    from grader.runner import Bench, Job
    from grader.session import Step
    from grader.watch.changes import Changes
    from grader.watch.sitting import Sitting
    from grader.workspace import Workspace

LOOK_SECONDS = 1.0  # between two looks at the file where the system tells nothing
_LEAVES_GRADING = frozenset("nprq")  # keys that don't wait for a verdict that takes long


@click.command("watch", short_help="Grade again whatever you save.")
@click.argument("name", required=False, type=ExerciseName(), metavar="[NAME]")
@data_option
@sandbox_options
def watch_command(
    *, name: str | None, data_dir: Path | None, sandbox: SandboxLevel | None, require_sandbox: SandboxLevel
) -> int:
    """Grade an exercise whenever you save its file, until you leave with `q`.

    NAME is as for `grade run`; without it, the first exercise that has not passed. A save of another exercise's file
    turns to that one. Keys show hints, the list and the quiz, or go on; `?` names them. In a pipe, and on a terminal
    that can't move its cursor, there are verdicts alone; Ctrl-C ends.
    """
    require_agreement(sandbox, require_sandbox)
    workspace = here()
    chosen = choose(workspace, (name,) if name else ())
    if not chosen:
        screen.say(screen.paragraph(without_exercises()))
        return 0
    require_data(data_dir)
    from grader.cli.window import Ended, ending_by_signals

    try:
        with ending_by_signals():
            _watch(workspace, chosen, data_dir=data_dir, sandbox=sandbox, at_least=require_sandbox)
    except Ended as end:  # everything is given back; what is left is to end as we were told
        signal.signal(end.number, signal.SIG_DFL)
        signal.raise_signal(end.number)
    return 0


def _watch(
    workspace: "Workspace",
    chosen: list["Exercise"],
    *,
    data_dir: Path | None,
    sandbox: SandboxLevel | None,
    at_least: SandboxLevel,
) -> None:
    from grader.runner import Bench

    start = Path.cwd()
    with ExitStack() as stack:
        bench = stack.enter_context(
            closing(Bench(workspace.course, data_dir=data_dir, sandbox=sandbox, at_least=at_least))
        )
        from grader.cli.watch_faces import Lines, Pages
        from grader.cli.window import Window, is_to_be_had
        from grader.watch.changes import Changes
        from grader.watch.sitting import Sitting, passed_before

        passed = passed_before(workspace)
        first = next((e for e in chosen if e.name not in passed), chosen[0])
        folders = [workspace.stubs / chapter.folder for chapter in workspace.course.chapters]
        changes = stack.enter_context(closing(Changes(folders)))
        sitting = Sitting(workspace, bench, _taking(workspace), first)
        bell = _Bell()
        stack.callback(bell.close)
        face = Pages(sitting, Window(bell.ring), start) if is_to_be_had() else Lines(sitting, start)
        stack.push(face)  # first: an interrupted beginning has to be undone too
        face.__enter__()
        _Loop(sitting, bench, changes, face, bell).run()


def _taking(workspace: "Workspace") -> Callable[["Exercise"], "Job"]:
    """Reads the files of an exercise; in a release with those of the exercises of which it is built."""
    from grader import intake, runner

    def take(exercise: "Exercise") -> "Job":
        job = runner.Job(exercise, intake.take(workspace.file_of(exercise)))
        return of_own_parts(workspace, job) if workspace.release is not None and exercise.parts else job

    return take


class _Bell:
    """A descriptor that can be read as soon as it was rung, also from a signal's handler."""

    def __init__(self) -> None:
        self.descriptor, self._end = os.pipe()
        os.set_blocking(self.descriptor, False)
        os.set_blocking(self._end, False)

    def ring(self) -> None:
        with suppress(BlockingIOError):
            os.write(self._end, b"!")

    def heard(self) -> bool:
        """Whether it was rung since the last time."""
        try:
            return bool(os.read(self.descriptor, 1 << 12))
        except BlockingIOError:
            return False

    def close(self) -> None:
        os.close(self.descriptor)
        os.close(self._end)


class _Loop:
    """Waits for saves and keys, and does what they ask for. The verdict is always the one of the file's last state."""

    def __init__(
        self, sitting: "Sitting", bench: "Bench", changes: "Changes", face: "Lines | Pages", bell: _Bell
    ) -> None:
        from grader.connection import Attention

        self._sitting = sitting
        self._bench = bench
        self._changes = changes
        self._face = face
        self._bell = bell
        self._start = Path.cwd()
        self._keys: list[str] = []
        self._paths: set[Path] = set()
        self._stated = ""
        self._is_away = True  # the folder; at the beginning nobody may listen to it yet
        keyboard = [] if face.keyboard is None else [face.keyboard]
        self._attention = Attention((changes.descriptor, bell.descriptor, *keyboard), self._is_wanted)

    def run(self) -> None:
        """Until `q`. Raises KeyboardInterrupt, SandboxError."""
        self._look()
        while True:
            if not self._keys and not self._paths:
                select.select(self._attention.descriptors, [], [], LOOK_SECONDS)
            self._hear()
            while self._keys:
                key = self._keys.pop(0)
                if key == "q":
                    return
                self._press(key)
            paths, self._paths = self._paths, set()
            before = self._sitting.exercise
            self._sitting.saved(paths)
            if self._sitting.exercise != before:
                self._face.turn()
            self._look()

    def _hear(self) -> None:
        """Take what has come."""
        self._paths |= self._changes.take()
        self._keys += self._face.actions()
        if self._bell.heard():
            self._face.redraw()

    def _is_wanted(self) -> bool:
        """Whether the verdict that is being made still is."""
        self._hear()
        if not _LEAVES_GRADING.isdisjoint(self._keys):
            return False
        try:
            return not self._sitting.is_about(self._paths)
        except WorkspaceError:
            return True

    def _press(self, key: str) -> None:
        sitting, face = self._sitting, self._face
        if key in ("n", "p"):
            sitting.turn_to(sitting.following() if key == "n" else sitting.preceding())
            face.turn()
            face.redraw()
        elif key == "r":
            self._look(again=True)
        elif key == "?" or sitting.is_there():
            face.open(key)

    def _look(self, *, again: bool = False) -> None:
        """Grade the exercise at hand if its files are others than before."""
        sitting = self._sitting
        try:
            if not sitting.is_there():
                sitting.forget()
                self._is_away = True
                said = _("{folder} is gone. It is graded again when it is back; q or Ctrl-C leaves.")
                self._state(said.format(folder=sitting.workspace.stubs))
                return
            if self._is_away:  # what is saved after the next verdict must be heard
                self._changes.listen()
                self._is_away = False
            self._come_back()
            if again or sitting.is_new():
                self._grade(again=again)
        except WorkspaceError as error:
            self._state(str(error))
        except OSError:
            if sitting.is_there():
                raise

    def _come_back(self) -> None:
        """Into the folder where it began, or into another one in its place: pytest and commands need one."""
        with suppress(OSError):
            if Path.cwd() == self._start:
                return
        for folder in (self._start, self._sitting.workspace.root):
            with suppress(OSError):
                os.chdir(folder)
                return

    def _state(self, text: str) -> None:
        """Say why nothing can be graded; once, as long as it stays so."""
        if text != self._stated:
            self._stated = text
            self._face.say(text)

    def _grade(self, *, again: bool) -> None:
        sitting, face = self._sitting, self._face
        face.busy()
        self._stated = ""
        remarks = sitting.grade(
            told=lambda: face.verdict(self._bench.level.value),
            under_way=self._under_way,
            attention=self._attention,
            again=again,
        )
        for remark in remarks:
            face.say(remark)
        with suppress(SandboxError):  # told when it is needed
            self._bench.prepare()

    def _under_way(self, step: "Step") -> None:
        said = _("{done} of {total}: {text}")
        self._face.busy(said.format(done=step.done, total=step.total, text=step.text))
