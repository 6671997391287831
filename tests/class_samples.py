"""Rows of a class, made by hand."""

from datetime import UTC, datetime

from grader.classroom.model import QuizMark, Row, State, Student
from grader.result import CheckResult, ExerciseResult, Outcome

DUE = datetime(2026, 12, 1, 22, 59, tzinfo=UTC)


def exercise(name: str, **outcomes: Outcome) -> ExerciseResult:
    """An exercise of 10 points whose core check is called `core`."""
    checks = tuple(CheckResult(check, check, outcome, core=check == "core") for check, outcome in outcomes.items())
    return ExerciseResult(name, name, "01_first", "First", f"01_first/{name}/{name}.py", 10.0, checks)


def row(student: str, *results: ExerciseResult, state: State = State.GRADED, **more: object) -> Row:
    return Row(Student(student, f"Name of {student}"), f"{student}.zip", state, results, **more)  # type: ignore[arg-type]


def quiz(right: int, questions: int = 4) -> QuizMark:
    return QuizMark("01_first", questions, questions, right)
