"""The page of one student: marks, why, and every check that they may see. Runs in: the command line."""

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from grader.assignment import Assignment, Demand, Visibility
from grader.classroom.model import Mark, Row, State, asked_of, earned
from grader.classroom.pages.standing import late_words, mark_of, moment, notice
from grader.classroom.student_view import student_view
from grader.report.findings import Kind, kind_of, untouched
from grader.report.page import Chapter, Part, environment, own_text, part_of, style
from grader.report.wording import chapter_title, points_worth
from grader.result import CheckResult, ExerciseResult

_HIDDEN = "hidden"  # the tag of a failed check whose values the student doesn't see


def student_page(row: Row, assignment: Assignment, now: datetime) -> str:
    """The page as text, to be written as UTF-8; it needs no network and no script.

    `now`, with its offset from UTC, decides which checks are shown in full, and names the clock of all times.
    """
    assignment = asked_of(row.student, assignment)
    found = mark_of(row, assignment)
    results = student_view(row, assignment, now) if row.state not in {State.MISSING, State.REFUSED} else ()
    chapters = _chapters(results, assignment, now)
    return (
        environment(__package__)
        .get_template("student.html.j2")
        .render(
            style=style() + own_text("student.css", __package__),
            row=row,
            student=row.student,
            assignment=assignment,
            mark=found,
            notice=notice(row, assignment, now),
            late=late_words(found, assignment.late) if found is not None else "",
            facts=list(_facts(row, assignment, now)),
            remarks=list(_remarks(row, assignment)),
            hidden=_hidden_words(results, assignment, now),
            chapters=chapters,
            quizzes=_quizzes(row, assignment, found) if found is not None else [],
            passed=sum(result.passed for result in results),
            asked=len(assignment.demands),
            graded_at=_graded_at(row, now),
        )
    )


def _facts(row: Row, assignment: Assignment, now: datetime) -> Iterator[str]:
    if row.handed_at is not None:
        yield f"Handed in {moment(row.handed_at, now.tzinfo)}"
    if assignment.due is not None:
        own = ", an extension of your own" if row.student.due is not None else ""
        yield f"Due {moment(assignment.due, now.tzinfo)}{own}"


def _remarks(row: Row, assignment: Assignment) -> Iterator[str]:
    yield from row.remarks
    if row.state is State.GRADED:
        found = {result.name for result in row.results}
        for demand in assignment.demands:
            if demand.exercise.name not in found:
                yield f"There is no result of {demand.exercise.title}; ask your teacher."


def _failed(results: Sequence[ExerciseResult]) -> list[tuple[ExerciseResult, CheckResult]]:
    """The checks of which a page tells the failure."""
    told = (result for result in results if result.problem is None and not untouched(result))
    return [(r, check) for r in told for check in r.checks if kind_of(r, check) is Kind.FAILED]


def _hidden_words(results: Sequence[ExerciseResult], assignment: Assignment, now: datetime) -> str:
    """What a page that hides something says of it; that it opens up later where it does."""
    seen = {assignment.visibility_of(result.name, check.name, now) for result, check in _failed(results)}
    if False not in seen:
        return ""
    which = "Of a check marked as hidden" if True in seen else "Of each check"
    said = f"{which} you see what it demands and how it ended, not what it calls your code with."
    if assignment.due is not None and now < assignment.due:
        kinds = {kind for demand in assignment.demands for kind in demand.visibility.values()}
        if Visibility.AFTER_DUE in kinds | {assignment.visibility}:
            said += f" Some are shown in full from {moment(assignment.due, now.tzinfo)} on."
    return said


def _chapters(results: Sequence[ExerciseResult], assignment: Assignment, now: datetime) -> list[Chapter]:
    failed = _failed(results)
    hidden = {(r.name, check.name) for r, check in failed if not assignment.visibility_of(r.name, check.name, now)}
    if len(hidden) == len(failed):
        hidden = set()  # one sentence says it of all
    demands = {demand.exercise.name: demand for demand in assignment.demands}

    def part(result: ExerciseResult) -> Part:
        demand = demands[result.name]
        tags = _tags(result, demand, {check for name, check in hidden if name == result.name})
        return part_of(result, why=demand.exercise.why, worth=(earned(result, demand), demand.points), tags=tags)

    return [Chapter(title, tuple(map(part, group))) for title, group in groupby(results, key=chapter_title)]


def _tags(result: ExerciseResult, demand: Demand, hidden: Container[str]) -> Mapping[str, list[str]]:
    """What is said of each check beside its demand: its worth, where not all are worth the same; that it is hidden."""
    weights = {check.name: demand.weight_of(check.name) for check in result.counted}
    total = sum(weights.values())
    tags: dict[str, list[str]] = {check.name: [] for check in result.checks}
    if total and len(set(weights.values())) > 1:
        for name, weight in weights.items():
            tags[name].append(points_worth(demand.points * weight / total))
    return {name: [*said, _HIDDEN] if name in hidden else said for name, said in tags.items()}


def _quizzes(row: Row, assignment: Assignment, found: Mark) -> list[tuple[str, str, float]]:
    """Of each quiz its title, how it went, and the points."""
    titles = {chapter.folder: chapter.title for chapter in assignment.course.chapters}
    answered = {quiz.chapter: quiz for quiz in row.quizzes}
    shown = []
    for folder in assignment.quizzes:
        quiz = answered.get(folder)
        words = f"{quiz.right} of {quiz.questions} right" if quiz is not None else "no answers came"
        if quiz is not None and quiz.answered < quiz.questions:
            words += f", {quiz.questions - quiz.answered} not answered"
        shown.append((titles.get(folder, folder), words, found.quizzes[folder]))
    return shown


def _graded_at(row: Row, now: datetime) -> str:
    try:
        return moment(datetime.fromisoformat(row.graded_at), now.tzinfo)
    except ValueError:
        return ""
