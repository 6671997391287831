"""The command `grade suite`: what it prints, writes and exits with, and what it says to wrong usage."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from grader.pool import survey

from .command import environment, grade, on_terminal, without_signs
from .reach import make_pipe
from .suites import RIGHT, STACK, report_of, write
from .test_cli_interrupt import AT_MOST_SECONDS, written

HELD = [level.value for level, doubt in survey().items() if not doubt]
WRONG = "from stack import double\n\n\ndef test_wrong():\n    assert double(2) == 5, 'should be five'\n"
PROCESS = ("--code", "code", "--sandbox", "process")


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Two right tests of a module, in two files."""
    second = RIGHT.replace("test_double", "test_again")
    return write(tmp_path, {"code/stack.py": STACK, "tests/test_one.py": RIGHT, "tests/test_two.py": second})


# What it prints and exits with


def test_all_passed(suite: Path) -> None:
    """0, and one line."""
    done = grade(suite, "suite", "tests", *PROCESS)
    assert (done.returncode, done.stdout, done.stderr) == (0, "2 tests: 2 passed · sandbox level process\n", "")


def test_the_strongest_level_is_the_default(suite: Path) -> None:
    """Nobody has to ask for it."""
    done = grade(suite, "suite", "tests", "--code", "code")
    assert (done.returncode, done.stdout) == (0, f"2 tests: 2 passed · sandbox level {HELD[0]}\n")


def test_failures_are_shown_with_their_message(suite: Path) -> None:
    """1; each test that did not pass with what pytest says, without source and traceback."""
    write(suite, {"tests/test_wrong.py": WRONG})
    done = grade(suite, "suite", "tests", *PROCESS)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["FAILED tests/test_wrong.py::test_wrong", "    AssertionError: should be five"]
    assert lines[-1] == "3 tests: 2 passed, 1 failed · sandbox level process"
    assert "Traceback" not in done.stdout


def test_paths_and_expressions_choose_tests(suite: Path) -> None:
    """Files, one test of a file, several of them, and -k."""
    write(suite, {"tests/test_wrong.py": WRONG})
    for words, count in [
        (("tests/test_one.py", "tests/test_two.py::test_again"), 2),
        (("tests", "-k", "not wrong"), 2),
    ]:
        done = grade(suite, "suite", *words, *PROCESS)
        said = f"{count} tests: {count} passed · sandbox level process\n"
        assert (done.returncode, done.stdout, done.stderr) == (0, said, ""), words


@pytest.mark.parametrize("words", [("-k", "nothing_is_called_so"), ("--deselected",)], ids=["-k", "empty folder"])
def test_no_test_is_not_a_success(suite: Path, words: tuple[str, ...]) -> None:
    """2, and it says so: a suite that tests nothing proves nothing."""
    (suite / "empty").mkdir()
    tests = ("empty",) if words == ("--deselected",) else ("tests", *words)
    done = grade(suite, "suite", *tests, *PROCESS)
    assert done.returncode == 2
    assert "no tests were found" in done.stdout
    assert "0 tests: none" in done.stdout


def test_a_learners_pytest_settings_and_plugins_change_nothing(suite: Path) -> None:
    """A conftest.py in the folder of the code is not run here, nor are its settings taken."""
    write(
        suite,
        {
            "code/conftest.py": "raise SystemExit('the learner decides')\n",
            "code/pytest.ini": "[pytest]\naddopts = --collect-only\n",
            "code/sitecustomize.py": "raise SystemExit('the learner decides')\n",
        },
    )
    done = grade(suite, "suite", "tests", *PROCESS)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "2 tests: 2 passed · sandbox level process")


# JSON


def test_the_report_as_json(suite: Path) -> None:
    """To a file beside the screen, or to standard output alone."""
    write(suite, {"tests/test_wrong.py": WRONG})
    done = grade(suite, "suite", "tests", *PROCESS, "--json", "out/report.json")
    assert done.returncode == 1
    assert "3 tests: 2 passed, 1 failed" in done.stdout
    report = json.loads((suite / "out" / "report.json").read_text(encoding="utf-8"))
    assert report == report_of(suite)
    assert {key: report[key] for key in ("format", "sandbox", "modules", "left_out", "problem")} == {
        "format": 1,
        "sandbox": "process",
        "modules": ["stack"],
        "left_out": [],
        "problem": "",
    }
    assert report["code"] == str(suite / "code")
    assert report["tests"][0] == {
        "id": "tests/test_one.py::test_double",
        "outcome": "passed",
        "message": "",
        "note": "",
    }


