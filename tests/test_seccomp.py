"""The filter of system calls: each refusal tried for real in a process of its own, and what must go on working.

The decisions for the other machine are read from the filter itself, by a small interpreter of its instructions.
"""

import ctypes
import errno
import json
import os
import platform
import signal
import struct
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import seccomp

ROOT = Path(__file__).parent.parent
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
SINCE_EVERYWHERE = 424  # from here on, calls have the same number on every machine
NAMES = {**seccomp.DENIED, **seccomp.ABSENT, **seccomp.CONDITIONAL}
PID = 4711
ALLOW, KILL, EPERM, ENOSYS = 0x7FFF0000, 0x80000000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS

on_linux = pytest.mark.skipif(not seccomp.supported(), reason="no seccomp here, or no table for this machine")
machines = pytest.mark.parametrize("machine", ARCHITECTURES)

FILTERED = "from grader import seccomp\nseccomp.restrict()\n"
# Each works without the filter, for root and for others, and harms nobody
ATTEMPTS = {
    "fork": "pid = os.fork()\nif pid == 0: os._exit(0)\nos.waitpid(pid, 0)",
    "posix_spawn": "os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)",
    "subprocess": "subprocess.run(['/bin/true'], check=True)",
    "signal_parent": "os.kill(os.getppid(), 0)",
    "signal_group": "os.kill(0, 0)",
    "signal_another_group": "os.killpg(os.getpgid(os.getppid()), 0)",
    "pidfd": "os.close(os.pidfd_open(os.getppid()))",
    "internet_socket": "socket.socket(socket.AF_INET).close()",
    "unix_socket": "socket.socket(socket.AF_UNIX).close()",
    "datagram_pair": "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "chmod": "os.chmod('file', 0o600)",
    "fchmod": "os.fchmod(handle, 0o600)",
    "chown": "os.chown('file', os.getuid(), -1)",
    "utime": "os.utime('file')",
    "link": "os.link('file', 'second')",
    "truncate_by_name": "os.truncate('file', 1)",
    "truncate_on_reading": "os.close(os.open('file', os.O_RDONLY | os.O_TRUNC))",
    "limits_of_parent": "resource.prlimit(os.getppid(), resource.RLIMIT_CORE)",
    "affinity_of_parent": "os.sched_setaffinity(os.getppid(), os.sched_getaffinity(0))",
    "scheduler_of_parent": "os.sched_setscheduler(os.getppid(), os.SCHED_OTHER, os.sched_param(0))",
    "priority": "os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0))",
    "owner_of_signals": "fcntl.fcntl(handle, fcntl.F_SETOWN, os.getppid())",
    "number_of_signal": "fcntl.fcntl(handle, fcntl.F_SETSIG, 9)",
    "lease": "fcntl.fcntl(os.open('lease', os.O_CREAT | os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK)",
    "owner_by_ioctl": "fcntl.ioctl(socket.socketpair()[0], 0x8901, struct.pack('i', os.getpid()))",
    "own_group": "os.setpgid(0, 0)",
    "memory_file": "os.close(os.memfd_create('m'))",
    "watch": "assert_zero(libc.inotify_init1(0))",
    "survive_parent": "assert_zero(libc.prctl(1, 0, 0, 0, 0))",
}
PREPARED = """
import ctypes, fcntl, json, os, resource, socket, struct, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
handle = os.open('file', os.O_RDWR | os.O_CREAT, 0o600)
def assert_zero(answer):
    if answer < 0: raise OSError(ctypes.get_errno(), '')
"""
TRIED = """
outcomes = {}
for name, attempt in json.loads(sys.argv[1]).items():
    try:
        exec(attempt)
        outcomes[name] = 'worked'
    except OSError as error:
        outcomes[name] = os.strerror(error.errno)
print(json.dumps(outcomes))
"""
WORKS = {
    "threads": "t = threading.Thread(target=seen.append, args=[1]); t.start(); t.join(); assert seen == [1]",
    "pool": "assert list(ThreadPoolExecutor(2).map(abs, [-1])) == [1]",
    "asyncio": "asyncio.run(asyncio.sleep(0))",
    "temporary_files": "tempfile.TemporaryFile().write(b'x'); tempfile.TemporaryDirectory().cleanup()",
    "files": "open('a', 'w').write('xy'); os.rename('a', 'b'); os.truncate(os.open('b', os.O_RDWR), 1); os.remove('b')",
    "folders": "os.makedirs('c/d'); os.symlink('c', 'e'); shutil.rmtree('c')",
    "copying": "open('f', 'w').write('x'); shutil.copyfile('f', 'g'); assert open('g').read() == 'x'",
    "touch": "pathlib.Path('h').touch(); pathlib.Path('h').touch()",
    "time": "time.sleep(0.001); time.perf_counter(); time.process_time()",
    "random": "os.urandom(8); random.random()",
    "imports": "import ssl, multiprocessing, ctypes, http.client, logging, decimal",
    "database": "c = sqlite3.connect(':memory:'); assert c.execute('select 1').fetchone() == (1,)",
    "database_file": "c = sqlite3.connect('db'); c.execute('create table t(x)'); c.commit(); c.close()",
    "terminal_questions": "sys.stdout.isatty(); os.get_inheritable(0); os.set_inheritable(0, False)",
    "own_signal": "signal.signal(signal.SIGUSR1, lambda *_: seen.append(2)); signal.raise_signal(signal.SIGUSR1);"
    " os.kill(os.getpid(), signal.SIGUSR1); assert seen == [1, 2, 2]",
    "own_limits": "resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); resource.prlimit(os.getpid(), 4)",
    "own_affinity": "os.sched_setaffinity(0, os.sched_getaffinity(0))",
    "die_with_parent": "assert ctypes.CDLL(None).prctl(1, 9, 0, 0, 0) == 0",
    "connection": "a, b = socket.socketpair(); a.sendall(b'x' * 9); assert b.recv(9) == b'x' * 9",
    "memory_map": "m = mmap.mmap(-1, 4096); m[0] = 1; m.close()",
    "locks": "f = open('l', 'w'); fcntl.lockf(f, fcntl.LOCK_EX); fcntl.flock(f, fcntl.LOCK_SH)",
}
BEFORE = """
import asyncio, ctypes, fcntl, json, mmap, os, pathlib, random, resource, shutil, signal, socket, sqlite3, sys
import tempfile, threading, time
from concurrent.futures import ThreadPoolExecutor
seen = []
"""


