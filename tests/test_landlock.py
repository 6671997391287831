"""Files, networks and processes that Landlock closes: each attempt made for real in a process of its own."""

import errno
import json
import os
import socket
import subprocess
import sys
import sysconfig
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import landlock, seccomp

ROOT = Path(__file__).parent.parent
ABI = landlock.abi()
LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/bin/true", "/etc/ld.so.cache")
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")

pytestmark = pytest.mark.skipif(ABI == 0, reason="no Landlock here: it needs Linux 5.13, with Landlock switched on")
on_filters = pytest.mark.skipif(not seccomp.supported(), reason="no seccomp here, or no table for this machine")

CONFINED = """
import ctypes, errno, json, os, socket, subprocess, sys
from grader import landlock
given = json.loads(sys.argv[1])
outside, parent = given['outside'], os.getppid()
libc = ctypes.CDLL(None, use_errno=True)
landlock.restrict(given['readable'], given['writable'])
"""
TRIED = """
outcomes = {}
for name, attempt in given['attempts'].items():
    try:
        exec(attempt)
        outcomes[name] = 'worked'
    except OSError as error:
        outcomes[name] = errno.errorcode[error.errno]
print(json.dumps(outcomes))
"""
# What is tried: (the ABI that closes it, the code, the error). Each works without Landlock
REFUSED = {
    "read": (1, "open(outside + '/secret').read()", "EACCES"),
    "read_by_link": (1, "os.symlink(outside + '/secret', 'link'); open('link').read()", "EACCES"),
    "read_by_dots": (1, "open(os.path.relpath(outside + '/secret')).read()", "EACCES"),
    "read_from_proc": (1, "open(f'/proc/{parent}/status').read()", "EACCES"),
    "list": (1, "os.listdir(outside)", "EACCES"),
    "write": (1, "open(outside + '/secret', 'a').write('x')", "EACCES"),
    "create": (1, "open(outside + '/new', 'w')", "EACCES"),
    "make_folder": (1, "os.mkdir(outside + '/folder')", "EACCES"),
    "make_link": (1, "os.symlink('a', outside + '/link')", "EACCES"),
    "make_pipe": (1, "os.mkfifo(outside + '/pipe')", "EACCES"),
    "rename": (1, "os.rename(outside + '/second', outside + '/moved')", "EACCES"),
    "bring_in": (1, "os.rename(outside + '/third', 'third')", None),
    "link_in": (1, "os.link(outside + '/secret', 'hard')", None),
    "run": (1, "subprocess.run([outside + '/program'], check=True)", "EACCES"),
    "write_what_is_readable": (1, "open(given['readable'][0] + '/file', 'a')", "EACCES"),
    "remove_what_is_readable": (1, "os.remove(given['readable'][0] + '/other')", "EACCES"),
    "truncate": (3, "os.truncate(outside + '/secret', 1)", "EACCES"),
    "truncate_on_reading": (3, "os.open(given['readable'][0] + '/file', os.O_RDONLY | os.O_TRUNC)", "EACCES"),
    "connect": (4, "socket.create_connection(('127.0.0.1', given['port'])).close()", "EACCES"),
    "bind": (4, "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.close()", "EACCES"),
    "signal": (6, "os.kill(parent, 0)", "EPERM"),
    "abstract_socket": (6, "socket.socket(socket.AF_UNIX).connect(given['abstract'])", "EPERM"),
    "remove": (1, "os.remove(outside + '/secret')", "EACCES"),
}
WORKS = {
    "read": "assert open(given['readable'][0] + '/file').read() == 'text'",
    "list": "assert 'file' in os.listdir(given['readable'][0])",
    "look": "os.stat(outside + '/secret')",  # what Landlock leaves open
    "import": "import decimal, sqlite3, ssl",
    "run": "subprocess.run(['/bin/true'], check=True)",
    "write": "open('new', 'w').write('x'); os.truncate('new', 0); os.chmod('new', 0o600); os.remove('new')",
    "make": "os.makedirs('a/b'); os.symlink('a', 'l'); os.mkfifo('p'); os.rename('a', 'c'); os.rmdir('c/b')",
    "random": "assert len(open('/dev/urandom', 'rb').read(8)) == 8",
    "nothing": "open('/dev/null', 'w').write('x'); subprocess.run(['/bin/true'], stdout=-3, check=True)",
    "own_signal": "os.kill(os.getpid(), 0)",
    "own_sockets": "a, b = socket.socketpair(); a.sendall(b'x'); assert b.recv(1) == b'x'",
    "threads": "import threading; t = threading.Thread(target=print, args=['']); t.start(); t.join()",
}


