"""Putting a stub back never costs a learner's file."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from grader.errors import WorkspaceError
from grader.workspace import Workspace, create, find_workspace, reset

from .command import environment
from .small_course import write_course

NOON = datetime(2026, 11, 20, 14, 23, 55)  # names of kept files are in local time


def now() -> datetime:
    return NOON


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create(tmp_path / "work")[0]


def test_the_stub_comes_back_and_the_learners_file_is_kept(workspace: Workspace) -> None:
    """The kept file has a dated name beside it and every byte that it had."""
    exercise = workspace.course.exercises[0]
    target = workspace.file_of(exercise)
    target.write_bytes(b"mine \xff")
    kept = reset(workspace, exercise, now)
    assert kept == target.with_name(f"{exercise.module}.20261120-142355.py")
    assert (kept.read_bytes(), target.read_bytes()) == (b"mine \xff", exercise.stub.read_bytes())


def test_an_untouched_stub_is_nothing_to_keep(workspace: Workspace) -> None:
    exercise = workspace.course.exercises[0]
    target = workspace.file_of(exercise)
    assert reset(workspace, exercise, now) is None
    assert sorted(path.name for path in target.parent.iterdir()) == ["README.md", target.name]


@pytest.mark.skipif(os.getuid() == 0 and shutil.which("setpriv") is None, reason="root may read everywhere")
def test_a_file_that_cannot_be_read_is_kept_all_the_same(workspace: Workspace) -> None:
    """To move it needs no right to read it."""
    exercise = workspace.course.exercises[0]
    target = workspace.file_of(exercise)
    target.chmod(0)
    as_anybody = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.getuid() == 0 else []
    call = [*as_anybody, "grade", "reset", exercise.name]
    done = subprocess.run(call, cwd=workspace.root, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert target.read_bytes() == exercise.stub.read_bytes()
    assert len(list(target.parent.glob(f"{exercise.module}.*.py"))) == 1


def test_twice_in_one_second_keeps_both(workspace: Workspace) -> None:
    """The second kept file gets a name of its own."""
    exercise = workspace.course.exercises[0]
    target = workspace.file_of(exercise)
    names = []
    for text in ("one", "two", "three"):
        target.write_text(text, encoding="utf-8")
        kept = reset(workspace, exercise, now)
        assert kept is not None
        assert kept.read_text(encoding="utf-8") == text
        names.append(kept.name)
    stem = f"{exercise.module}.20261120-142355"
    assert names == [f"{stem}.py", f"{stem}-2.py", f"{stem}-3.py"]


def test_a_missing_file_just_comes_back(workspace: Workspace) -> None:
    """There is nothing to keep, and a missing folder is made."""
    exercise = workspace.course.exercises[0]
    target = workspace.file_of(exercise)
    target.unlink()
    target.with_name("README.md").unlink()
    target.parent.rmdir()
    assert reset(workspace, exercise, now) is None
    assert target.read_bytes() == exercise.stub.read_bytes()


def test_a_link_is_kept_as_a_link(workspace: Workspace, tmp_path: Path) -> None:
    """What it points to is not touched, and nothing is written through it."""
    exercise = workspace.course.exercises[0]
    target = workspace.file_of(exercise)
    elsewhere = tmp_path / "elsewhere.py"
    elsewhere.write_text("mine", encoding="utf-8")
    target.unlink()
    target.symlink_to(elsewhere)
    kept = reset(workspace, exercise, now)
    assert kept is not None
    assert (kept.readlink(), elsewhere.read_text(encoding="utf-8")) == (elsewhere, "mine")
    assert not target.is_symlink()
    assert target.read_bytes() == exercise.stub.read_bytes()


def test_a_file_in_place_of_the_folder_is_told_and_stays(workspace: Workspace) -> None:
    """Nothing is removed to make room."""
    exercise = workspace.course.exercises[0]
    folder = workspace.file_of(exercise).parent
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("a file", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="your file is unchanged"):
        reset(workspace, exercise, now)
    assert folder.read_text(encoding="utf-8") == "a file"


@pytest.mark.skipif(os.name != "posix", reason="only POSIX can cap the size of a file")
def test_a_full_disk_leaves_the_learners_file_where_it_is(workspace: Workspace, tmp_path: Path) -> None:
    """The stub is written before the learner's file is moved away."""
    exercise = workspace.course.exercises[0]
    target = workspace.file_of(exercise)
    target.write_text("mine", encoding="utf-8")
    code = (
        "import pathlib, resource, signal, sys\n"
        "from datetime import datetime\n"
        "from grader.workspace import find_workspace, reset\nfrom grader.errors import WorkspaceError\n"
        "workspace = find_workspace(pathlib.Path(sys.argv[1]))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))\n"
        "try:\n    reset(workspace, workspace.course.exercises[0], datetime.now)\n"
        "except WorkspaceError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(workspace.root)], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.strip().endswith("; your file is unchanged")
    assert target.read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in target.parent.iterdir()) == ["README.md", target.name]


def test_the_courses_own_stub_is_not_reset(tmp_path: Path) -> None:
    """In a checkout the stub is the author's work."""
    found = find_workspace(write_course(tmp_path))
    (exercise,) = found.course.exercises
    with pytest.raises(WorkspaceError, match=r"the course's own stub; make a workspace with `grade init DIR`"):
        reset(found, exercise, now)
