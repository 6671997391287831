"""A quiz as a release holds it: what is asked, without what is right. Runs in: command line.

A file `quizzes/<chapter>.toml` has no formula: what the author computes of the parameters stands there as it is shown,
a text for each combination of parameters, in the order in which `itertools.product` gives them. Combinations that
can't be drawn are listed by their place. A learner is shown what the true question would show: the same numbers, the
same options. Their order is this file's own, and says nothing.
"""

import itertools
import math
from pathlib import Path
from typing import Any

from msgspec import Struct

from grader.quiz.bank import CHOSEN, Kind, Question
from grader.quiz.drawn import Drawn, Option, shuffled
from grader.quiz.template import Scope, Value, filled
from grader.table import Table

FORMAT = 1
FOLDER = "quizzes"  # of a release


class KeylessQuestion(Struct, frozen=True):
    """One question, not yet drawn."""

    id: str
    kind: Kind
    prompt: str
    options: tuple[str, ...] = ()  # of those that are chosen or put in order
    parameters: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    not_drawn: frozenset[int] = frozenset()
    program: str = ""


class KeylessQuiz(Struct, frozen=True):
    """The questions of one chapter."""

    chapter: str  # folder
    title: str
    questions: tuple[KeylessQuestion, ...]


class _Values(Scope):
    """What can be drawn, where all that is computed stands in a list."""

    def __init__(self, question: KeylessQuestion) -> None:
        super().__init__(question.parameters, (), "")
        combinations = itertools.product(*(values for _, values in question.parameters))
        self._places = {repr(chosen): place for place, chosen in enumerate(combinations)}
        self._question = question

    def _complete(self, drawn: dict[str, Any]) -> dict[str, Any] | None:
        place = self._places[repr(tuple(drawn.values()))]
        if place in self._question.not_drawn:
            return None
        return drawn | {name: values[place] for name, values in self._question.values}


def draw(question: KeylessQuestion, learner: str) -> Drawn:
    """The question for a learner, as it is asked first; nothing in it is right. Raises CourseError."""
    seed = f"{learner}\0{question.id}\0{0}"
    values = _Values(question).draw(seed)
    options = [Option(filled(text, values), is_right=False) for text in question.options]
    return Drawn(
        question=Question(question.id, question.kind, question.prompt, (), (), ""),
        values=values,
        prompt=filled(question.prompt, values),
        program=filled(question.program, values),
        explanation="",
        options=tuple(shuffled(options, seed)),
        right=(),
        number=None,
        numbers=(),
        shape=(),
    )


def learner_of(text: str) -> str:
    """A student's id as questions are drawn by it: neither case nor blanks at its ends make another."""
    return " ".join(text.split()).casefold()


def read_quizzes(root: Path) -> tuple[KeylessQuiz, ...]:
    """The quizzes of the release in this folder, by chapter. Raises CourseError."""
    return tuple(_read(path) for path in sorted((root / FOLDER).glob("*.toml")))


def _read(path: Path) -> KeylessQuiz:
    table = Table.read(path)
    if (found := table.take("format", int)) != FORMAT:
        table.fail("format", f"= {found}", f"this version reads format {FORMAT}; update neurograde")
    title = table.take("title", str)
    questions = tuple(_question(entry) for entry in table.tables("question"))
    table.finish()
    return KeylessQuiz(path.stem, title, questions)


def _question(table: Table) -> KeylessQuestion:
    kind = table.take("type", str)
    if kind not in {one.value for one in Kind}:
        table.fail("type", f"= {kind!r}", "unpack the release again")
    parameters, values = table.table("parameters"), table.table("values")
    question = KeylessQuestion(
        id=table.take("id", str),
        kind=Kind(kind),
        prompt=table.take("prompt", str),
        options=table.texts("options", []),
        parameters=tuple((name, tuple(parameters.take(name, list))) for name in parameters.names_left()),
        values=tuple((name, values.texts(name)) for name in values.names_left()),
        not_drawn=frozenset(table.take("not_drawn", list, [])),
        program=table.take("program", str, ""),
    )
    table.finish()
    combinations = math.prod(len(given) for _, given in question.parameters)
    _refuse(question, combinations, table)
    return question


def _refuse(question: KeylessQuestion, combinations: int, table: Table) -> None:
    if any(len(values) != combinations for _, values in question.values):
        table.fail("values", "don't fit the parameters", "unpack the release again")
    if question.kind in CHOSEN and not question.options:
        table.fail("options", "are missing", "unpack the release again")
