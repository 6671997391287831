"""Grade submissions: a learner process and the checks for each exercise, one report for all. Runs in: command line."""

import contextlib
import gc
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader import __version__
from grader.course import Course, Exercise
from grader.intake import Refusal, Submission
from grader.pool import Pool
from grader.result import ExerciseResult, Report, Run, SandboxLevel

if TYPE_CHECKING:
    from grader.plugin import GradingPlugin
    from grader.session import Step

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_PYTEST_VARIABLES = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DEBUG")
_NO_AUTOLOAD = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"


@dataclass(frozen=True, slots=True)
class Job:
    """One exercise to grade."""

    exercise: Exercise
    submission: Submission | Refusal


def grade(
    course: Course,
    jobs: Sequence[Job],
    *,
    data_dir: Path | None = None,
    sandbox: SandboxLevel | None = None,
    at_least: SandboxLevel = SandboxLevel.PROCESS,
    diagnose: bool = True,
    stop_early: bool = False,
    done: Callable[[ExerciseResult], None] = lambda _: None,
    under_way: Callable[["Step"], None] = lambda _: None,
    pool: Pool | None = None,
) -> Report:
    """Grade the jobs in order. `done` hears of each exercise as soon as it is over, `under_way` how far a long call is.

    The learner's processes come from `pool`, which stays open; else they are of level `sandbox`, or of the strongest
    that holds here and is `at_least` that.
    With `stop_early` the report ends with the first exercise that did not pass.

    Raises SandboxError before anything runs where no such level is to be had; KeyboardInterrupt after everything that
    was started has been ended.
    """
    started_at, start = datetime.now(UTC), time.perf_counter()
    jobs = [_with_parts(course, job) for job in jobs]
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    with contextlib.ExitStack() as stack:
        if pool is None:
            pool = stack.enter_context(contextlib.closing(Pool(sandbox, at_least=at_least)))
        pool.expect(sum(isinstance(job.submission, Submission) for job in jobs))
        plugin = _run_checks(
            course, jobs, pool, data_dir, diagnose=diagnose, stop_early=stop_early, done=done, under_way=under_way
        )
        level = pool.level
    return Report(
        course.title,
        tuple(plugin.results[job.exercise.name] for job in jobs if job.exercise.name in plugin.results),
        _facts(level, data_dir, started_at, time.perf_counter() - start, plugin.learner_seconds),
    )


def _with_parts(course: Course, job: Job) -> Job:
    """The parts of which the exercise is built come from the references, where the submission doesn't bring its own."""
    parts = course.parts_of(job.exercise)
    if not parts or isinstance(job.submission, Refusal):
        return job
    given = {e.module: e.reference.read_bytes() for e in parts if e.reference.is_file()}
    return replace(job, submission=job.submission.with_given(given))


def _run_checks(
    course: Course,
    jobs: Sequence[Job],
    pool: Pool,
    data_dir: Path | None,
    *,
    diagnose: bool,
    stop_early: bool,
    done: Callable[[ExerciseResult], None],
    under_way: Callable[["Step"], None],
) -> "GradingPlugin":
    import pytest  # after the first learner process has been launched: both load at the same time

    pool.hurry()
    from grader import bridge, checks
    from grader.plugin import BLOCKED, GradingPlugin
    from grader.session import Session

    gc.freeze()  # what has been loaded stays; only what grading leaves behind is worth looking at
    gc.enable()
    submissions = {job.exercise.name: job.submission for job in jobs}

    def open_session(exercise: Exercise) -> Session:
        submission = submissions[exercise.name]
        if isinstance(submission, Submission):
            pool.next_exercise()
        if exercise.objects:
            from grader.open_session import OpenSession

            return OpenSession(exercise, submission, pool.take, served=frozenset({exercise.module}))
        return Session(exercise, submission, pool.take, under_way)

    exercises = [job.exercise for job in jobs]
    plugin = GradingPlugin(exercises, open_session, diagnose=diagnose, stop_early=stop_early, done=done)
    options = [
        *(part for name in BLOCKED for part in ("-p", f"no:{name}")),
        "--import-mode=importlib",
        f"--rootdir={course.root}",
        f"--config-file={os.devnull}",
        "--noconftest",
        "--continue-on-collection-errors",
    ]
    pool.settle()
    tokens = checks.course_root.set(course.root), checks.data_dir.set(data_dir)
    try:
        with (
            bridge.serving(exercises, plugin.open_objects),
            _own_pytest(exercises),
            _silence(),
            _no_text_of_theirs(exercises),
        ):
            pytest.main([*options, *(str(e.check_file) for e in exercises)], plugins=[plugin])
    finally:
        plugin.close()
        checks.course_root.reset(tokens[0])
        checks.data_dir.reset(tokens[1])
    if plugin.interrupted:
        raise KeyboardInterrupt
    for exercise in exercises:
        if exercise.name not in plugin.results and not plugin.stopped:
            plugin.put_fault(exercise, plugin.internal_error or "its checks did not run")
    return plugin


def _no_text_of_theirs(exercises: Sequence[Exercise]) -> contextlib.AbstractContextManager[None]:
    """Where checks get objects, no text that these gave is run as code."""
    if not any(exercise.objects for exercise in exercises):
        return contextlib.nullcontext()
    from grader.heard import nothing_run_of_theirs

    return nothing_run_of_theirs()


@contextlib.contextmanager
def _own_pytest(exercises: Sequence[Exercise]) -> Iterator[None]:
    """Keep the user's pytest settings out of our run, and our check files out of their `sys.modules`."""
    kept = {name: os.environ.pop(name) for name in _PYTEST_VARIABLES if name in os.environ}
    autoload = os.environ.get(_NO_AUTOLOAD)
    os.environ[_NO_AUTOLOAD] = "1"
    try:
        yield
    finally:
        os.environ.update(kept)
        os.environ.pop(_NO_AUTOLOAD)
        if autoload is not None:
            os.environ[_NO_AUTOLOAD] = autoload
        files = {str(exercise.check_file) for exercise in exercises}
        for name, module in list(sys.modules.items()):
            if getattr(module, "__file__", None) in files:
                del sys.modules[name]


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """What a check, a reference or a known-wrong solution prints on this side is nobody's report."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


def _facts(
    level: SandboxLevel, data_dir: Path | None, started_at: datetime, seconds: float, learner_seconds: dict[str, float]
) -> Run:
    import numpy
    import pytest

    from grader.data import where

    folder = where.find_mnist(data_dir)
    return Run(
        sandbox=level,
        grader=__version__,
        python=platform.python_version(),
        numpy=numpy.__version__,
        pytest=pytest.__version__,
        platform=f"{platform.system()} {platform.machine()}",
        data="MNIST and the embedded digits" if folder is not None else "the embedded digits; MNIST is not here",
        started_at=started_at.isoformat(timespec="seconds"),
        seconds=round(seconds, 4),
        learner_seconds={name: round(value, 6) for name, value in learner_seconds.items()},
    )
