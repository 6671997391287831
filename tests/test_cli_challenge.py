"""`grade challenge`: the file that it makes, what it says and records, and its exit codes."""

import json
from pathlib import Path

import pytest

from .command import grade, on_terminal, without_signs
from .small_course import write_course

SUMS = """
import numpy as np
from softmax import softmax

def check_sums():
    s = softmax(np.array([[1.0, 2.0, 4.0], [0.0, 0.0, 5.0]]))
    assert np.allclose(s.sum(axis=1), 1)

def check_large():
    assert np.allclose(softmax([1000, 1000]), 0.5)

def check_again():
    assert np.allclose(softmax([1000, 1000]), 0.5)

def check_order():
    print("got", softmax([1.0, 2.0]))
    assert softmax([1.0, 2.0])[0] > 0.5, "the first is larger"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of the bundled course."""
    folder = tmp_path_factory.mktemp("made") / "course"
    assert grade(folder.parent, "init", "course").returncode == 0
    return folder


@pytest.fixture
def checks(made: Path) -> Path:
    """Where the checks of softmax stand; there are none, and nothing is recorded."""
    path = made / "03_forward" / "softmax" / "my_checks.py"
    path.unlink(missing_ok=True)
    for kept in (made / ".grade").glob("*"):
        kept.unlink()
    return path


def test_first_use_makes_a_file_that_runs(made: Path, checks: Path) -> None:
    """Its one check passes the right solution and catches nothing; a second run leaves the file alone."""
    first = grade(made, "challenge", "softmax")
    text = checks.read_text(encoding="utf-8")
    second = grade(made, "challenge", "softmax")
    assert (first.returncode, first.stderr, second.returncode) == (1, "", 1)
    assert "Made 03_forward/softmax/my_checks.py" in first.stdout
    assert "check_example  catches 0\n" in first.stdout
    assert "caught 0 of 13\n13 are still out there." in first.stdout
    assert "Made" not in second.stdout
    assert checks.read_text(encoding="utf-8") == text
    assert "from softmax import softmax" in text


@pytest.mark.parametrize("level", ["process", None])
def test_what_was_caught_is_shown_and_kept(made: Path, checks: Path, level: str | None) -> None:
    """A table of the checks, the score, the titles of what was caught, and no more of the others than their number."""
    checks.write_text(SUMS)
    done = grade(made, "challenge", "softmax", *(["--sandbox", level] if level else []))
    assert done.returncode == 1
    shown = done.stdout.partition("\nsandbox: ")
    assert shown[0].splitlines() == [
        "Challenge: Stable softmax (softmax)",
        "",
        "  check_sums   catches 4, the most",
        "  check_large  catches 3",
        "  check_again  catches 3, none that the checks above it miss",
        "  check_order  not counted",
        "    fails on the right solution: the first is larger",
        "    my_checks.py:17",
        '        assert softmax([1.0, 2.0])[0] > 0.5, "the first is larger"',
        "    › got [0.26894142 0.73105858]",
        "",
        "caught 6 of 13",
        "  ✓ overflow happens only in theory",
        "  ✓ one sum for the whole batch",
        "  ✓ classes taken along the wrong axis",
        "  ✓ row sums without keepdims",
        "  ✓ the powers without the division",
        "  ✓ the result array takes the integer type of the scores",
        "7 are still out there.",
        "",
        "→ Write checks in 03_forward/softmax/my_checks.py, then run",
        "  `grade challenge softmax` again.",
    ]
    assert level is None or shown[2].strip() == level
    checks.write_text("def check_nothing():\n    pass\n")
    assert grade(made, "challenge", "softmax").returncode == 1
    assert "challenge 6 of 13\n" in grade(made, "list").stdout


def test_all_caught_is_a_joy_and_exit_code_0(made: Path) -> None:
    """The course's own hidden checks, written as a learner would, catch all that there are."""
    checks = made / "02_gates" / "xor-gate" / "my_checks.py"
    hidden = Path(__file__).parent.parent / "exercises" / "02_gates" / "xor-gate" / "test_xor_gate.py"
    text = hidden.read_text(encoding="utf-8").replace("def test_", "def check_")
    text = text.replace("from grader.checks import", "from demands import").replace(
        "import pytest", "import demands as pytest"
    )
    checks.write_text(text, encoding="utf-8")
    checks.with_name("demands.py").write_text(
        "from contextlib import contextmanager\n"
        "import numpy as np\n"
        "def assert_close(actual, expected, law='', **tolerances):\n"
        "    assert np.shape(actual) == np.shape(expected) and np.allclose(actual, expected, **tolerances), law\n"
        "def assert_array(actual, shape=None, dtype=None):\n"
        "    assert isinstance(actual, np.ndarray) and shape in (None, actual.shape)\n"
        "    assert dtype is None or actual.dtype == dtype\n"
        "    return actual\n"
        "@contextmanager\n"
        "def raises(kind, match=None):\n"
        "    try:\n"
        "        yield\n"
        "    except kind:\n"
        "        return\n"
        "    assert False, 'nothing raised'\n"
    )
    done = grade(made, "challenge", "xor-gate")
    assert done.returncode == 0, done.stdout
    assert "caught 9 of 9\n" in done.stdout
    assert "Not one is left out there." in done.stdout
    assert "still out there." not in done.stdout
    assert "challenge 9 of 9\n" in grade(made, "list").stdout


