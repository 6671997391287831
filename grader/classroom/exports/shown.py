"""What a student may see of their own work, as lines for other systems: points, demands. Runs in: the command line."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from grader.assignment import Assignment, Demand
from grader.classroom.model import ClassBook, Mark, Row, State, asked_of, earned
from grader.classroom.student_view import student_view
from grader.report.findings import Kind, kind_of
from grader.report.plain import printable
from grader.report.source import excerpt, place
from grader.report.wording import (
    LOOKS_LIKE,
    NOT_COUNTED,
    OUTCOME_WORDS,
    WAITING_WORDS,
    number,
    points_of,
    slow_words,
)
from grader.result import CheckResult, ExerciseResult, Outcome

NOTHING_CAME = "Nothing was handed in."
OUR_FAULT = "The grader failed at this work; it is not your fault, and it will be graded again."
_EVER = datetime.max.replace(tzinfo=UTC)
_SOURCE_WIDTH = 200


class Shown(StrEnum):
    """When a student sees inputs and values of a check; the values are those of Gradescope's `visibility`."""

    NOW = "visible"
    AFTER_DUE = "after_due_date"
    NEVER = "hidden"


class Test(Struct, frozen=True):
    """One check, or one quiz, as a line of a student's results. All texts are safe to show."""

    number: str  # "2.3": of the exercise in the assignment, and of the check in it
    exercise: str  # title
    name: str  # the check's function
    demand: str
    outcome: Outcome
    kind: Kind
    points: float  # earned
    most: float  # 0 where the check doesn't count
    text: str  # all that is to be said, with newlines
    output: str  # what the learner's code printed
    shown: Shown

    @property
    def counts(self) -> bool:
        return self.kind not in {Kind.SKIPPED, Kind.SLOW} and self.most > 0


def results_shown(row: Row, assignment: Assignment, now: datetime) -> Iterator[tuple[Demand, ExerciseResult]]:
    """What is asked for with what was found, less what the student may not see, worth what the assignment says."""
    demands = {demand.exercise.name: demand for demand in assignment.demands}
    for result in student_view(row, assignment, now):
        yield demands[result.name], result


def hides(book: ClassBook, now: datetime) -> bool:
    """Whether anything of anybody's checks is hidden."""
    asked = {demand.exercise.name for demand in book.assignment.demands}
    checks = {(r.name, check.name) for row in book.rows for r in row.results if r.name in asked for check in r.checks}
    return not all(book.assignment.visibility_of(exercise, check, now) for exercise, check in checks)


def tests_shown(row: Row, assignment: Assignment, mark: Mark, now: datetime) -> list[Test]:
    """All checks that the student has results of, in the assignment's order, and a line for each quiz."""
    assignment = asked_of(row.student, assignment)
    tests: list[Test] = []
    places = {demand.exercise.name: place for place, demand in enumerate(assignment.demands, 1)}
    for demand, result in results_shown(row, assignment, now):
        checks = result.checks or (_stand_in(result),)
        most = _most(demand, result)
        for place_, check in enumerate(checks, 1):
            worth = most.get(check.name, 0.0) if result.checks else demand.points
            tests.append(
                Test(
                    number=f"{places[result.name]}.{place_}",
                    exercise=printable(result.title),
                    name=printable(_name(demand, check, place_, assignment, now)),
                    demand=printable(check.demand or check.name),
                    outcome=check.outcome,
                    kind=kind_of(result, check),
                    points=worth if check.passed and result.core_passed else 0.0,
                    most=worth,
                    text="\n".join(_story(result, check)),
                    output=printable(check.output, keep_newlines=True),
                    shown=_when(demand, check, assignment, now),
                )
            )
    return tests + [_of_a_quiz(row, assignment, chapter, mark) for chapter in assignment.quizzes]


def _name(demand: Demand, check: CheckResult, place: int, assignment: Assignment, now: datetime) -> str:
    """The check's name; parameters of a hidden one are its inputs, so that its place stands for them."""
    bare, parameters, _ = check.name.partition("[")
    if not parameters or assignment.visibility_of(demand.exercise.name, check.name, now):
        return check.name
    return f"{bare}[{place}]"


def summary(row: Row, assignment: Assignment, mark: Mark, now: datetime) -> list[str]:
    """The whole work in a few lines: the score, why it is less than was earned, what each exercise needs, what there
    is to say of the files.
    """
    lines = [points_of(mark.score, mark.points)]
    if mark.penalty:
        lines.append(f"{number(100 * mark.penalty)} % was taken: handed in {duration(mark.late_by)} late.")
    match row.state:
        case State.MISSING:
            return [*lines, NOTHING_CAME]
        case State.REFUSED:
            return [*lines, printable(row.reason)]
    for demand, result in results_shown(row, assignment, now):
        lines += ["", f"{printable(result.title)}: {points_of(earned(result, demand), demand.points)}"]
        lines += needs(result)
    lines += [""] * bool(assignment.quizzes)
    for chapter in assignment.quizzes:
        test = _of_a_quiz(row, assignment, chapter, mark)
        lines.append(f"{test.demand}: {test.text}")
    said = {result.problem.message for result in row.results if result.problem is not None}
    remarks = [printable(remark) for remark in row.remarks if remark not in said]
    return [*lines, *[""][: len(remarks)], *remarks]


