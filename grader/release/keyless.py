"""Take the key out of a quiz: what `grader.quiz.keyless` reads. Runs in: command line.

What goes: which option is right, what is accepted, explanations, sentences about wrong answers, programs that prove a
key, conditions and formulas. What of the formulas is shown (`{hidden:.3f}` in an option) goes out as the texts that are
shown, under names that say nothing. Options stand in an order that depends on their texts alone.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Any

from grader.quiz.bank import CHOSEN, Kind, Question, Quiz
from grader.quiz.drawn import scope_of
from grader.quiz.keyless import FORMAT, KeylessQuestion
from grader.quiz.template import filled, names_in, number_of
from grader.release.toml import to_toml

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)(?::[^{}]*)?\}")


def keyless_file(quiz: Quiz, title: str) -> str:
    """The text of a chapter's file. Raises CourseError where a formula can't be computed."""
    questions = [_as_data(keyless(question)) for question in quiz.questions]
    head = "# The questions of a chapter. Answers and explanations are not here; `grade quiz` asks.\n"
    return head + to_toml({"format": FORMAT, "title": title, "question": questions})


def keyless(question: Question) -> KeylessQuestion:
    """The question without its key. Raises CourseError."""
    program = question.program if question.kind is Kind.CODE else ""
    texts = [question.prompt, program, *_options(question)]
    parameters = {name for name, _ in question.parameters}
    computed = {name for name, _ in question.values}
    shown = dict.fromkeys(n[0] for text in texts for n in _PLACEHOLDER.finditer(text) if n[1] in computed)
    renamed = dict(zip(shown, _free_names(texts, parameters), strict=False))
    texts = [_PLACEHOLDER.sub(lambda n: f"{{{renamed[n[0]]}}}" if n[0] in renamed else n[0], text) for text in texts]
    draws = list(_draws(question))
    return KeylessQuestion(
        id=question.id,
        kind=question.kind,
        prompt=texts[0],
        options=tuple(texts[2:]),
        parameters=question.parameters,
        values=tuple((new, tuple(filled(old, draw) for draw, _ in draws)) for old, new in renamed.items()),
        not_drawn=frozenset(place for place, (_, is_drawn) in enumerate(draws) if not is_drawn),
        program=texts[1],
    )


def _options(question: Question) -> list[str]:
    """All that there is to choose, in an order that tells nothing."""
    if question.kind not in CHOSEN:
        return []
    texts = [*question.answers, *(wrong.answer for wrong in question.wrong)]
    return sorted(texts, key=lambda text: number_of(f"{question.id}\0{text}"))


def _free_names(texts: list[str], parameters: set[str]) -> Iterator[str]:
    taken = parameters.union(*map(names_in, texts))
    return (name for name in (f"v{number}" for number in itertools.count(1)) if name not in taken)


def _draws(question: Question) -> Iterator[tuple[dict[str, Any], bool]]:
    """Every combination of parameters with what is computed of it, and whether it can be drawn."""
    drawn = [repr([draw[name] for name, _ in question.parameters]) for draw in scope_of(question).every()]
    for draw in scope_of(question, with_condition=False).every():
        yield draw, repr([draw[name] for name, _ in question.parameters]) in drawn


def _as_data(question: KeylessQuestion) -> dict[str, Any]:
    data: dict[str, Any] = {"id": question.id, "type": question.kind.value, "prompt": question.prompt}
    if question.options:
        data["options"] = question.options
    if question.program:
        data["program"] = question.program
    if question.parameters:
        data["parameters"] = dict(question.parameters)
    if question.values:
        data["values"] = dict(question.values)
    if question.not_drawn:
        data["not_drawn"] = sorted(question.not_drawn)
    return data
