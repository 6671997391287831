"""The helpers that check files call, under plain pytest and under a session of the grader."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from grader import checks
from grader.checks import (
    CheckFailed,
    assert_array,
    assert_close,
    assert_fast,
    assert_inputs_unchanged,
    assert_number,
    give_file,
    mnist,
    note,
    reference,
)
from grader.errors import CourseError


class Session:
    """A session as the grader has one; the learner's process is this one, and the way there takes `way_seconds`."""

    def __init__(self, folder: Path, way_seconds: float = 0.0) -> None:
        self.folder = folder
        self.way_seconds = way_seconds
        self.notes: list[str] = []
        self.writable = False
        self.opened = 0

    def give_file(self, name: str, data: bytes) -> str:
        (self.folder / name).write_bytes(data)
        return f"/scratch/{name}"

    def echo_seconds(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> float:
        assert args or kwargs
        return self.way_seconds

    def note(self, text: str) -> None:
        self.notes.append(text)

    @contextmanager
    def writable_inputs(self) -> Iterator[None]:
        self.writable, self.opened = True, self.opened + 1
        yield
        self.writable = False


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    own = Session(tmp_path)
    token = checks.session.set(own)
    yield own
    checks.session.reset(token)


def failure(function: Callable[..., object], *args: object, **kwargs: object) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught:
        function(*args, **kwargs)
    return caught.value


def run_python(*arguments: str) -> str:
    """What another Python that finds this package prints."""
    environment = {**os.environ, "PYTHONPATH": str(Path(checks.__file__).parent.parent)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.strip()


# assert_close


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (np.array([1.0, 2.0]), [1.0, 2.0]),
        (np.array([1, 2]), [1.0, 2.0]),
        (np.array([1.0 + 1e-10]), [1.0]),
        (np.array([np.nan, np.inf, -np.inf]), [np.nan, np.inf, -np.inf]),
        (np.array([True]), [True]),
        (np.array([1j]), [1j]),
        (np.empty((0, 3)), np.empty((0, 3))),
        (3, 3.0),
        (3.0, 3),
        (np.float32(0.5), 0.5),
        (np.array(0.5), 0.5),
        (2**70, 2.0**70),
        (np.True_, True),
    ],
)
def test_right_values_pass(actual: object, expected: Any) -> None:
    """Numbers, NumPy scalars and 0-d arrays serve where one number is expected."""
    assert_close(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "message"),
    [
        (
            None,
            [1.0, 2.0],
            "came back: None; expected an array of shape (2,). Did the function end without return?",
        ),
        (None, 1.0, "came back: None; expected a number. Did the function end without return?"),
        ([1.0, 2.0], [1.0, 2.0], "returned a list; expected an array of shape (2,)"),
        ("1.0", 1.0, "returned a str; expected a number"),
        (3.0, [3.0], "returned one number, 3.0; expected an array of shape (1,)"),
        (np.float64(3), [3.0], "returned one number, 3.0; expected an array of shape (1,)"),
        (True, 1.0, "returned True; expected a number"),
        (np.True_, 1.0, "returned True; expected a number"),
        (np.array([True]), [1.0], "returned an array of True and False; expected an array of shape (1,)"),
        (np.array(["1"]), [1.0], "returned an array of strings; expected an array of shape (1,) of numbers"),
        (
            np.array([None]),
            [1.0],
            (
                "returned an array of Python objects (rows of different length?); "
                "expected an array of shape (1,) of numbers"
            ),
        ),
        (
            np.array(["2026-11-20"], "M8[D]"),
            [1.0],
            "returned an array of dates; expected an array of shape (1,) of numbers",
        ),
        (np.array([1j]), [1.0], "returned complex numbers; expected an array of shape (1,), real"),
        (1j, 1.0, "returned complex numbers; expected a number, real"),
        pytest.param(
            -(2**20000), 1.0, "returned <int of 20001 bits>; expected a number that a float can hold", id="huge"
        ),
        (np.ones(3), np.ones((3, 1)), "shape (3,); expected (3, 1)"),
        (np.array([1.0]), 1.0, "shape (1,); expected ()"),
        (np.array([1.0, 5.0]), [1.0, 2.0], "1 of 2 values differs, at [1]: 5.0, expected 2.0"),
        (0.3, 0.25, "0.3, expected 0.25"),
        (np.array([np.nan]), [1.0], "NaN where none is expected at [0]"),
    ],
)
def test_a_wrong_value_is_named(actual: object, expected: Any, message: str) -> None:
    """The message says what came back and what was expected."""
    assert failure(assert_close, actual, expected).message == message


