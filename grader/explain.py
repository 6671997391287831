"""How two arrays differ, in sentences; and any plain value as one short line. Runs in: every trusted process.

Nothing here raises or warns, whatever the numbers are: NaN, infinities, huge and empty arrays included.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from grader.language import _, ngettext
from grader.shorten import clip, short, shown_dtype, shown_number

__all__ = ["clip", "close", "differences", "short"]

Numbers = NDArray[Any]
Elementwise = Callable[[Numbers], Numbers]

MAX_LINES = 6
SAMPLE = 64  # places looked at before a pattern is tried on all values
PATTERN_RTOL = 1e-6  # a pattern is a remark, not a verdict: looser than the check
ROUNDED_RTOL = 1e-12  # tight, or float32 would look like a rounding to 7 decimals
DECIMALS = range(9)  # roundings to recognise
NICE_FACTOR_LIMIT = 1000
FLOAT32_ROUNDING = 1e-5  # a relative error below this is what float32 arithmetic gives
FLOAT16_ROUNDING = 1e-2


def close(actual: Numbers, expected: Numbers, *, rtol: float, atol: float) -> NDArray[np.bool_]:
    """Where `actual` is near enough: |a - e| <= atol + rtol * |e|, or both NaN, or the same infinity.

    Both are numeric or boolean arrays of one shape. Integers that differ never count as equal by rounding.
    """
    with np.errstate(all="ignore"):
        near = _error(actual, expected) <= atol + rtol * np.abs(_wide(expected))
        finite = np.isfinite(actual) & np.isfinite(expected)
        both_nan = np.isnan(actual) & np.isnan(expected)
        return np.asarray((actual == expected) | (near & finite) | both_nan, dtype=np.bool_)


def differences(actual: Numbers, expected: Numbers, *, rtol: float, atol: float) -> tuple[str, ...]:
    """How `actual` differs from `expected`: at most six lines, the most useful first; none where nothing differs."""
    if actual.dtype.kind not in "biufc" or expected.dtype.kind not in "biufc":
        return (_("{dtype} values cannot be compared as numbers").format(dtype=shown_dtype(actual.dtype)),)
    with np.errstate(all="ignore"):
        if actual.shape != expected.shape:
            return tuple(_shape_lines(actual, expected))
        wrong = ~close(actual, expected, rtol=rtol, atol=atol)
        if not wrong.any():
            return ()
        return tuple(_value_lines(actual, expected, wrong, _allowed(rtol, atol)))[:MAX_LINES]


def _wide(array: Numbers) -> Numbers:
    """The same numbers, wide enough to subtract: float64, complex128, or what is wider still."""
    wide: Numbers = np.asarray(array).astype(np.result_type(array.dtype, np.float64), copy=False)
    return wide


def _error(actual: Numbers, expected: Numbers) -> Numbers:
    """|a - e| as floats; at least 1 where two integers differ that round to the same float."""
    error: Numbers = np.abs(_wide(actual) - _wide(expected))
    if actual.dtype.kind in "iu" and expected.dtype.kind in "iu":
        error = np.maximum(error, actual != expected)
    return error


# Shape


def _shape_lines(actual: Numbers, expected: Numbers) -> Iterator[str]:
    yield _("shape {came}; expected {expected}").format(came=actual.shape, expected=expected.shape)
    yield from islice(_shape_hints(actual, expected), 1)


def _shape_hints(actual: Numbers, expected: Numbers) -> Iterator[str]:
    """What would explain the shape, the surest first."""
    same = _same_values(actual, expected)
    if actual.ndim > 1 and actual.shape[::-1] == expected.shape:
        yield _("the values are right, but transposed") if same(actual.T) else _("rows and columns look swapped")
    if actual.ndim != expected.ndim and _without_ones(actual.shape) == _without_ones(expected.shape):
        hint = _("an axis of length 1 is missing: keepdims=True keeps it")
        if actual.ndim > expected.ndim:
            hint = _("an axis of length 1 is too many: is keepdims=True used?")
        yield _("the values are right; {hint}").format(hint=hint) if same(actual) else hint
    if actual.ndim == 0:
        yield _("one number came back for the whole array")
    n = expected.size
    if expected.ndim == 1 and actual.shape == (n, n):
        yield _("({n}, 1) combined with ({n},) broadcasts to ({n}, {n})").format(n=n)
    if actual.size == n:
        yield _("the same values in another shape (reshape)") if same(actual) else _("as many values, in another shape")
    if actual.ndim != expected.ndim:
        yield _("{came}; expected {expected}").format(came=_axes(actual.ndim), expected=_axes(expected.ndim))


def _axes(ndim: int) -> str:
    return ngettext("{count} axis", "{count} axes", ndim).format(count=ndim)


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(n for n in shape if n != 1)


def _same_values(actual: Numbers, expected: Numbers) -> Callable[[Numbers], bool]:
    """Whether an arrangement of `actual` holds the expected values in the expected order."""

    def same(arranged: Numbers) -> bool:
        if arranged.size != expected.size or not actual.size:
            return False
        return bool(close(arranged.reshape(expected.shape), expected, rtol=PATTERN_RTOL, atol=0.0).all())

    return same


# Values


def _value_lines(actual: Numbers, expected: Numbers, wrong: NDArray[np.bool_], allowed: str) -> Iterator[str]:
    error = _error(actual, expected)
    yield from _dtype_line(actual, expected, error)
    yield from _pattern_line(actual, expected, wrong)
    yield from _special_line("NaN", np.isnan(actual), np.isnan(expected))
    yield from _special_line("inf", actual == np.inf, expected == np.inf)
    yield from _special_line("-inf", actual == -np.inf, expected == -np.inf)
    first = _largest(wrong)
    yield _count(wrong, first).format(
        values=came_and_expected(shown_number(actual[first]), shown_number(expected[first]))
    )
    if actual.ndim or actual.dtype.kind not in "biu":  # of two whole numbers the difference is plain to see
        yield from _error_line(error, expected, wrong, allowed)


def came_and_expected(came: str, expected: str) -> str:
    """Two values side by side."""
    return _("{came}, expected {expected}").format(came=came, expected=expected)


def _count(wrong: NDArray[np.bool_], first: tuple[Any, ...]) -> str:
    """How many values differ, and where the first is, before the `{values}` there; only these of a number alone."""
    many, total = int(wrong.sum()), wrong.size
    if total == 1:
        return "{values}"
    if many == 1:
        said = _("1 of {total} values differs, at {place}: {values}")
    elif many < total:
        said = _("{count} of {total} values differ, first at {place}: {values}")
    else:
        said = _("all {total} values differ, first at {place}: {values}")
    return said.format(count=many, total=total, place=_place(first), values="{values}")


def _place(index: tuple[Any, ...]) -> str:
    """An index as one would write it; nothing for a number on its own."""
    return f"[{', '.join(str(int(i)) for i in index)}]" if index else ""


def _allowed(rtol: float, atol: float) -> str:
    if atol and rtol:
        return _("{atol} plus {rtol} of the expected value").format(atol=f"{atol:g}", rtol=f"{rtol:g}")
    if rtol:
        return _("{rtol} of the expected value").format(rtol=f"{rtol:g}")
    return f"{atol:g}" if atol else _("none")


def _error_line(error: Numbers, expected: Numbers, wrong: NDArray[np.bool_], allowed: str) -> Iterator[str]:
    """Largest absolute and relative error among the places where both values are finite."""
    absolute = np.where(wrong & np.isfinite(error), error, -1.0)
    worst = _largest(absolute)
    if absolute[worst] < 0:
        return
    line = _at(_("largest absolute error {error}").format(error=f"{float(absolute[worst]):.3g}"), worst)
    relative = np.where((absolute >= 0) & (expected != 0), absolute / np.abs(_wide(expected)), -1.0)
    relative = np.where(np.isfinite(relative), relative, -1.0)
    place = _largest(relative)
    if relative[place] >= 0:
        said = _("largest relative error {error}").format(error=f"{float(relative[place]):.3g}")
        line += f", {_at(said, place) if place != worst else said}"
    yield _("{errors}; allowed: {allowed}").format(errors=line, allowed=allowed)


def _at(finding: str, index: tuple[Any, ...]) -> str:
    """A finding with its place, where there is more than one."""
    return _("{finding} at {place}").format(finding=finding, place=_place(index)) if index else finding


def _largest(values: Numbers) -> tuple[Any, ...]:
    """The index of the largest value; of True, the first."""
    return tuple(np.unravel_index(int(np.argmax(values)), values.shape))


def _special_line(word: str, came: NDArray[np.bool_], wanted: NDArray[np.bool_]) -> Iterator[str]:
    """Where NaN (or an infinity) is on one side alone."""
    parts = []
    for said, where in (
        (_("{value} where none is expected"), came & ~wanted),
        (_("{value} is missing"), wanted & ~came),
    ):
        if where.any():
            parts.append(_places(said.format(value=word), where))
    if parts:
        yield "; ".join(parts)


def _places(finding: str, where: NDArray[np.bool_]) -> str:
    many, first = int(where.sum()), _largest(where)
    if many == 1:
        return _at(finding, first)
    return _("{finding} ({count} places, first at {place})").format(finding=finding, count=many, place=_place(first))


def _dtype_line(actual: Numbers, expected: Numbers, error: Numbers) -> Iterator[str]:
    """The dtype, where it explains the difference."""
    came, wanted = actual.dtype, expected.dtype
    says = _("dtype {came}; expected {expected}").format(came=shown_dtype(came), expected=shown_dtype(wanted))
    why = ""
    if came.kind == "b" and wanted.kind != "b":
        why = _("True and False where numbers belong")
    elif came.kind in "iu" and wanted.kind in "fc":
        why = _("an integer array cannot hold fractions")
    elif came.kind == "c" and wanted.kind != "c":
        why = _("complex numbers where real ones belong")
    elif came.kind == "u" and bool(np.all(error % 2.0 ** (8 * came.itemsize) == 0)):
        why = _("{dtype} arithmetic wrapped round").format(dtype=shown_dtype(came))
    elif came.kind in "fc" and came.itemsize < wanted.itemsize:
        limit = FLOAT16_ROUNDING if came.itemsize == np.dtype(np.float16).itemsize else FLOAT32_ROUNDING
        if bool(np.all(error <= limit * np.abs(expected))):
            why = _("the difference is no more than the rounding of {dtype}").format(dtype=shown_dtype(came))
    if why:
        yield f"{says}: {why}"


# Patterns


class _Comparison(Struct, frozen=True):
    """The two arrays as wide floats, and the places to look at first: a pattern that fails there costs nothing."""

    actual: Numbers
    expected: Numbers
    places: tuple[NDArray[np.intp], ...]

    def explains(self, arranged: Numbers, change: Elementwise = np.asarray, rtol: float = PATTERN_RTOL) -> bool:
        """Whether `actual` equals `arranged`, each value changed by `change`."""
        if arranged.shape != self.actual.shape:
            return False
        if not close(self.actual[self.places], change(arranged[self.places]), rtol=rtol, atol=0.0).all():
            return False
        return bool(close(self.actual, change(arranged), rtol=rtol, atol=0.0).all())


def _pattern_line(actual: Numbers, expected: Numbers, wrong: NDArray[np.bool_]) -> Iterator[str]:
    """The one simple change of the expected values that gives the actual ones, if there is one."""
    flat = np.unique(np.linspace(0, actual.size - 1, SAMPLE).astype(np.intp))
    flat = np.concatenate([flat, np.flatnonzero(wrong)[:SAMPLE]])
    actual, expected = np.atleast_1d(_wide(actual)), np.atleast_1d(_wide(expected))
    both = _Comparison(actual, expected, tuple(np.unravel_index(flat, actual.shape)))
    nearly_right = both.explains(both.expected)  # then any pattern would seem to fit
    tries = [_rounded] if nearly_right else [_constant, _opposite, _arranged, _rounded]
    if not nearly_right and (actual.size == 1 or int(wrong.sum()) > 1):  # one wrong place among others has no rule
        tries += [_scaled, _shifted]
    found = next((text for text in (attempt(both) for attempt in tries) if text), "")
    if found:
        yield found


def _constant(both: _Comparison) -> str:
    """All values the same, where several are expected."""
    first = both.actual.reshape(-1)[:1]
    if _is_constant(both.expected) or not both.explains(np.broadcast_to(first, both.actual.shape)):
        return ""
    return _("every value is {value}").format(value=shown_number(first[0]))


def _is_constant(array: Numbers) -> bool:
    return bool(close(array, np.broadcast_to(array.reshape(-1)[:1], array.shape), rtol=PATTERN_RTOL, atol=0.0).all())


def _arranged(both: _Comparison) -> str:
    """The right values in the wrong places."""
    expected, ndim = both.expected, both.expected.ndim
    if ndim > 1 and both.explains(expected.swapaxes(-1, -2)):
        return _("looks transposed: rows and columns are swapped")
    names = {1: (_("the values look reversed"),), 2: (_("the rows look reversed"), _("the columns look reversed"))}
    for axis in range(ndim):
        if both.explains(np.flip(expected, axis)):
            along = _("the values along axis {axis} look reversed").format(axis=axis)
            return names[ndim][axis] if ndim in names else along
    if ndim > 1 and both.explains(np.flip(expected)):
        return _("all axes look reversed")
    return ""


def _opposite(both: _Comparison) -> str:
    if both.explains(both.expected, np.negative):
        return _("the sign is flipped: each value is minus the expected one")
    zero_one = (both.expected == 0) | (both.expected == 1)
    if zero_one.all() and not _is_constant(both.expected) and both.explains(both.expected, lambda e: 1 - e):
        return _("0 and 1 are swapped")
    return ""


def _rounded(both: _Comparison) -> str:
    if both.explains(both.expected, rtol=ROUNDED_RTOL) or (both.actual == 0).all():  # zeros alone are no rounding
        return ""
    for decimals in DECIMALS:
        if both.explains(both.expected, partial(_round, decimals=decimals), ROUNDED_RTOL):
            return _rounded_to(decimals)
    return ""


def _rounded_to(decimals: int) -> str:
    if not decimals:
        return _("looks rounded to whole numbers")
    said = ngettext("looks rounded to {count} decimal", "looks rounded to {count} decimals", decimals)
    return said.format(count=decimals)


def _round(numbers: Numbers, decimals: int) -> Numbers:
    return np.round(numbers, decimals)


def _scaled(both: _Comparison) -> str:
    """One factor for all values. A single value always has one, so there only a whole factor is worth a word."""
    size = np.where(np.isfinite(both.expected), np.abs(both.expected), -1.0)
    place = _largest(size)
    factor = both.actual[place] / both.expected[place]
    if not np.isfinite(factor) or factor == 0 or not both.explains(both.expected, lambda e: factor * e):
        return ""
    if _is_constant(both.expected) and not _is_nice(factor):
        return ""
    said = _("the value is {factor} times the expected one")
    if both.actual.size > 1:
        said = _("each value is {factor} times the expected one")
    return said.format(factor=_figure(factor))


def _is_nice(factor: Any) -> bool:
    """A whole number of 2 or more, or one over it."""
    ratio = max(abs(factor), 1 / abs(factor))
    whole = np.round(ratio)
    return bool(1 < whole <= NICE_FACTOR_LIMIT and abs(ratio - whole) < PATTERN_RTOL * ratio)


def _shifted(both: _Comparison) -> str:
    """One constant added to all values; a single value always has one, which says nothing."""
    finite = np.isfinite(both.expected)
    if not finite.any() or _is_constant(both.expected):
        return ""
    place = _largest(finite)
    shift = both.actual[place] - both.expected[place]
    if not np.isfinite(shift) or shift == 0 or not both.explains(both.expected, lambda e: e + shift):
        return ""
    said = _("each value is the expected one plus {shift}")
    if shift.real < 0:
        said = _("each value is the expected one minus {shift}")
    return said.format(shift=_figure(abs(shift)))


def _figure(number: Any) -> str:
    return f"{number:.4g}"
