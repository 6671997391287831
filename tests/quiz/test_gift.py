"""GIFT, read back by a reader of its own: each question of the course, and any text."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given

from grader.quiz.bank import Interval, Kind
from grader.quiz.export import DrawnQuiz, Form, Item, Losses, as_choice, draw_class
from grader.quiz.gift import gift
from grader.quiz.marking import is_close

from .exported import drawn_course, drawn_question, lines, squeezed, texts
from .gift_reader import GiftQuestion, read_gift
from .questions import CODE, INTERVAL, MULTIPLE, NUMERIC, ORDER, SHORT, SINGLE, quiz_of


def read(quiz: DrawnQuiz) -> tuple[list[GiftQuestion], dict[str, list[str]]]:
    losses = Losses()
    return read_gift(gift(quiz, losses)), losses.found


def read_text(folder: Path, text: str, variants: int = 1) -> tuple[list[GiftQuestion], dict[str, list[str]]]:
    return read(draw_class(quiz_of(folder, text), "course", "Title", "class", variants))


@pytest.mark.parametrize("variants", [1, 3])
def test_every_question_of_the_course_comes_back(variants: int) -> None:
    """The same prompt, program, options, sentences, key and explanation."""
    for quiz in drawn_course(variants):
        items = [item for group in quiz.groups for item in group]
        questions, losses = read(quiz)
        assert [question.name for question in questions] == [item.name for item in items]
        assert not any(sentence.startswith("left out") for sentence in losses)
        for item, question in zip(items, questions, strict=True):
            drawn = item.drawn
            assert (question.prompt, question.program) == (drawn.prompt, drawn.program)
            assert question.general == drawn.explanation
            check_answers(item, question)


def check_answers(item: Item, question: GiftQuestion) -> None:
    """The key, by the form that the question has got."""
    found = {answer.text: (answer.percent, answer.feedback) for answer in question.answers}
    assert len(found) == len(question.answers)
    wrong = {option.text: option.why for option in item.wrong}
    match item.form:
        case Form.CHOICE:
            assert question.kind == "multichoice"
            assert found == dict.fromkeys(item.drawn.right, (100, "")) | {t: (0, why) for t, why in wrong.items()}
        case Form.CHOICES:
            assert question.kind == "multichoice with several"
            assert {text for text, (percent, _) in found.items() if percent > 0} == set(item.drawn.right)
            assert sum(percent for percent, _ in found.values() if percent > 0) == pytest.approx(100, abs=1e-3)
            assert {text: told for text, told in found.items() if told[0] <= 0} == {
                text: (-100, why) for text, why in wrong.items()
            }
        case Form.TEXT:
            assert question.kind == "shortanswer"
            assert found == dict.fromkeys(item.right, (100, "")) | {t: (0, why) for t, why in wrong.items()}
            assert set(item.drawn.right) <= set(item.right) or item.drawn.question.kind is not Kind.SHORT
        case Form.ORDER if question.kind == "match":
            assert question.pairs == [(str(n), step) for n, step in enumerate(item.drawn.right, 1)]
        case Form.ORDER:
            choice = as_choice(item)
            assert choice is not None
            assert found == {o.text: (100 if o.is_right else 0, o.why) for o in choice.options}
        case Form.NUMBER:
            assert question.kind == "numerical"
            check_numbers(item, question)


def check_numbers(item: Item, question: GiftQuestion) -> None:
    """The right number or interval, then each foreseen wrong one, within the question's tolerance."""
    drawn, tolerance = item.drawn, item.drawn.question.tolerance
    right, *others = question.answers
    if drawn.interval is not None:
        check_interval(drawn.interval, right.text)
    else:
        assert drawn.number is not None
        others = question.answers
    numbers = drawn.numbers if drawn.interval else ((drawn.number or 0.0, ""), *drawn.numbers)
    for (number, why), answer in zip(numbers, others, strict=True):
        middle, margin = map(float, answer.text.split(":"))
        assert is_close(middle, number, 0)
        assert margin == tolerance or (tolerance == 0 and margin == pytest.approx(abs(number) * 1e-9))
        assert answer.feedback == why
        assert answer.percent == (0 if why else 100)


def check_interval(interval: Interval, text: str) -> None:
    low, high = map(float, text.split(".."))
    assert interval.holds(low)
    assert interval.holds(high)
    assert (low, high) == pytest.approx((interval.low, interval.high))


@given(texts, texts, texts, texts, texts)
def test_any_text_of_a_choice_survives(prompt: str, right: str, wrong: str, why: str, explanation: str) -> None:
    """Signs of GIFT, of HTML and of LaTeX, and line breaks."""
    (question,), _ = read(drawn_question(Kind.SINGLE, prompt, (right,), [(wrong, why)], explanation))
    assert (question.kind, question.prompt, question.general) == ("multichoice", lines(prompt), lines(explanation))
    told = {(a.text, a.percent, a.feedback) for a in question.answers}
    assert told == {(lines(right), 100, ""), (lines(wrong), 0, lines(why))}


