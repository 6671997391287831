"""The questions of a chapter, read from its `quiz.toml`. Runs in: every trusted process.

A question's texts may hold `{name}` for a parameter that is drawn per learner, or for a value computed from parameters;
`{name:.3f}` formats it. In a program, other names in braces are Python's own. What no question may be, is said with the
file, the question, the key and the remedy.
"""

import math
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from msgspec import Struct

from grader.course import Course, read_sources
from grader.errors import CourseError
from grader.quiz.template import names_in
from grader.table import Table

FORMAT = 1
FILE = "quiz.toml"  # in a chapter's folder
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PARAMETER = re.compile(r"[A-Za-z_]\w*")
_LEAST_WRONG = {"single": 2, "multiple": 1}


class Kind(Enum):
    """The types of questions."""

    SINGLE = "single"  # one option
    MULTIPLE = "multiple"  # every right option and no wrong one
    NUMERIC = "numeric"  # a number, within a tolerance or an interval
    SHORT = "short"  # a word or two
    ORDER = "order"  # all steps in their order
    CODE = "code"  # what a program prints
    SHAPE = "shape"  # an array's shape


CHOSEN = (Kind.SINGLE, Kind.MULTIPLE, Kind.ORDER)  # answered by letters of options


class Distractor(Struct, frozen=True):
    """A wrong answer that is foreseen, and the sentence for who gives it."""

    answer: str
    why: str


class Interval(Struct, frozen=True):
    """The numbers from `low` to `high`; whether each end belongs to it."""

    low: float
    high: float
    with_low: bool
    with_high: bool

    def holds(self, number: float) -> bool:
        above = number >= self.low if self.with_low else number > self.low
        return above and (number <= self.high if self.with_high else number < self.high)


class Question(Struct, frozen=True):
    """One question, not yet drawn: texts are templates. Which of `answers` are used depends on the kind."""

    id: str
    kind: Kind
    prompt: str
    answers: tuple[str, ...]  # the right one; all right options; accepted words; the steps in order
    wrong: tuple[Distractor, ...]
    explanation: str
    sources: tuple[str, ...] = ()  # topics of source texts
    parameters: tuple[tuple[str, tuple[int | float | str, ...]], ...] = ()
    values: tuple[tuple[str, str], ...] = ()  # name and Python expression
    where: str = ""  # an expression that a draw must fulfil
    program: str = ""
    tolerance: float = 0.0
    interval: Interval | None = None
    other_orders: tuple[tuple[int, ...], ...] = ()  # further right orders, by the places in `answers`


class Quiz(Struct, frozen=True):
    """The questions of one chapter, in the order in which they are asked."""

    chapter: str  # folder
    questions: tuple[Question, ...]

    def find(self, question: str) -> Question | None:
        return next((q for q in self.questions if q.id == question), None)


def quizzes(course: Course) -> tuple[Quiz, ...]:
    """The quizzes of all chapters that have one. Raises CourseError, also where two questions share an id."""
    found: list[Quiz] = []
    for chapter in course.chapters:
        path = course.root / "exercises" / chapter.folder / FILE
        if not path.is_file():
            continue
        quiz = read_quiz(path, chapter.folder)
        for question in quiz.questions:
            if any(other.find(question.id) for other in found):
                where = f"{chapter.folder}/{FILE}: {question.id}"
                raise CourseError(f"{where}: id belongs to a question of another chapter; choose another")
        found.append(quiz)
    return tuple(found)


def read_quiz(path: Path, chapter: str) -> Quiz:
    """The quiz of a chapter. Raises CourseError with file, question, key and remedy."""
    table = Table.read(path)
    if (found := table.take("format", int)) != FORMAT:
        table.fail("format", f"= {found}", f"this version reads format {FORMAT}; update neurograde")
    where = table.where
    questions: list[Question] = []
    for entry in table.tables("question"):
        name = entry.take("id", str)
        if not _ID.fullmatch(name):
            entry.fail("id", f"= {name!r}", "use lower-case words joined by hyphens")
        if any(question.id == name for question in questions):
            entry.fail("id", f"= {name!r} belongs to two questions", "give each its own")
        entry.where = f"{where}: {name}"
        questions.append(_read_question(name, entry))
    table.finish()
    if not questions:
        table.fail("question", "is an empty list", "add questions, or remove the file")
    return Quiz(chapter, tuple(questions))


def _read_question(name: str, table: Table) -> Question:
    kind = _kind(table)
    interval = table.take("interval", str, "") if kind is Kind.NUMERIC else ""
    question = Question(
        id=name,
        kind=kind,
        prompt=_text(table, "prompt"),
        answers=_answers(table, kind),
        wrong=tuple(_distractors(table, kind)),
        explanation=_text(table, "explanation"),
        sources=read_sources(table),
        parameters=tuple(_parameters(table.table("parameters"))),
        values=tuple(_values(table.table("values"))),
        where=table.take("where", str, ""),
        program=table.take("program", str, "").strip("\n"),
        tolerance=table.take("tolerance", float, 0.0) if kind is Kind.NUMERIC else 0.0,
        interval=_interval(table, interval) if interval else None,
        other_orders=tuple(_orders(table)) if kind is Kind.ORDER else (),
    )
    table.finish()
    _refuse(question, table)
    return question


