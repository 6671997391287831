"""What `grade class` makes of a gradebook is the same, however many processes draw it."""

import subprocess
import sys
from pathlib import Path

import pytest

from .command import environment

ROOT = Path(__file__).parent.parent
PROGRAM = """\
from grader.blas import one_thread
one_thread()
import os, sys
from msgspec.structs import replace
from pathlib import Path
from grader.classroom.gradebook import Gradebook
from grader.cli.class_files import write
from grader.errors import WorkspaceError
from grader.processes import can_fork
from tests.test_class_pages import ASSIGNMENT, GOOD

out, jobs = Path(sys.argv[1]), int(sys.argv[2])
with Gradebook(out) as gradebook:
    gradebook.put(*(replace(GOOD, student=replace(GOOD.student, id=f"s{{n:03}}")) for n in range(130)))
    {before}
    try:
        write(gradebook.book(ASSIGNMENT), out, jobs)
    except WorkspaceError as error:
        print(error)
    print("forks" if can_fork() else "alone")
"""


def said(out: Path, jobs: int, before: str = "pass") -> list[str]:
    """What the program prints that writes the pages of 130 students."""
    command = [sys.executable, "-c", PROGRAM.format(before=before), str(out), str(jobs)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.splitlines()


def pages(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (out / "students").iterdir()}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes are no forks, and one draws all pages")
def test_two_processes_write_what_one_does(tmp_path: Path) -> None:
    """Each has rows of its own to read, and the same time."""
    for jobs in (1, 2):
        assert said(tmp_path / str(jobs), jobs) == ["forks"]
    assert pages(tmp_path / "1") == pages(tmp_path / "2")
    assert len(pages(tmp_path / "2")) == 130


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_page_that_cannot_be_written_is_told(tmp_path: Path, jobs: int) -> None:
    """By whichever process would have written it."""
    in_the_way = "os.makedirs(out / 'students' / 's077.html')"
    error, _ = said(tmp_path, jobs, in_the_way)
    assert error == f"{tmp_path / 'students' / 's077.html'}: is a folder; name a file in it"
