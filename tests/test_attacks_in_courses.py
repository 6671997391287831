"""Attacks on a course's own checks: what a submission tries, and what must hold. Each runs in the strongest sandbox.

Beside what each attack names, these hold after every one: no fault of ours, no full marks, another exercise graded in
the same run keeps its full marks, and the report can be drawn for terminal and page.
"""

import pytest

from grader.course import bundled_root, read_course
from grader.intake import Submission, take
from grader.report.html import to_html
from grader.report.terminal import to_terminal
from grader.result import ExerciseResult, Outcome
from grader.runner import Job, grade

COURSE = read_course(bundled_root())
WORKER = """
import sys
def worker():
    frame = sys._getframe()
    while type(frame.f_locals.get("self")).__name__ != "Worker":
        frame = frame.f_back
    return frame.f_locals["self"]
"""


def outcomes(result: ExerciseResult) -> dict[str, Outcome]:
    return {check.name: check.outcome for check in result.checks}


def graded(exercise: str, source: str, **helpers: str) -> ExerciseResult:
    """What becomes of a submission, graded before a right one; what holds after every attack."""
    attacked, other = COURSE.find(exercise), COURSE.find("logic-gates")
    assert attacked is not None
    assert other is not None
    files = {attacked.module: source.encode()} | {name: text.encode() for name, text in helpers.items()}
    jobs = [Job(attacked, Submission(attacked.module, files)), Job(other, take(other.reference))]
    report = grade(COURSE, jobs)
    result, honest = report.exercises
    assert honest.passed
    assert not result.passed
    assert result.outcome is not Outcome.GRADER_ERROR, result.problem
    assert [check for check in result.checks if check.outcome is Outcome.GRADER_ERROR] == []
    shown = to_terminal(report, width=80, colour=False)
    assert [sign for sign in shown if ord(sign) < 32 and sign != "\n"] == []
    assert to_html(report).lower().startswith("<!doctype html>")
    return result


RETURNED = {  # what stands in the place of a sigmoid's values
    "a signalling NaN": "__import__('decimal').Decimal('sNaN')",
    "an endless decimal": "__import__('decimal').Decimal('-Infinity')",
    "a long fraction": "__import__('fractions').Fraction(1, 10**300)",
    "the last moment": "__import__('datetime').datetime.max",
    "a range": "range(10**6)",
    "a slice": "slice(None, 10**400, -1)",
    "sixty megabytes": "bytes(60 * 2**20)",
    "a NaN with a payload": "np.array([0x7FF0DEADBEEF0001] * x.size, np.uint64).view(np.float64).reshape(x.shape)",
    "half floats": "np.full(x.shape, 6e-8, np.float16)",
    "wide floats": "np.full(x.shape, np.finfo(np.longdouble).max)",
    "wide complex numbers": "np.full(x.shape, np.nan, np.clongdouble)",
    "the other byte order": "np.full(x.shape, 0.5, '>f8')",
    "the least int8": "np.full(x.shape, -128, np.int8)",
    "the largest uint64": "np.full(x.shape, 2**64 - 1, np.uint64)",
    "32 dimensions": "np.full((1,) * 32, 0.5)",
    "no elements": "np.empty((0, 2**40), np.float64)",
    "one number for all": "np.broadcast_to(np.float64(0.5), (8_000_000,))",
    "a number of 4,000 digits": "-10**4000",
    "minus nothing": "-0.0",
    "the least number": "np.full(x.shape, 5e-324)",
    "half a character": "'\\ud800' * 100",
    "signs of a terminal": "'\\x1b]0;title\\x07\\x00\\u202e\\u2066' * 1000",
    "lists thirty deep": "__import__('functools').reduce(lambda inner, _: [inner] * 2, range(14), x.tolist())",
    "NaN as a key": "{float('nan'): {float('nan'): x}}",
    "keys of one hash": "{(i * (2**61 - 1),): i for i in range(5000)}",
    "a path": "__import__('pathlib').Path('/../' * 2000)",
    "a namespace": "__import__('types').SimpleNamespace(__class__=1, shape=(1,), dtype='f8')",
    "itself": "sigmoid",
    "everything": "NotImplemented",
}


@pytest.mark.parametrize("value", RETURNED.values(), ids=RETURNED)
def test_whatever_is_returned_is_a_wrong_answer(value: str) -> None:
    """Every kind of value that travels, and some that don't: told in words, and no right answer."""
    source = f"import numpy as np\n\ndef sigmoid(x):\n    x = np.asarray(x, float)\n    return {value}\n"
    assert graded("sigmoid", source).passed_count == 0


