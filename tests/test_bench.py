"""A bench that lasts: the next process is ready, one that is gone is replaced, and a verdict can be left."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from grader.connection import Attention
from grader.course import read_course
from grader.intake import Submission
from grader.pool import survey
from grader.result import Outcome, Report, SandboxLevel
from grader.runner import Bench, Job

from .small_course import REFERENCE, change, folders, write_course

HELD = [level for level, doubt in survey().items() if not doubt]
LOOP = "def scale(values, factor=2.0):\n    while True:\n        pass\n"
LOOP_AT_IMPORT = "while True:\n    pass\n"


@pytest.fixture(params=[False, True], ids=["functions", "objects"])
def bench_and_job(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Bench, Job]]:
    """A bench, and the right solution of an exercise of which a check may take a minute."""
    root = write_course(tmp_path)
    settings = folders(root, "scaling")[0] / "exercise.toml"
    change(settings, "seconds = 0.5", "seconds = 60")
    if request.param:
        change(settings, "points = 10", "points = 10\nobjects = true")
    course = read_course(root)
    with closing(Bench(course)) as bench:
        yield bench, Job(course.exercises[0], Submission("scaling", {"scaling": REFERENCE.encode()}))


def submitted(job: Job, text: str) -> Job:
    return Job(job.exercise, Submission("scaling", {"scaling": text.encode()}))


@pytest.mark.parametrize("text", [LOOP, LOOP_AT_IMPORT], ids=["in a call", "at import"])
def test_a_verdict_that_is_not_wanted_is_left_at_once(bench_and_job: tuple[Bench, Job], text: str) -> None:
    """What is left of the checks is skipped; the next submission is graded as if nothing had been."""
    bench, job = bench_and_job
    heard, told = os.pipe()
    asked: list[bytes] = []

    def wanted() -> bool:
        asked.append(os.read(heard, 1))
        return asked[-1] == b"y"

    os.write(told, b"yn")
    try:
        report = bench.grade([submitted(job, text)], attention=Attention((heard,), wanted))
    finally:
        os.close(heard)
        os.close(told)
    assert asked == [b"y", b"n"]
    assert report.exercises[0].outcome is Outcome.SKIPPED
    assert bench.grade([job]).passed


@pytest.mark.parametrize("level", [level for level in HELD if level is not SandboxLevel.PROCESS])
def test_a_process_that_is_gone_when_its_turn_comes_is_replaced(tmp_path: Path, level: SandboxLevel) -> None:
    """It was ready, and its zygote was killed meanwhile: nobody is told that their code had crashed."""
    course = read_course(write_course(tmp_path))
    job = Job(course.exercises[0], Submission("scaling", {"scaling": REFERENCE.encode()}))
    with closing(Bench(course, sandbox=level)) as bench:
        reports: list[Report] = [bench.grade([job])]
        bench.prepare()
        zygote = bench._pool._source._zygote._process  # type: ignore[attr-defined]
        os.killpg(zygote.pid, signal.SIGKILL)
        zygote.wait()
        reports.append(bench.grade([job]))
        assert [report.passed for report in reports] == [True, True]
        assert bench.level is level
