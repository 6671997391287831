"""Progress is kept in one file that survives kills, damage, other versions and other processes."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader import progress as progress_module
from grader.errors import WorkspaceError
from grader.progress import MIGRATIONS, Attempt, Best, Progress
from grader.result import CheckResult, ExerciseResult, Outcome, Problem, Report, Run, SandboxLevel

NOON = datetime(2026, 11, 20, 14, 23, 55, tzinfo=UTC)
ROOT = Path(progress_module.__file__).parent.parent


def clock() -> datetime:
    return NOON


def exercise(name: str, *outcomes: Outcome, points: float = 10.0) -> ExerciseResult:
    """An exercise with one check per outcome; the first is its core check."""
    found = tuple(CheckResult(f"test_{i}", "", outcome, core=i == 0) for i, outcome in enumerate(outcomes))
    return ExerciseResult(name, name, "01", "First", f"{name}.py", points, found)


def report(*exercises: ExerciseResult, seconds: dict[str, float] | None = None) -> Report:
    return Report("course", exercises, Run(SandboxLevel.PROCESS, learner_seconds=seconds or {}))


PASSED = exercise("softmax", Outcome.PASSED, Outcome.PASSED)
HALF = exercise("softmax", Outcome.PASSED, Outcome.FAILED)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".grade" / "progress.sqlite3"


def is_whole(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def names(path: Path) -> list[str]:
    return sorted(found.name for found in path.parent.iterdir())


# What is kept


def test_attempts_come_back_as_they_were(path: Path) -> None:
    """After reopening, too; the time is the learner's share of the run."""
    spent = {"softmax/test_0": 0.25, "softmax/test_1": 0.5, "softmax-2/test_0": 9.0}
    with Progress.open(path, clock) as progress:
        progress.record(report(HALF, seconds=spent))
    with Progress.open(path, clock) as progress:
        assert progress.history("softmax") == [Attempt("softmax", NOON, Outcome.FAILED, 1, 2, 5.0, 10.0, 0.75)]
        assert progress.history("sigmoid") == []
        assert progress.messages == []


def test_the_best_challenge_is_that_of_the_largest_share(path: Path) -> None:
    """A course may have more to catch than before; of equal ones the latest counts."""
    with Progress.open(path, clock) as progress:
        assert progress.challenges() == {}
        for caught, total in ((9, 12), (5, 12), (0, 3), (6, 8), (5, 8)):
            progress.record_challenge("softmax", caught, total)
        progress.record_challenge("sigmoid", 0, 11)
    with Progress.open(path, clock) as progress:
        assert progress.challenges() == {"sigmoid": (0, 11), "softmax": (6, 8)}


def test_the_best_attempt_is_told_from_the_last(path: Path) -> None:
    """A passed attempt is the best, whatever came after it."""
    times = iter([NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2), NOON + timedelta(hours=3)])
    with Progress.open(path, lambda: next(times)) as progress:
        for attempt in (HALF, PASSED, PASSED, HALF):
            progress.record(report(attempt))
        assert progress.best() == {"softmax": Best(10.0, 10.0, Outcome.PASSED, 4, NOON + timedelta(hours=1))}
        assert progress.last() == {"softmax": Outcome.FAILED}


def test_the_best_of_failed_attempts_has_the_highest_score(path: Path) -> None:
    """And no time of passing."""
    crashed = ExerciseResult("softmax", "", "", "", "", 10.0, (), Problem(Outcome.CRASHED, "ended"))
    with Progress.open(path, clock) as progress:
        for attempt in (crashed, HALF, crashed):
            progress.record(report(attempt))
        assert progress.best() == {"softmax": Best(5.0, 10.0, Outcome.FAILED, 3, None)}
        assert progress.last() == {"softmax": Outcome.CRASHED}


def test_a_skipped_exercise_is_no_attempt(path: Path) -> None:
    """Where no check could run, nothing was tried."""
    with Progress.open(path, clock) as progress:
        progress.record(report(exercise("idx-files", Outcome.SKIPPED), PASSED))
        assert set(progress.best()) == {"softmax"}


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.SKIPPED])
def test_every_outcome_is_kept(path: Path, outcome: Outcome) -> None:
    """What can be recorded can be read."""
    with Progress.open(path, clock) as progress:
        progress.record(report(ExerciseResult("x", "", "", "", "", 1.0, (), Problem(outcome, ""))))
        assert progress.last() == {"x": outcome}


