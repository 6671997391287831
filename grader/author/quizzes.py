"""Proof by execution that a quiz is right: its programs are run for every draw. Runs in: command line, a pool.

For each draw, the program of a `numeric` or `shape` question leaves its answer in `answer`, that of a `code` question
prints it; both must say what is keyed. Where an interval is keyed, the program defines `is_right(answer)`. No foreseen
wrong answer may be right, no two options may read alike, and every draw must be answerable.
"""

import contextlib
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from grader.errors import CourseError
from grader.quiz.bank import Interval, Kind, Question, Quiz
from grader.quiz.drawn import LETTERS, Drawn, scope_of, with_values
from grader.quiz.marking import NotAnAnswer, is_close, mark

LEAST_QUESTIONS = 6
MOST_DRAWS = 400  # of one question
_SEEDS = ("one", "two")  # options in two orders


def quiz_findings(quiz: Quiz) -> Iterator[str]:
    """Everything that is wrong with a quiz."""
    where = f"{quiz.chapter}/quiz.toml"
    if len(quiz.questions) < LEAST_QUESTIONS:
        yield f"{where}: {len(quiz.questions)} questions; write {LEAST_QUESTIONS} or more"
    for question in quiz.questions:
        found = dict.fromkeys(_question_findings(question))
        yield from (f"{where}: {question.id}: {finding}" for finding in islice(found, 3))


def _question_findings(question: Question) -> Iterator[str]:
    draws = 0
    try:
        for values in scope_of(question).every():
            if draws == MOST_DRAWS:
                yield f"more than {MOST_DRAWS} draws, which are as many as are proven; list fewer values"
                break
            draws += 1
            for seed in _SEEDS:
                yield from _draw_findings(with_values(question, values, seed))
    except CourseError as error:
        yield str(error)
    else:
        if draws == 0:
            yield f"where = {question.where!r} is fulfilled by no draw; loosen it"


def _draw_findings(drawn: Drawn) -> Iterator[str]:
    texts = [option.text for option in drawn.options]
    doubled = sorted({text for text in texts if texts.count(text) > 1})
    if doubled:
        yield f"two options read {doubled[0]!r}{_with(drawn)}; make them differ, or exclude the draw by `where`"
        return
    yield from _marking_findings(drawn)
    yield from _program_findings(drawn)


def _with(drawn: Drawn) -> str:
    return " with " + ", ".join(f"{k} = {v!r}" for k, v in drawn.values.items()) if drawn.values else ""


def _marking_findings(drawn: Drawn) -> Iterator[str]:
    """The keyed answer is marked right, and every foreseen wrong one wrong, with its sentence."""
    for line in _right_lines(drawn):
        if not _is_right(drawn, line):
            yield f"the keyed answer {line!r} is marked wrong{_with(drawn)}; mend the key"
    for line, why in _wrong_lines(drawn):
        try:
            marked = mark(drawn, line)
        except NotAnAnswer as error:
            yield f"the wrong answer {line!r} can't be given ({error}){_with(drawn)}; mend it"
            continue
        if marked.right:
            yield f"the wrong answer {line!r} is right, too{_with(drawn)}; change it, or exclude the draw by `where`"
        elif not any(why in said for said in marked.said):
            yield f"the wrong answer {line!r} does not get its sentence{_with(drawn)}; make it differ from the others"


def _letters(drawn: Drawn, *, right: bool) -> list[str]:
    return [letter for letter, option in zip(LETTERS, drawn.options, strict=False) if option.is_right is right]


def _right_lines(drawn: Drawn) -> list[str]:
    match drawn.question.kind:
        case Kind.SINGLE | Kind.MULTIPLE:
            return [" ".join(_letters(drawn, right=True))]
        case Kind.ORDER:
            places = {option.place: letter for letter, option in zip(LETTERS, drawn.options, strict=False)}
            orders = (tuple(range(len(places))), *drawn.question.other_orders)
            return [" ".join(places[place] for place in order) for order in orders]
        case Kind.NUMERIC:
            return [] if drawn.number is None else [repr(drawn.number)]
        case Kind.SHORT | Kind.CODE | Kind.SHAPE:
            return list(drawn.right)