def duration(late_by: timedelta) -> str:
    """Hours, minutes and seconds: "26:03:04"."""
    minutes, seconds = divmod(int(late_by.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def needs(result: ExerciseResult) -> Iterator[str]:
    """What an exercise lacks: each check that did not pass in a line, and each misconception once."""
    if result.problem is not None:
        yield from _problem(result)
        return
    seen = set()
    for check in result.checks:
        if kind_of(result, check) is not Kind.PASSED:
            yield f"- {printable(check.demand or check.name)} ({_words(result, check)})"
        if check.misconception is not None and check.misconception.name not in seen:
            seen.add(check.misconception.name)
            yield f"  {_looks_like(check)}"


def _story(result: ExerciseResult, check: CheckResult) -> Iterator[str]:
    """What happened at a check, line by line."""
    if result.problem is not None:
        yield from _problem(result)
        return
    yield _words(result, check)
    if check.message:
        yield printable(check.message, keep_newlines=True)
    if check.call is not None:
        yield f"called: {printable(check.call.expression, keep_newlines=True)}"
        if check.call.returned is not None:
            yield f"came back: {printable(check.call.returned, keep_newlines=True)}"
        if check.call.raised is not None:
            yield f"raised: {printable(check.call.raised, keep_newlines=True)}"
    if check.location is not None:
        yield f"{place(check.location)}: {excerpt(check.location, _SOURCE_WIDTH)[0]}".rstrip(": ")
    if check.expected is not None:
        yield f"expected: {printable(check.expected, keep_newlines=True)}"
    yield from (printable(line, keep_newlines=True) for line in (*check.details, *check.notes))
    if check.misconception is not None:
        yield _looks_like(check)


def _problem(result: ExerciseResult) -> Iterator[str]:
    assert result.problem is not None
    yield f"{OUTCOME_WORDS[result.problem.outcome]}: {printable(result.problem.message)}"
    if (location := result.problem.location) is not None:
        yield f"{place(location)}: {excerpt(location, _SOURCE_WIDTH)[0]}".rstrip(": ")


def _words(result: ExerciseResult, check: CheckResult) -> str:
    match kind_of(result, check):
        case Kind.WAITING:
            return f"{WAITING_WORDS[check.outcome]}, {NOT_COUNTED}"
        case Kind.SLOW:
            return slow_words(check)
        case _:
            return OUTCOME_WORDS[check.outcome]


def _looks_like(check: CheckResult) -> str:
    assert check.misconception is not None
    title = printable(check.misconception.title).rstrip(".")
    return f"{LOOKS_LIKE}: {title}. {printable(check.misconception.feedback)}"


def _stand_in(result: ExerciseResult) -> CheckResult:
    """The one line of an exercise that has no checks: what stopped it must not vanish."""
    return CheckResult("exercise", result.title, result.outcome, core=True)


def _most(demand: Demand, result: ExerciseResult) -> dict[str, float]:
    """What each check that counts can earn."""
    weights = {check.name: demand.weight_of(check.name) for check in result.counted}
    total = sum(weights.values())
    return {name: demand.points * weight / total for name, weight in weights.items()} if total else {}


def _when(demand: Demand, check: CheckResult, assignment: Assignment, now: datetime) -> Shown:
    if assignment.visibility_of(demand.exercise.name, check.name, now):
        return Shown.NOW
    later = assignment.visibility_of(demand.exercise.name, check.name, _EVER)
    return Shown.AFTER_DUE if later else Shown.NEVER


def _of_a_quiz(row: Row, assignment: Assignment, chapter: str, mark: Mark) -> Test:
    titles = {c.folder: c.title for c in assignment.course.chapters}
    quiz = next((q for q in row.quizzes if q.chapter == chapter), None)
    right = quiz is not None and quiz.questions == quiz.right
    return Test(
        number=f"{len(assignment.demands) + 1 + assignment.quizzes.index(chapter)}",
        exercise=f"Quiz: {printable(titles.get(chapter, chapter))}",
        name=printable(chapter),
        demand=f"Quiz: {printable(titles.get(chapter, chapter))}",
        outcome=Outcome.PASSED if right else Outcome.FAILED if quiz is not None else Outcome.NOT_STARTED,
        kind=Kind.PASSED if right else Kind.FAILED,
        points=mark.quizzes.get(chapter, 0.0),
        most=assignment.quiz_points,
        text=f"{quiz.right} of {quiz.questions} right, {quiz.answered} answered" if quiz else "no answers came",
        output="",
        shown=Shown.NOW,
    )
