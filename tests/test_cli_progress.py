"""What the commands keep of a learner's work: attempts, hints, solutions, files put back."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from .command import HALF, SOLVED, environment, grade
from .small_course import REFERENCE, folders, write_course


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path)


@pytest.fixture
def stub(course: Path) -> Path:
    return folders(course, "scaling")[0] / "scaling.py"


def state(course: Path) -> str:
    """The line of the exercise in `grade list`, its title cut away."""
    (line,) = [line for line in grade(course, "list").stdout.splitlines() if line.startswith("  scaling ")]
    return " ".join(line.split()[3:])


# Attempts and the list


def test_the_list_follows_the_attempts(course: Path, stub: Path) -> None:
    """Not started, begun, in progress, passed; and once passed, it stays so."""
    seen = [state(course)]
    for text in (stub.read_text(encoding="utf-8"), "def scale(values):\n    return 1\n", HALF, SOLVED, HALF):
        stub.write_text(text, encoding="utf-8")
        grade(course)
        seen.append(state(course))
    assert seen == [
        "0/10 not started",
        "0/10 not started",
        "0/10 begun",
        "5/10 in progress",
        "10/10 passed",
        "10/10 passed",
    ]


def test_the_list_alone_keeps_nothing(course: Path) -> None:
    """Looking is not an attempt."""
    assert grade(course, "list").returncode == 0
    assert not (course / ".grade").exists()


def test_the_list_is_grouped_by_chapter_and_ends_with_totals(course: Path, stub: Path) -> None:
    """A heading with the chapter's number, its exercises, an empty line, the totals."""
    stub.write_text(HALF, encoding="utf-8")
    grade(course)
    lines = grade(course, "list").stdout.splitlines()
    assert (lines[0], lines[2:]) == ("1 First steps", ["", "5 of 10 points, 0 of 1 exercise passed"])
    assert lines[1].split() == ["scaling", "Scale", "numbers", "5/10", "in", "progress"]


def test_an_exercise_passed_before_is_not_the_next_step(tmp_path: Path) -> None:
    """What to do now takes earlier runs into account."""
    root = write_course(tmp_path, "first", "second")
    (folders(root, "first")[0] / "first.py").write_text(SOLVED, encoding="utf-8")
    assert "grade run second" in " ".join(grade(root, "run", "first").stdout.split())
    assert "`grade run second`" in " ".join(grade(root, "run", "second").stdout.split())


# Hints


def test_hints_come_one_by_one_and_stay(course: Path) -> None:
    """Direction, then method, then nearly the formula; asked again, the last ones are all still there."""
    hints = ["Which operation scales?", "Let NumPy do all values at once.", "Multiply the array by the number."]
    for number in (1, 2, 3, 3):
        done = grade(course, "hint", "scaling")
        assert done.returncode == 0
        assert [hint for hint in hints if hint in done.stdout] == hints[:number]
    assert "That was the last one." in done.stdout
    assert "hints: 3 of 3" in grade(course, "list").stdout


def test_an_exercise_without_hints_says_so(course: Path) -> None:
    """An unfinished course is no fault."""
    settings = folders(course, "scaling")[0] / "exercise.toml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    settings.write_text("\n".join("hints = []" if x.startswith("hints") else x for x in lines), encoding="utf-8")
    done = grade(course, "hint", "scaling")
    assert (done.returncode, done.stdout) == (0, "scaling has no hints yet.\n")


# Solutions


def test_the_solution_is_closed_until_the_exercise_has_passed(course: Path, stub: Path) -> None:
    """1 and the ways to it before; 0 and the reference after, which is nothing to remark on."""
    before = grade(course, "solution", "scaling")
    assert (before.returncode, "np.multiply" in before.stdout) == (1, False)
    assert "`grade hint scaling`" in before.stdout
    stub.write_text(SOLVED, encoding="utf-8")
    grade(course)
    after = grade(course, "solution", "scaling")
    assert (after.returncode, after.stdout) == (0, REFERENCE)
    assert "solution shown" not in grade(course, "list").stdout


def test_giving_up_opens_the_solution_and_is_recorded(course: Path) -> None:
    """The reference is shown once, the list says so, and without --give-up it is closed as before."""
    done = grade(course, "solution", "scaling", "--give-up")
    assert (done.returncode, done.stdout) == (0, REFERENCE)
    assert "solution shown" in grade(course, "list").stdout
    assert grade(course, "solution", "scaling").returncode == 1


# Workspaces: init and reset


def test_from_init_to_the_first_verdict(tmp_path: Path) -> None:
    """A new workspace says where to begin; the file that it names is the one that is graded."""
    done = grade(tmp_path, "init", "work")
    assert (done.returncode, done.stderr) == (0, "")
    named = done.stdout.split()[-1].rstrip(".")
    first = tmp_path / "work" / named
    assert "raise NotImplementedError" in first.read_text(encoding="utf-8")
    first.write_text("def mine(x):\n    return x\n", encoding="utf-8")
    graded = grade(tmp_path / "work", "run", named)
    assert (graded.returncode, "keep the names of the stub" in " ".join(graded.stdout.split())) == (1, True)
    again = grade(tmp_path, "init", "work")
    assert again.stdout.splitlines()[1].startswith("0 files written, ")
    assert first.read_text(encoding="utf-8").startswith("def mine")


