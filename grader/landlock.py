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
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial

_WIDE, _MEMORY = ctypes.c_long, ctypes.c_char_p  # numbers go in the width of a register
_Arguments = tuple[type[ctypes.c_long | ctypes.c_char_p], ...]
_SYSCALLS: dict[str, tuple[int, _Arguments]] = {  # numbers on every machine
    "landlock_create_ruleset": (444, (_MEMORY, _WIDE, _WIDE)),
    "landlock_add_rule": (445, (_WIDE, _WIDE, _MEMORY, _WIDE)),
    "landlock_restrict_self": (446, (_WIDE, _WIDE)),
}
_VERSION, _PATH_BENEATH = 1, 1
_SET_NO_NEW_PRIVS = 38
_LINKS_OF_A_FOLDER = 2  # and one for each thread, which is one more folder; listing them takes far longer
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
        return _call("landlock_create_ruleset", None, 0, _VERSION)
    except OSError:
        return 0


def prepare(paths: Iterable[str]) -> list[bytes]:
    """Rules that let each path that is there be read, for `restrict` in forks of this process: it keeps them open."""
    abi()
    for name in _SYSCALLS:
        _function(name)
    opened = (_open(path, skip_missing=True) for path in paths)
    return [_rule(descriptor, _READ) for descriptor in opened if descriptor is not None]


def restrict(readable: Sequence[str | bytes], writable: Sequence[str]) -> None:
    """Close every file to this process, for good, but those at or beneath the given paths.

    `readable` may be read and run: rules of `prepare`, and paths, where one that is missing is passed over.
    `writable` may be read and changed in every way but by making devices; all of it must be there. Links are followed
    now, not later.
    Raises OSError: the kernel has no Landlock or refuses, a path cannot be opened, or the process has several threads
    (the others would stay as free as before).
    """
    version = min(abi(), _NEWEST)
    if version == 0:
        raise OSError(errno.EOPNOTSUPP, "this kernel has no Landlock, or it is switched off")
    if os.stat("/proc/self/task").st_nlink > _LINKS_OF_A_FOLDER + 1:  # noqa: PTH116 - pathlib would be an import more
        raise OSError(errno.EBUSY, "Landlock would bind one thread of several")
    handled = _handled(version)
    ruleset = _ruleset(version, handled)
    try:
        for path in readable:
            _allow(ruleset, path, _READ, skip_missing=True)
        for path in writable:
            _allow(ruleset, path, handled & ~_NEVER, skip_missing=False)
        wide = map(_WIDE, (_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        if libc().prctl(*wide) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_NO_NEW_PRIVS)")
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


def _allow(ruleset: int, path: str | bytes, rights: int, *, skip_missing: bool) -> None:
    """Allow what a rule says, or these rights at or beneath a path."""
    if isinstance(path, bytes):
        _call("landlock_add_rule", ruleset, _PATH_BENEATH, path, 0)
        return
    descriptor = _open(path, skip_missing=skip_missing)
    if descriptor is None:
        return
    try:
        _call("landlock_add_rule", ruleset, _PATH_BENEATH, _rule(descriptor, rights), 0)
    finally:
        os.close(descriptor)


def _open(path: str, *, skip_missing: bool) -> int | None:
    try:
        return os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        if skip_missing:
            return None
        raise


def _rule(descriptor: int, rights: int) -> bytes:
    """Allow these rights at or beneath a file; the kernel refuses rights of folders on anything else."""
    is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
    return struct.pack("=Qi", rights if is_folder else rights & _OF_A_FILE, descriptor)


@cache
def libc() -> ctypes.CDLL:
    """The C library, which keeps `errno` for `ctypes.get_errno`."""
    return ctypes.CDLL(None, use_errno=True)


@cache
def _function(name: str) -> Callable[..., int]:
    """A system call that the C library has no function for."""
    number, kinds = _SYSCALLS[name]
    call = libc()["syscall"]  # one of its own each time, whose arguments can be told
    call.argtypes = (_WIDE, *kinds)
    return partial(call, number)


def _call(name: str, *arguments: int | bytes | None) -> int:
    """Make a system call. Raises OSError."""
    answer = _function(name)(*arguments)
    if answer < 0:
        raise OSError(ctypes.get_errno(), name)
    return answer