FORGED = {  # answers of the worker, in the place of the real ones
    "an error without types": "['error', number, {'types': [1, None], 'message': 3}]",
    "an error from nowhere": "['error', number, said | {'frames': [['x', -1], 5, ['sigmoid.py', 10**30, 1]]}]",
    "an error of ours": "['error', number, said | {'types': ['LearnerGone', 'Skipped', 'Failed', 'BaseException']}]",
    "a syntax error of no kind": "['error', number, said | {'types': ['SyntaxError'], 'syntax': ['f.py', 'x', []]}]",
    "a long error": "['error', number, said | {'types': ['E'] * 10**4, 'message': 'x' * 10**6}]",
    "frames without end": "['error', number, said | {'frames': [['sigmoid.py', 1, 'f']] * 10**5}]",
    "a missing number": "['missing', number, {'sigmoid': 1}]",
    "what cannot be sent": "['unsendable', number, '\\x1b[2J' * 10**5]",
    "what cannot be sent and is no text": "['unsendable', number, [1]]",
    "changes that nobody asked for": "['value', number, 0.5, [(1,), {}]]",
    "a second answer": "self._send(self._encode(['value', number, 0.5, None])) or ['value', number, 0.5, None]",
    "another number": "['value', True, 0.5, None]",
    "an answer of nothing": "[]",
}


@pytest.mark.parametrize("answer", FORGED.values(), ids=FORGED)
def test_a_forged_answer_is_the_submissions_fault(answer: str) -> None:
    """The worker is the learner's by then: what it says is data, and a bad one ends it."""
    source = f"""
import types
said = {{'types': ['E'], 'message': '', 'args': [], 'frames': []}}
def sigmoid(x):
    self = worker()
    def forged(self, kind, number, rest):
        return {answer}
    self._do = types.MethodType(forged, self)
    return 0.5
"""
    assert graded("sigmoid", WORKER + source).passed_count == 0


LOOP = """
def softmax(x, axis=-1):
    given = np.asarray(x)
    scores = given.astype(np.float32 if given.dtype == np.float32 else np.float64)
    rows = np.moveaxis(scores, axis, -1)
    result = np.empty_like(rows)
    for index in np.ndindex(rows.shape[:-1]):
        e = np.exp(rows[index] - rows[index].max())
        result[index] = e / e.sum()
    return np.moveaxis(result, -1, axis)
"""


def test_a_slow_road_makes_no_function_fast() -> None:
    """What the way alone costs is measured by sending the arguments back, which the worker can do slowly."""
    source = f"""
import time
import numpy as np
real = worker()._do
def slow(kind, number, rest):
    if kind == "echo":
        time.sleep(0.3)
    return real(kind, number, rest)
worker()._do = slow
{LOOP}
"""
    assert outcomes(graded("softmax", WORKER + source))["test_vectorised"] is Outcome.FAILED


def test_a_scratch_folder_that_is_gone_is_the_submissions_fault() -> None:
    """Checks that give files find no place for them."""
    source = """
import os
try:
    os.rmdir(os.getcwd())
except OSError:
    os.chdir("/")
def load_idx(path): return None
def load_mnist(folder): return None
"""
    result = graded("idx-files", source)
    assert result.passed_count == 0


@pytest.mark.parametrize(
    "call", ["f(1)", "f('a', b'b', None)", "f(params, x, t, x=1)", "f({}, [], {})", "f(params, x[:0], t)", "f(f, f, f)"]
)
def test_a_function_that_was_given_takes_anything(call: str) -> None:
    """What it raises is an error in the learner's code, and the check goes on."""
    source = f"""
def sgd_step(params, grads, lr): return dict(params)
def minibatch_sgd_step(params, x, t, f, lr):
    try:
        {call}
    except RuntimeError:
        pass
    return params, 0.0
"""
    assert graded("sgd-step", source).outcome is Outcome.FAILED


@pytest.mark.parametrize("kind", ["KeyboardInterrupt", "SystemExit", "GeneratorExit", "Skipped", "StopIteration"])
def test_an_exception_by_another_name_is_an_exception(kind: str) -> None:
    """Nothing that is raised skips a check, ends the run or passes for ours."""
    source = f"class {kind}(BaseException): pass\ndef sigmoid(x): raise {kind}('checks passed')\n"
    assert set(outcomes(graded("sigmoid", source)).values()) == {Outcome.RAISED}


def test_a_thousand_helpers_are_taken_up_to_a_limit() -> None:
    """Files beside the stub travel with it, as many as fit."""
    helpers = {f"helper_{number}": f"x = {number}" for number in range(900)}
    source = "import helper_7\ndef sigmoid(x): return float(helper_7.x)\n"
    assert graded("sigmoid", source, **helpers).outcome is Outcome.FAILED


def test_a_helper_named_as_a_library_is_not_the_library() -> None:
    """What lies beside the stub shadows nothing."""
    source = "import numpy, json, helpers\ndef sigmoid(x): return json.loads('1.0') if numpy.exp(0) == 1 else x\n"
    result = graded("sigmoid", source, numpy="exp = 1", json="raise SystemExit", helpers="import numpy; numpy.pi")
    assert result.outcome is Outcome.FAILED
