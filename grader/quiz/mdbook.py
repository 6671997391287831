"""A quiz as TOML for mdbook-quiz, the preprocessor of mdBook. Runs in: command line.

Its third type, Tracing, asks whether a Rust program compiles and what it then prints; a Python program stands in the
prompt of a ShortAnswer instead. Prompts, options and explanations are Markdown; typed answers are compared as texts.
"""

import re
from collections.abc import Iterator
from typing import Any

from grader.errors import ExportError
from grader.quiz.export import TYPED, DrawnQuiz, Form, Item, Losses, as_choice
from grader.quiz.marking import is_close, shown

_DECIMALS = 9  # at most, of a right number's roundings
_SPECIAL = re.compile(r"[\\`*_\[\]~|#]")
_AT_START = re.compile(r"[+\-=>:!]|\d+(?=[.)])")  # of a list, a heading, a quotation

_VARIANTS = "all variants of a question are shown; mdbook-quiz draws none at random"
_ORDERS = "as a choice between orders; mdbook-quiz can't ask for one"
_RANGE = "as a choice between numbers; mdbook-quiz can't take any number of an interval"
_NUMBERS = "numbers are compared as texts: right are the roundings within the tolerance, nothing else"
_SENTENCES = "the sentences for wrong answers stand below the explanation; mdbook-quiz has one text for all"
_NOT = "left out: mdbook-quiz has no form for it"


def mdbook(quiz: DrawnQuiz, losses: Losses) -> str:
    """The questions of a quiz. Raises ExportError where `tomli-w` is not installed."""
    try:
        import tomli_w
    except ImportError:
        raise ExportError.missing("mdbook", "tomli-w") from None
    questions = []
    for group in quiz.groups:
        if len(group) > 1:
            losses.add(_VARIANTS, group[0])
        questions += [found for item in group if (found := _question(item, losses))]
    return "# Questions with their answers: for the teacher.\n" + tomli_w.dumps(
        {"questions": questions}, multiline_strings=True
    )


def _question(item: Item, losses: Losses) -> dict[str, Any] | None:
    if item.form is Form.ORDER or (item.form is Form.NUMBER and item.drawn.interval is not None):
        losses.add(_ORDERS if item.form is Form.ORDER else _RANGE, item)
        choice = as_choice(item)
        if choice is None:
            losses.add(_NOT, item)
            return None
        item = choice
    if any(wrong.why for wrong in item.wrong):
        losses.add(_SENTENCES, item)
    common = {"id": item.name, "context": _context(item)}
    prompt = _prompt(item)
    if item.form in (Form.CHOICE, Form.CHOICES):
        right = [_markdown(text) for text in item.right]
        return common | {
            "type": "MultipleChoice",
            "prompt": {"prompt": prompt, "distractors": [_markdown(wrong.text) for wrong in item.wrong]},
            "answer": {"answer": right[0] if item.form is Form.CHOICE else right},
        }
    first, *others = _accepted(item, losses)
    answer = {"answer": first} | ({"alternatives": others} if others else {})
    return common | {"type": "ShortAnswer", "prompt": {"prompt": prompt}, "answer": answer}


def _prompt(item: Item) -> str:
    text, program = _markdown(item.drawn.prompt), item.drawn.program
    if not program:
        return text
    fence = "```" + max(re.findall("`+", program), default="")
    return f"{text}\n\n{fence}python\n{program}\n{fence}\n"


def _context(item: Item) -> str:
    """The explanation, and what is wrong with each foreseen wrong answer."""
    rows = [f"- {_markdown(wrong.text)}: {_markdown(wrong.why)}" for wrong in item.wrong if wrong.why]
    return "\n".join((_markdown(item.drawn.explanation), *(["", *rows, ""] if rows else [])))


def _accepted(item: Item, losses: Losses) -> list[str]:
    if item.form is Form.NUMBER:
        losses.add(_NUMBERS, item)
        return list(dict.fromkeys(_roundings(item)))
    if len(item.right) > len(item.drawn.right):
        losses.add(TYPED, item)
    return list(item.right)


def _roundings(item: Item) -> Iterator[str]:
    """The texts of a right number with fewer and fewer decimals, as long as it would be marked right."""
    number, tolerance = item.drawn.number, item.drawn.question.tolerance
    assert number is not None
    yield shown(number, tolerance)
    for decimals in range(_DECIMALS, -1, -1):
        text = f"{number:.{decimals}f}"
        if is_close(float(text), number, tolerance):
            yield re.sub(r"\.?0+$", "", text) if "." in text else text
    if number.is_integer():
        yield f"{number:.1f}"


def _markdown(text: str) -> str:
    """A text as one line of Markdown that shows as it is. Nothing but `<br>` is markup."""
    line = text.strip().replace("&", "&amp;").replace("<", "&lt;")
    line = _SPECIAL.sub(lambda sign: "\\" + sign[0], line)
    if start := _AT_START.match(line):
        at = start.end() if start[0].isdecimal() else 0  # a number's point is escaped, not the number
        line = f"{line[:at]}\\{line[at:]}"
    return re.sub(r"\r\n?|\n", "<br>", line)
