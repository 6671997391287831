"""What a teacher asks of a class: exercises, points, when it is due, who sees what. Runs in: every trusted process.

It stands in a small TOML file, which `grade release`, `grade class` and `grade export` read alike. Without one, every
exercise of the course counts with its own points, and all checks but the visible examples are hidden.
"""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from grader.course import Course, Exercise
from grader.errors import CourseError
from grader.table import Table

FORMAT = 1
_LATE = re.compile(r"(?P<rate>\d+(?:\.\d+)?)%/(?P<unit>day|hour)(?: up to (?P<most>\d+(?:\.\d+)?)%)?")
_CHECK = re.compile(r"^def (test_\w+)", re.MULTILINE)
_UNITS = {"day": timedelta(days=1), "hour": timedelta(hours=1)}


class Visibility(StrEnum):
    """What a student sees of a check: its inputs and values always, never, or when the work has been due."""

    HIDDEN = "hidden"
    VISIBLE = "visible"
    AFTER_DUE = "after_due"


_OPENNESS = (Visibility.HIDDEN, Visibility.AFTER_DUE, Visibility.VISIBLE)


class LatePolicy(Struct, frozen=True):
    """So much of the marks is taken for each day or hour that has begun, up to a most: shares from 0 to 1."""

    rate: float
    unit: timedelta
    most: float = 1.0
    text: str = ""  # as it was written

    @classmethod
    def parse(cls, text: str) -> "LatePolicy":
        """From "10%/day up to 50%". Raises ValueError."""
        found = _LATE.fullmatch(" ".join(text.split()))
        if found is None:
            raise ValueError(f"{text!r} is no rule for late work; write it like '10%/day up to 50%' or '5%/hour'")
        rate, most = float(found["rate"]) / 100, float(found["most"] or 100) / 100
        if not 0 <= rate <= 1 or not 0 <= most <= 1:
            raise ValueError(f"{text!r}: a share of the marks is between 0% and 100%")
        return cls(rate, _UNITS[found["unit"]], most, text)

    def penalty(self, late_by: timedelta) -> float:
        """The share that is taken from work which came so late; 0 where it came in time."""
        begun = max(0, math.ceil(late_by / self.unit))
        return min(self.rate * begun, self.most)


class Demand(Struct, frozen=True):
    """One exercise of an assignment. `weights` and `visibility` are by the name of a check's function."""

    exercise: Exercise
    points: float
    weights: Mapping[str, float] = field(default_factory=dict)  # of a check in its exercise; 1 where it isn't named
    visibility: Mapping[str, Visibility] = field(default_factory=dict)

    def openness(self, others: Visibility) -> dict[str, int]:
        """How early a student sees each check that is named, and all others (""); the larger, the earlier."""
        return {check: _OPENNESS.index(kind) for check, kind in {"": others, **self.visibility}.items()}

    def weight_of(self, check: str) -> float:
        """`check` may have parameters: "test_axis[0]"."""
        return self.weights.get(check.partition("[")[0], 1.0)


class Assignment(Struct, frozen=True):
    """What is asked for, in the course's order."""

    title: str
    course: Course
    demands: tuple[Demand, ...]
    due: datetime | None = None  # with its offset
    late: LatePolicy | None = None
    visibility: Visibility = Visibility.HIDDEN  # of checks that are not named
    public_checks: int = 2  # examples of each exercise that go out with a release
    quizzes: tuple[str, ...] = ()  # folders of chapters
    quiz_points: float = 0.0  # for each of these quizzes

    @property
    def points(self) -> float:
        return sum(d.points for d in self.demands) + self.quiz_points * len(self.quizzes)

    def visibility_of(self, exercise: str, check: str, now: datetime) -> bool:
        """Whether a student may see a check's inputs and values at that time."""
        demand = next(d for d in self.demands if d.exercise.name == exercise)
        match demand.visibility.get(check.partition("[")[0], self.visibility):
            case Visibility.VISIBLE:
                return True
            case Visibility.HIDDEN:
                return False
            case Visibility.AFTER_DUE:
                return self.due is not None and now >= self.due


def whole_course(course: Course, exercises: Sequence[Exercise] = (), title: str = "") -> Assignment:
    """The assignment that no file describes: these exercises, or all, with their own points."""
    chosen = exercises or course.exercises
    return Assignment(title or course.title, course, tuple(Demand(e, e.points) for e in chosen))


def read_assignment(path: Path, course: Course) -> Assignment:
    """The assignment in a TOML file, about exercises of this course. Raises CourseError with file, key and remedy."""
    table = Table.read(path)
    assignment = _assignment(table, course)
    for folder in assignment.quizzes:
        if not (course.root / "exercises" / folder / "quiz.toml").is_file():
            table.fail("quizzes", f"holds {folder!r}", f"{folder} has no quiz; write its quiz.toml, or leave it out")
    return assignment


def described(assignment: Assignment) -> dict[str, Any]:
    """The assignment as plain data, from which `from_description` makes it again."""
    return {
        "format": FORMAT,
        "title": assignment.title,
        "exercise": [_described(demand) for demand in assignment.demands],
        **({"due": assignment.due.isoformat()} if assignment.due is not None else {}),
        "late": assignment.late.text if assignment.late is not None else "",
        "visibility": assignment.visibility.value,
        "public_checks": assignment.public_checks,
        "quizzes": list(assignment.quizzes),
        "quiz_points": assignment.quiz_points,
    }


