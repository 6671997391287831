"""The server from which a pool's processes are forked: it loads what they share, once. Runs in: command line."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import BaseContext

from grader.runner import ONE_THREAD


def context() -> BaseContext:
    """How processes come to be: as forks of the server, before it has any thread."""
    for name in ONE_THREAD:  # read when NumPy is loaded
        os.environ.setdefault(name, "1")
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["grader.classroom.preloaded"])
    return found


def start() -> None:
    """Have it load while this process does something else; nothing where there is none, or where it runs.

    Ctrl-C is this process's to hear: the server has it blocked from its first moment on, and its forks until they have
    said what they do with it (`hear_ctrl_c`).
    """
    if sys.platform != "linux":
        return
    from multiprocessing import forkserver, resource_tracker

    context()
    resource_tracker.ensure_running()  # the server asks for it too, and it would lift the block
    with ctrl_c_waits():
        forkserver.ensure_running()


@contextmanager
def ctrl_c_waits() -> Iterator[None]:
    """Ctrl-C is heard at the end, and blocked in what is started meanwhile. A process half made would be nobody's."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def hear_ctrl_c() -> None:
    """To be called in a fork of the server, once it has a handler."""
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
