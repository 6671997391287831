"""Which misconception is named: small courses with one exercise, graded for real."""

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader import diagnosis, intake, runner
from grader.course import Course, read_course
from grader.result import CheckResult

COURSE = """
format = 1
id = "small"
title = "Small"

[[chapter]]
folder = "01_first"
title = "First"
exercises = ["lesson"]
"""
EXERCISE = """
title = "Lesson"
module = "lesson"
functions = ["f"]
constants = ["RATE"]
points = 1
core = "{core}"
hints = ["one", "two", "three"]
why = "Because."
"""
REFERENCE = """
import numpy as np

RATE = 0.5


def f(x, g=None):
    return x * RATE
"""
Diagnose = Callable[..., dict[str, CheckResult]]
Bench = Callable[[str, list[str]], Callable[[str], dict[str, str | None]]]


def wrong(name: str, check: str, code: str) -> str:
    parts = {"name": name, "title": name, "check": check, "feedback": f"This is {name}."}
    lines = [f'{key} = "{value}"' for key, value in parts.items()]
    return "\n".join(["[[wrong]]", *lines, f"code = '''\n{textwrap.dedent(code)}'''\n"])


def write_course(root: Path, checks: str, wrongs: list[str]) -> Course:
    """A course with one exercise; the first check is its core."""
    header = "import numpy as np\nimport pytest\nfrom lesson import RATE, f\nfrom grader.checks import *\n"
    text = header + textwrap.dedent(checks)
    core = text.partition("def ")[2].partition("(")[0]
    files = {
        "exercises/course.toml": COURSE,
        "exercises/01_first/lesson/exercise.toml": EXERCISE.format(core=core),
        "exercises/01_first/lesson/test_lesson.py": text,
        "exercises/01_first/lesson/lesson.py": REFERENCE,
        "solutions/01_first/lesson/lesson.py": REFERENCE,
        "solutions/01_first/lesson/wrong.toml": "\n".join(wrongs),
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return read_course(root)


@pytest.fixture
def diagnose(tmp_path: Path) -> Diagnose:
    """Grades a submission against checks and known-wrong solutions; gives the results by check."""

    def grade(checks: str, wrongs: list[str], submission: str) -> dict[str, CheckResult]:
        course = write_course(tmp_path, checks, wrongs)
        (tmp_path / "work").mkdir(exist_ok=True)
        (tmp_path / "work" / "lesson.py").write_text(textwrap.dedent(submission))
        job = runner.Job(course.exercises[0], intake.take(tmp_path / "work" / "lesson.py"))
        result = runner.grade(course, [job]).exercises[0]
        assert result.problem is None, result.problem
        return {check.name: check for check in result.checks}

    return grade


def named(results: dict[str, CheckResult]) -> dict[str, str | None]:
    """The misconception of each check that did not pass."""
    failed = {name: check.misconception for name, check in results.items() if not check.passed}
    return {name: None if found is None else found.name for name, found in failed.items()}


HALVES = """
    def test_half():
        assert_close(f(np.array([2.0, 4.0])), [1.0, 2.0])
"""
DOUBLES = "RATE = 0.5\ndef f(x, g=None): return x * 2\n"


def test_the_same_wrong_values_are_named(diagnose: Diagnose) -> None:
    """A learner's result that is that of one known-wrong solution, up to rounding, names it in its author's words."""
    results = diagnose(
        HALVES, [wrong("doubles", "test_half", DOUBLES)], "RATE = 0.5\ndef f(x): return x + x * (1 + 1e-14)"
    )
    found = results["test_half"].misconception
    assert found is not None
    assert (found.name, found.title, found.feedback) == ("doubles", "doubles", "This is doubles.")


@pytest.mark.parametrize("body", ["x * 3", "(x * 2).astype(np.float32)", "(x * 2).tolist()", "(x * 2)[None]", "None"])
def test_other_wrong_values_are_not(diagnose: Diagnose, body: str) -> None:
    """Another value, dtype, type or shape is another mistake."""
    source = f"import numpy as np\nRATE = 0.5\ndef f(x): return {body}"
    assert named(diagnose(HALVES, [wrong("doubles", "test_half", DOUBLES)], source)) == {"test_half": None}


def test_two_that_fit_name_none(diagnose: Diagnose) -> None:
    """Where two known-wrong solutions behave alike, neither is named."""
    wrongs = [wrong("doubles", "test_half", DOUBLES), wrong("adds", "test_half", DOUBLES.replace("x * 2", "x + x"))]
    assert named(diagnose(HALVES, wrongs, DOUBLES)) == {"test_half": None}


def test_a_mistake_whose_own_check_passed_is_not_named(diagnose: Diagnose) -> None:
    """A known-wrong solution always fails the check named for it: a learner who passes that has another mistake."""
    checks = HALVES + "\n    def test_negative():\n        assert_close(f(np.array([-2.0])), [-1.0])\n"
    submission = "RATE = 0.5\ndef f(x): return x * 2 if x[0] > 0 else x / 2"
    wrongs = [wrong("doubles", "test_negative", DOUBLES)]
    assert named(diagnose(checks, wrongs, submission)) == {"test_half": None}


def test_the_same_exception_is_named(diagnose: Diagnose) -> None:
    """An exception of the same kind with the same text is the same mistake."""
    code = "import math\nRATE = 0.5\ndef f(x, g=None): return math.exp(x)\n"
    submission = "from math import exp\nRATE = 0.5\ndef f(x): return exp(x) + 1"
    assert named(diagnose(HALVES, [wrong("scalar", "test_half", code)], submission)) == {"test_half": "scalar"}


@pytest.mark.parametrize(
    "submission", ["def f(): return 1", "def f(x):\n    raise TypeError('no')", "def f(x): return 1 + ''"]
)
def test_an_exception_of_the_same_kind_alone_is_not_enough(diagnose: Diagnose, submission: str) -> None:
    """A TypeError for another reason is not taken for the known one."""
    code = "import math\nRATE = 0.5\ndef f(x, g=None): return math.exp(x)\n"
    found = diagnose(HALVES, [wrong("scalar", "test_half", code)], f"RATE = 0.5\n{submission}")
    assert named(found) == {"test_half": None}


def test_an_expected_exception_may_have_any_text(diagnose: Diagnose) -> None:
    """Where a check expects an exception, the words of the learner's own `raise` do not hide the mistake."""
    checks = """
        def test_negative():
            with pytest.raises(ValueError):
                f(np.array([-1.0]))
            assert_close(f(np.array([2.0])), [1.0])
    """
    code = "RATE = 0.5\ndef f(x, g=None):\n    if x[0] < 0:\n        raise ValueError('below zero')\n    return x * 2\n"
    assert named(diagnose(checks, [wrong("doubles", "test_negative", code)], code.replace("below", "no"))) == {
        "test_negative": "doubles"
    }


def test_numpy_warnings_compare_by_their_kind(diagnose: Diagnose) -> None:
    """The same overflow in another function of NumPy is the same mistake; an invalid value is not."""
    checks = "def test_large():\n    assert_close(f(np.array([1000.0])), [500.0])\n"
    code = "import numpy as np\nRATE = 0.5\ndef f(x, g=None): return np.exp(x)\n"
    wrongs = [wrong("overflows", "test_large", code)]
    assert named(diagnose(checks, wrongs, code.replace("np.exp(x)", "np.power(10.0, x)"))) == {
        "test_large": "overflows"
    }
    assert named(diagnose(checks, wrongs, code.replace("np.exp", "np.arccos"))) == {"test_large": None}


def test_writing_into_an_argument_is_named(diagnose: Diagnose) -> None:
    """Both by the read-only error and by the changed input the mistake is found, whatever writes."""
    checks = HALVES + "\n    def test_unchanged():\n        assert_inputs_unchanged(f, np.array([2.0]))\n"
    code = "RATE = 0.5\ndef f(x, g=None):\n    x *= 0.5\n    return x\n"
    submission = "import numpy as np\nRATE = 0.5\ndef f(x):\n    np.multiply(x, 0.5, out=x)\n    return x\n"
    found = named(diagnose(checks, [wrong("in-place", "test_unchanged", code)], submission))
    assert found == {"test_half": "in-place", "test_unchanged": "in-place"}


def test_a_wrong_constant_is_named(diagnose: Diagnose) -> None:
    """A constant that the check imported is swapped for each candidate's, and put back for the next check."""
    checks = """
        def test_rate():
            assert f(np.array([2.0]))[0] == 2.0 * RATE
            assert RATE == 0.5, "half"

        def test_rate_is_back():
            assert RATE == 0.25
    """
    wrongs = [wrong("quarter", "test_rate", "RATE = 0.25\ndef f(x, g=None): return x * RATE\n")]
    assert named(diagnose(checks, wrongs, "RATE = 1 / 4\ndef f(x): return x / 4")) == {"test_rate": "quarter"}


def test_a_mistake_with_a_callback_is_named(diagnose: Diagnose) -> None:
    """Functions that the check gives are called by candidates as well."""
    checks = """
        def test_slope():
            assert_close(f(np.array([1.0, 2.0]), lambda x: float((x ** 2).sum())), [2.5, 5.0])
    """
    code = "RATE = 0.5\ndef f(x, g=None): return x * g(x) * {}\n"
    found = diagnose(checks, [wrong("tenfold", "test_slope", code.format(10))], code.format("5 * 2"))
    assert named(found) == {"test_slope": "tenfold"}


def test_two_functions_of_the_learner_may_call_each_other_through_the_check(diagnose: Diagnose) -> None:
    """A function that the check gives may call the learner's code again, in every backend."""
    checks = """
        def test_nested():
            assert f(3.0, lambda x: f(x)) == 1.5
    """
    code = "RATE = 0.5\ndef f(x, g=None): return g(x) * {} if g else x * RATE\n"
    assert named(diagnose(checks, [wrong("twice", "test_nested", code.format(2))], code.format(1))) == {}
    assert named(diagnose(checks, [wrong("twice", "test_nested", code.format(2))], code.format(2))) == {
        "test_nested": "twice"
    }


def test_more_calls_than_the_candidate_makes_are_another_mistake(diagnose: Diagnose) -> None:
    """The same first result is not enough where the checks then go on differently."""
    checks = """
        def test_rows():
            for row in ([2.0], [4.0]):
                assert_close(f(np.array(row)), np.array(row) / 2)
    """
    submission = "RATE = 0.5\ndef f(x): return x / 2 if x[0] < 3 else x * 2"
    assert named(diagnose(checks, [wrong("doubles", "test_rows", DOUBLES)], submission)) == {"test_rows": None}


def test_without_time_nothing_is_named(diagnose: Diagnose, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the budget of a check no candidate is named, not even the one found first: another might fit as well."""
    monkeypatch.setattr(diagnosis, "BUDGET_SECONDS", -1.0)
    assert named(diagnose(HALVES, [wrong("doubles", "test_half", DOUBLES)], DOUBLES)) == {"test_half": None}


def test_a_candidate_that_passes_is_not_named(diagnose: Diagnose) -> None:
    """A solution that is right in this check explains no failure in it."""
    found = diagnose(HALVES, [wrong("right-here", "test_half", REFERENCE)], DOUBLES)
    assert named(found) == {"test_half": None}


def test_one_that_cannot_be_loaded_hides_no_other(diagnose: Diagnose) -> None:
    """A known-wrong solution that breaks at import names nobody's mistake, and the others are still compared."""
    wrongs = [wrong("broken", "test_half", "import nothing_of_this_name"), wrong("doubles", "test_half", DOUBLES)]
    assert named(diagnose(HALVES, wrongs, DOUBLES)) == {"test_half": "doubles"}


def test_one_that_does_not_end_is_left_after_a_while(diagnose: Diagnose, monkeypatch: pytest.MonkeyPatch) -> None:
    """An endless known-wrong solution costs the diagnosis its budget, and the learner nothing but the name."""
    monkeypatch.setattr(diagnosis, "BUDGET_SECONDS", 0.3)
    endless = "RATE = 0.5\ndef f(x, g=None):\n    while True: pass\n"
    assert named(diagnose(HALVES, [wrong("endless", "test_half", endless)], DOUBLES)) == {"test_half": None}


def test_a_known_wrong_solution_prints_to_nobody(diagnose: Diagnose, capsys: pytest.CaptureFixture[str]) -> None:
    """What it prints is not the learner's, and must not get into a report on standard output."""
    loud = "print('loud')\nRATE = 0.5\ndef f(x, g=None):\n    print('loud')\n    return x * 2\n"
    results = diagnose(HALVES, [wrong("loud", "test_half", loud)], DOUBLES)
    assert named(results) == {"test_half": "loud"}
    assert capsys.readouterr().out == ""
    assert results["test_half"].output == ""


# What is kept from one submission to the next


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A bench for one exercise with these checks and known-wrong solutions: it names the misconceptions of a source."""
    opened: list[runner.Bench] = []

    def make(checks: str, wrongs: list[str]) -> Callable[[str], dict[str, str | None]]:
        course = write_course(tmp_path, checks, wrongs)
        opened.append(runner.Bench(course))

        def name(source: str) -> dict[str, str | None]:
            submission = intake.Submission("lesson", {"lesson": textwrap.dedent(source).encode()})
            result = opened[0].grade([runner.Job(course.exercises[0], submission)]).exercises[0]
            return named({check.name: check for check in result.checks})

        return name

    yield make
    for one in opened:
        one.close()


def counting(log: Path, body: str) -> str:
    """A known-wrong solution that leaves a mark whenever it is loaded."""
    return f"with open({str(log)!r}, 'a') as log:\n    log.write('x')\nRATE = 0.5\ndef f(x, g=None): return {body}\n"


def test_what_was_seen_once_is_not_run_again(bench: Bench, tmp_path: Path) -> None:
    """Neither for one who does the same nor for one who differs where it was seen to differ."""
    log = tmp_path / "log"
    name = bench(HALVES, [wrong("doubles", "test_half", counting(log, "x * 2"))])
    for source in (DOUBLES, DOUBLES, DOUBLES.replace("* 2", "* 3"), DOUBLES):
        assert name(source) == {"test_half": "doubles" if source == DOUBLES else None}
    assert log.read_text() == "x"


def test_one_that_agrees_further_than_it_was_seen_is_run_again(bench: Bench, tmp_path: Path) -> None:
    """It was left at its first other answer; who agrees there must be compared with what comes after."""
    log = tmp_path / "log"
    checks = """
        def test_rows():
            first, second = f(np.array([2.0])), f(np.array([4.0]))
            assert_close(first, [1.0])
            assert_close(second, [2.0])
    """
    name = bench(checks, [wrong("doubles", "test_rows", counting(log, "x * 2"))])
    assert name("RATE = 0.5\ndef f(x): return x * 3") == {"test_rows": None}
    assert name("RATE = 0.5\ndef f(x): return x * (2 if x[0] < 3 else 3)") == {"test_rows": None}
    assert name(DOUBLES) == {"test_rows": "doubles"}
    assert name(DOUBLES) == {"test_rows": "doubles"}
    assert log.read_text() == "xxx"


def test_large_results_are_not_kept(bench: Bench, tmp_path: Path) -> None:
    """Above a bound a known-wrong solution is rather run again than remembered."""
    log = tmp_path / "log"
    checks = "def test_many():\n    assert_close(f(np.ones(20_000)), np.full(20_000, 0.5))\n"
    name = bench(checks, [wrong("doubles", "test_many", counting(log, "x * 2"))])
    assert [name(DOUBLES) for _ in range(2)] == [{"test_many": "doubles"}] * 2
    assert log.read_text() == "xx"


def test_a_catching_check_does_not_hide_that_a_candidate_differs(diagnose: Diagnose) -> None:
    """Neither a check nor a known-wrong solution that catches every Exception goes on after the first other answer."""
    checks = """
        def test_caught():
            try:
                first = f(np.array([2.0]))
            except Exception:
                first = np.array([4.0])
            assert_close(first, [1.0])
    """
    wrongs = [wrong("doubles", "test_caught", DOUBLES), wrong("triples", "test_caught", DOUBLES.replace("2", "3"))]
    assert named(diagnose(checks, wrongs, DOUBLES)) == {"test_caught": "doubles"}


@pytest.mark.parametrize("place", ["RATE = 0.5\ndef f(x, g=None): raise SystemExit(3)\n", "raise SystemExit(3)\n"])
def test_a_known_wrong_solution_that_ends_python_ends_nothing_here(diagnose: Diagnose, place: str) -> None:
    """Neither when it is loaded nor when it is called: the others are still compared."""
    wrongs = [wrong("exits", "test_half", place), wrong("doubles", "test_half", DOUBLES)]
    assert named(diagnose(HALVES, wrongs, DOUBLES)) == {"test_half": "doubles"}


def test_a_call_of_exit_is_named(diagnose: Diagnose) -> None:
    """sys.exit is a mistake like others, told in the same words for both."""
    code = "import sys\nRATE = 0.5\ndef f(x, g=None): sys.exit({})\n"
    found = diagnose(HALVES, [wrong("exits", "test_half", code.format(1))], code.format(2))
    assert named(found) == {"test_half": "exits"}


def test_a_check_that_ends_python_has_failed_for_a_candidate(diagnose: Diagnose) -> None:
    checks = """
        def test_half():
            if f(2.0) != 1.0:
                raise SystemExit(4)
    """
    assert named(diagnose(checks, [wrong("doubles", "test_half", DOUBLES)], DOUBLES)) == {"test_half": "doubles"}


TWICE = """
    def test_long():
        assert f("x" * 1_000_000) == "x"
"""


@pytest.mark.parametrize(
    ("body", "most"),
    [("x + x[:1]", diagnosis.MOST_KEPT), ("'xx'", 10)],
    ids=["a long text", "no room left"],
)
def test_what_has_no_room_is_run_again(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, most: int
) -> None:
    """Past the bytes that are kept of one known-wrong solution, or of all; the name stays the same."""
    monkeypatch.setattr(diagnosis, "MOST_KEPT", most)
    log = tmp_path / "log"
    name = bench(TWICE, [wrong("longer", "test_long", counting(log, body))])
    source = f"RATE = 0.5\ndef f(x, g=None): return {body}\n"
    assert [name(source) for _ in range(3)] == [{"test_long": "longer"}] * 3
    assert log.read_text() == "xxx"


def test_what_has_room_is_kept_whoever_else_has_none(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Room that is taken anew is given back first: the same learner over and over costs no more room than once."""
    monkeypatch.setattr(diagnosis, "MOST_KEPT", 1000)
    log = tmp_path / "log"
    checks = """
        def test_rows():
            first, second = f(np.ones(50)), f(np.full(50, 4.0))
            assert_close(first, np.full(50, 0.5))
    """
    name = bench(checks, [wrong("doubles", "test_rows", counting(log, "x * 2"))])
    assert name("RATE = 0.5\ndef f(x): return x * 3") == {"test_rows": None}
    for _ in range(3):  # it agrees further than was seen: run once more, kept whole
        assert name(DOUBLES) == {"test_rows": "doubles"}
    assert log.read_text() == "xx"
