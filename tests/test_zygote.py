"""Forks of one zygote: each as fresh as a process of its own, and kept from the others."""

import gc
import importlib.util
import multiprocessing
import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.queues import SimpleQueue
from pathlib import Path

import numpy as np
import pytest

from grader import worker_files
from grader import zygote as zygotes
from grader.launch import SCRATCH_PREFIX, START_SECONDS
from grader.pool import CANARY, Pool, survey
from grader.process import LearnerProcess, ProcessFault
from grader.result import Outcome, SandboxLevel
from grader.zygote import LEVELS, Zygote

HELD = [level for level, doubt in survey().items() if not doubt and level in LEVELS]
PATIENCE = 60.0

pytestmark = pytest.mark.skipif(not HELD, reason="no level that forks holds here")


@pytest.fixture(params=HELD)
def zygote(request: pytest.FixtureRequest) -> Iterator[Zygote]:
    """One at each level that holds."""
    made = Zygote(request.param)
    yield made
    made.close()


def forked(zygote: Zygote, source: str) -> LearnerProcess:
    """A fork that has proved its level and has run a module `lesson` with a function `f`."""
    process = LearnerProcess(zygote.fork())
    assert process.prove(CANARY) == []
    deadline = time.monotonic() + PATIENCE
    answer = process.ask("load", "lesson", {"lesson": source.encode()}, ["f"], 512, {}, deadline=deadline)
    assert answer == ["value", [[], {}], None]
    return process


def call(process: LearnerProcess, *args: object) -> object:
    """What the learner's function returns."""
    match process.ask("call", "f", args, {}, False, deadline=time.monotonic() + PATIENCE):
        case ["value", value, None]:
            return value
        case answer:
            raise AssertionError(answer)


def test_garbage_is_collected_in_a_fork(zygote: Zygote) -> None:
    """None is while a zygote loads."""
    process = forked(zygote, "import gc\n\n\ndef f():\n    return gc.isenabled()\n")
    assert call(process) is True
    process.stop()


WRITES = """
import os
def f():
    os.makedirs("deep/er")
    open("deep/er/note", "w").write("mine")
    os.mkdir("deep/closed", 0)
    return os.listdir(".")
"""
LOOKS = """
import os
def f():
    return os.listdir("."), os.path.basename(os.getcwd()) == os.path.basename(os.environ["HOME"])
"""


def test_what_one_wrote_the_next_does_not_find(zygote: Zygote) -> None:
    """The scratch folder is a fork's own and goes with it, closed folders and all; the zygote stays good."""
    first = forked(zygote, WRITES)
    assert call(first) == ["deep"]
    first.stop()
    assert zygote.usable
    second = forked(zygote, LOOKS)
    assert call(second) == ([], True)
    second.stop()


REACHES = """
import os, resource, signal
def f(pids, folders):
    got = []
    for pid in pids:
        for name, attempt in {
            "memory": lambda: open(f"/proc/{pid}/mem", "rb").read(1),
            "files": lambda: os.listdir(f"/proc/{pid}/fd"),
            "environment": lambda: open(f"/proc/{pid}/environ", "rb").read(),
            "signal": lambda: os.kill(pid, 0),
            "handle": lambda: signal.pidfd_send_signal(os.pidfd_open(pid), signal.SIGKILL),
            "limits": lambda: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1)),
            "priority": lambda: os.setpriority(os.PRIO_PROCESS, pid, 19),
            "processors": lambda: os.sched_setaffinity(pid, {0}),
            "scheduler": lambda: os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0)),
        }.items():
            try:
                attempt()
            except OSError:
                continue
            got.append((name, pid))
    for folder in folders:
        try:
            got.append(os.listdir(folder))
        except OSError:
            continue
    return got
"""
TELLS = "import os\nsecret = 'x' * 1000\ndef f(): return os.getpid(), os.getppid(), os.getcwd()\n"


