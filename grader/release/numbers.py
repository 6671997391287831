"""The numbers of a text or of code, however they are written. Runs in: command line."""

import ast
import re
from collections.abc import Iterator
from itertools import groupby

LEAST_NUMBERS = 3  # in one literal, from which it is recognisable
LEAST_DIGITS = 6  # that count, of a number on its own
_NUMBER = re.compile(r"(?<![\w.])(?P<sign>[-+]?)(?P<number>(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?)(?!\w)")
_BETWEEN = re.compile(r"(?:[\s\[\](){},;|]|np\.|numpy\.|array|list|tuple|asarray|float\d*|int\d*)*")

Numbers = tuple[float, ...]


def runs_of(text: str) -> list[Numbers]:
    """The numbers of a text, those together that nothing but brackets and commas divides."""
    runs: list[list[float]] = []
    end = -1
    for found, number in _each(text):
        value = -number if found["sign"] == "-" else number
        if end >= 0 and _BETWEEN.fullmatch(text, end, found.start()):
            runs[-1].append(value)
        else:
            runs.append([value])
        end = found.end()
    return [tuple(run) for run in runs]


def _each(text: str) -> Iterator[tuple[re.Match[str], float]]:
    for found in _NUMBER.finditer(text):
        try:
            yield found, float(found["number"])
        except ValueError:  # underscores where Python allows none
            continue


def numbers_of(text: str) -> set[float]:
    """Every number of a text, without its sign."""
    return {number for _, number in _each(text)}


def holds(run: Numbers, part: Numbers) -> bool:
    """Whether a run of numbers has these in a row."""
    first = part[0]
    return any(run[at : at + len(part)] == part for at in range(len(run) - len(part) + 1) if run[at] == first)


# In the author's code


def literals_in(tree: ast.AST) -> Iterator[Numbers]:
    """The numbers of each list, tuple and set that has enough of them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            yield from _runs_in(node)


def distinctive_in(tree: ast.AST) -> Iterator[float]:
    """The numbers that have enough digits."""
    for node in ast.walk(tree):
        number = _number(node) if isinstance(node, ast.Constant) else None
        if number is not None and _digits(number) >= LEAST_DIGITS:
            yield number


def _runs_in(node: ast.List | ast.Tuple | ast.Set) -> Iterator[Numbers]:
    """The numbers of a literal, nested ones in their order, where there are enough in a row."""
    for is_number, group in groupby(_flat(node), key=lambda value: value is not None):
        run = tuple(value for value in group if value is not None)
        if is_number and len(run) >= LEAST_NUMBERS:
            yield run


def _flat(node: ast.expr) -> Iterator[float | None]:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        for element in node.elts:
            yield from _flat(element)
    else:
        yield _number(node)


def _number(node: ast.expr) -> float | None:
    sign = 1.0
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        sign = -1.0 if isinstance(node.op, ast.USub) else 1.0
        node = node.operand
    value = node.value if isinstance(node, ast.Constant) else None
    return sign * float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _digits(number: float) -> int:
    """How many digits of a number count: 3 of 0.00120, 1 of 1000."""
    return len(repr(number).partition("e")[0].replace(".", "").strip("0"))
