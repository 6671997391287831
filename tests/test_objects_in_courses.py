"""Exercises that hand out objects, graded by the real `grade run`; and what the others say to an object."""

import json
from pathlib import Path
from typing import Any

import pytest

from .command import grade
from .small_course import change, folders, write_course

SETTINGS = """\
title = "A stack"
module = "stack"
functions = ["Stack", "turned"]
points = 10
prerequisites = []
core = "test_last_in_first_out"
hints = ["What does a list offer?", "Look at append.", "And at pop."]
why = "Programs run on stacks."
objects = true

[limits]
seconds = 2
"""
CHECKS = '''\
"""Hidden checks of `stack`."""

import pytest
from stack import Stack, turned


def test_last_in_first_out() -> None:
    """What was pushed last is popped first."""
    stack = Stack()
    stack.push("a")
    stack.push("b")
    assert stack.pop() == "b"


def test_length() -> None:
    """`len` tells how many items there are."""
    stack = Stack()
    stack.push(1)
    assert len(stack) == 1


def test_empty() -> None:
    """Popping from an empty stack is an IndexError."""
    with pytest.raises(IndexError):
        Stack().pop()


def test_turned() -> None:
    """`turned` gives another stack, the other way round."""
    stack = Stack()
    for item in (1, 2):
        stack.push(item)
    other = turned(stack)
    assert type(other) is Stack
    assert other is not stack
    assert [other.pop(), other.pop()] == [1, 2]
'''
REFERENCE = '''\
"""A stack."""


class Stack:
    """Last in, first out."""

    def __init__(self):
        self.items = []

    def push(self, item):
        """Put an item on top."""
        self.items.append(item)

    def pop(self):
        """Take the top item. Raises IndexError where there is none."""
        return self.items.pop()

    def __len__(self):
        return len(self.items)


def turned(stack):
    """Return a stack with the same items the other way round."""
    other = Stack()
    for item in reversed(stack.items):
        other.push(item)
    return other
'''
STUB = '''\
class Stack:
    """Last in, first out."""

    def __init__(self):
        raise NotImplementedError


def turned(stack):
    raise NotImplementedError
'''
WRONG = """\
[[wrong]]
name = "queue"
title = "A queue"
check = "{check}"
feedback = "Which end is the top?"
edits = [{{ old = "self.items.pop()", new = "self.items.pop(0)" }}]
"""
NAMES = ("test_last_in_first_out", "test_length", "test_empty", "test_turned")


def write_stack(root: Path) -> Path:
    """Write a course of one exercise, a stack, with `objects = true`."""
    write_course(root, "stack")
    folder, solution = folders(root, "stack")
    for path, text in [
        (folder / "exercise.toml", SETTINGS),
        (folder / "test_stack.py", CHECKS),
        (folder / "stack.py", STUB),
        (solution / "stack.py", REFERENCE),
        (solution / "wrong.toml", WRONG.format(check=NAMES[0])),
    ]:
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_stack(tmp_path)


def graded(course: Path, source: str) -> dict[str, Any]:
    """The report of the one exercise with this source in the learner's place."""
    (learners,) = (path for path in folders(course, "stack")[0].glob("*.py") if not path.name.startswith("test_"))
    learners.write_text(source, encoding="utf-8")
    done = grade(course, "run", "--json", "-", NEUROGRADE_SANDBOX="process")
    assert done.stderr == ""
    (report,) = json.loads(done.stdout)["exercises"]
    return dict(report)


def outcomes(report: dict[str, Any]) -> tuple[str, ...]:
    """Of the checks, in order."""
    assert tuple(check["name"] for check in report["checks"]) == NAMES
    return tuple(check["outcome"] for check in report["checks"])


def test_a_right_stack_passes(course: Path) -> None:
    """Objects, their identity and their class reach the checks."""
    assert outcomes(graded(course, REFERENCE)) == ("passed",) * 4


def test_a_wrong_stack_fails_where_it_is_wrong(course: Path) -> None:
    """The other checks pass; the message has the values."""
    report = graded(course, REFERENCE.replace("self.items.pop()", "self.items.pop(0)"))
    assert outcomes(report) == ("failed", "passed", "passed", "failed")
    assert "'a' == 'b'" in report["checks"][0]["message"]


def test_a_stub_is_not_started(course: Path) -> None:
    """A class that raises NotImplementedError has nothing wrong yet."""
    assert outcomes(graded(course, STUB)) == ("not_started",) * 4


def test_a_missing_class_is_named(course: Path) -> None:
    """Each check that needs it says so; a file without any of the names is a problem of its own."""
    report = graded(course, "def turned(stack):\n    return stack\n")
    assert set(outcomes(report)) == {"import_error"}
    assert report["checks"][0]["message"] == "stack.py defines no `Stack`; keep the names of the stub"
    problem = graded(course, "x = 1\n")["problem"]
    assert problem["message"] == "stack.py defines none of the functions `Stack`, `turned`; keep the names of the stub"


def test_a_syntax_error_has_its_place(course: Path) -> None:
    """As in every exercise: the line, and no check is run."""
    problem = graded(course, "class Stack:\n    def __init__(self:\n        pass\n")["problem"]
    assert problem["outcome"] == "import_error"
    assert (problem["location"]["file"], problem["location"]["line"]) == ("stack.py", 2)


def test_a_process_that_dies_costs_one_check(course: Path) -> None:
    """The next check has a fresh process, by the class that the file of checks had imported before."""
    report = graded(course, f"import os\n\n{REFERENCE.replace('return len(self.items)', 'os._exit(3)')}")
    assert outcomes(report) == ("passed", "crashed", "passed", "passed")
    assert report["checks"][1]["message"] == "the code ended Python itself, with exit status 3; leave out os._exit"


def test_a_method_that_hangs_costs_its_checks_alone(course: Path) -> None:
    """The time limit holds for methods as for functions."""
    report = graded(course, REFERENCE.replace("return len(self.items)", "while True: pass"))
    assert outcomes(report) == ("passed", "timed_out", "passed", "passed")


def test_floating_point_faults_raise_in_methods(course: Path) -> None:
    """NumPy's warnings are errors in the learner's methods, too."""
    source = REFERENCE.replace("return len(self.items)", "return int(np.exp(np.array([1e4]))[0])")
    report = graded(course, f"import numpy as np\n{source}")
    assert outcomes(report) == ("passed", "failed", "passed", "passed")
    assert "NumPy warns: overflow" in report["checks"][1]["message"]


# Without `objects = true`

PLAIN = """
class Box:
    def __eq__(self, other):
        return True


def Stack():
    return Box()


def turned(stack):
    return Box
"""


@pytest.mark.parametrize("said", ["", "objects = false\n"], ids=["default", "false"])
def test_objects_are_refused_by_default(course: Path, said: str) -> None:
    """What is no plain data fails the check by name; an `__eq__` of the learner's has no say."""
    folder = folders(course, "stack")[0]
    change(folder / "exercise.toml", "objects = true\n", said)
    checks = "from stack import Stack, turned\n\n\n"
    for name, made in zip(NAMES, ("Stack()", "turned(1)", "[Stack()]", "Stack"), strict=True):
        checks += f"def {name}():\n    assert {made} == {5 if made != 'Stack' else 'Stack'}\n\n\n"
    (folder / "test_stack.py").write_text(checks, encoding="utf-8")
    report = graded(course, PLAIN)
    assert outcomes(report) == ("failed", "failed", "failed", "passed")
    assert "returned a Box" in report["checks"][0]["message"]
    assert "returned a" in report["checks"][1]["message"]
