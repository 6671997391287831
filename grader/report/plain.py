"""Make text from the learner's side safe to show: what would be invisible or obeyed becomes visible. Runs in: reports.

Everything that a learner's process says may be hostile: it may move the cursor, reverse the reading direction, hide
characters, or speak to the machine that runs the grader by lines such as `::error::` or `##[error]`.
"""

import re
import unicodedata

from grader.language import _

LIMIT = 10_000  # characters shown of one text
MARKS_IN_A_ROW = 4  # Vietnamese, Hebrew or Thai need two or three on one letter
TAB = 4

# Letters and marks that print as nothing, though Unicode files them under letters, marks and symbols.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Build services obey "##[error]", "##vso[…]" and "##teamcity[…]", some of them anywhere in a line.
_SERVICE_COMMAND = re.compile(r"##(?=\w*\[)")


def printable(text: str, *, keep_newlines: bool = False, limit: int = LIMIT) -> str:
    r"""`text` with every control, invisible and direction-changing character written as an escape such as `\x1b`.

    The rule is Python's own (`str.isprintable`), less the ordinary wide spaces and more a few blank letters. Runs of
    combining marks end after `MARKS_IN_A_ROW` with "…"; what lies beyond `limit` characters is counted, not shown.
    With `keep_newlines` the newlines stay and tabs become spaces; otherwise the result is one line.
    """
    shown, left_out = text[:limit], len(text) - limit
    if keep_newlines:
        shown = shown.replace("\r\n", "\n").expandtabs(TAB)
    if not (shown.isascii() and shown.isprintable()):
        shown = _visible(shown, keep="\n" if keep_newlines else "")
    shown = _SERVICE_COMMAND.sub(r"#\\x23", shown)
    return _("{shown} … {count} more characters").format(shown=shown, count=f"{left_out:,}") if left_out > 0 else shown


def is_mark(character: str) -> bool:
    """Whether `character` is a combining mark: drawn on the letter before it."""
    return unicodedata.category(character).startswith("M")


def escape(character: str) -> str:
    r"""`character` as Python writes it in a string literal: `\n`, `\x1b`, `\u202e`, `\U000e0001`."""
    shown = ascii(character)[1:-1]
    return shown if shown != character else f"\\x{ord(character):02x}"


def _visible(text: str, keep: str) -> str:
    out: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if is_mark(character) else 0
        if marks <= MARKS_IN_A_ROW:
            out.append(character if character in keep or _may_stay(character) else escape(character))
        elif marks == MARKS_IN_A_ROW + 1:
            out.append("…")
    return "".join(out)


def _may_stay(character: str) -> bool:
    return character not in _BLANK and (character.isprintable() or unicodedata.category(character) == "Zs")


def without_surrogates(value: object) -> object:
    """The same lists, dicts and texts with each lone surrogate, which UTF-8 can't carry, written as an escape."""
    if isinstance(value, str):
        return _SURROGATE.sub(lambda found: escape(found[0]), value)
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_surrogates(item) for item in value]
    return value
