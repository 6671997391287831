"""From a folder of submissions to the work of students. Runs in: command line."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from grader import intake
from grader.assignment import Assignment
from grader.classroom.model import HandedIn, Student
from grader.classroom.roster import Roster
from grader.intake import Refusal, Submission


@dataclass(frozen=True, slots=True)
class Origin:
    student: Student
    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    origins: tuple[Origin, ...]
    remarks: tuple[str, ...] = ()
    missing: tuple[Student, ...] = ()


def discover(folder: Path, assignment: Assignment, roster: Roster | None, *, at_due: bool = False) -> Found:
    found = sorted(path for path in folder.iterdir() if path.is_dir())
    return Found(tuple(Origin(Student(path.name), path, path.name) for path in found))


def take(origin: Origin, assignment: Assignment) -> HandedIn:
    files: dict[str, Submission | Refusal] = {}
    for demand in assignment.demands:
        read = intake.read(origin.path / demand.exercise.file_name)
        files[demand.exercise.name] = (
            Submission(demand.exercise.module, {demand.exercise.module: read}) if isinstance(read, bytes) else read
        )
    return HandedIn(origin.student, origin.name, files)


def digest(handed: HandedIn) -> str:
    found = hashlib.sha256()
    for name, file in handed.files.items():
        found.update(f"{name}\0{file!r}".encode())
    return found.hexdigest()
