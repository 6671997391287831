"""A session against honest and dishonest code: whose fault it is, what is said, and what is believed."""

import re
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from grader import mirror
from grader.bridge import MissingConstant, MissingName
from grader.course import Exercise, Limits, bundled_root, read_course
from grader.intake import Refusal, Submission
from grader.process import LearnerProcess
from grader.result import Outcome
from grader.session import LearnerGone, Session, write_back
from grader.trace import LearnerError, NotPlainData

SECONDS = 1.0
# Takes the worker's answers over: what `f` gives back is the whole answer, without its number.
FORGED = """
import sys
frame = sys._getframe()
while type(frame.f_locals.get("self")).__name__ != "Worker":
    frame = frame.f_back
worker = frame.f_locals["self"]
def call(number, name, args, kwargs, back):
    answer = f(*args, **kwargs)
    return [*answer[:1], number, *answer[1:]]
worker._call = call
"""


def lesson(**changes: Any) -> Exercise:
    """An exercise of a module `lesson` with the functions f and g and the constant RATE."""
    any_exercise = read_course(bundled_root()).exercises[0]
    limits = Limits(seconds=SECONDS, memory_mb=256)
    values = {"module": "lesson", "functions": ("f", "g"), "constants": ("RATE",), "limits": limits, **changes}
    return replace(any_exercise, **values)


@pytest.fixture
def study() -> Iterator[Callable[..., Session]]:
    """Opens sessions on a source, loaded and ready for a check; closes them afterwards."""
    opened: list[Session] = []

    def open_session(source: str, **changes: Any) -> Session:
        sources = {"lesson": textwrap.dedent(source).encode()}
        session = Session(lesson(**changes), Submission("lesson", sources), LearnerProcess)
        opened.append(session)
        session.load()
        session.begin("test_first")
        return session

    yield open_session
    for session in opened:
        session.close()


def error_of(session: Session, *args: object) -> LearnerError:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is for the test to say
        session.call("f", args, {})
    error = caught.value.learner_error  # type: ignore[attr-defined]
    assert isinstance(error, LearnerError)
    return error


def call_often(session: Session, times: int) -> None:
    for _ in range(times):
        session.call("f", (), {})


# Loading


def test_a_refused_file_is_a_problem_of_its_own() -> None:
    """Where no file was taken, no process is started."""
    session = Session(lesson(), Refusal("lesson.py is missing"), LearnerProcess)
    session.load()
    assert session.problem is not None
    assert (session.problem.outcome, session.problem.message) == (Outcome.REFUSED, "lesson.py is missing")


def test_a_module_without_any_function_is_a_problem(study: Callable[..., Session]) -> None:
    """Only when every function is missing can no check run."""
    problem = study("RATE = 1").problem
    assert problem is not None
    assert problem.message == "lesson.py defines none of the functions `f`, `g`; keep the names of the stub"
    assert study("def g(): pass").problem is None


def test_a_missing_function_is_named_when_it_is_called(study: Callable[..., Session]) -> None:
    """A function that is missing, or is no function, fails the check that calls it."""
    session = study("f = 5\ndef g(): return 1")
    with pytest.raises(MissingName, match="defines no function `f`"):
        session.call("f", (), {})
    assert not session.trace.entries[0].finished  # it came back with nothing, not even with None
    assert session.call("g", (), {}) == 1


def test_constants_are_served(study: Callable[..., Session]) -> None:
    """A constant has its value; one that is missing says so when it is used."""
    assert study("RATE = 0.5\ndef f(): pass").constant("RATE") == 0.5
    missing = study("def f(): pass").constant("RATE")
    assert isinstance(missing, MissingConstant)
    with pytest.raises(MissingName, match="RATE"):
        float(missing)


def test_too_much_memory_at_import_is_said_to_be_that(study: Callable[..., Session]) -> None:
    """A table too large for the exercise is out_of_memory, also at import."""
    problem = study("import numpy as np\nT = np.zeros(10**9)\ndef f(): pass").problem
    assert problem is not None
    assert problem.outcome is Outcome.OUT_OF_MEMORY


