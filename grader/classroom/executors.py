"""Where the work of a class is graded: processes of this machine, or of a cluster. Runs in: command line.

Both are a `concurrent.futures.Executor`; nothing else in the package knows which one it is.
"""

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from typing import TYPE_CHECKING, Any

from grader import zygote
from grader.classroom.class_run import OpenExecutor
from grader.classroom.marking import Terms, doubt, prepare
from grader.errors import ExportError, SandboxError, WorkspaceError
from grader.pool import first_candidate
from grader.result import SandboxLevel
from grader.runner import ONE_THREAD

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

_SECONDS_TO_ANSWER = 10


@contextmanager
def of_this_machine(jobs: int) -> Iterator[Executor]:
    """So many processes. They end with this one, however it ends."""
    context = _context()
    pool = ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_begin, initargs=(context.Value("i"), tuple(_cores(jobs)))
    )
    try:
        with _ctrl_c_waits():
            for _ in range(jobs):  # the first works make the processes
                pool.submit(int)
        yield pool
    except KeyboardInterrupt:
        for child in multiprocessing.active_children():
            if child.pid is not None:
                os.kill(child.pid, signal.SIGINT)  # Ctrl-C has told them already, `kill -INT` has not
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def ready_here(terms: Terms, jobs: int) -> Iterator[OpenExecutor]:
    """So many processes that have loaded what grading needs, and what opens them: these, and others where they died.

    Raises SandboxError where no level holds that may be used, CourseError.
    """
    with ExitStack() as first:
        with _zygotes_ahead(terms, jobs):
            pool: Executor | None = first.enter_context(of_this_machine(jobs))
            assert pool is not None
        for ready in [pool.submit(prepare, terms) for _ in range(jobs)]:
            ready.result()

        @contextmanager
        def open_executor() -> Iterator[tuple[Executor, int]]:
            nonlocal pool
            with first.pop_all() as started:
                if pool is None:
                    pool = started.enter_context(of_this_machine(jobs))
                executor, pool = pool, None
                yield executor, jobs

        yield open_executor


def _context() -> BaseContext:
    """How processes come to be: as forks of this one, which has loaded all that they share and has no thread yet."""
    for name in ONE_THREAD:  # read when NumPy is loaded
        os.environ.setdefault(name, "1")
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    with _ctrl_c_waits():
        from grader.classroom import preloaded  # noqa: F401

    return multiprocessing.get_context("fork")


@contextmanager
def _zygotes_ahead(terms: Terms, jobs: int) -> Iterator[None]:
    """Let them load while this process does, where its forks can take them over."""
    level = first_candidate(terms.sandbox, terms.at_least)
    with ExitStack() as started:
        if sys.platform == "linux" and level in zygote.LEVELS:
            with suppress(OSError):  # each fork then starts its own, and says what is wrong
                started.enter_context(zygote.ahead(level, jobs))
        yield


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


def _cores(jobs: int) -> list[int]:
    """The cores to which processes are bound; none where there are more cores than processes.

    A process and the learner's process that it asks take turns, and wake each other faster on one core.
    """
    cores = sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else []
    return cores if jobs >= len(cores) else []


def _begin(started: "Synchronized[int]", cores: Sequence[int]) -> None:
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
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Dask cluster as it was found: how many threads take work, and which workers can't, with the reason."""

    executor: Executor
    threads: int
    refused: dict[str, str]


@contextmanager
def of_a_cluster(address: str, sandbox: SandboxLevel | None, at_least: SandboxLevel) -> Iterator[Cluster]:
    """The workers of the scheduler at this address whose own sandbox holds what is asked for.

    Raises SandboxError where none does, WorkspaceError where nobody answers, ExportError without Dask.
    """
    try:
        import distributed
    except ImportError:
        raise ExportError.missing("--scheduler", "distributed") from None
    connect: Any = distributed.Client  # without types of its own
    logging.getLogger("distributed").setLevel(logging.ERROR)
    try:
        client = connect(address, timeout=_SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise WorkspaceError(f"--scheduler {address}: {error}; is `dask scheduler` running there?") from None
    with client:
        doubts = client.run(doubt, sandbox, at_least)
        threads = {worker: n for worker, n in client.nthreads().items() if not doubts.get(worker, "is new")}
        refused = {worker: why for worker, why in doubts.items() if why}
        if not threads:
            reason = next(iter(refused.values()), "it has no workers; start one with `dask worker`")
            raise SandboxError(f"--scheduler {address}: no worker can be used: {reason}")
        executor = client.get_executor(pure=False, workers=list(threads), allow_other_workers=False)
        try:
            yield Cluster(executor, sum(threads.values()), refused)
        finally:
            executor.shutdown(wait=False)
