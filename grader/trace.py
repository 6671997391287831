"""What a check asked of a module and what came back. Runs in: checks."""

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct, field

from grader.language import N_, _
from grader.result import Location

SAMPLED = 256  # values that are kept of a large array
_FOLDERS = re.compile(r"(?:[^\s'\"]*/)+")  # files that a check gives lie elsewhere in another process


class LearnerError(Struct, frozen=True):
    """An exception of the learner's code: its type names from its own to BaseException, its text, its place."""

    types: tuple[str, ...]
    message: str
    location: Location | None = None

    @property
    def kind(self) -> str:
        return self.types[0] if self.types else "Exception"

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}" if self.message else self.kind


class NotPlainData(AssertionError):
    """A learner's function returned what does not travel. `what`: "a MaskedArray"."""

    def __init__(self, what: str) -> None:
        said = _("returned {what}; return plain data: an array, a number, a text, a list, a tuple or a dict")
        super().__init__(said.format(what=travelling(what)))
        self.what = what


# What stands in `grader.wire` and `grader.parts`, where nobody knows of languages; further ones have no names in them.
_TRAVELLING = (
    (re.compile(r"an (?P<type>\w+)"), N_("an {type}")),
    (re.compile(r"a (?P<type>\w+)"), N_("a {type}")),
    (re.compile(r"an array of dtype (?P<dtype>\S+)"), N_("an array of dtype {dtype}")),
    (re.compile(r"an integer of (?P<count>\S+) bits"), N_("an integer of {count} bits")),
    (
        re.compile(r"an array of (?P<size>\S+) MiB \(at most (?P<most>\S+) travel\)"),
        N_("an array of {size} MiB (at most {most} travel)"),
    ),
    (
        re.compile(r"arrays of (?P<size>\S+) MiB \(at most (?P<most>\S+) travel\)"),
        N_("arrays of {size} MiB (at most {most} travel)"),
    ),
    (
        re.compile(r"a value of (?P<size>\S+) MiB \(at most (?P<most>\S+) MiB outside arrays\)"),
        N_("a value of {size} MiB (at most {most} MiB outside arrays)"),
    ),
)


_WITHOUT_NAMES = (
    N_("a function"),
    N_("a value nested too deeply, or containing itself"),
    N_("a Decimal with too many digits or too large an exponent"),
    N_("a Fraction of too many digits"),
    N_("a range of too many numbers"),
    N_("an address of too many characters"),
    N_("an empty array of too large a shape"),
)


def travelling(what: str) -> str:
    """What a learner's process says of a value that does not travel, in the language in use if it is known."""
    if what in _WITHOUT_NAMES:
        return _(what)
    found = ((pattern.fullmatch(what), message) for pattern, message in _TRAVELLING)
    return next((_(message).format(**match.groupdict()) for match, message in found if match), what)


