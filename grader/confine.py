"""Shut a learner's process in for good, and try whether that holds. Runs in: learner's process, before its first line.

Landlock says which files it may touch (`grader.landlock`), a filter which system calls it may make (`grader.seccomp`);
here they are put together with the rest: inherited descriptors, capabilities, limits, and a death that comes with the
grader's. Nothing heavy is imported.
"""

import contextlib
import os
import socket
import struct
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

if sys.platform == "linux":
    import ctypes
    import resource
    import signal

    from grader import landlock, seccomp

_MOST_DESCRIPTORS = 1 << 16
_LONGEST_LINE = 200  # bytes
_OWN_FOLDER = "/proc/self"
_LARGEST_FILE = 64 * 2**20  # bytes


def confine(settings: dict[str, Any]) -> None:
    """Shut this process in as the settings say. Raises OSError where the kernel refuses.

    Settings: descriptor (the one that stays open beside the standard ones), parent (None where something else ends this
    process with the grader), confined (whether Landlock and seccomp are to be used), user (whose number this process of
    root's is to take; None where it stays who it is); and where confined: readable (paths, and rules for them that
    `prepare` has made) and scratch (path).
    """
    if settings["user"] is not None:
        become(settings["user"])
    if settings["confined"]:
        _address_space()
        drop_capabilities()
        landlock.restrict(settings["readable"], [settings["scratch"], os.devnull])
    close_others(settings["descriptor"])
    if settings["confined"]:
        seccomp.restrict()
    if settings["parent"] is not None:
        die_with(settings["parent"])


def prepare(settings: dict[str, Any]) -> dict[str, Any]:
    """Do once what all forks of this process would do alike. Returns the settings for their `confine`."""
    if not settings["confined"]:
        return settings
    seccomp.prepare()
    for function in ("capset", "prctl", "syscall"):
        getattr(landlock.libc(), function)  # looked up now
    theirs = [path for path in settings["readable"] if path.startswith(_OWN_FOLDER)]  # another one in each fork
    shared = [path for path in settings["readable"] if path not in theirs]
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2
    return settings | {"readable": [*landlock.prepare(shared[:most]), *shared[most:], *theirs]}


def close_others(descriptor: int) -> None:
    """Close what was inherited, but for this one and the standard ones."""
    if os.name == "posix":
        os.closerange(3, descriptor)
        os.closerange(descriptor + 1, _MOST_DESCRIPTORS)


def become(user: int) -> None:
    """Be a user and group of this number and nobody else, for good."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def drop_capabilities() -> None:
    """Give up what root may do beyond others (capset, header version 3). Raises OSError."""
    header = struct.pack("=Ii", 0x20080522, 0)
    if landlock.libc().capset(header, bytes(24)) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when the grader ends, however it ends (Linux)."""
    if sys.platform != "linux":
        return
    landlock.libc().prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)


def limit_memory(megabytes: int) -> None:
    """Cap this process at the address space it has now plus `megabytes`; no core dumps, no files over 64 MiB."""
    if sys.platform != "linux":  # elsewhere RLIMIT_AS is missing or counts otherwise
        return
    size = _address_space() + megabytes * 2**20
    for kind, value in ((resource.RLIMIT_AS, size), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, _LARGEST_FILE)):
        hard = resource.getrlimit(kind)[1]
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (limit, limit))


@cache
def _address_space() -> int:
    """Bytes that this process has, as they were when first asked for: `confine` asks before Landlock.

    Its rule is for an entry of /proc that the kernel drops when memory is short, and makes anew: that one is refused.
    """
    statm = os.open(f"{_OWN_FOLDER}/statm", os.O_RDONLY | os.O_CLOEXEC)  # `open` would make a text file of it
    try:
        return int(os.read(statm, _LONGEST_LINE).split()[0]) * resource.getpagesize()
    finally:
        os.close(statm)


def escapes(canary: str, pid: int) -> list[str]:
    """The names of the ways out that are open: each is tried. `canary` is a file out of bounds, `pid` the grader's."""
    open_ways = []
    for name, attempt in ESCAPES.items():
        with contextlib.suppress(OSError):
            attempt(canary, pid)
            open_ways.append(name)
    return open_ways


def _read(path: str) -> None:
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib would be an import more
        file.read(1)


def _signal(pid: int) -> None:
    if pid == os.getpid():  # in a namespace of its own this process may have the number that the grader has outside
        raise ProcessLookupError
    os.kill(pid, 0)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


ESCAPES: dict[str, Callable[[str, int], object]] = {  # what no confined process can do
    "read a file outside": lambda canary, _: _read(canary),
    "signal the grader": lambda _, pid: _signal(pid),
    "open a socket": lambda *_: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close(),
    "start a process": lambda *_: _fork(),
}