def test_what_was_printed_before_a_failed_import_is_kept(study: Callable[..., Session]) -> None:
    """A print above the line that failed helps to find it."""
    problem = study("print('so far')\nx = 1 / 0").problem
    assert problem is not None
    assert (problem.message, problem.output) == ("ZeroDivisionError: division by zero", "so far\n")


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("import matplotlib_that_is_not_here", "NumPy and its own files alone; leave out what needs others"),
        ("n = int(input('How many? '))", "; nobody is there to answer `input()`; leave it out"),
        (
            "def f():\n<<<<<<< HEAD\n    return 1\n=======\n    return 2\n>>>>>>> other",
            "; git marks two versions here; keep one, and delete the lines of marks",
        ),
        ("def f() return 1", "SyntaxError: expected ':'"),
    ],
)
def test_a_failed_import_ends_with_what_to_do(study: Callable[..., Session], code: str, end: str) -> None:
    """Where beginners can't know it; a mistake that Python explains itself is left at that."""
    problem = study(code).problem
    assert problem is not None
    assert problem.message.endswith(end)


# Time


def test_one_call_that_hangs_is_not_made_again(study: Callable[..., Session]) -> None:
    """The next check is told at once; other functions are called as ever."""
    session = study("def f():\n    while True: pass\ndef g(): return 1")
    with pytest.raises(LearnerGone):
        session.call("f", (), {})
    assert session.fault is not None
    assert session.fault.message == "f had not come back after 1 s; is there an endless loop?"
    session.end()
    session.begin("test_second")
    assert session.call("g", (), {}) == 1
    with pytest.raises(LearnerGone):
        session.call("f", (), {})
    assert session.fault.message == "not called again: f had not come back after 1 s in test_first"


def test_what_a_student_sees_names_no_hidden_check_in_which_a_call_hung(study: Callable[..., Session]) -> None:
    """Its parameters would tell what it is called with. The function is called again instead."""
    session = study("def f(x):\n    while x: pass\n    return 1")
    session.openness = {"": 0, "test_seen": 1}
    session.begin("test_hidden[3-secret]")
    with pytest.raises(LearnerGone):
        session.call("f", (True,), {})
    session.end()
    session.begin("test_seen[1]")
    assert session.call("f", (False,), {}) == 1


def test_many_slow_calls_are_not_called_an_endless_loop(study: Callable[..., Session]) -> None:
    """When the calls of a check take too long together, the message says that and no more."""
    session = study("import time\ndef f(): time.sleep(0.3)")
    with pytest.raises(LearnerGone):
        call_often(session, 10)
    assert session.fault is not None
    assert session.fault.outcome is Outcome.TIMED_OUT
    assert re.fullmatch(r"\d calls in this check took over 1 s together; make each one faster", session.fault.message)


def test_the_time_of_an_exercise_is_bounded_too(study: Callable[..., Session]) -> None:
    """Checks that are all nearly too slow end with the time of three, and the message says so."""
    session = study("import time\ndef f(): time.sleep(0.8)")
    for number in range(3):
        session.begin(f"test_{number}")
        session.call("f", (), {})
    session.begin("test_3")
    with pytest.raises(LearnerGone):
        session.call("f", (), {})
    assert session.fault is not None
    assert session.fault.message == "the checks of this exercise have used up the 3 s that they share"
    session.end()
    session.begin("test_after")
    with pytest.raises(LearnerGone):
        session.call("f", (), {})
    assert session.fault.outcome is Outcome.TIMED_OUT


def test_the_first_fault_of_a_check_stays(study: Callable[..., Session]) -> None:
    """A check that goes on after its process has gone does not change what is said of it."""
    session = study("import os\ndef f(): os._exit(3)")
    with pytest.raises(LearnerGone):
        session.call("f", (), {})
    others = (lambda: session.give_file("x", b""), lambda: session.echo_seconds((), {}))
    for again in (lambda: session.call("f", (), {}), *others):
        with pytest.raises(LearnerGone):
            again()
    assert session.fault is not None
    assert "exit status 3" in session.fault.message


def test_a_call_within_a_callback_counts_once(study: Callable[..., Session]) -> None:
    """The time of a nested call is part of the call around it."""
    session = study("import time\ndef f(h): return h()\ndef g(): time.sleep(0.4)\n")
    start = time.monotonic()
    session.call("f", (lambda: session.call("g", (), {}),), {})
    assert 0.4 <= session.learner_seconds <= time.monotonic() - start
    assert [entry.name for entry in session.trace.entries] == ["f", "g"]