@pytest.mark.parametrize(("dtype", "wanted"), [(np.uint8, "a uint8 array"), (np.int64, "an int64 array")])
def test_a_dtype_has_the_article_that_is_spoken(dtype: type[np.integer], wanted: str) -> None:
    """The u of uint8 sounds like "you"."""
    assert failure(assert_array, 3.0, dtype=dtype).message == f"returned a float; expected {wanted}"


def test_the_law_comes_first() -> None:
    """Which law broke matters more than by how much."""
    law = "each row sums to 1"
    told = failure(assert_close, np.array([1.5]), [1.0], law=law)
    assert told.message == law
    assert told.details[0] == "1.5, expected 1.0"
    assert failure(assert_close, None, [1.0], law=law).message.startswith(f"{law}: came back: None")


def test_a_failure_carries_what_was_judged() -> None:
    """The report finds the call by the very object that failed."""
    actual = np.array([0.5, 0.5])
    told = failure(assert_close, actual, [0.5, 0.25])
    assert told.actual is actual
    assert told.expected == "array([0.5, 0.25])"
    assert str(told).splitlines()[0] == told.message
    assert str(told).splitlines()[-1] == "  expected: array([0.5, 0.25])"


@given(
    hnp.arrays(np.float64, 3, elements=st.floats(-1e6, 1e6)),
    st.floats(1e-12, 1e-1),
    st.floats(-2.0, 2.0).filter(lambda share: abs(abs(share) - 1) > 1e-3),
)
def test_the_tolerance_is_the_one_promised(expected: NDArray[np.float64], atol: float, share: float) -> None:
    """An error of `share` times the allowance passes exactly for shares below 1."""
    rtol = 1e-3
    actual = expected + share * (atol + rtol * np.abs(expected))
    if abs(share) < 1:
        assert_close(actual, expected, rtol=rtol, atol=atol)
    elif np.all(np.abs(actual - expected) > 1.0001 * (atol + rtol * np.abs(expected)) * (1 - 1e-3)):
        assert failure(assert_close, actual, expected, rtol=rtol, atol=atol)


def test_an_author_must_expect_numbers() -> None:
    """A check that expects text is its author's mistake, not a failure of the learner's."""
    with pytest.raises(TypeError, match="expected must be numbers, not 'x'"):
        assert_close(np.array([1.0]), "x")


# assert_array, assert_number


def test_an_array_is_returned_as_it_came() -> None:
    """The check goes on with the array."""
    array = np.ones((2, 3), np.float32)
    assert assert_array(array, shape=(2, 3), dtype=np.float32) is array
    assert assert_array(np.float64(2), shape=(), dtype=float).shape == ()
    assert assert_array(np.array([True]), dtype=bool).all()


@pytest.mark.parametrize(
    ("actual", "demands", "message"),
    [
        (None, {}, "came back: None; expected an array. Did the function end without return?"),
        ([1], {"shape": (1,)}, "returned a list; expected an array of shape (1,)"),
        (np.float64(1), {}, "returned a float64; expected an array"),
        (1.0, {"shape": ()}, "returned a float; expected an array of shape ()"),
        (np.ones(2), {"shape": (2, 1)}, "shape (2,); expected (2, 1)"),
        (np.ones(2), {"dtype": np.float32}, "dtype float64; expected float32"),
        (np.ones(2), {"dtype": np.dtype(np.int64)}, "dtype float64; expected int64"),
        (np.ones(2, ">f8"), {"dtype": np.float64}, "dtype >f8; expected float64"),
        (
            np.array([None]),
            {"dtype": np.int64},
            "returned an array of Python objects (rows of different length?); expected an int64 array",
        ),
    ],
)
def test_an_array_of_another_kind_is_refused(actual: object, demands: dict[str, Any], message: str) -> None:
    """Shape and dtype are demanded exactly."""
    told = failure(assert_array, actual, **demands)
    assert told.message == message
    assert told.actual is actual


def test_exact_python_numbers_pass() -> None:
    """np.float64 is a Python float by inheritance; that counts."""
    assert_number(0.5)
    assert_number(np.float64(0.5))
    assert_number(3, kind=int)
    assert_number(True, kind=bool)


