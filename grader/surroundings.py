"""What checks find around them while they run. Runs in: checks."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader import bridge, checks
from grader.course import Course, Exercise

if TYPE_CHECKING:
    from grader.open_session import OpenSession


@contextlib.contextmanager
def surroundings(
    course: Course,
    data_dir: Path | None,
    exercises: Sequence[Exercise],
    open_objects: Callable[[Exercise], "OpenSession"],
) -> Iterator[None]:
    """What checks find around them: the learner's modules, the course, the data, and no standard output."""
    tokens = checks.course_root.set(course.root), checks.data_dir.set(data_dir)
    try:
        with bridge.serving(exercises, open_objects), _silence(), _no_text_of_theirs(exercises):
            yield
    finally:
        checks.course_root.reset(tokens[0])
        checks.data_dir.reset(tokens[1])


def _no_text_of_theirs(exercises: Sequence[Exercise]) -> contextlib.AbstractContextManager[None]:
    """Where checks get objects, no text that these gave is run as code."""
    if not any(exercise.objects for exercise in exercises):
        return contextlib.nullcontext()
    from grader.heard import nothing_run_of_theirs

    return nothing_run_of_theirs()


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """What a check, a reference or a known-wrong solution prints on this side is nobody's report."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        yield
