"""Is every topic of the source texts taught? One finding for each planted gap, none in the bundled course."""

from pathlib import Path

import pytest

from grader.author.topics import FILE, read_topics, topic_findings
from grader.course import Course, bundled_root, read_course
from grader.errors import CourseError
from grader.quiz.bank import quizzes

from .small_course import CHAPTER, change, folders, write_course

TOPICS = """\
format = 1

[texts]
"000" = "scaling"

[[topic]]
where = "000:1"
topic = "Scaling multiplies."
right = "Every value."
says = "every value times the factor"

[[topic]]
where = "000:2-3"
topic = "Factors are drawn at random."
right = "They are given."
says = "The factor is given."

[[topic]]
where = "000:list"
topic = "Titles."
left_out = "nothing to teach"
"""
NOWHERE = "is taught nowhere; name it in `sources` where it is, or say why by left_out"
UNKNOWN = "which is no topic of exercises/sources.toml; mend it, or add the topic"
BOTH = "teaches it; remove the one or the other"
GONE = "does not stand in"
MEND = "mend the text or the quote"
QUIZ = """\
format = 1

[[question]]
id = "which-factor"
type = "short"
sources = ["000:2-3"]
prompt = "Who gives the factor?"
accepted = ["the caller"]
explanation = "The factor is given."
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course that teaches one topic in its exercise, one in its quiz, and leaves out one."""
    folder, _ = folders(write_course(tmp_path), "scaling")
    change(folder / "exercise.toml", "points", 'sources = ["000:1"]\npoints')
    (tmp_path / "exercises" / CHAPTER / "quiz.toml").write_text(QUIZ, encoding="utf-8")
    (tmp_path / "exercises" / "sources.toml").write_text(TOPICS, encoding="utf-8")
    return tmp_path


def seen(course: Course) -> list[str]:
    return list(topic_findings(course, quizzes(course)))


def test_the_bundled_course_teaches_every_topic() -> None:
    """Each of the 111 is named by an exercise or a question, or left out with a reason; each quote stands there."""
    course = read_course(bundled_root())
    topics = read_topics(course)
    assert topics is not None
    assert len(topics.topics) == 111
    assert [topic.where for topic in topics.topics if topic.left_out] == ["000:91-95", "000:105"]
    assert seen(course) == []


def test_a_course_without_a_list_of_topics_needs_none(root: Path) -> None:
    """Then nothing can be said about what `sources` name."""
    (root / "exercises" / "sources.toml").unlink()
    assert seen(read_course(root)) == []


def test_a_course_that_teaches_all_its_topics_has_no_finding(root: Path) -> None:
    """The course that the other tests spoil."""
    assert seen(read_course(root)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("exercise", 'sources = ["000:1"]\n', "", f"{FILE}: 000:1 {NOWHERE}"),
        ("quiz", 'sources = ["000:2-3"]\n', "", f"{FILE}: 000:2-3 {NOWHERE}"),
        ("exercise", '["000:1"]', '["000:1", "000:9"]', f"scaling/exercise.toml: sources holds '000:9', {UNKNOWN}"),
        ("quiz", ':2-3"]', ':2-3", "000:2"]', f"{CHAPTER}/quiz.toml: which-factor: sources holds '000:2', {UNKNOWN}"),
        ("exercise", '["000:1"]', '["000:1", "000:list"]', f"{FILE}: 000:list is left_out, and scaling {BOTH}"),
        ("readme", "every", "each", f"{FILE}: 000:1: says = 'every value times the factor' {GONE} scaling; {MEND}"),
        (
            "quiz",
            "The factor is",
            "It is",
            f"{FILE}: 000:2-3: says = 'The factor is given.' {GONE} which-factor; {MEND}",
        ),
    ],
)
def test_a_planted_gap_is_the_only_finding(root: Path, file: str, old: str, new: str, told: str) -> None:
    """It names the topic, or the file that names an unknown one."""
    folder, _ = folders(root, "scaling")
    files = {
        "exercise": folder / "exercise.toml",
        "readme": folder / "README.md",
        "quiz": root / "exercises" / CHAPTER / "quiz.toml",
    }
    change(files[file], old, new)
    assert seen(read_course(root)) == [told]


def test_a_quote_may_run_over_the_end_of_a_line(root: Path) -> None:
    """Texts are wrapped."""
    change(folders(root, "scaling")[0] / "README.md", "value times the", "value\n  times the")
    assert seen(read_course(root)) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("format = 1", "format = 2", "exercises/sources.toml: format = 2; this version reads format 1"),
        ('"000:2-3"', '"lines 2 and 3"', "where holds 'lines 2 and 3'; write a text's number and lines as 001:17"),
        ('"000:2-3"', '"001:2-3"', "001:2-3: where = '001:2-3'; name text 001 in [texts], or mend the number"),
        ('"000:2-3"', '"000:1"', "000:1: where = '000:1' belongs to two topics; give each its own"),
        ('topic = "Titles."', 'topic = " "', "000:list: topic is missing; say in few words what the text says"),
        ("left_out", "leftout", "000:list: leftout is not a key of this file; remove it, or mend its spelling"),
    ],
)
def test_a_mistake_in_the_list_is_told(root: Path, old: str, new: str, told: str) -> None:
    """With the file or the topic, the value and the remedy."""
    change(root / "exercises" / "sources.toml", old, new)
    with pytest.raises(CourseError) as raised:
        seen(read_course(root))
    assert told in str(raised.value)
