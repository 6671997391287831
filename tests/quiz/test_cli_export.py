"""`grade quiz --export` as teachers use it: one file, a folder, a pipe; what is said, and what is refused."""

import os
import zipfile
from pathlib import Path

import pytest

from ..command import grade
from ..small_course import CHAPTER, write_course
from .gift_reader import read_gift
from .questions import MULTIPLE, NUMERIC, ORDER, SHORT, SINGLE


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of two chapters with quizzes."""
    write_course(tmp_path)
    write_course(tmp_path, "second", chapter="02_second")
    table = tmp_path / "exercises" / "course.toml"
    first = f'[[chapter]]\nfolder = "{CHAPTER}"\ntitle = "First"\nexercises = ["scaling"]\n'
    table.write_text(table.read_text(encoding="utf-8") + first, encoding="utf-8")
    for chapter, text in ((CHAPTER, SHORT + NUMERIC + ORDER), ("02_second", SINGLE + MULTIPLE)):
        (tmp_path / "exercises" / chapter / "quiz.toml").write_text(f"format = 1\n{text}", encoding="utf-8")
    return tmp_path


def test_all_chapters_in_one_gift_file(course: Path) -> None:
    """Each in its category; what was written and lost is on standard error, and nothing of a learner is made."""
    done = grade(course, "quiz", "--export", "gift", "-o", "out/quiz.gift", "--variants", "2")
    assert (done.returncode, done.stdout) == (0, "")
    told = "out/quiz.gift: 5 questions, 7 with their variants, with the answers: for the teacher. What"
    assert " ".join(done.stderr.split()).startswith(told)
    assert "What this format can't hold as it is:\n- " in done.stderr
    assert "(1: xor)" in done.stderr
    found = read_gift((course / "out" / "quiz.gift").read_text(encoding="utf-8"))
    assert sorted({question.category.split("/")[1] for question in found}) == [CHAPTER, "02_second"]
    assert not (course / ".grade").exists()


@pytest.mark.parametrize(("wanted", "ending"), [("gift", "gift"), ("qti", "zip"), ("mdbook", "toml")])
def test_a_folder_gets_a_file_for_each_chapter(course: Path, wanted: str, ending: str) -> None:
    """The same bytes each time; another seed may draw other numbers."""
    for folder in ("one/", "two/"):
        done = grade(course, "quiz", "--export", wanted, "-o", folder, "--seed", "autumn")
        assert done.returncode == 0, done.stderr
    names = [f"{CHAPTER}.{ending}", f"02_second.{ending}"]
    assert sorted(path.name for path in (course / "one").iterdir()) == sorted(names)
    for name in names:
        assert (course / "one" / name).read_bytes() == (course / "two" / name).read_bytes()


def test_one_chapter_in_one_file(course: Path) -> None:
    """Named as everywhere."""
    done = grade(course, "quiz", "second", "--export", "qti", "--output", "second.zip")
    assert done.returncode == 0, done.stderr
    assert zipfile.is_zipfile(course / "second.zip")


def test_a_pipe_gets_the_file_alone(course: Path) -> None:
    """ASCII is enough for what is said beside it."""
    done = grade(course, "quiz", "1", "--export", "gift", "-o", "-", PYTHONIOENCODING="ascii", TERM="dumb")
    assert [question.name for question in read_gift(done.stdout)] == ["word", "iterations", "xor"]
    assert done.stderr.startswith("standard output: 3 questions, with the answers")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--export", "qti", "-o", "all.zip"], "qti has a file for each chapter; name a folder"),
        (["--export", "mdbook", "-o", "-"], "name a folder, as -o quizzes/, or a chapter"),
        (["--export", "gift"], "say where to export to"),
        (["--export", "gift", "-o", "x", "--review"], "leave out --review and --learner"),
        (["--export", "gift", "-o", "x", "--learner", "ada"], "leave out --review and --learner"),
        (["--export", "gift", "-o", "x", "--variants", "0"], "0 is not in the range"),
        (["--export", "moodle", "-o", "x"], "'moodle' is not one of 'gift', 'qti', 'mdbook'"),
        (["--export", "gift", "-o", "x", "7"], "no quiz '7'"),
        (["--seed", "a"], "are for --export"),
        (["-o", "x"], "are for --export"),
    ],
)
def test_what_makes_no_sense_is_refused(course: Path, arguments: list[str], told: str) -> None:
    """With the remedy, and no file."""
    before = sorted(course.iterdir())
    done = grade(course, "quiz", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in " ".join(done.stderr.split())
    assert sorted(course.iterdir()) == before


def test_a_place_that_can_not_be_written_is_named(course: Path) -> None:
    """A file in the place of a folder."""
    (course / "taken").write_text("", encoding="utf-8")
    done = grade(course, "quiz", "--export", "gift", "-o", "taken/")
    assert done.returncode == 2
    assert done.stderr.startswith("grade: taken/")
    assert "it was not written, name another file" in done.stderr


@pytest.mark.parametrize(
    ("wanted", "package", "module"), [("qti", "text2qti", "text2qti"), ("mdbook", "tomli-w", "tomli_w")]
)
def test_a_package_that_is_not_installed_is_named(course: Path, wanted: str, package: str, module: str) -> None:
    """With the command that gets it."""
    hidden = course / "hidden"
    hidden.mkdir()
    (hidden / f"{module}.py").write_text("raise ImportError('not installed')\n", encoding="utf-8")
    path = os.pathsep.join((str(hidden), os.environ.get("PYTHONPATH", "")))
    done = grade(course, "quiz", "1", "--export", wanted, "-o", "file", PYTHONPATH=path)
    assert done.returncode == 2
    told = f"{wanted} needs the package {package}, which is not installed; pip install {package}"
    assert done.stderr == f"grade: {told}\n"
    assert not (course / "file").exists()
