"""Grade the work of one student in a process that grades many. Runs in: a pool's processes, or a cluster's.

What goes in and what comes out are plain bytes and frozen data. A process keeps one bench for the terms it works on.
"""

import atexit
import hashlib
import threading
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from grader import __version__, runner
from grader.assignment import Assignment
from grader.classroom.model import HandedIn
from grader.course import Course, Exercise, bundled_root, read_course
from grader.errors import CourseError, SandboxError
from grader.processes import interruptible
from grader.result import ExerciseResult, SandboxLevel

if TYPE_CHECKING:
    from grader.collection import Collection

PATIENCE = 60.0  # seconds of computing for the misconception behind one failed check; kept for all who come after
_turn = threading.Lock()  # a cluster's worker may run tasks in threads; a bench takes one at a time


class Terms(Struct, frozen=True):
    """What all the work of a class is graded by."""

    course_root: str  # empty: the course that comes with the package
    course_digest: str
    exercises: tuple[str, ...]
    data_dir: str  # empty: the usual places
    sandbox: SandboxLevel | None
    at_least: SandboxLevel
    seconds: float  # for all the work of one student
    openness: tuple[tuple[str, str, int], ...] = ()  # exercise, check and how early it is seen, where checks differ

    @classmethod
    def of(
        cls,
        assignment: Assignment,
        data_dir: Path | None,
        at: tuple[SandboxLevel | None, SandboxLevel],
        seconds: float,
    ) -> "Terms":
        """The terms of an assignment. `at`: exactly this level, or the strongest that is at least that."""
        course, exercises = assignment.course, [demand.exercise for demand in assignment.demands]
        names = tuple(exercise.name for exercise in exercises)
        openness = tuple(
            (demand.exercise.name, check, seen)
            for demand in assignment.demands
            if demand.visibility
            for check, seen in demand.openness(assignment.visibility).items()
        )
        digest = course_digest(course, exercises)
        return cls(str(course.root), digest, names, str(data_dir or ""), *at, seconds, openness)

    def openness_of(self, exercise: str) -> dict[str, int]:
        return {check: seen for name, check, seen in self.openness if name == exercise}


class Graded(Struct, frozen=True):
    """What grading found. `error`: a fault of ours, after which there may be no results."""

    results: tuple[ExerciseResult, ...]
    sandbox: str
    seconds: float
    error: str = ""


def course_digest(course: Course, exercises: Sequence[Exercise]) -> str:
    """Of everything that decides a result: the files of these exercises and of their solutions, and our version."""
    found = hashlib.sha256(__version__.encode())
    folders = [folder for e in exercises for folder in (e.folder, e.solution_folder)]
    parts = [part.reference for e in exercises for part in course.parts_of(e)]
    files = [path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.suffix != ".pyc"]
    for path in sorted({*files, *parts}):
        if path.is_file():
            found.update(f"{path.relative_to(course.root)}\0".encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def prepare(terms: Terms) -> SandboxLevel:
    """Make ready to grade, and say at which level. Raises SandboxError where none may be used, CourseError."""
    with _turn, interruptible():
        try:
            return _bench(terms)[0].ready()
        except BaseException:
            _forget_bench()
            raise


def grade(terms: Terms, handed: HandedIn) -> Graded:
    """Grade the work of one student. Raises SandboxError where no level holds that may be used, CourseError."""
    start = time.perf_counter()
    with _turn, interruptible():
        bench, course = _bench(terms)
        jobs = [
            runner.Job(e, handed.files[e.name], terms.openness_of(name))
            for name in terms.exercises
            if (e := course.find(name))
        ]
        try:
            report = bench.grade(jobs, deadline=start + terms.seconds)
        except SandboxError:
            raise
        except KeyboardInterrupt:
            _forget_bench()
            raise
        except Exception as fault:
            _forget_bench()
            error = f"{type(fault).__name__}: {fault}"[:500]
            return Graded((), "", round(time.perf_counter() - start, 3), error)
    return Graded(report.exercises, report.run.sandbox.value, round(time.perf_counter() - start, 3))


def doubt(sandbox: SandboxLevel | None, at_least: SandboxLevel) -> str:
    """Why this process can't grade at the level that is asked for; nothing where it can."""
    from grader.pool import strongest

    try:
        strongest(sandbox, at_least=at_least)
    except SandboxError as error:
        return str(error)
    return ""


_benches: list[runner.Bench] = []
_collected: dict[Terms, "Collection"] = {}


@atexit.register
def _forget_bench() -> None:
    """Close what is open: after a fault nobody knows what state it is in."""
    _bench.cache_clear()
    while _benches:
        _benches.pop().close()


def collect(terms: Terms) -> None:
    """Collect the checks for all processes that are forked after this."""
    if terms not in _collected:
        course, exercises = _course_of(terms)
        _collected[terms] = runner.collected(course, exercises, _data_dir(terms))


def _course_of(terms: Terms) -> tuple[Course, list[Exercise]]:
    course = read_course(Path(terms.course_root) if terms.course_root else bundled_root())
    exercises = [e for name in terms.exercises if (e := course.find(name))]
    if len(exercises) != len(terms.exercises) or course_digest(course, exercises) != terms.course_digest:
        raise CourseError(f"{course.root}: not the course, or not the neurograde, that the class is graded by")
    return course, exercises


def _data_dir(terms: Terms) -> Path | None:
    return Path(terms.data_dir) if terms.data_dir else None


@cache
def _bench(terms: Terms) -> tuple[runner.Bench, Course]:
    course, _ = _course_of(terms)
    bench = runner.Bench(
        course,
        data_dir=_data_dir(terms),
        sandbox=terms.sandbox,
        at_least=terms.at_least,
        patience=PATIENCE,
        checks=_collected.get(terms),
    )
    _benches.append(bench)
    return bench, course
