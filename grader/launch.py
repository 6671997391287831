"""Start the learner's process, before this side has loaded anything heavy. Runs in: every trusted process.

Nothing of NumPy or the wire is imported here: the two sides load at the same time only if the other one starts first.

No process outlives the grader, however that ends. At every level the kernel kills the process with the thread that made
it (PR_SET_PDEATHSIG; at `strict` bubblewrap with it, and with bubblewrap all of its namespace), so that only one thread
may make them: the main thread, or one that is kept for others. A grader killed before the kernel was asked for this has
sent no learner's file yet, and a process without a grader ends by itself: its connection has.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from msgspec import Struct

from grader import jobobject, sandbox, worker_files
from grader.blas import ONE_THREAD
from grader.result import SandboxLevel
from grader.scratch import remove

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")
SCRATCH_PREFIX = "neurograde-"  # then the number of the process that made it
START_SECONDS = 60.0  # for Python and NumPy to load on a busy machine; the learner's time starts after it
_STALE_SECONDS = 3600.0
_SHELL_SIGNAL = 128  # plus its number: how shells report the signal that ended a command
_WINDOWS_BYTES = 4 * 2**30  # a learner's process there, in all; elsewhere each exercise says
_ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    **ONE_THREAD,
    "MALLOC_MMAP_THRESHOLD_": "33554432",  # glibc: arrays of some MB are not given back to the system after each call
    "MALLOC_TRIM_THRESHOLD_": "536870912",
}
_BOOT = """
import gc, sys
gc.disable()  # until all is loaded: none of it is garbage
sys.path[:0] = [{root!r}]
sys.path += {packages!r}
from grader.worker import main
sys.path[:] = [path for path in sys.path[1:] if path not in {packages!r}]
main({settings!r})
"""


class Launched(Protocol):
    """A learner's process that is loading on its own: our end of the connection, and of its output."""

    @property
    def connection(self) -> socket.socket: ...

    @property
    def output(self) -> int:
        """A descriptor."""

    @property
    def level(self) -> SandboxLevel: ...

    def ended(self, seconds: float) -> int:
        """Its exit status, or minus the number of the signal that ended it. Raises TimeoutError while it lives."""

    def kill(self) -> None:
        """End it, and wait for its end. What it wrote can still be read."""

    def clear(self) -> None:
        """Close our ends and remove the scratch folder, once it has ended."""


class Started(Struct, frozen=True):
    """A process of its own, which has been started for one exercise."""

    process: "subprocess.Popen[bytes]"
    connection: socket.socket
    output: int
    level: SandboxLevel
    scratch: Path | None  # None where it is in the memory of the sandbox

    def ended(self, seconds: float) -> int:
        try:
            status = self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        if self.level is SandboxLevel.STRICT and status > _SHELL_SIGNAL:  # as bubblewrap passes a signal on
            return _SHELL_SIGNAL - status
        return status

    def kill(self) -> None:
        """With its group."""
        if sys.platform == "win32":
            self.process.kill()
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        reap_group(self.process.pid)

    def clear(self) -> None:
        self.connection.close()
        os.close(self.output)
        if self.scratch is not None:
            remove(str(self.scratch))


def launch(level: SandboxLevel, environment: Mapping[str, str] | None = None) -> Started:
    """Start a learner's process at a level, in a session, an environment and a scratch folder of its own.

    Raises OSError where it can't be started.
    """
    return in_lasting_thread(lambda: _launch(level, environment or {}))


def in_lasting_thread(start: Callable[[], T]) -> T:
    """Run what starts a process in the main thread, or in one that lasts as long: it would end with its thread."""
    if threading.current_thread() is threading.main_thread():
        return start()
    return _launcher().submit(start).result()


