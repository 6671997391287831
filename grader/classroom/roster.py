"""Who is in the class. Runs in: command line."""

from dataclasses import dataclass
from pathlib import Path

from grader.classroom.model import Student


@dataclass(frozen=True, slots=True)
class Roster:
    """The students of a class."""

    students: tuple[Student, ...]


def read_roster(path: Path) -> Roster:
    raise NotImplementedError(path)