def test_what_tests_print_does_not_get_into_the_report(suite: Path) -> None:
    """Neither the learner's code nor the tests write to the command's standard output."""
    write(
        suite,
        {
            "code/loud.py": "import os\nprint('imported')\n\n\ndef f():\n    print(1)\n    os.write(1, b'raw')\n",
            "tests/test_loud.py": "from loud import f\n\nprint(3)\n\n\ndef test_f():\n    f()\n    print(2)\n",
        },
    )
    assert len(report_of(suite)["tests"]) == 3


# Wrong usage


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere", "--code", "code"), "grade: nowhere: no such file or folder; name the tests to run"),
        (("nowhere.py::test", "--code", "code"), "grade: nowhere.py::test: no such file or folder"),
        (("tests", "--code", "nowhere"), "Directory 'nowhere' does not exist"),
        (("tests", "--code", "tests/test_one.py"), "is a file"),
        (("tests",), "Missing option '--code'"),
        (("--code", "code"), "Missing argument 'TESTS...'"),
        (("tests", "--code", "code", "--serve", "nothing"), "code: has no module nothing that --serve could take"),
        (("tests", "--code", "empty"), "empty: holds no module to serve; name the folder in which the modules lie"),
        (("tests", "--code", "tests"), "holds no module to serve"),
        (("tests", "--code", "code", "--sandbox", "iron"), "'iron' is not one of"),
        (("tests", "--code", "code", "--seconds", "0"), "0.0 is not in the range"),
        (("tests", "--code", "code", "--seconds", "soon"), "'soon' is not a valid float"),
        (("tests", "--code", "code", "--memory-mb", "1"), "1 is not in the range x>=16"),
        (("tests", "--code", "code", "--json", "code"), "code: is a folder; name a file in it"),
        (("tests", "--code", "code", "--seconds", "nan"), "nan"),
    ],
    ids=lambda value: " ".join(value) if type(value) is tuple else "",
)
def test_wrong_usage_is_said(suite: Path, words: tuple[str, ...], said: str) -> None:
    """2, the value and what to do on standard error, and no traceback."""
    (suite / "empty").mkdir()
    done = grade(suite, "suite", *words)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_an_expression_that_pytest_refuses(suite: Path) -> None:
    """What pytest says to a wrong -k reaches the screen, and nothing has passed."""
    done = grade(suite, "suite", "tests", *PROCESS, "-k", "((")
    assert done.returncode in (1, 2)
    assert "ERROR: Wrong expression passed to '-k'" in done.stdout + done.stderr


def test_a_module_with_the_name_of_one_of_pythons(suite: Path) -> None:
    """It is left out and that is said; a test gets Python's own."""
    write(suite, {"code/json.py": "def dumps(x):\n    return 'mine'\n", "code/numpy/__init__.py": "pi = 3\n"})
    write(suite, {"tests/test_json.py": "import json\n\n\ndef test_json():\n    assert json.dumps(1) == '1'\n"})
    done = grade(suite, "suite", "tests", *PROCESS)
    assert done.returncode == 0
    said = "has the name of a module that the grader itself uses, and is not served; rename it"
    assert done.stdout.splitlines()[:2] == [f"left out: json: {said}", f"left out: numpy: {said}"]
    assert report_of(suite)["left_out"] == [f"json: {said}", f"numpy: {said}"]
    done = grade(suite, "suite", "tests", *PROCESS, "--serve", "json")
    assert done.returncode == 2
    assert f"--serve json: {said}" in " ".join(done.stderr.split())


def test_links_and_what_is_compiled_are_not_read(suite: Path, tmp_path: Path) -> None:
    """No link is followed, so that nothing outside of the folder is sent to the learner's process."""
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (suite / "code" / "linked.py").symlink_to(tmp_path / "secret.txt")
    write(suite, {"code/__pycache__/stack.cpython-311.pyc": "", "code/.hidden/x.py": "", "code/build/lib.py": ""})
    report = report_of(suite)
    assert report["modules"] == ["stack"]
    assert [said.partition(":")[0] for said in report["left_out"]] == ["linked.py"]


# Sandbox levels


@pytest.mark.parametrize("level", HELD)
def test_every_level_runs_it(suite: Path, level: str) -> None:
    """Asked for by the environment, too."""
    done = grade(suite, "suite", "tests", "--code", "code", NEUROGRADE_SANDBOX=level)
    assert f"sandbox level {level}" in done.stdout