@pytest.mark.parametrize(
    ("actual", "kind", "message"),
    [
        (None, float, "came back: None; expected a Python float. Did the function end without return?"),
        (1, float, "returned an int; expected a Python float; float(…) makes one"),
        (True, int, "returned a bool; expected a Python int; int(…) makes one"),
        (np.float32(1), float, "returned a float32; expected a Python float; float(…) makes one"),
        (np.int64(1), int, "returned an int64; expected a Python int; int(…) makes one"),
        (np.array(1.0), float, "returned an array; expected a Python float; float(…) makes one"),
        ("1", int, "returned a str; expected a Python int"),
    ],
)
def test_a_number_of_another_kind_is_refused(actual: object, kind: type, message: str) -> None:
    """A NumPy integer or True is not a Python int."""
    assert failure(assert_number, actual, kind=kind).message == message


# assert_inputs_unchanged


def test_the_result_comes_back_and_inputs_are_copies() -> None:
    """The function sees writable copies and the check's arrays stay read-only."""
    x = np.arange(3.0)
    x.flags.writeable = False

    def writable(x: NDArray[Any], params: dict[str, Any]) -> bool:
        return bool(x.flags.writeable and params["W"][0].flags.writeable)

    assert assert_inputs_unchanged(writable, x, params={"W": (x,)}) is True


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x, _: x.__setitem__(1, 7.0), "argument 1 was changed: 1.0 at [1] became 7.0"),
        (lambda _, p: p["W1"][0].fill(9), "argument 2['W1'][0] was changed: 0.0 at [0] became 9.0"),
        (lambda x, _: x.__imul__(-1.0), "argument 1 was changed: 1.0 at [1] became -1.0"),
        (lambda x, _: x.sort(), None),
        (lambda x, _: x.__setitem__(0, -0.0), "argument 1 was changed: the sign of a zero, or a NaN"),
    ],
)
def test_a_changed_input_is_named(change: Callable[..., Any], message: str | None) -> None:
    """Which argument, where, and what it was before."""
    inputs = (np.arange(3.0), {"W1": [np.arange(2.0)]})
    if message is None:
        assert_inputs_unchanged(change, *inputs)
    else:
        assert failure(assert_inputs_unchanged, change, *inputs).message == message
    assert inputs[0].tolist() == [0.0, 1.0, 2.0]


def test_a_changed_keyword_argument_has_its_name() -> None:
    """Keyword arguments are called by their names; NaN is no change."""

    def spoil(*, scores: NDArray[Any]) -> None:
        scores[1] = 5.0

    told = failure(assert_inputs_unchanged, spoil, scores=np.array([np.nan, 1.0]))
    assert told.message == "scores was changed: 1.0 at [1] became 5.0"


def test_one_array_given_twice_stays_one_array() -> None:
    """f(x, x) is called with the same array twice."""
    x = np.arange(3.0)
    assert assert_inputs_unchanged(lambda a, b: a is b, x, x) is True


def test_the_session_sends_writable_inputs(session: Session) -> None:
    """Under the grader the call happens while inputs go out writable."""
    assert assert_inputs_unchanged(lambda _: session.writable, np.ones(2)) is True
    assert (session.writable, session.opened) == (False, 1)


# assert_fast


def busy(seconds: float) -> Callable[..., None]:
    def spin(*_: object) -> None:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            pass

    return spin


def test_a_vectorised_function_is_fast_enough() -> None:
    """The same work takes the same time."""
    assert_fast(busy(0.001), busy(0.001), np.ones(3))


def test_a_loop_is_right_but_slow() -> None:
    """The message says how many times slower, and what is allowed."""
    told = failure(assert_fast, busy(0.02), busy(0.0001), np.ones(3), budget=25)
    assert told.message.startswith("right, but ")
    assert told.message.endswith(" times slower than one vectorised call (25 times is allowed)")


def test_the_way_to_the_learner_is_not_held_against_them(session: Session) -> None:
    """The time of an echo with the same arguments is subtracted."""
    session.way_seconds = 0.0199
    assert_fast(busy(0.02), busy(0.0005), np.ones(3), budget=25)


def test_a_tiny_baseline_counts_as_twenty_microseconds() -> None:
    """A ratio to almost nothing would say nothing."""
    assert_fast(busy(0.0001), lambda _: None, np.ones(3), budget=25)


