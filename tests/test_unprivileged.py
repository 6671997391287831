"""Whom root hands a learner's process to: a user that owns nothing, where that user can read Python."""

import grp
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from grader import sandbox, unprivileged
from grader.launch import launch
from grader.pool import survey
from grader.process import LearnerProcess
from grader.result import SandboxLevel

HELD = [level for level, doubt in survey().items() if not doubt]

pytestmark = pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root hands a process over")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that anybody may pass; those of pytest are their user's alone."""
    made = Path(tempfile.mkdtemp(prefix="open-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.mark.parametrize(
    ("folder", "file", "inner", "readable"),
    [
        (0o755, 0o644, 0o755, True),
        (0o700, 0o644, 0o755, False),
        (0o755, 0o640, 0o755, False),
        (0o755, 0o644, 0o750, False),
    ],
    ids=["open", "closed folder", "closed file in it", "closed folder in it"],
)
def test_a_folder_is_for_all_with_what_is_right_in_it(
    open_folder: Path, folder: int, file: int, inner: int, readable: bool
) -> None:
    """As umask 077 leaves it, or as one closed by hand."""
    place = open_folder / "place"
    (place / "inner").mkdir(parents=True)
    (place / "file").touch()
    for path, mode in ((place, folder), (place / "file", file), (place / "inner", inner)):
        path.chmod(mode)
    assert unprivileged.is_for_all(place, bound=False) is readable


def test_a_closed_folder_above_matters_unless_the_path_is_bound_elsewhere(open_folder: Path) -> None:
    """A Python below /root is for all in bubblewrap, and for nobody outside."""
    (open_folder / "closed").mkdir(mode=0o700)
    file = open_folder / "closed" / "file"
    file.touch(mode=0o644)
    assert unprivileged.is_for_all(file, bound=True)
    assert not unprivileged.is_for_all(file, bound=False)
    assert not unprivileged.is_for_all(open_folder / "missing" / "file", bound=False)


def test_the_user_has_no_name_and_owns_nothing() -> None:
    """A number that neither the users nor the groups of this machine have."""
    number = unprivileged.user_for([], bound=True)
    assert number is not None
    with pytest.raises(KeyError):
        pwd.getpwuid(number)
    with pytest.raises(KeyError):
        grp.getgrgid(number)


def test_files_for_root_alone_are_read_by_nobody_else(tmp_path: Path) -> None:
    """Then the process stays root's, without root's rights."""
    closed = tmp_path / "closed"
    closed.touch(mode=0o600)
    assert unprivileged.user_for([closed], bound=True) is None


@pytest.mark.parametrize("level", HELD)
def test_the_process_is_that_user_to_the_system_around_it(level: SandboxLevel) -> None:
    """Its user, its groups, no capability, as seen from outside; it stays root's where files are root's alone."""
    launched = launch(level)
    process = LearnerProcess(launched)
    process.ready()
    try:
        (seen,) = [status for status in statuses(launched.process.pid) if status["Name"].startswith("python")]
    finally:
        process.stop()
    expected = sandbox.other_user(level) or 0
    assert seen["Uid"].split() == seen["Gid"].split() == [str(expected)] * 4
    assert seen["Groups"] == "" or expected == 0
    assert int(seen["CapEff"], 16) == 0 or level is SandboxLevel.PROCESS


def statuses(group: int) -> Iterator[dict[str, str]]:
    """What the kernel says of each process of a group."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            of_the_group = int((folder / "stat").read_text().rpartition(")")[2].split()[2]) == group
            lines = (folder / "status").read_text().splitlines() if of_the_group else []
        except OSError:  # somebody else's, which has ended meanwhile
            continue
        if lines:
            yield {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


@pytest.mark.skipif(SandboxLevel.STRICT not in HELD, reason="level strict does not hold here")
def test_bubblewrap_needs_no_user_namespace_for_root() -> None:
    """Some systems forbid them; root has no need of one where its files are for all."""
    options = sandbox.wrapped(SandboxLevel.STRICT, ["true"], {}, "", {})
    assert ("--unshare-user" in options) == (sandbox.other_user(SandboxLevel.STRICT) is None)


@pytest.mark.parametrize("level", [level for level in HELD if level is not SandboxLevel.STRICT])
def test_a_python_for_all_is_run_by_nobody(level: SandboxLevel, open_folder: Path) -> None:
    """The system's own Python with the packages in an open folder: the process is another user from its first line."""
    python = Path("/usr/bin/python3")
    if not python.exists() or version(python) != "{}.{}".format(*sys.version_info):
        pytest.skip(f"{python} is not there, or of another version than the packages here")
    for found in (Path(sandbox.__file__).parent, Path(msgspec.__file__).parent, *sandbox._packages()):
        shutil.copytree(found, open_folder / found.name, ignore=shutil.ignore_patterns("tests"))
    code = """
        import os, sys
        sys.path.insert(0, sys.argv[1])
        from grader import launch, pool, process, result, sandbox
        level = result.SandboxLevel(sys.argv[2])
        launched = launch.launch(level)
        worker = process.LearnerProcess(launched)
        print(worker.prove(pool.CANARY), os.stat(launched.scratch).st_uid, sandbox.other_user(level))
        worker.stop()
        print(launched.scratch.exists())
        """
    command = [str(python), "-c", textwrap.dedent(code), str(open_folder), level.value]
    done = subprocess.run(command, check=False, cwd="/", capture_output=True, text=True, timeout=60)
    number = unprivileged.user_for([], bound=True)
    assert done.stdout.splitlines() == [f"[] {number} {number}", "False"], done.stderr


def version(python: Path) -> str:
    code = "import sys; print('{}.{}'.format(*sys.version_info))"
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
