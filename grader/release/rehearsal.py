"""Run a release's visible checks as its students will, with right answers, before it is written. Runs in: command line.

They were cut out of files that hold much else. What is missing then would fail on every student's machine, whatever
they write.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from grader import intake
from grader.assignment import Assignment
from grader.course import Course, Exercise, read_course
from grader.errors import WorkspaceError
from grader.release.bundle import Bundle
from grader.release.output import lay_out
from grader.result import ExerciseResult
from grader.runner import Job, grade


def failures(bundle: Bundle, assignment: Assignment) -> Iterator[str]:
    """The visible checks that the course's own solutions do not pass, with what is said of them.

    Raises SandboxError, WorkspaceError.
    """
    with TemporaryDirectory(prefix="neurograde-release-") as folder:
        try:
            lay_out(bundle, Path(folder))
        except OSError as error:
            raise WorkspaceError(f"{folder}: {error.strerror}; the release could not be tried there") from None
        release = read_course(Path(folder), visible_only=True)
        jobs = [_job(exercise, assignment.course) for exercise in release.exercises if exercise.check_file.is_file()]
        for result in grade(release, jobs, diagnose=False).exercises if jobs else ():
            yield from _failures(result)


def _job(exercise: Exercise, course: Course) -> Job:
    """The reference with those of its parts as its helpers, which a student has beside it."""
    original = course.find(exercise.name)
    assert original is not None
    submission = intake.take(original.reference)
    if isinstance(submission, intake.Submission):
        submission = submission.with_helpers({p.module: p.reference.read_bytes() for p in course.parts_of(original)})
    return Job(exercise, submission)


def _failures(result: ExerciseResult) -> Iterator[str]:
    if result.problem is not None:
        yield f"{result.name}: {result.problem.message}"
        return
    for check in result.counted:  # one that needs MNIST is skipped where there is none
        if not check.passed:
            yield f"{result.name}: {check.name}: {check.message or check.outcome.value}"
