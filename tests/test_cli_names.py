"""Which exercises a command means, and which data it looks at."""

import os
from pathlib import Path

import pytest

from .command import SOLVED, grade
from .small_course import folders, write_course


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one exercise whose stub is untouched."""
    return write_course(tmp_path)


# Names


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of two exercises, `first` and `second-step`, solved."""
    root = write_course(tmp_path_factory.mktemp("two"), "first", "second-step")
    for folder, _ in (folders(root, "first"), folders(root, "second-step")):
        (folder / f"{folder.name.replace('-', '_')}.py").write_text(SOLVED, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("name", "graded"),
    [
        ("second-step", ["second-step"]),
        ("second_step", ["second-step"]),
        ("second_step.py", ["second-step"]),
        ("exercises/01_first/second-step", ["second-step"]),
        ("01_first/second-step/second_step.py", ["second-step"]),
        ("./exercises/01_first/first/first.py", ["first"]),
        ("exercises/01_first/first/README.md", ["first"]),
        ("01_first", ["first", "second-step"]),
        ("exercises/01_first/", ["first", "second-step"]),
        (".", ["first", "second-step"]),
    ],
)
def test_what_a_name_means(two: Path, name: str, graded: list[str]) -> None:
    """An exercise by its name, module or path, and a chapter by its folder."""
    done = grade(two, "run", name)
    assert done.returncode == 0, done.stderr
    assert [e for e in ("first", "second-step") if f"Scale numbers  {e}" in done.stdout] == graded


def test_a_path_means_what_it_means_here(two: Path) -> None:
    """In an exercise's own folder, `grade run .` grades that exercise."""
    done = grade(folders(two, "first")[0], "run", ".")
    assert (done.returncode, "second-step" in done.stdout) == (0, False)


@pytest.mark.parametrize(
    ("name", "suggestion"), [("frist", "first"), ("secondstep", "second-step"), ("/elsewhere/first.py", "first")]
)
def test_an_unknown_name_gives_the_nearest(two: Path, name: str, suggestion: str) -> None:
    """2, with what may have been meant; a file elsewhere is not the one that would be graded."""
    done = grade(two, "run", "first", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"no exercise {name!r} in this course (did you mean {suggestion}?); `grade list` shows all" in done.stderr


def test_a_name_like_no_other_gives_the_list(two: Path) -> None:
    """No suggestion is better than a silly one."""
    assert "no exercise 'xyz' in this course; `grade list` shows all" in grade(two, "hint", "xyz").stderr


def test_a_chapter_is_not_one_exercise(two: Path) -> None:
    """Where one is wanted, those that a chapter holds are named."""
    done = grade(two, "hint", "01_first")
    assert done.returncode == 2
    assert "'01_first' is more than one; name one exercise: first, second-step" in done.stderr


def test_stop_early_ends_with_the_first_that_did_not_pass(tmp_path: Path) -> None:
    """What comes after it is not in the report; by default it is."""
    root = write_course(tmp_path, "first", "second")
    assert "second" not in grade(root, "run", "--stop-early").stdout
    assert "second" in grade(root, "run").stdout


def test_solutions_are_graded_in_place_of_ones_own_files(course: Path) -> None:
    """The references pass, and that is nobody's progress."""
    done = grade(course, "run", "--solutions")
    assert done.returncode == 0
    assert not (course / ".grade").exists()


# Data


@pytest.mark.parametrize("command", ["run", "verify"])
def test_a_data_folder_that_lacks_files_is_told(course: Path, command: str) -> None:
    """2, with the names of those that are missing, before anything runs."""
    folder = course / "data"
    folder.mkdir()
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(b"short")
    done = grade(course, command, "--data", str(folder))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"--data {folder}" in done.stderr
    assert "missing train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz" in done.stderr
    assert "t10k-labels-idx1-ubyte.gz has 5 bytes, not 4,542" in done.stderr
    assert "`grade data --fetch" in done.stderr


def test_data_says_what_is_missing(tmp_path: Path) -> None:
    """1 without MNIST, with both ways to get it; no course is needed."""
    done = grade(tmp_path, "data", XDG_DATA_HOME=str(tmp_path), HOME=str(tmp_path))
    assert done.returncode == 1
    assert "1,797 handwritten digits" in done.stdout
    assert "`grade data --fetch` gets it" in " ".join(done.stdout.split())
    assert "NEUROGRADE_DATA" in done.stdout


def test_doctor_says_what_is_here(course: Path) -> None:
    """Versions, sandbox, data, workspace, progress: 0 inside a course and outside."""
    inside = grade(course, "doctor")
    outside = grade(Path(os.sep), "doctor")
    rows = {line.split("  ")[0] for line in inside.stdout.splitlines()}
    assert {"neurograde", "Python", "system", "numpy", "pytest", "sandbox", "MNIST", "workspace", "progress"} <= rows
    assert (inside.returncode, outside.returncode) == (0, 0)
    assert f"{course}: A small course" in inside.stdout
    assert "no course here or above" in outside.stdout
