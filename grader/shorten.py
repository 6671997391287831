"""Any plain value as one short line: `short`. Runs in: every trusted process.

Never raises, never calls a `__repr__` that it doesn't know, and costs no more for a list of a million items than for
one of ten. `grader.explain` offers `short` to everyone else.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from types import EllipsisType, NoneType, NotImplementedType, SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.language import _

ELLIPSIS = "…"
MAX_DEPTH = 4
MAX_ARRAY_ITEMS = 100  # a larger array is described, not listed
MAX_INTEGER_BITS = 4096  # a larger one is described: repr refuses beyond 4300 digits
SORTED_SET_ITEMS = 100
FEWER_DIGITS = (9, 6)  # significant digits tried when an array's exact values are too long

# Exactly these types: their repr is short, known and not the learner's.
_EXACT = (NoneType, EllipsisType, NotImplementedType, complex, range)
_DATES_AND_FRACTIONS = (date, datetime, time, timedelta, timezone, Decimal, Fraction)


def short(value: object, limit: int = 120) -> str:
    """One line of at most `limit` characters that shows `value`. Never raises."""
    try:
        return clip(_text(value, limit, MAX_DEPTH), limit)
    except Exception:
        return clip(_("<value that cannot be shown>"), limit)


def clip(text: str, limit: int) -> str:
    """`text` on one line, at most `limit` characters long; an ellipsis stands for what was cut."""
    line = " ".join(text[: limit + 1].splitlines())
    if len(text) <= limit:
        return line
    return line[: limit - 1] + ELLIPSIS if limit > 0 else ""


def shown_number(number: Any) -> str:
    """A number as people write it: 0.25, not np.float64(0.25)."""
    return str(number[()]) if isinstance(number, np.ndarray) else str(number)


def shown_dtype(dtype: "np.dtype[Any]") -> str:
    """A dtype's short name: float64, >f4; `object` and `structured` for the ones without numbers."""
    return "structured" if dtype.kind == "V" else str(dtype)


def _text(value: object, limit: int, depth: int) -> str:
    if isinstance(value, np.ndarray):
        return _array(value, limit)
    if isinstance(value, np.generic):
        return _numpy_scalar(value, limit)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, str | bytes):
        return _quoted(value, limit)
    if type(value) in _EXACT or type(value) in _DATES_AND_FRACTIONS:
        return repr(value)
    return _compound(value, limit, depth)


def _compound(value: object, limit: int, depth: int) -> str:
    if isinstance(value, list | tuple | set | frozenset | dict | slice | SimpleNamespace):
        return _container(value, limit, depth) if depth else ELLIPSIS
    if isinstance(value, type):
        return f"<class {_name(value)}>"
    if isinstance(value, np.random.Generator):
        return str(value)  # "Generator(PCG64)"
    return "<function>" if callable(value) else f"<{_name(type(value))} object>"


def _name(kind: type) -> str:
    return clip(repr(kind.__name__)[1:-1], 40)


def _number(value: float) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return float.__repr__(value)
    bits = int.bit_length(value)
    return int.__repr__(value) if bits <= MAX_INTEGER_BITS else _("<int of {bits} bits>").format(bits=bits)


def _quoted(value: str | bytes, limit: int) -> str:
    """The repr, cut inside the quotes so that the cut is seen."""
    if len(value) <= limit:
        return str.__repr__(value) if isinstance(value, str) else bytes.__repr__(value)
    start = value[: max(limit - 20, 1)]
    shown = str.__repr__(start) if isinstance(start, str) else bytes.__repr__(start)
    said = _("{count} characters") if isinstance(value, str) else _("{count} bytes")
    size = said.format(count=len(value))
    return f"{clip(shown, max(limit - len(size) - 4, 1))} ({size})"


