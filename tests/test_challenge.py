"""A learner's checks against known-wrong solutions: what is caught, what does not count, and what can't be had."""

import textwrap
from pathlib import Path

import msgspec
import pytest

from grader.challenge import rounds
from grader.challenge.rounds import RIGHT_ONES, ROUNDS
from grader.challenge.standing import Check, Standing
from grader.challenge.terminal import to_terminal
from grader.course import Course, Exercise, Limits, bundled_root, read_course
from grader.errors import CourseError
from grader.intake import Refusal, Submission
from grader.report.ink import Ink
from grader.result import Outcome, SandboxLevel

from .small_course import change, folders, write_course

FACTOR = """
    def check_factor():
        assert scale(np.array([1.0, 5.0]), 3.0).tolist() == [3.0, 15.0]
"""
GOOD = f"""
    import numpy as np
    from scaling import scale

    def check_example():
        assert np.allclose(scale(np.array([1.0, 2.0, 3.0])), [2.0, 4.0, 6.0])
    {FACTOR}
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course of one exercise with two known-wrong solutions, `plus` and `fixed`, whose limit is half a second."""
    return read_course(write_course(tmp_path))


@pytest.fixture(scope="module")
def bundled() -> Course:
    return read_course(bundled_root())


def played(course: Course, text: str, exercise: Exercise | None = None, **helpers: str) -> Standing:
    """How the checks in `text` do, at the strongest level that this machine has."""
    sources = {name: textwrap.dedent(source).encode() for name, source in {"my_checks": text, **helpers}.items()}
    return rounds.play(course, exercise or course.exercises[0], Submission("my_checks", sources))


def of(bundled: Course, name: str, *, seconds: float = 20.0) -> Exercise:
    """An exercise of the bundled course with another limit of time."""
    exercise = bundled.find(name)
    assert exercise is not None
    return msgspec.structs.replace(exercise, limits=Limits(seconds))


def names(standing: Standing) -> set[str]:
    return {wrong.name for wrong in standing.caught}


def why(standing: Standing, check: str) -> tuple[Outcome, str, int]:
    """Why a check is not counted: outcome, message, line of the learner's file (0 for none)."""
    problem = next(c.problem for c in standing.checks if c.name == check)
    assert problem is not None
    return problem.outcome, problem.message, problem.location.line if problem.location else 0


# What is caught


def test_a_wrong_solution_is_caught_by_a_check_that_the_right_one_passes(course: Course) -> None:
    """By an assert, each check for itself."""
    standing = played(course, GOOD)
    assert standing.checks == (Check("check_example", ("plus",)), Check("check_factor", ("plus", "fixed")))
    assert standing.complete
    assert standing.problem is None


def test_any_exception_catches(bundled: Course) -> None:
    """What the solution itself raises, a floating-point fault too, is as good as an assert."""
    text = """
    import numpy as np
    from softmax import softmax

    def check_large():
        softmax(np.array([1e6, 0.0]))

    def check_refusal():
        try:
            softmax([np.nan, 1.0])
        except ValueError:
            return
        assert False
    """
    standing = played(bundled, text, of(bundled, "softmax"))
    assert {"naive", "shift-by-min", "nan-passes"} <= names(standing)
    assert all(check.problem is None for check in standing.checks)


def test_what_is_only_slow_is_not_to_be_caught(bundled: Course) -> None:
    """It gives right answers."""
    wrongs = {wrong.name for wrong in rounds.to_catch(of(bundled, "softmax"))}
    assert "naive" in wrongs
    assert "row-loop" not in wrongs
    assert "loops" not in {wrong.name for wrong in rounds.to_catch(of(bundled, "conv2d"))}


def test_a_solution_that_writes_into_its_argument_is_seen(bundled: Course) -> None:
    """As in one process: in the check's own array, and by the refusal of one that is read-only."""
    text = """
    import numpy as np
    from softmax import softmax

    def check_unchanged():
        x = np.array([1.0, 2.0])
        softmax(x)
        assert x.tolist() == [1.0, 2.0]

    def check_read_only():
        x = np.array([1.0, 2.0])
        x.flags.writeable = False
        softmax(x)
    """
    standing = played(bundled, text, of(bundled, "softmax"))
    assert ["in-place-shift" in check.caught for check in standing.checks] == [True, True]


