"""The course that comes with the package, graded as it is graded for a learner."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course import Course, Exercise, bundled_root, read_course
from grader.data.where import find_mnist
from grader.intake import Refusal, Submission, take
from grader.result import Outcome, Report
from grader.runner import Job, grade

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def course() -> Course:
    """The course of this checkout."""
    return read_course(bundled_root())


def graded(course: Course, submission: Callable[[Exercise], Submission | Refusal]) -> Report:
    """One run over the whole course."""
    return grade(course, [Job(e, submission(e)) for e in course.exercises], diagnose=False)


def module_of(exercise: Exercise, body: str) -> Submission:
    """Every function of the exercise with the same body; constants as a reference would never have them."""
    functions = [f"def {name}(*args, **kwargs):\n    {body}\n" for name in exercise.functions]
    constants = [f"{name} = (0.0, 0.0, 0.0)\n" for name in exercise.constants]
    return Submission(exercise.module, {exercise.module: "\n".join(constants + functions).encode()})


def test_every_reference_passes(course: Course) -> None:
    """Each reference has full marks; a check may only be skipped for want of MNIST."""
    report = graded(course, lambda e: take(e.reference))

    assert [(e.name, e.outcome) for e in report.exercises if not e.passed] == []
    assert report.score == report.points
    skipped = {c.message for e in report.exercises for c in e.checks if c.outcome is Outcome.SKIPPED}
    assert skipped <= {"MNIST is not here: see `grade data`"}


def test_every_untouched_stub_says_not_started(course: Course) -> None:
    """No stub earns a point, and each of its checks says that nothing has been started."""
    report = graded(course, lambda e: take(e.stub))

    assert report.score == 0
    assert {e.outcome for e in report.exercises} == {Outcome.NOT_STARTED}
    outcomes = {c.outcome for e in report.exercises for c in e.checks}
    assert outcomes <= {Outcome.NOT_STARTED, Outcome.SKIPPED}


@pytest.mark.parametrize(
    "body",
    ["return None", "return args[0]", "return 0.0", "raise ValueError('no')", "return {}", "return args"],
)
def test_no_trivial_function_earns_a_point(course: Course, body: str) -> None:
    """A function that computes nothing passes no core check, so that none of its side checks counts."""
    report = graded(course, lambda e: module_of(e, body))

    assert [(e.name, e.score) for e in report.exercises if e.score] == []


@pytest.mark.skipif(find_mnist() is None, reason="MNIST is not here: see `grade data`")
def test_mnist_inference_states_its_accuracy(course: Course) -> None:
    """With MNIST there, the accuracy on all 10,000 test images is reported."""
    exercise = course.find("mnist-inference")
    assert exercise is not None

    report = grade(course, [Job(exercise, take(exercise.reference))], diagnose=False)

    notes = {note for check in report.exercises[0].checks for note in check.notes}
    assert "accuracy 0.9759 on 10,000 images" in notes


def test_every_text_fits_a_window_of_a_hundred_columns(course: Course) -> None:
    """Tasks are read in a terminal, where nothing wraps a formula well."""
    wide = [
        f"{exercise.name}: line {number}"
        for exercise in course.exercises
        for number, line in enumerate(exercise.readme.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 100
    ]
    assert wide == []


def test_speed_is_shown_and_costs_nothing(course: Course) -> None:
    """A mark must not depend on how busy a machine is."""
    timed = {e.name for e in course.exercises if "assert_fast(" in e.check_file.read_text(encoding="utf-8")}
    assert timed == {e.name for e in course.exercises if e.advisory}


def test_plain_pytest_runs_the_checks_against_the_references() -> None:
    """With the references on the path, the checks are ordinary tests of one process: the author's debugger loop."""
    path = os.pathsep.join(str(folder) for folder in sorted(ROOT.glob("solutions/*/*")))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")} | {"PYTHONPATH": path}

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "exercises", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


OTHER_ARGUMENT = {
    "adam": ("def adam_step(param, grad, m, v, t, *, lr=0, beta1=0, beta2=0, eps=0): param -= lr * grad", "parameter"),
    "momentum-adagrad": ("def momentum_step(param, grad, velocity, lr, beta=0.9): param += lr * grad", "parameter"),
    "sgd-step": ("def sgd_step(params, grads, lr):\n    for grad in grads.values(): grad *= lr", "gradient"),
    "mlp-forward": ("def mlp_forward(x, weights, *others): weights[0] *= 2", "weight"),
    "activation-backward": ("def relu_backward(dout, x): x[x < 0] = 0", "or x"),
    "perceptron-learning-rule": ("def train_perceptron(X, t, *others): X *= 2", "X or"),
}


@pytest.mark.parametrize("name", OTHER_ARGUMENT)
def test_an_argument_that_is_written_into_is_not_taken_for_another(course: Course, name: str) -> None:
    """NumPy raises the same for each of them; so what is named must hold for each."""
    code, argument = OTHER_ARGUMENT[name]
    exercise = course.find(name)
    assert exercise is not None
    (result,) = grade(course, [Job(exercise, Submission(exercise.module, {exercise.module: code.encode()}))]).exercises
    (core,) = (check for check in result.checks if check.core)
    assert core.misconception is not None
    assert argument in core.misconception.feedback
