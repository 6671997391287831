"""The picture of an exercise, asked of a real process: it never costs a verdict, whatever that process does."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader import intake, runner
from grader.course import Course, bundled_root, read_course
from grader.figures import Figure
from grader.result import ExerciseResult, SandboxLevel

from . import small_course

PICTURE = """\
\"\"\"The picture of scaling.\"\"\"

import numpy as np
from lesson import scale

from grader.asking import ask
from grader.pictures import Figure, figure, line, plane


def picture() -> Figure:
    \"\"\"A line.\"\"\"
    x = np.arange(5.0)
    y = ask(scale, x).numbers(5)
    return figure("Your line", plane("", line("yours", x, y)), alt="A line.", caption="It rises.")
"""
HEAD = "import os\nimport numpy as np\n\n\ndef scale(values, factor=2.0):\n    "
DRAWS = "if len(values) != 5:\n        return np.multiply(values, factor)\n    "  # only the picture has five


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """One exercise with a picture, in which a call may take half a second."""
    root = small_course.write_course(tmp_path_factory.mktemp("course"), "lesson")
    folder, _ = small_course.folders(root, "lesson")
    (folder / "picture.py").write_text(PICTURE, encoding="utf-8")
    return read_course(root)


@pytest.fixture(scope="module")
def bench(course: Course) -> Iterator[runner.Bench]:
    """One for all."""
    with closing(runner.Bench(course, sandbox=SandboxLevel.PROCESS)) as made:
        yield made


def graded(bench: runner.Bench, course: Course, source: str, *, pictures: bool = True) -> ExerciseResult:
    """The result of a module's text."""
    exercise = course.exercises[0]
    submission = intake.Submission(exercise.module, {exercise.module: source.encode()})
    return bench.grade([runner.Job(exercise, submission)], pictures=pictures).exercises[0]


def figure_of(result: ExerciseResult) -> Figure:
    """Its only one."""
    (figure,) = result.figures
    return figure


def test_a_picture_shows_what_the_function_gave(bench: runner.Bench, course: Course) -> None:
    """And costs the verdict nothing: without pictures the result is the same."""
    result = graded(bench, course, small_course.REFERENCE)
    figure = figure_of(result)
    assert figure.panels[0].series[0].y == (0.0, 2.0, 4.0, 6.0, 8.0)
    assert (figure.notes, figure.missing) == ((), "")
    assert replace(result, figures=()) == graded(bench, course, small_course.REFERENCE, pictures=False)


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ("raise OSError('no')", "scale raised OSError: no"),
        ("raise KeyError", "scale raised KeyError"),
        ("return 'text'", "scale returned 'text'; the picture needs an array of shape (5,)."),
        (
            "return np.zeros((3000, 1000))",
            "scale returned an array of shape (3000, 1000), float64; the picture",
        ),
        ("return np.full(5, np.inf)", ""),
        ("return [np.nan] * 5", ""),
        ("return [[1.0]] * 10**5", "scale returned [[1.0],"),
        ("return object()", "scale returned an object; return plain data"),
        ("return scale", "scale returned a function; return plain data"),
        ("return np.exp(values + 1000)", "scale raised FloatingPointError: overflow encountered in exp"),
    ],
)
def test_a_function_that_fails_leaves_a_gap(bench: runner.Bench, course: Course, body: str, note: str) -> None:
    """And a note; the checks, which it passes, are passed."""
    result = graded(bench, course, HEAD + DRAWS + body)
    figure = figure_of(result)
    assert result.passed
    assert figure.panels[0].series[0].y == (None,) * 5
    assert len(figure.notes) == bool(note)
    assert "".join(figure.notes).startswith(note)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("raise NotImplementedError", "No picture: scale is not written yet."),
        ("os._exit(0)", "No picture: the code ended Python itself, with exit status 0; leave out os._exit."),
        ("while True: pass", "No picture: scale had not come back after 0.5 s; is there an endless loop?"),
    ],
)
def test_a_function_that_does_not_come_back_has_no_picture(
    bench: runner.Bench, course: Course, body: str, why: str
) -> None:
    """But a sentence; the checks, which it passes, are passed."""
    result = graded(bench, course, HEAD + DRAWS + body)
    assert result.passed
    assert figure_of(result).missing == why
    assert not figure_of(result).fault


def test_what_can_not_be_loaded_has_no_picture(bench: runner.Bench, course: Course) -> None:
    """Its problem is told with the exercise; a stub has a sentence as well."""
    assert "could not be used" in figure_of(graded(bench, course, "def")).missing
    assert figure_of(graded(bench, course, small_course.STUB)).missing == "No picture: scale is not written yet."


@pytest.mark.parametrize("broken", ["1 / 0", "import sys; sys.exit()", "return 7", "raise AssertionError"])
def test_a_fault_of_the_picture_is_the_graders(tmp_path: Path, broken: str) -> None:
    """It is said so in place of the picture, and the verdict stays."""
    root = small_course.write_course(tmp_path / "course", "lesson")
    folder, _ = small_course.folders(root, "lesson")
    (folder / "picture.py").write_text(f"def picture():\n    {broken}\n", encoding="utf-8")
    course = read_course(root)
    with closing(runner.Bench(course, sandbox=SandboxLevel.PROCESS)) as bench:
        result = graded(bench, course, small_course.REFERENCE)
    assert result.passed
    assert figure_of(result).fault
    assert "a fault of the grader's own, not of yours" in figure_of(result).missing


def test_pictures_stay_with_the_course(tmp_path: Path) -> None:
    """A workspace has none."""
    from grader.workspace import create

    workspace, _, _ = create(tmp_path / "mine")
    assert not list(workspace.root.glob("**/picture.py"))
    assert any(e.picture_file.is_file() for e in read_course(bundled_root()).exercises)