def run(folder: Path, code: str, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Python process of its own, in that folder."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        check=False,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "OPENBLAS_NUM_THREADS": "1"} | changes,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def answer(folder: Path, code: str, *arguments: str, **changes: str) -> str:
    """What the code prints; its errors are the test's."""
    done = run(folder, code, *arguments, **changes)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def decision(code: bytes, architecture: int, number: int, arguments: tuple[int, ...] = ()) -> int:
    """What the kernel would answer: the filter's instructions, carried out one by one."""
    data = struct.pack("<IIQ6Q", number, architecture, 0, *(*arguments, 0, 0, 0, 0, 0, 0)[:6])
    place, value = 0, 0
    while True:
        code_of, yes, no, constant = struct.unpack_from("<HBBI", code, 8 * place)
        match code_of:
            case 0x20:  # load
                (value,) = struct.unpack_from("<I", data, constant)
            case 0x54:  # and
                value &= constant
            case 0x15:  # jump if equal
                place += yes if value == constant else no
            case 0x35:  # jump if at least
                place += yes if value >= constant else no
            case 0x06:  # return
                return int(constant)
            case _:
                raise AssertionError(hex(code_of))
        place += 1


def decided(machine: str, name: str, *arguments: int) -> int:
    """The filter's answer to a call by name, with the arguments as 64-bit numbers."""
    number = NAMES[name][list(ARCHITECTURES).index(machine)]
    assert number is not None
    wide = tuple(argument % 2**64 for argument in arguments)
    return decision(seccomp.program(machine, PID), ARCHITECTURES[machine], number, wide)


@pytest.fixture(scope="module")
def libseccomp() -> ctypes.CDLL:
    try:
        return ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp is not installed (Debian and Ubuntu: libseccomp2)")


@machines
@pytest.mark.parametrize("name", NAMES)
def test_the_table_agrees_with_libseccomp(libseccomp: ctypes.CDLL, machine: str, name: str) -> None:
    """Every number is the one that libseccomp knows; a call newer than that library has one number everywhere."""
    number = NAMES[name][list(ARCHITECTURES).index(machine)]
    known = libseccomp.seccomp_syscall_resolve_name_arch(ctypes.c_uint32(ARCHITECTURES[machine]), name.encode())
    if known >= 0:
        assert number == known
    elif number is not None:
        assert number >= SINCE_EVERYWHERE
        assert NAMES[name] == (number, number)


def test_no_call_stands_in_two_tables() -> None:
    """A call is denied, absent or judged by its arguments, and a number means one call."""
    assert len(NAMES) == len(seccomp.DENIED) + len(seccomp.ABSENT) + len(seccomp.CONDITIONAL)
    assert set(seccomp.conditions(PID)) == set(seccomp.CONDITIONAL)
    for column in (0, 1):
        numbers = [row[column] for row in NAMES.values() if row[column] is not None]
        assert len(numbers) == len(set(numbers))


@machines
def test_plain_calls_pass_and_listed_ones_do_not(machine: str) -> None:
    """Denied calls answer EPERM, those with an older way ENOSYS, and all others are let through."""
    code, column = seccomp.program(machine, PID), list(ARCHITECTURES).index(machine)
    expected = {row[column]: EPERM for row in seccomp.DENIED.values()}
    expected |= {row[column]: ENOSYS for row in seccomp.ABSENT.values()}
    judged = {row[column] for row in seccomp.CONDITIONAL.values()}
    for number in set(range(seccomp.NEWEST + 1)) - judged:
        assert decision(code, ARCHITECTURES[machine], number) == expected.get(number, ALLOW), number


@machines
@given(number=st.integers(seccomp.NEWEST + 1, 2**32 - 1), arguments=st.tuples(*[st.integers(0, 2**64 - 1)] * 6))
def test_calls_newer_than_the_table_do_not_exist(machine: str, number: int, arguments: tuple[int, ...]) -> None:
    """Whatever its arguments, a number above the table answers ENOSYS; x32 numbers are among these."""
    assert decision(seccomp.program(machine, PID), ARCHITECTURES[machine], number, arguments) == ENOSYS


@machines
@given(number=st.integers(0, 2**32 - 1), other=st.integers(0, 2**32 - 1))
def test_numbers_of_another_machine_kill(machine: str, number: int, other: int) -> None:
    """A call made by another machine's convention ends the process, whatever it is."""
    expected = KILL if other != ARCHITECTURES[machine] else ENOSYS
    assert decision(seccomp.program(machine, PID), other, max(number, seccomp.NEWEST + 1)) == expected


@machines
@given(target=st.integers(-(2**31), 2**31 - 1) | st.just(PID), upper=st.integers(0, 2**32 - 1), rest=st.integers(0, 64))
def test_signals_go_to_the_own_process_alone(machine: str, target: int, upper: int, rest: int) -> None:
    """No other number reaches anyone, also with the upper half filled, which the kernel drops."""
    for name in ("kill", "tgkill"):
        expected = ALLOW if target == PID else EPERM
        assert decided(machine, name, (upper << 32) | target % 2**32, rest, rest) == expected


@machines
@given(flags=st.integers(0, 2**32 - 1) | st.sampled_from([0x3D0F00, 17, 0x4111, 0x10010000]))
def test_clone_makes_threads_alone(machine: str, flags: int) -> None:
    """Only a thread without a namespace of its own is made."""
    is_thread, has_namespace = flags & 0x10000, flags & 0x7E020000
    assert decided(machine, "clone", flags) == (ALLOW if is_thread and not has_namespace else EPERM)


@machines
@given(flags=st.integers(0, 2**24), descriptor=st.integers(-100, 100))
def test_nothing_is_cut_while_it_is_opened_for_reading(machine: str, flags: int, descriptor: int) -> None:
    """O_TRUNC passes with O_WRONLY and O_RDWR, which Landlock judges by its oldest version."""
    expected = EPERM if flags & os.O_TRUNC and flags & os.O_ACCMODE not in (os.O_WRONLY, os.O_RDWR) else ALLOW
    assert decided(machine, "openat", descriptor, 0, flags) == expected


@machines
@given(target=st.integers(0, 2**22))
def test_limits_and_scheduling_are_set_for_oneself_alone(machine: str, target: int) -> None:
    """0 and the own number mean this process; every other number is another one's."""
    for name in ("prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"):
        assert decided(machine, name, target) == (ALLOW if target in (0, PID) else EPERM)


@machines
@pytest.mark.parametrize("request_number", [0x8901, 0x8902, 0x5412, 0x541C, 0x40086602, 0x401C5820, 0x40806685, 0x8912])
def test_ioctls_change_nothing_of_others(machine: str, request_number: int) -> None:
    """Signal owners, typing into terminals, attributes of files and the list of networks are closed."""
    assert decided(machine, "ioctl", 3, request_number) == EPERM
    assert decided(machine, "ioctl", 3, 0xFFFFFFFF_00000000 | request_number) == EPERM


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of every attempt in a filtered process."""
    folder = tmp_path_factory.mktemp("filtered")
    return dict(json.loads(answer(folder, PREPARED + FILTERED + TRIED, json.dumps(ATTEMPTS))))


@on_linux
@pytest.mark.parametrize("name", ATTEMPTS)
def test_an_attempt_is_refused(outcomes: dict[str, str], name: str) -> None:
    """Each fails as a thing that one has no right to, which Python shows as PermissionError."""
    assert outcomes[name] == os.strerror(errno.EPERM)


@on_linux
def test_the_attempts_are_real_ones(tmp_path: Path) -> None:
    """Without the filter every one of them works, so that it is the filter that refuses."""
    found = json.loads(answer(tmp_path, PREPARED + TRIED, json.dumps(ATTEMPTS)))
    assert {name: outcome for name, outcome in found.items() if outcome != "worked"} == {}


@on_linux
def test_every_denied_call_is_denied_by_this_kernel(tmp_path: Path) -> None:
    """Each number of the table is called with senseless arguments; the filter answers before the kernel looks."""
    column = list(ARCHITECTURES).index(platform.machine())
    numbers = {name: row[column] for name, row in seccomp.DENIED.items() if row[column] is not None}
    code = """
        for name, number in json.loads(sys.argv[1]).items():
            outcome = libc.syscall(*[ctypes.c_long(value) for value in (number, -1, -1, -1, -1, -1, -1)])
            assert (outcome, ctypes.get_errno()) == (-1, 1), (name, outcome, ctypes.get_errno())
        """
    answer(tmp_path, PREPARED + FILTERED + textwrap.dedent(code), json.dumps(numbers))


@on_linux
@pytest.mark.parametrize("number", [seccomp.NEWEST + 1, 1000, 0x40000000, 0x40000027, 435, 437])
def test_unknown_calls_do_not_exist(tmp_path: Path, number: int) -> None:
    """Newer numbers, x32 numbers, clone3 and openat2 answer ENOSYS."""
    code = f"print(libc.syscall(ctypes.c_long({number}), 0, 0, 0, 0), ctypes.get_errno())"
    assert answer(tmp_path, PREPARED + FILTERED + code) == f"-1 {errno.ENOSYS}"


@on_linux
@pytest.mark.skipif(
    platform.machine() != "x86_64", reason="this machine has no second convention to call the kernel by"
)
def test_a_call_in_32_bits_kills_the_process(tmp_path: Path) -> None:
    """The old way into the kernel, with numbers of its own, is no way around the filter."""
    code = """
        import ctypes, mmap
        memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        memory.write(bytes.fromhex("b814000000cd80c3"))  # eax = 20, getpid; int 0x80; return
        call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
        """
    code = textwrap.dedent(code)
    if run(tmp_path, code + "call()").returncode != 0:
        pytest.skip("this kernel has no 32-bit calls")
    assert run(tmp_path, code + FILTERED + "call()").returncode == -signal.SIGSYS


@on_linux
def test_what_exercises_need_goes_on_working(tmp_path: Path) -> None:
    """Threads, files, databases, locks, signals to oneself, the connection: nothing of it meets the filter."""
    code = BEFORE + FILTERED + "\n".join(WORKS.values()) + "\nprint('all')"
    assert answer(tmp_path, code) == "all"


@on_linux
@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize("order", ["import numpy as np\n" + FILTERED, FILTERED + "import numpy as np\n"])
def test_linear_algebra_works(tmp_path: Path, threads: str, order: str) -> None:
    """BLAS runs with one and several threads, whether NumPy is loaded before the filter or after it."""
    code = order + "a = np.eye(300) * 2; print(np.linalg.inv(a @ a)[0, 0], np.linalg.svd(a)[1][0])"
    assert answer(tmp_path, code, OPENBLAS_NUM_THREADS=threads) == "0.25 2.0"


@on_linux
def test_threads_that_run_already_are_filtered_as_well(tmp_path: Path) -> None:
    """The filter binds the whole process, not the thread alone that loads it."""
    code = """
        import os, threading
        go, outcome = threading.Event(), []
        def attempt():
            go.wait()
            try:
                os.memfd_create("m")
            except OSError as error:
                outcome.append(error.errno)
        thread = threading.Thread(target=attempt)
        thread.start()
        from grader import seccomp
        seccomp.restrict()
        go.set()
        thread.join()
        print(outcome)
        """
    assert answer(tmp_path, code) == f"[{errno.EPERM}]"


@on_linux
def test_an_abort_is_still_a_crash_with_a_traceback(tmp_path: Path) -> None:
    """`os.abort` ends the process by its signal, after faulthandler has said where."""
    done = run(tmp_path, FILTERED + "import faulthandler, os; faulthandler.enable(); os.abort()")
    assert done.returncode == -signal.SIGABRT
    assert "Fatal Python error: Aborted" in done.stderr


@on_linux
def test_the_filter_brings_no_imports_along(tmp_path: Path) -> None:
    """Nothing of the grader but the two modules, and nothing heavy, is loaded in the learner's process."""
    code = """
        import collections.abc, ctypes, errno, functools, os, stat, struct, sys
        before = set(sys.modules)
        from grader import landlock, seccomp
        print(sorted(set(sys.modules) - before))
        """
    assert answer(tmp_path, code) == "['grader', 'grader.landlock', 'grader.seccomp']"
