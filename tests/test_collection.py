"""Check files are collected once; their checks run afresh for every submission on one bench.

What `Collection` relies on is pytest's: items stay valid after `pytest.main` has come back. If that changes, the tests
here fail.
"""

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from grader import intake, runner
from grader.collection import Collection
from grader.course import Course, Exercise, read_course
from grader.intake import Submission
from grader.result import ExerciseResult, Outcome, SandboxLevel

from . import small_course
from .class_folder import PLUS, SYNTAX

CHECKS = """
import pytest

RUNS = []


@pytest.fixture(scope="module")
def module_wide():
    RUNS.append("module up")
    yield len(RUNS)
    RUNS.append("module down")


@pytest.fixture
def own(tmp_path, monkeypatch):
    (tmp_path / 'file').write_text('own')
    monkeypatch.setenv("OWN", "yes")
    RUNS.append("own up")
    yield
    RUNS.append("own down")


@pytest.mark.parametrize("number", [1, 2])
def test_one(own, module_wide, number):
    RUNS.append(f"one {number}")


def test_two(module_wide):
    RUNS.append("two")
    assert False, "always"
"""


class Heard:
    """Listens to checks."""

    skips = False

    def __init__(self) -> None:
        self.told: list[str] = []

    def before(self, item: pytest.Item) -> None:
        self.told.append(f"before {item.name}")

    def after(self, item: pytest.Item, error: BaseException | None) -> None:
        self.told.append(f"after {item.name}: {str(error).splitlines()[0] if error else 'passed'}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "test_some.py"
    path.write_text(CHECKS)
    return path


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    before = set(sys.modules)
    yield Collection(tmp_path)
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_items_run_again_with_their_fixtures(collection: Collection, file: Path) -> None:
    """Each run sets fixtures up and takes them down, those of the module too; parameters stay."""
    collection.collect([file])
    runs: list[list[str]] = []
    for _ in range(3):
        heard = Heard()
        collection.run(file, heard)
        assert heard.told == [
            *("before test_one[1]", "after test_one[1]: passed"),
            *("before test_one[2]", "after test_one[2]: passed"),
            *("before test_two", "after test_two: always"),
        ]
        (module,) = {id(item.module): item.module for item in collection._items[file]}.values()  # type: ignore[attr-defined]
        runs.append(list(module.RUNS))
        module.RUNS.clear()
    assert runs[0] == runs[1] == runs[2]
    assert runs[0] == [
        *("module up", "own up"),
        *("one 1", "own down", "own up", "one 2", "own down", "two", "module down"),
    ]


def test_a_file_is_imported_once(collection: Collection, file: Path) -> None:
    """Until it is forgotten."""
    log = f"with open({str(file.with_suffix('.log'))!r}, 'a') as log:\n    log.write('x')\n"
    file.write_text(f"{CHECKS}\n{log}")
    collection.collect([file])
    collection.collect([file])
    collection.run(file, Heard())
    assert file.with_suffix(".log").read_text() == "x"
    collection.forget(file)
    collection.collect([file])
    assert file.with_suffix(".log").read_text() == "xx"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import nothing_of_this_name", "No module named 'nothing_of_this_name'"),
        ("def test_x(:", "invalid syntax"),
        ("raise SystemExit(3)", "3"),
        ("import pytest\npytest.skip('not here', allow_module_level=True)", "its checks did not run"),
        ("", "its checks did not run"),
    ],
)
def test_a_file_without_checks_is_the_fault_of_that_file(
    collection: Collection, file: Path, text: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever folder one stands in; the checks of other files run."""
    monkeypatch.chdir("/")
    broken = file.with_name("test_broken.py")
    broken.write_text(text)
    collection.collect([broken, file])
    assert why in collection.fault(broken)
    assert collection.fault(file) == ""
    heard = Heard()
    collection.run(file, heard)
    assert len(heard.told) == 6


def test_what_ends_pytest_ends_a_run_and_no_more(collection: Collection, file: Path) -> None:
    """`pytest.exit` in a check: the file is collected anew when it is next asked for."""
    file.write_text("import pytest\n\n\ndef test_x():\n    pytest.exit('enough')\n")
    collection.collect([file])
    with pytest.raises(Exception, match="enough"):
        collection.run(file, Heard())
    file.write_text("def test_x():\n    pass\n")
    collection.collect([file])
    heard = Heard()
    collection.run(file, heard)
    assert heard.told == ["before test_x", "after test_x: passed"]


def test_ctrl_c_while_files_are_imported(collection: Collection, file: Path) -> None:
    file.write_text("raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        collection.collect([file])


def test_a_users_settings_of_pytest_change_nothing(
    collection: Collection, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only -k nothing")
    monkeypatch.setenv("PYTEST_PLUGINS", "nothing_of_this_name")
    collection.collect([file])
    assert collection.fault(file) == ""


# One bench, many submissions


@pytest.fixture
def course(tmp_path: Path) -> Course:
    small_course.write_course(tmp_path / "course", "lesson-a", "lesson-b")
    return read_course(tmp_path / "course")


ENDS = "import os\n\n\ndef scale(values, factor=2.0):\n    os._exit(0)\n"
LOOPS = "def scale(values, factor=2.0):\n    while True:\n        pass\n"
LEAVES = "import numpy as np\n\nnp.multiply = np.add\n\n\ndef scale(values, factor=2.0):\n    return values + 2\n"
SUBMISSIONS = [small_course.REFERENCE, PLUS, small_course.STUB, ENDS, LOOPS, LEAVES, SYNTAX, small_course.REFERENCE]


def graded(bench: runner.Bench, exercise: Exercise, source: str) -> ExerciseResult:
    submission = Submission(exercise.module, {exercise.module: source.encode()})
    return bench.grade([runner.Job(exercise, submission)]).exercises[0]


@pytest.mark.parametrize("order", [1, -1])
def test_no_submission_changes_another(course: Course, order: int) -> None:
    """On one bench, in either order, everyone gets what they get alone."""
    exercise = course.exercises[0]
    alone = []
    for source in SUBMISSIONS:
        with closing(runner.Bench(course, sandbox=SandboxLevel.PROCESS)) as bench:
            alone.append(graded(bench, exercise, source))
    with closing(runner.Bench(course, sandbox=SandboxLevel.PROCESS)) as bench:
        together = [graded(bench, exercise, source) for source in SUBMISSIONS[::order]]
    assert together[::order] == alone
    assert [one.outcome.value for one in alone] == [
        *("passed", "failed", "not_started", "crashed"),
        *("timed_out", "failed", "import_error", "passed"),
    ]
    assert alone[1].checks[0].misconception is not None


def test_a_fault_of_one_exercise_is_that_exercises(course: Course) -> None:
    """A check file that can't be imported; the other exercise is graded, now and for the next submission."""
    course.exercises[0].check_file.write_text("import nothing_of_this_name\n")
    with closing(runner.Bench(course, sandbox=SandboxLevel.PROCESS)) as bench:
        for _ in range(2):
            jobs = [runner.Job(e, intake.take(e.reference)) for e in course.exercises]
            broken, whole = bench.grade(jobs).exercises
            assert broken.outcome is Outcome.GRADER_ERROR
            assert whole.passed


def test_what_has_not_begun_by_the_deadline_has_timed_out(course: Course) -> None:
    with closing(runner.Bench(course, sandbox=SandboxLevel.PROCESS)) as bench:
        jobs = [runner.Job(e, intake.take(e.reference)) for e in course.exercises]
        results = bench.grade(jobs, deadline=0.0).exercises
    assert [one.outcome for one in results] == [Outcome.TIMED_OUT] * 2
    assert results[0].problem is not None
    assert "used up the time" in results[0].problem.message
