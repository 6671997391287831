"""Which system calls a learner's process may make (Linux). Runs in: learner's process, before its first line.

A filter of the kernel (seccomp) that no process can take off again. What Python, NumPy and threads need is left alone.
The rest answers EPERM, as a right that one lacks: new processes and programs, sockets, signals to others, the memory
and limits of other processes, namespaces, mounts, modes, owners and times of files, and the kernel's rarer interfaces.
Calls newer than the table, and two that have an older way, answer ENOSYS, so that libraries fall back as on an older
kernel. A call by another machine's numbers (32 bits on x86-64) kills the process.

So `shutil.copy`, `os.chmod`, `os.utime`, `os.link` and `os.truncate` of a name fail also in the scratch folder.
Open on purpose: looking (`stat`, `getxattr`, ids and scheduling of other processes); files are Landlock's business.
"""

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Sequence
from functools import cache

from grader.landlock import libc

NEWEST = 469  # file_setattr, Linux 6.17; the same on every machine from 424 on

# Never allowed: number on x86-64, number on AArch64 (None where that machine never had the call)
DENIED: dict[str, tuple[int, int | None]] = {
    # new processes and programs (`clone` is below: threads stay); leaving the group by which the grader ends us
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "setsid": (112, 157), "setpgid": (109, 154),
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440), "process_mrelease": (448, 448), "move_pages": (279, 239),
    "migrate_pages": (256, 238), "setpriority": (141, 140), "ioprio_set": (251, 30),
    # the network (send and receive stay: the connection to the checks needs them)
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202),
    "accept4": (288, 242),
    # namespaces and mounts
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "statmount": (457, 457), "listmount": (458, 458), "open_tree_attr": (467, 467),
    # files: contents and names are Landlock's; modes, owners, times, attributes, links and watches are not
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "setxattrat": (463, 463), "removexattrat": (466, 466), "file_setattr": (469, 469), "link": (86, None),
    "linkat": (265, 37), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "acct": (163, 89), "fanotify_init": (300, 262), "inotify_init": (253, None),
    "inotify_init1": (294, 26), "inotify_add_watch": (254, 27),
    "truncate": (76, 45),  # Landlock knows of it from Linux 6.2 on only; a file that is open for writing can be cut
    # memory and queues that outlive the process, or that no limit counts
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196),
    "shmctl": (31, 195), "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187),
    "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192), "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # the kernel's rarer interfaces
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "bpf": (321, 280),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "lsm_set_self_attr": (460, 460), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "syslog": (103, 116), "personality": (135, 92), "modify_ldt": (154, None), "iopl": (172, None),
    "ioperm": (173, None), "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "adjtimex": (159, 171), "sethostname": (170, 161), "setdomainname": (171, 162), "vhangup": (153, 58),
}  # fmt: skip

# Their arguments lie in memory, where no filter can look; the C library then takes `clone` and `openat`
ABSENT: dict[str, tuple[int, int | None]] = {"clone3": (435, 435), "openat2": (437, 437)}

# Allowed by their arguments
CONDITIONAL: dict[str, tuple[int, int | None]] = {
    "clone": (56, 220), "kill": (62, 129), "tgkill": (234, 131), "socketpair": (53, 199), "fcntl": (72, 25),
    "ioctl": (16, 29), "prctl": (157, 167), "open": (2, None), "openat": (257, 56), "prlimit64": (302, 261),
    "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
}  # fmt: skip

# (number of the argument, mask, values after the mask, what happens with any other value)
Condition = tuple[int, int, tuple[int, ...], int]

# Calls from a number on that are treated alike, and how: instructions that end in a verdict
_Run = tuple[int, list[bytes]]

