"""What a learner did is kept, and in a release how long exercises took, in a file to hand in. Runs in: command line.

`progress.json` in the workspace's root, written by every `grade` that graded something:

    {"format": 1, "about": "…", "exercises": {"softmax": {"runs": 4, "minutes": 31.5, "passed": true}}}

`runs` and `minutes` go up to the first run that passed all visible checks, or up to the last one. The file is the
student's own, and no mark is made from it.
"""

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise, takewhile
from pathlib import Path

import msgspec

from grader.errors import WorkspaceError
from grader.language import _
from grader.progress import Attempt, Progress
from grader.result import Outcome, Report
from grader.workspace import Workspace

FORMAT = 1
FILE = "progress.json"
MOST = 200_000  # bytes
BREAK = timedelta(minutes=30)  # who has not run `grade` for so long was doing something else
_LONGEST = 100_000  # runs or minutes that anybody is believed to have taken
_ABOUT = (
    "How many runs and minutes each exercise took, for your teacher's statistics of the class."
    " Nothing here is marked. `grade` writes it; leave it out if you would rather not tell."
)


class Tried(msgspec.Struct, frozen=True):
    """One exercise as its student's folder tells of it."""

    exercise: str
    runs: int  # that began with something written, up to the first that passed
    minutes: float  # over the same runs, from the last one of the untouched stub; breaks left out
    passed: bool  # all visible checks, in one of these runs


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    runs: int
    minutes: float
    passed: bool


class _File(msgspec.Struct):
    format: int
    exercises: dict[str, _Entry]


class NotADiary(Exception):
    """Why a file is none, as the end of a sentence."""


def tried(exercise: str, attempts: Sequence[Attempt]) -> Tried | None:
    """How long an exercise took, by its attempts, the oldest first. None where it was never begun."""
    before = sum(1 for _ in takewhile(lambda one: one.outcome is Outcome.NOT_STARTED, attempts))
    if before == len(attempts):
        return None
    passed = next((place for place, one in enumerate(attempts) if one.outcome is Outcome.PASSED), None)
    end = len(attempts) if passed is None else passed + 1
    times = [one.at for one in attempts[max(before - 1, 0) : end]]
    worked = sum((gap for gap in (b - a for a, b in pairwise(times)) if timedelta() < gap <= BREAK), timedelta())
    return Tried(exercise, end - before, round(worked / timedelta(minutes=1), 1), passed is not None)


def keep(workspace: Workspace, report: Report) -> list[str]:
    """Record the attempts of a report. Returns what a person should know of it. Raises WorkspaceError."""
    workspace.make_state_folder()
    with Progress.open(workspace.progress_path) as progress:
        progress.record(report)
        if workspace.release is not None:
            write(workspace.root, progress, (e.name for e in workspace.course.exercises))
        return progress.messages


def write(root: Path, progress: Progress, exercises: Iterable[str]) -> None:
    """Write the file anew, whole or not at all. Raises WorkspaceError."""
    found = [one for name in exercises if (one := tried(name, progress.history(name))) is not None]
    entries = {one.exercise: {"runs": one.runs, "minutes": one.minutes, "passed": one.passed} for one in found}
    data = json.dumps({"format": FORMAT, "about": _ABOUT, "exercises": entries}, indent=1) + "\n"
    path = root / FILE
    beside = path.with_name(f".{FILE}.{os.getpid()}.part")
    try:
        beside.write_text(data, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        said = _("{file}: {reason}; how long exercises took was not kept")
        raise WorkspaceError(said.format(file=path, reason=error.strerror)) from None


def read(data: bytes) -> tuple[Tried, ...]:
    """What a student's file says, whatever its bytes. Raises NotADiary, and nothing else."""
    if len(data) > MOST:
        raise NotADiary(f"has {len(data):,} bytes, more than it needs")
    try:
        found = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotADiary(f"is not as `grade` writes it ({error})") from None
    if found.format != FORMAT:
        raise NotADiary(f"has format {found.format}; this version reads {FORMAT}")
    for name, entry in found.exercises.items():
        if not (0 <= entry.runs <= _LONGEST and 0 <= entry.minutes <= _LONGEST):
            raise NotADiary(f"has impossible numbers at {name[:60]!r}")
    return tuple(Tried(name, e.runs, e.minutes, e.passed) for name, e in found.exercises.items())
