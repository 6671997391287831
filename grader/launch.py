"""Start the learner's process, before this side has loaded anything heavy. Runs in: every trusted process.

Nothing of NumPy or the wire is imported here: the two sides load at the same time only if the other one starts first.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader import sandbox
from grader.result import SandboxLevel

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
del sys.path[0]
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

    To be called from a thread that lives as long as the process: Linux ends it together with the thread that made it.
    """
    scratch = None if level is SandboxLevel.STRICT else Path(tempfile.mkdtemp(prefix="neurograde-"))
    ours, theirs = socket.socketpair()
    output, output_in = os.pipe()
    home = str(scratch or sandbox.SCRATCH)
    variables = _ENVIRONMENT | {"HOME": home, "TMPDIR": home} | dict(environment or {})
    boot = _BOOT.format(
        root=str(Path(__file__).parent.parent),
        packages=[] if level is SandboxLevel.PROCESS else sandbox.module_folders(),
        settings=_settings(level, theirs.fileno(), home),
    )
    try:
        process = subprocess.Popen(
            sandbox.wrapped(level, [*sandbox.python(level), "-c", boot], variables),
            stdin=subprocess.DEVNULL,
            stdout=output_in,
            stderr=output_in,
            cwd=scratch or "/",
            env=variables,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
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


def _settings(level: SandboxLevel, descriptor: int, scratch: str) -> dict[str, object]:
    """What the process needs to know to confine itself, as plain data."""
    settings: dict[str, object] = {
        "descriptor": descriptor,
        "parent": None if level is SandboxLevel.STRICT else os.getpid(),  # bubblewrap stands between, and dies with us
        "confined": level is not SandboxLevel.PROCESS,
    }
    if level is not SandboxLevel.PROCESS:
        settings["readable"] = [*map(str, sandbox.readable(level)), "/proc/self", *sandbox.devices()]
        settings["scratch"] = scratch
        settings["become"] = sandbox.NOBODY if level is SandboxLevel.STRICT and os.geteuid() == 0 else None
    return settings


def kill(launched: Launched) -> None:
    """End the process and its group, and wait for its end. What it wrote can still be read."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(launched.process.pid, signal.SIGKILL)
    launched.process.wait()


def clear(launched: Launched) -> None:
    """Close our ends and remove the scratch folder, once the process has ended."""
    launched.connection.close()
    os.close(launched.output)
    if launched.scratch is not None:
        shutil.rmtree(launched.scratch, ignore_errors=True)
