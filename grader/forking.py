"""Fork a learner's process for every request. Runs in: the zygote, before anybody's code.

The zygote has started inside the sandbox, has loaded NumPy and the worker, and holds nothing else: a fork can read all
that its parent ever loaded. It runs no code of a learner's. Each fork gets a scratch folder of its own and shuts itself
in (`grader.confine`) before the learner's first line; what the kernel then keeps from it, other forks and the zygote
included, does not depend on the zygote.

Requests come in one packet each, from the grader alone:

====================================  =====================================================================
"fork", the scratch folder            with two descriptors: the fork's connection and its output. Answer:
                                      the fork's number, and a descriptor that stands for it (a pidfd).
"reap", the number                    wait for the end of that fork, remove its scratch folder if it was made
                                      here. Answer: its status as of `waitpid`; and "full" if the folder is
                                      still there, for then this zygote is not to be used again.
====================================  =====================================================================
"""

import contextlib
import gc
import os
import socket
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.confine import become, prepare
from grader.scratch import remove

_LONGEST_REQUEST = 4096


class Zygote:
    """Answers requests on a socket until it ends. `work` runs in each fork, with its settings, and never returns."""

    def __init__(self, settings: dict[str, Any], work: Callable[[dict[str, Any]], None]) -> None:
        self._settings = settings
        self._control = socket.socket(fileno=settings["descriptor"])
        self._work = work
        self._folders: dict[int, str] = {}  # by the number of the fork; those made here

    def serve(self) -> None:
        """Answer until the grader is gone."""
        self._settings = prepare(self._settings)
        gc.enable()
        gc.freeze()  # what is shared with the forks is not touched, and so not copied, when they look for garbage
        if self._settings["core"] is not None:
            with contextlib.suppress(OSError):  # it may be taken from us by now
                os.sched_setaffinity(0, {self._settings["core"]})
        while True:
            request, descriptors, _, _ = socket.recv_fds(self._control, _LONGEST_REQUEST, 2)
            if not request:
                return
            kind, _, rest = request.decode().partition(" ")
            if kind == "fork":
                self._fork(rest, *descriptors)
            else:
                self._reap(int(rest))

    def _fork(self, scratch: str, connection: int, output: int) -> None:
        zygote = os.getpid()
        np.random.seed(int.from_bytes(os.urandom(4)))  # else all forks would draw the same; `random` sees to it itself
        number = os.fork()
        if number == 0:
            try:
                self._be_a_fork(scratch, connection, output, zygote)
            except BaseException as error:
                os.write(2, f"{type(error).__name__}: {error}".encode("utf-8", "backslashreplace"))
            finally:
                os._exit(1)
        os.close(connection)
        os.close(output)
        if self._settings["makes_scratch"]:
            self._folders[number] = scratch
        descriptor = os.pidfd_open(number)
        socket.send_fds(self._control, [b"%d" % number], [descriptor])
        os.close(descriptor)

    def _be_a_fork(self, scratch: str, connection: int, output: int, zygote: int) -> None:
        os.dup2(output, 1)
        os.dup2(output, 2)
        user = self._settings["user"]
        if user is not None:
            become(user)
        if self._settings["makes_scratch"]:
            os.mkdir(scratch, 0o700)  # noqa: PTH102 - pathlib would be an import more
        os.chdir(scratch)
        os.environ["HOME"] = os.environ["TMPDIR"] = scratch
        self._work(self._settings | {"descriptor": connection, "parent": zygote, "user": None, "scratch": scratch})

    def _reap(self, number: int) -> None:
        status = os.waitpid(number, 0)[1]
        folder = self._folders.pop(number, None)
        answer = b"%d" % status
        if folder is not None and not self._removed(folder):
            answer += b" full"
        self._control.send(answer)

    def _removed(self, folder: str) -> bool:
        """Remove a fork's scratch folder: as the user who owns what is in it, which is not us."""
        with contextlib.suppress(OSError):
            os.rmdir(folder)  # noqa: PTH106
            return True
        cleaner = os.fork()
        if cleaner == 0:
            try:
                if self._settings["user"] is not None:
                    become(self._settings["user"])
                remove(folder)
            finally:
                os._exit(0)
        os.waitpid(cleaner, 0)
        return not os.path.lexists(folder)