def test_a_report_is_recorded_whole_or_not_at_all(path: Path) -> None:
    """A value that the file refuses takes the report's other exercises with it."""
    broken = exercise("sigmoid", Outcome.PASSED, points=float("nan"))
    with Progress.open(path, clock) as progress:
        with pytest.raises(WorkspaceError):
            progress.record(report(PASSED, broken))
        assert progress.best() == {}
        progress.record(report(PASSED))
        assert set(progress.best()) == {"softmax"}


def test_hints_go_up_to_the_last_and_stay(path: Path) -> None:
    """Each exercise counts for itself."""
    with Progress.open(path, clock) as progress:
        assert [progress.take_hint("softmax", 3) for _ in range(5)] == [1, 2, 3, 3, 3]
        assert progress.take_hint("sigmoid", 3) == 1
        assert progress.hints() == {"sigmoid": 1, "softmax": 3}
        with pytest.raises(ValueError, match="total = 0"):
            progress.take_hint("softmax", 0)


def test_giving_up_is_told_from_looking_back(path: Path) -> None:
    """A solution seen after passing is not giving up; one that was is not undone by it."""
    with Progress.open(path, clock) as progress:
        progress.record_solution("softmax", gave_up=False)
        progress.record_solution("sigmoid", gave_up=True)
        progress.record_solution("sigmoid", gave_up=False)
        assert progress.gave_up() == {"sigmoid"}


# The file


def test_nothing_but_the_file_and_its_lock_is_left(path: Path) -> None:
    """No unfinished file, no write-ahead log."""
    with Progress.open(path, clock) as progress:
        progress.record(report(PASSED))
    assert names(path) == ["progress.lock", "progress.sqlite3"]


def test_commits_reach_the_disk(path: Path) -> None:
    """Write-ahead log, and synchronous = FULL (2)."""
    with Progress.open(path, clock) as progress:
        assert progress._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert progress._connection.execute("PRAGMA synchronous").fetchone() == (2,)