class Entry(Struct):
    """One call: what went in, and either `value`, `error`, or `unsendable`."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    value: Any = None
    error: LearnerError | None = None
    unsendable: str | None = None
    finished: bool = False


class Trace(Struct):
    """The calls of one check, in order. Beyond `limit` they are counted but not kept."""

    entries: list[Entry] = field(default_factory=list)
    limit: int = 2000
    lost: int = 0

    def add(self, entry: Entry) -> None:
        if len(self.entries) < self.limit:
            self.entries.append(entry)
        else:
            self.lost += 1


class Sample(Struct, frozen=True):
    """What is kept of a large array: enough to see that another one differs, too little to see that it is the same."""

    shape: tuple[int, ...]
    values: np.ndarray[Any, Any]  # every so many of all

    @classmethod
    def of(cls, array: np.ndarray[Any, Any]) -> "Sample":
        """At most SAMPLED values, spread over the array."""
        return cls(array.shape, array.ravel()[:: max(1, array.size // SAMPLED)].copy())

    def may_be(self, other: Any) -> bool:
        """Whether this may be a sample of the other value."""
        if type(other) is not np.ndarray or other.shape != self.shape:
            return False
        return _same_array(self.values, Sample.of(other).values)


def answers_alike(entry: Entry, trace: Trace, place: int) -> bool:
    """Whether the call at this place of a trace was the same, and came back with the same."""
    return place < len(trace.entries) and _same_entry(entry, trace.entries[place])


def begins_alike(entries: Sequence[Entry], trace: Trace) -> bool:
    """Whether a trace may be one that begins with these calls; a call that has not come back says nothing."""
    if len(entries) > len(trace.entries):
        return False
    return all(_same_entry(a, b) for a, b in zip(entries, trace.entries, strict=False) if a.finished)


def same(one: Trace, other: Trace) -> bool:
    """Whether two modules answered the same calls with the same results, up to rounding."""
    if one.lost != other.lost or len(one.entries) != len(other.entries):
        return False
    pairs = list(zip(one.entries, other.entries, strict=True))
    if not all(_same_entry(a, b) for a, b in pairs):
        return False
    match pairs[-1:]:
        case [(Entry(error=LearnerError() as a), Entry(error=LearnerError() as b))]:
            return _same_text(a, b)
    return True


def _same_entry(a: Entry, b: Entry) -> bool:
    if a.name != b.name or a.unsendable != b.unsendable or (a.error is None) != (b.error is None):
        return False
    if a.error is None or b.error is None:
        eps = max(_eps(value) for value in (*b.args, *b.kwargs.values(), b.value))
        return _same_value(a.value, b.value, max(1e-9, 1e4 * eps))
    own_words = _in_own_words(a.error) or _in_own_words(b.error)
    return a.error.kind == b.error.kind and (own_words or _same_text(a.error, b.error))


def _in_own_words(error: LearnerError) -> bool:
    """Whether a `raise` of the code itself made it: two people write two texts. It must not be what ended the check."""
    return error.location is not None and error.location.text.lstrip().startswith("raise")


def _same_text(a: LearnerError, b: LearnerError) -> bool:
    return _gist(a.message) == _gist(b.message)


def _gist(message: str) -> str:
    """What NumPy complains of, whichever of its functions does: "overflow encountered in exp" or "in power"."""
    return "read-only" if "read-only" in message else _FOLDERS.sub("", message.partition(" encountered in ")[0])


def _eps(value: Any) -> float:
    """The machine epsilon of the coarsest floating-point numbers in it; 0 where there are none."""
    if isinstance(value, np.ndarray | np.generic):
        return float(np.finfo(value.dtype).eps) if value.dtype.kind in "fc" else 0.0
    if isinstance(value, list | tuple):
        return max(map(_eps, value), default=0.0)
    if isinstance(value, dict):
        return max(map(_eps, value.values()), default=0.0)
    return 0.0


def _same_value(a: Any, b: Any, rtol: float) -> bool:  # noqa: PLR0911 - one case for each kind
    """Whether two results are the same. A Python float may come of coarser numbers in its call: `rtol` is for it."""
    match a:
        case Sample():
            return a.may_be(b)
        case _ if type(a) is not type(b):
            return False
        case np.ndarray() | np.generic():
            return _same_array(np.asarray(a), np.asarray(b))
        case float():
            return math.isclose(a, b, rel_tol=rtol, abs_tol=1e-15) or (math.isnan(a) and math.isnan(b))
        case list() | tuple():
            return len(a) == len(b) and all(_same_value(x, y, rtol) for x, y in zip(a, b, strict=True))
        case dict():
            return a.keys() == b.keys() and all(_same_value(a[key], b[key], rtol) for key in a)
    return bool(a == b)


def _same_array(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> bool:
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.dtype.kind not in "fc":
        return bool(np.array_equal(a, b))
    eps = float(np.finfo(a.dtype).eps)
    with np.errstate(all="ignore"):
        return bool(np.allclose(a, b, rtol=1e4 * eps, atol=10 * eps, equal_nan=True))
