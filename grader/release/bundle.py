"""Cut an assignment out of a course, and prove that nothing hidden went along. Runs in: command line."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from grader.assignment import Assignment, Demand
from grader.course import Exercise
from grader.errors import CourseError
from grader.quiz.bank import Quiz, quizzes
from grader.quiz.keyless import FOLDER
from grader.release import texts
from grader.release.examples import CheckFile, candidates, visible_checks
from grader.release.keyless import keyless_file
from grader.release.leaks import Leak, leaks
from grader.release.secrets import secrets_of
from grader.release.solutions import line_shown, solution_lines
from grader.release.toml import to_toml
from grader.workspace import MARKER, RELEASE_FORMAT, STUB_SUFFIX

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first time that a ZIP file can hold
_MODE = 0o100644 << 16
_UNIX = 3
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


class Shown(Struct, frozen=True):
    """How much of an exercise's checks students see."""

    exercise: str
    visible: tuple[str, ...]
    able: int  # so many could be shown
    checks: int  # in all


class Bundle(Struct, frozen=True):
    """A release that is not written yet. `files` by their paths, in order."""

    files: Mapping[str, bytes]
    id: str
    shown: tuple[Shown, ...]
    leaks: tuple[Leak, ...]
    secrets: int  # so many fragments were looked for

    def zipped(self) -> bytes:
        """A ZIP file in which all stands in one folder: the same files, the same bytes, on every machine."""
        folder = self.folder
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for path, data in self.files.items():
                entry = zipfile.ZipInfo(f"{folder}/{path}", _LONG_AGO)
                entry.external_attr = _MODE
                entry.create_system = _UNIX
                archive.writestr(entry, data)
        return file.getvalue()

    @property
    def folder(self) -> str:
        """The name of that folder: it begins as the README's title does."""
        title = self.files["README.md"].decode().partition("\n")[0]
        return _NOT_IN_NAMES.sub("-", title.casefold()).strip("-") or "assignment"


def cut(assignment: Assignment, *, ci: str = "") -> Bundle:
    """The release of an assignment. `ci`: "github", "gitlab", "classroom50" or nothing.

    Raises CourseError where the assignment can't be cut out. A bundle with leaks must not be written.
    """
    _refuse(assignment)
    banks = quizzes(assignment.course)
    asked = [bank for bank in banks if bank.chapter in assignment.quizzes]
    lines = solution_lines(assignment.course.exercises)
    checks = {demand.exercise.name: CheckFile.of(demand.exercise) for demand in assignment.demands}
    shown: list[Shown] = []
    for demand in assignment.demands:
        name, file = demand.exercise.name, checks[demand.exercise.name]
        telling = {c: line_shown(file.text_of(file.needed([c])), demand.exercise, lines) for c in file.checks}
        telling = {check: line for check, line in telling.items() if line}
        visible = visible_checks(assignment, demand, file, telling)
        shown.append(Shown(name, visible, len(candidates(demand, file, telling)), len(file.checks)))
    visible_of = {one.exercise: one.visible for one in shown}
    files = {path: text.encode() for path, text in _files(assignment, checks, visible_of, asked, ci)}
    identity = _digest(files)
    files[MARKER] = _marker(assignment, identity).encode()
    files = dict(sorted(files.items()))
    exercises = [demand.exercise for demand in assignment.demands]
    secrets = secrets_of(assignment.course, exercises, visible_of, lines=lines, quizzes=banks, asked=asked)
    return Bundle(files, identity, tuple(shown), tuple(leaks(files, secrets)), secrets.count)


def _refuse(assignment: Assignment) -> None:
    """What can be read and can't be cut out."""
    names = {demand.exercise.name for demand in assignment.demands}
    for demand in assignment.demands:
        missing = [part for part in demand.exercise.parts if part not in names]
        if missing:
            built = f"{demand.exercise.name} is built of {', '.join(missing)}, which the release would not hold"
            raise CourseError(f"{built}; name {'it' if len(missing) == 1 else 'them'} too")


def _files(
    assignment: Assignment,
    checks: Mapping[str, CheckFile],
    visible: Mapping[str, Sequence[str]],
    asked: Sequence[Quiz],
    ci: str,
) -> Iterator[tuple[str, str]]:
    with_examples = [demand.exercise for demand in assignment.demands if visible[demand.exercise.name]]
    yield "README.md", texts.readme(assignment, with_examples, ci)
    yield from texts.surroundings(ci)
    yield "exercises/course.toml", _course(assignment)
    for demand in assignment.demands:
        exercise = demand.exercise
        folder = f"exercises/{exercise.chapter}/{exercise.name}"
        stub = exercise.stub.read_text(encoding="utf-8")
        yield f"{folder}/{exercise.file_name}", stub
        yield f"{folder}/{exercise.file_name}{STUB_SUFFIX}", stub
        yield f"{folder}/README.md", exercise.readme.read_text(encoding="utf-8")
        yield f"{folder}/exercise.toml", _settings(assignment, demand, visible[exercise.name])
        if visible[exercise.name]:
            title = f"Visible checks of `{exercise.module}`. Hidden ones count when it is handed in."
            yield f"{folder}/{exercise.check_file.name}", checks[exercise.name].cut(visible[exercise.name], title)
    for quiz in asked:
        title = next(chapter.title for chapter in assignment.course.chapters if chapter.folder == quiz.chapter)
        yield f"{FOLDER}/{quiz.chapter}.toml", keyless_file(quiz, title)


def _course(assignment: Assignment) -> str:
    """The course as a release has it: what is asked for, in the course's order."""
    names = {demand.exercise.name for demand in assignment.demands}
    chapters: list[dict[str, Any]] = []
    for chapter in assignment.course.chapters:
        exercises = [e.name for e in chapter.exercises if e.name in names]
        if exercises or chapter.folder in assignment.quizzes:
            chapters.append({"folder": chapter.folder, "title": chapter.title, "exercises": exercises})
    course = assignment.course
    return to_toml({"format": 1, "id": course.id, "title": assignment.title, "chapter": chapters})


def _settings(assignment: Assignment, demand: Demand, visible: Sequence[str]) -> str:
    """An exercise's settings without what students may not see yet, or need not."""
    exercise: Exercise = demand.exercise
    names = {one.exercise.name for one in assignment.demands}
    data: dict[str, Any] = {
        "title": exercise.title,
        "teaches": exercise.teaches,
        "module": exercise.module,
        "functions": exercise.functions,
        "points": demand.points,
        "prerequisites": [name for name in exercise.prerequisites if name in names],
        "hints": exercise.hints,
    }
    if exercise.explains:
        data["explains"] = exercise.explains
    if exercise.constants:
        data["constants"] = exercise.constants
    if exercise.core in visible:
        data["core"] = exercise.core
    if exercise.objects:
        data["objects"] = True
    if exercise.parts:
        data["parts"] = exercise.parts
    return to_toml({**data, "limits": {"seconds": exercise.limits.seconds, "memory_mb": exercise.limits.memory_mb}})


def _marker(assignment: Assignment, identity: str) -> str:
    due = {"due": assignment.due} if assignment.due is not None else {}
    release = {"format": RELEASE_FORMAT, "id": identity, "title": assignment.title, **due}
    head = "# This folder is a release of an assignment: `grade` works in every folder inside.\n"
    return head + to_toml({"format": 1, "course": assignment.course.id, "release": release})


def _digest(files: Mapping[str, bytes]) -> str:
    found = hashlib.sha256()
    for path, data in sorted(files.items()):
        found.update(f"{path}\0{len(data)}\0".encode() + data)
    return found.hexdigest()[:16]
