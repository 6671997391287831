"""Values that travel as their parts: dates, fractions, ranges, addresses. Runs in: both."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Any
from uuid import UUID

MOST_OF_RANGE = (
    1_000_000  # numbers: a `range` is a few bytes here, and what makes an array or a list of it has them all
)
LONGEST_ADDRESS = 100  # characters: an IPv6 address may name its zone
MAX_EXPONENT = 10_000  # of a Decimal: what compares one with a Fraction writes it out
MAX_FRACTION_BITS = 1 << 15  # of numerator and denominator: what makes one takes the square of their number


class Code(IntEnum):
    """The extension types, as numbered in the table of `grader.wire`."""

    TUPLE = 1
    SET = 2
    FROZENSET = 3
    INTEGER = 4
    COMPLEX = 5
    ARRAY = 6
    SCALAR = 7
    BYTES = 8
    PATH = 9
    NAMESPACE = 10
    REFERENCE = 11
    DATE = 12
    TIME = 13
    DATETIME = 14
    TIMEDELTA = 15
    TIMEZONE = 16
    DECIMAL = 17
    FRACTION = 18
    RANGE = 19
    SLICE = 20
    SINGLETON = 21
    ADDRESS = 22
    UUID = 23


class WireError(Exception):
    """What came over the wire is not a frame of ours."""


class Unsendable(Exception):
    """A value that does not travel. `what` says what it is: "a MaskedArray", "an integer of 40000 bits"."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def unsendable(value: object) -> Unsendable:
    """The exception that names the type of a value: "a MaskedArray"."""
    name = type(value).__name__
    return Unsendable(f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}")


def _decimal_text(value: Decimal) -> str:
    text = str(value)
    if len(text) > MAX_EXPONENT or (value.is_finite() and abs(value.adjusted()) > MAX_EXPONENT):
        raise Unsendable("a Decimal with too many digits or too large an exponent")
    return text


def _fraction_parts(value: Fraction) -> list[int]:
    found = [value.numerator, value.denominator]
    if max(part.bit_length() for part in found) > MAX_FRACTION_BITS:
        raise Unsendable("a Fraction of too many digits")
    return found


def _range_parts(value: range) -> list[int]:
    if abs(value.stop - value.start) // abs(value.step) > MOST_OF_RANGE:
        raise Unsendable("a range of too many numbers")
    return [value.start, value.stop, value.step]


_ADDRESSES: dict[str, type] = {
    kind.__name__: kind for kind in (IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network)
}


def _address_parts(value: Any) -> list[str]:
    if len(str(value)) > LONGEST_ADDRESS:
        raise Unsendable("an address of too many characters")
    return [type(value).__name__, str(value)]


TAKEN: dict[type, tuple[Code, Callable[[Any], Any]]] = {
    date: (Code.DATE, lambda d: [d.year, d.month, d.day]),
    time: (Code.TIME, lambda t: [t.hour, t.minute, t.second, t.microsecond, t.tzinfo, t.fold]),
    datetime: (
        Code.DATETIME,
        lambda d: [d.year, d.month, d.day, d.hour, d.minute, d.second, d.microsecond, d.tzinfo, d.fold],
    ),
    timedelta: (Code.TIMEDELTA, lambda d: [d.days, d.seconds, d.microseconds]),
    timezone: (Code.TIMEZONE, lambda z: list(z.__getinitargs__())),
    Decimal: (Code.DECIMAL, _decimal_text),
    Fraction: (Code.FRACTION, _fraction_parts),
    range: (Code.RANGE, _range_parts),
    slice: (Code.SLICE, lambda s: [s.start, s.stop, s.step]),
    type(Ellipsis): (Code.SINGLETON, str),
    type(NotImplemented): (Code.SINGLETON, str),
    **dict.fromkeys(_ADDRESSES.values(), (Code.ADDRESS, _address_parts)),
    UUID: (Code.UUID, lambda u: [u.bytes]),
}


def _whole(kind: Callable[..., Any], count: int) -> Callable[..., Any]:
    """A maker from so many integers, and nothing else: `Fraction("1e9999999")` would be a text that is written out."""

    def make(*parts: Any) -> Any:
        if len(parts) != count or any(type(part) is not int for part in parts):
            raise WireError(f"parts of {kind}")
        return kind(*parts)

    return make


def _time(*parts: Any) -> time:
    *numbers, zone, fold = parts
    return _whole(time, 4)(*numbers).replace(tzinfo=zone, fold=fold)  # type: ignore[no-any-return]


def _datetime(*parts: Any) -> datetime:
    *numbers, zone, fold = parts
    return _whole(datetime, 7)(*numbers).replace(tzinfo=zone, fold=fold)  # type: ignore[no-any-return]


def _fraction(*parts: Any) -> Fraction:
    if any(type(part) is int and part.bit_length() > MAX_FRACTION_BITS for part in parts):
        raise WireError("a Fraction that is too long")
    return _whole(Fraction, 2)(*parts)  # type: ignore[no-any-return]


def _range(*parts: Any) -> range:
    made: range = _whole(range, 3)(*parts)
    try:
        _range_parts(made)
    except Unsendable as error:
        raise WireError(error.what) from None
    return made


def _address(*parts: Any) -> Any:
    kind, text = parts
    if type(text) is not str or len(text) > LONGEST_ADDRESS:
        raise WireError("no address")
    return _ADDRESSES[kind](text)


def _uuid(*parts: Any) -> UUID:
    (data,) = parts
    if type(data) is not bytes:
        raise WireError("no UUID")
    return UUID(bytes=data)


MADE: dict[int, Callable[..., Any]] = {
    Code.DATE: _whole(date, 3),
    Code.TIME: _time,
    Code.DATETIME: _datetime,
    Code.TIMEDELTA: _whole(timedelta, 3),
    Code.TIMEZONE: timezone,
    Code.FRACTION: _fraction,
    Code.RANGE: _range,
    Code.SLICE: slice,
    Code.ADDRESS: _address,
    Code.UUID: _uuid,
}


def decimal(text: str) -> Decimal:
    """A Decimal of a text. Raises WireError for one with too large an exponent."""
    value = Decimal(text)
    if value.is_finite() and abs(value.adjusted()) > MAX_EXPONENT:
        raise WireError("exponent too large")
    return value
