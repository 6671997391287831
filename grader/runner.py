"""Grade submissions: a learner process and the checks for each exercise, one report for all. Runs in: command line."""

import contextlib
import gc
import math
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from grader import __version__
from grader.blas import one_thread
from grader.course import Course, Exercise
from grader.intake import Refusal, Submission
from grader.language import _
from grader.pool import Pool
from grader.result import ExerciseResult, Outcome, Problem, Report, Run, SandboxLevel

if TYPE_CHECKING:
    from grader.collection import Collection
    from grader.connection import Attention
    from grader.open_session import OpenSession
    from grader.session import Session, Step


class Job(Struct, frozen=True):
    """One exercise to grade."""

    exercise: Exercise
    submission: Submission | Refusal
    openness: Mapping[str, int] = field(default_factory=dict)  # of its checks: `grader.session`


def grade(
    course: Course,
    jobs: Sequence[Job],
    *,
    data_dir: Path | None = None,
    sandbox: SandboxLevel | None = None,
    at_least: SandboxLevel = SandboxLevel.PROCESS,
    diagnose: bool = True,
    stop_early: bool = False,
    pictures: bool = False,
    done: Callable[[ExerciseResult], None] = lambda _: None,
    under_way: Callable[["Step"], None] = lambda _: None,
) -> Report:
    """Grade one submission on a bench of its own: `Bench.grade`."""
    with contextlib.closing(Bench(course, data_dir=data_dir, sandbox=sandbox, at_least=at_least)) as bench:
        return bench.grade(
            jobs, diagnose=diagnose, stop_early=stop_early, pictures=pictures, done=done, under_way=under_way
        )


class Bench:
    """Where submissions to one course are graded, one after the other. To be closed.

    What one submission doesn't change is made once: the zygote of the learner's processes, the collected checks, and
    what known-wrong solutions do in them. The learner's processes are of level `sandbox`, or of the strongest that
    holds here and is `at_least` that. `patience`: seconds of computing in which the misconception behind one failed
    check is to be named; for one who waits if left out.
    """

    def __init__(
        self,
        course: Course,
        *,
        data_dir: Path | None = None,
        sandbox: SandboxLevel | None = None,
        at_least: SandboxLevel = SandboxLevel.PROCESS,
        patience: float | None = None,
        checks: "Collection | None" = None,
    ) -> None:
        """Start the first process. Raises SandboxError where no level holds that may be used.

        `checks`: those that are `collected` already.
        """
        one_thread()
        self._course = course
        self._data_dir = data_dir
        self._patience = patience
        self._checks = checks
        self._pool = Pool(sandbox, at_least=at_least)
        self._tools: _Tools | None = None

    def close(self) -> None:
        self._pool.close()

    def ready(self) -> SandboxLevel:
        """Load all that grading needs. Returns the level that has been proved; raises SandboxError."""
        self._loaded_tools()
        self._pool.settle()
        return self._pool.level

    def _loaded_tools(self) -> "_Tools":
        if self._tools is None:
            self._tools = _Tools(self._course, self._pool, self._patience, self._checks)
        return self._tools

    @property
    def level(self) -> SandboxLevel:
        """The level of the learner's processes; before the first grading, the strongest that may hold."""
        return self._pool.level

    def prepare(self) -> None:
        """Have the process of the next grading ready before it is asked for. Raises SandboxError."""
        self._pool.prepare()

    def grade(
        self,
        jobs: Sequence[Job],
        *,
        diagnose: bool = True,
        stop_early: bool = False,
        pictures: bool = False,
        deadline: float = math.inf,
        done: Callable[[ExerciseResult], None] = lambda _: None,
        under_way: Callable[["Step"], None] = lambda _: None,
        attention: "Attention | None" = None,
    ) -> Report:
        """Grade the jobs in order. `done` hears of each exercise as soon as it is over, `under_way` how far a call is.

        `attention` is paid while the learner's code works: once it says that the verdict is not wanted, the checks that
        are left are skipped.

        With `stop_early` the report ends with the first exercise that did not pass. With `pictures` results show
        what the learner's functions do. What has not begun by `deadline`, a reading of `time.perf_counter`, has
        timed out.

        Raises SandboxError where no level is to be had that may be used; KeyboardInterrupt after everything that was
        started has been ended.
        """
        started_at, start = datetime.now(UTC), time.perf_counter()
        jobs = [_with_parts(self._course, job) for job in jobs]
        self._pool.expect(sum(isinstance(job.submission, Submission) for job in jobs))
        tools = self._loaded_tools()
        from grader.surroundings import surroundings

        run = _Run(tools, self._pool, diagnose=diagnose, under_way=under_way, attention=attention)
        results: list[ExerciseResult] = []
        with surroundings(self._course, self._data_dir, [job.exercise for job in jobs], run.open_objects):
            for result in run.results(jobs, deadline, pictures=pictures):
                results.append(result)
                done(result)
                if stop_early and not result.passed:
                    break
        facts = _facts(self._pool.level, self._data_dir, started_at, time.perf_counter() - start, run.learner_seconds)
        return Report(self._course.title, tuple(results), facts)


def collected(course: Course, exercises: Sequence[Exercise], data_dir: Path | None) -> "Collection":
    """The checks of these exercises, for the benches of processes that are forked from this one.

    None where objects are handed out: what a check file gets then is one submission's.
    """
    from grader.collection import Collection
    from grader.surroundings import surroundings

    checks = Collection(course.root)
    if not any(exercise.objects for exercise in exercises):
        with surroundings(course, data_dir, exercises, _nobody):
            checks.collect([exercise.check_file for exercise in exercises if _has_checks(exercise)])
    return checks