def test_the_result_as_json(made: Path, checks: Path, tmp_path: Path) -> None:
    """In a file beside what is shown, or on standard output with nothing else there; first use, too."""
    first = grade(made, "challenge", "softmax", "--json", "-")
    assert json.loads(first.stdout)["total"] == 13
    checks.write_text(SUMS)
    done = grade(made, "challenge", "softmax", "--json", str(tmp_path / "result.json"))
    assert "caught 6 of 13" in done.stdout
    found = json.loads((tmp_path / "result.json").read_bytes())
    assert (found["format"], found["exercise"], found["complete"], found["problem"]) == (1, "softmax", False, None)
    assert [wrong["name"] for wrong in found["caught"]][:2] == ["naive", "global-sum"]
    assert [len(check["caught"]) for check in found["checks"]] == [4, 3, 3, 0]
    assert found["checks"][3]["problem"]["location"]["line"] == 17


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def check_x(:\n", "my_checks.py could not be imported: SyntaxError"),
        ("import os; os._exit(0)\n", "exit status 0"),
        ("x = 1\n", "my_checks.py has no check"),
    ],
)
def test_a_broken_file_gets_a_clear_answer_and_breaks_nothing_else(
    made: Path, checks: Path, text: str, said: str
) -> None:
    """Exit code 1 and no record; the exercise itself is graded as before."""
    solution = Path(__file__).parent.parent / "solutions" / "03_forward" / "softmax" / "softmax.py"
    (checks.parent / "softmax.py").write_bytes(solution.read_bytes())
    checks.write_text(text)
    done = grade(made, "challenge", "softmax")
    assert (done.returncode, done.stderr) == (1, "")
    assert said in " ".join(done.stdout.split())
    assert "→ Mend 03_forward/softmax/my_checks.py" in done.stdout
    assert "challenge" not in grade(made, "list").stdout.partition("03_forward")[2]
    assert grade(made, "run", "softmax").returncode == 0


def test_a_link_is_not_followed(made: Path, checks: Path, tmp_path: Path) -> None:
    """As with any file of a learner's."""
    checks.symlink_to(tmp_path / "nowhere.py")
    done = grade(made, "challenge", "softmax")
    assert done.returncode == 1
    assert "my_checks.py is a link" in done.stdout
    assert not (tmp_path / "nowhere.py").exists()


def test_init_and_reset_leave_the_checks_alone(made: Path, checks: Path) -> None:
    """They are the learner's."""
    checks.write_text(SUMS)
    assert grade(made, "init", ".").returncode == 0
    assert grade(made, "reset", "softmax").returncode == 0
    assert checks.read_text() == SUMS


def test_wrong_usage_is_told_from_a_result(made: Path, checks: Path, tmp_path: Path) -> None:
    """Unknown names, chapters and contradictions; and no file is made in a course itself."""
    for arguments in (["nope"], ["03_forward"], [], ["softmax", "--sandbox", "process", "--require-sandbox", "strict"]):
        done = grade(made, "challenge", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
    assert not checks.exists()
    course = write_course(tmp_path)
    done = grade(course, "challenge", "scaling")
    assert done.returncode == 2
    assert "this is the course itself" in done.stderr
    assert not list(course.rglob("my_checks.py"))


def test_a_bar_shows_how_far_it_is(made: Path, checks: Path) -> None:
    """On a terminal; what is shown below it fits."""
    checks.write_text(SUMS)
    code, text = on_terminal(made, "challenge", "softmax", columns=60)
    assert code == 1
    plain = without_signs(text)
    assert "Running your checks" in plain
    assert [line for line in plain.splitlines() if len(line.rpartition("\r")[2]) > 60] == []


def test_names_are_completed(made: Path) -> None:
    """As for `grade run`."""
    asked = {"_GRADE_COMPLETE": "bash_complete", "COMP_WORDS": "grade challenge soft", "COMP_CWORD": "2"}
    done = grade(made, **asked)
    assert done.stdout.split() == ["plain,softmax", "plain,softmax-with-loss"]


def test_output_is_ascii_where_nothing_else_is_to_be_had(made: Path, checks: Path) -> None:
    """A plain C locale."""
    checks.write_text(SUMS)
    done = grade(made, "challenge", "softmax", LANG="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.stdout.isascii()
    assert "  + overflow happens only in theory\n" in done.stdout
