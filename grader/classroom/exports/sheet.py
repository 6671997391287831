"""Write tables as CSV that no spreadsheet obeys. Runs in: the command line.

RFC 4180: UTF-8 without a byte order mark, `\\r\\n` after each row, and each row on one line.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from grader.report.plain import escape

# What begins a formula in a spreadsheet, in a Japanese one also the wide signs; tab and CR are gone by then.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# Controls, line separators, changes of the reading direction, lone surrogates: no name needs them, and a newline splits
# the row for readers that go by lines.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# PHP, in which Moodle is written, takes a backslash before a quote for an escape and would read on over the next cells.
_ESCAPING = re.compile(r'\\(?="|\Z)')
_DECIMALS = 4

Cell = str | float | None


def sheet(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows, the header among them, as a file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([as_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8")


def as_text(cell: Cell) -> str:
    """What stands in a cell: a number in plain notation, nothing for None, a text with no formula in it."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return number(cell)
    text = _ESCAPING.sub("\\\\ ", _UNFIT.sub(lambda found: escape(found[0]), cell))
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might obey a text, so that an apostrophe is put before it."""
    return text.startswith(_FORMULA) and not _NUMBER.fullmatch(text)


def number(value: float) -> str:
    """At most four decimals, no exponent, no trailing zeros: 3, 12.5, 0.6667."""
    text = f"{rounded(value):.{_DECIMALS}f}"
    return text.rstrip("0").rstrip(".")


def rounded(value: float) -> float:
    """To four decimals, and never -0."""
    return round(value, _DECIMALS) + 0.0