def test_constants_are_those_of_the_solution(bundled: Course) -> None:
    """Also where they are imported by name, or a call is made while the file is imported."""
    text = """
    import numpy as np
    from logic_gates import AND_PARAMS, perceptron

    both = perceptron(np.array([1.0, 1.0]), np.array(AND_PARAMS[:2]), AND_PARAMS[2])

    def check_and():
        assert both == 1
        assert perceptron(np.array([1.0, 0.0]), np.array(AND_PARAMS[:2]), AND_PARAMS[2]) == 0
    """
    standing = played(bundled, text, of(bundled, "logic-gates"))
    assert standing.checks[0].problem is None
    assert standing.checks[0].caught


def test_functions_of_a_check_are_called_back(bundled: Course) -> None:
    """The solution calls what the check gave it, however deep in a call, and functions in a namespace as well."""
    text = """
    import numpy as np
    from numerical_gradient import numerical_gradient

    def check_square():
        calls = []
        def square(x):
            calls.append(x)
            return float((x ** 2).sum())
        assert np.allclose(numerical_gradient(square, np.array([3.0, -1.0])), [6.0, -2.0])
        assert len(calls) == 4

    def check_call_within_a_call():
        def slope(x):
            return float(numerical_gradient(lambda y: float((y ** 3).sum()), x)[0])
        assert np.allclose(numerical_gradient(slope, np.array([2.0]), 1e-3), [12.0], atol=1e-3)

    def check_point_is_left_alone():
        x = np.array([1.0])
        x.flags.writeable = False
        numerical_gradient(lambda y: float(y[0]), x)
    """
    standing = played(bundled, text, of(bundled, "numerical-gradient"))
    assert [check.problem for check in standing.checks] == [None, None, None]
    assert standing.checks[0].caught
    assert standing.checks[2].caught == ("writes-into-x",)
    gates = """
    from types import SimpleNamespace
    from xor_gate import XOR

    def check_truth():
        gates = SimpleNamespace(
            AND=lambda a, b: int(a + b > 1.5), NAND=lambda a, b: int(a + b < 1.5), OR=lambda a, b: int(a + b > 0.5)
        )
        assert [XOR(a, b, gates) for a, b in ((0, 0), (1, 0), (0, 1), (1, 1))] == [0, 1, 1, 0]
    """
    standing = played(bundled, gates, of(bundled, "xor-gate"))
    assert standing.checks[0].problem is None
    assert standing.checks[0].caught


def test_random_generators_of_a_check_are_drawn_from(bundled: Course) -> None:
    """Equal ones give equal draws, and one generator gives others each time."""
    text = """
    import numpy as np
    from weight_init import init_weights

    def check_seed():
        one, other = (init_weights(30, 40, "he", np.random.default_rng(5)) for _ in range(2))
        assert (one == other).all()

    def check_moves_on():
        rng = np.random.default_rng(5)
        assert (init_weights(3, 4, "he", rng) != init_weights(3, 4, "he", rng)).any()

    def check_another_kind():
        init_weights(3, 4, "he", np.random.Generator(np.random.MT19937(1)))
    """
    standing = played(bundled, text, of(bundled, "weight-initialization"))
    assert [check.problem is None for check in standing.checks] == [True, True, False]
    assert standing.checks[0].caught
    assert "default_rng" in why(standing, "check_another_kind")[1]


def test_files_of_a_check_can_be_read(bundled: Course) -> None:
    """A file that a check wrote is there for the solution; no file of the grader's side is."""
    text = f"""
    from pathlib import Path
    from idx_files import load_idx

    def check_labels():
        path = Path("labels")
        path.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9]))
        for name in (path, "labels", path.absolute(), str(path.absolute())):
            assert load_idx(name).tolist() == [7, 8, 9]

    def check_elsewhere():
        load_idx({str(of(bundled, "idx-files").reference)!r})
    """
    exercise = of(bundled, "idx-files")
    sources = {"my_checks": textwrap.dedent(text).encode()}
    standing = rounds.play(bundled, exercise, Submission("my_checks", sources))
    assert standing.checks[0].problem is None
    assert standing.checks[0].caught
    if standing.level is not SandboxLevel.PROCESS:
        outcome, message, line = why(standing, "check_elsewhere")
        assert (outcome, line) == (Outcome.RAISED, 12)
        assert "FileNotFoundError" in message or "PermissionError" in message


