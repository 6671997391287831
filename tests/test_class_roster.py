"""Who is in the class: rosters as teachers, Canvas and Moodle write them, and who is who in a bulk download."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.assignment import whole_course
from grader.classroom import intake
from grader.classroom.roster import read_roster
from grader.course import read_course
from grader.errors import WorkspaceError

from . import small_course

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (99)
    Points Possible,,,,,10
"Lovelace, Ada",17,u17,ada,A,
"Boole, George",18,u18,george,B,
"""
WORKSHEET = """\
Identifier,"Full name","Email address",Status,Grade
"Participant 1234567","Ada Lovelace",ada@example.org,Submitted,
"Participant 1234568","George Boole",george@example.org,Submitted,
"""
OWN = "Student_ID;First name;Surname;e-mail;Group;Due\nada;Ada;Lovelace;a@b.org;A;2026-12-03T12:00:00+01:00\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roster.csv"


def test_one_that_canvas_wrote(path: Path) -> None:
    """The row of points is nobody, and all columns stay for the way back."""
    path.write_text(CANVAS)
    ada, george = read_roster(path).students
    assert (ada.id, ada.name, ada.section) == ("17", "Lovelace, Ada", "A")
    assert (george.id, george.columns["SIS Login ID"], george.columns["Homework 1 (99)"]) == ("18", "george", "")


def test_one_that_moodle_wrote(path: Path) -> None:
    path.write_text(WORKSHEET, encoding="utf-8-sig")
    ada, _ = read_roster(path).students
    assert (ada.id, ada.name, ada.email) == ("1234567", "Ada Lovelace", "ada@example.org")
    assert ada.columns["Identifier"] == "Participant 1234567"


def test_one_of_ones_own(path: Path) -> None:
    """Semicolons, other headers, an extension."""
    path.write_text(OWN)
    (ada,) = read_roster(path).students
    assert (ada.id, ada.name, ada.email, ada.section) == ("ada", "Ada Lovelace", "a@b.org", "A")
    assert ada.due == datetime(2026, 12, 3, 11, tzinfo=UTC)