def test_forks_cannot_reach_each_other_nor_the_zygote(zygote: Zygote) -> None:
    """Memory, descriptors, environment, signals and scratch folders of the others are out of reach."""
    other = forked(zygote, TELLS)
    number, parent, folder = call(other)  # type: ignore[misc]
    curious = forked(zygote, REACHES)
    assert call(curious, [number, parent], [folder, str(folder).rpartition("/")[0]]) == []
    assert call(other) == (number, parent, folder)
    assert zygote.usable
    curious.stop()
    other.stop()


def test_a_fork_that_ends_says_how(zygote: Zygote) -> None:
    """Exit status and signal come from the zygote, whose child it is."""
    source = "import os\ndef f(status): os._exit(status)\n"
    process = forked(zygote, source)
    with pytest.raises(ProcessFault, match="exit status 7") as fault:
        call(process, 7)
    assert fault.value.outcome is Outcome.CRASHED


def test_forks_draw_differently(zygote: Zygote) -> None:
    """The global random state is not the same in all of them."""
    source = "import random\nimport numpy as np\ndef f(): return np.random.rand(), random.random()\n"
    drawn = []
    for _ in range(3):
        process = forked(zygote, source)
        drawn.append(call(process))
        process.stop()
    assert len(np.unique(np.array(drawn))) == 2 * len(drawn)


READS = """
import os
def f(paths):
    def can_be_read(path):
        try:
            return bool(open(path, "rb").read(1))
        except OSError:
            return False
    return [path for path in paths if can_be_read(path)]
"""


def test_of_the_grader_a_fork_reads_what_it_may_still_import_alone(zygote: Zygote) -> None:
    """What the zygote has loaded is closed, compiled or not; what hands out objects is open."""
    files = [Path(worker_files.__file__).with_name(f"{name}.py") for name in worker_files.NAMES]
    compiled = [importlib.util.cache_from_source(str(file)) for file in files]
    copied = [file.with_suffix(".pyc") for file in files]
    process = forked(zygote, READS)
    try:
        found = call(process, [*map(str, files), *compiled, *map(str, copied)])
    finally:
        process.stop()
    assert isinstance(found, list)
    stems = {Path(path).name.partition(".")[0] for path in found}
    assert "project" in stems
    assert stems.isdisjoint({"__init__", "worker", "forking", "wire", "parts", "confine", "landlock", "seccomp"})


