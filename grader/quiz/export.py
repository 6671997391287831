"""Questions drawn for a whole class, as other systems know them. Runs in: command line.

What all formats need: variants instead of each learner's own numbers, and five forms instead of seven kinds. What a
format can't hold as it is, its module says in `Losses`.
"""

import math
import re
from collections.abc import Iterator
from enum import Enum, auto
from itertools import count, islice

from msgspec import Struct, field
from msgspec.structs import replace

from grader.quiz.bank import Interval, Kind, Question, Quiz
from grader.quiz.drawn import LETTERS, Drawn, Option, as_shape, draw
from grader.quiz.marking import mark, shown

TYPED = "typed answers count in their usual writings only (here spaces and brackets may differ)"
_TRIES = 50  # draws for each variant that is wanted; where no new one comes, there is none
_WRONG_ORDERS = 3


class Form(Enum):
    """How a question is answered there."""

    CHOICE = auto()  # one option
    CHOICES = auto()  # every right option and no wrong one
    NUMBER = auto()
    TEXT = auto()  # compared with texts, whatever the case
    ORDER = auto()


_FORMS = {
    Kind.SINGLE: Form.CHOICE,
    Kind.MULTIPLE: Form.CHOICES,
    Kind.NUMERIC: Form.NUMBER,
    Kind.SHORT: Form.TEXT,
    Kind.CODE: Form.TEXT,
    Kind.SHAPE: Form.TEXT,
    Kind.ORDER: Form.ORDER,
}


class Item(Struct, frozen=True):
    """One drawn question.

    `options`: what is offered; for a TEXT, the accepted writings and the foreseen wrong ones; for a NUMBER, the
    foreseen wrong ones, beside what `drawn` says; for an ORDER, the steps in their order.
    """

    drawn: Drawn
    name: str  # the question's id, with a number where there are several variants
    form: Form
    options: tuple[Option, ...]

    @property
    def right(self) -> tuple[str, ...]:
        return tuple(option.text for option in self.options if option.is_right)

    @property
    def wrong(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if not option.is_right)


class DrawnQuiz(Struct, frozen=True):
    """A chapter's quiz for a class. `groups`: the variants of each question."""

    course: str  # id
    chapter: str  # folder
    title: str
    groups: tuple[tuple[Item, ...], ...]


class Losses(Struct):
    """What a format can't hold: a sentence, and the questions that it is about."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, sentence: str, item: Item) -> None:
        questions = self.found.setdefault(sentence, [])
        if item.drawn.question.id not in questions:
            questions.append(item.drawn.question.id)


def draw_class(quiz: Quiz, course: str, title: str, seed: str, variants: int) -> DrawnQuiz:
    """The quiz, drawn by a seed: up to `variants` of each question with parameters. Raises CourseError."""
    groups = tuple(tuple(_variants(question, seed, variants)) for question in quiz.questions)
    return DrawnQuiz(course, quiz.chapter, title, groups)


def _variants(question: Question, seed: str, wanted: int) -> Iterator[Item]:
    if not question.parameters:
        wanted = 1
    draws: dict[str, Drawn] = {}
    for turn in islice(count(), wanted * _TRIES if wanted > 1 else 1):
        drawn = draw(question, seed, turn)
        draws.setdefault(repr(drawn.values), drawn)
        if len(draws) == wanted:
            break
    for number, drawn in enumerate(draws.values(), 1):
        name = question.id if len(draws) == 1 else f"{question.id}-{number}"
        yield Item(drawn, name, _FORMS[question.kind], tuple(_options(drawn)))


def _options(drawn: Drawn) -> Iterator[Option]:
    kind = drawn.question.kind
    if kind in (Kind.SHORT, Kind.CODE, Kind.SHAPE):
        writings: dict[str, str] = {}
        for text in (text.strip() for right in drawn.right for text in _writings(kind, right)):
            writings.setdefault(text.casefold(), text)
        yield from (Option(text, True) for text in writings.values())
    if kind is Kind.NUMERIC:
        tolerance = drawn.question.tolerance
        yield from (Option(shown(number, tolerance), False, why) for number, why in drawn.numbers)
    elif kind is Kind.ORDER:
        yield from sorted(drawn.options, key=lambda option: option.place)
    else:
        yield from drawn.options


def _writings(kind: Kind, text: str) -> list[str]:
    """The usual ways to write one answer, each of which is marked right here."""
    if kind is Kind.SHAPE:
        shape = as_shape(text, text)
        numbers = [str(number) for number in shape]
        bare = [sign.join(numbers) for sign in (", ", ",", " ", "x")] if shape else []
        return [str(shape), str(shape).replace(" ", ""), *bare]
    if kind is Kind.CODE:
        row = " ".join(text.split())
        closer = re.sub(r"(?<=[\[(]) | (?=[\]),])", "", row)
        return [row, closer, re.sub(r", ?", ",", closer), re.sub(r", ?", ", ", closer), closer.replace("] [", "][")]
    return [text]


def as_choice(item: Item) -> Item | None:
    """The question as a choice: between orders, or between a right number and wrong ones. None without a wrong one."""
    match item.form:
        case Form.ORDER:
            right, wrong = " -> ".join(item.right), list(_wrong_orders(item))
        case Form.NUMBER:
            number, wrong = _a_right_number(item.drawn), list(item.wrong or _outside(item.drawn))
            right = shown(number, item.drawn.question.tolerance)
        case _:
            return item
    if not wrong:
        return None
    options = (Option(right, True), *wrong)
    start = len(item.name) % len(options)  # so that the right one is not always the first
    return replace(item, form=Form.CHOICE, options=(*options[start:], *options[:start]))


def _wrong_orders(item: Item) -> Iterator[Option]:
    """Orders in which two neighbours have changed places, each with the sentence on the first step out of place."""
    steps = list(range(len(item.options)))
    swapped = ([*steps[:n], steps[n + 1], steps[n], *steps[n + 2 :]] for n in range(len(steps) - 1))
    letters = {option.place: letter for letter, option in zip(LETTERS, item.drawn.options, strict=False)}
    found = ((order, mark(item.drawn, "".join(letters[place] for place in order))) for order in swapped)
    wrong = ((order, marked.said) for order, marked in found if not marked.right)
    for order, said in islice(wrong, _WRONG_ORDERS):
        yield Option(" -> ".join(item.options[place].text for place in order), False, " ".join(said))


def _a_right_number(drawn: Drawn) -> float:
    if drawn.interval is None:
        assert drawn.number is not None
        return drawn.number
    return (drawn.interval.low + drawn.interval.high) / 2


def _outside(drawn: Drawn) -> Iterator[Option]:
    """Numbers outside an interval for which none was foreseen: a width away from it, and an end that is not in it."""
    interval = drawn.interval
    if interval is None or not is_bounded(interval):
        return
    width = interval.high - interval.low
    for number in (interval.low - width, interval.low, interval.high, interval.high + width):
        if not interval.holds(number):
            yield Option(shown(number, 0.0), False, "This number is not among the right ones.")


def is_bounded(interval: Interval) -> bool:
    """Whether it has two ends."""
    return math.isfinite(interval.low) and math.isfinite(interval.high)