def test_a_hang_within_a_callback_is_the_hang_that_is_told(study: Callable[..., Session]) -> None:
    """When the inner call hangs, the outer one does not cover it up."""
    session = study("def f(h): return h()\ndef g():\n    while True: pass\n")
    with pytest.raises(LearnerGone):
        session.call("f", (lambda: session.call("g", (), {}),), {})
    assert session.fault is not None
    assert session.fault.message.startswith("g had not come back")


# Inputs


def test_inputs_are_written_back_only_when_asked(study: Callable[..., Session]) -> None:
    """In `writable_inputs` the caller's array shows what was written; the record shows what went in."""
    session = study("def f(x, box):\n    x[:] = 7\n    box['a'] = [1]\n    return x")
    x, box = np.zeros(2), {"a": [0], "gone": 1}
    inner = box["a"]
    with session.writable_inputs():
        session.call("f", (x,), {"box": box})
    assert x.tolist() == [7, 7]
    assert box == {"a": [1], "gone": 1}
    assert box["a"] is inner
    entry = session.trace.entries[0]
    assert entry.args[0].tolist() == [0, 0]
    assert entry.kwargs == {"box": {"a": [0], "gone": 1}}


def test_a_forged_write_back_is_not_believed(study: Callable[..., Session]) -> None:
    """Changed arguments that nobody asked for change nothing, and end the check."""
    session = study(f"{FORGED}\ndef f(x): return ['value', 0, [(x + 1,), {{}}]]")
    x = np.zeros(2)
    with pytest.raises(LearnerGone):
        session.call("f", (x,), {})
    assert x.tolist() == [0, 0]
    assert session.fault is not None
    assert session.fault.outcome is Outcome.CRASHED


@pytest.mark.parametrize("changed", [np.ones(3), np.ones(2, np.float32), [1, 1], None, "x"], ids=str)
def test_write_back_never_changes_shape_or_kind(changed: object) -> None:
    """What does not fit the caller's array leaves it alone."""
    x = np.zeros(2)
    write_back([x], [changed])
    assert x.tolist() == [0, 0]


# What is said


def test_an_own_exception_is_below_its_built_in_base(study: Callable[..., Session]) -> None:
    """`pytest.raises(ValueError)` sees a learner's subclass of ValueError, by its own name."""
    session = study("class Bad(ValueError): pass\ndef f(): raise Bad('no', 3)")
    with pytest.raises(ValueError, match="no") as caught:
        session.call("f", (), {})
    assert type(caught.value).__name__ == "Bad"
    assert caught.value.args == ("no", 3)


@pytest.mark.parametrize(
    ("statement", "kind", "text"),
    [
        ("import sys; sys.exit(1)", "SystemExit", "the code calls sys.exit, which ends Python; leave that out"),
        (
            "raise GeneratorExit",
            "GeneratorExit",
            "the code raises it itself, and Python keeps it for closing generators; raise another exception",
        ),
        (
            "b'\\xff'.decode('ascii')",
            "UnicodeDecodeError",
            "'ascii' codec can't decode byte 0xff in position 0: ordinal not in range(128)",
        ),
        ("raise KeyError('x')", "KeyError", "'x'"),
        ("raise ExceptionGroup('two', [ValueError()])", "ExceptionGroup", "two (1 sub-exception)"),
    ],
)
def test_every_exception_is_told_by_kind_and_text(
    study: Callable[..., Session], statement: str, kind: str, text: str
) -> None:
    """Whatever is raised reaches the check as an exception that carries kind, text and line."""
    error = error_of(study(f"def f():\n    {statement}\n"))
    assert (error.kind, error.message) == (kind, text)
    assert error.location is not None
    assert error.location.line == 2


def test_a_value_that_does_not_travel_is_a_failed_demand(study: Callable[..., Session]) -> None:
    """An object is answered with what may come back instead."""
    with pytest.raises(NotPlainData, match="returned a generator"):
        study("def f(): yield 1").call("f", (), {})