def zeros_in_the_middle(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 3000)


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE attempts (id)")
        connection.execute("PRAGMA user_version = 1")


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"not a database, though long enough to be looked at" * 100),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        zeros_in_the_middle,
        foreign,
    ],
    ids=["text", "empty", "cut off", "page", "foreign"],
)
def test_a_damaged_file_is_kept_and_a_fresh_one_started(path: Path, damage: Callable[[Path], object]) -> None:
    """Byte for byte, under a dated name, and the person is told."""
    with Progress.open(path, clock) as progress:
        for _ in range(200):
            progress.record(report(HALF))
    damage(path)
    damaged = path.read_bytes()
    with Progress.open(path, clock) as progress:
        (message,) = progress.messages
        assert progress.best() == {}
        progress.record(report(PASSED))
    kept = path.with_name("progress.damaged-20261120-142355.sqlite3")
    assert kept.read_bytes() == damaged
    assert message.startswith(f"{path}: damaged (")
    assert message.endswith(f"; kept as {kept.name}, and a fresh one was started")
    with Progress.open(path, clock) as progress:
        assert progress.messages == []
        assert set(progress.best()) == {"softmax"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    with Progress.open(path, clock) as progress:
        (message,) = progress.messages
    assert "a fresh one was started" in message


def test_a_second_damaged_file_gets_a_name_of_its_own(path: Path) -> None:
    """Within the same second nothing is overwritten; the log goes along with its file."""
    path.parent.mkdir()
    for text in ("one", "two", "three"):
        path.write_text(text * 500)
        path.with_name(f"{path.name}-wal").write_text(f"{text} log")
        Progress.open(path, clock).close()
    for text, tail in (("one", ""), ("two", "-2"), ("three", "-3")):
        kept = path.with_name(f"progress.damaged-20261120-142355{tail}.sqlite3")
        assert kept.read_text() == text * 500
        assert kept.with_name(f"{kept.name}-wal").read_text() == f"{text} log"


def test_a_log_without_its_file_is_not_replayed_into_a_new_one(path: Path) -> None:
    """SQLite would take it for the new file's own."""
    progress = Progress.open(path, clock)
    progress.record(report(PASSED))
    log = path.with_name(f"{path.name}-wal").read_bytes()
    progress.close()
    path.unlink()
    path.with_name(f"{path.name}-wal").write_bytes(log)
    with Progress.open(path, clock) as fresh:
        assert fresh.best() == {}
        assert "missing, though" in fresh.messages[0]
    assert path.with_name("progress.damaged-20261120-142355.sqlite3-wal").read_bytes() == log


def test_a_newer_file_is_kept_for_the_newer_version(path: Path) -> None:
    """An older neurograde doesn't touch what it doesn't know."""
    newer = (*MIGRATIONS, ("ALTER TABLE attempts ADD COLUMN mood TEXT",))
    with Progress.open(path, clock, migrations=newer) as progress:
        progress.record(report(PASSED))
    with Progress.open(path, clock) as progress:
        assert progress.best() == {}
        known = len(MIGRATIONS)
        assert f"newer (version {known + 1}, and this neurograde knows {known})" in progress.messages[0]
    kept = path.with_name("progress.newer-20261120-142355.sqlite3")
    with Progress.open(kept, clock, migrations=newer) as progress:
        assert set(progress.best()) == {"softmax"}


def test_an_older_file_is_migrated_with_what_it_holds(path: Path) -> None:
    """Each migration runs once, in order."""
    with Progress.open(path, clock) as progress:
        progress.record(report(PASSED))
    second = ("ALTER TABLE attempts ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'",)
    third = ("UPDATE attempts SET mood = mood || '!'",)
    for _ in range(2):
        with Progress.open(path, clock, migrations=(*MIGRATIONS, second, third)) as progress:
            assert set(progress.best()) == {"softmax"}
            assert progress.messages == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT mood FROM attempts").fetchall() == [("calm!",)]
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 2,)


def test_a_migration_that_fails_changes_nothing(path: Path) -> None:
    """The file stays as it was, and is not taken for damaged."""
    with Progress.open(path, clock) as progress:
        progress.record(report(PASSED))
    broken = ("ALTER TABLE attempts ADD COLUMN mood TEXT", "UPDATE nowhere SET mood = ''")
    with pytest.raises(WorkspaceError, match="no such table: nowhere"):
        Progress.open(path, clock, migrations=(*MIGRATIONS, broken))
    with Progress.open(path, clock) as progress:
        assert set(progress.best()) == {"softmax"}
        assert progress.messages == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_an_error_with_its_remedy(path: Path) -> None:
    """The caller grades anyway."""
    path.parent.mkdir()
    path.parent.chmod(0o500)
    with pytest.raises(WorkspaceError, match="make the file and its folder writable"):
        Progress.open(path, clock)


def test_a_folder_that_cannot_be_made_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    """A file is in the way."""
    (tmp_path / ".grade").write_text("")
    with pytest.raises(WorkspaceError, match=r"progress\.sqlite3: .*; make the file and its folder writable"):
        Progress.open(tmp_path / ".grade" / "progress.sqlite3", clock)


