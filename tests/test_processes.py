"""Processes that grade share what the command has loaded, but no open file and no thread. Ctrl-C is heard meanwhile."""

import subprocess
import sys
from pathlib import Path

import pytest

from .command import environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes that grade are no forks")

PROGRAM = """\
import os, signal, threading
from functools import cache
from grader.processes import processes

@cache
def load():
    {does}
    return os.getpid()

if __name__ == "__main__":
    try:
        for _ in range(2):  # made anew where one has died
            with processes(1, load=load) as pool:
                print("shared" if pool.submit(load).result() == load() else "each its own")
    except KeyboardInterrupt:
        print("interrupted")
"""

WORKS = """\
import os, signal
from grader.processes import interruptible, processes

def work(number):
    with interruptible():
        print(number, flush=True)
        os.kill(os.getppid(), signal.SIGINT)
        signal.pause()

if __name__ == "__main__":
    try:
        with processes(1) as pool:
            for future in [pool.submit(work, number) for number in range(3)]:
                future.result()
    except KeyboardInterrupt:
        print("interrupted")
"""

BOUND = """\
import os
from grader.processes import processes

def cores():
    return sorted(os.sched_getaffinity(0))

if __name__ == "__main__":
    mine = cores()
    for jobs in (1, len(mine)):
        with processes(jobs) as pool:
            assert cores() == mine
            found = pool.submit(cores).result()
            print(len(found) == 1 and set(found) <= set(mine))
"""


def said(folder: Path, program: str) -> str:
    """What a program prints."""
    file = folder / "program.py"
    file.write_text(program, encoding="utf-8")
    command = [sys.executable, str(file)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("does", "how"),
    [
        ("open(__file__).close()", "shared"),
        ("global file; file = open(__file__)", "each its own"),  # a fork would read on where another one stopped
        ("threading.Thread(target=threading.Event().wait, daemon=True).start()", "each its own"),
    ],
    ids=["nothing stays", "an open file", "a thread"],
)
def test_what_is_loaded_is_shared_where_it_can_be(tmp_path: Path, does: str, how: str) -> None:
    assert said(tmp_path, PROGRAM.format(does=does)) == f"{how}\n{how}"


def test_a_process_and_who_it_asks_have_a_core(tmp_path: Path) -> None:
    """Where there are as many as cores, or one alone; the command itself stays free."""
    assert said(tmp_path, BOUND).splitlines() == ["True", "True"]


def test_an_interrupt_while_it_loads_is_heard_at_once(tmp_path: Path) -> None:
    """A check file may take long to import, or for ever."""
    does = "signal.raise_signal(signal.SIGINT); print('went on'); return 0"
    assert said(tmp_path, PROGRAM.format(does=does)) == "interrupted"


def test_after_an_interrupt_no_work_is_begun(tmp_path: Path) -> None:
    """A pool's process has the next ones already, and one student's work may take minutes."""
    assert said(tmp_path, WORKS) == "0\ninterrupted"
