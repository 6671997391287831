"""Check files are collected once; their checks run afresh for every submission on one bench.

What `Collection` relies on is pytest's: items stay valid after `pytest.main` has come back. If that changes, the tests
here fail.
"""

import gc
import os
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import collection as collecting
from grader import intake, runner
from grader.collection import Collection
from grader.course import Course, Exercise, read_course
from grader.intake import Submission
from grader.open_session import OpenSession
from grader.result import ExerciseResult, Outcome, SandboxLevel

from . import small_course, test_objects_in_courses
from .class_folder import PLUS, SYNTAX
from .test_launch import children

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

    def after(self, item: pytest.Item, error: BaseException | None, again: Callable[[], object]) -> None:
        del again
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


@pytest.mark.parametrize("end", ["pytest.exit('enough')", "raise KeyboardInterrupt"])
def test_fixtures_are_taken_down_where_a_run_is_ended(collection: Collection, file: Path, end: str) -> None:
    """What a check has set up for itself is nobody else's, whatever it is left by."""
    log = file.with_suffix(".log")
    file.write_text(
        "import pytest\n\n\n"
        "@pytest.fixture(scope='module')\ndef wide():\n    yield\n"
        f"    with open({str(log)!r}, 'a') as log:\n        log.write('down')\n\n\n"
        "def test_x(monkeypatch, wide):\n"
        f"    monkeypatch.setenv('LEFT_BY_A_CHECK', 'yes')\n    {end}\n"
    )
    collection.collect([file])
    with pytest.raises((Exception, KeyboardInterrupt)):
        collection.run(file, Heard())
    assert "LEFT_BY_A_CHECK" not in os.environ
    assert log.read_text() == "down"


