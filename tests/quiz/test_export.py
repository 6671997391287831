"""What all exports share: variants, accepted writings, and questions put as choices. Marked as learners are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.quiz.bank import Kind
from grader.quiz.drawn import LETTERS, scope_of
from grader.quiz.export import Form, Item, Losses, as_choice, draw_class
from grader.quiz.marking import mark

from .exported import BANKS, drawn_course
from .questions import CODE, INTERVAL, NUMERIC, ORDER, SHAPE, SHORT, SINGLE, quiz_of

_TYPED = (Kind.SHORT, Kind.CODE, Kind.SHAPE)


def items_of(folder: Path, text: str, variants: int = 1) -> tuple[Item, ...]:
    (group,) = draw_class(quiz_of(folder, text), "course", "Title", "class", variants).groups
    return group


def all_items(variants: int) -> Iterator[Item]:
    return (item for quiz in drawn_course(variants) for group in quiz.groups for item in group)


def line_of(item: Item, text: str) -> str:
    """What a learner would type to give this answer."""
    if item.drawn.question.kind is Kind.ORDER:
        letters = {option.text: letter for letter, option in zip(LETTERS, item.drawn.options, strict=False)}
        return "".join(letters[step] for step in text.split(" -> "))
    return text


def test_every_question_has_as_many_variants_as_it_can_have(tmp_path: Path) -> None:
    """All different; one without parameters has one."""
    assert [len(items_of(tmp_path, text, 100)) for text in (SINGLE, NUMERIC, SHAPE, SHORT)] == [3, 3, 4, 1]
    for bank in BANKS:
        for group in draw_class(bank, "course", "Title", "class", 3).groups:
            question = group[0].drawn.question
            draws = len({repr(values) for values in scope_of(question).every()})
            assert len(group) == len({repr(item.drawn.values) for item in group}) == min(draws, 3)


def test_variants_are_numbered(tmp_path: Path) -> None:
    """And a single one is not."""
    assert [item.name for item in items_of(tmp_path, SINGLE, 3)] == ["step-1", "step-2", "step-3"]
    assert [item.name for item in items_of(tmp_path, SINGLE)] == ["step"]


def test_a_seed_gives_the_same_draws_and_another_gives_others() -> None:
    """Written down nowhere but in the seed."""
    one, again, other = (draw_class(BANKS[0], "course", "Title", seed, 2) for seed in ("a", "a", "b"))
    assert one == again
    assert one != other


def test_every_exported_answer_is_marked_here_as_it_will_be_there() -> None:
    """Accepted writings are right, foreseen wrong answers are wrong and have their sentence."""
    typed = [item for item in all_items(4) if item.drawn.question.kind in (*_TYPED, Kind.NUMERIC)]
    assert len(typed) > 250
    for item in typed:
        assert [text for text in item.right if not mark(item.drawn, text).right] == [], item.name
        assert all(mark(item.drawn, wrong.text).said == (wrong.why,) for wrong in item.wrong), item.name


def test_every_choice_that_stands_for_another_form_has_one_right_option() -> None:
    """Orders and numbers, as marked here."""
    items = [item for item in all_items(2) if item.form in (Form.ORDER, Form.NUMBER)]
    for item in items:
        choice = as_choice(item)
        assert choice is not None, item.name
        verdicts = [(mark(item.drawn, line_of(item, option.text)).right, option.is_right) for option in choice.options]
        assert sorted(verdicts) == [*[(False, False)] * (len(verdicts) - 1), (True, True)], item.name
        assert all(option.why for option in choice.wrong), item.name


def test_an_order_of_which_all_are_right_is_no_choice(tmp_path: Path) -> None:
    """Nothing could be chosen wrongly."""
    text = ORDER.replace('["NAND", "OR", "AND of both"]', '["NAND", "OR"]').replace("[2, 1, 3]", "[2, 1]")
    (item,) = items_of(tmp_path, text)
    assert as_choice(item) is None


def test_an_interval_becomes_a_choice_between_numbers(tmp_path: Path) -> None:
    """One inside; outside, both sides and the end that does not belong to it."""
    (item,) = items_of(tmp_path, INTERVAL)
    choice = as_choice(item)
    assert choice is not None
    assert (choice.right, {option.text for option in choice.wrong}) == (("-0.75",), {"-1.5", "-1", "0"})
    (endless,) = items_of(tmp_path, INTERVAL.replace("(-1, -0.5]", "(-1, inf)"))
    assert as_choice(endless) is None


@pytest.mark.parametrize(
    ("text", "old", "new", "writings"),
    [
        (SHORT, "", "", ("bias", "bias term")),
        (CODE, "[ {x} -0.5] 1", "[ 1 -2] (3,4) [5]", ("[ 1 -2] (3,4) [5]", "[1 -2] (3,4) [5]", "[1 -2] (3, 4) [5]")),
        (CODE, "[ {x} -0.5] 1", "[[1] [2]]", ("[[1] [2]]", "[[1][2]]")),
        (SHAPE, "({N}, 4)", "(3,)", ("(3,)", "3")),
        (SHAPE, "({N}, 4)", "()", ("()",)),
        (SHAPE, "({N}, 4)", "(3, 4)", ("(3, 4)", "(3,4)", "3, 4", "3,4", "3 4", "3x4")),
    ],
)
def test_typed_answers_have_their_usual_writings(
    tmp_path: Path, text: str, old: str, new: str, writings: tuple[str, ...]
) -> None:
    """The one that the author wrote comes first."""
    (item,) = items_of(tmp_path, text.replace(f'answer = "{old}"\n', f'answer = "{new}"\n'))
    assert item.right == writings


def test_a_loss_names_each_question_once(tmp_path: Path) -> None:
    """However many variants it has."""
    losses = Losses()
    for item in items_of(tmp_path, SINGLE, 3):
        losses.add("lost", item)
    assert losses.found == {"lost": ["step"]}
