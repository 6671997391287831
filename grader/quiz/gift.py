"""A quiz as GIFT, the text format of Moodle's question bank. Runs in: command line.

Moodle's reader knows no quotes: it looks for `~ = # { } :` and unescapes `\\~` and the like. All texts are marked
`[html]`, so that `<`, `&` and line breaks mean one thing; what a learner types is compared as plain text. Variants of a
question lie in a category of their own, from which a Moodle quiz draws one at random.
"""

import html
import math
import re
from collections.abc import Iterator
from decimal import Decimal

from grader.quiz.bank import Interval
from grader.quiz.export import TYPED, DrawnQuiz, Form, Item, Losses, as_choice, is_bounded

_RESERVED = re.compile(r"[\\~=#{}:]")
_MARKED = re.compile(r"[\[%]")  # begins a format or a weight
_FULL = 100  # percent
_MOST_SHARES = 10  # Moodle knows the shares 1/1 to 1/10
_FEWEST_PAIRS = 3  # Moodle's matching questions want three
_SLACK = 1e-9  # of its own size for a fraction without a tolerance; of an interval's width for an end outside

_PARTS = "Moodle gives part of the mark for part of the answer (here it is all or nothing)"
_ORDERS = "as a choice between orders, because several are right or there are only two steps"
_OPEN = "an end that does not belong to an interval is moved inwards by a billionth of its width"
_SENTENCE = "the sentence for an infinite wrong answer is left out; Moodle's numbers are finite"
_WRITING = "an accepted writing is left out: GIFT can't say -> or && in a typed answer"
_NOT = "left out: GIFT has no form for it"


def gift(quiz: DrawnQuiz, losses: Losses) -> str:
    """The questions of a quiz, each in its category."""
    lines: list[str] = ["// Questions with their answers: for the teacher."]
    last = ""
    for group in quiz.groups:
        parts = [quiz.course, quiz.chapter, *([group[0].drawn.question.id] if len(group) > 1 else [])]
        category = "/".join(part.replace("/", "//") for part in parts)
        entries = [entry for item in group if (entry := _entry(item, losses))]
        if entries and category != last:
            lines += ["", f"$CATEGORY: {category}"]
            last = category
        for entry in entries:
            lines += ["", entry]
    return "\n".join(lines) + "\n"


def _entry(item: Item, losses: Losses) -> str | None:
    """A question; None where GIFT can't say it."""
    form = item.form
    if form is Form.ORDER and (len(item.options) < _FEWEST_PAIRS or item.drawn.question.other_orders):
        losses.add(_ORDERS, item)
        choice = as_choice(item)
        if choice is None:
            losses.add(_NOT, item)
            return None
        item = choice
    answers = list(_answers(item, losses))
    if not answers:
        losses.add(_NOT, item)
        return None
    program = f"<pre>{_html(item.drawn.program, chr(10))}</pre>" if item.drawn.program else ""
    stem = f"::{_escaped(item.name)}::[html]<p>{_html(item.drawn.prompt)}</p>{program}"
    opened = "{#" if item.form is Form.NUMBER else "{"
    rows = [*answers, f"####{_html(item.drawn.explanation)}"]
    return "\n".join((stem + opened, *(f"\t{row}" for row in rows), "}"))


def _answers(item: Item, losses: Losses) -> Iterator[str]:
    match item.form:
        case Form.CHOICE:
            yield from (f"={_html(text)}" for text in item.right)
            yield from (f"~{_html(wrong.text)}#{_html(wrong.why)}" for wrong in item.wrong)
        case Form.CHOICES:
            yield from _shares(item, losses)
        case Form.ORDER:
            losses.add(_PARTS, item)
            yield from (f"={number} -> {_html(step)}" for number, step in enumerate(item.right, 1))
        case Form.TEXT:
            yield from _typed(item, losses)
        case Form.NUMBER:
            yield from _numbers(item, losses)


def _shares(item: Item, losses: Losses) -> Iterator[str]:
    """Every right option has its share; one wrong option takes all of it away."""
    if len(item.right) > _MOST_SHARES:
        return
    losses.add(_PARTS, item)
    share = f"{_FULL / len(item.right):.5f}".rstrip("0").rstrip(".")
    for option in item.options:
        weight = share if option.is_right else f"-{_FULL}"
        yield f"~%{weight}%{_html(option.text)}" + (f"#{_html(option.why)}" if option.why else "")


def _typed(item: Item, losses: Losses) -> Iterator[str]:
    if len(item.right) > len(item.drawn.right):
        losses.add(TYPED, item)
    rows: list[str] = []
    for option in item.options:
        if "->" in option.text or "&&" in option.text:
            losses.add(_WRITING, item)
            continue
        weight = _FULL if option.is_right else 0
        rows.append(f"=%{weight}%{_plain(option.text)}" + (f"#{_html(option.why)}" if option.why else ""))
    if any(row.startswith(f"=%{_FULL}%") for row in rows):
        yield from rows


def _numbers(item: Item, losses: Losses) -> Iterator[str]:
    drawn, tolerance = item.drawn, item.drawn.question.tolerance
    if drawn.interval is not None:
        if not is_bounded(drawn.interval):
            return
        yield f"={_range(drawn.interval, item, losses)}"
    elif drawn.number is not None and math.isfinite(drawn.number):
        yield f"={_with_margin(drawn.number, tolerance)}"
    else:
        return
    for number, why in drawn.numbers:
        if math.isfinite(number):
            yield f"=%0%{_with_margin(number, tolerance)}#{_html(why)}"
        else:
            losses.add(_SENTENCE, item)


def _range(interval: Interval, item: Item, losses: Losses) -> str:
    inwards = _SLACK * (interval.high - interval.low)
    if not (interval.with_low and interval.with_high):
        losses.add(_OPEN, item)
    low = interval.low if interval.with_low else interval.low + inwards
    high = interval.high if interval.with_high else interval.high - inwards
    return f"{_decimal(low)}..{_decimal(high)}"


def _with_margin(number: float, tolerance: float) -> str:
    if not tolerance and not number.is_integer():
        tolerance = _SLACK * abs(number)
    return f"{_decimal(number)}:{_decimal(tolerance)}"


def _decimal(number: float) -> str:
    """Without an exponent, which not every reader of GIFT takes."""
    return f"{Decimal(f'{number:.12g}'):f}"


def _html(text: str, line_break: str = "<br>") -> str:
    """A text as HTML, escaped for GIFT. Nothing but `<br>` is markup."""
    lines = html.escape("\n".join(re.split(r"\r\n?|\n", text)), quote=False)
    lines = _MARKED.sub(lambda sign: f"&#{ord(sign[0])};", lines, count=1) if _MARKED.match(lines) else lines
    return _escaped(lines.replace("\n", line_break))


def _plain(text: str) -> str:
    """What is compared with what a learner types: `*` would stand for anything, `[` at its start for a format."""
    row = " ".join(text.split()).replace("*", r"\*")
    return _escaped(f"[plain]{row}" if row.startswith("[") else row)


def _escaped(text: str) -> str:
    return _RESERVED.sub(lambda sign: "\\" + sign[0], text).replace("\n", r"\n")