def test_of_two_columns_of_ids_the_one_that_names_everybody(path: Path) -> None:
    """Moodle's ID numbers are often empty."""
    path.write_text("First name,Surname,ID number,Email address\nAda,L,,a@b\nGeorge,B,,g@b\n")
    assert [student.id for student in read_roster(path).students] == ["a@b", "g@b"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column with ids"),
        ("id,name\n", "no students in it"),
        ("name,section\nAda,A\n", "name one `id` (its headers are: name, section)"),
        ("id,name\nada,Ada\nada,Other\n", "line 3: 'ada' is there twice"),
        ("id,name\nada,Ada\n,Other\n", "line 3: no id; every student needs one"),
        ("id,due\nada,tomorrow\n", "line 2: due = 'tomorrow'; write it with its offset"),
        ("id,due\nada,2026-12-01T10:00:00\n", "write it with its offset"),
        ("id,due\nada,9999-12-31T23:59:59Z\n", "take a year before 9999"),
        ('id,name\nada,"Ada\n', "save it as CSV again"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_remedy(path: Path, text: str, said: str) -> None:
    path.write_text(text)
    with pytest.raises(WorkspaceError) as caught:
        read_roster(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_other_encodings_are_told(path: Path) -> None:
    path.write_bytes("id,name\nada,Müller\n".encode("latin-1"))
    with pytest.raises(WorkspaceError, match="is not UTF-8"):
        read_roster(path)


# Who is who


@pytest.mark.parametrize(
    ("roster", "entry", "found"),
    [
        (CANVAS, "lovelaceada_17_4711_scaling.py", "17"),
        (CANVAS, "lovelaceada_99_4711_scaling.py", "17"),  # by the name, where the number is unknown
        (CANVAS, "ada/scaling.py", "17"),  # by the login
        (CANVAS, "u18/scaling.py", "18"),
        (WORKSHEET, "George Boole_1234568_assignsubmission_file_/scaling.py", "1234568"),
        (WORKSHEET, "george/scaling.py", "1234568"),  # by the local part of the address
        (WORKSHEET, "boole george/scaling.py", "1234568"),
    ],
)
def test_students_are_found_by_what_is_theirs_alone(
    tmp_path: Path, path: Path, roster: str, entry: str, found: str
) -> None:
    path.write_text(roster)
    file = tmp_path / "submissions" / entry
    file.parent.mkdir(parents=True)
    file.write_text("x")
    assignment = whole_course(read_course(small_course.write_course(tmp_path / "course")))
    class_ = intake.discover(tmp_path / "submissions", assignment, read_roster(path))
    assert [origin.student.id for origin in class_.origins] == [found]
    assert len(class_.missing) == 1


def test_who_fits_two_or_none_is_not_guessed(tmp_path: Path, path: Path) -> None:
    """They have a row of their own, and a remark."""
    path.write_text("id,name\n1,Ada Lovelace\n2,Ada Lovelace\n")
    for name in ("Ada Lovelace", "eve"):
        (tmp_path / "submissions" / name).mkdir(parents=True)
    assignment = whole_course(read_course(small_course.write_course(tmp_path / "course")))
    found = intake.discover(tmp_path / "submissions", assignment, read_roster(path))
    assert [(origin.student.id, origin.remarks) for origin in found.origins] == [
        ("Ada Lovelace", ("is not on the roster",)),
        ("eve", ("is not on the roster",)),
    ]
    assert [student.id for student in found.missing] == ["1", "2"]
    assert found.remarks == ("not on the roster, so each with a row of its own: 2 (Ada Lovelace, eve)",)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, unique=True))
def test_any_ids_come_back_from_a_csv(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    """As they were written, without space around them."""
    import csv

    path = tmp_path_factory.mktemp("roster") / "roster.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "name"], *([name, "x"] for name in names)])
    wanted = sorted({name.strip() for name in names})
    if "" in wanted or len(wanted) < len(names):
        return
    assert [student.id for student in read_roster(path).students] == wanted


# What a roster must not do silently


MOODLES = "ID number,Identifier,Full name\n5,Participant 17,Ada\n17,Participant 5,Bob\n"


def found_id(tmp_path: Path, path: Path, roster: str, entry: str) -> str:
    """The id under which one submission is known."""
    path.write_text(roster)
    file = tmp_path / "submissions" / entry
    file.parent.mkdir(parents=True)
    file.write_text("x")
    assignment = whole_course(read_course(small_course.write_course(tmp_path / "course")))
    (origin,) = intake.discover(tmp_path / "submissions", assignment, read_roster(path)).origins
    return origin.student.id


def test_canvas_with_grades_posted_by_hand(path: Path) -> None:
    """Canvas writes a line about that above the points."""
    head, points, *students = CANVAS.splitlines(keepends=True)
    path.write_text("".join([head, ",,,,,Manual Posting\n", points, *students]))
    assert [student.id for student in read_roster(path).students] == ["17", "18"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,email\nada,a@b\nada,c@d\n", "line 3: 'ada' is there twice"),  # and no other column is taken instead
        ("username,email\nada,a@b\nada,c@d\n", "line 3: 'ada' is there twice"),
        ("id,email\nada,a@b\n,c@d\n", "line 3: no id"),
        ("id,name,email\nada,Lovelace, Ada,a@b\n", "line 2: 4 values for 3 headers; put quotes around"),
        ("id,name,id\nada,Ada,1\n", "2 columns are called 'id'"),
        ('id,name\nada,"A\n\nda"\nbob,B,C\n', "line 5: 3 values"),
    ],
)
def test_what_could_be_meant_otherwise_is_a_mistake(path: Path, text: str, said: str) -> None:
    path.write_text(text)
    with pytest.raises(WorkspaceError) as caught:
        read_roster(path)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("roster", "entry", "found"),
    [
        # a number of the LMS is somebody else's matriculation number
        ("id,name\n17,George Boole\n18,Ada Lovelace\n", "lovelaceada_17_4711_scaling.py", "18"),
        ("id,name\n17,George Boole\n18,Eve\n", "lovelaceada_17_4711_scaling.py", "17 (2)"),
        ("id,name\n17,Ada King Lovelace\n18,Eve\n", "lovelaceada_17_4711_scaling.py", "17"),
        ("id,name\n17,\n18,\n", "lovelaceada_17_4711_scaling.py", "17"),
        ("id,name\n17,George Boole\n", "Ada Lovelace_17_assignsubmission_file_/scaling.py", "17 (2)"),
        (MOODLES, "Ada_17_assignsubmission_file_/a", "5"),
        (MOODLES, "Participant_17_assignsubmission_file_/a", "5"),
        (MOODLES, "Group 1_17_assignsubmission_file_/a", "17 (2)"),  # a team: the number is the group's
        (MOODLES, "Group 1-Ada_17_assignsubmission_file_/a", "5"),  # as older ones write it
        ("Identifier\nParticipant 17\n", "Teilnehmerin_17_assignsubmission_file_/a", "17"),  # nobody knows names
        ("Identifier,Full name\nParticipant 17,Jörg Müller\n", "J÷rg M³ller_17_assignsubmission_file_/a", "17"),
        ("Identifier,Full name\nParticipant 17,明 王\n", "王 明_17_assignsubmission_file_/a", "17"),
        # what is one's id comes before what is another's login or address
        ("id,email\nada,x@y\nbob,ada@y\n", "ada/scaling.py", "ada"),
        ("id,login\nada,bob\nbob,ada\n", "ada/scaling.py", "ada"),
        ("id\nAda\nada\n", "ada/scaling.py", "ada"),
        ("id\nAda\nbob\n", "ada/scaling.py", "Ada"),
        ("id,email\n1,ada@x\n2,ada@y\n", "ada/scaling.py", "ada"),  # not on the roster: it could be either
        # macOS writes "o" and two dots, spreadsheets "ö"
        ("id,name\n1,J\u00f6rg M\u00fcller\n", "Jo\u0308rg Mu\u0308ller/scaling.py", "1"),
        ("id\nj\u00f6rg\n", "jo\u0308rg/scaling.py", "j\u00f6rg"),
        ("id,name\n1,Mu\u0308ller\n", "M\u00fcller_17_assignsubmission_file_/scaling.py", "1"),
        ("id\nj\u00f6rg\njo\u0308rg\n", "jo\u0308rg/scaling.py", "jo\u0308rg"),
    ],
)  # fmt: skip
def test_nobody_gets_the_work_of_another(tmp_path: Path, path: Path, roster: str, entry: str, found: str) -> None:
    assert found_id(tmp_path, path, roster, entry) == found
