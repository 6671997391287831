"""Ctrl-C while a learner's loop runs: the command ends at once, and leaves nothing behind but what it should.

The loop says by a pipe outside of its folder that it runs, so that the level is `process`, which lets it.
"""

import os
import select
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from .command import SOLVED, environment, grade
from .reach import make_pipe
from .small_course import change, folders, write_course

AT_MOST_SECONDS = 15.0  # a loop would go on for a minute; a busy machine may need a while to end a command
START_SECONDS = 60.0
LOOP = """\
import os

with open({pipe!r}, "w") as pipe:
    pipe.write(f"{{os.getpid()}} {{os.getcwd()}}")


def scale(values, factor=2.0):
    while True:
        pass
"""
LOOP_AT_IMPORT = LOOP.partition("\n\ndef")[0] + "\n\nwhile True:\n    pass\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Two exercises; the second has a minute for a check, and a pipe by which its file can say that it runs."""
    root = write_course(tmp_path, "first", "second")
    change(folders(root, "second")[0] / "exercise.toml", "seconds = 0.5", "seconds = 60")
    (folders(root, "first")[0] / "first.py").write_text(SOLVED, encoding="utf-8")
    make_pipe(root)
    return root


def started(course: Path, *arguments: str) -> "subprocess.Popen[str]":
    """A command at the level `process`, in a group of its own as in a terminal."""
    return subprocess.Popen(
        ["grade", *arguments],
        cwd=course,
        env=environment(NEUROGRADE_SANDBOX="process"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


@contextmanager
def grading(course: Path, loop: str, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", int, str]]:
    """Grade until the loop runs; gives (command, process of the loop, its scratch folder)."""
    text = loop.format(pipe=str(course / "pipe"))
    (folders(course, "second")[0] / "second.py").write_text(text, encoding="utf-8")
    command = started(course, *arguments)
    try:
        process, _, scratch = written(course / "pipe").partition(" ")
        yield command, int(process), scratch
    finally:
        if command.poll() is None:
            os.killpg(command.pid, signal.SIGKILL)
        command.communicate()


@pytest.mark.parametrize("loop", [LOOP, LOOP_AT_IMPORT], ids=["in a call", "at import"])
def test_an_interrupt_ends_everything_at_once(course: Path, loop: str) -> None:
    """130 long before the loop's time is up, one sentence, no process and no folder left."""
    with grading(course, loop, "run", "second") as (command, process, scratch):
        start = time.monotonic()
        os.killpg(command.pid, signal.SIGINT)
        out, err = command.communicate(timeout=20)
        assert time.monotonic() - start < AT_MOST_SECONDS
    assert (command.returncode, out) == (130, "")
    assert err.strip() == "Interrupted; what was recorded before is kept."
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert not Path(scratch).exists()


def test_an_interrupt_leaves_the_progress_whole(course: Path) -> None:
    """What was recorded before is there, and the file is sound."""
    assert grade(course, "run", "first").returncode == 0
    with grading(course, LOOP) as (command, _, _):
        os.killpg(command.pid, signal.SIGINT)
        command.communicate(timeout=20)
    with closing(sqlite3.connect(course / ".grade" / "progress.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert ("first", "passed") in connection.execute("SELECT exercise, outcome FROM attempts").fetchall()
    assert "10/10" in grade(course, "list").stdout


def test_an_interrupt_keeps_what_was_finished_before_it(course: Path) -> None:
    """An exercise that was over when Ctrl-C came is recorded, although the run was not."""
    with grading(course, LOOP) as (command, _, _):
        os.killpg(command.pid, signal.SIGINT)
        command.communicate(timeout=20)
    with closing(sqlite3.connect(course / ".grade" / "progress.sqlite3")) as connection:
        assert connection.execute("SELECT exercise, outcome FROM attempts").fetchall() == [("first", "passed")]


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux can wait for another's process")
def test_a_killed_command_leaves_no_process_behind(course: Path) -> None:
    """Even SIGKILL, which nobody can catch, ends the learner's loop: its side sees that nobody listens any more."""
    with grading(course, LOOP, "run", "second") as (command, process, _):
        watch = os.pidfd_open(process)
        command.kill()
        command.communicate(timeout=20)
        assert ended_within(watch, AT_MOST_SECONDS)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux can wait for another's process")
def test_an_interrupt_ends_verify(course: Path) -> None:
    """Its own processes and theirs are gone as well."""
    with grading(course, LOOP, "verify", "second", "--jobs", "2") as (command, process, _):
        watch = os.pidfd_open(process)
        start = time.monotonic()
        os.killpg(command.pid, signal.SIGINT)
        _, err = command.communicate(timeout=20)
        assert time.monotonic() - start < AT_MOST_SECONDS
        assert ended_within(watch, AT_MOST_SECONDS)
    assert command.returncode == 130
    assert "Traceback" not in err


def written(pipe: Path) -> str:
    """What the learner's code writes there; not waited for without end, as opening the pipe to read would."""
    descriptor = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert select.select([descriptor], [], [], START_SECONDS)[0], "the learner's code did not start"
        return os.read(descriptor, 1 << 12).decode()
    finally:
        os.close(descriptor)


def ended_within(watch: int, seconds: float) -> bool:
    """Whether the process of a pidfd ends in time."""
    try:
        return bool(select.select([watch], [], [], seconds)[0])
    finally:
        os.close(watch)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux shows a process's children")
def test_an_interrupt_while_a_class_gets_its_processes_is_one_sentence(course: Path) -> None:
    """They belong to the terminal's group, and leave Ctrl-C to the command from their first moment on."""
    (course / "class" / "ada").mkdir(parents=True)
    command = started(course, "class", "class", "--sandbox", "process")
    children = Path(f"/proc/{command.pid}/task/{command.pid}/children")
    while not children.read_text():
        assert command.poll() is None
    os.killpg(command.pid, signal.SIGINT)
    out, err = command.communicate(timeout=START_SECONDS)
    assert (command.returncode, out) == (130, "")
    assert err.strip() == "Interrupted; what was recorded before is kept."


MAKES_PROCESSES = """
import os, signal, sys
from grader.processes import processes

class Interrupts:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

    def find_spec(self, name, path, target=None):
        if name == "grader.preloaded":
            Interrupts()

{before}
try:
    with processes(2) as pool:
        pool.submit(int).result()
except KeyboardInterrupt:
    print("heard")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes of a class are no forks")
@pytest.mark.parametrize(
    "before",
    ["os.register_at_fork(before=Interrupts)", "sys.meta_path.insert(0, Interrupts())"],
    ids=["fork", "import"],
)
def test_an_interrupt_where_python_would_swallow_it_is_heard_afterwards(before: str) -> None:
    """While processes are forked, also where some that died are made anew, and while what they share is loaded."""
    command = [sys.executable, "-c", MAKES_PROCESSES.replace("{before}", before)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=START_SECONDS, check=False)
    assert (done.stdout, done.stderr) == ("heard\n", "")


def test_an_interrupt_while_the_command_loads_is_no_traceback(tmp_path: Path) -> None:
    """As soon as `grade` is called, and before anything is there that could say so."""
    code = """
        import os, signal, sys

        class Interrupts:
            def find_spec(self, name, path, target=None):
                if name == "click":
                    os.kill(os.getpid(), signal.SIGINT)

        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.meta_path.insert(0, Interrupts())
        from grader.command import main
        main()
        """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
