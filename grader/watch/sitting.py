"""One sitting of a learner: the exercise at hand, its verdict, what has passed. Runs in: command line."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from grader import diary
from grader.course import Exercise
from grader.errors import WorkspaceError
from grader.intake import Refusal, Submission
from grader.progress import Progress
from grader.result import ExerciseResult, Outcome
from grader.runner import Bench, Job
from grader.workspace import Workspace

if TYPE_CHECKING:
    from grader.connection import Attention
    from grader.session import Step


class Verdict(Struct, frozen=True):
    """What was found of the exercise at hand."""

    result: ExerciseResult
    at: datetime
    seconds: float  # from the reading of the file


class Sitting:
    """What a learner works on. `take` reads the files of an exercise, and may raise WorkspaceError."""

    def __init__(self, workspace: Workspace, bench: Bench, take: Callable[[Exercise], Job], start: Exercise) -> None:
        self.workspace = workspace
        self.exercise = start
        self.verdict: Verdict | None = None  # the latest; while a newer one is made, it is out of date
        self.passed = passed_before(workspace)
        self._bench = bench
        self._take = take
        self._graded: Submission | Refusal | None = None  # what the verdict is about
        self._recorded: dict[str, Submission | Refusal] = {}
        self._by_folder = {workspace.file_of(e).parent: e for e in workspace.course.exercises}

    # -- which exercise it is

    def is_there(self) -> bool:
        """Whether the workspace is still in its place."""
        return self.workspace.stubs.is_dir()

    def turn_to(self, exercise: Exercise) -> None:
        """Work on that one."""
        if exercise != self.exercise:
            self.exercise, self.verdict, self._graded = exercise, None, None

    def following(self) -> Exercise:
        """The next one that has not passed, from the beginning after the last; where all have, the next one."""
        after = self._after(1)
        return next((e for e in after if e.name not in self.passed), after[0])

    @property
    def all_passed(self) -> bool:
        return all(e.name in self.passed for e in self.workspace.course.exercises)

    def preceding(self) -> Exercise:
        return self._after(0)[-1]

    def _after(self, number: int) -> list[Exercise]:
        """All exercises, beginning so many after this one."""
        exercises = self.workspace.course.exercises
        at = (exercises.index(self.exercise) + number) % len(exercises)
        return [*exercises[at:], *exercises[:at]]

    def saved(self, paths: Iterable[Path]) -> None:
        """Turn to the exercise whose file was saved last; what lies beside the file at hand counts as that."""
        times = [(_modified(path), e == self.exercise, e) for path, e in self._known(paths)]
        if times:
            self.turn_to(max(times, key=lambda one: one[:2])[2])

    def is_about(self, paths: Iterable[Path]) -> bool:
        """Whether a save of these makes a verdict unwanted that is under way. Raises WorkspaceError."""
        exercises = {e.name for _, e in self._known(paths)}
        return not exercises <= {self.exercise.name} or (bool(exercises) and self.is_new())

    def _known(self, paths: Iterable[Path]) -> Iterator[tuple[Path, Exercise]]:
        """The paths that are an exercise's file, or lie beside the one at hand; of others, no removed file."""
        for path in paths:
            exercise = self._by_folder.get(path.parent)
            if exercise is None:
                continue
            if exercise == self.exercise or (path.name == exercise.file_name and path.exists()):
                yield path, exercise

    def is_new(self) -> bool:
        """Whether the files are others than the verdict is about. Raises WorkspaceError."""
        return self._take(self.exercise).submission != self._graded

    def forget(self) -> None:
        """The files are to be graded, whether they are new or not."""
        self._graded = None

    # -- its verdict

    def grade(
        self,
        *,
        told: Callable[[], None],
        under_way: Callable[["Step"], None] = lambda _: None,
        attention: "Attention | None" = None,
        again: bool = False,
    ) -> list[str]:
        """Grade the files as they are now; `told` is called as soon as there is a verdict, then the attempt is kept.

        A text that was kept in this sitting is not kept a second time, unless it is to be graded `again`. Where
        `attention` says that the verdict is not wanted, there is none. Returns what a person should know beside it.
        Raises WorkspaceError where files can't be taken, SandboxError.
        """
        start = time.perf_counter()
        job = self._take(self.exercise)
        self._graded, wanted = job.submission, True

        def done(result: ExerciseResult) -> None:
            nonlocal wanted
            wanted = result.problem is None or result.problem.outcome is not Outcome.SKIPPED
            if not wanted:
                return
            self.verdict = Verdict(result, datetime.now().astimezone(), time.perf_counter() - start)
            if result.passed:
                self.passed.add(result.name)
            told()

        report = self._bench.grade([job], done=done, under_way=under_way, attention=attention)
        if not wanted:
            self.forget()
            return []
        if isinstance(job.submission, Refusal) or (
            not again and self._recorded.get(self.exercise.name) == job.submission
        ):
            return []
        self._recorded[self.exercise.name] = job.submission
        try:
            return diary.keep(self.workspace, report)
        except WorkspaceError as error:  # costs the record, never the verdict
            return [str(error)]


def passed_before(workspace: Workspace) -> set[str]:
    """The exercises that have passed at some time; none where the progress can't be read."""
    if not workspace.has_progress:
        return set()
    try:
        with Progress.open(workspace.progress_path) as progress:
            return {name for name, best in progress.best().items() if best.outcome is Outcome.PASSED}
    except WorkspaceError:
        return set()


def _modified(path: Path) -> int:
    """When the file was written; long ago where it is not there."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return -1