def test_helper_files_can_be_imported_but_the_learners_own_solution_is_not(course: Course) -> None:
    """What lies beside the checks comes along; what is judged is never the learner's own module."""
    text = """
    import numpy as np
    from scaling import scale
    from wanted import DOUBLED

    def check_example():
        assert scale(np.array([1.0, 5.0])).tolist() == DOUBLED
    """
    standing = played(course, text, wanted="DOUBLED = [2.0, 10.0]", scaling="raise SystemExit")
    assert standing.checks == (Check("check_example", ("plus",)),)


# What does not count


def test_a_check_that_the_right_solution_fails_is_not_counted(course: Course) -> None:
    """It says what happened and where; the others count."""
    text = f"""
    import numpy as np
    from scaling import scale

    def check_wrong():
        print("got", scale(np.array([1.0])))
        assert scale(np.array([1.0])) == 3.0, "three?"

    def check_typo():
        scale(np.array([1.0])).no_such_thing

    def check_with_argument(x):
        pass

    def check_unsendable():
        scale(np.ma.array([1.0]))

    def check_exit():
        raise SystemExit
    {FACTOR}
    """
    standing = played(course, text)
    assert why(standing, "check_wrong") == (Outcome.FAILED, "fails on the right solution: three?", 7)
    assert standing.checks[0].output == "got [2.]\n"
    outcome, message, line = why(standing, "check_typo")
    assert (outcome, line) == (Outcome.RAISED, 10)
    assert message.startswith("raises on the right solution: AttributeError: ")
    assert "TypeError" in why(standing, "check_with_argument")[1]
    assert "scale can't be given a MaskedArray" in why(standing, "check_unsendable")[1]
    assert "SystemExit" in why(standing, "check_exit")[1]
    assert names(standing) == {"plus", "fixed"}


@pytest.mark.parametrize(
    "counting",
    [
        "np.count = getattr(np, 'count', 0) + 1; assert np.count == 1",
        "import builtins; builtins.n = getattr(builtins, 'n', 0) + 1; assert builtins.n <= 2",
        "from pathlib import Path; p = Path('been'); been = p.exists(); p.write_text('x'); assert not been",
    ],
)
def test_counting_calls_does_not_pay(course: Course, counting: str) -> None:
    """Who passes first and fails later fails the right solution too, which comes more than twice in each round."""
    assert RIGHT_ONES > 2
    standing = played(course, f"import numpy as np\ndef check_count():\n    {counting}\n{textwrap.dedent(FACTOR)}")
    assert standing.checks[0].problem is not None
    assert standing.checks[0].caught == ()


def test_what_a_file_keeps_is_gone_in_the_next_run(course: Course) -> None:
    """Its globals, and those of a helper file, begin anew for each solution."""
    text = """
    import kept

    seen = []

    def check_first():
        seen.append(1)
        kept.seen.append(1)
        assert len(seen) == len(kept.seen) == 1
    """
    standing = played(course, text, kept="seen = []")
    assert standing.checks == (Check("check_first"),)


def test_chance_catches_nothing(course: Course) -> None:
    """What is caught in one round must be caught in the other, where all is random anew."""
    orders: list[list[str]] = []
    text = """
    import numpy as np
    from scaling import scale

    def check_by_turns():
        np.turn = getattr(np, "turn", 0) + 1
        assert np.turn != 1
    """

    def first_comes_another_one(solutions: list[object]) -> None:
        solutions.insert(0, solutions.pop(len(orders)))
        orders.append([str(solution.name) for solution in solutions])  # type: ignore[attr-defined]

    submission = Submission("my_checks", {"my_checks": textwrap.dedent(text).encode()})
    standing = rounds.play(course, course.exercises[0], submission, shuffle=first_comes_another_one)
    assert [order[0] for order in orders] == ["plus", "fixed"]
    assert standing.checks == (Check("check_by_turns", (), unsteady=2),)