def test_a_workspace_that_is_gone_does_not_come_up_again(tmp_path: Path) -> None:
    """It was moved away a moment ago, and its owner may move it back."""
    with pytest.raises(WorkspaceError, match="No such file"):
        Progress.open(tmp_path / "moved" / ".grade" / "progress.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_an_error_with_its_remedy(path: Path) -> None:
    """SQLite itself is told that there is no more room."""
    with Progress.open(path, clock) as progress:
        progress._connection.execute("PRAGMA max_page_count = 1")
        much = report(*[HALF] * 1000)
        with pytest.raises(WorkspaceError, match="free some space on this disk"):
            progress.record(much)
    assert is_whole(path)


def test_a_row_of_somebody_else_is_an_error_with_its_remedy(path: Path) -> None:
    """An outcome that nobody knows is not a traceback."""
    with Progress.open(path, clock) as progress:
        progress.record(report(HALF))
        progress._connection.execute("UPDATE attempts SET outcome = 'splendid', at = 'noon'")
        for read in (progress.best, progress.last, lambda: progress.history("softmax")):
            with pytest.raises(WorkspaceError, match="move the file away"):
                read()


def test_random_damage_is_mended_or_told(path: Path) -> None:
    """Bytes changed anywhere: never any other error, and never a lost file."""
    with Progress.open(path, clock) as progress:
        for _ in range(100):
            progress.record(report(HALF))
    whole = path.read_bytes()
    chance = random.Random(7)
    for _ in range(60):
        spoilt = bytearray(whole)
        for _ in range(chance.choice([1, 1, 5, 100])):
            spoilt[chance.randrange(len(spoilt) if chance.random() < 0.5 else 200)] = chance.randrange(256)
        path.write_bytes(spoilt)
        try:
            with Progress.open(path, clock) as progress:
                progress.record(report(PASSED))
                progress.best(), progress.last(), progress.history("softmax"), progress.hints(), progress.gave_up()
        except WorkspaceError:
            pass
        for companion in path.parent.glob("progress.sqlite3-*"):
            companion.unlink()
        for kept in path.parent.glob("progress.damaged-*"):
            kept.unlink()


# Several processes

RECORD_FOR_EVER = """
import sys
from pathlib import Path
from grader.progress import Progress
from grader.result import *
check = CheckResult("test", "", Outcome.PASSED, core=True)
number = 0
while number < int(sys.argv[3]):
    with Progress.open(Path(sys.argv[1])) as progress:
        for _ in range(5):
            exercises = tuple(ExerciseResult(f"{sys.argv[2]}{number}-{k}", "", "", "", "", 1.0, (check,)) for k in "ab")
            progress.record(Report("", exercises, Run(SandboxLevel.PROCESS)))
            print(number, flush=True)
            number += 1
"""


def start(path: Path, name: str, many: int = 10**9) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", RECORD_FOR_EVER, str(path), name, str(many)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def told_as_recorded(process: "subprocess.Popen[str]") -> int:
    assert process.stdout is not None
    with process.stdout:
        return len([line for line in process.stdout.read().split("\n")[:-1] if line])


def test_what_was_reported_as_recorded_survives_a_kill(path: Path) -> None:
    """Killed at any moment, while the file is made, too: it stays whole, and reports are there whole or not at all."""
    chance = random.Random(7)
    told: dict[str, int] = {}
    for run in range(12):
        process = start(path, f"run{run}-")
        if run % 3:  # otherwise the kill falls into start or creation
            assert process.stdout is not None
            process.stdout.readline()
            told[f"run{run}-"] = 1
        until = time.perf_counter() + chance.uniform(0.0, 0.15)
        while time.perf_counter() < until:
            pass
        process.kill()
        process.wait()
        told[f"run{run}-"] = told.get(f"run{run}-", 0) + told_as_recorded(process)
    with Progress.open(path, clock) as progress:
        assert progress.messages == []
        found = set(progress.best())
    assert is_whole(path)
    assert sum(told.values()) > 20
    for name, many in told.items():
        assert {f"{name}{number}-{k}" for number in range(many) for k in "ab"} <= found
    assert all(f"{name[:-1]}{'b' if name[-1] == 'a' else 'a'}" in found for name in found)


@pytest.mark.parametrize("before", [None, b"damaged" * 1000], ids=["no file", "damaged file"])
def test_several_processes_record_at_once(path: Path, before: bytes | None) -> None:
    """They make or mend the file together, and no attempt of any of them is lost."""
    path.parent.mkdir()
    if before is not None:
        path.write_bytes(before)
    processes = [start(path, name, many=25) for name in ("x", "y", "z")]
    assert [told_as_recorded(process) for process in processes] == [25, 25, 25]
    assert [process.wait() for process in processes] == [0, 0, 0]
    with Progress.open(path, clock) as progress:
        assert len(progress.best()) == 3 * 25 * 2
    assert len(list(path.parent.glob("progress.damaged-*.sqlite3"))) == (before is not None)


def test_progress_needs_no_numpy() -> None:
    """`grade status` starts fast."""
    code = "import sys, grader.progress; print('numpy' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert shown.stdout.strip() == "False"
