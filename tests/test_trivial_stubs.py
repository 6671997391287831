"""Functions that do nothing earn nothing, on every exercise of the course."""

from collections.abc import Callable

import pytest

from grader.course import Exercise, bundled_root, read_course
from grader.intake import Submission
from grader.runner import Job, grade

COURSE = read_course(bundled_root())
ZEROS = """
import types
import numpy as np

right = {{}}
exec({reference!r}, right)

def zeros(value):
    if isinstance(value, (tuple, list)):
        return type(value)(zeros(item) for item in value)
    if isinstance(value, dict):
        return {{name: zeros(item) for name, item in value.items()}}
    if isinstance(value, np.ndarray | np.generic):
        return np.zeros_like(value)
    return type(value)(0) if isinstance(value, int | float) else value

def of_zeros(function):
    return lambda *args, **named: zeros(function(*args, **named))

for name in {names!r}:
    globals()[name] = of_zeros(right[name]) if callable(right[name]) else zeros(right[name])
"""


def every_function(body: str) -> Callable[[Exercise], str]:
    """A module whose functions all have one body, and whose constants are all None."""
    constants = "{} = None\n"

    def source(exercise: Exercise) -> str:
        functions = (f"def {name}(*args, **named):\n    {body}\n" for name in exercise.functions)
        return "".join((*functions, *(constants.format(name) for name in exercise.constants)))

    return source


def zeros(exercise: Exercise) -> str:
    """A module whose functions return what the reference returns, with 0 in the place of every number."""
    names = [*exercise.functions, *exercise.constants]
    return ZEROS.format(reference=exercise.reference.read_text(encoding="utf-8"), names=names)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(every_function("return None"), id="nothing"),
        pytest.param(every_function("return args[0] if args else None"), id="its first argument"),
        pytest.param(every_function("raise ValueError('not today')"), id="a refusal"),
        pytest.param(zeros, id="zeros of the right shape"),
    ],
)
def test_a_trivial_solution_scores_nothing(source: Callable[[Exercise], str]) -> None:
    """Whatever checks it passes by the way, the core check fails, and no other counts without it."""
    jobs = [Job(e, Submission(e.module, {e.module: source(e).encode()})) for e in COURSE.exercises]
    report = grade(COURSE, jobs, diagnose=False)
    assert [(e.name, e.score, e.problem) for e in report.exercises if e.score != 0 or e.problem is not None] == []


def test_batches_of_far_too_many_rows_are_refused_before_they_are_listed() -> None:
    """A list of the labels would take gigabytes of the grader's memory."""
    exercise = next(e for e in COURSE.exercises if e.name == "mini-batches")
    source = """
import numpy as np

def iterate_minibatches(X, t, batch_size, rng, shuffle=True, drop_last=False):
    return [(np.zeros(10_000, np.uint8), np.zeros((10_000, 1), np.uint8))]
"""
    [result] = grade(COURSE, [Job(exercise, Submission(exercise.module, {exercise.module: source.encode()}))]).exercises
    said = {check.name: check.message for check in result.checks}
    listing = ("test_pairs_stay_together", "test_new_order_each_epoch", "test_new_company_each_epoch")
    assert all("batch 0 has 10000 rows" in said[name] for name in listing), said
