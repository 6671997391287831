"""A process that shuts itself in: what is closed, what is given up, and that the tries to get out are real ones."""

import json
import os
import resource
import subprocess
import sys
import sysconfig
import textwrap
from pathlib import Path

import pytest

from grader import confine, landlock, sandbox, seccomp

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made of parts of Linux")
both = pytest.mark.skipif(not (landlock.abi() and seccomp.supported()), reason="needs Landlock and seccomp")
OPEN = {"descriptor": 2, "parent": None, "confined": False, "user": None}


def run(code: str, settings: dict[str, object], *, folder: Path, inherit: tuple[int, ...] = ()) -> str:
    """What code prints in a process of its own, where `settings` and `canary` are given."""
    given = "import json, os, sys\nfrom grader import confine\n"
    given += "settings, canary, grader = json.loads(sys.argv[1]), sys.argv[2], os.getppid()\n"
    done = subprocess.run(
        [sys.executable, "-c", given + textwrap.dedent(code), json.dumps(settings), __file__],
        check=False,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        pass_fds=inherit,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def confined(folder: Path) -> dict[str, object]:
    """Settings with nothing to read but Python and the worker's files, and the folder as scratch."""
    own = [str(path) for path in sandbox.readable(sandbox.SandboxLevel.LANDLOCK)]
    return OPEN | {
        "confined": True,
        "readable": [*own, "/proc/self", sysconfig.get_path("purelib")],
        "scratch": str(folder),
    }


def test_each_way_out_is_open_to_a_process_that_is_not_shut_in(tmp_path: Path) -> None:
    """A try that could never work would prove nothing."""
    ways = run("print(*confine.escapes(canary, grader), sep=', ')", OPEN, folder=tmp_path)
    assert ways == ", ".join(confine.ESCAPES)


@both
def test_each_way_out_is_closed_to_one_that_is(tmp_path: Path) -> None:
    """All of them, by `confine` alone."""
    assert (
        run("confine.confine(settings)\nprint(confine.escapes(canary, grader))", confined(tmp_path), folder=tmp_path)
        == "[]"
    )


@both
def test_nothing_of_roots_rights_is_left(tmp_path: Path) -> None:
    """No capability in any set that a process can use, and no way to gain one by a program."""
    code = """
        confine.confine(settings)
        status = dict(line.split(':', 1) for line in open('/proc/self/status'))
        print(*(int(status[name], 16) for name in ('CapPrm', 'CapEff', 'CapInh')), status['NoNewPrivs'].strip())
        """
    assert run(code, confined(tmp_path), folder=tmp_path) == "0 0 0 1"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_root_becomes_a_user_for_good(tmp_path: Path) -> None:
    """In every of its numbers and all its groups, without a way back."""
    code = """
        confine.become(64123)
        print(os.getresuid(), os.getresgid(), os.getgroups())
        try:
            os.setuid(0)
        except PermissionError:
            print('for good')
        """
    number = "(64123, 64123, 64123)"
    assert run(code, OPEN, folder=tmp_path).splitlines() == [f"{number} {number} []", "for good"]


@pytest.mark.parametrize("kept", [0, 1], ids=["lower", "higher"])
def test_descriptors_that_were_inherited_are_closed(tmp_path: Path, kept: int) -> None:
    """All but the standard ones and the connection, whichever numbers they have."""
    pipe = os.pipe()
    code = "confine.confine(settings)\nprint(sorted(int(n) for n in os.listdir('/proc/self/fd'))[3:])"
    try:
        printed = run(code, OPEN | {"descriptor": pipe[kept]}, folder=tmp_path, inherit=pipe)
    finally:
        os.close(pipe[0])
        os.close(pipe[1])
    listing = min({3, 4} - {pipe[kept]})  # of the folder itself, while it is listed
    assert json.loads(printed) == sorted({pipe[kept], listing})


def test_a_process_whose_parent_is_gone_already_ends(tmp_path: Path) -> None:
    """The kernel tells of a death to come, not of one that was."""
    settings = OPEN | {"parent": 1 if os.getpid() != 1 else 2}
    with pytest.raises(AssertionError):
        run("confine.confine(settings)\nprint('on')", settings, folder=tmp_path)
    assert run("confine.confine(settings | {'parent': grader})\nprint('on')", OPEN, folder=tmp_path) == "on"


@both
def test_memory_is_capped_where_proc_is_out_of_sight(tmp_path: Path) -> None:
    """Landlock's rule for an entry of /proc is good until the kernel, short of memory, makes the entry anew."""
    settings = confined(tmp_path)
    readable = settings["readable"]
    assert isinstance(readable, list)
    readable.remove("/proc/self")
    code = """
        import resource
        confine.confine(settings)
        confine.limit_memory(64)
        print(64 * 2**20 < resource.getrlimit(resource.RLIMIT_AS)[1] < 2**40)
        """
    assert run(code, settings, folder=tmp_path) == "True"


def test_memory_is_capped_beyond_what_is_used(tmp_path: Path) -> None:
    """So much more and no more, no core dumps, no large files; a cap that was lower stays."""
    code = """
        import resource
        confine.limit_memory(64)
        block = bytearray(16 * 2**20)
        try:
            bytearray(128 * 2**20)
        except MemoryError:
            print('refused', resource.getrlimit(resource.RLIMIT_CORE)[1], resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        confine.limit_memory(4096)
        print(resource.getrlimit(resource.RLIMIT_AS)[1] < 4096 * 2**20)
        """
    size = min(value for value in (64 * 2**20, resource.getrlimit(resource.RLIMIT_FSIZE)[1]) if value >= 0)
    assert run(code, OPEN, folder=tmp_path).splitlines() == [f"refused 0 {size}", "True"]
