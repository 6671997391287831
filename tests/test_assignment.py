"""What a teacher asks of a class: read, checked, and written down again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.assignment import (
    LatePolicy,
    Visibility,
    described,
    from_description,
    read_assignment,
    whole_course,
)
from grader.course import Course, read_course
from grader.errors import CourseError

from . import small_course

FULL = """
format = 1
title = "Homework 3"
due = 2026-12-01T23:59:00+01:00
late = "10%/day up to 50%"
visibility = "after_due"
public_checks = 1
quizzes = ["01_first"]
quiz_points = 4

[[exercise]]
name = "lesson-b"
points = 7.5

[exercise.weights]
test_factor = 3

[exercise.visibility]
test_example = "visible"
test_factor = "hidden"

[[exercise]]
name = "lesson-a"
"""
AFTER, BEFORE = datetime(2026, 12, 1, 23, 0, tzinfo=UTC), datetime(2026, 12, 1, 22, 58, tzinfo=UTC)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    small_course.write_course(tmp_path, "lesson-a", "lesson-b")
    (tmp_path / "exercises" / small_course.CHAPTER / "quiz.toml").touch()
    return read_course(tmp_path)


def written(course: Course, text: str) -> Path:
    path = course.root / "release.toml"
    path.write_text(text)
    return path


def test_a_whole_file_is_read(course: Course) -> None:
    """Title, due in UTC, late rule, points, weights, visibility, quizzes."""
    found = read_assignment(written(course, FULL), course)
    assert (found.title, found.due, found.public_checks) == ("Homework 3", datetime(2026, 12, 1, 22, 59, tzinfo=UTC), 1)
    assert [(d.exercise.name, d.points) for d in found.demands] == [("lesson-b", 7.5), ("lesson-a", 10.0)]
    assert found.points == 7.5 + 10 + 4
    assert found.demands[0].weight_of("test_factor[3]") == 3
    assert found.demands[0].weight_of("test_example") == 1
    assert found.late == LatePolicy(0.1, timedelta(days=1), 0.5, "10%/day up to 50%")


def test_who_sees_what_and_when(course: Course) -> None:
    """A check that is named as it says; the others as the whole file says, which may be once the work has been due."""
    found = read_assignment(written(course, FULL), course)
    assert found.visibility_of("lesson-b", "test_example", BEFORE)
    assert not found.visibility_of("lesson-b", "test_factor[1]", AFTER)
    assert not found.visibility_of("lesson-a", "test_example", BEFORE)
    assert found.visibility_of("lesson-a", "test_example", AFTER)


def test_without_a_file_all_counts_and_nothing_shows(course: Course) -> None:
    found = whole_course(course)
    assert [d.exercise.name for d in found.demands] == ["lesson-a", "lesson-b"]
    assert found.points == 20
    assert found.visibility is Visibility.HIDDEN


def test_nothing_and_all_are_shares_of_the_marks_too(course: Course) -> None:
    """No points, a check that doesn't count, and all marks gone: the ends of each range are in it."""
    text = FULL.replace("points = 7.5", "points = 0").replace("test_factor = 3", "test_factor = 0")
    found = read_assignment(written(course, text.replace("10%/day up to 50%", "100%/day up to 100%")), course)
    assert found.demands[0].points == 0
    assert found.demands[0].weights == {"test_factor": 0}
    assert found.late is not None
    assert (found.late.rate, found.late.most) == (1, 1)


