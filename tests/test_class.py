"""A class is graded in one command: everybody has a row, and nobody's work changes another's.

What is compared of two gradebooks is everything but times.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader import intake, runner
from grader.classroom.gradebook import Gradebook
from grader.classroom.model import Row, State
from grader.course import read_course
from grader.data import where
from grader.result import CheckResult, ExerciseResult, Outcome, Problem, SandboxLevel

from . import class_folder, small_course
from .class_folder import EXERCISES, LONG, SCALING, SHORT, Work, works
from .command import grade
from .hostile.attack import Attack
from .hostile.harness import ALSO, VERDICTS
from .small_course import change

GRADE = [sys.executable, "-c", "import sys; sys.argv[0] = 'grade'; from grader.cli import main; main()"]
PROCESS = ("--sandbox", "process")  # the same words on every machine


class Class:
    """A course and a folder of submissions, graded by the real command."""

    def __init__(self, root: Path, students: Sequence[Work]) -> None:
        self.root = root
        self.course = class_folder.write_course(root / "course")
        self.submissions = root / "submissions"
        self.submissions.mkdir()
        for work in students:
            work.write(self.submissions)

    def command(self, out: str, *options: str) -> list[str]:
        named = ["--course", str(self.course), "-o", str(self.root / out)]
        return [*GRADE, "class", str(self.submissions), *named, *(options or PROCESS)]

    def grade(self, out: str, *options: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        done = subprocess.run(self.command(out, *options), capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def rows(self, out: str) -> list[Row]:
        with Gradebook.existing(self.root / out) as book:
            return [replace(row, seconds=0.0, graded_at="") for row in book.rows()]


@pytest.fixture
def honest(tmp_path: Path) -> Class:
    return Class(tmp_path, list(works(12, hostile=False)))


def verdict(result: ExerciseResult) -> set[str]:
    return VERDICTS.get(result.outcome.value, {result.outcome.value})


def without_output(result: ExerciseResult) -> ExerciseResult:
    """What is decided, without what is said, printed and raised, which may hold addresses, times and paths."""
    problem = None if result.problem is None else Problem(result.problem.outcome, "")
    checks = tuple(CheckResult(c.name, c.demand, c.outcome, misconception=c.misconception) for c in result.checks)
    return replace(result, checks=checks, problem=problem)


# What everybody gets


def test_every_student_gets_what_they_get_alone(honest: Class) -> None:
    """Each kind of work graded on a bench of its own gives the very same results."""
    honest.grade("out")
    course = read_course(honest.course)
    rows = {row.student.id: row for row in honest.rows("out")}
    assert len(rows) == 12
    for work in works(5, hostile=False):
        jobs = [_job(course.find(name), honest.submissions / work.student) for name in EXERCISES]
        alone = runner.grade(course, jobs, sandbox=SandboxLevel.PROCESS).exercises
        assert _decided(rows[work.student]) == [without_output(one) for one in alone]


def _job(exercise: object, folder: Path) -> runner.Job:
    return runner.Job(exercise, intake.take(folder / exercise.file_name))  # type: ignore[arg-type, attr-defined]


def test_the_rows_say_what_happened(honest: Class) -> None:
    """Right, half right, wrong with its misconception, broken, missing, unfinished."""
    honest.grade("out")
    right, half, wrong, broken, unfinished, *_ = honest.rows("out")
    assert [e.outcome.value for e in right.results] == ["passed"] * 3
    assert [e.outcome.value for e in half.results] == ["failed", "passed", "failed"]
    found = wrong.results[0].checks[0].misconception
    assert found is not None
    assert found.title == "the other sigmoid"
    assert [e.outcome.value for e in broken.results] == ["passed", "import_error", "refused"]
    assert [e.outcome.value for e in unfinished.results] == ["not_started"] * 3
    assert {row.state for row in honest.rows("out")} == {State.GRADED}
    assert {row.sandbox for row in honest.rows("out")} == {"process"}


def test_whose_files_do_not_count_is_said_at_the_end(tmp_path: Path) -> None:
    """A 0 for a wrong name is no 0 for wrong work: the teacher looks before the marks go anywhere."""
    few = Class(tmp_path, list(works(2, hostile=False)))
    (few.submissions / "zoe").mkdir()
    (few.submissions / "zoe" / "scaling.py.txt").write_text(class_folder.PLUS)
    assert "nothing could be taken of 1 (zoe): that counts 0; their rows say why" in few.grade("out").stdout


def test_the_number_of_processes_changes_nothing(honest: Class) -> None:
    honest.grade("one", "--jobs", "1", *PROCESS)
    honest.grade("two", "--jobs", "2", *PROCESS)
    assert honest.rows("one") == honest.rows("two")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the strict sandbox is Linux's")
def test_hostile_work_gets_its_verdict_and_changes_nobody(tmp_path: Path) -> None:
    """Every attack among honest work: its verdict is one of those it may have, and all others get full marks."""
    students = list(works(300))
    attacked = Class(tmp_path, students)
    done = subprocess.run(attacked.command("out", "--jobs", "2"), capture_output=True, text=True, check=False)
    if done.returncode == 4:
        pytest.skip(f"no strict sandbox here: {done.stderr}")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = {row.student.id: row for row in attacked.rows("out")}
    assert rows.keys() == {work.student for work in students}
    honest: dict[str, object] = {}
    for work in students:
        decided = _decided(rows[work.student])
        if work.attack is None:
            assert honest.setdefault(str(work.files), decided) == decided, work.student
            continue
        own = next(e for e in rows[work.student].results if isinstance(work.files[e.name], Attack))
        allowed = work.attack.expected | ALSO.get(work.attack.name, frozenset())
        assert verdict(own) & allowed, f"{work.student}: {own.outcome}"
        assert all(e.passed for e in rows[work.student].results if e is not own), work.student
    assert len(honest) == 5


def _decided(row: Row) -> list[ExerciseResult]:
    return [without_output(result) for result in row.results]


# Going on


def test_what_is_there_is_not_mixed_with_a_new_run_by_accident(honest: Class) -> None:
    """A second run says what is there and how to go on."""
    honest.grade("out")
    said = honest.grade("out", code=2).stderr
    assert "has the rows of 12 students" in said
    assert "--resume" in said
    assert "--regrade" in said


def test_unchanged_work_is_not_graded_again(honest: Class) -> None:
    """Only the student whose file has changed; nobody else's row is touched."""
    honest.grade("out")
    with Gradebook.existing(honest.root / "out") as book:
        before = {row.student.id: row for row in book.rows()}
    first = sorted(before)[0]
    (honest.submissions / first / "scaling.py").write_text(class_folder.PLUS)
    said = honest.grade("out", "--resume", *PROCESS).stdout
    assert "11 unchanged since the last run" in said
    with Gradebook.existing(honest.root / "out") as book:
        after = {row.student.id: row for row in book.rows()}
    assert [student for student in before if before[student] != after[student]] == [first]


