"""Start the learner's process, before this side has loaded anything heavy. Runs in: every trusted process.

Nothing of NumPy or the wire is imported here: the two sides load at the same time only if the other one starts first.

No process outlives the grader, however that ends. At every level the kernel kills the process with the thread that made
it (PR_SET_PDEATHSIG; at `strict` bubblewrap with it, and with bubblewrap all of its namespace), so that only one thread
may make them: the main thread, or one that is kept for others. A grader killed before the kernel was asked for this has
sent no learner's file yet, and a process without a grader ends by itself: its connection has.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import jobobject, sandbox
from grader.result import SandboxLevel

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

SCRATCH_PREFIX = "neurograde-"  # then the number of the process that made it
_STALE_SECONDS = 3600.0
_WINDOWS_BYTES = 4 * 2**30  # a learner's process there, in all; elsewhere each exercise says
_ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}
_BOOT = """
import sys
sys.path[:0] = [{root!r}]
sys.path += {packages!r}
from grader.worker import main
sys.path[:] = [path for path in sys.path[1:] if path not in {packages!r}]
main({settings!r})
"""


@dataclass(frozen=True, slots=True)
class Launched:
    """A process that is loading on its own: our end of the connection, of its output, and its scratch folder."""

    process: subprocess.Popen[bytes]
    connection: socket.socket
    output: int  # descriptor
    level: SandboxLevel
    scratch: Path | None  # None where it is in the memory of the sandbox


def launch(level: SandboxLevel, environment: Mapping[str, str] | None = None) -> Launched:
    """Start a learner's process at a level, in a session, an environment and a scratch folder of its own.

    Raises OSError where it can't be started.
    """
    if threading.current_thread() is threading.main_thread():
        return _launch(level, environment or {})
    return _launcher().submit(_launch, level, environment or {}).result()


@cache
def _launcher() -> "ThreadPoolExecutor":
    """The one thread that makes processes for threads which may end before them."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1, thread_name_prefix="launcher")


def _launch(level: SandboxLevel, environment: Mapping[str, str]) -> Launched:
    scratch = None if level is SandboxLevel.STRICT else _scratch_folder(sandbox.other_user(level))
    ours, theirs = socket.socketpair()
    output, output_in = os.pipe()
    home = str(scratch or sandbox.SCRATCH)
    variables = _ENVIRONMENT | {"HOME": home, "TMPDIR": home} | dict(environment)
    boot = _BOOT.format(
        root=str(Path(__file__).parent.parent),
        packages=sandbox.module_folders(level),
        settings=_settings(level, theirs.fileno(), home),
    )
    if level is SandboxLevel.STRICT:
        _adopt_orphans()
    try:
        process = subprocess.Popen(
            sandbox.wrapped(level, [*sandbox.python(level), "-c", boot], variables, home),
            stdin=subprocess.DEVNULL,
            stdout=output_in,
            stderr=output_in,
            cwd=scratch or "/",
            env=variables,
            **_inheriting(theirs),
            **_identity(level),
        )
        if sys.platform == "win32":
            jobobject.enclose(int(process._handle), _WINDOWS_BYTES)  # type: ignore[attr-defined]
    except BaseException:
        ours.close()
        os.close(output)
        if scratch is not None:
            scratch.rmdir()
        raise
    finally:
        theirs.close()
        os.close(output_in)
    return Launched(process, ours, output, level, scratch)


def _inheriting(connection: socket.socket) -> dict[str, Any]:
    """How a process gets this one socket and nothing else, and a group of its own where there are groups."""
    if sys.platform == "win32":  # everything else is not inheritable
        connection.set_inheritable(True)
        return {"close_fds": False}
    return {"pass_fds": (connection.fileno(),), "start_new_session": True}


def _identity(level: SandboxLevel) -> dict[str, Any]:
    """The user that the process starts as. Bubblewrap starts as root where it can, and the process changes inside."""
    user = None if level is SandboxLevel.STRICT else sandbox.other_user(level)
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


def _settings(level: SandboxLevel, descriptor: int, scratch: str) -> dict[str, Any]:
    """What the process needs to know to confine itself, as plain data."""
    settings: dict[str, Any] = {
        "descriptor": descriptor,
        "parent": None if level is SandboxLevel.STRICT else os.getpid(),  # bubblewrap stands between, and dies with us
        "confined": level in (SandboxLevel.LANDLOCK, SandboxLevel.STRICT),
        "user": sandbox.other_user(level) if level is SandboxLevel.STRICT else None,
    }
    if settings["confined"]:
        settings["readable"] = [*map(str, sandbox.readable(level)), "/proc/self", *sandbox.devices()]
        settings["scratch"] = scratch
    return settings


def _scratch_folder(owner: int | None) -> Path:
    """A new folder, named for this process; those of graders that were killed are removed by the way."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH_PREFIX}*-*"):
        if _is_stale(folder, {os.geteuid(), owner}):
            remove(folder)
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


def kill(launched: Launched) -> None:
    """End the process and its group, and wait for its end. What it wrote can still be read."""
    if sys.platform == "win32":
        launched.process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(launched.process.pid, signal.SIGKILL)
    launched.process.wait()
    _reap_group(launched.process.pid)


@cache
def _adopt_orphans() -> None:
    """Become the parent of what our processes leave when they end (Linux): bubblewrap has a process of its own."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER


def _reap_group(group: int) -> None:
    """Wait for the ended processes of a group, so that none stays behind as a zombie where nobody else waits."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-group, 0)[0]:
            pass


def clear(launched: Launched) -> None:
    """Close our ends and remove the scratch folder, once the process has ended."""
    launched.connection.close()
    os.close(launched.output)
    if launched.scratch is not None:
        remove(launched.scratch)


def remove(folder: Path) -> None:
    """Remove a scratch folder, whatever a learner's code left in it; what the system keeps stays.

    Folders are moved up and emptied one by one: nested a thousand deep, they are beyond any path and any recursion.
    """
    if sys.platform == "win32":
        shutil.rmtree(folder, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
        root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            while names := os.listdir(root):  # noqa: PTH208 - of a descriptor
                for name in names:
                    if not _is_removed(name, root):
                        _flatten(name, root)
        finally:
            os.close(root)
        folder.rmdir()


def _is_removed(name: str, folder: int) -> bool:
    """Remove a file; a folder is made accessible instead."""
    try:
        os.unlink(name, dir_fd=folder)
    except (IsADirectoryError, PermissionError):  # the latter for a folder on macOS
        os.chmod(name, 0o700, dir_fd=folder)
        return False
    return True


def _flatten(name: str, root: int) -> None:
    """Remove a folder in `root`, after the folders in it have been moved up to `root`."""
    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=root)
    try:
        for entry in os.listdir(inner):  # noqa: PTH208 - of a descriptor
            if not _is_removed(entry, inner):
                os.rename(entry, os.urandom(16).hex(), src_dir_fd=inner, dst_dir_fd=root)
    finally:
        os.close(inner)
    os.rmdir(name, dir_fd=root)