def test_nothing_is_left_in_the_folder_for_temporary_files(
    zygote: Zygote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scratch folder outside of the sandbox is removed with its process; inside it there is none outside."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tmp_path.chmod(0o755)
    process = LearnerProcess(zygote.fork())
    made = list(tmp_path.glob(f"{SCRATCH_PREFIX}*"))
    assert len(made) == (0 if zygote.level is SandboxLevel.STRICT else 1)
    process.stop()
    assert list(tmp_path.iterdir()) == []


def test_a_zygote_that_is_closed_takes_its_forks_along(zygote: Zygote) -> None:
    """Nobody outlives it."""
    made = Zygote(zygote.level)
    fork = made.fork()
    made.close()
    assert fork.ended(PATIENCE) == -9
    fork.clear()


def test_a_zygote_that_was_killed_says_so() -> None:
    """What was its own end is an error in words, and it is not asked again."""
    with closing(Zygote(HELD[0])) as made:
        LearnerProcess(made.fork()).stop()
        made._process.kill()
        made._process.wait()
        assert not made.usable
        assert select.select([made._control], [], [], START_SECONDS)[0]  # bubblewrap has ended, and what is inside too
        with pytest.raises(OSError, match="did not start"):
            made.fork()


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # pytest-xdist has threads
def test_zygotes_that_are_ahead_are_taken_over_by_forks_one_each() -> None:
    """A fork gets its own, which serves it; each ends when its fork closes it, or has ended: nobody else holds it."""

    def work(number: int, told: SimpleQueue[tuple[int, list[str]]]) -> None:
        zygotes.take_over(number)
        mine = zygotes.zygote(HELD[0])
        process = LearnerProcess(mine.fork())
        told.put((mine._process.pid, process.prove(CANARY)))
        process.stop()
        if number == 0:
            mine.close()

    context = multiprocessing.get_context("fork")
    told: SimpleQueue[tuple[int, list[str]]] = context.SimpleQueue()
    with zygotes.ahead(HELD[0], 2, sorted(os.sched_getaffinity(0))):
        made = list(zygotes._ahead)
        forks = [context.Process(target=work, args=(number, told)) for number in range(2)]
        for fork in forks:
            fork.start()
        zygotes.leave()
        found = [told.get() for _ in forks]
        assert sorted(found) == sorted((one._process.pid, []) for one in made)
        for fork in forks:
            fork.join(START_SECONDS)
    assert [one._process.returncode == -signal.SIGKILL for one in made] == [True, False]


@pytest.mark.parametrize("left", [True, False])
def test_a_zygote_that_nobody_takes_over_ends(left: bool) -> None:
    """Whether it was left to a fork, which has ended, or no fork was made after all; that is not waited for."""
    with zygotes.ahead(HELD[0], 1):
        (made,) = zygotes._ahead
        if left:
            zygotes.leave()
    assert made._process.returncode == (0 if left else -signal.SIGKILL)
    assert not zygotes._ahead + zygotes._left


BOUND = """
import os

def f():
    return sorted(os.sched_getaffinity(0))
"""


def test_zygotes_that_are_ahead_are_bound_to_cores_as_their_users_are() -> None:
    """Once they have loaded, and with their forks; this process is bound to none."""
    before = os.sched_getaffinity(0)
    cores = sorted(before)[:2]
    with zygotes.ahead(HELD[0], 3, cores):
        assert os.sched_getaffinity(0) == before
        for number, one in enumerate(zygotes._ahead):
            process = forked(one, BOUND)
            assert call(process) == [cores[number % len(cores)]]
            process.stop()


@pytest.mark.parametrize("asked", ["fork", "reap"])
def test_an_answer_that_was_not_waited_for_is_nobody_elses(zygote: Zygote, asked: str) -> None:
    """Ctrl-C between a request and its answer: the zygote, which would give that to the next who asks, is over."""

    def interrupt(*_: object) -> None:
        os.killpg(zygote._process.pid, signal.SIGCONT)
        raise KeyboardInterrupt

    fork = zygote.fork()
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        os.killpg(zygote._process.pid, signal.SIGSTOP)  # it answers once the wait is over
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(KeyboardInterrupt):
            zygote.fork() if asked == "fork" else zygote.reap(fork.number)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert not zygote.usable
    fork.kill()
    fork.clear()


def test_ctrl_c_while_a_fork_ends_leaves_no_folder(
    zygote: Zygote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its end is asked for and not waited for; it has been killed, and what it wrote goes."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tmp_path.chmod(0o755)
    process = LearnerProcess(zygote.fork())
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        os.killpg(zygote._process.pid, signal.SIGSTOP)  # it does not get to answer
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(KeyboardInterrupt):
            process.stop()
    finally:
        signal.signal(signal.SIGALRM, before)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("level", HELD)
def test_a_zygote_that_is_killed_while_it_forks_says_nothing_of_its_level(level: SandboxLevel) -> None:
    """That had been proved before; another one gives the process."""
    others = [one for one in gc.get_objects() if isinstance(one, Zygote)]
    with closing(Pool(level)) as pool:
        pool.take().stop()
        (killed,) = [one for one in gc.get_objects() if isinstance(one, Zygote) and one not in others]
        before = signal.signal(signal.SIGALRM, lambda *_: os.killpg(killed._process.pid, signal.SIGKILL))
        try:
            os.killpg(killed._process.pid, signal.SIGSTOP)  # it does not get to answer
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            process = pool.take()
        finally:
            signal.signal(signal.SIGALRM, before)
        assert process.prove(CANARY) == []
        process.stop()
        assert pool.doubts == {}
