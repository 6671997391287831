"""mdbook-quiz's TOML, read back: each question of the course, and any text. The fields are those of its schema."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from grader.quiz.bank import Kind
from grader.quiz.export import DrawnQuiz, Form, Item, Losses, as_choice, draw_class
from grader.quiz.marking import mark
from grader.quiz.mdbook import mdbook

from .exported import drawn_course, drawn_question, lines, texts
from .gift_reader import shown
from .questions import CODE, INTERVAL, NUMERIC, ORDER, SINGLE, quiz_of

_COMMON = {"id", "type", "prompt", "answer", "context"}
_FIELDS = {
    "ShortAnswer": ({"prompt"}, {"answer", "alternatives"}),
    "MultipleChoice": ({"prompt", "distractors"}, {"answer"}),
}


def read(quiz: DrawnQuiz) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    """The questions, each with the fields of its type and no other."""
    losses = Losses()
    found = tomllib.loads(mdbook(quiz, losses))
    assert set(found) == {"questions"}
    for question in found["questions"]:
        assert set(question) == _COMMON
        prompt, answer = _FIELDS[question["type"]]
        assert set(question["prompt"]) == prompt
        assert {"answer"} <= set(question["answer"]) <= answer
    return found["questions"], losses.found


def read_text(folder: Path, text: str, variants: int = 1) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    return read(draw_class(quiz_of(folder, text), "course", "Title", "class", variants))


def page(markdown: str) -> tuple[str, str]:
    """The text and the program that a text in Markdown shows, by the rules of CommonMark."""
    text, program = shown(MarkdownIt("commonmark").render(markdown))
    return text.strip(), program.removesuffix("\n")


def bullets(context: str) -> tuple[str, list[str]]:
    """The explanation, and the points of the list below it."""
    explanation, *rows = context.split("\n")
    return page(explanation)[0], [page(row.removeprefix("- "))[0] for row in rows if row]


@pytest.mark.parametrize("variants", [1, 3])
def test_every_question_of_the_course_comes_back(variants: int) -> None:
    """The same prompt, program, options, sentences, key and explanation."""
    for quiz in drawn_course(variants):
        items = [item for group in quiz.groups for item in group]
        questions, losses = read(quiz)
        assert [question["id"] for question in questions] == [item.name for item in items]
        assert not any(sentence.startswith("left out") for sentence in losses)
        for item, question in zip(items, questions, strict=True):
            assert page(question["prompt"]["prompt"]) == (item.drawn.prompt, item.drawn.program)
            check_answer(item, question)


def check_answer(item: Item, question: dict[str, Any]) -> None:
    """The key, by the form that the question has got."""
    answer = question["answer"]["answer"]
    if item.form is Form.ORDER or item.drawn.interval:
        choice = as_choice(item)
        assert choice is not None
        item = choice
    told = (item.drawn.explanation, [f"{option.text}: {option.why}" for option in item.wrong])
    assert bullets(question["context"]) == told
    if question["type"] == "MultipleChoice":
        assert isinstance(answer, list) == (item.form is Form.CHOICES)
        right = answer if isinstance(answer, list) else [answer]
        assert {page(text)[0] for text in right} == set(item.right)
        assert {page(text)[0] for text in question["prompt"]["distractors"]} == {o.text for o in item.wrong}
        return
    accepted = [answer, *question["answer"].get("alternatives", [])]
    assert len({text.casefold() for text in accepted}) == len(accepted)
    assert [text for text in accepted if not mark(item.drawn, text).right] == []
    if item.form is Form.TEXT:
        assert tuple(accepted) == item.right


@given(texts, texts, texts, texts, texts)
def test_any_text_survives(prompt: str, right: str, wrong: str, why: str, explanation: str) -> None:
    """Signs of Markdown, of HTML and of TOML, and line breaks."""
    (question,), _ = read(drawn_question(Kind.SINGLE, prompt, (right,), [(wrong, why)], explanation))
    assert page(question["prompt"]["prompt"])[0] == lines(prompt)
    assert page(question["answer"]["answer"])[0] == lines(right)
    assert [page(text)[0] for text in question["prompt"]["distractors"]] == [lines(wrong)]
    assert bullets(question["context"]) == (lines(explanation), [f"{lines(wrong)}: {lines(why)}"])


@given(texts)
def test_any_program_and_any_typed_text_survive(text: str) -> None:
    """In a block that no backtick of theirs ends."""
    (question,), _ = read(drawn_question(Kind.CODE, text, (text,), [], text))
    assert page(question["prompt"]["prompt"]) == (lines(text), lines(text))
    assert question["answer"]["answer"] == " ".join(text.split())


def test_a_program_keeps_its_lines(tmp_path: Path) -> None:
    """As a block of Python."""
    (question,), _ = read_text(tmp_path, CODE)
    assert "\n\n```python\nimport numpy as np\nprint(" in question["prompt"]["prompt"]


def test_a_number_has_its_roundings(tmp_path: Path) -> None:
    """As far as they are right; a whole number with a point, too."""
    text = NUMERIC.replace("ceil(n / b)", "n * 0 + 0.62246").replace('program = "a', 'tolerance = 0.0006\nprogram = "a')
    (question,), losses = read_text(tmp_path, text)
    assert question["answer"] == {"answer": "0.622", "alternatives": ["0.62246", "0.6225"]}
    assert losses["numbers are compared as texts: right are the roundings within the tolerance, nothing else"]
    (question,), _ = read_text(tmp_path, NUMERIC.replace("ceil(n / b)", "n * 0 + 100"))
    assert question["answer"] == {"answer": "100", "alternatives": ["100.0"]}


def test_what_can_be_no_choice_is_named(tmp_path: Path) -> None:
    """An order of which all are right, an interval without an end."""
    both = ORDER.replace(', "AND of both"', "").replace("[2, 1, 3]", "[2, 1]")
    questions, losses = read_text(tmp_path, both + INTERVAL.replace("-0.5]", "inf)"))
    assert questions == []
    assert losses["left out: mdbook-quiz has no form for it"] == ["xor", "theta"]


def test_all_variants_are_shown_and_that_is_said(tmp_path: Path) -> None:
    """It has no groups."""
    questions, losses = read_text(tmp_path, SINGLE, 3)
    assert [question["id"] for question in questions] == ["step-1", "step-2", "step-3"]
    assert ["step"] in losses.values()