_ALLOW = 0x7FFF0000
_KILL = 0x80000000  # the process, not the thread alone
_EPERM = 0x00050000 | errno.EPERM
_ENOSYS = 0x00050000 | errno.ENOSYS

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the tables, AUDIT_ARCH_…
_SECCOMP = {"x86_64": 317, "aarch64": 277}  # the call that loads a filter
_SET_MODE_FILTER, _GET_ACTION_AVAIL, _EVERY_THREAD = 1, 2, 1
_SET_NO_NEW_PRIVS = 38
_NUMBER = struct.Struct("<I")
_ANYBODY = 0x7E57AB1E  # stands for the process's number; no process has such a large one, and no constant here is it

_ALL = 0xFFFFFFFF  # every argument below is an int to the kernel, which drops the upper half
_CLONE_THREAD, _CLONE_NAMESPACES = 0x00010000, 0x7E020000
_AF_UNIX, _STREAM, _SEQPACKET, _TYPE = 1, 1, 5, 0xF
_PDEATHSIG, _SIGKILL = 1, 9
_TRUNCATE, _ACCESS, _WRITE_ONLY, _READ_WRITE = 0o1000, 3, 1, 2
# duplicate, flags, locks, size of a pipe; not who gets a signal (SETOWN, SETSIG), leases or notices
_FCNTLS = (0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 16, 36, 37, 38, 1030, 1031, 1032, 1034)
# TCGETS, TCGETS2, TIOCGPGRP, TIOCGWINSZ, TIOCOUTQ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, FICLONE: what Python asks
_IOCTLS = (0x5401, 0x802C542A, 0x540F, 0x5413, 0x5411, 0x541B, 0x5421, 0x5450, 0x5451, 0x40049409)


def conditions(pid: int) -> dict[str, tuple[Condition, ...]]:
    """What must hold of a call's arguments, in this order, in the process with that number."""
    own = ((0, _ALL, (0, pid), _EPERM),)
    return {
        "clone": ((0, _CLONE_THREAD | _CLONE_NAMESPACES, (_CLONE_THREAD,), _EPERM),),
        "kill": ((0, _ALL, (pid,), _EPERM),),  # not 0 and not negative: groups
        "tgkill": ((0, _ALL, (pid,), _EPERM),),
        # Pairs of datagram sockets can send to any address, so only connected kinds
        "socketpair": ((0, _ALL, (_AF_UNIX,), _EPERM), (1, _TYPE, (_STREAM, _SEQPACKET), _EPERM)),
        "fcntl": ((1, _ALL, _FCNTLS, _EPERM),),
        # Closed like this, since each file system has ioctls of its own that change what was opened for reading
        "ioctl": ((1, _ALL, _IOCTLS, _EPERM),),
        # The end of the grader must stay the end of this process
        "prctl": ((0, _ALL, (_PDEATHSIG,), _ALLOW), (1, _ALL, (_SIGKILL,), _EPERM)),
        # Cutting a file while opening it for reading: Landlock knows of it from Linux 6.2 on only
        "open": ((1, _TRUNCATE, (_TRUNCATE,), _ALLOW), (1, _ACCESS, (_WRITE_ONLY, _READ_WRITE), _EPERM)),
        "openat": ((2, _TRUNCATE, (_TRUNCATE,), _ALLOW), (2, _ACCESS, (_WRITE_ONLY, _READ_WRITE), _EPERM)),
        "prlimit64": own,
        "sched_setaffinity": own,
        "sched_setscheduler": own,
        "sched_setparam": own,
        "sched_setattr": own,
    }


def supported() -> bool:
    """Whether this machine is in the table and its kernel has filters (Linux 4.14)."""
    machine = _machine()
    if machine is None:
        return False
    kill = ctypes.c_uint32(_KILL)
    call = libc().syscall
    return bool(call(_long(_SECCOMP[machine]), _long(_GET_ACTION_AVAIL), _long(0), ctypes.byref(kill)) == 0)