def _kind(table: Table) -> Kind:
    found = table.take("type", str)
    try:
        return Kind(found)
    except ValueError:
        table.fail("type", f"= {found!r}", f"use one of {', '.join(kind.value for kind in Kind)}")
    raise AssertionError


def _text(table: Table, key: str) -> str:
    text = table.take(key, str).strip()
    if not text:
        table.fail(key, "is empty", "write the sentence for the learner")
    return text


def _answers(table: Table, kind: Kind) -> tuple[str, ...]:
    key = {Kind.MULTIPLE: "answers", Kind.SHORT: "accepted", Kind.ORDER: "steps"}.get(kind, "answer")
    return table.texts(key) if key != "answer" else (_text(table, key),)


def _distractors(table: Table, kind: Kind) -> Iterator[Distractor]:
    entries = table.tables("wrong", [])
    if entries and kind is Kind.ORDER:
        table.fail("wrong", "is of no use for the type order", "remove it; the step out of place is told anyway")
    if len(entries) < _LEAST_WRONG.get(kind.value, 0):
        table.fail("wrong", f"holds {len(entries)} options", f"add {_LEAST_WRONG[kind.value]} or more")
    for entry in entries:
        yield Distractor(_text(entry, "answer"), _text(entry, "why"))
        entry.finish()


def _parameters(table: Table) -> Iterator[tuple[str, tuple[int | float | str, ...]]]:
    for name in table.names_left():
        values = table.take(name, list)
        if not _PARAMETER.fullmatch(name):
            table.fail(name, "is no name", "use letters, digits and underscores")
        if len(values) < 2 or len(set(map(repr, values))) < len(values):  # noqa: PLR2004
            table.fail(name, f"= {values!r}", "list two or more different values")
        if any(type(value) not in (int, float, str) for value in values):
            table.fail(name, f"= {values!r}", "use numbers or texts")
        yield name, tuple(values)


def _values(table: Table) -> Iterator[tuple[str, str]]:
    for name in table.names_left():
        yield name, _text(table, name)


def _interval(table: Table, text: str) -> Interval:
    found = re.fullmatch(r"([\[(])\s*(\S+)\s*,\s*(\S+)\s*([\])])", text)
    try:
        assert found is not None
        low, high = float(found[2]), float(found[3])
        assert low < high
    except (AssertionError, ValueError):
        table.fail("interval", f"= {text!r}", "write it as (-1, -0.5]: round where an end does not belong to it")
        raise
    return Interval(low, high, found[1] == "[", found[4] == "]")


def _orders(table: Table) -> Iterator[tuple[int, ...]]:
    for order in table.take("other_orders", list, []):
        if type(order) is not list or any(type(place) is not int for place in order):
            table.fail("other_orders", f"holds {order!r}", "list the places of the steps, as [2, 1, 3]")
        yield tuple(place - 1 for place in order)


def _refuse(question: Question, table: Table) -> None:
    """What every key allows and no question can be."""
    if question.kind is Kind.CODE and not question.program:
        table.fail("program", "is missing", "give the program that prints the answer")
    if question.kind in (Kind.NUMERIC, Kind.SHAPE) and not question.program:
        table.fail("program", "is missing", "give the NumPy program that leaves the answer in `answer`")
    if not 0 <= question.tolerance < math.inf:
        table.fail("tolerance", f"= {question.tolerance:g}", "use 0 or more")
    options = [*question.answers, *(wrong.answer for wrong in question.wrong)]
    doubled = sorted({option for option in options if options.count(option) > 1})
    if doubled:
        table.fail("wrong", f"and the answers both hold {doubled[0]!r}", "make all options differ")
    if question.kind is Kind.ORDER and len(question.answers) < 2:  # noqa: PLR2004
        table.fail("steps", f"= {list(question.answers)}", "list two or more")
    if any(sorted(order) != list(range(len(question.answers))) for order in question.other_orders):
        table.fail("other_orders", "leaves out or repeats a step", "name each place once")
    _refuse_names(question, table)


def _refuse_names(question: Question, table: Table) -> None:
    """Names in texts that nothing defines; parameters and values that nothing uses."""
    known = [name for name, _ in (*question.parameters, *question.values)]
    for name in known:
        if known.count(name) > 1:
            table.fail("values", f"and parameters both define {name}", "rename one")
    texts = [question.prompt, question.explanation, *question.answers]
    texts += [part for wrong in question.wrong for part in (wrong.answer, wrong.why)]
    used = {name for text in texts for name in names_in(text)}
    if unknown := sorted(used - set(known)):
        table.fail(f"{{{unknown[0]}}}", "is no parameter and no value", "define it, or write it without braces")
    formulas = [*(formula for _, formula in question.values), question.where, question.program]
    if question.kind is Kind.NUMERIC:
        formulas += [*question.answers, *(wrong.answer for wrong in question.wrong)]
    idle = [n for n in known if n not in used and not re.search(rf"\b{n}\b", " ".join(formulas))]
    if idle:
        table.fail(idle[0], "is used nowhere", "use it, or remove it")