@pytest.mark.parametrize(
    ("end", "outcome", "said"),
    [
        ("while True: pass", Outcome.TIMED_OUT, "had not come back after 0.5 s"),
        ("import os; os._exit(0)", Outcome.CRASHED, "exit status 0"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Outcome.CRASHED, "SIGKILL"),
        ("a = [0] * 10**9", Outcome.RAISED, "more memory"),
        ("import gc, socket; [o.close() for o in gc.get_objects() if isinstance(o, socket.socket)]", None, ""),
    ],
)
def test_a_check_that_ends_its_process_costs_itself_alone(
    course: Course, end: str, outcome: Outcome | None, said: str
) -> None:
    """It is not counted; those before and after it are."""
    text = f"""
    import numpy as np
    from scaling import scale

    def check_example():
        assert scale(np.array([1.0, 5.0])).tolist() == [2.0, 10.0]

    def check_end():
        {end}
    {FACTOR}
    """
    standing = played(course, text)
    found = why(standing, "check_end")
    assert found[0] in ([outcome] if outcome else [Outcome.CRASHED])
    assert said in found[1]
    assert [check.caught for check in standing.checks] == [("plus",), (), ("plus", "fixed")]


@pytest.mark.parametrize("end", ["while True: pass", "import os; os._exit(0)"])
def test_so_does_one_whose_function_never_comes_back(bundled: Course, end: str) -> None:
    """The solution waits for the check's function, and the check for the solution."""
    text = f"""
    import numpy as np
    from numerical_gradient import numerical_gradient

    def stuck(x):
        {end}

    def check_stuck():
        numerical_gradient(stuck, np.array([1.0]))

    def check_square():
        assert np.allclose(numerical_gradient(lambda x: float(x[0] ** 2), np.array([3.0])), [6.0])
    """
    standing = played(bundled, text, of(bundled, "numerical-gradient", seconds=2.0))
    assert why(standing, "check_stuck")[0] in (Outcome.TIMED_OUT, Outcome.CRASHED)
    assert standing.checks[1].caught


def test_a_solution_that_the_check_overloads_is_ended(bundled: Course) -> None:
    """What the arguments make it do is bounded: it runs shut in, as a learner's code does."""
    text = """
    import numpy as np
    from network_arithmetic import count_parameters

    def check_endless():
        count_parameters(range(1, 999_999))
        while True:
            count_parameters(range(1, 999_999))

    def check_two_layers():
        assert count_parameters([2, 3]) == 9
    """
    standing = played(bundled, text, of(bundled, "network-arithmetic", seconds=2.0))
    assert why(standing, "check_endless")[0] is Outcome.TIMED_OUT
    assert standing.checks[1].caught


# Why no check can run


@pytest.mark.parametrize(
    ("text", "outcome", "said", "line"),
    [
        ("def check(:\n", Outcome.IMPORT_ERROR, "SyntaxError", 1),
        ("x = 1\nraise ValueError('no')", Outcome.IMPORT_ERROR, "ValueError: no", 2),
        ("import pytest", Outcome.IMPORT_ERROR, "pytest", 1),
        ("from scaling import scale\n", Outcome.NOT_STARTED, "has no check", 0),
        ("while True: pass", Outcome.TIMED_OUT, "did not finish importing within 0.5 s", 0),
        ("import os; os._exit(0)", Outcome.CRASHED, "exit status 0", 0),
        (
            "def check_x(): pass\n" * 2 + "globals().update({f'check_{i}': id for i in range(999)})",
            Outcome.CRASHED,
            "",
            0,
        ),
    ],
)
def test_a_file_that_holds_no_checks_says_why(
    course: Course, text: str, outcome: Outcome, said: str, line: int
) -> None:
    """There is one problem, no check, and nothing caught."""
    standing = played(course, text)
    assert standing.problem is not None
    assert (standing.problem.outcome, standing.checks, standing.caught) == (outcome, (), ())
    assert said in standing.problem.message
    assert (standing.problem.location.line if standing.problem.location else 0) == line


