"""Processes of this machine that grade, as forks of the one that has loaded what they share. Runs in: command line."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader import zygote
from grader.blas import one_thread
from grader.pool import first_candidate
from grader.result import SandboxLevel

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from multiprocessing.sharedctypes import Synchronized

_PROCESSOR = 36  # its place in /proc/self/stat, behind the name


@contextmanager
def zygotes_ahead(exactly: SandboxLevel | None, at_least: SandboxLevel, jobs: int) -> Iterator[None]:
    """Let zygotes of the level load while this process does, for so many `processes` that it starts meanwhile."""
    level = first_candidate(exactly, at_least)
    with ExitStack() as started:
        if _forks() and level in zygote.LEVELS:
            with suppress(OSError):  # each process then starts its own, and says what is wrong
                started.enter_context(zygote.ahead(level, jobs, _cores(jobs)))
        yield


@contextmanager
def processes(
    jobs: int, *, load: Callable[[], object] = int, begin: Callable[[], object] = int
) -> Iterator["Executor"]:
    """So many processes, each of which calls `begin` first. They end with this one, however it ends.

    In a process Ctrl-C is ignored but while `interruptible`. What `load` does here they need not do, where they are
    forks; they are none where it has left something that can't be shared.
    """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("fork" if _forks() and _load(load) else "spawn")
    pool = ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_begin, initargs=(context.Value("i"), tuple(_cores(jobs)), begin)
    )
    try:
        with _ctrl_c_waits():
            for _ in range(jobs):  # the first works make the processes
                pool.submit(int)
        zygote.leave()
        yield pool
    except KeyboardInterrupt:
        for child in multiprocessing.active_children():
            if child.pid is not None:
                os.kill(child.pid, signal.SIGINT)  # Ctrl-C has told them already, `kill -INT` has not
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_interrupted = False  # this process, at its work


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C ends the work in flight, and what this process would begin after it; between two it is the parent's alone.

    Raises KeyboardInterrupt.
    """
    global _interrupted  # noqa: PLW0603 - a process has one
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    if _interrupted:
        raise KeyboardInterrupt
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        _interrupted = True
        raise
    finally:
        signal.signal(signal.SIGINT, before)


def can_fork() -> bool:
    """Whether processes that are made now are forks, and there in a moment."""
    return _forks() and threading.active_count() == 1


def _forks() -> bool:
    """Whether processes are forks of this one, which has loaded all that they share and has no thread yet."""
    return sys.platform == "linux" and one_thread()


@cache
def _load(load: Callable[[], object]) -> bool:
    """Load, once, what all processes share. Whether they can: of an open file they would move each other's place.

    What `numpy.load` gives may be one, from which arrays are read when they are asked for. And a thread stays here.
    """
    with _ctrl_c_waits():
        from grader import preloaded  # noqa: F401
    before = _open_files()
    load()
    gc.freeze()  # what is shared is not touched, and so not copied, when a fork looks for garbage
    return _open_files() == before and threading.active_count() == 1


def _open_files() -> list[Path]:
    return list(Path("/proc/self/fd").iterdir())


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """Ctrl-C is heard at the end. Forks and imports call what Python tidies up with, and that swallows it, traceback
    and all; and a process that is half made would be nobody's.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@cache
def _cores(jobs: int) -> list[int]:
    """The cores to which processes are bound: all, where there are no fewer processes, or the one that is ours now.

    A process and the learner's process that it asks take turns, and wake each other faster on one core. Which of many
    cores are good neighbours the system knows better.
    """
    cores = sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else []
    if jobs >= len(cores):
        return cores
    return [core for core in cores if core == _core()] if jobs == 1 else []


def _core() -> int:
    """The core on which this process has last run (Linux)."""
    facts = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace")
    return int(facts.rpartition(")")[2].split()[_PROCESSOR])


def _begin(started: "Synchronized[int]", cores: Sequence[int], begin: Callable[[], object]) -> None:
    """Leave Ctrl-C to the parent but while there is work, and end when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    with started.get_lock():
        number = started.value
        started.value += 1
    zygote.take_over(number)
    if cores and sys.platform == "linux":
        os.sched_setaffinity(0, {cores[number % len(cores)]})
    begin()
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    import multiprocessing
    from multiprocessing.connection import wait

    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
