"""Where the work of a class is graded: processes of this machine, or of a cluster. Runs in: command line.

Both are a `concurrent.futures.Executor`; nothing else in the package knows which one it is.
"""

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from msgspec import Struct

from grader.classroom.class_run import OpenExecutor
from grader.classroom.marking import Terms, collect, doubt, prepare
from grader.errors import ExportError, SandboxError, WorkspaceError
from grader.processes import processes
from grader.result import SandboxLevel

_SECONDS_TO_ANSWER = 10


@contextmanager
def ready_here(terms: Terms, jobs: int) -> Iterator[OpenExecutor]:
    """So many processes that have loaded what grading needs, and what opens them: these, and others where they died.

    Raises SandboxError where no level holds that may be used, CourseError.
    """
    load = partial(collect, terms)
    with ExitStack() as first:
        pool: Executor | None = first.enter_context(processes(jobs, load=load))
        assert pool is not None
        for ready in [pool.submit(prepare, terms) for _ in range(jobs)]:
            ready.result()

        @contextmanager
        def open_executor() -> Iterator[tuple[Executor, int]]:
            nonlocal pool
            with first.pop_all() as started:
                if pool is None:
                    pool = started.enter_context(processes(jobs, load=load))
                executor, pool = pool, None
                yield executor, jobs

        yield open_executor


class Cluster(Struct, frozen=True):
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
