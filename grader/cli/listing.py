"""`grade list`: the course by chapters, with where one stands. Runs in: command line."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import click
from msgspec import Struct, field

from grader.answers import Answer, Answers
from grader.cli import screen
from grader.cli.select import here, open_progress
from grader.course import Chapter, Exercise
from grader.errors import WorkspaceError
from grader.language import _
from grader.progress import Best
from grader.quiz.bank import quizzes
from grader.quiz.standing import standing as standing_in
from grader.report.wording import HIDDEN_COUNT, number, passed_of, points_of, quiz_standing
from grader.report.wrapping import cells, wrap
from grader.result import Outcome
from grader.workspace import Workspace

_LEAST_TITLE = 20  # columns; where fewer are left, the title stands below the name
_WIDEST = 100  # beyond it, the points would stand too far from their titles


class _Standing(Struct, frozen=True):
    """What the progress says of all exercises."""

    best: Mapping[str, Best] = field(default_factory=dict)
    last: Mapping[str, Outcome] = field(default_factory=dict)
    hints: Mapping[str, int] = field(default_factory=dict)
    gave_up: frozenset[str] = frozenset()
    challenges: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # caught, of how many
    answers: Mapping[str, Sequence[Answer]] = field(default_factory=dict)  # to quiz questions

    def points(self, exercise: Exercise) -> float:
        return self.best[exercise.name].score if exercise.name in self.best else 0.0

    def passed(self, exercise: Exercise) -> bool:
        return exercise.name in self.best and self.best[exercise.name].outcome is Outcome.PASSED


@click.command("list")
def list_command() -> None:
    """Show the course by chapters: exercise, title, points, state."""
    workspace = here()
    standing = _standing(workspace)
    exercises = workspace.course.exercises
    widths = tuple(max(map(cells, column), default=0) for column in _columns(exercises, standing))
    quiz_word = _filled(_("quiz"), widths[0])
    banks = {bank.chapter: bank for bank in quizzes(workspace.course)}
    keyless = _answered(workspace)
    for chapter in workspace.course.chapters:
        for line in _chapter(chapter, standing, *widths):
            screen.say(line)
        if answered := keyless.get(chapter.folder):
            screen.say(f"  {quiz_word}  {answered}")
        if bank := banks.get(chapter.folder):
            quiz = standing_in(bank, chapter.title, standing.answers, datetime.now(UTC))
            screen.say(f"  {quiz_word}  {quiz_standing(quiz)}")
        screen.say("")
    passed = sum(map(standing.passed, exercises))
    if workspace.release is not None:
        met = _("all visible checks met in {passed} of {total}").format(passed=passed, total=len(exercises))
        screen.say(screen.paragraph(f"{met}; {_(HIDDEN_COUNT)}"))
        return
    points = points_of(sum(map(standing.points, exercises)), sum(e.points for e in exercises))
    screen.say(screen.paragraph(f"{points}, {passed_of(passed, len(exercises))}"))


def _answered(workspace: Workspace) -> dict[str, str]:
    """By chapter how many questions of a release's quizzes have an answer: what is right is not known there."""
    if workspace.release is None:
        return {}
    from grader.quiz.keyless import read_quizzes
    from grader.quiz.sheet import SheetFile

    answers = SheetFile(workspace.root, workspace.release.id).sheet.answers
    counts = {
        q.chapter: (sum(one.id in answers for one in q.questions), len(q.questions))
        for q in read_quizzes(workspace.root)
    }
    said = _("{answered} of {total} answered")
    return {chapter: said.format(answered=done, total=total) for chapter, (done, total) in counts.items()}


def _columns(exercises: Sequence[Exercise], standing: _Standing) -> tuple[list[str], list[str], list[str]]:
    states = [click.unstyle(_state(e, standing)) for e in exercises]
    return [e.name for e in exercises], [_points(e, standing) for e in exercises], states


def _standing(workspace: Workspace) -> _Standing:
    if not workspace.has_progress:
        return _Standing()
    try:
        with open_progress(workspace) as progress:
            return _Standing(
                progress.best(),
                progress.last(),
                progress.hints(),
                frozenset(progress.gave_up()),
                progress.challenges(),
                Answers(progress).of_the_kept(),
            )
    except WorkspaceError as error:  # the course can be shown all the same
        click.echo(f"grade: {error}", err=True)
        return _Standing()


def _chapter(
    chapter: Chapter, standing: _Standing, name_width: int, points_width: int, state_width: int
) -> Iterator[str]:
    """A heading, then a line for each exercise, and more where its title is long or there is more to say."""
    yield screen.style(screen.paragraph(_heading(chapter)), bold=True, fg="cyan")
    room = min(screen.width(), _WIDEST) - name_width - points_width - state_width - len("  " * 4)
    indent = " " * (name_width + 4 if room >= _LEAST_TITLE else 4)
    state_below = room < -len("  ")  # the column of the title is not there then
    for exercise in chapter.exercises:
        title, *below = wrap(exercise.title, room) if room >= _LEAST_TITLE else ["", exercise.title]
        beside = f"{_filled(title, room)}  " if title else ""
        points, state = _points(exercise, standing), _state(exercise, standing)
        yield f"  {exercise.name:{name_width}}  {beside}{points:>{points_width}}" + f"  {state}" * (not state_below)
        if state_below:
            yield f"{indent}{state}"
        for text in below:
            yield screen.hanging(indent, text)
        if extra := _extra(exercise, standing):
            yield screen.style(screen.hanging(indent, extra), dim=True)


def _heading(chapter: Chapter) -> str:
    """The title with the number that its folder begins with, as reports have it: "3 Forward propagation"."""
    first = chapter.folder.partition("_")[0]
    return f"{int(first)} {chapter.title}" if first.isdecimal() else chapter.title


def _filled(text: str, width: int) -> str:
    return text + " " * (width - cells(text))


def _points(exercise: Exercise, standing: _Standing) -> str:
    most = number(exercise.points)
    return most if exercise.visible_only else f"{number(standing.points(exercise))}/{most}"


def _state(exercise: Exercise, standing: _Standing) -> str:
    if standing.passed(exercise):
        return screen.style(_("visible checks met") if exercise.visible_only else _("passed"), fg="green")
    if standing.points(exercise):
        return screen.style(_("in progress"), fg="yellow")
    # of several attempts without points, the latest says whether there is anything yet
    if standing.last.get(exercise.name, Outcome.NOT_STARTED) is Outcome.NOT_STARTED:
        return _("not started")
    return screen.style(_("begun"), fg="yellow")


def _extra(exercise: Exercise, standing: _Standing) -> str:
    """What help was taken, and how the challenge went."""
    taken = standing.hints.get(exercise.name, 0)
    parts = [_("hints: {taken} of {total}").format(taken=taken, total=len(exercise.hints))] if taken else []
    if exercise.name in standing.gave_up:
        parts.append(_("solution shown"))
    if exercise.name in standing.challenges:
        caught, total = standing.challenges[exercise.name]
        parts.append(_("challenge {caught} of {total}").format(caught=caught, total=total))
    return ", ".join(parts)
