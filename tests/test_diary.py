"""How long exercises took a student: counted by attempts, written into a release, read from whoever hands it in."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import diary
from grader.diary import NotADiary, Tried, read, tried
from grader.errors import WorkspaceError
from grader.progress import Attempt, Progress
from grader.result import ExerciseResult, Outcome, Report, Run, SandboxLevel

from . import small_course
from .class_samples import exercise
from .command import grade

START = datetime(2026, 11, 27, 9, tzinfo=UTC)
STUB, FAILED, PASSED = Outcome.NOT_STARTED, Outcome.FAILED, Outcome.PASSED


def attempts(*found: tuple[float, Outcome]) -> list[Attempt]:
    """Attempts so many minutes after the start."""
    return [
        Attempt("softmax", START + timedelta(minutes=minutes), outcome, 0, 1, 0.0, 10.0, 0.0)
        for minutes, outcome in found
    ]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], None),
        ([(0, STUB), (5, STUB)], None),
        ([(0, STUB), (10, FAILED), (25, PASSED), (30, FAILED)], (2, 25.0, True)),
        ([(0, STUB), (20, STUB), (30, PASSED)], (1, 10.0, True)),  # begun after the last run of the stub
        ([(0, FAILED), (12, FAILED)], (2, 12.0, False)),
        ([(0, FAILED), (31, FAILED), (61, PASSED)], (3, 30.0, True)),  # a break of 31 minutes
        ([(0, FAILED), (5, STUB), (9, PASSED)], (3, 9.0, True)),  # put back to the stub on the way
        ([(0, PASSED)], (1, 0.0, True)),
        ([(5, FAILED), (0, PASSED)], (2, 0.0, True)),  # a clock that was put back
    ],
)
def test_runs_and_minutes(found: list[tuple[float, Outcome]], expected: tuple[int, float, bool] | None) -> None:
    assert tried("softmax", attempts(*found)) == (None if expected is None else Tried("softmax", *expected))


@given(st.lists(st.tuples(st.floats(0, 1e5), st.sampled_from([STUB, FAILED, PASSED])), max_size=20))
def test_what_comes_after_the_pass_changes_nothing(found: list[tuple[float, Outcome]]) -> None:
    whole = tried("softmax", attempts(*sorted(found, key=lambda one: one[0])))
    longer = tried("softmax", [*attempts(*sorted(found, key=lambda one: one[0])), *attempts((2e5, FAILED))])
    if whole is not None:
        assert 1 <= whole.runs <= len(found)
        assert 0 <= whole.minutes <= 30 * len(found)
        assert whole.passed == any(outcome is PASSED for _, outcome in found)
        assert not whole.passed or longer == whole


def reported(*results: ExerciseResult) -> Report:
    return Report("Course", results, Run(SandboxLevel.PROCESS))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    times = iter(START + timedelta(minutes=minutes) for minutes in (0, 7))
    with Progress.open(tmp_path / "progress.sqlite3", clock=lambda: next(times)) as progress:
        progress.record(reported(exercise("a", core=FAILED), exercise("b", core=STUB)))
        progress.record(reported(exercise("a", core=PASSED)))
        diary.write(tmp_path, progress, ["a", "b", "c"])
    assert read((tmp_path / "progress.json").read_bytes()) == (Tried("a", 2, 7.0, True),)
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_what_can_not_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / diary.FILE).mkdir()
    with (
        Progress.open(tmp_path / "progress.sqlite3") as progress,
        pytest.raises(WorkspaceError, match=r"progress\.json: Is a directory; how long exercises took was not kept"),
    ):
        diary.write(tmp_path, progress, ["lesson"])
    assert not list(tmp_path.glob(".*"))


def test_a_release_keeps_it_and_a_workspace_does_not(tmp_path: Path) -> None:
    """By every `grade` that graded something; what can't be written costs nothing else."""
    root = small_course.write_course(tmp_path / "course", "lesson-a", "lesson-b")
    released = grade(root, "release", ".", "-o", str(tmp_path / "hw"))
    assert released.returncode == 0, released.stderr
    folder = tmp_path / "hw"
    assert "`progress.json` says how many runs" in (folder / "README.md").read_text(encoding="utf-8")
    (own,) = folder.glob("exercises/*/lesson-a/lesson_a.py")
    own.write_text(small_course.REFERENCE)
    assert "visible checks" in grade(folder).stdout
    (told,) = read((folder / "progress.json").read_bytes())
    assert (told.exercise, told.runs, told.passed) == ("lesson-a", 1, True)
    assert grade(root).returncode == 1
    assert not (root / "progress.json").exists()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is not as `grade` writes it"),
        (b"\xff", "is not as `grade` writes it"),
        (b"[" * 100_000, "is not as `grade` writes it"),
        (b"{}", "is not as `grade` writes it"),
        (b"[]", "is not as `grade` writes it"),
        (b'{"format": 2, "exercises": {}}', "has format 2"),
        (b'{"format": 1, "exercises": {"a": {"runs": -1, "minutes": 1, "passed": true}}}', "impossible numbers at 'a'"),
        (b'{"format": 1, "exercises": {"a": {"runs": 1, "minutes": 1e99, "passed": true}}}', "impossible numbers"),
        (b'{"format": 1, "exercises": {"a": {"runs": 1, "minutes": NaN, "passed": true}}}', "is not as"),
        (b'{"format": 1, "exercises": {"a": {"runs": "1", "minutes": 1, "passed": true}}}', "is not as"),
        (b" " * 300_000, "has 300,000 bytes"),
    ],
)
def test_a_file_of_anothers_making_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(NotADiary, match=says):
        read(data)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["runs", "minutes", "passed", "a"]), inner),
)


@given(st.binary(max_size=200) | VALUES.map(lambda one: json.dumps({"format": 1, "exercises": {"a": one}}).encode()))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    """What is read at all has numbers that somebody can have taken."""
    try:
        found = read(data)
    except NotADiary:
        return
    assert all(0 <= one.runs <= 1e5 and 0 <= one.minutes <= 1e5 for one in found)