def _described(demand: Demand) -> dict[str, Any]:
    return {
        "name": demand.exercise.name,
        "points": demand.points,
        "weights": dict(demand.weights),
        "visibility": {check: seen.value for check, seen in demand.visibility.items()},
    }


def from_description(description: dict[str, Any], course: Course, where: str) -> Assignment:
    """What `described` was given. `where` begins the message of a CourseError: an exercise may be gone by now."""
    if "due" in description:
        description = {**description, "due": datetime.fromisoformat(description["due"])}
    return _assignment(Table(description, where), course)


def _assignment(table: Table, course: Course) -> Assignment:
    if (found := table.take("format", int)) != FORMAT:
        table.fail("format", f"= {found}", f"this version reads format {FORMAT}")
    due, late = table.take("due", datetime, None), table.take("late", str, "")
    assignment = Assignment(
        title=table.take("title", str),
        course=course,
        demands=tuple(_demand(one, course) for one in table.tables("exercise", [])),
        due=_with_offset(table, due) if due is not None else None,
        late=_late(table, late) if late else None,
        visibility=_visibility(table, "visibility", table.take("visibility", str, Visibility.HIDDEN.value)),
        public_checks=table.take("public_checks", int, 2),
        quizzes=table.texts("quizzes", []),
        quiz_points=table.take("quiz_points", float, 0.0),
    )
    table.finish()
    _validate(assignment, table)
    return assignment


def _demand(table: Table, course: Course) -> Demand:
    name = table.take("name", str)
    exercise = course.find(name)
    if exercise is None:
        there = ", ".join(e.name for e in course.exercises)
        table.fail("name", f"= {name!r}", f"the course {course.title!r} has: {there}; `--course DIR` names another")
        raise AssertionError
    points = table.take("points", float, exercise.points)
    if not 0 <= points < math.inf:
        table.fail("points", f"= {points:g}", "use a number from 0 on")
    weights, visibility = table.table("weights"), table.table("visibility")
    checks = _checks_of(exercise)
    for named in (weights, visibility):
        for check in named.names_left():
            if check not in checks:
                named.fail(check, f"is no check of {name}", f"its checks are: {', '.join(checks)}")
    demand = Demand(
        exercise,
        points,
        {check: _weight(weights, check) for check in weights.names_left()},
        {check: _visibility(visibility, check, visibility.take(check, str)) for check in visibility.names_left()},
    )
    table.finish()
    counted = [check for check in checks if check not in exercise.advisory]
    if points and demand.weights and not any(map(demand.weight_of, counted)):
        remedy = "give a check more than 0, or take points = 0"
        table.fail("weights", f"leave nothing that counts for {points:g} points", remedy)
    return demand


def _checks_of(exercise: Exercise) -> list[str]:
    try:
        return _CHECK.findall(exercise.check_file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CourseError(f"{exercise.check_file}: {error}; `grade verify {exercise.name}` tells more") from None


def _weight(table: Table, check: str) -> float:
    weight = table.take(check, float)
    if not 0 <= weight < math.inf:
        table.fail(check, f"= {weight:g}", "use a number from 0 on")
    return weight


def _visibility(table: Table, key: str, text: str) -> Visibility:
    if text not in set(Visibility):
        table.fail(key, f"= {text!r}", f"use one of {', '.join(Visibility)}")
    return Visibility(text)


def _late(table: Table, text: str) -> LatePolicy:
    try:
        return LatePolicy.parse(text)
    except ValueError as error:
        raise CourseError(f"{table.where}: late: {error}") from None


def _with_offset(table: Table, due: datetime) -> datetime:
    if due.tzinfo is None:
        table.fail("due", f"= {due.isoformat()}", "add the offset from UTC: 2026-12-01T23:59:00+01:00")
    if not has_every_clock(due):
        table.fail("due", f"= {due.isoformat()}", "take a year before 9999, or leave it out where nothing is ever late")
    return due.astimezone(UTC)


def has_every_clock(time: datetime) -> bool:
    """Whether it can be shown on the clock of every time zone: the first and the last year of all can't."""
    return MINYEAR < time.year < MAXYEAR


def _validate(assignment: Assignment, table: Table) -> None:
    names = [d.exercise.name for d in assignment.demands]
    for name in names:
        if names.count(name) > 1:
            table.fail("exercise", f"{name!r} is there twice", "leave one out")
    if not names and not assignment.quizzes:
        table.fail("exercise", "is missing", "add an [[exercise]] with its name")
    chapters = [chapter.folder for chapter in assignment.course.chapters]
    for folder in assignment.quizzes:
        if folder not in chapters:
            table.fail("quizzes", f"holds {folder!r}", f"the course's chapters are: {', '.join(chapters)}")
        if assignment.quizzes.count(folder) > 1:
            table.fail("quizzes", f"holds {folder!r} twice", "leave one out")
    if assignment.public_checks < 0:
        table.fail("public_checks", f"= {assignment.public_checks}", "use a number from 0 on")
    if not 0 <= assignment.quiz_points < math.inf:
        table.fail("quiz_points", f"= {assignment.quiz_points:g}", "use a number from 0 on")
