"""Start the learner's process, before this side has loaded anything heavy. Runs in: every trusted process.

Nothing of NumPy or the wire is imported here: the two sides load at the same time only if the other one starts first.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
sys.path.insert(0, {root!r})
from grader.worker import main
del sys.path[0]
main({descriptor}, {parent})
"""


@dataclass(frozen=True, slots=True)
class Launched:
    """A process that is loading on its own: our end of the connection, of its output, and its scratch folder."""

    process: subprocess.Popen[bytes]
    connection: socket.socket
    output: int  # descriptor
    scratch: Path


def launch(environment: Mapping[str, str] | None = None) -> Launched:
    """Start a learner's process in a session, an environment and a scratch folder of its own.

    To be called from a thread that lives as long as the process: Linux ends it together with the thread that made it.
    """
    scratch = Path(tempfile.mkdtemp(prefix="neurograde-"))
    ours, theirs = socket.socketpair()
    output, output_in = os.pipe()
    boot = _BOOT.format(root=str(Path(__file__).parent.parent), descriptor=theirs.fileno(), parent=os.getpid())
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-X", "utf8", "-c", boot],
            stdin=subprocess.DEVNULL,
            stdout=output_in,
            stderr=output_in,
            cwd=scratch,
            env=_ENVIRONMENT | {"HOME": str(scratch), "TMPDIR": str(scratch)} | dict(environment or {}),
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
    except BaseException:
        ours.close()
        os.close(output)
        scratch.rmdir()
        raise
    finally:
        theirs.close()
        os.close(output_in)
    return Launched(process, ours, output, scratch)


def kill(launched: Launched) -> None:
    """End the process and its group, and wait for its end. What it wrote can still be read."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(launched.process.pid, signal.SIGKILL)
    launched.process.wait()


def clear(launched: Launched) -> None:
    """Close our ends and remove the scratch folder, once the process has ended."""
    launched.connection.close()
    os.close(launched.output)
    shutil.rmtree(launched.scratch, ignore_errors=True)
