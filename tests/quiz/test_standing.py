"""What comes again when: at once after a wrong answer, and a longer while later after each right one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.answers import Answer
from grader.quiz.bank import Quiz
from grader.quiz.standing import WAITS, due, next_due, standing, unanswered
from grader.report.wording import quiz_standing

from .questions import ORDER, SHORT, SINGLE, quiz_of

START = datetime(2026, 1, 1, tzinfo=UTC)


def history(question: str, *rights: bool, days: float = 1.0) -> dict[str, list[Answer]]:
    """Answers, right or wrong, so many days apart; the first one at START."""
    times = [START + timedelta(days=days * number) for number in range(len(rights))]
    return {
        question: [Answer(question, "ada", n, at, "", r) for n, (at, r) in enumerate(zip(times, rights, strict=True))]
    }


@pytest.fixture
def quiz(tmp_path: Path) -> Quiz:
    return quiz_of(tmp_path, SINGLE, ORDER, SHORT)


def test_the_first_answer_counts(quiz: Quiz) -> None:
    """However often it was answered since."""
    answers = history("step", False, True, True) | history("xor", True, False)
    assert [question.id for question in unanswered(quiz, answers)] == ["word"]
    now = START + timedelta(days=1)
    where = standing(quiz, "First steps", answers, now)
    assert [(q.id, q.attempts, q.right, q.due) for q in where.questions] == [
        ("step", 3, False, False),
        ("xor", 2, True, True),
        ("word", 0, None, False),
    ]
    assert (where.chapter, where.chapter_title) == (quiz.chapter, "First steps")
    assert (where.answered, where.right, where.to_review) == (2, 1, 1)
    assert quiz_standing(where) == "1 of 3 right, 1 to go, 1 to review"
    assert quiz_standing(standing(quiz, "First steps", {}, now)) == "3 questions"


@pytest.mark.parametrize("rights", range(len(WAITS)))
def test_each_right_answer_puts_a_question_off(quiz: Quiz, rights: int) -> None:
    """It is due when its time has come, and not before."""
    answers = history("step", True, False, *[True] * rights)
    last = answers["step"][-1].at
    time = last + WAITS[rights]
    assert [question.id for question in due([quiz], answers, time)] == ["step"]
    if rights:
        before = time - timedelta(seconds=1)
        assert due([quiz], answers, before) == []
        assert next_due([quiz], answers, before) == time


def test_what_is_known_does_not_come_again(quiz: Quiz) -> None:
    """Never answered wrongly, or rightly often enough since."""
    answers = history("step", True, True) | history("xor", False, *[True] * len(WAITS))
    later = START + timedelta(days=1000)
    assert due([quiz], answers, later) == []
    assert next_due([quiz], answers, START) is None


def test_what_has_waited_longest_comes_first(quiz: Quiz) -> None:
    """Of those that are due."""
    answers = history("step", True, False, days=2) | history("xor", False) | history("word", True, False)
    assert [question.id for question in due([quiz], answers, START + timedelta(days=9))] == ["xor", "word", "step"]