def restrict() -> None:
    """Load the filter into every thread of this process, for good. Raises OSError where the kernel refuses."""
    machine = _machine()
    if machine is None:
        raise OSError(errno.ENOSYS, "no table of system calls for this machine")
    code = bytearray(program(machine, os.getpid()))
    header = struct.pack("@HP", len(code) // 8, ctypes.addressof(ctypes.c_char.from_buffer(code)))
    if libc().prctl(_SET_NO_NEW_PRIVS, _long(1), _long(0), _long(0), _long(0)) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_NO_NEW_PRIVS)")
    answer = libc().syscall(_long(_SECCOMP[machine]), _long(_SET_MODE_FILTER), _long(_EVERY_THREAD), header)
    if answer < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    if answer > 0:  # the number of a thread that has a filter of its own
        raise OSError(errno.EBUSY, f"seccomp: thread {answer} cannot take the filter")


def program(machine: str, pid: int) -> bytes:
    """The filter in the kernel's instructions (classic BPF, 8 bytes each) for a process with that number."""
    return _NUMBER.pack(pid).join(_around_the_number(machine))


@cache
def _around_the_number(machine: str) -> list[bytes]:
    """The filter's parts between which the process's number stands: a zygote makes them for all its forks."""
    column, architecture = _MACHINES[machine]
    bodies = {numbers[column]: [_return(_EPERM)] for numbers in DENIED.values()}
    bodies |= {numbers[column]: [_return(_ENOSYS)] for numbers in ABSENT.values()}
    for name, tests in conditions(_ANYBODY).items():
        bodies[CONDITIONAL[name][column]] = [*(row for test in tests for row in _tested(test)), _return(_ALLOW)]
    bodies[NEWEST + 1] = [_return(_ENOSYS)]  # x32 numbers of x86-64 are among those above it
    runs: list[_Run] = []
    for number in range(NEWEST + 2):
        body = bodies.get(number, [_return(_ALLOW)])
        if not runs or runs[-1][1] != body:
            runs.append((number, body))
    rows = [_load(4), _if_equal(architecture, 1, 0), _return(_KILL), _load(0), *_searched(runs)]
    return b"".join(rows).split(_NUMBER.pack(_ANYBODY))


def prepare() -> None:
    """Make what is the same for all forks of this process."""
    machine = _machine()
    if machine is not None:
        program(machine, os.getpid())


def _searched(runs: Sequence[_Run]) -> list[bytes]:
    """Instructions that find the run in which a call's number lies, and go through its body.

    By halves: the kernel tries the filter with every number as it loads it, and with the call's at most of the calls.
    """
    if len(runs) == 1:
        return runs[0][1]
    half = len(runs) // 2
    below, above = _searched(runs[:half]), _searched(runs[half:])
    return [_if_at_least(runs[half][0], len(below), 0), *below, *above]  # a condition can jump over 255


def _tested(condition: Condition) -> list[bytes]:
    """Instructions that go on behind themselves if the argument has one of the values."""
    argument, mask, values, otherwise = condition
    jumps = [_if_equal(value, len(values) - place, 0) for place, value in enumerate(values)]
    return [_load(16 + 8 * argument), _and(mask), *jumps, _return(otherwise)]


def _instruction(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("<HBBI", code, yes, no, value)


def _load(offset: int) -> bytes:
    """32 bits of `struct seccomp_data`: 0 the number, 4 the architecture, 16 and on the lower halves of arguments."""
    return _instruction(0x20, offset)


def _and(mask: int) -> bytes:
    return _instruction(0x54, mask)


def _if_equal(value: int, yes: int, no: int) -> bytes:
    return _instruction(0x15, value, yes, no)


def _if_at_least(value: int, yes: int, no: int) -> bytes:
    return _instruction(0x35, value, yes, no)


def _return(verdict: int) -> bytes:
    return _instruction(0x06, verdict)


def _machine() -> str | None:
    """This machine's row of the tables; None elsewhere, also for a 32-bit interpreter."""
    if sys.platform != "linux" or struct.calcsize("P") != ctypes.sizeof(ctypes.c_uint64):
        return None
    machine = os.uname().machine
    return machine if machine in _MACHINES else None


def _long(value: int) -> ctypes.c_long:
    """An argument in the width that a system call has; ctypes would pass an int."""
    return ctypes.c_long(value)