def test_a_hopelessly_slow_function_is_not_tried_for_long() -> None:
    """A check has a deadline of a few seconds."""
    start = time.perf_counter()
    failure(assert_fast, busy(0.4), busy(0.0001), np.ones(3))
    assert time.perf_counter() - start < 20


# reference


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Path]:
    """A course with one exercise, softmax, whose module is called soft."""
    files = {
        "exercises/03_forward/softmax/exercise.toml": 'module = "soft"\n',
        "solutions/03_forward/softmax/soft.py": (
            "from dataclasses import dataclass\n\n\n@dataclass\nclass Point:\n    x: 'int'\n\n\n"
            "def softmax():\n    return 1\n"
        ),
        "exercises/03_forward/broken/exercise.toml": 'module = "broken"\n',
        "solutions/03_forward/broken/broken.py": "1 / 0\n",
        "exercises/03_forward/absent/exercise.toml": 'module = "absent"\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    token = checks.course_root.set(tmp_path)
    yield tmp_path
    checks.course_root.reset(token)


@pytest.mark.usefixtures("course")
def test_the_reference_is_loaded_once_under_a_private_name() -> None:
    """`import soft` would still find the learner's module."""
    module = reference("softmax")
    assert module.softmax() == 1
    assert module is reference("softmax")
    assert module.__name__ == "_reference_soft"
    assert "soft" not in sys.modules


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sofmax", "no exercise is named 'sofmax'; there are: absent, broken, softmax"),
        ("broken", "broken.py: ZeroDivisionError: division by zero; a reference must be importable"),
        ("absent", "absent.py: not there; a check asks for it by reference('absent')"),
    ],
)
@pytest.mark.usefixtures("course")
def test_a_missing_reference_is_the_courses_fault(name: str, told: str) -> None:
    """CourseError, with the file and the remedy."""
    with pytest.raises(CourseError) as caught:
        reference(name)
    assert told in str(caught.value)


# give_file, mnist, note


def test_given_files_lie_apart_and_are_removed_at_the_end(tmp_path: Path) -> None:
    """Two files of one name don't meet; nothing is left when the process has ended."""
    script = tmp_path / "give.py"
    script.write_text(
        "from grader.checks import give_file\n"
        "one, two = give_file('a.gz', b'1'), give_file('a.gz', b'2')\n"
        "assert open(one, 'rb').read() == b'1' and open(two, 'rb').read() == b'2'\n"
        "print(one)\n"
    )
    path = Path(run_python(str(script)))
    assert path.name == "a.gz"
    assert not path.exists()


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/a"])
def test_a_given_file_has_a_plain_name(name: str) -> None:
    """A name with a folder in it is the author's mistake."""
    with pytest.raises(ValueError, match="give a plain file name"):
        give_file(name, b"")


def test_the_session_takes_files_and_notes(session: Session, tmp_path: Path) -> None:
    """Under the grader the path is the one in the learner's process."""
    assert give_file("x.bin", b"1") == "/scratch/x.bin"
    assert (tmp_path / "x.bin").read_bytes() == b"1"
    note("accuracy 97.5 %")
    assert session.notes == ["accuracy 97.5 %"]


def test_a_note_without_a_session_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Plain pytest output stays as it is."""
    note("accuracy 97.5 %")
    assert capsys.readouterr().out == ""


def test_a_check_that_needs_mnist_is_skipped_where_it_is_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason says where to look."""
    monkeypatch.delenv("NEUROGRADE_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    token = checks.data_dir.set(tmp_path)
    try:
        with pytest.raises(pytest.skip.Exception, match="MNIST is not here: see `grade data`"):
            mnist("test")
    finally:
        checks.data_dir.reset(token)


def test_mnist_is_the_published_one_and_read_only() -> None:
    """10,000 test images, shared by all checks of a process."""
    images, labels = mnist("test")
    assert (images.shape, labels.shape) == ((10000, 28, 28), (10000,))
    assert not images.flags.writeable


def test_checks_load_nothing_of_the_grader_but_explanations() -> None:
    """A check file costs numpy and two small modules."""
    code = "import sys, grader.checks; print(*sorted(m for m in sys.modules if m[:7] in ('grader.', 'pytest')))"
    assert run_python("-c", code).split() == [f"grader.{name}" for name in ("checks", "explain", "language", "shorten")]
