"""Is an answer right, and what is said to it? Runs in: every trusted process.

An answer is a line of text, as it was typed; the same line is always marked in the same way.
"""

import math
import re
from decimal import Decimal

from msgspec import Struct

from grader.language import _
from grader.quiz.bank import Kind
from grader.quiz.drawn import LETTERS, Drawn, Option

_LONGEST = 500  # characters of an answer
_SLACK = 1e-9  # relative, for numbers without a tolerance of their own: 0.1 + 0.2 is 0.3


class NotAnAnswer(Exception):
    """The line can't be an answer to this question; the text says how one is given."""


class Marked(Struct, frozen=True):
    """The verdict on one answer. `said`: sentences about what was chosen wrongly or left out."""

    right: bool
    said: tuple[str, ...]


def mark(drawn: Drawn, line: str) -> Marked:
    """Raises NotAnAnswer for a line that can't be one."""
    line = line.strip()
    options = chosen(drawn, line)
    match drawn.question.kind:
        case Kind.SINGLE:
            return _single(options)
        case Kind.MULTIPLE:
            return _multiple(drawn, options)
        case Kind.NUMERIC:
            return _numeric(drawn, line)
        case Kind.ORDER:
            return _order(drawn, options)
        case Kind.SHAPE:
            return _shape(drawn, line)
        case Kind.SHORT | Kind.CODE:
            return _text(drawn, line)


def chosen(drawn: Drawn, line: str) -> list[Option]:
    """The options that a line chooses, none where an answer is typed. Raises NotAnAnswer for a line that is none."""
    line = line.strip()
    if not line or len(line) > _LONGEST:
        raise NotAnAnswer(how_to_answer(drawn))
    match drawn.question.kind:
        case Kind.SINGLE:
            return _by_letters(drawn, line, count=1)
        case Kind.MULTIPLE:
            return _by_letters(drawn, line)
        case Kind.ORDER:
            return _by_letters(drawn, line, count=len(drawn.options))
        case Kind.NUMERIC:
            _as_number(drawn, line)
        case Kind.SHAPE if not re.fullmatch(r"\(?[\d\s,x×]*\)?", line.casefold()):
            raise NotAnAnswer(how_to_answer(drawn))
    return []


def how_to_answer(drawn: Drawn) -> str:  # noqa: PLR0911 - one case for each kind
    """What to type."""
    last = LETTERS[len(drawn.options) - 1]
    match drawn.question.kind:
        case Kind.SINGLE:
            return _("type one letter, a to {last}").format(last=last)
        case Kind.MULTIPLE:
            return _("type the letters of all that are right, such as: a {last}").format(last=last)
        case Kind.ORDER:
            return _("type all letters from a to {last} in the right order").format(last=last)
        case Kind.NUMERIC:
            return _("type a number, such as 12, 0.5 or 1e-3")
        case Kind.SHAPE:
            return _("type a shape as a tuple, such as (5, 10), (3,) or ()")
        case Kind.SHORT:
            return _("type a word or two")
        case Kind.CODE:
            return _("type what it prints, in one line; how many spaces there are does not matter")


def answer_of(drawn: Drawn) -> str:
    """The right answer, to be shown."""
    match drawn.question.kind:
        case Kind.NUMERIC if drawn.number is not None:
            return shown(drawn.number, drawn.question.tolerance)
        case Kind.ORDER:
            return " -> ".join(drawn.right)
        case Kind.MULTIPLE:
            return "; ".join(drawn.right)
        case _:
            return drawn.right[0]


def shown(number: float, tolerance: float) -> str:
    """A number as one would write it: as it was asked for, or the shortest text that would be marked right."""
    texts = (f"{_rounded(number, tolerance):.6g}", *(f"{number:.{digits}g}" for digits in range(6, 18)))
    text = next((text for text in texts if is_close(float(text), number, tolerance)), repr(number))
    return f"{Decimal(text):f}" if "e+" in text else text


