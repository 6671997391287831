"""The sandbox levels: what holds is proved by real processes, what does not hold is said."""

import os
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader import sandbox
from grader.course import bundled_root, read_course
from grader.errors import SandboxError
from grader.intake import Submission, take
from grader.launch import launch
from grader.pool import Pool, survey
from grader.process import LearnerProcess
from grader.result import Outcome, SandboxLevel
from grader.runner import Job, grade

HELD = [level for level, doubt in survey().items() if not doubt]
CONFINED = [level for level in HELD if level is not SandboxLevel.PROCESS]
ROOT = bundled_root()


@pytest.fixture
def canary(tmp_path: Path) -> str:
    """A file that no confined process may read."""
    path = tmp_path / "canary"
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


def test_bubblewrap_covers_up_the_site_packages_of_the_library() -> None:
    """A course that is installed below the standard library is not bound along with it."""
    command = sandbox.wrapped(SandboxLevel.STRICT, ["true"], {})
    for library in sandbox.readable(SandboxLevel.STRICT)[:1]:
        for name in ("site-packages", "dist-packages"):
            if (library / name).is_dir():
                assert command[command.index(str(library / name)) - 1] == "--tmpfs"


# Proofs


def test_a_level_that_holds_lets_nothing_through(process: LearnerProcess, canary: str) -> None:
    """A process of a level that was found to hold proves it again."""
    assert process.prove(canary) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only POSIX has fork")
def test_an_open_process_cannot_pass_for_a_confined_one(canary: str) -> None:
    """The proof sees a file, a signal, a socket and a fork that get through."""
    open_one = LearnerProcess(replace(launch(SandboxLevel.PROCESS), level=SandboxLevel.LANDLOCK))
    assert open_one.prove(canary) == ["read a file outside", "signal the grader", "open a socket", "start a process"]
    open_one.stop()


def test_a_broken_bubblewrap_is_refused_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where bubblewrap is there and fails, `strict` is refused, and what bubblewrap said is in the message."""
    if SandboxLevel.LANDLOCK not in sandbox.candidates():
        pytest.skip("bubblewrap is for Linux on x86-64 and AArch64")
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    sandbox.bubblewrap.cache_clear()
    try:
        pool = Pool(SandboxLevel.STRICT, expected=0)
        with pytest.raises(SandboxError, match="setting up uid map: Permission denied"):
            pool.settle()
        pool.close()
    finally:
        monkeypatch.undo()
        sandbox.bubblewrap.cache_clear()


def test_a_level_of_another_system_is_refused_before_anything_runs() -> None:
    """`seatbelt` is not to be had on Linux, nor `landlock` elsewhere."""
    other = next(level for level in SandboxLevel if level not in sandbox.candidates())
    with pytest.raises(SandboxError, match=f"'{other.value}' is not to be had here"):
        Pool(other, expected=0)


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
    "threads": "import threading; t = threading.Thread(target=np.exp, args=(np.zeros(9),)); t.start(); t.join()",
    "standard library": "import decimal, fractions, sqlite3, ssl, ctypes, csv, html.parser, unicodedata, zoneinfo",
    "random numbers": "np.random.default_rng(1).normal(size=3); np.random.rand(2)",
    "recursion": "(f := lambda n: n and f(n - 1))(500)",
    "dataclasses": "import dataclasses; dataclasses.make_dataclass('P', ['x'])(1)",
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