def test_another_roster_needs_no_grading(honest: Class) -> None:
    """A name, an extension: they are in the rows, and nothing ran."""
    honest.grade("out")
    names = [row.student.id for row in honest.rows("out")]
    roster = honest.root / "roster.csv"
    roster.write_text("id,name,due\n" + "".join(f"{name},Name of {name},2026-12-03T12:00+01:00\n" for name in names))
    said = honest.grade("out", "--resume", "--roster", str(roster), *PROCESS).stdout
    assert "12 unchanged since the last run" in said
    assert [row.student.name for row in honest.rows("out")] == [f"Name of {name}" for name in names]
    assert all(row.student.due is not None for row in honest.rows("out"))


def test_an_extension_counts_for_who_handed_in_elsewhere(honest: Class) -> None:
    """Late work comes in a folder of its own: of who is not in it the row is kept, as the roster has them now."""
    honest.grade("out")
    first, *_ = (row.student.id for row in honest.rows("out"))
    roster = honest.root / "roster.csv"
    roster.write_text(f"id,name,due\n{first},Name of {first},2026-12-03T12:00+01:00\n")
    shutil.rmtree(honest.submissions / first)
    honest.grade("out", "--resume", "--roster", str(roster), *PROCESS)
    (row,) = (row for row in honest.rows("out") if row.student.id == first)
    assert row.results
    assert row.student.name == f"Name of {first}"
    assert row.student.due is not None