@pytest.mark.parametrize("option", ["--sandbox", "--require-sandbox"])
def test_a_level_that_is_not_to_be_had(suite: Path, option: str) -> None:
    """4 before anything runs."""
    write(suite, {"bin/bwrap": "#!/bin/sh\nexit 1\n", "tests/conftest.py": "open('ran', 'w').close()\n"})
    (suite / "bin" / "bwrap").chmod(0o755)
    path = os.pathsep.join((str(suite / "bin"), environment()["PATH"]))
    done = grade(suite, "suite", "tests", "--code", "code", option, "strict", PATH=path)
    assert (done.returncode, done.stdout) == (4, "")
    assert "strict" in done.stderr
    assert not (suite / "ran").exists()


# The terminal


HOSTILE = """
def f():
    print("\\x1b[2Jprinted")
    raise ValueError("\\x1b[31mred\\x1b]0;title\\x07 \\u202eback ##[error]no")


def g():
    return "\\x1b[2J"


class Evil(Exception):
    def __str__(self):
        return "\\x1b[5;5H"


Evil.__name__ = Evil.__qualname__ = "\\x1b[7mEvil"


def h():
    raise Evil
"""
TESTS_OF_HOSTILE = """
import pytest
from hostile import f, g, h


def test_f():
    f()


def test_g():
    assert g() == 1


def test_h():
    h()


@pytest.mark.parametrize("value", [g()])
def test_named(value):
    assert not value, value
"""


def test_what_the_learners_code_says_is_cleaned(suite: Path) -> None:
    """No escape code, control or direction character of the learner's reaches a terminal or a pipe."""
    write(suite, {"code/hostile.py": HOSTILE, "tests/test_hostile.py": TESTS_OF_HOSTILE})
    write(suite, {"code/bad.py": "raise ValueError('\\x1b[2J')\n", "tests/test_bad.py": "import bad\n"})
    piped = grade(suite, "suite", "tests", *PROCESS)
    code, shown = on_terminal(suite, "suite", "tests", *PROCESS)
    assert piped.returncode == code == 1
    for text in (piped.stdout, without_signs(shown).replace("\r", "")):
        assert "\\x1b[31mred\\x1b]0;title\\x07" in text
        assert not [c for c in text if not c.isprintable() and c != "\n"]
        assert "##[" not in text
    for sign in ("\x1b[2J", "\x1b[31mred", "\x1b]0;", "\x1b[7m", "\x1b[5;5H", "\u202e"):
        assert sign not in shown


def test_colour_only_on_a_terminal(suite: Path) -> None:
    """Outcomes are red on a terminal; a pipe gets plain text."""
    write(suite, {"tests/test_wrong.py": WRONG})
    assert "\x1b" not in grade(suite, "suite", "tests", *PROCESS).stdout
    _, shown = on_terminal(suite, "suite", "tests", *PROCESS)
    assert "\x1b[31mFAILED\x1b[0m tests/test_wrong.py::test_wrong" in shown


# Ctrl-C

LOOP = """
import os


def loop():
    with open({pipe!r}, "w") as pipe:
        pipe.write(f"{{os.getpid()}} {{os.getcwd()}}")
    while True:
        pass
"""


def test_an_interrupt_leaves_nothing_behind(suite: Path) -> None:
    """130 at once, one sentence; the learner's process and its folder are gone, and no cache is left."""
    pipe = make_pipe(suite)
    test = "from endless import loop\n\n\ndef test_loop():\n    loop()\n"
    write(suite, {"code/endless.py": LOOP.format(pipe=str(pipe)), "tests/test_a_loop.py": test})
    before = sorted(suite.rglob("*"))
    command = subprocess.Popen(
        ["grade", "suite", "tests", *PROCESS, "--seconds", "60"],
        cwd=suite,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        process, _, scratch = written(pipe).partition(" ")
        os.killpg(command.pid, signal.SIGINT)
        out, err = command.communicate(timeout=AT_MOST_SECONDS)
    finally:
        if command.poll() is None:
            os.killpg(command.pid, signal.SIGKILL)
            command.communicate()
    assert (command.returncode, out) == (130, "")
    assert err.strip().startswith("Interrupted")
    with pytest.raises(ProcessLookupError):
        os.kill(int(process), 0)
    assert not Path(scratch).exists()
    assert sorted(suite.rglob("*")) == before