def _container(value: Any, limit: int, depth: int) -> str:
    """Items until the line is full, then how many there are in all."""

    def item(inner: object) -> str:
        return _text(inner, max(limit // 2, 12), depth - 1)

    if isinstance(value, slice):
        return f"slice({item(value.start)}, {item(value.stop)}, {item(value.step)})"
    if isinstance(value, SimpleNamespace):
        pairs = (f"{name}={item(inner)}" for name, inner in vars(value).items())
        return f"namespace({_series(pairs, len(vars(value)), limit)})"
    if isinstance(value, dict):
        pairs = (f"{item(key)}: {item(inner)}" for key, inner in value.items())
        return f"{{{_series(pairs, len(value), limit)}}}"
    if isinstance(value, set | frozenset):
        return _set(value, item, limit)
    inside = _series((item(inner) for inner in value), len(value), limit)
    if isinstance(value, list):
        return f"[{inside}]"
    return f"({inside},)" if len(value) == 1 else f"({inside})"


def _set(value: "set[Any] | frozenset[Any]", item: Callable[[object], str], limit: int) -> str:
    """Sorted by text, so that two runs show the same line."""
    inside = _series(sorted(item(inner) for inner in islice(value, SORTED_SET_ITEMS)), len(value), limit)
    if isinstance(value, frozenset):
        return f"frozenset({{{inside}}})" if value else "frozenset()"
    return f"{{{inside}}}" if value else "set()"


def _series(texts: Iterable[str], total: int, limit: int) -> str:
    rest = _("… {count} in all").format(count=total)
    room = limit - len(rest) - 4
    parts: list[str] = []
    for text in texts:
        room -= len(text) + 2
        if room < 0 and parts:
            return ", ".join([*parts, rest])
        parts.append(text)
    return ", ".join(parts)


def _numpy_scalar(value: "np.generic", limit: int) -> str:
    if isinstance(value, np.str_):
        return _quoted(str(value), limit)
    if isinstance(value, np.bytes_):
        return _quoted(bytes(value), limit)
    if isinstance(value, np.void):
        return _("<structured value>")
    return str(value)


def _array(array: "NDArray[Any]", limit: int) -> str:
    """Its values where they fit, with fewer digits if need be; else dtype, shape and range."""
    if array.dtype.kind not in "biufcSUmM":
        return _shape(array)
    if not 0 < array.size <= MAX_ARRAY_ITEMS:
        return _described(array)
    for show in _ways_to_show(array):
        text = f"array({_nested(array, show)}{_dtype_note(array)})"
        if len(text) <= limit:
            return text
    return _described(array)


def _ways_to_show(array: "NDArray[Any]") -> Iterator[Callable[[Any], str]]:
    if array.dtype.kind in "US":
        yield lambda item: _quoted(item.item(), MAX_ARRAY_ITEMS)
        return
    yield str
    if array.dtype.kind == "f":
        for digits in FEWER_DIGITS:
            yield lambda item, digits=digits: _rounded(item, digits)  # type: ignore[misc]


def _rounded(number: Any, digits: int) -> str:
    if not isinstance(number, np.floating):
        return str(number)
    text = f"{number:.{digits}g}"
    return text if set(text) & set(".en") else f"{text}.0"


def _nested(array: "NDArray[Any]", show: Callable[[Any], str]) -> str:
    if array.ndim == 0:
        return show(array[()])
    return f"[{', '.join(_nested(part, show) if part.ndim else show(part[()]) for part in map(np.asarray, array))}]"


def _dtype_note(array: "NDArray[Any]") -> str:
    """The dtype where the values don't tell it."""
    told = array.dtype in (np.float64, np.int64, np.bool_, np.complex128) or array.dtype.kind in "USmM"
    return "" if told and array.dtype.isnative else f", dtype={shown_dtype(array.dtype)}"


def _shape(array: "NDArray[Any]") -> str:
    return _("{dtype} array of shape {shape}").format(dtype=shown_dtype(array.dtype), shape=array.shape)


def _described(array: "NDArray[Any]") -> str:
    text = _shape(array)
    if array.size == 0:
        return _("{array}, empty").format(array=text)
    if array.dtype.kind == "b":
        return _("{array}, {count} of {total} True").format(array=text, count=int(array.sum()), total=array.size)
    if array.dtype.kind not in "iuf":
        return text
    finite = np.isfinite(array)
    if finite.any():
        low, high = array[finite].min(), array[finite].max()
        text = _("{array}, values {low} … {high}").format(array=text, low=_rounded(low, 4), high=_rounded(high, 4))
    specials = {"NaN": int(np.isnan(array).sum()), "inf": int(np.isinf(array).sum())}
    return text + "".join(f", {many} {word}" for word, many in specials.items() if many)
