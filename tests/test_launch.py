"""Starting learner's processes: from any thread, with nothing inherited, nothing left behind."""

import contextlib
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import sandbox
from grader.launch import SCRATCH_PREFIX, launch
from grader.pool import CANARY, survey
from grader.process import LearnerProcess
from grader.result import SandboxLevel

from .reach import reachable

HELD = [level for level, doubt in survey().items() if not doubt]
AT_MOST_SECONDS = 30.0
HOUR = 3600.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing can be graded on Windows itself")
every_level = pytest.mark.parametrize("level", HELD)

# Launches a process, hands its output's end to the test, and goes on as the rest says
GRADER = """
import socket, sys, time
from grader.launch import launch
from grader.pool import CANARY
from grader.process import LearnerProcess
from grader.result import SandboxLevel

road = socket.socket(fileno=int(sys.argv[1]))
launched = launch(SandboxLevel(sys.argv[2]))
process = LearnerProcess(launched)
"""
YOUNG = "socket.send_fds(road, [b'!'], [launched.output])\ntime.sleep(60)\n"
PROVEN = "assert process.prove(CANARY) == []\n" + YOUNG
LOOPING = """
assert process.prove(CANARY) == []
socket.send_fds(road, [b'!'], [launched.output])
source = b"while True: print('.' * 999, flush=True)"
process.ask("load", "loop", {"loop": source}, [], 512, deadline=time.monotonic() + 60)
"""


@every_level
@pytest.mark.parametrize("rest", [YOUNG, PROVEN, LOOPING], ids=["young", "proven", "looping"])
def test_a_killed_grader_leaves_no_process(level: SandboxLevel, rest: str) -> None:
    """Whatever the process was at, all that could write to its output is gone: the pipe ends."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        command = [sys.executable, "-c", GRADER + rest, str(theirs.fileno()), level.value]
        grader = subprocess.Popen(command, pass_fds=[theirs.fileno()])
        theirs.close()
        _, (output,), *_ = socket.recv_fds(ours, 1, 1)
    try:
        if rest is LOOPING:
            assert next(pieces(output, AT_MOST_SECONDS)).startswith(b".")
        grader.kill()
        grader.wait()
        assert b"" in pieces(output, AT_MOST_SECONDS)
    finally:
        grader.kill()
        os.close(output)


def pieces(pipe: int, seconds: float) -> Iterator[bytes]:
    """What comes out of a pipe in time; nothing at its end, when nobody has the other one any more."""
    deadline = time.monotonic() + seconds
    while select.select([pipe], [], [], max(deadline - time.monotonic(), 0.0))[0]:
        with contextlib.suppress(BlockingIOError):  # the grader was quicker
            yield os.read(pipe, 1 << 16)


@every_level
def test_a_process_outlives_the_thread_that_asked_for_it(level: SandboxLevel) -> None:
    """Linux kills a process with the thread that made it, so that one thread makes them for all others."""
    made: list[LearnerProcess] = []

    def start() -> None:
        made.append(LearnerProcess(launch(level)))
        made[0].prove(CANARY)  # by now the process has asked the kernel for its end

    thread = threading.Thread(target=start)
    thread.start()
    number = thread.native_id
    thread.join()
    while Path(f"/proc/self/task/{number}").exists():  # over for Python, but not yet for the kernel
        os.sched_yield()
    try:
        assert made[0].ask("echo", 1, deadline=time.monotonic() + AT_MOST_SECONDS)[:2] == ["value", 1]
    finally:
        made[0].stop()


@pytest.mark.skipif(SandboxLevel.STRICT not in HELD, reason="level strict does not hold here")
def test_what_bubblewrap_leaves_open_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bubblewrap passes on each descriptor that it has; the process closes all but the connection and its output."""
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    leaky = tmp_path / "bwrap"
    leaky.write_text(f'#!/bin/sh\nexec 9<{secret}\nexec {sandbox.bubblewrap()} "$@"\n', encoding="utf-8")
    leaky.chmod(0o755)
    monkeypatch.setattr(sandbox, "bubblewrap", lambda: str(leaky))
    process = LearnerProcess(launch(SandboxLevel.STRICT))
    try:
        source = (
            b"import os\n\ndef is_open(n):\n    try:\n        os.fstat(n)\n    except OSError:\n        return False\n"
        )
        source += b"    return True\n\nOPEN = [n for n in range(5000) if is_open(n)]\n"
        deadline = time.monotonic() + AT_MOST_SECONDS
        answer = process.ask("load", "look", {"look": source}, ["OPEN"], 512, deadline=deadline)
    finally:
        process.stop()
    assert answer[0] == "value"
    found = answer[1][1]["OPEN"]
    assert found[:3] == [0, 1, 2]
    assert 9 not in found
    assert len(found) == 4  # and the connection


def test_scratch_folders_of_killed_graders_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those whose maker has gone, and that nobody has touched for an hour; no others, and no files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    old = time.time() - 2 * HOUR
    stale = folder(tmp_path / f"{SCRATCH_PREFIX}{ended.pid}-stale", old)
    kept = [
        folder(tmp_path / f"{SCRATCH_PREFIX}{ended.pid}-young", time.time()),
        folder(tmp_path / f"{SCRATCH_PREFIX}{os.getpid()}-alive", old),
        folder(tmp_path / f"{SCRATCH_PREFIX}fault-x", old),
        folder(tmp_path / f"{SCRATCH_PREFIX}{10**30}-far", old),
        folder(tmp_path / f"{ended.pid}-other", old),
    ]
    elsewhere = folder(tmp_path / "elsewhere", old)
    link = tmp_path / f"{SCRATCH_PREFIX}{ended.pid}-link"
    link.symlink_to(elsewhere)
    os.utime(link, (old, old), follow_symlinks=False)

    launched = launch(SandboxLevel.PROCESS)
    launched.kill()
    launched.clear()

    assert not stale.exists()
    assert [path.name for path in [*kept, elsewhere] if not (path / "file").exists()] == []
    assert launched.scratch is not None
    assert not launched.scratch.exists()


def folder(path: Path, modified: float) -> Path:
    path.mkdir()
    (path / "file").touch()
    os.utime(path, (modified, modified))
    return path


def test_a_program_that_cannot_be_started_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No scratch folder and no descriptor of an attempt that failed."""
    monkeypatch.setattr(sys, "executable", str(reachable(tmp_path) / "none"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = len(list(Path("/dev/fd").iterdir()))
    with pytest.raises(FileNotFoundError):
        launch(SandboxLevel.PROCESS)
    assert list(tmp_path.iterdir()) == []
    assert len(list(Path("/dev/fd").iterdir())) == before


@every_level
@pytest.mark.skipif(sys.platform != "linux", reason="children are read from /proc")
def test_no_process_of_the_group_waits_for_somebody_else(level: SandboxLevel) -> None:
    """Bubblewrap leaves a first process of its own namespace: it is waited for here, and is no zombie afterwards."""
    before = children()
    process = LearnerProcess(launch(level))
    process.ready()
    group = process._launched.process.pid
    assert str(group) in children() - before
    process.stop()
    assert children() - before == set()
    assert group not in groups()


def children() -> set[str]:
    """The processes that this one is the parent of."""
    return {pid for tasks in Path("/proc/self/task").glob("*/children") for pid in tasks.read_text().split()}


def groups() -> set[int]:
    """The process groups that there are, zombies included."""
    found = set()
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            found.add(int(file.read_text().rpartition(")")[2].split()[2]))
    return found