def _wrong_lines(drawn: Drawn) -> Iterator[tuple[str, str]]:
    match drawn.question.kind:
        case Kind.SINGLE | Kind.MULTIPLE:
            for letter, option in zip(LETTERS, drawn.options, strict=False):
                if not option.is_right:
                    yield letter, option.why
        case Kind.NUMERIC:
            yield from ((repr(number), why) for number, why in drawn.numbers)
        case Kind.SHORT | Kind.CODE | Kind.SHAPE:
            yield from ((option.text, option.why) for option in drawn.options)
        case Kind.ORDER:
            return


def _program_findings(drawn: Drawn) -> Iterator[str]:
    question = drawn.question
    if not question.program:
        return
    printed, names = _run(drawn)
    match question.kind:
        case Kind.CODE:
            if not _is_right(drawn, printed):
                yield f"the program prints {printed.strip()!r}, the key says {drawn.right[0]!r}{_with(drawn)}"
        case Kind.NUMERIC if drawn.interval is not None:
            yield from _interval_findings(drawn.interval, names)
        case Kind.NUMERIC:
            found = _as_number(drawn, names.get("answer", np.nan))
            assert drawn.number is not None
            if not is_close(found, drawn.number, question.tolerance):
                yield f"the program finds {found:.12g}, the key says {drawn.number:.12g}{_with(drawn)}"
        case _:
            found_text = str(_plain(names.get("answer")))
            if not _is_right(drawn, _line_of(drawn, found_text)):
                yield f"the program finds {found_text}, the key says {drawn.right[0]!r}{_with(drawn)}"


def _is_right(drawn: Drawn, line: str) -> bool:
    with contextlib.suppress(NotAnAnswer):
        return mark(drawn, line).right
    return False


def _as_number(drawn: Drawn, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        said = f"its program leaves {value!r} in `answer`, which is no number{_with(drawn)}; mend it"
        raise CourseError(said) from None


def _plain(value: Any) -> Any:
    """A shape with Python's own numbers, which NumPy's don't read like."""
    is_shape = isinstance(value, tuple) and all(isinstance(n, int | np.integer) for n in value)
    return tuple(int(n) for n in value) if is_shape else value


def _line_of(drawn: Drawn, text: str) -> str:
    """What a learner would type to give this answer."""
    if drawn.question.kind not in (Kind.SINGLE, Kind.MULTIPLE):
        return text
    found = [letter for letter, option in zip(LETTERS, drawn.options, strict=False) if option.text == text]
    return found[0] if found else text


def _run(drawn: Drawn) -> tuple[str, dict[str, Any]]:
    """What the program prints, and its names afterwards. Raises CourseError."""
    names: dict[str, Any] = {"np": np, **drawn.values}
    source = drawn.program or drawn.question.program
    try:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(source, f"{drawn.question.id}.py", "exec"), names)  # noqa: S102 - the course's own
    except (Exception, SystemExit) as error:
        raise CourseError(f"its program ends with {type(error).__name__}: {error}{_with(drawn)}; mend it") from None
    return printed.getvalue(), names


def _interval_findings(interval: Interval, names: dict[str, Any]) -> Iterator[str]:
    is_right = names.get("is_right")
    if not callable(is_right):
        yield "its program defines no function is_right(answer); define it"
        return
    width = interval.high - interval.low
    tried = [*np.linspace(interval.low - width, interval.high + width, 61), interval.low, interval.high]
    for number in map(float, tried):
        try:
            right = bool(is_right(number))
        except Exception as error:
            raise CourseError(f"is_right ends with {type(error).__name__} for {number:g}: {error}; mend it") from None
        if right != interval.holds(number):
            judged = "right" if right else "wrong"
            yield f"its program calls {number:g} {judged}, and the interval does not; mend the one or the other"
            return
