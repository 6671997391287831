"""Drawn quizzes for tests of the exports: the bundled course, and questions of any text."""

import re
from pathlib import Path

from hypothesis import strategies as st

from grader.course import read_course
from grader.quiz.bank import Distractor, Kind, Question, Quiz, quizzes
from grader.quiz.export import DrawnQuiz, draw_class

ROOT = Path(__file__).parent.parent.parent
COURSE = read_course(ROOT)
BANKS = quizzes(COURSE)
SIGNS = "\\~=#{}:%[]()&<>*_-+.!`'\"|$/^;,n1 \n"

texts = (
    st.text(st.sampled_from(SIGNS) | st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)


def drawn_course(variants: int = 1) -> list[DrawnQuiz]:
    """All quizzes of the bundled course, drawn for a class."""
    return [draw_class(bank, COURSE.id, bank.chapter, "class", variants) for bank in BANKS]


def drawn_question(
    kind: Kind, prompt: str, answers: tuple[str, ...], wrong: list[tuple[str, str]], why: str
) -> DrawnQuiz:
    """A quiz of one question of these texts."""
    distractors = tuple(Distractor(text, said) for text, said in wrong)
    question = Question("any", kind, prompt, answers, distractors, why, program=prompt)
    return draw_class(Quiz("01_first", (question,)), "course", "Title", "class", 1)


def squeezed(text: str) -> str:
    """A text in one row, as a typed answer is."""
    return " ".join(text.split())


def lines(text: str) -> str:
    """A text with its line breaks in one writing."""
    return re.sub(r"\r\n?", "\n", text)
