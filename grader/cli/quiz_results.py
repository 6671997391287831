"""Where the learner stands in the quizzes, for a report. Runs in: command line."""

from collections.abc import Container
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from grader.cli.select import open_progress
from grader.errors import CourseError, WorkspaceError
from grader.result import QuizResult
from grader.workspace import Workspace

if TYPE_CHECKING:
    from grader.answers import Answer


def quiz_results(workspace: Workspace, chapters: Container[str]) -> tuple[QuizResult, ...]:
    """The quizzes of these chapters (folders) of which a question was answered, in the course's order.

    A quiz that can't be read is told on standard error: it costs its place in the report, never the verdict.
    """
    answers = _answers(workspace)
    if not answers:
        return ()
    from grader.quiz.bank import quizzes
    from grader.quiz.standing import standing

    try:
        banks = {quiz.chapter: quiz for quiz in quizzes(workspace.course)}
    except CourseError as error:
        click.echo(f"grade: {error}", err=True)
        return ()
    now = datetime.now(UTC)
    all_of_them = (
        standing(banks[chapter.folder], chapter.title, answers, now)
        for chapter in workspace.course.chapters
        if chapter.folder in banks and chapter.folder in chapters
    )
    return tuple(quiz for quiz in all_of_them if quiz.answered)


def _answers(workspace: Workspace) -> "dict[str, list[Answer]]":
    """All that the learner has answered, by question."""
    from grader.answers import Answers

    if not workspace.has_progress:
        return {}
    try:
        with open_progress(workspace) as progress:
            return Answers(progress).of_the_kept()
    except WorkspaceError:  # told already, when the attempt could not be kept
        return {}