def _nobody(exercise: Exercise) -> "OpenSession":
    raise AssertionError(f"{exercise.name} hands out no objects")


def _with_parts(course: Course, job: Job) -> Job:
    """The parts of which the exercise is built come from the references, where the submission doesn't bring its own."""
    parts = course.parts_of(job.exercise)
    if not parts or isinstance(job.submission, Refusal):
        return job
    given = {e.module: e.reference.read_bytes() for e in parts if e.reference.is_file()}
    return replace(job, submission=job.submission.with_given(given))


def _has_checks(exercise: Exercise) -> bool:
    """Whether there is anything to run: of a release's exercise all checks may be hidden."""
    return not exercise.visible_only or exercise.check_file.is_file()


class _Tools:
    """What grading needs beside the learner's processes, loaded while the first of these starts."""

    def __init__(self, course: Course, pool: Pool, patience: float | None, checks: "Collection | None") -> None:
        import pytest  # noqa: F401 - the first to be loaded: it takes longest

        pool.hurry()
        from grader import diagnosis
        from grader.collection import Collection

        self.checks = checks or Collection(course.root)
        self.known = diagnosis.KnownWrong(diagnosis.BUDGET_SECONDS if patience is None else patience)
        gc.freeze()  # what has been loaded stays; only what grading leaves behind is worth looking at


class _Run:
    """One submission: its exercises one after the other."""

    def __init__(
        self,
        tools: _Tools,
        pool: Pool,
        *,
        diagnose: bool,
        under_way: Callable[["Step"], None],
        attention: "Attention | None",
    ) -> None:
        self.learner_seconds: dict[str, float] = {}
        self._tools = tools
        self._pool = pool
        self._known = tools.known if diagnose else None
        self._under_way = under_way
        self._attention = attention
        self._submissions: dict[str, Submission | Refusal] = {}
        self._openness: dict[str, Mapping[str, int]] = {}
        self._opened: OpenSession | None = None
        self._in_use: Session | None = None

    def results(self, jobs: Sequence[Job], deadline: float, *, pictures: bool) -> Iterator[ExerciseResult]:
        checks = self._tools.checks
        self._submissions = {job.exercise.name: job.submission for job in jobs}
        self._openness = {job.exercise.name: job.openness for job in jobs}
        checks.collect(
            [job.exercise.check_file for job in jobs if not job.exercise.objects and _has_checks(job.exercise)]
        )
        gc.enable()  # none of what was being collected is garbage
        self._pool.settle()  # its first process has loaded meanwhile
        for job in jobs:
            try:
                yield self._result(job, pictures) if time.perf_counter() < deadline else _too_late(job.exercise)
            finally:
                if job.exercise.objects:  # its checks have imported what this submission made
                    checks.forget(job.exercise.check_file)
                if self._in_use is not None:  # when the result has been told: ending a process takes milliseconds
                    self._in_use.close()
                    self._in_use = None
                self._opened = None

    def _result(self, job: Job, pictures: bool) -> ExerciseResult:
        from grader.grading import Grading, result_of
        from grader.illustration import figures_of

        exercise, checks = job.exercise, self._tools.checks
        if not _has_checks(exercise):
            refusal = job.submission.message if isinstance(job.submission, Refusal) else ""
            return result_of(exercise, (), Problem(Outcome.REFUSED, refusal) if refusal else None)
        checks.collect([exercise.check_file])
        if fault := checks.fault(exercise.check_file):
            return result_of(exercise, (), Problem(Outcome.GRADER_ERROR, fault))
        session, self._opened = self._opened or self._loaded(exercise), None
        grading = Grading(session, self._known)
        try:
            checks.run(exercise.check_file, grading)
            figures = figures_of(session) if pictures else ()
        except Exception as error:
            return result_of(exercise, (), Problem(Outcome.GRADER_ERROR, f"{type(error).__name__}: {error}"[:300]))
        self.learner_seconds |= grading.learner_seconds
        return replace(grading.finish(), figures=figures)

    def open_objects(self, exercise: Exercise) -> "OpenSession":
        """What answers for an exercise that hands out objects: asked for when its check file is imported."""
        from grader.open_session import OpenSession

        session = self._loaded(exercise)
        assert isinstance(session, OpenSession)
        self._opened = session
        return session

    def _loaded(self, exercise: Exercise) -> "Session":
        """A session whose module has run."""
        session = self._in_use = self._session(exercise)
        session.load()
        return session

    def _session(self, exercise: Exercise) -> "Session":
        from grader.session import Session

        submission = self._submissions[exercise.name]
        if isinstance(submission, Submission):
            self._pool.next_exercise()
        if exercise.objects:
            from grader.open_session import OpenSession

            served = frozenset({exercise.module})
            session: Session = OpenSession(
                exercise, submission, self._pool.take, served=served, attention=self._attention
            )
        else:
            session = Session(exercise, submission, self._pool.take, self._under_way, self._attention)
        session.openness = self._openness[exercise.name]
        return session


def _too_late(exercise: Exercise) -> ExerciseResult:
    from grader.grading import result_of

    said = "not graded: the exercises before it have used up the time that one submission has"
    return result_of(exercise, (), Problem(Outcome.TIMED_OUT, said))


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
        data=_("the embedded digits; MNIST is not here") if folder is None else _("MNIST and the embedded digits"),
        started_at=started_at.isoformat(timespec="seconds"),
        seconds=round(seconds, 4),
        learner_seconds={name: round(value, 6) for name, value in learner_seconds.items()},
    )
