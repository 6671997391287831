"""`grade suite` on whole suites: unmodified tests in usual layouts, faults of the code under test, and what is said."""

import json
from pathlib import Path
from typing import Any

import pytest

from grader.pool import survey

from .command import grade
from .suites import RIGHT, STACK, outcomes, report_of, result_of, write

STRONGEST = next(level.value for level, doubt in survey().items() if not doubt)

# Unmodified tests, usual layouts


PYTEST = """
import json
import json
from pathlib import Path

import pytest
from helper import triple
from stack import Empty, Stack, double

import stack


@pytest.mark.parametrize(("number", "expected"), [(1, 2), (10**30, 2 * 10**30)])
def test_double(number, expected):
    assert double(number) == expected


def test_helper():
    assert triple(2) == 6


def test_fixture(full):
    assert full.pop() == 2
    assert len(full) == 1


def test_empty():
    with pytest.raises(Empty, match="nothing"):
        Stack().pop()


def test_data():
    assert [double(n) for n in json.loads(Path(__file__).with_name("data.json").read_text())] == [2, 4]


def test_module(monkeypatch, tmp_path):
    monkeypatch.setattr(stack, "double", lambda n: n)
    (tmp_path / "file").write_text("x")
    assert stack.double(3) == 3


class TestGroup:
    def setup_method(self):
        self.stack = Stack([1])

    def test_group(self):
        self.stack.push(2)
        assert self.stack.items == [1, 2]


def test_wrong():
    assert double(2) == 5
"""
UNITTEST = """
import unittest
from unittest import mock

from stack import Empty, Stack


class StackTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = Stack()

    def setUp(self):
        self.stack = Stack([1, 2])

    def test_pop(self):
        self.assertEqual(self.stack.pop(), 2)
        self.assertIsInstance(self.stack, Stack)

    def test_raises(self):
        with self.assertRaisesRegex(Empty, "nothing"):
            self.shared.pop()

    def test_subtests(self):
        for number in (1, 2):
            with self.subTest(number=number):
                self.assertIn(number, self.stack.items)

    def test_patched(self):
        with mock.patch("stack.double", return_value="mocked"):
            import stack

            self.assertEqual(stack.double(1), "mocked")

    @unittest.skip("not today")
    def test_skipped(self):
        self.fail()

    @unittest.expectedFailure
    def test_expected(self):
        self.assertEqual(self.stack.pop(), 1)

    def test_mistaken(self):
        self.assertEqual(len(self.stack), 3)


if __name__ == "__main__":
    unittest.main()
"""


@pytest.mark.parametrize("level", sorted({"process", STRONGEST}))
def test_suites_run_as_they_are(tmp_path: Path, level: str) -> None:
    """pytest's and unittest's files with helpers, conftest.py and data beside them."""
    write(
        tmp_path,
        {
            "code/stack.py": STACK,
            "tests/test_stack.py": PYTEST,
            "tests/test_unit.py": UNITTEST,
            "tests/helper.py": "from stack import double\n\n\ndef triple(n):\n    return double(n) + n\n",
            "tests/conftest.py": """
                import pytest
                from stack import Stack


                @pytest.fixture
                def full():
                    return Stack([1, 2])
                """,
            "tests/data.json": "[1, 2]",
        },
    )
    report = report_of(tmp_path, sandbox=level)
    assert (report["format"], report["sandbox"], report["modules"], report["problem"]) == (1, level, ["stack"], "")
    found = outcomes(report)
    assert {name: outcome for name, outcome in found.items() if outcome != "passed"} == {
        "test_wrong": "failed",
        "test_skipped": "skipped",
        "test_expected": "xfailed",
        "test_mistaken": "failed",
    }
    assert len(found) == 16
    assert result_of(report, "test_wrong")["message"].startswith("assert 4 == 5\n")
    assert "2 != 3" in result_of(report, "test_mistaken")["message"]


