"""A class made by hand: every state, work that came late, hidden and visible checks, and names that mean harm."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from grader.assignment import Assignment, Demand, LatePolicy, Visibility
from grader.classroom.model import ClassBook, QuizMark, Row, State, Student
from grader.course import Chapter, Course, Exercise, Limits
from grader.result import Call, CheckResult, ExerciseResult, Location, Misconception, Outcome, Problem

DUE = datetime(2026, 12, 1, 22, 59, tzinfo=UTC)
BEFORE, AFTER = DUE - timedelta(hours=1), DUE + timedelta(hours=1)
QUIZ = "03_forward"
SECRET = "SECRET"
HARM = "=cmd|' /C calc'!A1\n\"Ada\", \u202egnp\u202c \u200fשלום 👩‍🔬\\"


def asked(name: str, points: float, **more: object) -> Demand:
    """A demand for an exercise of the chapter 03_forward."""
    nowhere = Path("/nowhere")
    exercise = Exercise(
        name, name.capitalize(), QUIZ, "Forward propagation", name, (name,), (), points, (), "test_example", (), (), "",
        Limits(), nowhere, nowhere,
    )  # fmt: skip
    return Demand(exercise, points, **more)  # type: ignore[arg-type]  # a test's shorthand


SOFTMAX = asked(
    "softmax",
    4,
    weights={"test_shift": 2.0},
    visibility={"test_rows": Visibility.VISIBLE, "test_shift": Visibility.AFTER_DUE},
)
SIGMOID = asked("sigmoid", 2)
COURSE = Course(
    "nn", "Neural networks", Path("/nowhere"),
    (Chapter(QUIZ, "Forward propagation", (SOFTMAX.exercise, SIGMOID.exercise)),),
)  # fmt: skip
ASSIGNMENT = Assignment(
    "Homework 3", COURSE, (SOFTMAX, SIGMOID), DUE, LatePolicy.parse("10%/day up to 50%"), quizzes=(QUIZ,), quiz_points=2
)


def telling(kind: str, word: str) -> CheckResult:
    """A failed check whose every field beside name, demand and misconception says `SECRET` and the word."""
    said = f"{SECRET} {word}"
    return CheckResult(
        f"test_{kind}",
        f"The demand of {kind}.",
        Outcome.FAILED,
        message=f"{said} message",
        details=(f"{said} detail",),
        call=Call(f"softmax({said} call)", returned=f"{said} returned"),
        expected=f"{said} expected",
        location=Location("softmax.py", 3, 1, f"{said} source"),
        misconception=Misconception("global-max", "one maximum for all", "Each row has a maximum <of> its own."),
        output=f"{said} printed",
        notes=(f"{said} note",),
    )  # fmt: skip


def result(demand: Demand, *checks: CheckResult, problem: Problem | None = None) -> ExerciseResult:
    exercise = demand.exercise
    return ExerciseResult(
        exercise.name,
        exercise.title,
        QUIZ,
        "Forward propagation",
        f"{exercise.name}.py",
        demand.points,
        checks,
        problem,
    )


CORE = CheckResult("test_example", "The example comes out right.", Outcome.PASSED, core=True)
SPEED = CheckResult("test_speed", "No loop over the rows.", Outcome.FAILED, advisory=True, message="9 times as slow.")
KINDS = ("rows", "shift", "hidden")
PASSED = tuple(replace(telling(kind, kind), outcome=Outcome.PASSED, misconception=None) for kind in KINDS)
ALL_PASSED = (result(SOFTMAX, CORE, *PASSED), result(SIGMOID, CORE))
SOME_PASSED = (
    result(SOFTMAX, CORE, telling("rows", "rows"), telling("shift", "shift"), telling("hidden", "hidden"), SPEED),
    result(
        SIGMOID,
        replace(CORE, outcome=Outcome.IMPORT_ERROR),
        problem=Problem(
            Outcome.IMPORT_ERROR, "SyntaxError: '(' was never closed", Location("sigmoid.py", 2, 5, "x = (")
        ),
    ),
)
CANVAS = {"Student": "Lovelace, Ada", "ID": "4711", "SIS User ID": "s1", "SIS Login ID": "ada", "Section": "Mon"}
MOODLE = {"Identifier": "Participant 17", "ID number": "0815", "Last modified (grade)": "-"}
GRADED_AT = "2026-12-02T08:00:00+00:00"


def graded(student: Student, results: Sequence[ExerciseResult], handed_at: datetime = BEFORE, **more: object) -> Row:
    """A row that was graded."""
    return Row(
        student, f"{student.id}.zip", State.GRADED, tuple(results), handed_at=handed_at, sandbox="strict", seconds=1.25,
        graded_at=GRADED_AT, **more,  # type: ignore[arg-type]
    )  # fmt: skip


ADA = graded(
    Student("ada", "Ada Lovelace", "ada@example.org", "Mon", columns=CANVAS | MOODLE),
    ALL_PASSED,
    quizzes=(QuizMark(QUIZ, 4, 4, 4),),
)
GRACE = graded(
    Student("grace", "Hopper, Grace", "grace@example.org", "Tue"),
    SOME_PASSED,
    AFTER,
    quizzes=(QuizMark(QUIZ, 4, 3, 1),),
    remarks=("sigmoid.py came twice; the later one was taken",),
)
MALLORY = graded(Student("../../etc/-1", HARM, "+1@example.org", "@home"), SOME_PASSED)
KATHERINE = Row(Student("katherine", "Katherine Johnson", "kj@example.org"), "", State.MISSING)
MARY = Row(Student("mary", "Mary Jackson"), "mary.rar", State.REFUSED, reason="mary.rar is no zip; hand in a zip")
RADIA = Row(Student("radia", "Radia Perlman", "radia@example.org"), "radia.zip", State.ERROR, reason="a worker ended")
BOOK = ClassBook(ASSIGNMENT, (MALLORY, ADA, GRACE, KATHERINE, MARY, RADIA))
