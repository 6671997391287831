"""Run a command and see what it leaves behind: `python watched.py RESULT SECONDS COMMAND…`.

Every process that the command leaves behind becomes a child of this one (`PR_SET_CHILD_SUBREAPER`), however it hid
itself. RESULT is written as JSON: exit_code, seconds, peak_mb (of the command's own memory, at its highest), survivors
(the command lines of processes that are still there after a moment).
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

SETTLE_SECONDS = 5.0  # for what was killed together with the command to be gone
_SAMPLE_SECONDS = 0.05
_PR_SET_CHILD_SUBREAPER = 36


def main(result: str, seconds: str, *command: str) -> None:
    """Run the command for at most that long, and write down what was seen."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    start = time.monotonic()
    process = subprocess.Popen(command, preexec_fn=_as_ever, start_new_session=True)  # noqa: PLW1509 - one thread
    peak = _until_it_ends(process, start + float(seconds))
    took = time.monotonic() - start
    survivors = _left_behind(time.monotonic() + SETTLE_SECONDS)
    seen = {"exit_code": process.returncode, "seconds": took, "peak_mb": peak, "survivors": survivors}
    Path(result).write_text(json.dumps(seen), encoding="utf-8")


def _as_ever() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])


def _until_it_ends(process: "subprocess.Popen[bytes]", deadline: float) -> float:
    """Wait, and meanwhile read the most memory that it had so far, in MB. What takes too long is killed."""
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _high_water(process.pid))
        if time.monotonic() > deadline:
            process.kill()
        signal.sigtimedwait([signal.SIGCHLD], _SAMPLE_SECONDS)
    return peak


def _high_water(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _left_behind(deadline: float) -> list[str]:
    """The processes that do not end by themselves; they are ended."""
    while _children_live() and (left := deadline - time.monotonic()) > 0:
        signal.sigtimedwait([signal.SIGCHLD], min(left, _SAMPLE_SECONDS))
    found = []
    while _children_live():
        for pid in _children():
            with contextlib.suppress(OSError):
                found.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
                os.kill(pid, signal.SIGKILL)
        signal.sigtimedwait([signal.SIGCHLD], _SAMPLE_SECONDS)
    return found


def _children_live() -> bool:
    """Whether there is a child yet; those that have ended are taken off the list."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return True
    return False


def _children() -> list[int]:
    own = str(os.getpid())
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1] == own:
                found.append(int(stat.parent.name))
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
