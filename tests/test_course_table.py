"""The table of a course: what stands in it, when it is stale, and how it is written."""

from pathlib import Path

import pytest

from grader.author.course_table import FILE, MARK, course_table, table_findings, write_table
from grader.author.proof import verify
from grader.course import Course, bundled_root, read_course
from grader.errors import CourseError
from grader.quiz.bank import quizzes
from grader.workspace import create

from .command import grade
from .small_course import CHAPTER, change, folders, write_course
from .test_topics import QUIZ, TOPICS

STALE = "exercises/README.md is stale; write it anew by `grade verify --write-table`"
WHOLE = f"""\
{MARK}

# A small course

Exercises: 2, checks: 4, known-wrong solutions: 4, quiz questions: 1.
A check is a test function; one with several cases counts once. A known-wrong solution (column "wrong") has
one plausible mistake, which a check must catch.

## 01 First steps

| exercise   | teaches                                | functions | checks | wrong | source topics |
| ---------- | -------------------------------------- | --------- | ------ | ----- | --- |
| [scaling]  | A product \\| for all elements at once. | `scale`   | 2      | 2     | 000: 1 |
| [scale-up] | A product for all elements at once.    | `scale`   | 2      | 2     |     |

## Quizzes

`grade quiz CHAPTER` asks them.

| chapter  | title       | questions | types |
| -------- | ----------- | --------- | --- |
| 01_first | First steps | 1         | 1 short |

## Where each topic of the sources is taught

3 topics, by source text and line. "To get right" is where the text is garbled,
mistranslated, silent or wrong. Links are exercises, the other names are quiz questions.

### Text 000: scaling

| place    | topic                        | to get right    | taught in |
| -------- | ---------------------------- | --------------- | --- |
| 000:1    | Scaling multiplies.          | Every value.    | [scaling] |
| 000:2-3  | Factors are drawn at random. | They are given. | `which-factor` |
| 000:list | Titles.                      |                 | left out: nothing to teach |

[scaling]: 01_first/scaling/
[scale-up]: 01_first/scale-up/
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of two exercises with a quiz, a list of topics, and no table."""
    settings = folders(write_course(tmp_path, "scaling", "scale-up"), "scaling")[0] / "exercise.toml"
    change(settings, "points", 'sources = ["000:1"]\npoints')
    change(settings, "A product for", "A product | for")
    (tmp_path / "exercises" / CHAPTER / "quiz.toml").write_text(QUIZ, encoding="utf-8")
    (tmp_path / "exercises" / "sources.toml").write_text(TOPICS, encoding="utf-8")
    return tmp_path


def findings(root: Path) -> list[str]:
    course = read_course(root)
    return list(table_findings(course, quizzes(course)))


def written(root: Path) -> Course:
    """The course with its table written."""
    course = read_course(root)
    write_table(course, quizzes(course))
    return course


def test_the_bundled_table_is_fresh() -> None:
    """It says what the course's files say, and names every exercise and every chapter's quiz."""
    root = bundled_root()
    assert findings(root) == []
    course = read_course(root)
    text = (root / FILE).read_text(encoding="utf-8")
    assert text == course_table(course, quizzes(course))
    assert [e.name for e in course.exercises if f"| [{e.name}] " not in text] == []
    assert [chapter.folder for chapter in course.chapters if f"| {chapter.folder} " not in text] == []


def test_the_whole_table(root: Path) -> None:
    """As it is written for a small course."""
    written(root)
    assert (root / FILE).read_text(encoding="utf-8") == WHOLE
    assert findings(root) == []


def test_a_course_without_quizzes_and_topics_has_a_shorter_table(tmp_path: Path) -> None:
    """No empty headings."""
    written(write_course(tmp_path))
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("#")] == ["# A small course", "## 01 First steps"]
    assert "| exercise  | teaches                             | functions | checks | wrong |" in text.splitlines()
    assert "Exercises: 1, checks: 2, known-wrong solutions: 2, quiz questions: 0." in text


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("exercise.toml", "A product | for", "The product for"),
        ("exercise.toml", 'sources = ["000:1"]\n', ""),
        ("test_scaling.py", "def test_factor", "def no_test_factor"),
        ("../quiz.toml", "which-factor", "what-factor"),
        ("../../sources.toml", "Every value.", "Each value."),
        ("../../course.toml", "First steps", "Next steps"),
    ],
)
def test_a_table_is_stale_when_what_it_says_has_changed(root: Path, file: str, old: str, new: str) -> None:
    """Writing it again mends that."""
    written(root)
    change(folders(root, "scaling")[0] / file, old, new)
    assert findings(root) == [STALE]
    written(root)
    assert findings(root) == []


def test_a_course_needs_no_table(root: Path) -> None:
    """Nobody else's course must have one."""
    assert findings(root) == []


def test_a_table_that_was_written_by_hand_is_left_alone(root: Path) -> None:
    """Neither compared nor overwritten."""
    (root / FILE).write_text("# My course\n", encoding="utf-8")
    assert findings(root) == []
    with pytest.raises(CourseError, match=r"README\.md: was not written by this command; move it away"):
        written(root)
    assert (root / FILE).read_text(encoding="utf-8") == "# My course\n"


def test_a_broken_exercise_is_told_in_place_of_a_table(root: Path) -> None:
    """What can't be read can't be counted; the exercise's own finding is enough."""
    written(root)
    check_file = folders(root, "scale-up")[0] / "test_scale_up.py"
    check_file.write_text("def test_(", encoding="utf-8")
    assert findings(root) == []
    with pytest.raises(CourseError, match=r"scale-up: test_scale_up.py in .*, line 1: .*; mend it"):
        written(root)


def test_verify_reports_gaps_and_a_stale_table(root: Path) -> None:
    """Both are about the whole course, whichever exercise is asked for."""
    course = written(root)
    change(folders(root, "scale-up")[0] / "exercise.toml", "points", 'sources = ["000:7"]\npoints')
    change(folders(root, "scale-up")[0] / "exercise.toml", "A product", "The product")
    course = read_course(root)
    told = verify(course, course.exercises[:1], jobs=1).findings
    assert STALE in told
    assert [finding for finding in told if "sources holds '000:7'" in finding] != []


# The command


def test_the_command_writes_the_table(root: Path) -> None:
    """It says what it has written, and grades nothing."""
    done = grade(root, "verify", "--write-table")
    assert (done.returncode, done.stderr) == (0, "")
    counts = "exercises: 2, checks: 4, known-wrong solutions: 4, quiz questions: 1"
    assert done.stdout == f"wrote {root / FILE} ({counts})\n"
    assert (root / FILE).read_text(encoding="utf-8") == WHOLE


def test_the_command_takes_no_names(root: Path) -> None:
    """There is one table for the whole course."""
    done = grade(root, "verify", "--write-table", "scaling")
    assert done.returncode == 2
    assert "--write-table writes the table of the whole course; leave the names out" in done.stderr
    assert not (root / FILE).exists()


def test_a_workspace_has_no_table(tmp_path: Path) -> None:
    """The installed course is never written to."""
    workspace = create(tmp_path / "work")[0]
    before = (workspace.course.root / FILE).read_bytes()
    done = grade(workspace.root, "verify", "--write-table")
    told = f"grade: {workspace.root}: a workspace has no table of the course; go to the course's own folder\n"
    assert (done.returncode, done.stderr) == (2, told)
    assert (workspace.course.root / FILE).read_bytes() == before