def test_a_file_that_is_not_taken_says_why(course: Course) -> None:
    """As everywhere."""
    standing = rounds.play(course, course.exercises[0], Refusal("my_checks.py is a link; put the file itself here"))
    assert standing.problem is not None
    assert standing.problem.outcome is Outcome.REFUSED
    assert not standing.complete


def test_some_exercises_have_no_challenge(course: Course) -> None:
    """Where solutions hand out objects, where there are no wrong ones, and where one can't be imported."""
    exercise = course.exercises[0]
    with pytest.raises(CourseError, match="hand out objects"):
        rounds.to_catch(msgspec.structs.replace(exercise, objects=True))
    change(folders(course.root, "scaling")[1] / "wrong.toml", "np.add(values, factor)", "1 +")
    with pytest.raises(CourseError, match="'plus' can't be imported; `grade verify scaling`"):
        played(course, GOOD)
    (folders(course.root, "scaling")[1] / "wrong.toml").write_text("wrong = []\n")
    with pytest.raises(CourseError, match="no known-wrong solutions"):
        rounds.to_catch(read_course(course.root).exercises[0])


# What can't be had


def test_no_source_of_a_solution_reaches_the_checks(course: Course) -> None:
    """Neither as text nor as code, wherever in its process a check looks."""
    text = """
    import gc
    import sys
    import types
    import scaling

    KNOWN = "what a search like this finds"

    def check_search():
        sought = "".join(["np.", "multiply", "(values, factor)"])
        scaling.scale([1.0])
        texts = [o for o in gc.get_objects() if type(o) in (str, bytes, bytearray)]
        for o in gc.get_objects():
            if type(o) is dict:
                texts += [v for v in o.values() if type(v) in (str, bytes)]
        codes = [o.__code__ for o in gc.get_objects() if isinstance(o, types.FunctionType)]
        texts = [t if type(t) is str else t.decode("latin-1") for t in texts]
        assert any(KNOWN in t for t in texts)
        assert not any(sought in t for t in texts)
        assert not any(c.co_filename == "scaling.py" for c in codes)
        assert scaling.scale.__code__.co_filename != "scaling.py"
    """
    standing = played(course, text)
    assert standing.checks == (Check("check_search"),)


def test_the_names_of_what_is_still_out_there_are_not_told(course: Course) -> None:
    """Neither on the terminal nor in the JSON."""
    standing = played(course, GOOD.replace("check_factor", "other"))
    shown = to_terminal(standing, "Challenge", "my_checks.py", Ink(80, colour=False, ascii_only=False))
    assert "fixed" not in shown + str(standing.as_dict())
    assert "plus in place of scaling" in shown


def test_progress_counts_every_run(course: Course) -> None:
    """Also those that a check is spared."""
    counted: list[int] = []
    begun: list[int] = []
    text = GOOD + "\n    def check_wrong():\n        assert False\n"
    rounds.play(
        course,
        course.exercises[0],
        Submission("my_checks", {"my_checks": textwrap.dedent(text).encode()}),
        begun=begun.append,
        done=counted.append,
    )
    assert begun == [sum(counted)] == [ROUNDS * 3 * (2 + RIGHT_ONES)]


# How it is shown


@pytest.mark.parametrize("width", [40, 80])
def test_no_line_is_wider_than_the_terminal(course: Course, width: int) -> None:
    """However long a name is; and ASCII is enough."""
    text = f"""
    import numpy as np
    from scaling import scale

    def check_with_a_name_that_goes_on_and_on_until_nobody_remembers_how_it_began():
        print("→ \\x1b[31m", "wide " * 50)
        assert scale(np.array([1.0])) == 3.0, "ü" * 300
    {FACTOR}
    """
    shown = to_terminal(
        played(course, text), "Challenge: Scale", "my_checks.py", Ink(width, colour=False, ascii_only=True)
    )
    assert [line for line in shown.splitlines() if len(line) > width] == []
    assert shown.isascii()
    assert "\x1b" not in shown
