"""The same class on a Dask cluster: workers may die, refuse or be missing, and the gradebook is the same."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.classroom import executors
from grader.errors import SandboxError, WorkspaceError
from grader.result import SandboxLevel

from .class_folder import works
from .test_class import PROCESS, Class, _until

distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install 'neurograde[distributed]'")
pytestmark = pytest.mark.filterwarnings("ignore")  # of Dask's own


@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    """Two worker processes of one thread each."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as found:
        yield found


def test_a_worker_that_dies_costs_nothing(cluster: object, tmp_path: Path) -> None:
    """One of two is killed in the middle: the same rows as on this machine."""
    students = Class(tmp_path, list(works(20, hostile=False)))
    students.grade("here")
    address = cluster.scheduler_address  # type: ignore[attr-defined]
    process = subprocess.Popen(
        students.command("there", "--scheduler", address, *PROCESS), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    _until(lambda: (tmp_path / "there" / "gradebook.sqlite3").exists() and len(students.rows("there")) >= 5)
    os.kill(cluster.workers[0].process.pid, signal.SIGKILL)  # type: ignore[attr-defined]
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, out + err
    assert students.rows("there") == students.rows("here")
    here, there = (tmp_path / name / "gradebook.csv" for name in ("here", "there"))
    assert here.read_bytes() == there.read_bytes()


def test_workers_that_are_less_shut_in_are_left_out(cluster: object) -> None:
    """Each looks at its own machine; where none holds what is asked for, nothing runs."""
    address = cluster.scheduler_address  # type: ignore[attr-defined]
    with (
        pytest.raises(SandboxError, match="no worker can be used"),
        executors.of_a_cluster(address, SandboxLevel.SEATBELT, SandboxLevel.SEATBELT),
    ):
        pytest.fail("a worker claims the sandbox of another system")
    with executors.of_a_cluster(address, SandboxLevel.PROCESS, SandboxLevel.PROCESS) as found:
        assert found.threads >= 1
        assert found.refused == {}


def test_where_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address, and what to start."""
    monkeypatch.setattr(executors, "_SECONDS_TO_ANSWER", 1)
    with (
        pytest.raises(WorkspaceError, match="is `dask scheduler` running there"),
        executors.of_a_cluster("tcp://127.0.0.1:9", None, SandboxLevel.PROCESS),
    ):
        pytest.fail("there is a scheduler on the port that discards")
