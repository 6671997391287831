"""Quote the learner's source line, with the column to point at. Runs in: reports."""

import re

from grader.language import _
from grader.report.plain import TAB, printable
from grader.report.wrapping import cells, clip
from grader.result import Location

_AROUND = 200  # characters looked at before and after the column
_CELL = re.compile(r"cell \[(\d+)\]")  # in place of a file


def place(location: Location) -> str:
    """File and line as "softmax.py:7", or "cell [3], line 7" of a notebook's cell; made safe to show."""
    if cell := _CELL.fullmatch(location.file):
        return _("cell [{number}], line {line}").format(number=cell[1], line=location.line)
    return f"{printable(location.file, limit=200)}:{location.line}"


def excerpt(location: Location, width: int) -> tuple[str, int | None]:
    """The line without its indentation, at most `width` cells, and how many cells stand before the column.

    The second is None where the column is unknown. A long line is cut on both sides so that the column stays in sight.
    """
    raw = location.text.rstrip("\r\n")
    index = min(max((location.column or 1) - 1, 0), len(raw))
    start = max(0, index - _AROUND)
    line = _shown(raw[start : index + _AROUND])
    margin = len(line) - len(line.lstrip(" "))
    caret = max(cells(_shown(raw[start:index])) - margin, 0)
    line, caret = _scrolled(line.lstrip(" "), caret, width, cut=start > 0)
    return clip(line, width), caret if location.column is not None and line else None


def _shown(text: str) -> str:
    return printable(text.expandtabs(TAB))


def _scrolled(line: str, caret: int, width: int, *, cut: bool) -> tuple[str, int]:
    """Drop what is left of sight, so that `caret` stands within two thirds of `width`."""
    while line and caret + 1 > 2 * width // 3 and cells(line) > width:
        caret -= cells(line[0])
        line, cut = line[1:], True
    return (f"…{line}", min(caret + 1, width - 1)) if cut else (line, min(caret, width - 1))
