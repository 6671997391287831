"""Golden folders: a learner's file, and what grading makes of it, compared whole.

Each folder of `scenarios` holds `submission.py`, helper files beside it, and `expected.json`, which also names the
exercise. `pytest --refresh-golden` writes the expectations anew: read the difference before you keep it.
"""

import json
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from grader import intake, runner
from grader.course import Course, Exercise, Limits, bundled_root, read_course
from grader.intake import Submission
from grader.result import CheckResult, ExerciseResult, Location, Outcome, Problem, SandboxLevel

SCENARIOS = sorted(path.parent for path in (Path(__file__).parent / "scenarios").glob("*/submission.py"))
AT_EVERY_LEVEL = (
    "right",
    "naive",
    "softmax-global-maximum",
    "helper-beside",
    "syntax-error",
    "hang-in-call",
    "os-exit-in-call",
    "killed-by-signal",
    "memory-bomb-at-import",
    "prints-100-megabytes",
    "returns-a-huge-array",
    "worker-taken-over",
    "closes-every-descriptor",
)
LIMITS = Limits(seconds=2.0, memory_mb=256)  # less than a learner has, so that loops and bombs cost less here
LONGEST_SECONDS = 30.0  # a run must end, also on a busy machine
NEIGHBOUR = "logic-gates"


@cache
def course() -> Course:
    """The course that comes with the package."""
    return read_course(bundled_root())


def exercise(name: str) -> Exercise:
    """An exercise of the course, with tighter limits."""
    found = course().find(name)
    assert found is not None, f"no exercise {name!r} in the course"
    return replace(found, limits=LIMITS)


def submitted(folder: Path, graded: Exercise, place: Path) -> runner.Job:
    """The folder's files as a learner would hand them in: the main file under the module's name."""
    for file in folder.glob("*.py"):
        (place / (graded.file_name if file.name == "submission.py" else file.name)).write_bytes(file.read_bytes())
    return runner.Job(graded, intake.take(place / graded.file_name))


def neighbour() -> runner.Job:
    """Another exercise, solved."""
    graded = exercise(NEIGHBOUR)
    return runner.Job(graded, intake.take(graded.reference))


def summary(result: ExerciseResult) -> dict[str, Any]:
    """What a scenario pins: outcomes and words, nothing that time or a version decides."""
    return {
        "exercise": result.name,
        "outcome": result.outcome.value,
        "score": round(result.score, 6),
        "problem": None if result.problem is None else problem(result.problem),
        "checks": {check.name: checked(check) for check in result.checks},
    }


def problem(found: Problem) -> dict[str, Any]:
    return {"message": found.message, "line": line(found.location), "output": printed(found.output)}


def checked(check: CheckResult) -> dict[str, Any]:
    """One check; what is empty is left out."""
    found = {
        "outcome": check.outcome.value,
        "message": check.message,
        "line": line(check.location),
        "call": None if check.call is None else check.call.expression,
        "misconception": None if check.misconception is None else check.misconception.name,
        "output": printed(check.output),
    }
    return {key: value for key, value in found.items() if value}


def line(location: Location | None) -> str | None:
    return None if location is None else f"{location.file}:{location.line}: {location.text}"


def printed(output: str) -> str:
    """The start of what was printed: its end depends on when the process was ended."""
    return output if len(output) <= 60 else f"{output[:60]}…"


@pytest.mark.parametrize("folder", SCENARIOS, ids=[folder.name for folder in SCENARIOS])
def test_a_submission_is_graded_as_expected(folder: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """A submission gets its outcome, its score and its words, in bounded time, and its neighbour is graded as ever."""
    if folder.name.startswith("memory-") and sys.platform != "linux":
        pytest.skip("memory is capped on Linux alone")
    golden = folder / "expected.json"
    expected = json.loads(golden.read_text(encoding="utf-8")) if golden.exists() else {}
    job = submitted(folder, exercise(expected.get("exercise", "sigmoid")), tmp_path)
    assert isinstance(job.submission, Submission)

    start = time.monotonic()
    report = runner.grade(course(), [job, neighbour()], sandbox=SandboxLevel.PROCESS)  # the same words on every machine
    seconds = time.monotonic() - start

    graded, other = report.exercises
    if pytestconfig.getoption("--refresh-golden"):
        golden.write_text(json.dumps(summary(graded), indent=2, ensure_ascii=True) + "\n", encoding="utf-8")
    assert summary(graded) == json.loads(golden.read_text(encoding="utf-8")), "if it is better now: --refresh-golden"
    assert other.outcome is Outcome.PASSED
    assert seconds < LONGEST_SECONDS


@pytest.mark.parametrize("name", AT_EVERY_LEVEL)
def test_the_strongest_level_changes_no_verdict(name: str, tmp_path: Path) -> None:
    """The same outcome, score and misconceptions as at `process`, whatever the submission does."""
    folder = Path(__file__).parent / "scenarios" / name
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    report = runner.grade(course(), [submitted(folder, exercise(expected["exercise"]), tmp_path), neighbour()])
    graded, other = (summary(result) for result in report.exercises)
    assert (graded["outcome"], graded["score"]) == (expected["outcome"], expected["score"])
    for key in ("outcome", "misconception"):
        found, wanted = ({n: c.get(key) for n, c in one["checks"].items()} for one in (graded, expected))
        assert found == wanted
    assert other["outcome"] == "passed"


def test_no_scenario_scores_without_passing_the_core_check() -> None:
    """In no expectation does a submission have points while its core check did not pass."""
    for folder in SCENARIOS:
        expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        core = expected["checks"].get(exercise(expected["exercise"]).core, {"outcome": "none"})
        assert expected["score"] == 0 or core["outcome"] == "passed", folder.name