class Place:
    """Three folders (outside of everything, readable, scratch), and two listeners of this process."""

    def __init__(self, folder: Path, listener: socket.socket, abstract: socket.socket) -> None:
        self.outside, self.readable, self.scratch = folder / "outside", folder / "readable", folder / "scratch"
        for made in (self.outside, self.readable, self.scratch):
            made.mkdir()
        for name in ("secret", "second", "third"):
            (self.outside / name).write_text("secret")
        (self.outside / "program").write_text("#!/bin/true\n")
        (self.outside / "program").chmod(0o755)
        (self.readable / "file").write_text("text")
        (self.readable / "other").write_text("text")
        self._port, self._abstract = listener.getsockname()[1], abstract.getsockname().decode()

    def run(self, code: str, *, attempts: dict[str, str] | None = None, **lists: list[str]) -> str:
        """What the code prints in a process in the scratch folder; its errors are the test's."""
        own = [str(ROOT), sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), *LIBRARIES]
        given = {
            "outside": str(self.outside),
            "port": self._port,
            "abstract": self._abstract,
            "attempts": attempts or {},
            "readable": [str(self.readable), *own, "/dev/urandom"],
            "writable": [str(self.scratch), "/dev/null", *_measured()],
        }
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code), json.dumps(given | lists)],
            check=False,
            cwd=self.scratch,
            env=os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


def _measured() -> list[str]:
    """Where coverage writes what it saw of the processes here, if it looks."""
    file = os.environ.get("COVERAGE_FILE")
    return [str(Path(file).parent)] if file else []


@pytest.fixture(scope="module")
def listeners() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A TCP socket and an abstract one of this process that accept connections."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind(f"\0neurograde-test-{os.getpid()}")
        abstract.listen()
        yield listener, abstract


@pytest.fixture
def place(tmp_path: Path, listeners: tuple[socket.socket, socket.socket]) -> Place:
    return Place(tmp_path, *listeners)


@pytest.fixture(scope="module")
def refusals(
    tmp_path_factory: pytest.TempPathFactory, listeners: tuple[socket.socket, socket.socket]
) -> dict[str, str]:
    """What became of every attempt in one confined process."""
    place = Place(tmp_path_factory.mktemp("confined"), *listeners)
    attempts = {name: attempt for name, (_abi, attempt, _error) in REFUSED.items()}
    return dict(json.loads(place.run(CONFINED + TRIED, attempts=attempts)))


@pytest.mark.parametrize("name", REFUSED)
def test_an_attempt_is_refused(refusals: dict[str, str], name: str) -> None:
    """Each fails with the error of a right that one lacks, from the version of Landlock on that closes it."""
    since, _attempt, error = REFUSED[name]
    if since > ABI:
        pytest.skip(f"needs ABI {since} of Landlock; this kernel has {ABI}")
    assert refusals[name] == error if error else refusals[name] in ("EACCES", "EXDEV")


def test_the_attempts_are_real_ones(place: Place) -> None:
    """Without Landlock every one of them works, so that it is Landlock that refuses."""
    attempts = {name: attempt for name, (_abi, attempt, _error) in REFUSED.items()}
    free = CONFINED.replace("landlock.restrict(", "print and (")
    outcomes = json.loads(place.run(free + TRIED, attempts=attempts))
    assert {name: outcome for name, outcome in outcomes.items() if outcome != "worked"} == {}


@pytest.mark.parametrize("name", WORKS)
def test_what_is_allowed_works(place: Place, name: str) -> None:
    """Reading, running and listing beneath readable, everything beneath writable, devices that are given."""
    place.run(f"{CONFINED}\n{WORKS[name]}")


def test_files_move_between_folders_of_the_scratch(place: Place) -> None:
    """From ABI 2 on a file may go from one writable folder to another."""
    if ABI < 2:
        pytest.skip(f"needs ABI 2 of Landlock; this kernel has {ABI}")
    place.run(CONFINED + "os.mkdir('a'); open('f', 'w').close(); os.rename('f', 'a/f'); os.link('a/f', 'g')")


def test_single_files_can_be_given(place: Place) -> None:
    """A file in either list is open without its neighbours, and without being writable where it is only readable."""
    code = CONFINED + TRIED
    attempts = {
        "read": "open(outside + '/secret').read()",
        "read_neighbour": "open(outside + '/second').read()",
        "write": "open('only', 'w').write('x')",
        "write_neighbour": "open('another', 'w')",
        "write_zero": "open('/dev/zero', 'w')",
    }
    (place.scratch / "only").touch()
    interpreter = [str(ROOT), sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), *LIBRARIES]
    readable = [str(place.outside / "secret"), *interpreter, *DEVICES]
    writable = [str(place.scratch / "only"), *_measured()]
    assert json.loads(place.run(code, attempts=attempts, readable=readable, writable=writable)) == {
        "read": "worked",
        "read_neighbour": "EACCES",
        "write": "worked",
        "write_neighbour": "EACCES",
        "write_zero": "EACCES",
    }


