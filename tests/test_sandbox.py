"""The sandbox levels: what holds is proved by real processes, what does not hold is said."""

import os
import platform
import py_compile
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader import sandbox, seccomp, worker_files
from grader.course import bundled_root, read_course
from grader.intake import Submission, take
from grader.launch import launch
from grader.pool import survey
from grader.process import LearnerProcess
from grader.result import Outcome, SandboxLevel
from grader.runner import Job, grade

from .reach import reachable

HELD = [level for level, doubt in survey().items() if not doubt]
CONFINED = [level for level in HELD if level is not SandboxLevel.PROCESS]
needs_strict = pytest.mark.skipif(SandboxLevel.STRICT not in HELD, reason="level strict does not hold here")
ROOT = bundled_root()


@pytest.fixture
def canary(tmp_path: Path) -> str:
    """A file that no confined process may read."""
    path = reachable(tmp_path) / "canary"
    path.write_text("out of bounds", encoding="utf-8")
    return str(path)


@pytest.fixture(params=HELD)
def process(request: pytest.FixtureRequest) -> Iterator[LearnerProcess]:
    """A fresh process of each level that holds here."""
    made = LearnerProcess(launch(request.param))
    yield made
    made.stop()


# What may be seen


@pytest.mark.parametrize("level", [SandboxLevel.LANDLOCK, SandboxLevel.STRICT])
def test_nothing_readable_holds_the_course(level: SandboxLevel) -> None:
    """No path that a confined process may read lies above the checks or the references, or in them."""
    hidden = [(ROOT / name).resolve() for name in ("exercises", "solutions")]
    above = [p for p in sandbox.readable(level) for h in hidden if p == h or p in h.parents or h in p.parents]
    assert above == []


def test_compiled_files_that_cannot_be_read_are_left_out() -> None:
    """A cache that another user has closed: Python goes on without it, and so do all levels."""
    code = "from grader.sandbox import *; print([p for p in readable(SandboxLevel.PROCESS) if p.suffix == '.pyc'])"
    too_long = Path("/", "x" * 300)  # an OSError to everybody, root included
    command = [sys.executable, "-X", f"pycache_prefix={too_long}", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


@needs_strict
def test_bubblewrap_alone_opens_nothing_to_writing_but_the_scratch_folder() -> None:
    """Also without Landlock, and for root: no file of the system, of /proc, or of the covered site-packages."""
    code = """
        import os
        for line in open('/proc/self/mounts'):
            place, kind, options = line.split()[1:4]
            if options.split(',')[0] == 'rw' and not place.startswith('/dev/'):
                print(place)
        for path in ('/proc/sys/kernel/hostname', '/proc/self/comm', '/made'):
            try:
                open(path, 'w')
            except OSError:
                continue
            print(path)
        """
    assert inside_bubblewrap(code) == "/scratch"


@needs_strict
def test_bubblewrap_shows_no_package_and_no_course() -> None:
    """Of what is installed beside Python, NumPy, MessagePack and the worker's files are there, and no more."""
    code = """
        import os, sys, sysconfig
        for base, folders, files in os.walk('/'):
            if base in ('/proc', '/scratch'):
                folders.clear()
            print(*(os.path.join(base, name) for name in files), sep='\\n')
        """
    seen = inside_bubblewrap(code).splitlines()
    package = Path(sandbox.__file__).parent
    own = {Path(path).name.partition(".")[0] for path in seen if package in Path(path).parents}
    assert own == set(worker_files.NAMES)
    assert len([path for path in seen if package in Path(path).parents]) == len(own)
    assert [path for path in seen if "/pytest/" in path or "/exercises/" in path or "/solutions/" in path] == []


@needs_strict
def test_bubblewrap_passes_no_descriptor_on() -> None:
    """Neither of what it has copied nor of anything else."""
    code = "import os; print(*sorted(os.listdir('/proc/self/fd')))"
    assert inside_bubblewrap(code) == "0 1 2 3"  # the last is of the listing


OLD_OR_WRONG = {
    "newer": lambda file, _compiled: os.utime(file, (file.stat().st_mtime + 5,) * 2),
    "longer": lambda file, _compiled: (file.write_text("x = 12\n"), os.utime(file, (1e9, 1e9))),
    "of another Python": lambda _file, compiled: compiled.write_bytes(b"\0" * 4 + compiled.read_bytes()[4:]),
    "cut": lambda _file, compiled: compiled.write_bytes(compiled.read_bytes()[:11]),
    "missing": lambda _file, compiled: compiled.unlink(),
}


@pytest.mark.parametrize("hashed", [False, True], ids=["by time", "by hash"])
@pytest.mark.parametrize("way", ["", *OLD_OR_WRONG])
def test_a_compiled_file_is_taken_where_python_would_take_it(tmp_path: Path, way: str, hashed: bool) -> None:
    """It goes into the sandbox without its source, and nobody there could tell that it is old."""
    file = tmp_path / "module.py"
    file.write_text("x = 1\n")
    os.utime(file, (1e9, 1e9))
    mode = py_compile.PycInvalidationMode.CHECKED_HASH if hashed else py_compile.PycInvalidationMode.TIMESTAMP
    compiled = Path(py_compile.compile(str(file), invalidation_mode=mode))
    if way:
        OLD_OR_WRONG[way](file, compiled)
    assert worker_files._is_current(compiled, file) is (not way or (hashed and way == "newer"))


def inside_bubblewrap(code: str) -> str:
    """What code prints in bubblewrap, without the worker's own bounds."""
    command = [*sandbox.python(SandboxLevel.STRICT), "-c", textwrap.dedent(code)]
    with worker_files.opened() as own:
        done = subprocess.run(
            sandbox.wrapped(SandboxLevel.STRICT, command, {}, "", own),
            check=False,
            stdin=subprocess.DEVNULL,
            pass_fds=[*own.values()],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("level", HELD)
def test_a_level_holds_where_files_are_for_their_owner_alone(level: SandboxLevel, tmp_path: Path) -> None:
    """The package in a closed folder, installed with umask 077: the usual case of a root's temporary folder."""
    package = Path(sandbox.__file__).parent
    shutil.copytree(package, tmp_path / "closed" / "grader", ignore=shutil.ignore_patterns("__pycache__", "data"))
    for path in [tmp_path / "closed", *(tmp_path / "closed").rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    code = """
        import sys
        from grader import pool, result
        print(pool.strongest(result.SandboxLevel(sys.argv[1])), pool.CANARY)
        """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), level.value],
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "closed")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split() == [level.value, str(tmp_path / "closed" / "grader" / "pool.py")], done.stderr


