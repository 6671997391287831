"""A quiz as a QTI 1.2 package for Canvas, written by `text2qti`. Runs in: command line.

The library reads Markdown in its own frame of lines. We hand it HTML in which every sign of Markdown is a character
reference, each text on one line, so that nothing of a text is taken for markup. Canvas rounds typed numbers to four
decimals: a number question keeps its key if all numbers of four decimals are judged there as here.
"""

import io
import math
import re
import string
import zipfile
from collections.abc import Callable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from grader.errors import ExportError
from grader.quiz.drawn import Drawn
from grader.quiz.export import TYPED, DrawnQuiz, Form, Item, Losses, as_choice
from grader.quiz.marking import is_close

_DATE = "2020-01-01"  # written instead of today's, so that equal questions make equal bytes
_TIME = (2020, 1, 1, 0, 0, 0)
_PLACE = Decimal("0.0001")  # Canvas's last decimal, and the least size of a number that text2qti takes
_SLACK = 1e-9  # of its own size, so that an end that is right counts, whatever its last bit
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCES = {ord(sign): f"&#{ord(sign)};" for sign in string.punctuation}

_ORDERS = "as a choice between orders; text2qti has no question for one"
_NUMBERS = "as a choice between numbers; Canvas rounds to four decimals, and text2qti takes none below 0.0001, nor 0"
_SENTENCES = "the sentences for wrong typed answers are shown together; QTI has one text for all"
_NOT = "left out: QTI has no form for it"


def qti(quiz: DrawnQuiz, losses: Losses) -> bytes:
    """The zip to import. Raises ExportError where `text2qti` is not installed or refuses a question."""
    try:
        from text2qti.config import Config
        from text2qti.err import Text2qtiError
        from text2qti.qti import QTI
        from text2qti.quiz import Quiz
    except ImportError:
        raise ExportError.missing("qti", "text2qti") from None
    try:
        groups = list(_groups(quiz, losses))
        read = Quiz("\n".join(_source(quiz.title, groups)), config=Config())
        read.points_possible = len(groups)  # text2qti 0.8 counts a group, and each of its questions again
        package = QTI(read)
    except Text2qtiError as error:
        raise ExportError(f"{quiz.chapter}: text2qti refuses the quiz: {error}; mend the question") from None
    return _fixed(package.zip_bytes())


def _fixed(data: bytes) -> bytes:
    """The same package without the time at which it was made, and without what a compressor's version decides."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "imsmanifest.xml":
                content = re.sub(rb"(?<=<imsmd:dateTime>)[^<]*", _DATE.encode(), content)
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = 3  # Unix, wherever it is written
            new.writestr(entry, content)
    return made.getvalue()


def _groups(quiz: DrawnQuiz, losses: Losses) -> Iterator[list[list[str]]]:
    """The lines of the variants of each question that can be asked there."""
    seen: set[str] = set()
    for group in quiz.groups:
        if found := [lines for item in group if (lines := _question(item, seen, losses))]:
            yield found


def _source(title: str, groups: list[list[list[str]]]) -> Iterator[str]:
    """The lines that text2qti reads."""
    yield f"Quiz title: {_row(title)}"
    yield "Shuffle answers: true"
    for group in groups:
        if len(group) > 1:
            yield from ("", "GROUP", "pick: 1", "points per question: 1")
        for question in group:
            yield from ("", *question)
        if len(group) > 1:
            yield from ("", "END_GROUP")


def _question(item: Item, seen: set[str], losses: Losses) -> list[str] | None:
    """The lines of one question; None where it can't be asked there. `seen`: the prompts so far."""
    number = _number(item) if item.form is Form.NUMBER else ""
    if item.form is Form.ORDER or number is None:
        losses.add(_ORDERS if item.form is Form.ORDER else _NUMBERS, item)
        choice = as_choice(item)
        if choice is None:
            losses.add(_NOT, item)
            return None
        item = choice
    prompt = _prompt(item)
    while prompt in seen:  # text2qti refuses a second question of the same text
        prompt += "<p></p>"
    seen.add(prompt)
    lines = [f"Title: {item.name}", f"1. {prompt}", f"... {_html(item.drawn.explanation)}"]
    match item.form:
        case Form.NUMBER:
            return [*lines, *_on_wrong(item, losses), f"= {number}"]
        case Form.TEXT:
            if len(item.right) > len(item.drawn.right):
                losses.add(TYPED, item)
            return [*lines, *_on_wrong(item, losses), *(f"* {_row(text)}" for text in item.right)]
        case _:
            return [*lines, *_choices(item)]


def _choices(item: Item) -> Iterator[str]:
    right, wrong = ("[*]", "[ ]") if item.form is Form.CHOICES else ("*a)", "a)")
    for option in item.options:
        yield f"{right if option.is_right else wrong} {_html(option.text)}"
        if option.why:
            yield f"... {_html(option.why)}"


def _on_wrong(item: Item, losses: Losses) -> list[str]:
    """The sentences for the foreseen wrong answers, in the one place for all."""
    if not item.wrong:
        return []
    losses.add(_SENTENCES, item)
    return ["- " + "<br>".join(f"{_html(option.text)}: {_html(option.why)}" for option in item.wrong)]


def _number(item: Item) -> str | None:
    """The numbers of four decimals that are right, as text2qti reads them; None where it or Canvas can't have them."""
    low, high, holds = _ends(item.drawn)
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    least, most = (
        Decimal(repr(low)).quantize(_PLACE, ROUND_CEILING),
        Decimal(repr(high)).quantize(_PLACE, ROUND_FLOOR),
    )
    least += 0 if holds(float(least)) else _PLACE
    most -= 0 if holds(float(most)) else _PLACE
    if least > most or min(abs(least), abs(most)) < _PLACE:
        return None
    if least < most:
        return f"[{least:f}, {most:f}]"
    return f"{int(least)}" if least == int(least) else f"{least:f} +- 0"


def _ends(drawn: Drawn) -> tuple[float, float, Callable[[float], bool]]:
    """The least and the largest right number, and what says whether one is right."""
    if drawn.interval is not None:
        return drawn.interval.low, drawn.interval.high, drawn.interval.holds
    number, tolerance = drawn.number, drawn.question.tolerance
    assert number is not None

    def holds(other: float) -> bool:
        return is_close(other, number, tolerance)

    if not tolerance:
        return round(number, 4), round(number, 4), holds
    margin = tolerance + _SLACK * abs(number)
    return number - margin, number + margin, holds


def _prompt(item: Item) -> str:
    program = _referenced(item.drawn.program).replace("\n", "&#10;")
    return f"<p>{_html(item.drawn.prompt)}</p>" + (f"<pre>{program}</pre>" if program else "")


def _html(text: str) -> str:
    return re.sub(r"\r\n?|\n", "<br>", _referenced(text))


def _referenced(text: str) -> str:
    """A text in which every sign is a character reference."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text).translate(_REFERENCES)


def _row(text: str) -> str:
    """Plain text on one line."""
    return " ".join(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text).split())