def test_work_that_a_roster_gives_to_somebody_else_is_in_the_gradebook_once(honest: Class) -> None:
    """Graded without a roster first, then with one whose ids are not the names of folders. Others' rows stay."""
    honest.grade("out")
    first, second, *others = [row.student.id for row in honest.rows("out")]
    roster = honest.root / "roster.csv"
    roster.write_text(f"id,name\n1,{first}\n2,{second}\n")
    for other in others:
        shutil.rmtree(honest.submissions / other)
    said = honest.grade("out", "--resume", "--roster", str(roster), *PROCESS).stdout
    assert [row.student.id for row in honest.rows("out")] == sorted(["1", "2", *others])
    assert "10 more students of earlier runs are in the gradebook" in said
    old = sorted([f"{first}.html", f"{second}.html"])
    assert f"2 pages of an earlier run lie in {honest.root / 'out' / 'students'}: {old[0]}, {old[1]}" in said


def test_regrading_grades_all(honest: Class) -> None:
    honest.grade("out")
    assert "unchanged" not in honest.grade("out", "--regrade", *PROCESS).stdout


def test_a_change_of_the_course_is_a_change_of_all(honest: Class) -> None:
    """A check that was mended counts for everybody; `--compare` says whose marks changed, and why."""
    honest.grade("old")
    check = honest.course / "exercises" / "01_first" / SHORT / "test_sigmoid_short.py"
    check.write_text(check.read_text().replace("[0.5, 0.5]", "[0.4, 0.4]"))
    said = honest.grade("new", "--compare", str(honest.root / "old"), *PROCESS).stdout
    assert f"{SHORT}: test_at_zero passed before, failed now" in said
    assert "30 → 25" in said
    assert "unchanged" not in honest.grade("old", "--resume", *PROCESS).stdout


def test_more_time_is_for_whose_time_was_up(honest: Class) -> None:
    """Of nobody else is anything graded again, and nothing at all where the time is the same."""
    slow = "slow"
    files = {
        SHORT: class_folder.RIGHT,
        LONG: f"import time\n\ntime.sleep(2.5)\n{class_folder.RIGHT}",
        SCALING: small_course.REFERENCE,
    }
    Work(slow, files).write(honest.submissions)
    honest.grade("out", "--deadline", "2", *PROCESS)
    before = {row.student.id: row for row in honest.rows("out")}
    assert before[slow].results[-1].outcome is Outcome.TIMED_OUT
    again = honest.grade("out", "--deadline", "2", "--resume", *PROCESS).stdout
    assert "(13 unchanged since the last run)" in again
    assert "(12 unchanged since the last run)" in honest.grade("out", "--resume", *PROCESS).stdout
    after = {row.student.id: row for row in honest.rows("out")}
    assert after[slow].results[-1].passed
    assert {id_ for id_ in after if after[id_] != before[id_]} == {slow}


