"""The profile by which macOS shuts a learner's process in. Runs in: every trusted process.

`sandbox-exec` starts a command under a profile (Seatbelt); the last rule that fits an operation decides. Written from
the published descriptions of the language and not yet tried on a Mac. Nothing depends on that: as everywhere, each
process must prove its level before it gets a learner's file; a profile that is wrong costs the level, not the safety.
"""

import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

PROGRAM = "/usr/bin/sandbox-exec"
_SYSTEM = ("/usr/lib", "/System/Library", "/System/Volumes/Preboot/Cryptexes/OS", "/private/var/db/dyld")
_BREW = ("/opt/homebrew/opt", "/opt/homebrew/Cellar", "/usr/local/opt", "/usr/local/Cellar")  # libraries of a Python
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


def profile(readable: Iterable[Path], hidden: Iterable[Path], scratch: str) -> str:
    """Rules for a process that may read `readable`, not `hidden` where that lies beneath, and change `scratch`.

    New processes, sockets, signals to others, and every service of the system stay closed; looking at names and modes
    (`stat`) is open, as Python needs it.
    """
    interpreter = [sys.base_prefix, *(name for name in _BREW if Path(name).is_dir())]
    rules = [
        "(version 1)",
        "(deny default)",
        "(allow sysctl-read)",
        "(allow file-read-metadata)",
        "(allow process-info* (target self))",
        "(allow signal (target self))",
        f"(allow process-exec* {_beneath([sys.base_prefix])})",  # the interpreter, which is a program within another
        f"(allow file-read* {_beneath([*_SYSTEM, *interpreter])})",
        f"(deny file-read-data {_beneath([*map(str, hidden), *_installed()])})",
        f"(allow file-read* {_beneath(map(str, readable))} {_exactly(['/', *_DEVICES])})",
        f"(allow file-read* file-write* {_beneath([scratch])})",
        f"(allow file-write-data {_exactly(['/dev/null'])})",
    ]
    return "\n".join(rules)


def _installed() -> list[str]:
    """Where packages lie: the course's checks, for one."""
    return list(dict.fromkeys(str(Path(sysconfig.get_path(name)).resolve()) for name in ("purelib", "platlib")))


def _beneath(paths: Iterable[str]) -> str:
    return " ".join(f"(subpath {_quoted(path)})" for path in paths)


def _exactly(paths: Iterable[str]) -> str:
    return " ".join(f"(literal {_quoted(path)})" for path in paths)


def _quoted(path: str) -> str:
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
