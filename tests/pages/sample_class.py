"""A small class: every state, late work, an extension, hidden and visible checks, each value of a check a secret."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from grader.assignment import Assignment, Demand, LatePolicy, Visibility
from grader.classroom.model import ClassBook, QuizMark, Row, State, Student
from grader.course import Chapter, Course, Exercise, Limits
from grader.diary import Tried
from grader.result import Call, CheckResult, ExerciseResult, Location, Misconception, Outcome, Problem

ZONE = timezone(timedelta(hours=1))
DUE = datetime(2026, 12, 1, 22, 59, tzinfo=UTC)
BEFORE, AFTER = DUE - timedelta(days=1), (DUE + timedelta(days=1)).astimezone(ZONE)
CHAPTER, CHAPTER_TITLE = "03_forward", "Forward propagation"
PER_SAMPLE = Misconception("per-sample", "bias added per sample", "The bias has one number per unit.")
SECRET = "kept-to-myself"  # begins everything that a check holds beside its demand


def exercise(name: str, title: str) -> Exercise:
    """An exercise of which nothing is on the disk."""
    return Exercise(
        name=name,
        title=title,
        chapter=CHAPTER,
        chapter_title=CHAPTER_TITLE,
        module=name,
        functions=(name,),
        constants=(),
        points=10.0,
        prerequisites=(),
        core="test_core",
        advisory=(),
        hints=(),
        why=f"{title} comes again in every layer.",
        limits=Limits(),
        folder=Path("exercises"),
        solution_folder=Path("solutions"),
    )


AFFINE, SOFTMAX = exercise("affine", "One layer"), exercise("softmax", "Softmax")
COURSE = Course("basics", "Basics", Path(), (Chapter(CHAPTER, CHAPTER_TITLE, (AFFINE, SOFTMAX)),))
ASSIGNMENT = Assignment(
    "Homework 1",
    COURSE,
    (
        Demand(AFFINE, 10.0, visibility={"test_seen": Visibility.VISIBLE}),
        Demand(SOFTMAX, 20.0, weights={"test_axis": 3.0}),
    ),
    due=DUE,
    late=LatePolicy.parse("10%/day up to 50%"),
    quizzes=(CHAPTER,),
    quiz_points=4.0,
)


def check(name: str, outcome: Outcome = Outcome.PASSED, demand: str | None = None, **more: object) -> CheckResult:
    """A check that tells everything a check can tell."""
    words = f"{SECRET}-{name}"
    told = CheckResult(
        name,
        f"Demand of {name}." if demand is None else demand,
        outcome,
        core=name == "test_core",
        message=f"{words}-message",
        details=(f"{words}-detail",),
        call=Call(f"{words}-call", f"{words}-returned", f"{words}-raised"),
        expected=f"{words}-expected",
        location=Location(f"{words}-file", 3, 1, f"{words}-line"),
        output=f"{words}-output",
        notes=(f"{words}-note",),
    )
    return CheckResult(**{field: getattr(told, field) for field in told.__slots__} | more)


def result(of: Exercise, *checks: CheckResult, problem: Problem | None = None) -> ExerciseResult:
    return ExerciseResult(of.name, of.title, CHAPTER, CHAPTER_TITLE, f"{of.name}.py", of.points, checks, problem)


def affine(core: Outcome = Outcome.PASSED, seen: Outcome = Outcome.PASSED, **more: object) -> ExerciseResult:
    return result(AFFINE, check("test_core", core, **more), check("test_seen", seen))


def softmax(core: Outcome = Outcome.PASSED, axis: Outcome = Outcome.PASSED) -> ExerciseResult:
    return result(SOFTMAX, check("test_core", core), check("test_axis[0]", axis), check("test_sum"))


def row(number: int, *results: ExerciseResult, state: State = State.GRADED, **more: object) -> Row:
    name = f"s{number}"
    student = Student(name, f"Name of {name}", f"{name}@example.org", "AB"[number % 2])
    fields: dict[str, object] = {
        "handed_at": DUE,
        "quizzes": (QuizMark(CHAPTER, 4, 3, 2),),
        "graded_at": "2026-12-02T08:00:00+00:00",
        "sandbox": "strict",
    }
    return Row(student, f"{name}.zip", state, results, **fields | more)  # type: ignore[arg-type]


F = Outcome.FAILED
GOOD = row(1, affine(), softmax(), tried=(Tried("affine", 2, 14.0, True), Tried("softmax", 5, 41.5, True)))
LATE = row(
    2,
    affine(seen=F),
    softmax(axis=F),
    handed_at=DUE + timedelta(hours=26),
    tried=(Tried("affine", 4, 22.0, True), Tried("softmax", 3, 19.0, False)),
)
CONFUSED = row(
    3, affine(core=F, misconception=PER_SAMPLE), softmax(), remarks=("solution.py stands for nothing asked",)
)
BROKEN = row(
    4,
    result(
        AFFINE,
        check("test_core", Outcome.IMPORT_ERROR),
        problem=Problem(Outcome.IMPORT_ERROR, "SyntaxError: invalid syntax", Location("affine.py", 1, 5, "def (")),
    ),
    softmax(core=Outcome.NOT_STARTED),
)
MISSING = row(5, state=State.MISSING, quizzes=(), handed_at=None, graded_at="")
REFUSED = row(6, state=State.REFUSED, reason="s6.rar is no archive that is read; hand in a .zip", quizzes=())
ERROR = row(7, affine(), state=State.ERROR, reason="the process that graded it died, twice")
BOOK = ClassBook(ASSIGNMENT, (GOOD, LATE, CONFUSED, BROKEN, MISSING, REFUSED, ERROR))