def test_a_file_that_ends_python_says_so_in_the_report_alone(
    collection: Collection, file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """pytest's own words about it reach no learner's terminal."""
    file.write_text("raise SystemExit")
    collection.collect([file])
    assert collection.fault(file) == "the checks of this exercise could not be loaded: SystemExit"
    assert capfd.readouterr() == ("", "")


def test_what_came_back_makes_no_noise(collection: Collection, file: Path, recwarn: pytest.WarningsRecorder) -> None:
    """NumPy's warnings of a check that computes with infinities would name the check's line on the screen."""
    file.write_text("import numpy as np\n\n\ndef test_x():\n    np.diff(np.full(2, np.inf))\n")
    collection.collect([file])
    collection.run(file, Heard())
    assert not recwarn.list


COLLECTS = """
import sys
from pathlib import Path
from grader.collection import Collection
file = Path(sys.argv[1])
checks = Collection(file.parent)
checks.collect([file])
print(checks.fault(file), sys.pycache_prefix)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the user's folder for such files has another variable, or none")
@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_rewritten_checks_are_kept(tmp_path: Path, closed: bool) -> None:
    """Beside their file, or with the user's own where its folder takes none; they are made once."""
    course, own = tmp_path / "course", tmp_path / "own"
    course.mkdir()
    file = course / "test_rewritten.py"
    file.write_text("def test_one():\n    assert True\n")
    if closed:
        (course / "__pycache__").write_text("in the way")  # root could write into a closed folder
    without = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", COLLECTS, str(file)],
            env=without | {"XDG_CACHE_HOME": str(own)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stdout.strip(), done.stderr) == ("None", "")
        kept.append([(path, path.stat().st_mtime_ns) for path in tmp_path.rglob("test_rewritten.*pytest*.pyc")])
    assert kept[0] == kept[1]
    assert [path.is_relative_to(own if closed else course) for path, _ in kept[0]] == [True]


def test_public_hooks_only() -> None:
    """What pytest keeps to itself may change in any release."""
    assert "_pytest" not in Path(collecting.__file__).read_text()


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


OUTCOMES = [
    *("passed", "failed", "not_started", "crashed"),
    *("timed_out", "failed", "import_error", "passed"),
]


def test_no_submission_changes_another(course: Course) -> None:
    """On one bench, in any order, everyone gets what they get alone."""
    exercise = course.exercises[0]
    alone = []
    for source in SUBMISSIONS:
        with closing(runner.Bench(course, sandbox=SandboxLevel.PROCESS)) as bench:
            alone.append(graded(bench, exercise, source))
    assert [one.outcome.value for one in alone] == OUTCOMES
    assert alone[1].checks[0].misconception is not None

    @settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(st.permutations(range(len(SUBMISSIONS))))
    def in_order(order: list[int]) -> None:
        with closing(runner.Bench(course, sandbox=SandboxLevel.PROCESS)) as bench:
            together = {number: graded(bench, exercise, SUBMISSIONS[number]) for number in order}
        assert [together[number] for number in range(len(SUBMISSIONS))] == alone

    in_order()


CONSTANT_CHECKS = {
    "by name": "from {module} import RATE, scale\n\n\ndef test_example():\n    scale(1)\n    assert RATE == 2\n",
    "by module": "import {module} as m\n\n\ndef test_example():\n    m.scale(1)\n    assert m.RATE == 2\n",
    "in the check": (
        "from {module} import scale\n\n\n"
        "def test_example():\n    from {module} import RATE\n    scale(1)\n    assert RATE == 2\n"
    ),
}


@pytest.mark.parametrize("form", CONSTANT_CHECKS)
def test_everyone_is_judged_by_their_own_constants(tmp_path: Path, form: str) -> None:
    """However a check imports them, and whoever was graded before."""
    root = small_course.write_course(tmp_path / "course", "lesson")
    folder, _ = small_course.folders(root, "lesson")
    small_course.change(
        folder / "exercise.toml", 'functions = ["scale"]', 'functions = ["scale"]\nconstants = ["RATE"]'
    )
    (folder / "test_lesson.py").write_text(CONSTANT_CHECKS[form].format(module="lesson"))
    course = read_course(root)
    right, wrong, none = (small_course.REFERENCE + end for end in ("\nRATE = 2\n", "\nRATE = 3\n", ""))
    with closing(runner.Bench(course, sandbox=SandboxLevel.PROCESS)) as bench:
        outcomes = [graded(bench, course.exercises[0], source).outcome.value for source in (wrong, right, none, right)]
    assert outcomes == ["failed", "passed", "import_error", "passed"]


@pytest.mark.parametrize(
    ("end", "outcome"),
    [("raise SystemExit(3)", Outcome.FAILED), ("import pytest; pytest.exit('enough')", Outcome.GRADER_ERROR)],
)
def test_a_check_that_ends_python_costs_one_submission_its_result(course: Course, end: str, outcome: Outcome) -> None:
    """The others are graded as ever."""
    exercise = course.exercises[0]
    small_course.change(
        exercise.check_file,
        "    assert_close(scale(np.array([1.0, 2.0, 3.0])), [2.0, 4.0, 6.0])\n",
        f"    if scale(np.array([1.0]))[0] != 2.0:\n        {end}\n",
    )
    with closing(runner.Bench(course, sandbox=SandboxLevel.PROCESS)) as bench:
        results = [graded(bench, exercise, source) for source in (small_course.REFERENCE, PLUS) * 2]
    assert [one.outcome for one in results] == [Outcome.PASSED, outcome] * 2


@pytest.mark.skipif(sys.platform != "linux", reason="children are read from /proc")
def test_ctrl_c_in_a_check_leaves_no_process_and_a_bench_that_goes_on(course: Course) -> None:
    exercise = course.exercises[0]
    small_course.change(
        exercise.check_file,
        "    assert_close(scale(np.array([1.0, 2.0, 3.0])), [2.0, 4.0, 6.0])\n",
        "    if scale(np.array([1.0]))[0] != 2.0:\n        raise KeyboardInterrupt\n",
    )
    before = children()
    with closing(runner.Bench(course, sandbox=SandboxLevel.PROCESS)) as bench:
        with pytest.raises(KeyboardInterrupt):
            graded(bench, exercise, PLUS)
        assert graded(bench, exercise, small_course.REFERENCE).passed
    assert children() - before == set()


def test_a_bench_that_stopped_early_grades_the_next(course: Course) -> None:
    """In full, as if nothing had been left out before."""
    wrong, right = (
        [runner.Job(e, Submission(e.module, {e.module: s.encode()})) for e in course.exercises]
        for s in (PLUS, small_course.REFERENCE)
    )
    with closing(runner.Bench(course, sandbox=SandboxLevel.PROCESS)) as bench:
        assert len(bench.grade(wrong, stop_early=True).exercises) == 1
        assert [one.passed for one in bench.grade(right, stop_early=True).exercises] == [True, True]
        assert len(bench.grade(wrong).exercises) == 2


# Exercises that hand out objects


@pytest.fixture
def objects_course(tmp_path: Path) -> Course:
    return read_course(test_objects_in_courses.write_stack(tmp_path / "objects"))


QUEUE = test_objects_in_courses.REFERENCE.replace("items.pop()", "items.pop(0)")


@pytest.mark.skipif(sys.platform != "linux", reason="children are read from /proc")
def test_checks_of_objects_are_collected_for_each_submission(objects_course: Course) -> None:
    """Each is judged by its own objects, and no process of theirs is left; where the check file breaks, neither."""
    exercise = objects_course.exercises[0]
    right = test_objects_in_courses.REFERENCE
    before = children()
    with closing(runner.Bench(objects_course, sandbox=SandboxLevel.PROCESS)) as bench:
        results = [graded(bench, exercise, source) for source in (right, QUEUE, "def (", right)]
        sound = exercise.check_file.read_text()
        exercise.check_file.write_text(sound + "\n\nraise RuntimeError('broken')\n")
        broken = graded(bench, exercise, right)
        exercise.check_file.write_text(sound)
        again = graded(bench, exercise, right)
    assert [one.outcome.value for one in results] == ["passed", "failed", "import_error", "passed"]
    assert broken.problem is not None
    assert "broken" in broken.problem.message
    assert again == results[0]
    assert children() - before == set()


def test_nothing_is_kept_of_a_submission_that_handed_out_objects(objects_course: Course) -> None:
    """Neither its session nor what it gave: a bench grades as many as there are."""
    exercise = objects_course.exercises[0]
    gc.collect()
    before = weakref.WeakSet(one for one in gc.get_objects() if isinstance(one, OpenSession))
    with closing(runner.Bench(objects_course, sandbox=SandboxLevel.PROCESS)) as bench:
        for _ in range(5):
            assert graded(bench, exercise, test_objects_in_courses.REFERENCE).passed
        gc.collect()
        left = [one for one in gc.get_objects() if isinstance(one, OpenSession) and one not in before]
    assert len(left) <= 1  # of the latest, whose checks are not yet collected anew


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


PLAIN = """
import functools

import pytest


@pytest.fixture(autouse=True, scope="class")
def around():
    yield


class TestInAClass:
    def test_of_a_class(self):
        pass


def test_plain(number=3):
    assert number == 3


@pytest.mark.parametrize("a", [1, 2])
@pytest.mark.parametrize(("b", "c"), [(3, 4)])
def test_parameters(a, b, c):
    assert (a, b, c) == (1, 3, 4), a


def test_that_ends_python():
    raise SystemExit(3)


@pytest.mark.skip(reason="a mark")
def test_marked():
    raise AssertionError


async def test_async():
    pass


async def test_async_generator():
    yield


@functools.wraps(test_plain)
def test_in_a_wrapper():
    return test_async_generator()


def test_with_a_fixture(tmp_path):
    assert tmp_path.is_dir()
"""
WITHOUT_AUTOUSE = PLAIN.replace('(autouse=True, scope="class")', "")


def test_checks_without_fixtures_are_called(tmp_path: Path) -> None:
    """Those that pytest has to prepare or to leave out stay pytest's; all are told alike, as often as they are run."""
    file = tmp_path / "test_plain.py"
    file.write_text(WITHOUT_AUTOUSE)
    collection = Collection(tmp_path)
    collection.collect([file])
    called = [item.name for item in collection._plugin.calls]
    assert called == [
        *("test_plain", "test_parameters[3-4-1]", "test_parameters[3-4-2]", "test_that_ends_python"),
        "test_in_a_wrapper",
    ]
    for _ in range(2):
        heard = Heard()
        collection.run(file, heard)
        ends = [line.removeprefix("after ").partition(": ") for line in heard.told if line.startswith("after ")]
        said = {name: end for name, _, end in ends}
        for name in ("test_async", "test_async_generator", "test_in_a_wrapper"):
            assert "not natively supported" in said.pop(name)
        assert said == {
            "test_of_a_class": "passed",
            "test_plain": "passed",
            "test_parameters[3-4-1]": "passed",
            "test_parameters[3-4-2]": "2",
            "test_that_ends_python": "3",
            "test_marked": "a mark",
            "test_with_a_fixture": "passed",
        }


def test_what_runs_around_every_check_makes_none_a_mere_call(tmp_path: Path) -> None:
    """A fixture that is used by itself, and functions of the file that set up and take down."""
    for text in (PLAIN, f"{WITHOUT_AUTOUSE}\n\ndef setup_function():\n    pass\n"):
        file = tmp_path / f"test_{len(text)}.py"
        file.write_text(text)
        collection = Collection(tmp_path)
        collection.collect([file])
        assert collection._items[file]
        assert not collection._plugin.calls


def test_a_check_can_be_run_once_more_while_it_is_told(tmp_path: Path) -> None:
    """With its parameters, and with its fixtures."""
    file = tmp_path / "test_again.py"
    file.write_text(
        "import pytest\n\nRUNS = []\n\n"
        "@pytest.mark.parametrize('n', [5])\ndef test_n(n):\n    RUNS.append(n)\n\n"
        "def test_path(tmp_path):\n    RUNS.append(tmp_path)\n"
    )

    class Twice(Heard):
        def after(self, item: pytest.Item, error: BaseException | None, again: Callable[[], object]) -> None:
            super().after(item, error, again)
            again()

    collection = Collection(tmp_path)
    collection.collect([file])
    collection.run(file, Twice())
    module = collection._items[file][0].getparent(pytest.Module)
    assert module is not None
    first, second, third, fourth = module.obj.RUNS
    assert (first, second) == (5, 5)
    assert third == fourth


def told(tmp_path: Path, text: str) -> list[str]:
    """How the checks of a file with this text end."""
    file = tmp_path / "test_told.py"
    file.write_text(text)
    collection = Collection(tmp_path)
    collection.collect([file])
    heard = Heard()
    collection.run(file, heard)
    return [line.removeprefix("after ") for line in heard.told if line.startswith("after ")]


def test_parameters_of_a_fixture_are_no_arguments(tmp_path: Path) -> None:
    """A fixture of several makes its value itself, also beside a check's own parameters."""
    text = (
        "import pytest\n\n\n@pytest.fixture(params=['a', 'b'])\ndef made():\n    return 'made'\n\n\n"
        "@pytest.mark.parametrize('n, ', [(1,)])\ndef test_x(made, n):\n    assert (made, n) == ('made', 1)\n"
    )
    assert told(tmp_path, text) == ["test_x[a-1]: passed", "test_x[b-1]: passed"]


WIDE = """
import pytest

UP = []


@pytest.fixture(scope="module")
def wide():
    UP.append(1)
    yield
    UP.clear()
    raise RuntimeError("nobody's result")


def test_before():
    assert not UP


def test_with(wide):
    assert UP


def test_behind():
    assert UP == [1]
"""


def test_a_files_fixtures_stand_until_its_last_check(tmp_path: Path) -> None:
    """Whether that asks for them or not; then they end, also for the next run."""
    file = tmp_path / "test_wide.py"
    file.write_text(WIDE)
    collection = Collection(tmp_path)
    collection.collect([file])
    for _ in range(2):
        heard = Heard()
        collection.run(file, heard)
        assert [line.partition(": ")[2] for line in heard.told if line.startswith("after ")] == ["passed"] * 3


def test_a_fault_before_a_check_is_told_as_its_end(tmp_path: Path) -> None:
    """With fixtures or without, and the other checks run."""
    file = tmp_path / "test_fault.py"
    file.write_text("def test_x():\n    pass\n\n\ndef test_y(tmp_path):\n    pass\n\n\ndef test_z():\n    pass\n")

    class Failing(Heard):
        def before(self, item: pytest.Item) -> None:
            if item.name != "test_z":
                raise RuntimeError("no process")

    collection = Collection(tmp_path)
    collection.collect([file])
    heard = Failing()
    collection.run(file, heard)
    assert heard.told == ["after test_x: no process", "after test_y: no process", "after test_z: passed"]


@pytest.mark.parametrize("text", [WITHOUT_AUTOUSE, PLAIN, WIDE, CHECKS], ids=["plain", "around", "wide", "fixtures"])
def test_called_or_run_by_pytest_checks_end_alike(tmp_path: Path, text: str) -> None:
    """In the same order, with the same words."""
    file = tmp_path / "test_alike.py"
    file.write_text(text)
    called, by_pytest = Heard(), Heard()
    for heard in (called, by_pytest):
        collection = Collection(tmp_path)
        collection.collect([file])
        if heard is by_pytest:
            collection._plugin.calls.clear()
        collection.run(file, heard)
    assert called.told
    assert called.told == by_pytest.told


LISTED = """
import os, sys
from pathlib import Path
from grader import runner
from grader.course import read_course

course = read_course(Path(sys.argv[1]))
runner.collected(course, course.exercises, None)  # loads all of pytest
listed = []
sys.addaudithook(lambda event, args: listed.append(os.fspath(args[0] or ".")) if event == "os.scandir" else None)
checks = runner.collected(course, course.exercises, None)
assert not checks.fault(course.exercises[0].check_file)
print(*listed, sep="\\n")
"""


def test_nothing_outside_of_the_course_is_looked_at(tmp_path: Path) -> None:
    """Beside an installed course lie hundreds of packages, and above it is somebody's home."""
    (tmp_path / "course").mkdir()
    course = small_course.write_course(tmp_path / "course")
    command = [sys.executable, "-c", LISTED, str(course)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert listed
    assert all(Path(folder).is_relative_to(course) for folder in listed)