def test_the_way_into_a_new_workspace_can_be_typed(tmp_path: Path) -> None:
    """A folder with a space in its name is quoted; where one is there already, nobody is sent anywhere."""
    assert "\n  cd 'my course'\n  grade\n" in grade(tmp_path, "init", "my course").stdout
    assert "cd " not in grade(tmp_path, "init", ".").stdout


def test_reset_puts_the_stub_back_and_says_where_yours_is(tmp_path: Path) -> None:
    """The name in the message is the name of the kept file."""
    grade(tmp_path, "init", ".")
    mine = tmp_path / "01_activation" / "sigmoid" / "sigmoid.py"
    mine.write_text("mine", encoding="utf-8")
    done = grade(tmp_path, "reset", "sigmoid")
    (kept,) = mine.parent.glob("sigmoid.*.py")
    assert (done.returncode, kept.read_text(encoding="utf-8")) == (0, "mine")
    assert done.stdout == f"sigmoid.py is the stub again; yours is kept as {kept.name}.\n"


def test_a_missing_file_is_refused_with_the_way_back(tmp_path: Path) -> None:
    """`grade` names the command, and that command works."""
    grade(tmp_path, "init", ".")
    mine = tmp_path / "01_activation" / "sigmoid" / "sigmoid.py"
    mine.unlink()
    assert "`grade reset sigmoid`" in " ".join(grade(tmp_path, "run", "sigmoid").stdout.split())
    assert grade(tmp_path, "reset", "sigmoid").stdout == "sigmoid.py is the stub again.\n"


# When the file of the progress is not as it should be


def test_a_damaged_progress_file_is_set_aside(course: Path, stub: Path) -> None:
    """Grading goes on, the message names both files, and the damaged one is kept."""
    stub.write_text(SOLVED, encoding="utf-8")
    grade(course)
    path = course / ".grade" / "progress.sqlite3"
    path.write_bytes(b"damaged " * 1000)
    done = grade(course)
    assert done.returncode == 0
    assert str(path) in done.stderr
    assert b"damaged " * 1000 in [p.read_bytes() for p in path.parent.iterdir()]
    assert state(course) == "10/10 passed"


def test_what_was_recorded_is_whole(course: Path, stub: Path) -> None:
    """The file is a sound SQLite database, and git leaves it alone."""
    stub.write_text(HALF, encoding="utf-8")
    grade(course)
    with closing(sqlite3.connect(course / ".grade" / "progress.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT exercise, outcome, score FROM attempts").fetchall() == [
            ("scaling", "failed", 5.0)
        ]
    assert (course / ".grade" / ".gitignore").exists()


def test_a_file_in_place_of_the_state_folder_costs_the_record_only(course: Path, stub: Path) -> None:
    """The verdict and its exit code stand."""
    stub.write_text(SOLVED, encoding="utf-8")
    (course / ".grade").write_text("", encoding="utf-8")
    done = grade(course)
    assert done.returncode == 0
    assert "progress can't be kept here" in done.stderr


@pytest.mark.skipif(os.getuid() == 0 and shutil.which("setpriv") is None, reason="root may write everywhere")
def test_a_read_only_workspace_still_grades(course: Path, stub: Path) -> None:
    """Somebody who may not write here gets the verdict, and is told that it is not recorded."""
    stub.write_text(SOLVED, encoding="utf-8")
    course.chmod(0o555)
    as_anybody = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.getuid() == 0 else []
    done = subprocess.run(
        [*as_anybody, "grade"], check=False, cwd=course, env=environment(), capture_output=True, encoding="utf-8"
    )
    course.chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert "1 of 1 exercise passed" in done.stdout
    assert "Permission denied; progress can't be kept here" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_state_folder_that_is_a_link_is_not_written_into(course: Path, tmp_path: Path) -> None:
    """A folder that a student handed in, in which a teacher runs `grade`, could name any of theirs."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (course / ".grade").symlink_to(theirs)
    done = grade(course)
    assert done.returncode == 1
    assert f"{course / '.grade'}: a link; progress can't be kept here" in done.stderr
    assert list(theirs.iterdir()) == []


@pytest.mark.skipif(os.getuid() == 0 and shutil.which("setpriv") is None, reason="root may read everywhere")
@pytest.mark.parametrize("command", [("run",), ("list",), ("report",), ("doctor",)])
def test_a_closed_state_folder_costs_the_progress_alone(course: Path, command: tuple[str, ...]) -> None:
    """`sudo grade` may have made it: what can be shown is shown, and what is closed is named."""
    grade(course)
    state = course / ".grade"
    state.chmod(0)
    as_anybody = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.getuid() == 0 else []
    call = [*as_anybody, "grade", *command]
    done = subprocess.run(call, check=False, cwd=course, env=environment(), capture_output=True, encoding="utf-8")
    state.chmod(0o755)
    assert done.returncode == (1 if command == ("run",) else 0), done.stderr
    assert "fault" not in done.stderr
    assert str(state) in done.stderr + done.stdout


@pytest.mark.parametrize("command", [("list",), ("hint", "scaling")])
def test_a_file_in_place_of_the_state_folder_hides_no_text(course: Path, command: tuple[str, ...]) -> None:
    """Where nothing can be counted, the course and the hints are shown all the same, and the reason is said."""
    (course / ".grade").write_text("in the way", encoding="utf-8")
    done = grade(course, *command)
    assert done.returncode == 0
    assert {"list": "Scale numbers", "hint": "Hint 3 of 3"}[command[0]] in done.stdout
    assert (".grade" in done.stderr) == (command[0] == "hint")  # for `list` there is no progress to miss