# Proofs


def test_a_level_that_holds_lets_nothing_through(process: LearnerProcess, canary: str) -> None:
    """A process of a level that was found to hold proves it again."""
    assert process.prove(canary) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only POSIX has fork")
def test_an_open_process_cannot_pass_for_a_confined_one(canary: str) -> None:
    """The proof sees a file, a signal, a socket and a fork that get through; not another user's signal."""
    open_one = LearnerProcess(replace(launch(SandboxLevel.PROCESS), level=SandboxLevel.LANDLOCK))
    ways = ["read a file outside", "signal the grader", "open a socket", "start a process"]
    if sandbox.other_user(SandboxLevel.PROCESS) is not None:
        ways.remove("signal the grader")
    assert open_one.prove(canary) == ways
    open_one.stop()


# The right solution passes at every level


@pytest.mark.parametrize("level", HELD)
def test_every_reference_passes_at_every_level(level: SandboxLevel) -> None:
    """Isolation takes nothing away that an exercise needs."""
    course = read_course(ROOT)
    report = grade(course, [Job(e, take(e.reference)) for e in course.exercises], sandbox=level, diagnose=False)
    assert [(e.name, e.outcome, e.problem) for e in report.exercises if not e.passed] == []
    assert report.run.sandbox is level


RIGHT = "e = np.exp(-np.abs(x))\n    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))[()]"
HEAD = "import numpy as np\n\n\ndef sigmoid(x):\n    x = np.asarray(x)\n"
HEAD += "    x = x.astype(np.float32 if x.dtype == np.float32 else np.float64)\n"
HONEST = {
    "prints": "print('x =', x)",
    "null device": "import os; open(os.devnull, 'w').close()",
    "threads": "import threading; t = threading.Thread(target=np.exp, args=(np.zeros(9),)); t.start(); t.join()",
    "standard library": "import decimal, fractions, sqlite3, ssl, ctypes, csv, html.parser, unicodedata, zoneinfo",
    "random numbers": "np.random.default_rng(1).normal(size=3); np.random.rand(2)",
    "recursion": "(f := lambda n: n and f(n - 1))(500)",
    "dataclasses": "import dataclasses; dataclasses.make_dataclass('P', ['x'])(1)",
    "type hints": "from typing import Any, NamedTuple; P = NamedTuple('P', [('a', int)]); n: dict[str, Any] = {}; P(1)",
    "caches": "import functools; functools.cache(lambda n: n)(1)",
    "linear algebra": "np.linalg.svd(np.ones((60, 60))); np.ones((300, 300)) @ np.ones((300, 300))",
    "scratch files": "import tempfile; f = tempfile.TemporaryFile(); f.write(b'x'); f.close()",
    "time and environment": "import os, time; time.time(); time.sleep(0.001); os.environ['HOME']; os.cpu_count()",
    "helper file": "import helpers; helpers.nothing()",
}