def test_no_device_is_made_in_the_scratch_folder(place: Place) -> None:
    """Not even root gets at the machine's disks by a device file of its own."""
    code = "import stat\ntry:\n    os.mknod('disk', 0o600 | stat.S_IFBLK, os.makedev(259, 0))\nexcept OSError as error:"
    assert place.run(f"{CONFINED}{code}\n    print(error.errno)") in (str(errno.EACCES), str(errno.EPERM))
    assert not (place.scratch / "disk").exists()


def test_processes_started_later_are_bound_as_well(place: Place) -> None:
    """A child has its parent's bounds; it cannot take them off by starting a program."""
    code = """
        import textwrap
        reading = "import sys\\ntry:\\n    open(sys.argv[1])\\nexcept OSError as error:\\n    print(error.errno)"
        command = [sys.executable, "-S", "-c", reading, outside + "/secret"]
        done = subprocess.run(command, capture_output=True, text=True)
        print(done.stdout, done.stderr)
        """
    assert place.run(CONFINED + textwrap.dedent(code)) == str(errno.EACCES)


def test_bounds_can_only_be_drawn_tighter(place: Place) -> None:
    """A second call with wider lists opens nothing."""
    code = "landlock.restrict([outside, '/proc', *given['readable']], given['writable'])\n"
    attempts = {"read": "open(outside + '/secret')", "file": "open(given['readable'][0] + '/file')"}
    free = CONFINED.replace("given['readable'],", "[*given['readable'], '/proc'],")
    assert json.loads(place.run(free + code + TRIED, attempts=attempts)) == {"read": "EACCES", "file": "worked"}


def test_missing_readable_paths_are_passed_over(place: Place) -> None:
    """A list may name what only some machines have."""
    missing = [str(place.outside / "none"), str(place.readable / "file" / "beneath")]
    interpreter = [str(ROOT), sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), *LIBRARIES]
    place.run(CONFINED, readable=[*missing, *interpreter])


def test_a_missing_writable_path_is_an_error(place: Place) -> None:
    """A scratch folder that isn't there is the grader's mistake, which must not stay hidden."""
    code = CONFINED.replace("landlock.restrict", "try:\n    landlock.restrict")
    code += "except FileNotFoundError as error:\n    print(error.filename)"
    missing = str(place.scratch / "none")
    assert place.run(code, writable=[missing]) == missing


def test_a_process_with_several_threads_is_refused(place: Place) -> None:
    """Landlock binds the thread that asks; the others would stay free, so that none is bound."""
    begun = "import threading\nevent = threading.Event()\nthreading.Thread(target=event.wait).start()\n"
    code = begun + CONFINED.replace("landlock.restrict", "try:\n    landlock.restrict")
    code += "except OSError as error:\n    print(error.errno, open(outside + '/secret').read())\nevent.set()"
    assert place.run(code) == f"{errno.EBUSY} secret"


def test_no_descriptor_is_left(place: Place) -> None:
    """The process has the descriptors that it had."""
    code = CONFINED.replace("landlock.restrict", "before = os.listdir('/proc/self/fd')\nlandlock.restrict")
    code = code.replace("given['readable'],", "[*given['readable'], '/proc'],")
    place.run(code + "assert os.listdir('/proc/self/fd') == before")


@pytest.mark.parametrize("version", range(1, 8))
def test_the_kernel_takes_what_is_asked_of_each_version(version: int) -> None:
    """The rights and the size of the request are right for every ABI up to this kernel's."""
    if version > ABI:
        pytest.skip(f"this kernel has ABI {ABI} of Landlock")
    os.close(landlock._ruleset(version, landlock._handled(version)))


@on_filters
def test_landlock_and_the_filter_hold_together(place: Place) -> None:
    """With Landlock first and the filter after it, NumPy loads and works, and both hold."""
    code = """
        from grader import seccomp
        seccomp.restrict()
        import numpy as np
        assert np.linalg.inv(np.eye(50) * 2)[0, 0] == 0.5
        np.save("array.npy", np.eye(3))
        assert np.load("array.npy").sum() == 3
        """
    attempts = {
        "read": "open(outside + '/secret')",
        "fork": "os.fork()",
        "connect": "socket.create_connection(('127.0.0.1', given['port']))",
        "signal": "os.kill(parent, 0)",
        "chmod": "os.chmod(outside + '/secret', 0o777)",
    }
    assert json.loads(place.run(CONFINED + textwrap.dedent(code) + TRIED, attempts=attempts)) == {
        "read": "EACCES",
        "fork": "EPERM",
        "connect": "EPERM",
        "signal": "EPERM",
        "chmod": "EPERM",
    }