def test_with_mnist_all_are_graded_again(honest: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks that need it were skipped for those who were graded without."""
    for variable in (where.VARIABLE, "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(honest.root))
    honest.grade("out")
    for file in where.MNIST_FILES:
        with (honest.root / file.name).open("wb") as made:
            made.truncate(file.packed.bytes)
    assert "unchanged" not in honest.grade("out", "--resume", *PROCESS).stdout
    assert "(12 unchanged" in honest.grade("out", "--resume", *PROCESS).stdout


def test_a_change_of_the_settings_is_a_change_of_marks(honest: Class) -> None:
    """An earlier folder keeps what it was counted by."""
    honest.grade("old")
    said = honest.grade("new", "--compare", str(honest.root / "old"), *PROCESS).stdout
    assert "nobody's marks changed" in said
    late = ("--due", "2000-01-01T00:00:00+00:00", "--late", "10%/day up to 50%")
    said = honest.grade("new", "--resume", "--compare", str(honest.root / "old"), *late, *PROCESS).stdout
    assert "30 → 15; penalty 0% before, 50% now" in said
    assert "not known when it was due" not in said
    said = honest.grade("new", "--resume", *late[2:], *PROCESS).stdout
    assert "nothing was taken off for late work: it is not known when it was due; `--due TIME` says so" in said


def test_faults_of_ours_are_marked_and_can_be_graded_again(honest: Class) -> None:
    """A check file that is broken is nobody's zero: the row says error, and the exit code too."""
    check = honest.course / "exercises" / "01_first" / SCALING / "test_scaling.py"
    text = check.read_text()
    check.write_text("import nothing_of_this_name\n")
    done = honest.grade("out", code=1)
    assert "could not judge scaling" in done.stdout
    assert {row.state for row in honest.rows("out")} == {State.ERROR}
    check.write_text(text)
    honest.grade("out", "--retry-errors", *PROCESS)
    assert {row.state for row in honest.rows("out")} == {State.GRADED}


def test_errors_are_not_looked_for_where_nothing_was_graded(honest: Class) -> None:
    """Whoever has no row yet is not missing: their work lies there."""
    assert "no gradebook.sqlite3 in it" in honest.grade("new", "--retry-errors", *PROCESS, code=2).stderr
    assert not (honest.root / "new").exists()
    honest.grade("out")
    Work("zoe", {SCALING: small_course.REFERENCE}).write(honest.submissions)
    said = honest.grade("out", "--retry-errors", *PROCESS).stdout
    assert "13 students: 12 graded, 1 not graded yet (12 unchanged since the last run)" in said


# Ends before the end


def test_killed_at_any_moment_and_resumed_it_is_the_undisturbed_run(tmp_path: Path) -> None:
    """Killed again and again, at moments drawn anew; no row is lost that was there, and no process stays."""
    students = list(works(16, hostile=False))
    killed = Class(tmp_path, students)
    start = time.monotonic()
    killed.grade("whole")
    longest = time.monotonic() - start
    moments = random.Random(20261127)
    seen = 0
    for _ in range(20):
        process = subprocess.Popen(
            killed.command("out", "--resume", *PROCESS),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(moments.uniform(0, longest))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if (tmp_path / "out" / "gradebook.sqlite3").exists():
            rows = killed.rows("out")
            assert len(rows) >= seen
            seen = len(rows)
    killed.grade("out", "--resume", *PROCESS)
    assert killed.rows("out") == killed.rows("whole")
    _until(lambda: not _processes_about(tmp_path))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found in /proc")
def test_a_process_of_the_pool_that_is_killed_costs_nobody_a_row(tmp_path: Path) -> None:
    """Again and again, while it grades: what was in flight is graded once more."""
    students = list(works(30, hostile=False))
    struck = Class(tmp_path, students)
    struck.grade("whole")
    process = subprocess.Popen(struck.command("out"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for least in (2, 12):
        _until(lambda least=least: (tmp_path / "out/gradebook.sqlite3").exists() and len(struck.rows("out")) >= least)
        os.kill(_graders(process.pid)[0], signal.SIGKILL)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    assert struck.rows("out") == struck.rows("whole")


def _graders(command: int) -> list[int]:
    """The processes of a command's pool: its children, which are forks of it."""
    return list(map(int, Path(f"/proc/{command}/task/{command}/children").read_text().split()))


def test_interrupted_it_keeps_what_is_done(honest: Class) -> None:
    """Ctrl-C: its exit code, a whole gradebook, and nothing left running."""
    (honest.submissions / "zz").mkdir()
    endless = "import time\n\n\ndef sigmoid(x):\n    time.sleep(30)\n"
    (honest.submissions / "zz" / "sigmoid_long.py").write_text(endless)
    process = subprocess.Popen(
        honest.command("out"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    _until(lambda: (honest.root / "out" / "gradebook.sqlite3").exists() and len(honest.rows("out")) == 12)
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=15)
    assert process.returncode == 130
    assert "--resume" in said
    assert len(honest.rows("out")) == 12
    _until(lambda: not _processes_about(honest.root))


def _until(holds: Callable[[], bool]) -> None:
    """Wait until it holds, at most half a minute."""
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end, "it does not come true"
        time.sleep(0.05)


def _processes_about(root: Path) -> list[str]:
    """Command lines of processes that name this folder, or that were started by one that did."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if str(root).encode() in environment and folder.name != str(os.getpid()):
            found.append(environment.decode(errors="replace"))
    return found


# Where it can't write


def test_a_folder_that_cannot_be_made_is_named(honest: Class) -> None:
    (honest.root / "out").write_text("a file")
    assert "out" in honest.grade("out", code=2).stderr


def test_a_folder_without_a_course_is_named(honest: Class) -> None:
    """As where the folder `exercises` itself was named."""
    done = honest.grade("out", "--course", str(honest.course / "exercises"), code=2)
    assert done.stderr == (
        f"grade: {honest.course / 'exercises'}: no course in it; name the folder that holds exercises/course.toml\n"
    )
    assert not (honest.root / "out").exists()


def test_on_a_full_disk_nothing_is_lost(honest: Class) -> None:
    """What was written stays, the message says what to do, and with more room it goes on."""
    small = honest.root / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=150k", "none", str(small)], check=False).returncode:
        pytest.skip("only root can make a small disk")
    try:
        said = honest.grade("small/out", code=2).stderr
        assert "disk is full; free some space" in said
        assert "--resume" in said
        before = honest.rows("small/out")
        assert 0 < len(before) < 12
        subprocess.run(["mount", "-o", "remount,size=8m", str(small)], check=True)
        export = ("export", "small/out", "--format", "csv", "-o", "-")
        partial = grade(honest.root, *export)
        said = " ".join(partial.stderr.split())
        assert f"for 12 students, was stopped before its end: {len(before)} are here" in said
        assert partial.returncode == 1
        honest.grade("small/out", "--resume", *PROCESS)
        assert grade(honest.root, *export).returncode == 0
        after = honest.rows("small/out")
        assert len(after) == 12
        assert set(map(str, before)) <= set(map(str, after))
        subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
        assert "writable" in honest.grade("small/out", "--resume", *PROCESS, code=2).stderr
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def test_of_a_stopped_run_nothing_is_said_of_earlier_ones(honest: Class) -> None:
    """They left students of their own: 12 are here, and it was for five."""
    honest.grade("out")
    with Gradebook.existing(honest.root / "out") as gradebook:
        gradebook.keep_setting("unfinished", "5")
    done = grade(honest.root, "export", "out", "--format", "csv", "-o", "-")
    said = "for 5 students, was stopped before its end: 12 are here, some perhaps as an earlier run left them"
    assert said in " ".join(done.stderr.split())
    assert done.returncode == 1


def test_without_the_strict_sandbox_nothing_runs(honest: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    """`grade class` wants it, refuses with its own exit code, names the fix, and takes less only when told."""
    monkeypatch.setenv("PATH", str(honest.root))  # no bubblewrap
    done = honest.grade("out", "--jobs", "2", code=4)
    assert "bubblewrap" in done.stderr
    assert not (honest.root / "out").exists()
    honest.grade("out", *PROCESS)


TELLS = """
import numpy as np

ASKED = []


def scale(values, factor=2.0):
    ASKED.append(values.tolist())
    if factor == 3.0:
        raise ValueError(f"asked before: {ASKED[:-1]}")
    return values * factor
"""


@pytest.mark.parametrize("objects", [False, True])
@pytest.mark.parametrize("seen", ["visible", "after_due"])
def test_a_visible_check_tells_nothing_of_a_hidden_one_before(tmp_path: Path, seen: str, *, objects: bool) -> None:
    """Code that keeps what it is called with has nothing to show where its student looks."""
    root = small_course.write_course(tmp_path / "course")
    if objects:
        change(small_course.folders(root, "scaling")[0] / "exercise.toml", "points = 10", "points = 10\nobjects = true")
    (tmp_path / "class/eve").mkdir(parents=True)
    (tmp_path / "class/eve/scaling.py").write_text(TELLS)
    settings = tmp_path / "settings.toml"
    settings.write_text(
        f'format = 1\ntitle = "A"\n[[exercise]]\nname = "scaling"\nvisibility = {{ test_factor = "{seen}" }}\n'
    )
    named = ["--course", str(root), "--settings", str(settings), "-o", str(tmp_path / "out")]
    done = subprocess.run(
        [*GRADE, "class", str(tmp_path / "class"), *named, *PROCESS],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with Gradebook.existing(tmp_path / "out") as book:
        (row,) = book.rows()
    core, factor = row.results[0].checks
    assert core.passed
    assert "asked before: []" in factor.message