def _rounded(number: float, tolerance: float) -> float:
    """The number with the fewest decimals that lie surely within the tolerance."""
    return round(number, math.ceil(-math.log10(2 * tolerance))) if 0 < tolerance < 0.5 else number  # noqa: PLR2004


def _by_letters(drawn: Drawn, line: str, count: int = 0) -> list[Option]:
    """The options of these letters; exactly `count` of them, where that is given."""
    letters = re.sub(r"[\s,;]+", "", line.casefold())
    known = LETTERS[: len(drawn.options)]
    if not set(letters) <= set(known) or len(set(letters)) < len(letters) or len(letters) != (count or len(letters)):
        raise NotAnAnswer(how_to_answer(drawn))
    return [drawn.options[known.index(letter)] for letter in letters]


def _single(options: list[Option]) -> Marked:
    option = options[0]
    return Marked(option.is_right, () if option.is_right else (option.why,))


def _multiple(drawn: Drawn, options: list[Option]) -> Marked:
    """All or nothing."""
    wrong = [f"{option.text}: {option.why}" for option in options if not option.is_right]
    left_out = [option.text for option in drawn.options if option.is_right and option not in options]
    said = [*wrong, *(_("{option}: this one is right, too.").format(option=text) for text in left_out)]
    return Marked(not said, tuple(said))


def _order(drawn: Drawn, options: list[Option]) -> Marked:
    places = tuple(option.place for option in options)
    accepted = (tuple(range(len(places))), *drawn.question.other_orders)
    if places in accepted:
        return Marked(True, ())
    out = [n for n, place in enumerate(places) if all(order[n] != place for order in accepted)]
    said = _('"{step}" does not come at place {number}.')
    return Marked(False, tuple(said.format(step=options[n].text, number=n + 1) for n in out[:1]))


def _numeric(drawn: Drawn, line: str) -> Marked:
    number = _as_number(drawn, line)
    if drawn.interval is not None:
        right = drawn.interval.holds(number)
    else:
        assert drawn.number is not None
        right = is_close(number, drawn.number, drawn.question.tolerance)
    near = (why for value, why in drawn.numbers if is_close(number, value, drawn.question.tolerance))
    return Marked(right, () if right else tuple(near)[:1])


def _as_number(drawn: Drawn, line: str) -> float:
    try:
        number = float(line.replace("_", "").replace(" ", ""))
    except ValueError:
        number = math.nan
    if math.isnan(number):
        how = how_to_answer(drawn)
        raise NotAnAnswer(_("{how}; a decimal point is a point here").format(how=how) if "," in line else how)
    return number


def is_close(number: float, right: float, tolerance: float) -> bool:
    """Within the tolerance, or equal but for rounding where there is none."""
    if math.isinf(right):
        return number == right
    return number == right or abs(number - right) <= tolerance + _SLACK * abs(right)


def _shape(drawn: Drawn, line: str) -> Marked:
    shape = tuple(int(digits) for digits in re.findall(r"\d+", line))
    return _foreseen(drawn, shape == drawn.shape, str(shape))


def _text(drawn: Drawn, line: str) -> Marked:
    wanted = {_squeezed(drawn, text) for text in drawn.right}
    return _foreseen(drawn, _squeezed(drawn, line) in wanted, line)


def _foreseen(drawn: Drawn, right: bool, answer: str) -> Marked:
    squeezed = _squeezed(drawn, answer)
    said = (option.why for option in drawn.options if _squeezed(drawn, option.text) == squeezed)
    return Marked(right, () if right else tuple(said)[:1])


def _squeezed(drawn: Drawn, text: str) -> str:
    """What two answers have in common that mean the same: for words, neither case nor spaces count."""
    if drawn.question.kind is Kind.CODE:
        text = re.sub(r"\s*([\[\](),])\s*", r"\1", text)
        return " ".join(text.split())
    return "".join(text.casefold().split()).strip(".")
