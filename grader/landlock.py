"""Which files a learner's process may touch (Linux). Runs in: learner's process, before its first line.

Landlock is a part of the kernel by which a process gives up access for good, without being root. Two lists of files and
folders stay, one to read and one to change; everything else is closed to reading, writing, running and listing. The
kernel's version of it (ABI) says what more can be closed: cutting files (3), TCP (4), ioctls of devices (5), signals to
and abstract sockets of others (6).

Open on purpose, since Landlock has no word for it: looking at names, sizes and modes (`stat`), and changing modes,
times and owners; the second is closed by `grader.seccomp`, as is cutting files below ABI 3.
Source: https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import errno
import os
import stat
import struct
import sys
from collections.abc import Iterable, Sequence
from functools import cache

_NUMBERS = {"landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446}  # on every machine
_VERSION, _PATH_BENEATH = 1, 1
_SET_NO_NEW_PRIVS = 38
_NEWEST = 7  # the ABI up to which the rights below are complete

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_ABI_1 = (1 << 13) - 1
_SINCE = {2: 1 << 13, 3: _TRUNCATE, 5: _IOCTL_DEV}  # 2: moving and linking between folders
_NETWORK_SINCE, _NETWORK = 4, 0b11  # TCP bind, TCP connect
_SCOPE_SINCE, _SCOPE = 6, 0b11  # abstract sockets, signals

_READ = _EXECUTE | _READ_FILE | _READ_DIR
_NEVER = _MAKE_CHAR | _MAKE_BLOCK  # a device made in scratch would be the machine's
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV


@cache
def abi() -> int:
    """The version of Landlock that this kernel has; 0 where it has none, or where it is switched off."""
    if sys.platform != "linux":
        return 0
    try:
        return _call("landlock_create_ruleset", 0, 0, _VERSION)
    except OSError:
        return 0


def kept_open(paths: Iterable[str]) -> list[int]:
    """A descriptor of each path that is there, for `restrict` in forks of this process: looking paths up takes time."""
    return [descriptor for path in paths if (descriptor := _open(path, skip_missing=True)) is not None]


def restrict(readable: Sequence[str | int], writable: Sequence[str]) -> None:
    """Close every file to this process, for good, but those at or beneath the given paths.

    `readable` may be read and run: descriptors of `kept_open`, and paths, where one that is missing is passed over.
    `writable` may be read and changed in every way but by making devices; all of it must be there. Links are followed
    now, not later.
    Raises OSError: the kernel has no Landlock or refuses, a path cannot be opened, or the process has several threads
    (the others would stay as free as before).
    """
    version = min(abi(), _NEWEST)
    if version == 0:
        raise OSError(errno.EOPNOTSUPP, "this kernel has no Landlock, or it is switched off")
    if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208 - pathlib would be an import more
        raise OSError(errno.EBUSY, "Landlock would bind one thread of several")
    handled = _handled(version)
    ruleset = _ruleset(version, handled)
    try:
        _allow(ruleset, _opened(readable, skip_missing=True), _READ)
        _allow(ruleset, _opened(writable, skip_missing=False), handled & ~_NEVER)
        _call("prctl", _SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        _call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _handled(version: int) -> int:
    """Every access to files that this version knows; what is handled and not allowed is denied."""
    return _ABI_1 | sum(bit for since, bit in _SINCE.items() if version >= since)


def _ruleset(version: int, handled: int) -> int:
    """A descriptor of an empty ruleset. An older kernel refuses fields that it doesn't know, so they are left out."""
    attributes = struct.pack("=Q", handled)
    if version >= _NETWORK_SINCE:
        attributes += struct.pack("=Q", _NETWORK)
    if version >= _SCOPE_SINCE:
        attributes += struct.pack("=Q", _SCOPE)
    descriptor = _call("landlock_create_ruleset", attributes, len(attributes), 0)
    os.set_inheritable(descriptor, False)
    return descriptor


def _opened(paths: Sequence[str | int], *, skip_missing: bool) -> Iterable[int]:
    """A descriptor of each path, open until the next one is asked for; what is one already stays open."""
    for path in paths:
        if isinstance(path, int):
            yield path
            continue
        descriptor = _open(path, skip_missing=skip_missing)
        if descriptor is None:
            continue
        try:
            yield descriptor
        finally:
            os.close(descriptor)


def _open(path: str, *, skip_missing: bool) -> int | None:
    try:
        return os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        if skip_missing:
            return None
        raise


def _allow(ruleset: int, descriptors: Iterable[int], rights: int) -> None:
    """Allow these rights at or beneath the files; the kernel refuses rights of folders on anything else."""
    for descriptor in descriptors:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        rule = struct.pack("=Qi", rights if is_folder else rights & _OF_A_FILE, descriptor)
        _call("landlock_add_rule", ruleset, _PATH_BENEATH, rule, 0)


@cache
def libc() -> ctypes.CDLL:
    """The C library, which keeps `errno` for `ctypes.get_errno`."""
    return ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: int | bytes) -> int:
    """Make a system call, numbers in the width of a register. Raises OSError."""
    wide = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    if name in _NUMBERS:  # without a function in the C library
        wide.insert(0, ctypes.c_long(_NUMBERS[name]))
    answer = int(getattr(libc(), "syscall" if name in _NUMBERS else name)(*wide))
    if answer < 0:
        raise OSError(ctypes.get_errno(), name)
    return answer
