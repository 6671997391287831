"""Where a learner stands in a quiz, and what comes again when. Runs in: command line.

A question counts by its first answer. One that was answered wrongly comes again, with other numbers, in a review: at
once, and after each right answer in a row a longer while later; after the last of them it is known.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from grader.answers import Answer
from grader.quiz.bank import Question, Quiz
from grader.result import QuestionResult, QuizResult

WAITS = (timedelta(0), timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=21))


def standing(quiz: Quiz, chapter_title: str, answers: Mapping[str, Sequence[Answer]], now: datetime) -> QuizResult:
    """Where the answers leave a learner."""
    return QuizResult(
        quiz.chapter, chapter_title, tuple(_result(q.id, answers.get(q.id, ()), now) for q in quiz.questions)
    )


def _result(question: str, history: Sequence[Answer], now: datetime) -> QuestionResult:
    if not history:
        return QuestionResult(question, attempts=0, right=None, due=False)
    return QuestionResult(question, len(history), history[0].is_right, _is_due(history, now))


def unanswered(quiz: Quiz, answers: Mapping[str, Sequence[Answer]]) -> list[Question]:
    """The questions that were never answered, in the quiz's order."""
    return [question for question in quiz.questions if not answers.get(question.id)]


def due(quizzes: Sequence[Quiz], answers: Mapping[str, Sequence[Answer]], now: datetime) -> list[Question]:
    """The questions that come again now, the one that has waited longest first."""
    found = [q for quiz in quizzes for q in quiz.questions if answers.get(q.id) and _is_due(answers[q.id], now)]
    return sorted(found, key=lambda question: answers[question.id][-1].at)


def next_due(quizzes: Sequence[Quiz], answers: Mapping[str, Sequence[Answer]], now: datetime) -> datetime | None:
    """When the next one comes again; None where none will."""
    times = (_due_at(answers[q.id]) for quiz in quizzes for q in quiz.questions if answers.get(q.id))
    return min((time for time in times if time is not None and time > now), default=None)


def _is_due(history: Sequence[Answer], now: datetime) -> bool:
    time = _due_at(history)
    return time is not None and time <= now


def _due_at(history: Sequence[Answer]) -> datetime | None:
    """When a question comes again; None for one that is known, or was never answered wrongly."""
    wrong = [number for number, answer in enumerate(history) if not answer.is_right]
    if not wrong:
        return None
    right_since = len(history) - 1 - wrong[-1]
    return history[-1].at + WAITS[right_since] if right_since < len(WAITS) else None