@given(texts, texts, texts, texts)
def test_any_typed_text_survives_or_is_named(program: str, right: str, wrong: str, why: str) -> None:
    """`->` and `&&` have no writing in a typed answer of GIFT."""
    questions, losses = read(drawn_question(Kind.SHORT, program, (right,), [(wrong, why)], why))
    lost = [text for text in (right, wrong) if "->" in text or "&&" in text]
    assert any(sentence.startswith("an accepted writing") for sentence in losses) == bool(lost)
    if right in lost:
        assert questions == []
        assert any(sentence.startswith("left out") for sentence in losses)
        return
    told = [(a.text, a.percent, a.feedback) for a in questions[0].answers]
    assert told[0] == (squeezed(right), 100, "")
    assert told[1:] == ([] if wrong in lost else [(squeezed(wrong), 0, lines(why))])


@given(texts, texts, texts, texts)
def test_any_step_survives(prompt: str, one: str, two: str, three: str) -> None:
    """Steps are matched with their places."""
    steps = (f"a{one}", f"b{two}", f"c{three}")
    (question,), _ = read(drawn_question(Kind.ORDER, prompt, steps, [], prompt))
    assert question.pairs == [(str(n), lines(step)) for n, step in enumerate(steps, 1)]


def test_a_program_keeps_its_lines(tmp_path: Path) -> None:
    """And its braces, which GIFT would read as an answer."""
    (question,), _ = read_text(tmp_path, CODE)
    assert question.program.startswith("import numpy as np\nprint(np.array([0.")
    assert '"{}".format(1))' in question.program


def test_variants_lie_in_a_category_of_their_own(tmp_path: Path) -> None:
    """A Moodle quiz draws one question at random from a category."""
    questions, _ = read_text(tmp_path, SINGLE + MULTIPLE + NUMERIC, 2)
    assert [(question.category, question.name) for question in questions] == [
        ("course/01_first/step", "step-1"),
        ("course/01_first/step", "step-2"),
        ("course/01_first", "range"),
        ("course/01_first/iterations", "iterations-1"),
        ("course/01_first/iterations", "iterations-2"),
    ]
    questions, _ = read_text(tmp_path, SINGLE + MULTIPLE)
    assert [question.category for question in questions] == ["course/01_first"] * 2


def test_shares_are_percentages_that_moodle_knows(tmp_path: Path) -> None:
    """A third has five decimals; with more than ten right options there is none."""
    options = [f'"right {n}"' for n in range(11)]
    for count, percent in ((3, 33.33333), (6, 16.66667), (7, 14.28571), (9, 11.11111), (10, 10.0)):
        text = MULTIPLE.replace('"sigmoid is below 1", "ReLU has no limit"', ", ".join(options[:count]))
        (question,), _ = read_text(tmp_path, text)
        assert {answer.percent for answer in question.answers} == {percent, -100}
    text = MULTIPLE.replace('"sigmoid is below 1", "ReLU has no limit"', ", ".join(options))
    questions, losses = read_text(tmp_path, text)
    assert (questions, losses) == ([], {"left out: GIFT has no form for it": ["range"]})


def test_an_open_end_is_moved_and_said(tmp_path: Path) -> None:
    """Moodle's intervals have their ends."""
    (question,), losses = read_text(tmp_path, INTERVAL)
    low, high = question.answers[0].text.split("..")
    assert Decimal(-1) < Decimal(low) < Decimal("-0.99999")
    assert high == "-0.5"
    assert ["theta"] in losses.values()


def test_what_has_no_finite_number_is_named(tmp_path: Path) -> None:
    """A sentence, or the whole question."""
    questions, losses = read_text(tmp_path, NUMERIC.replace('"n * b"', '"-inf"'))
    assert len(questions[0].answers) == 1
    assert any("infinite" in sentence for sentence in losses)
    for text in (NUMERIC.replace("ceil(n / b)", "inf"), INTERVAL.replace("-0.5]", "inf)")):
        questions, losses = read_text(tmp_path, text)
        assert (questions, list(losses)) == ([], ["left out: GIFT has no form for it"])


def test_an_order_with_several_right_ones_is_a_choice(tmp_path: Path) -> None:
    """A matching question would call the others wrong."""
    (question,), losses = read_text(tmp_path, ORDER)
    assert question.kind == "multichoice"
    assert [a.text for a in question.answers if a.percent == 100] == ["NAND -> OR -> AND of both"]
    assert [(a.text, a.feedback) for a in question.answers if a.percent == 0] == [
        ("NAND -> AND of both -> OR", '"AND of both" does not come at place 2.')
    ]
    assert ["xor"] in losses.values()
    both = ORDER.replace(', "AND of both"', "").replace("[2, 1, 3]", "[2, 1]")
    assert read_text(tmp_path, both)[0] == []


def test_a_word_that_looks_like_a_sign_of_moodle_is_a_word(tmp_path: Path) -> None:
    """A format, a weight, a joker."""
    text = SHORT.replace('"bias", "bias term"', '"[html] bias", "%50%bias", "b*", "[0. 1.]"')
    (question,), _ = read_text(tmp_path, text)
    assert [a.text for a in question.answers if a.percent == 100] == ["[html] bias", "%50%bias", "b*", "[0. 1.]"]
