"""Write pairs of students whose works are alike as CSV and as JSON. Runs in: the command line."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import msgspec

from grader.classroom.exports.sheet import Cell, sheet
from grader.classroom.similarity import NOTICE, Alike, Pair

FORMAT = 1
_HEADER = "First,Second,Exercise,Share,Tokens,Others,Rarity,First's lines,Second's lines"
_DECIMALS = 4


def to_csv(pairs: Sequence[Pair]) -> bytes:
    """A row for each exercise of each pair; no cell is a formula."""
    rows: list[list[Cell]] = [[*_HEADER.split(",")]]
    for one in (one for pair in pairs for one in pair.alike):
        lines = [", ".join(_words(first, last) for first, last in ranges(of.lines)) for of in one.excerpts]
        rows.append([one.first, one.second, one.exercise, one.share, float(one.tokens), one.others, one.rarity, *lines])
    return sheet(rows)


def to_json(pairs: Sequence[Pair]) -> bytes:
    """The pairs with what is alike in each exercise, and on which lines; no code."""
    document = {
        "format": FORMAT,
        "notice": NOTICE,
        "pairs": [
            {
                "first": pair.first,
                "second": pair.second,
                "rarity": round(pair.rarity, _DECIMALS),
                "alike": [_one(one) for one in pair.alike],
            }
            for pair in pairs
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def ranges(lines: Sequence[int]) -> list[tuple[int, int]]:
    """Lines in order as (first, last) of those that follow each other."""
    found = []
    for _, group in groupby(enumerate(lines), key=lambda entry: entry[1] - entry[0]):
        together = [line for _, line in group]
        found.append((together[0], together[-1]))
    return found


def _words(first: int, last: int) -> str:
    """Never "3-7", in which a spreadsheet sees the 3rd of July."""
    return str(first) if first == last else f"{first} to {last}"


def _one(one: Alike) -> dict[str, Any]:
    return {
        "exercise": one.exercise,
        "share": round(one.share, _DECIMALS),
        "tokens": one.tokens,
        "others": round(one.others, _DECIMALS),
        "rarity": round(one.rarity, _DECIMALS),
        "first_lines": ranges(one.excerpts[0].lines),
        "second_lines": ranges(one.excerpts[1].lines),
    }
