"""Where the work of a class is graded: processes of this machine, or of a cluster. Runs in: command line.

Both are a `concurrent.futures.Executor`; nothing else in the package knows which one it is.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait

from grader.runner import ONE_THREAD


@contextmanager
def of_this_machine(jobs: int) -> Iterator[Executor]:
    """So many processes. They end with this one, however it ends."""
    for name in ONE_THREAD:  # read when NumPy is loaded
        os.environ.setdefault(name, "1")
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin)
    try:
        yield pool
    except KeyboardInterrupt:
        for child in multiprocessing.active_children():
            if child.pid is not None:
                os.kill(child.pid, signal.SIGINT)  # Ctrl-C has told them already, `kill -INT` has not
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """Leave Ctrl-C to the parent but while there is work, and end when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