@cache
def _launcher() -> "ThreadPoolExecutor":
    """The one thread that makes processes for threads which may end before them."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1, thread_name_prefix="launcher")


def _launch(level: SandboxLevel, environment: Mapping[str, str]) -> Started:
    scratch = None if level is SandboxLevel.STRICT else scratch_folder(level)
    ours, theirs = socket.socketpair()
    try:
        process, output = start_python(level, theirs, scratch, environment=environment)
    except BaseException:
        ours.close()
        if scratch is not None:
            scratch.rmdir()
        raise
    return Started(process, ours, output, level, scratch)


def start_python(
    level: SandboxLevel,
    theirs: socket.socket,
    scratch: Path | None,
    *,
    zygote: bool = False,
    core: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> "tuple[subprocess.Popen[bytes], int]":
    """Start Python inside a level, with one socket, which is closed here. Returns it and our end of its output.

    Raises OSError where it can't be started.
    """
    output, output_in = os.pipe()
    home = str(scratch or sandbox.SCRATCH)
    variables = _ENVIRONMENT | {"HOME": home, "TMPDIR": home} | dict(environment or {})
    boot = _BOOT.format(
        root=str(Path(__file__).parent.parent),
        packages=sandbox.module_folders(level),
        settings=_settings(level, theirs.fileno(), home, zygote=zygote) | {"core": core},
    )
    if level is SandboxLevel.STRICT:
        _adopt_orphans()
    try:
        with worker_files.opened(wanted=level is SandboxLevel.STRICT) as own:
            process = subprocess.Popen(
                sandbox.wrapped(level, [*sandbox.python(level), "-c", boot], variables, home, own),
                stdin=subprocess.DEVNULL,
                stdout=output_in,
                stderr=output_in,
                cwd=scratch or "/",
                env=variables,
                **_inheriting(theirs, own.values()),
                **_identity(level),
            )
        if sys.platform == "win32":
            jobobject.enclose(int(process._handle), _WINDOWS_BYTES)  # type: ignore[attr-defined]
    except BaseException:
        os.close(output)
        raise
    finally:
        theirs.close()
        os.close(output_in)
    return process, output


def _inheriting(connection: socket.socket, own: Iterable[int]) -> dict[str, Any]:
    """How a process gets this one socket and nothing else, and a group of its own where there are groups.

    `own`: descriptors for bubblewrap, which does not pass them on.
    """
    if sys.platform == "win32":  # everything else is not inheritable
        connection.set_inheritable(True)
        return {"close_fds": False}
    return {"pass_fds": (connection.fileno(), *own), "start_new_session": True}


def _identity(level: SandboxLevel) -> dict[str, Any]:
    """The user that the process starts as. Bubblewrap starts as root where it can, and the process changes inside."""
    user = None if level is SandboxLevel.STRICT else sandbox.other_user(level)
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


def _settings(level: SandboxLevel, descriptor: int, scratch: str, *, zygote: bool) -> dict[str, Any]:
    """What the process needs to know to confine itself, as plain data."""
    settings: dict[str, Any] = {
        "zygote": zygote,
        "makes_scratch": level is SandboxLevel.STRICT,  # of its forks: nobody else sees the memory of the sandbox
        "descriptor": descriptor,
        "parent": None if level is SandboxLevel.STRICT else os.getpid(),  # bubblewrap stands between, and dies with us
        "confined": level in (SandboxLevel.LANDLOCK, SandboxLevel.STRICT),
        "user": sandbox.other_user(level) if level is SandboxLevel.STRICT else None,
    }
    if settings["confined"]:
        settings["readable"] = [*map(str, sandbox.readable(level)), "/proc/self", *sandbox.devices()]
        settings["scratch"] = scratch
    return settings


def scratch_folder(level: SandboxLevel) -> Path:
    """A new folder for a process, named for this one; those of graders that were killed are removed by the way."""
    owner = sandbox.other_user(level)
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH_PREFIX}*-*"):
        if _is_stale(folder, {os.geteuid(), owner}):
            remove(str(folder))
    made = Path(tempfile.mkdtemp(prefix=f"{SCRATCH_PREFIX}{os.getpid()}-"))
    if owner is not None:
        os.chown(made, owner, owner)
    return made


def _is_stale(folder: Path, owners: set[int | None]) -> bool:
    """Whether it is ours, unused for an hour, and its maker is gone (or beyond our sight: hence the hour)."""
    maker = folder.name.removeprefix(SCRATCH_PREFIX).partition("-")[0]
    try:
        found = folder.lstat()
        if not maker.isdecimal() or found.st_uid not in owners or time.time() - found.st_mtime < _STALE_SECONDS:
            return False
        os.kill(int(maker), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


@cache
def _adopt_orphans() -> None:
    """Become the parent of what our processes leave when they end (Linux): bubblewrap has a process of its own."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
    os.register_at_fork(after_in_child=_adopt_orphans.cache_clear)  # a fork has none of it


def reap_group(group: int) -> None:
    """Wait for the ended processes of a group, so that none stays behind as a zombie where nobody else waits."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-group, 0)[0]:
            pass