@pytest.mark.parametrize(
    "description",
    [
        "{}",
        "{'types': 5}",
        "{'types': ['ValueError', 7, 'not a name', 'x' * 200], 'message': 5, 'args': 'abc'}",
        "{'types': ['SyntaxError', 'Exception'], 'message': 'm', 'args': ['a', [1]]}",
        "{'types': ['ExceptionGroup', 'Exception'], 'message': 'm', 'args': ['a', [1]]}",
        "{'types': ['UnicodeDecodeError'], 'args': [1, 2, 3, 4, 5]}",
        "{'types': ['E', 'ValueError'], 'frames': [['lesson.py', 10**30, 'f']]}",
        "{'types': ['E', 'ValueError'], 'frames': [['lesson.py', -1, 'f']]}",
        "{'types': ['E', 'ValueError'], 'frames': [['/etc/passwd', 1, 'f']]}",
        "{'types': ['E', 'ValueError'], 'syntax': ['lesson.py', 1, 10**18, 'text']}",
        "{'types': ['BaseException']}",
        "{'types': ['E', 'ValueError'], 'message': 10**5000}",
        "{'types': ['E', 'ValueError'], 'frames': [['lesson.py', True, 'f']]}",
    ],
)
def test_a_forged_description_is_still_an_error_of_the_code(study: Callable[..., Session], description: str) -> None:
    """Whatever is said of an exception, it stays the learner's, and its place is one in the learner's file."""
    source = f"{FORGED}\ndef f(): return ['error', {description}]"
    error = error_of(study(source))
    if error.location is not None:
        assert error.location.file == "lesson.py"
        assert 1 <= error.location.line <= 1_000_000
        assert type(error.location.line) is int
        assert error.location.column is None


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("f()", True),
        ("print(f(x=1))", True),
        ("assert f() == 1", True),
        ("TABLE = f()", False),
        ("a, b[0] = f()", False),
        ("x: int = f()", False),
        ("@f", False),
        ("def g(x=f()):", False),
    ],
)
def test_a_line_that_calls_while_the_file_is_imported_is_named(line: str, remedy: bool) -> None:
    """A call of one's own can stand elsewhere; what makes a value can't."""
    submission = Submission("lesson", {"lesson": f"{line}\n    1 / 0\n".encode()})
    said = mirror.own_call({"frames": [["lesson.py", 1, "<module>"], ["lesson.py", 2, "f"]]}, submission)
    assert said.startswith("line 1 of lesson.py calls this while the file is imported")
    assert ("__main__" in said) is remedy


def test_a_class_calls_nothing() -> None:
    """Its body raised where it stands, as if the class had called it."""
    submission = Submission("lesson", {"lesson": b"class C:\n    x = 1 / 0\n"})
    assert mirror.own_call({"frames": [["lesson.py", 1, "<module>"], ["lesson.py", 2, "C"]]}, submission) == ""


@pytest.mark.parametrize(
    "frames",
    [
        5,
        [],
        [np.zeros(3), ["lesson.py", 1, np.array(["<module>"] * 2)]],
        [["lesson.py", 2, "<module>"], ["lesson.py", 10**30, "f"]],
        [["lesson.py", True, "<module>"], ["lesson.py", 1, "f"]],
        [["/etc/passwd", 2, "<module>"], ["lesson.py", 1, "f"]],
    ],
)
def test_forged_frames_blame_no_line(frames: object) -> None:
    """What is no place in the learner's file called nothing."""
    assert mirror.own_call({"frames": frames}, Submission("lesson", {"lesson": b"f()\nf()\n"})) == ""


@pytest.mark.parametrize(
    "answer", ["[]", "['value']", "['value', 1]", "['value', 1, 2]", "['error', 5]", "['unsendable', 5]", "['missing']"]
)
def test_a_forged_answer_ends_the_check_as_crashed(study: Callable[..., Session], answer: str) -> None:
    """An answer of the wrong form is a broken connection, not an error of the grader."""
    session = study(f"{FORGED}\ndef f(): return {answer}")
    with pytest.raises(LearnerGone):
        session.call("f", (), {})
    assert session.fault is not None
    assert session.fault.outcome is Outcome.CRASHED


def test_a_file_is_given_and_read(study: Callable[..., Session]) -> None:
    """A file that a check gives can be read by the learner's code, below its scratch folder."""
    session = study("def f(path): return open(path, 'rb').read()")
    path = session.give_file("digits.bin", b"\x01\x02")
    assert Path(path).name == "digits.bin"
    assert session.call("f", (path,), {}) == b"\x01\x02"


def test_output_belongs_to_its_check(study: Callable[..., Session]) -> None:
    """What was printed at import is shown with the first check, the rest where it was printed."""
    session = study("print('early')\ndef f(n): print('check', n)")
    session.call("f", (1,), {})
    assert session.end() == "early\ncheck 1\n"
    session.begin("test_second")
    session.call("f", (2,), {})
    assert session.end() == "check 2\n"