def test_what_is_described_comes_back(course: Course) -> None:
    """What a gradebook keeps of an assignment is all of it."""
    found = read_assignment(written(course, FULL), course)
    assert from_description(described(found), course, "gradebook") == found
    assert from_description(described(whole_course(course)), course, "gradebook") == whole_course(course)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("format = 1", "format = 2", "format = 2; this version reads format 1"),
        ("+01:00", "", "add the offset from UTC"),
        ("2026-12-01", "9999-12-31", "take a year before 9999, or leave it out where nothing is ever late"),
        ('"10%/day up to 50%"', '"a bit"', "write it like '10%/day up to 50%'"),
        ('"10%/day up to 50%"', '"200%/day"', "between 0% and 100%"),
        ('visibility = "after_due"', 'visibility = "never"', "use one of hidden, visible, after_due"),
        ('test_example = "visible"', 'test_example = "no"', "use one of hidden, visible, after_due"),
        ('name = "lesson-a"', 'name = "lesson-c"', "has: lesson-a, lesson-b; `--course DIR` names another"),
        ('name = "lesson-a"', 'name = "lesson-b"', "'lesson-b' is there twice; leave one out"),
        ("points = 7.5", "points = -1", "use a number from 0 on"),
        ("points = 7.5", "points = inf", "use a number from 0 on"),
        ("points = 7.5", "point = 7.5", "exercise 1: point is not a key of this file"),
        ("test_factor = 3", "test_factor = inf", "weights: test_factor = inf; use a number from 0 on"),
        ("test_factor = 3", "test_factor = -3", "use a number from 0 on"),
        (
            "test_factor = 3",
            "test_factor = 0\ntest_example = 0",
            "weights leave nothing that counts for 7.5 points; give a check more than 0, or take points = 0",
        ),
        ("test_factor = 3", "test_faktor = 3", "is no check of lesson-b; its checks are: test_example, test_factor"),
        ('test_example = "visible"', 'test_exmaple = "visible"', "test_exmaple is no check of lesson-b"),
        ('"01_first"]', '"02_second"]', "the course's chapters are: 01_first"),
        ("public_checks = 1", "public_checks = -1", "use a number from 0 on"),
        ("quiz_points = 4", "quiz_points = -4", "use a number from 0 on"),
        ("quiz_points = 4", "quiz_points = nan", "use a number from 0 on"),
        ("quiz_points = 4", "quiz_points = inf", "use a number from 0 on"),
        ('"01_first"]', '"01_first", "01_first"]', "holds '01_first' twice; leave one out"),
        (
            "2026-12-01T23:59:00+01:00",
            "2026-12-01",
            "due = 2026-12-01; use a date and time like 2026-12-01T23:59:00+01:00",
        ),
        (
            "2026-12-01T23:59:00+01:00",
            '"2026-12-01"',
            "due = '2026-12-01'; use a date and time like 2026-12-01T23:59:00+01:00, without quotes",
        ),
        ('title = "Homework 3"', 'titel = "Homework 3"', "title is missing"),
        ('title = "Homework 3"', 'title = "Homework 3"\nauthor = "me"', "author is not a key of this file"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(course: Course, old: str, new: str, said: str) -> None:
    """File, key, value and what to do."""
    assert FULL.count(old) == 1
    with pytest.raises(CourseError, match=r"release\.toml") as caught:
        read_assignment(written(course, FULL.replace(old, new)), course)
    assert said in str(caught.value)


@pytest.mark.parametrize("content", [None, b"# f\xfcr"])
def test_a_check_file_that_can_not_be_read_is_named(course: Course, content: bytes | None) -> None:
    """One that is missing, and one that is no UTF-8."""
    file = course.exercises[0].check_file
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CourseError, match=r"test_lesson_a\.py: .*; `grade verify lesson-a` tells more"):
        read_assignment(written(course, FULL), course)


def test_a_quiz_that_is_not_there_is_named(course: Course) -> None:
    """Its points would be out of everybody's reach."""
    (course.root / "exercises" / small_course.CHAPTER / "quiz.toml").unlink()
    with pytest.raises(CourseError, match=r"01_first has no quiz; write its quiz\.toml, or leave it out"):
        read_assignment(written(course, FULL), course)


def test_a_quiz_alone_is_an_assignment(course: Course) -> None:
    """One exercise or quiz is enough."""
    found = read_assignment(written(course, FULL.partition("[[exercise]]")[0]), course)
    assert (found.demands, found.quizzes, found.points) == ((), ("01_first",), 4)


def test_a_file_of_the_current_folder_is_named_without_one(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--settings hw3.toml`: "/hw3.toml" would be another file."""
    monkeypatch.chdir(tmp_path)
    Path("hw3.toml").write_text("format = 2")
    with pytest.raises(CourseError, match=r"^hw3\.toml: format = 2"):
        read_assignment(Path("hw3.toml"), course)


def test_a_byte_order_mark_is_no_mistake(course: Course, tmp_path: Path) -> None:
    """Some editors of Windows begin every file with one."""
    path = tmp_path / "hw3.toml"
    path.write_text(FULL, encoding="utf-8-sig")
    assert read_assignment(path, course).title == "Homework 3"


# Late work


@pytest.mark.parametrize(
    ("late_by", "share"),
    [
        (timedelta(days=-1), 0),
        (timedelta(0), 0),
        (timedelta(seconds=1), 0.1),
        (timedelta(days=1), 0.1),
        (timedelta(days=1, seconds=1), 0.2),
        (timedelta(days=30), 0.5),
    ],
)
def test_every_day_that_has_begun_counts(late_by: timedelta, share: float) -> None:
    assert LatePolicy.parse("10%/day up to 50%").penalty(late_by) == pytest.approx(share)


def test_hours_and_no_most() -> None:
    assert LatePolicy.parse("  2.5%/hour ").penalty(timedelta(hours=3)) == pytest.approx(0.075)
    assert LatePolicy.parse("50%/hour").penalty(timedelta(days=9)) == 1


@given(st.floats(0, 100), st.floats(0, 100), st.timedeltas(), st.timedeltas())
def test_later_is_never_cheaper(rate: float, most: float, one: timedelta, other: timedelta) -> None:
    """The share that is taken rises with the delay, and lies between 0 and the most."""
    policy = LatePolicy(rate / 100, timedelta(days=1), most / 100)
    early, late = sorted((one, other))
    assert 0 <= policy.penalty(early) <= policy.penalty(late) <= most / 100
