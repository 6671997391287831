"""Parameters, what is computed from them, and texts with their names in braces. Runs in: every trusted process.

The expressions are the course's own: `ceil(n / b)`, `np.sqrt(2 / n)`.
"""

import hashlib
import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.errors import CourseError

Value = int | float | str
_NAME = re.compile(r"\{([A-Za-z_]\w*)(?::([^{}]*))?\}")
_BUILTINS = {f.__name__: f for f in (abs, min, max, round, len, sum, int, float, str, sorted, range)}
_MOST_TRIES = 1000


def names_in(text: str) -> set[str]:
    """The names in braces of a text."""
    return {found[1] for found in _NAME.finditer(text)}


def filled(text: str, values: Mapping[str, Any]) -> str:
    """The text with a value for each name in braces; a name without a value stays as it is. Raises CourseError."""
    return _NAME.sub(lambda found: _shown(found, values[found[1]]) if found[1] in values else found[0], text)


def _shown(name: re.Match[str], value: Any) -> str:
    how = name[2] or (".6g" if isinstance(value, float) else "")
    try:
        return format(value, how)
    except (TypeError, ValueError) as error:
        raise CourseError(f"{name[0]!r} with {name[1]} = {value!r}: {error}; mend it") from None


def computed(expression: str, values: Mapping[str, Any]) -> Any:
    """The value of an expression over named values, `math`'s names and NumPy as `np`. Raises CourseError."""
    names = {name: getattr(math, name) for name in dir(math) if not name.startswith("_")}
    if re.search(r"\bnp\b", expression):
        import numpy as np

        names["np"] = np
    try:
        found = eval(expression, {"__builtins__": _BUILTINS, **names, **values})  # noqa: S307 - the course's own
    except Exception as error:
        shown = ", ".join(f"{name} = {value!r}" for name, value in values.items())
        raise CourseError(f"{expression!r} with {shown}: {type(error).__name__}: {error}; mend it") from None
    return found.item() if hasattr(found, "item") and getattr(found, "ndim", 1) == 0 else found


class Scope:
    """What can be drawn for a question: its parameters, the values computed from them, and the condition."""

    def __init__(
        self, parameters: Sequence[tuple[str, Sequence[Value]]], values: Sequence[tuple[str, str]], where: str
    ) -> None:
        self._parameters = parameters
        self._values = values
        self._where = where

    def every(self) -> Iterator[dict[str, Any]]:
        """Every draw that there can be."""
        for chosen in itertools.product(*(values for _, values in self._parameters)):
            drawn = self._complete(dict(zip((name for name, _ in self._parameters), chosen, strict=True)))
            if drawn is not None:
                yield drawn

    def draw(self, seed: str) -> dict[str, Any]:
        """The draw of a seed: the same on every machine, with every version of Python. Raises CourseError."""
        for attempt in range(_MOST_TRIES):
            chosen = {
                name: values[number_of(f"{seed}\0{attempt}\0{name}") % len(values)] for name, values in self._parameters
            }
            drawn = self._complete(chosen)
            if drawn is not None:
                return drawn
        raise CourseError(f"where = {self._where!r} is fulfilled by hardly any draw; loosen it")

    def _complete(self, drawn: dict[str, Any]) -> dict[str, Any] | None:
        """The draw with its values; None where it does not fulfil the condition."""
        for name, expression in self._values:
            drawn[name] = computed(expression, drawn)
        return drawn if not self._where or computed(self._where, drawn) else None


def number_of(seed: str) -> int:
    """A number that depends on every letter of the seed (the first eight bytes of its SHA-256)."""
    return int.from_bytes(hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()[:8], "big")