@pytest.mark.parametrize("level", HELD)
def test_an_honest_solution_has_full_marks_at_every_level(level: SandboxLevel) -> None:
    """What learners honestly use works: printing, threads, late imports, random numbers, scratch files."""
    exercise = read_course(ROOT).find("sigmoid")
    assert exercise is not None
    course = read_course(ROOT)
    for name, line in HONEST.items():
        source = f"{HEAD}    {line}\n    {RIGHT}\n"
        files = {"sigmoid": source.encode(), "helpers": b"def nothing(): pass\n"}
        graded = grade(course, [Job(exercise, Submission("sigmoid", files))], sandbox=level).exercises[0]
        shown = [(c.name, c.message, c.location) for c in graded.checks if not c.passed]
        assert (name, graded.score, graded.problem, shown) == (name, 10, None, [])


@pytest.mark.parametrize("level", CONFINED)
@pytest.mark.parametrize(
    "attempt",
    [
        "open({checks!r}).read()",
        "__import__('subprocess').run(['true'])",
        "__import__('socket').create_connection(('127.0.0.1', 9))",
        "open('/etc/passwd').read()",
        "__import__('os').kill(__import__('os').getppid(), 9)",
        "__import__('os').listdir({home!r})",
    ],
)
def test_what_a_level_forbids_ends_in_an_error_of_the_learner(level: SandboxLevel, attempt: str) -> None:
    """A forbidden call raises OSError in the learner's code, which a learner reads like any other error."""
    course = read_course(ROOT)
    exercise = course.find("sigmoid")
    assert exercise is not None
    line = attempt.format(checks=str(exercise.check_file), home=str(Path.home()))
    source = textwrap.dedent(f"def sigmoid(x):\n    {line}\n    return x\n")
    graded = grade(course, [Job(exercise, Submission("sigmoid", {"sigmoid": source.encode()}))], sandbox=level)
    core = next(c for c in graded.exercises[0].checks if c.core)
    assert core.outcome is Outcome.RAISED
    assert core.message.split(":")[0] in ("PermissionError", "FileNotFoundError", "OSError", "ProcessLookupError")


KERNEL = """
import ctypes, os

def sigmoid(x):
    libc = ctypes.CDLL(None, use_errno=True)
    allowed = []
    for name, arguments in {calls!r}.items():
        ctypes.set_errno(0)
        if libc.syscall(*map(ctypes.c_long, arguments)) >= 0 or ctypes.get_errno() not in (1, 38):
            allowed.append((name, ctypes.get_errno()))
    raise PermissionError(f"allowed: {{allowed}}")
"""
AF_VSOCK, AF_NETLINK, AF_ALG, NEW_USER, SIGCHLD = 40, 16, 38, 0x10000000, 17


@pytest.mark.parametrize("level", CONFINED)
def test_the_rarer_ways_into_the_kernel_are_closed(level: SandboxLevel) -> None:
    """Sockets past the network's namespace, rings of requests, programs for the kernel, keys, nested namespaces."""
    column = ("x86_64", "aarch64").index(platform.machine())
    number = {name: row[column] for name, row in (seccomp.DENIED | seccomp.ABSENT | seccomp.CONDITIONAL).items()}
    calls = {
        "vsock": (number["socket"], AF_VSOCK, 1, 0),
        "netlink": (number["socket"], AF_NETLINK, 3, 0),
        "alg": (number["socket"], AF_ALG, 5, 0),
        "io_uring": (number["io_uring_setup"], 4, 0),
        "bpf": (number["bpf"], 0, 0, 0),
        "keyctl": (number["keyctl"], 0, -3, 0),
        "unshare": (number["unshare"], NEW_USER),
        "clone": (number["clone"], NEW_USER | SIGCHLD, 0, 0, 0, 0),
        "clone3": (number["clone3"], 0, 0),
        "open by handle": (number["open_by_handle_at"], -100, 0, 0),
        "another's memory": (number["process_vm_readv"], 1, 0, 0, 0, 0, 0),
    }
    assert core_message(level, KERNEL.format(calls=calls)) == "PermissionError: allowed: []"


@pytest.mark.parametrize("level", CONFINED)
def test_the_connection_is_open_in_every_way_of_sending(level: SandboxLevel) -> None:
    """`sendall`, which answers take, is the kernel's `sendto`; a table that closes it would close everything."""
    source = """
        import socket

        def sigmoid(x):
            one, other = socket.socketpair()
            one.sendall(b"a")
            one.sendmsg([b"b"])
            raise PermissionError(other.recv(9))
        """
    assert core_message(level, textwrap.dedent(source)) == "PermissionError: b'ab'"


def core_message(level: SandboxLevel, source: str) -> str:
    """What the core check says of a submission."""
    course = read_course(ROOT)
    exercise = course.find("sigmoid")
    assert exercise is not None
    graded = grade(course, [Job(exercise, Submission("sigmoid", {"sigmoid": source.encode()}))], sandbox=level)
    core = next(c for c in graded.exercises[0].checks if c.core)
    assert core.outcome is Outcome.RAISED, core
    return core.message