INSIDE = {
    "shapes/__init__.py": "from shapes.area import square\n",
    "shapes/area.py": "def square(a):\n    return a * a\n",
    "shapes/deep/__init__.py": "",
    "shapes/deep/names.py": "from ..area import square\n\nNAMES = {'square': square}\n",
    "shapes/words.txt": "one two\n",
    "shapes/read.py": """
        from pathlib import Path


        def words():
            return Path(__file__).with_name("words.txt").read_text().split()
        """,
}
TESTS_INSIDE = """
import shapes
from shapes import area
from shapes.area import square
from shapes.deep.names import NAMES
from shapes.read import words


def test_square():
    assert shapes.square(3) == area.square(3) == square(3) == 9


def test_names():
    assert NAMES["square"](2) == 4
    assert NAMES["square"] is square


def test_files_of_the_package():
    assert words() == ["one", "two"]
"""


FOUR = "\n\ndef test_tools():\n    assert FOUR == 4\n"


@pytest.mark.parametrize("is_package", [True, False], ids=["package", "folder"])
def test_packages_with_tests_inside(tmp_path: Path, is_package: bool) -> None:
    """`pkg/tests` stays here, with its helpers; the package around it is served."""
    write(tmp_path, INSIDE)
    where = "shapes.tests.tools" if is_package else "tools"
    files = {
        "shapes/tests/tools.py": "from shapes import square\n\nFOUR = square(2)\n",
        "shapes/tests/test_shapes.py": f"from {where} import FOUR\n{TESTS_INSIDE}{FOUR}",
    }
    write(tmp_path, files | ({"shapes/tests/__init__.py": ""} if is_package else {}))
    report = report_of(tmp_path, "shapes/tests", code=".")
    assert set(outcomes(report).values()) == {"passed"}, report
    assert len(report["tests"]) == 4
    assert not [name for name in report["modules"] if "tests" in name]


