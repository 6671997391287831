"""A question drawn for one learner: numbers, options in their order, and the key. Runs in: every trusted process."""

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from grader.errors import CourseError
from grader.quiz.bank import Interval, Kind, Question
from grader.quiz.template import Scope, computed, filled, number_of

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Option(Struct, frozen=True):
    """One line to choose, or one step to order. `place`: of a step, in the right order."""

    text: str
    is_right: bool
    why: str = ""
    place: int = 0


class Drawn(Struct, frozen=True):
    """What a learner sees and what is right, all names filled in. Which fields count depends on the kind."""

    question: Question
    values: dict[str, Any]
    prompt: str
    program: str  # what a `code` question shows
    explanation: str
    options: tuple[Option, ...]  # in the order in which they are shown
    right: tuple[str, ...]  # accepted texts; what a program prints
    number: float | None
    numbers: tuple[tuple[float, str], ...]  # foreseen wrong numbers, each with its sentence
    shape: tuple[int, ...]

    def drawn_of(self, parameters: Iterable[str]) -> dict[str, str]:
        """What was drawn for these names, as text."""
        return {name: str(self.values[name]) for name in parameters}

    @property
    def interval(self) -> Interval | None:
        return self.question.interval


def draw(question: Question, learner: str, turn: int = 0) -> Drawn:
    """The question for a learner; `turn` counts from 0 how often it was asked before. Raises CourseError."""
    seed = f"{learner}\0{question.id}\0{turn}"
    return with_values(question, scope_of(question).draw(seed), seed)


def scope_of(question: Question, *, with_condition: bool = True) -> Scope:
    """What can be drawn for it, or what could without its condition."""
    return Scope(question.parameters, question.values, question.where if with_condition else "")


def with_values(question: Question, values: dict[str, Any], seed: str) -> Drawn:
    """The question with these values; its options in the order of the seed. Raises CourseError."""
    kind = question.kind
    right = tuple(filled(answer, values) for answer in question.answers)
    is_number = kind is Kind.NUMERIC and question.interval is None
    options = shuffled(list(_options(question, values, right)), seed)
    foreseen = _numbers(question, values) if kind is Kind.NUMERIC else ()
    return Drawn(
        question=question,
        values=values,
        prompt=filled(question.prompt, values),
        program=filled(question.program, values) if kind is Kind.CODE else "",
        explanation=filled(question.explanation, values),
        options=tuple(options),
        right=right,
        number=_number(question, question.answers[0], values) if is_number else None,
        numbers=tuple(foreseen),
        shape=as_shape(right[0], question.id) if kind is Kind.SHAPE else (),
    )


def _options(question: Question, values: dict[str, Any], right: tuple[str, ...]) -> Iterator[Option]:
    if question.kind is Kind.ORDER:
        yield from (Option(text, True, place=place) for place, text in enumerate(right))
        return
    if question.kind in (Kind.SINGLE, Kind.MULTIPLE):
        yield from (Option(text, True) for text in right)
    if question.kind is not Kind.NUMERIC:
        for wrong in question.wrong:
            yield Option(filled(wrong.answer, values), False, filled(wrong.why, values))


def shuffled(options: list[Option], seed: str) -> list[Option]:
    """The options in the order of the seed."""
    places = {id(option): number for number, option in enumerate(options)}
    return sorted(options, key=lambda option: number_of(f"{seed}\0{places[id(option)]}"))


def _numbers(question: Question, values: dict[str, Any]) -> Iterator[tuple[float, str]]:
    for wrong in question.wrong:
        yield _number(question, wrong.answer, values), filled(wrong.why, values)


def _number(question: Question, expression: str, values: dict[str, Any]) -> float:
    found = computed(expression, values)
    if type(found) not in (int, float):
        raise CourseError(f"{question.id}: {expression!r} gives {found!r}; it must be a number")
    return float(found)


def as_shape(text: str, where: str) -> tuple[int, ...]:
    """The shape that a text like "(5, 10)" says. Raises CourseError."""
    try:
        found = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        found = None
    if type(found) is not tuple or any(type(n) is not int or n < 0 for n in found):
        raise CourseError(f"{where}: {text!r} is no shape; write it as a tuple: (5, 10), (3,) or ()")
    shape: tuple[int, ...] = found
    return shape
