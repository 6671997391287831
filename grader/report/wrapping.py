"""Break text into lines that fit a terminal, counted in cells rather than characters. Runs in: reports.

`textwrap` counts characters: a line of Chinese or of emoji would be twice as wide as it thinks, and what the terminal
then carries over to the next line would stand at its left edge, where only the grader's own words stand.
"""

import re
import unicodedata

from grader.report.plain import is_mark

NO_BREAK = "\u00a0"
_CODE = re.compile(r"`[^`\n]+`")
# Signs that a line of Japanese or Chinese does not begin or end with (JIS X 4051), and the no-break space.
_NOT_AT_BEGINNING = frozenset(
    "、。，．・：；？！」』）］｝〉》】〕”’…‥ー～々ゝゞぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.:;!?)]}%"
    + NO_BREAK
)
_NOT_AT_END = frozenset("「『（［｛〈《【〔“‘([{" + NO_BREAK)
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:s|ms|min|h|[kMG]i?B|%)(?!\w))")


def cells(text: str) -> int:
    """Columns that `text`, one line, takes on a terminal."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def clip(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` cut to at most `width` cells; a cut one ends in `ellipsis`."""
    if cells(text) <= width:
        return text
    return text[: _fitting(text, width - cells(ellipsis))] + ellipsis


def wrap(text: str, width: int) -> list[str]:
    """`text` as lines of at most `width` cells, broken at spaces, or between wide letters, where there are any.

    Its own newlines are kept, and a broken line goes on at its own indentation, so that arrays stay readable. Words of
    `code` stay together where they fit, and so do words between which there are no-break spaces, which come out as
    spaces: what one types can be copied. A number stays with its unit.
    """
    return [piece.replace(NO_BREAK, " ") for line in text.split("\n") for piece in _wrap_line(line, width)]


def _wrap_line(line: str, width: int) -> list[str]:
    if _fitting(line, width) == len(line):
        return [line]
    margin = min(len(line) - len(line.lstrip(" ")), width // 2)
    whole = _CODE.sub(lambda code: _whole(code[0], width - margin), _BEFORE_UNIT.sub(NO_BREAK, line.lstrip(" ")))
    pieces, rest = [], " " * margin + whole
    while (fits := _fitting(rest, width)) < len(rest):
        at = next((at for at in range(fits, margin, -1) if _may_break(rest, at)), max(fits, margin + 1))
        pieces.append(rest[:at].rstrip(" "))
        rest = " " * margin + rest[at:].lstrip(" ")
    return [*pieces, rest] if rest.strip(" ") else pieces


def _may_break(line: str, at: int) -> bool:
    """Whether a line may end before this place: at a space, or beside a character of Japanese, which has no spaces."""
    before, after = line[at - 1], line[at]
    if after == " ":
        return True
    beside = _is_wide_letter(before) or _is_wide_letter(after)
    return beside and before not in _NOT_AT_END and after not in _NOT_AT_BEGINNING and _cell(after) > 0


def _is_wide_letter(character: str) -> bool:
    """Whether it is a letter or a sign of punctuation of two columns; emoji are neither."""
    return unicodedata.category(character)[0] in "LP" and _cell(character) > 1


def _whole(code: str, room: int) -> str:
    """`code` that is not torn, unless it is longer than a line: then its spaces are needed."""
    return code.replace(" ", NO_BREAK) if cells(code) <= room else code


def _fitting(text: str, width: int) -> int:
    """How many leading characters of `text` fit into `width` cells."""
    used = 0
    for index, character in enumerate(text):
        used += _cell(character)
        if used > width:
            return index
    return len(text)


def _cell(character: str) -> int:
    if is_mark(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