def test_src_layout(tmp_path: Path) -> None:
    """`src` beside `tests`: the folder of the code is `src`."""
    write(tmp_path / "src", INSIDE)
    write(
        tmp_path,
        {"tests/test_shapes.py": TESTS_INSIDE, "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-ra"\n'},
    )
    report = report_of(tmp_path, code="src")
    assert outcomes(report) == dict.fromkeys(("test_square", "test_names", "test_files_of_the_package"), "passed")


def test_tests_beside_the_code(tmp_path: Path) -> None:
    """Code and test file in one folder: the code is served, the test isn't."""
    write(tmp_path, {"stack.py": STACK, "test_stack.py": RIGHT})
    report = report_of(tmp_path, "test_stack.py", code=".")
    assert (outcomes(report), report["modules"]) == ({"test_double": "passed"}, ["stack"])


# Faults of the code under test


FAULTY = """
import os
import signal


class Box:
    def __init__(self):
        self.value = 5


def leave():
    os._exit(3)


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def loop():
    while True:
        pass


def hang():
    while True:
        pass


def flood():
    while True:
        print("x" * 1000)


def eat():
    return len(bytearray(2**32))


def fine():
    return Box().value
"""
FAULTS = """
import pytest
from faulty import Box, eat, fine, flood, hang, kill, leave, loop

kept = Box()


def test_before():
    assert fine() == kept.value == 5


def test_first_hang():
    hang()


def test_leave():
    leave()


def test_after_leave():
    assert fine() == 5
    assert type(Box()) is Box


def test_kill():
    kill()


def test_swallowed():
    with pytest.raises(Exception):
        leave()


def test_swallowed_by_hand():
    try:
        leave()
    except BaseException:
        pass


def test_loop():
    loop()


def test_not_called_again():
    with pytest.raises(Exception):
        loop()


def test_flood():
    flood()


def test_memory():
    with pytest.raises(MemoryError):
        eat()


@pytest.fixture
def broken():
    leave()


def test_fixture(broken):
    assert False, "not reached"


def test_last():
    assert isinstance(Box(), Box)
    assert fine() == 5


def test_kept():
    assert kept.value == 5
"""


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One run of a suite whose code ends and hangs in every way."""
    folder = write(tmp_path_factory.mktemp("faults"), {"code/faulty.py": FAULTY, "tests/test_faulty.py": FAULTS})
    return report_of(folder, "--seconds", "1", "--memory-mb", "512")


def test_a_fault_is_its_tests_alone(faults: dict[str, Any]) -> None:
    """Crashes and time limits end one test each, also a swallowed one; the others go on by the names they imported."""
    assert outcomes(faults) == {
        "test_before": "passed",
        "test_first_hang": "timed_out",
        "test_leave": "crashed",
        "test_after_leave": "passed",
        "test_kill": "crashed",
        "test_swallowed": "crashed",
        "test_swallowed_by_hand": "crashed",
        "test_loop": "timed_out",
        "test_not_called_again": "timed_out",
        "test_flood": "timed_out",
        "test_memory": "passed",
        "test_fixture": "crashed",
        "test_last": "passed",
        "test_kept": "crashed",
    }


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("test_leave", "the code ended Python itself, with exit status 3; leave out os._exit"),
        ("test_kill", "the Python process was ended by SIGKILL"),
        ("test_swallowed", "exit status 3"),
        ("test_first_hang", "hang had not come back after 1 s; is there an endless loop?"),
        ("test_loop", "loop had not come back after 1 s; is there an endless loop?"),
        ("test_not_called_again", "not called again: loop had not come back after 1 s in "),
        ("test_kept", "lived in a process that an earlier check has ended"),
    ],
)
def test_a_fault_is_said(faults: dict[str, Any], test: str, said: str) -> None:
    """Each message tells what happened to the process."""
    assert said in result_of(faults, test)["message"]


# What pytest finds before and around


def test_outcomes_are_those_of_pytest(tmp_path: Path) -> None:
    """Skipped, expected to fail, passed against expectation, errors of fixtures and in files that can't be loaded."""
    write(
        tmp_path,
        {
            "code/stack.py": STACK,
            "tests/test_marks.py": """
                import pytest
                from stack import double


                @pytest.mark.skip(reason="no need")
                def test_skip():
                    assert False


                def test_skip_inside():
                    pytest.skip("not here")


                @pytest.mark.xfail(reason="known")
                def test_xfail():
                    assert double(1) == 3


                @pytest.mark.xfail
                def test_xpass():
                    assert double(1) == 2


                @pytest.mark.xfail(strict=True)
                def test_strict():
                    assert double(1) == 2


                @pytest.fixture
                def broken():
                    raise ValueError("fixture")


                def test_setup(broken):
                    pass


                @pytest.fixture
                def messy():
                    yield
                    raise ValueError("afterwards")


                def test_teardown(messy):
                    pass
                """,
            "tests/test_missing.py": "from stack import triple\n\n\ndef test_never():\n    assert triple\n",
            "tests/test_unknown.py": "import not_there_at_all\n",
            "tests/test_syntax.py": "def test_(:\n",
        },
    )
    report = report_of(tmp_path)
    found = {test["id"].rpartition("/")[2].rpartition("::")[2]: test["outcome"] for test in report["tests"]}
    assert found == {
        "test_missing.py": "error",
        "test_unknown.py": "error",
        "test_syntax.py": "error",
        "test_skip": "skipped",
        "test_skip_inside": "skipped",
        "test_xfail": "xfailed",
        "test_xpass": "xpassed",
        "test_strict": "failed",
        "test_setup": "error",
        "test_teardown": "error",
    }
    said = {test["id"].rpartition("/")[2].rpartition("::")[2]: test["message"] for test in report["tests"]}
    assert "cannot import name 'triple'" in said["test_missing.py"]
    assert "No module named 'not_there_at_all'" in said["test_unknown.py"]
    assert "fixture" in said["test_setup"]
    assert "afterwards" in said["test_teardown"]


@pytest.mark.parametrize(
    ("source", "said"),
    [("def double(:\n", "invalid syntax"), ("raise ValueError('at import')\n", "at import")],
    ids=["syntax", "raises"],
)
def test_code_that_cannot_be_imported(tmp_path: Path, source: str, said: str) -> None:
    """The file that imports it is an error that says why; a file of tests that does not need it runs."""
    report = report_of(with_code(tmp_path, source))
    assert (outcomes(report)["test_one"], len(report["tests"])) == ("passed", 2)
    assert said in result_of(report, "tests/test_a_stack.py")["message"]


@pytest.mark.parametrize(
    ("source", "outcome", "said"),
    [
        ("import os\nos._exit(4)\n", "crashed", "exit status 4"),
        ("while True:\n    pass\n", "timed_out", "in time"),
    ],
    ids=["dies", "hangs"],
)
def test_code_that_ends_while_it_is_imported(tmp_path: Path, source: str, outcome: str, said: str) -> None:
    """The file that imports it has crashed or timed out, with the reason; the others run all the same."""
    report = report_of(with_code(tmp_path, source), "--seconds", "1")
    assert outcomes(report)["test_one"] == "passed"
    found = result_of(report, "tests/test_a_stack.py")
    assert found["outcome"] == outcome
    assert said in found["message"]


def with_code(folder: Path, source: str) -> Path:
    """Two modules, one of this source, and tests of each."""
    files = {
        "code/stack.py": source,
        "code/other.py": "ONE = 1\n",
        "tests/test_a_stack.py": RIGHT,
        "tests/test_other.py": "from other import ONE\n\n\ndef test_one():\n    assert ONE == 1\n",
    }
    return write(folder, files)


# Notes


NOTED = """
import builtins
import inspect
import io
import time

import pytest
from noted import Base, now, read


def test_inherits():
    class Own(Base):
        pass

    assert Own().hook() == 1


def test_source():
    assert "def read" in inspect.getsource(read)


def test_file(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("one")
    assert read(str(path)) == "one"


def test_open(monkeypatch):
    monkeypatch.setattr(builtins, "open", lambda *_: io.StringIO("patched"))
    assert read("words.txt") == "patched"


def test_time(monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 5.0)
    assert now() == 5.0


def test_plainly_wrong():
    assert now() < 0


def test_right():
    assert now() > 0
"""


def test_what_cannot_work_is_noted(tmp_path: Path) -> None:
    """A test that fails by design says so; one that is plainly wrong has no note, nor one that passes."""
    if STRONGEST == "process":
        pytest.skip("at level process the code under test sees the files of this machine")
    code = """
    import time


    class Base:
        def hook(self):
            return 1


    def read(path):
        with open(path) as file:
            return file.read()


    def now():
        return time.time()
    """
    write(tmp_path, {"code/noted.py": code, "tests/test_noted.py": NOTED})
    report = report_of(tmp_path, sandbox=STRONGEST)
    said = {test["id"].rpartition("::")[2]: f"{test['message']} / {test['note']}" for test in report["tests"]}
    notes = {test["id"].rpartition("::")[2]: test["note"] for test in report["tests"]}
    assert {name for name, outcome in outcomes(report).items() if outcome == "passed"} == {"test_right"}
    assert "'Own' inherits from 'Base', a class on the other side of the sandbox" in said["test_inherits"]
    assert "reads source by inspect" in notes["test_source"]
    assert "words.txt is on the side of the tests" in notes["test_file"]
    assert "replaces builtins.open on its own side" in notes["test_open"]
    assert "replaces time.time on its own side" in notes["test_time"]
    assert (notes["test_plainly_wrong"], notes["test_right"]) == ("", "")


EACH = """
def each(items, function):
    return [function(item) for item in items]
"""
LEAVES = """
import os
import sys

import pytest
from stack import double, each


def test_elsewhere(tmp_path):
    os.chdir(tmp_path)
    os.environ["LEFT"] = "changed"
    assert double(1) == 2


def test_no_output():
    sys.stdout = sys.__stdout__ = None
    assert double(1) == 3


def test_another_system():
    os.name, sys.platform = "nt", "win32"
    assert each([3, 1], lambda n: double(n)) == [6, 2]
"""


def test_what_tests_leave_changed_is_put_back(tmp_path: Path) -> None:
    """Another folder, another system, no standard output: the report is written all the same, where it should be."""
    write(tmp_path, {"code/stack.py": STACK + EACH, "tests/test_leaves.py": LEAVES})
    done = grade(tmp_path, "suite", "tests", "--code", "code", "--sandbox", "process", "--json", "report.json")
    assert (done.returncode, done.stderr) == (1, "")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    expected = ["passed", "failed", "passed"]
    assert [test["outcome"] for test in report["tests"]] == expected, report
    assert "3 tests: 2 passed, 1 failed" in done.stdout
