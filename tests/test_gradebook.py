"""The gradebook keeps every row whole, in the order of the students, and says what is wrong with its file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.classroom.gradebook import FILE, Gradebook
from grader.classroom.model import Row, State, Student
from grader.diary import Tried
from grader.errors import WorkspaceError
from grader.report.plain import without_surrogates
from grader.result import CheckResult, ExerciseResult, Location, Misconception, Outcome, Problem

from .class_samples import DUE, exercise, quiz, row

FAILED = CheckResult(
    "test_axis[0]",
    "Each row sums to 1.",
    Outcome.FAILED,
    core=True,
    message="rows sum to 4",
    details=("a", "b"),
    location=Location("softmax.py", 3, 7, "x"),
    misconception=Misconception("global", "one sum", "You sum over all."),
    output="\x1b[2J\u202e,\"'\n",
    notes=("accuracy 97 %",),
)
FULL = Row(
    Student("ada", "Ada, Lovelace", "ada@example.org", "A", DUE, {"SIS Login ID": "lovelace", "=cmd": "\n"}),
    "lovelaceada_17_4711_hw1.zip",
    State.ERROR,
    (ExerciseResult("softmax", "Softmax", "03", "Forward", "f.py", 10.0, (FAILED,), None), exercise("b")),
    (quiz(3),),
    datetime(2026, 12, 1, 20, tzinfo=UTC),
    ("softmax (1).py is not a name that counts",),
    "a fault",
    "abc",
    "strict",
    1.25,
    "2026-12-02T10:00:00+00:00",
    (Tried("softmax", 3, 12.5, True),),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_a_row_comes_back_as_it_was(folder: Path) -> None:
    """Everything, also after the file was closed and opened again."""
    with Gradebook(folder) as book:
        book.put(FULL)
    with Gradebook.existing(folder) as book:
        assert list(book.rows()) == [FULL]
        assert book.digests() == {"ada": ("abc", State.ERROR)}


def test_a_problem_comes_back(folder: Path) -> None:
    """A file that could not be imported."""
    problem = Problem(Outcome.IMPORT_ERROR, "no", Location("f.py", 1))
    result = ExerciseResult("a", "A", "01", "First", "f.py", 10.0, (), problem)
    with Gradebook(folder) as book:
        book.put(row("ada", result))
        assert next(book.rows()).results == (result,)


@given(st.text(), st.text(), st.text(st.characters()))
def test_no_text_of_a_students_is_too_odd(
    tmp_path_factory: pytest.TempPathFactory, one: str, two: str, output: str
) -> None:
    """Names, files and outputs of any characters, lone surrogates included, which come back as escapes."""
    found = replace(FULL.results[0], checks=(replace(FAILED, output=output),))
    odd = replace(FULL, student=replace(FULL.student, name=one), origin=two, results=(found,))
    with Gradebook(tmp_path_factory.mktemp("odd")) as book:
        book.put(odd)
        (back,) = book.rows()
    assert (back.student.name, back.origin) == (without_surrogates(one), without_surrogates(two))
    assert back.results[0].checks[0].output == without_surrogates(output)


def test_a_new_row_takes_the_place_of_the_old_one(folder: Path) -> None:
    with Gradebook(folder) as book:
        book.put(row("bob"))
        book.put(row("ada"))
        book.put(row("bob", state=State.REFUSED))
        assert len(book) == 2
        assert [(r.student.id, r.state) for r in book.rows()] == [("ada", State.GRADED), ("bob", State.REFUSED)]
        book.clear()
        assert list(book.rows()) == []


def test_settings_are_kept(folder: Path) -> None:
    with Gradebook(folder) as book:
        assert book.setting("course") == ""
        book.keep_setting("course", "/one")
        book.keep_setting("course", "/two")
    with Gradebook.existing(folder) as book:
        assert book.setting("course") == "/two"


def test_where_there_is_none_it_says_so(folder: Path) -> None:
    with pytest.raises(WorkspaceError, match=f"no {FILE} in it; name the folder"):
        Gradebook.existing(folder)


def test_a_damaged_file_is_kept_and_told(folder: Path) -> None:
    """Nothing is deleted: the damaged file has another name, and the message has it."""
    folder.mkdir()
    (folder / FILE).write_bytes(b"no database at all")
    with Gradebook(folder) as book:
        (message,) = book.messages
        assert len(book) == 0
    assert "damaged" in message
    kept = [path for path in folder.iterdir() if "damaged" in path.name]
    assert [path.read_bytes() for path in kept] == [b"no database at all"]


def test_a_file_in_the_place_of_the_folder(folder: Path) -> None:
    folder.write_text("x")
    with pytest.raises(WorkspaceError, match="out"):
        Gradebook(folder)
