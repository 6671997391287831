"""Values and frames: what travels arrives the same, and what comes is a value or a WireError."""

import ipaddress
import itertools
import math
import os
import re
import socket
import struct
import sys
import threading
import tracemalloc
import uuid
import zoneinfo
from collections import OrderedDict, namedtuple
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader import parts, wire
from grader.wire import Code, Unsendable, WireError, decode, encode

KINDS = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
DTYPES = st.sampled_from([np.dtype(order + kind) for kind in KINDS for order in "<>"])
TEXTS = st.text(st.characters(), max_size=20)  # surrogates included
EDGES = st.sampled_from([2**63, -(2**63) - 1, 2**64, 2**64 - 1])
LARGE = st.tuples(st.integers(), st.integers(0, 8 * wire.MAX_INTEGER_BYTES - 200)).map(
    lambda parts: parts[0] << parts[1]
)
INTEGERS = st.integers() | EDGES | LARGE
NUMBERS = INTEGERS | st.booleans() | st.floats() | st.complex_numbers()
A_DAY = timedelta(days=1)
OFFSETS = st.timedeltas(timedelta.resolution - A_DAY, A_DAY - timedelta.resolution)
TIMEZONES = st.just(UTC) | st.builds(timezone, OFFSETS) | st.builds(timezone, OFFSETS, TEXTS)
FOLDS = st.sampled_from([0, 1])
MOMENTS = (
    st.dates()
    | st.builds(lambda t, zone, fold: t.replace(tzinfo=zone, fold=fold), st.times(), st.none() | TIMEZONES, FOLDS)
    | st.builds(lambda d, zone, fold: d.replace(tzinfo=zone, fold=fold), st.datetimes(), st.none() | TIMEZONES, FOLDS)
    | st.timedeltas()
    | TIMEZONES
)
EXPONENTS = st.integers(-parts.MAX_EXPONENT, parts.MAX_EXPONENT)
DECIMALS = (
    st.decimals().filter(lambda d: not d.is_snan())
    | st.builds(lambda digit, sign, exponent: Decimal((sign, (digit,), exponent)), st.integers(0, 9), FOLDS, EXPONENTS)
    | st.builds(Decimal, st.sampled_from(["NaN", "-NaN123", "-0", "-0E+3", "0E-9999", "-Infinity", "1.50"]))
)
ARE_KNOWN_APART = st.just(Ellipsis) | st.just(NotImplemented)
RANGES = st.builds(
    lambda start, step, count: range(start, start + step * count, step),
    INTEGERS,
    INTEGERS.filter(bool),
    st.integers(0, parts.MOST_OF_RANGE),
)
ADDRESSES = st.builds(
    lambda address, kind: getattr(ipaddress, f"IPv{address.version}{kind}")(address),
    st.ip_addresses(),
    st.sampled_from(["Address", "Interface", "Network"]),
)
PLAIN_KEYS = (
    ADDRESSES
    | st.uuids()
    | NUMBERS
    | TEXTS
    | st.binary(max_size=20)
    | st.none()
    | MOMENTS
    | DECIMALS
    | st.fractions()
    | RANGES
)
SIGNALLING = st.sampled_from([Decimal("sNaN"), Decimal("-sNaN7")])  # these cannot be hashed


@st.composite
def keys(draw: st.DrawFn, depth: int = 2) -> Any:
    """What can be hashed, tuples and frozensets included."""
    kind = draw(st.sampled_from([None, None, tuple, frozenset])) if depth else None
    return kind(draw(st.lists(keys(depth - 1), max_size=3))) if kind else draw(PLAIN_KEYS)


LAYOUTS: list[Callable[[Any], Any]] = [
    lambda a: a,
    np.asfortranarray,
    np.transpose,
    lambda a: a[..., ::-2] if a.ndim else a,
    lambda a: a.reshape(-1)[0] if a.size else a,
]


@st.composite
def arrays(draw: st.DrawFn) -> Any:
    """Arrays of every dtype and layout: empty, 0-d, Fortran, reversed and strided ones; and numpy scalars."""
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    return draw(st.sampled_from(LAYOUTS))(draw(hnp.arrays(draw(DTYPES), shape)))


@st.composite
def values(draw: st.DrawFn, depth: int = 3) -> Any:
    """Whatever travels, nested."""
    kind = draw(st.sampled_from([None, list, tuple, dict, set, frozenset, SimpleNamespace, slice])) if depth else None
    if kind is None:
        return draw(PLAIN_KEYS | arrays() | st.just(Path("a/b.txt")) | SIGNALLING | ARE_KNOWN_APART)
    if kind in (set, frozenset):
        return kind(draw(st.lists(keys(), max_size=4)))
    if kind is slice:
        return slice(*[draw(values(depth - 1)) for _ in range(3)])
    items = draw(st.lists(values(depth - 1), max_size=4))
    if kind in (list, tuple):
        return kind(items)
    names = draw(st.lists(keys() if kind is dict else st.text(max_size=5), min_size=len(items), max_size=len(items)))
    pairs = dict(zip(names, items, strict=True))
    return pairs if kind is dict else SimpleNamespace(**pairs)


def frame(value: object, **options: Any) -> tuple[bytes, bytes]:
    """Body and blobs of a value, after its header has been believed."""
    data = b"".join(bytes(piece) for piece in encode(value, **options))
    body, blobs = wire.lengths(data[: wire.HEADER.size])
    assert len(data) == wire.HEADER.size + body + blobs
    return data[wire.HEADER.size : wire.HEADER.size + body], data[wire.HEADER.size + body :]


def there_and_back(value: object, **options: Any) -> Any:
    return decode(*frame(value, **options))


def same(a: Any, b: Any) -> bool:  # noqa: PLR0911 - a case for each type
    """Whether two values are the same to the last bit and of exactly the same types."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return (a.dtype.str, a.shape, a.tobytes()) == (b.dtype.str, b.shape, b.tobytes())
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a), list(b)) and all(map(same, a.values(), b.values()))
    if isinstance(a, set | frozenset):
        return len(a) == len(b) and all(any(same(x, y) for y in b) for x in a)
    if isinstance(a, SimpleNamespace):
        return same(vars(a), vars(b))
    if isinstance(a, range | slice):
        return same([a.start, a.stop, a.step], [b.start, b.stop, b.step])
    if isinstance(
        a, date | time | timezone | Decimal
    ):  # equal are also another fold, a zone of another name, 1.0 and 1
        return repr(a) == repr(b)
    return bool(a == b)


# What travels


@given(values())
def test_every_accepted_value_arrives_as_it_was(value: Any) -> None:
    """A value of the table comes out with its exact type, sign, byte order and bits."""
    assert same(there_and_back(value), value)


@pytest.mark.parametrize("dtype", [np.dtype(o + kind) for kind in (*KINDS, "f16", "c32") for o in "<>"], ids=str)
def test_every_dtype_of_the_table_travels(dtype: np.dtype[Any]) -> None:
    """Each dtype arrives in its own byte order, as array and as scalar."""
    array = np.array([0, 1, 1], dtype)
    assert same(there_and_back(array), array)
    assert same(there_and_back(array[1]), array[1])


ODD = [
    *(-0.0, math.nan, -math.nan, math.inf, 5e-324, "\ud800", "", b""),
    *(
        datetime.min,
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-23), "far"), fold=1),
        time.max,
        timedelta.min,
    ),
    *(Decimal("-0"), Decimal("sNaN1"), Decimal("9E+10000"), Decimal("-9E-10000"), Decimal("7" * 10_000)),
    *(range(5, 0, -2), slice(None), slice("a", ..., NotImplemented), Fraction(-1, 3)),
    *(2**524286, -(2**524286)),
    *(ipaddress.ip_address("fe80::1%eth0"), ipaddress.ip_interface("1.2.3.4/8"), uuid.UUID(int=2**128 - 1)),
]


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_the_odd_ones_travel(value: object) -> None:
    """Negative zero, NaN of either sign, half a surrogate pair and the largest integers arrive unchanged."""
    assert same(there_and_back(value), value)


def test_arrays_arrive_read_only_when_asked() -> None:
    """With writable=False arrays arrive read-only, otherwise each as it was."""
    array, fixed = np.arange(3.0), np.arange(3.0)
    fixed.flags.writeable = False
    assert [a.flags.writeable for a in there_and_back([array, fixed])] == [True, False]
    assert [a.flags.writeable for a in there_and_back([array, fixed], writable=False)] == [False, False]


def test_a_bytearray_arrives_as_bytes() -> None:
    """The one type that changes on the way, as the table says."""
    assert same(there_and_back(bytearray(b"abc")), b"abc")


def test_long_byte_strings_travel_beside_the_body() -> None:
    """A byte string over 1 KiB is put among the raw bytes, and comes back as bytes."""
    data = os.urandom(3_000_000)
    assert there_and_back(["write", data]) == ["write", data]


def test_a_function_travels_as_its_number() -> None:
    """With a numbering, a function becomes a number on the way and a function again at the other end."""
    functions: list[Callable[..., Any]] = []

    def number(function: Callable[..., Any]) -> int:
        functions.append(function)
        return len(functions) - 1

    body, blobs = frame({"f": math.sin}, refer=number)
    assert decode(body, blobs, resolve=functions.__getitem__) == {"f": math.sin}
    with pytest.raises(WireError):
        decode(body, blobs)


# What doesn't


class Plain(list):  # type: ignore[type-arg]
    """A list that isn't one."""


class Colour(IntEnum):
    RED = 1


Point = namedtuple("Point", "x y")


def deep(kind: Callable[[list[Any]], Any], depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = kind([value])
    return value


def in_itself() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (np.ma.array([1.0], mask=True), "a MaskedArray"),
        (np.zeros((1, 1)).view(np.matrix), "a matrix"),
        (np.array([None]), "an array of dtype object"),
        (np.array(["a"]), "an array of dtype str32"),
        (np.array(["2020-01-01"], "M8[D]"), "an array of dtype datetime64[D]"),
        (np.zeros(1, [("x", "f8")]), "an array of dtype void64"),
        (np.str_("a"), "a str_"),
        (np.datetime64("2020-01-01"), "a datetime64"),
        (Plain([1]), "a Plain"),
        (Colour.RED, "a Colour"),
        (Point(1, 2), "a Point"),
        (OrderedDict(), "an OrderedDict"),
        (datetime(2020, 1, 1, tzinfo=zoneinfo.ZoneInfo("UTC")), "a ZoneInfo"),
        (Decimal("1E+10001"), "a Decimal with too many digits or too large an exponent"),
        (Decimal("0E-10001"), "a Decimal with too many digits or too large an exponent"),
        (Decimal("7" * 10_001), "a Decimal with too many digits or too large an exponent"),
        (Decimal("NaN" + "7" * 10_000), "a Decimal with too many digits or too large an exponent"),
        (Fraction(1, 2**40_000), "a Fraction of too many digits"),
        (ipaddress.ip_address("::1%" + "z" * 100), "an address of too many characters"),
        (range(2**600_000), "a range of too many numbers"),
        (slice(object()), "an object"),
        (object(), "an object"),
        (int, "a type"),
        (math.sin, "a builtin_function_or_method"),
        (2**600_000, "an integer of 600,001 bits"),
        (np.zeros(9_000_000), "an array of 69 MiB (at most 64 travel)"),
        ([np.zeros(5_000_000), np.zeros(5_000_000)], "arrays of 76 MiB (at most 64 travel)"),
        ([np.zeros(2**23)] * 66, "arrays of 128 MiB (at most 64 travel)"),  # 32 bits can't say where the last is
        (["x" * 3_000_000], "a value of 2.9 MiB (at most 2 MiB outside arrays)"),
        (np.zeros((2**20, 0)), "an empty array of too large a shape"),
        (np.broadcast_to(0.0, 2**40), "an array of 8,388,608 MiB (at most 64 travel)"),
        (in_itself(), "a value nested too deeply, or containing itself"),
        (deep(list, 2000), "a value nested too deeply, or containing itself"),
        (deep(tuple, 100), "a value nested too deeply, or containing itself"),
        (deep(lambda inner: SimpleNamespace(inner=inner), 100), "a value nested too deeply, or containing itself"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value[:30],
)
def test_what_does_not_travel_is_named(value: object, what: str) -> None:
    """A value outside the table is refused by name, wherever it stands, and takes no memory to refuse."""
    with pytest.raises(Unsendable) as alone:
        encode(value)
    assert alone.value.what == what
    with pytest.raises(Unsendable) as within:
        encode([{"key": value}])
    assert within.value.what == what


def test_a_huge_broadcast_array_is_refused_without_memory() -> None:
    """Eight terabytes that are one number are refused before anything is copied."""
    tracemalloc.start()
    try:
        with pytest.raises(Unsendable):
            encode(np.broadcast_to(0.0, 2**40))
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@given(st.sampled_from([tuple, list]), st.integers(1, 40))
def test_what_is_not_refused_for_its_depth_can_be_read(kind: Any, depth: int) -> None:
    """Whatever depth the sender lets through, the receiver takes."""
    try:
        body, blobs = frame(deep(kind, depth))
    except Unsendable:
        assert kind is tuple
        assert depth >= wire.MAX_DEPTH - 1
    else:
        assert same(decode(body, blobs), deep(kind, depth))


# What comes


def one_function(number: Any) -> Callable[..., Any]:
    """What 0 stands for; the errors of anything else are those that a lookup may well have."""
    return [math.sin][number] if type(number) is int and number >= 0 else 1 / 0  # type: ignore[return-value]


def value_or_wire_error(body: bytes, blobs: bytes) -> None:
    with suppress(WireError):
        decode(body, blobs, resolve=one_function)


@settings(max_examples=400)
@given(st.binary(max_size=200), st.binary(max_size=64))
def test_random_bytes_are_a_value_or_a_wire_error(body: bytes, blobs: bytes) -> None:
    """No bytes raise anything but WireError."""
    value_or_wire_error(body, blobs)


@settings(max_examples=400)
@given(values(), st.data())
def test_a_damaged_frame_is_a_value_or_a_wire_error(value: Any, data: st.DataObject) -> None:
    """A valid frame with bytes changed, removed or added raises nothing but WireError."""
    body, blobs = frame(value)
    damaged = bytearray(body)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged)))
        end = data.draw(st.integers(place, min(place + 2, len(damaged))))
        damaged[place:end] = data.draw(st.binary(max_size=3))
    value_or_wire_error(bytes(damaged), blobs[: data.draw(st.integers(0, len(blobs)))])


@given(st.integers(0, 127), st.recursive(PLAIN_KEYS, lambda inner: st.lists(inner, max_size=5)))
def test_every_extension_with_any_content_is_a_value_or_a_wire_error(code: int, content: Any) -> None:
    """An extension type, known or not, with content that may not fit raises nothing but WireError."""
    try:
        body = msgpack.packb(msgpack.ExtType(code, msgpack.packb(content)))
    except (OverflowError, UnicodeEncodeError, TypeError):
        return
    value_or_wire_error(body, bytes(64))


def ext(code: int, value: object) -> msgpack.ExtType:
    return msgpack.ExtType(code, msgpack.packb(value))


@pytest.mark.parametrize(
    ("value", "blobs"),
    [
        (ext(Code.ARRAY, ["<f8", [2], False, 0]), bytes(8)),
        (ext(Code.ARRAY, ["<f8", [1], False, -8]), bytes(8)),
        (ext(Code.ARRAY, ["<f8", [-1], False, 0]), bytes(8)),
        (ext(Code.ARRAY, ["<f8", [2**62, 4], False, 0]), bytes(8)),
        (ext(Code.ARRAY, ["<f8", [2**26, 2**26, 0], False, 0]), bytes(8)),  # a list of its rows has no end
        (ext(Code.ARRAY, ["<f8", [0, 2**26, 2**6], False, 0]), bytes(8)),
        (ext(Code.ARRAY, ["<f8", [1] * 40, False, 0]), bytes(8)),
        (ext(Code.ARRAY, ["<f8", [True], False, 0]), bytes(8)),
        (ext(Code.ARRAY, ["<f8", [1.0], False, 0]), bytes(8)),
        (ext(Code.ARRAY, ["<f8", [1], 0, 0]), bytes(8)),
        (ext(Code.ARRAY, ["<f8", [1], False, 0.0]), bytes(8)),
        (ext(Code.ARRAY, ["<f8", [1], False]), bytes(8)),
        (ext(Code.ARRAY, ["<f8", [msgpack.ExtType(Code.INTEGER, b"\1")], False, 0]), bytes(8)),
        (ext(Code.ARRAY, ["<f8", [msgpack.Timestamp(1, 0)], False, 0]), bytes(8)),
        (ext(Code.ARRAY, [b"<f8", [1], False, 0]), bytes(8)),
        (ext(Code.ARRAY, {"<f8": [1]}), bytes(8)),
        (msgpack.ExtType(Code.ARRAY, msgpack.packb(["<f8", [1], False, 0])[:-1]), bytes(8)),
        (msgpack.ExtType(Code.ARRAY, msgpack.packb(["<f8", [1], False, 0]) + b"\0"), bytes(8)),
        (ext(Code.ARRAY, ["|O", [1], False, 0]), bytes(8)),
        (ext(Code.ARRAY, ["<f8,<f8", [1], False, 0]), bytes(16)),
        (ext(Code.ARRAY, ["|b1", [1], False, 0]), b"\x02"),
        (ext(Code.SCALAR, ["<f8", b""]), b""),
        (ext(Code.SCALAR, ["<f8", b"1"]), b""),
        (ext(Code.BYTES, [0, 9]), bytes(8)),
        (ext(Code.BYTES, [-1, 1]), bytes(8)),
        (ext(Code.COMPLEX, [1, 2]), b""),
        (ext(Code.SET, [[]]), b""),
        (ext(Code.NAMESPACE, {1: 2}), b""),
        (ext(Code.REFERENCE, -1), b""),
        (ext(Code.REFERENCE, 1), b""),
        (ext(Code.REFERENCE, 1.0), b""),
        (ext(Code.REFERENCE, {}), b""),
        (ext(Code.PATH, b"a"), b""),
        (msgpack.ExtType(Code.INTEGER, bytes(wire.MAX_INTEGER_BYTES + 1)), b""),
        (ext(Code.DATE, [2000, 13, 1]), b""),
        (ext(Code.DATE, [2**40, 1, 1]), b""),
        (ext(Code.DATE, {"year": 2000}), b""),
        (ext(Code.TIME, [0, 0, 0, 0, None]), b""),
        (ext(Code.TIME, [0, 0, 0, 0, None, 2]), b""),
        (ext(Code.TIME, [0, 0, 0, 0, "UTC", 0]), b""),
        (ext(Code.DATETIME, [2000, 1, 1, 24, 0, 0, 0, None, 0]), b""),
        (ext(Code.TIMEDELTA, [10**10, 0, 0]), b""),
        (ext(Code.TIMEDELTA, ["1", 0, 0]), b""),
        (ext(Code.TIMEZONE, [ext(Code.TIMEDELTA, [1, 0, 0])]), b""),
        (ext(Code.TIMEZONE, [3600]), b""),
        (ext(Code.DECIMAL, "one"), b""),
        (ext(Code.DECIMAL, 1), b""),
        (ext(Code.DECIMAL, "1E+10001"), b""),
        (ext(Code.DECIMAL, "-1E-10001"), b""),
        (ext(Code.DECIMAL, "7" * 10_001), b""),
        (ext(Code.FRACTION, [1, 0]), b""),
        (ext(Code.FRACTION, [1, 0.5]), b""),
        (ext(Code.FRACTION, "1/2"), b""),
        (ext(Code.FRACTION, ["1e3"]), b""),
        (ext(Code.FRACTION, [1, msgpack.ExtType(Code.INTEGER, bytes(5_000) + b"\x01")]), b""),
        (ext(Code.RANGE, [0, 1, 0]), b""),
        (ext(Code.RANGE, [0, 1_000_001, 1]), b""),
        (ext(Code.RANGE, [0, 1.5, 1]), b""),
        (ext(Code.SLICE, []), b""),
        (ext(Code.SINGLETON, "None"), b""),
        (ext(Code.SINGLETON, ["Ellipsis"]), b""),
        (ext(Code.ADDRESS, ["IPv4Address", 1]), b""),
        (ext(Code.ADDRESS, ["IPv4Address", "1.2.3"]), b""),
        (ext(Code.ADDRESS, ["IPv4Network", "1.2.3.4/8"]), b""),
        (ext(Code.ADDRESS, ["IPv6Address", "::1%" + "z" * parts.LONGEST_ADDRESS]), b""),
        (ext(Code.ADDRESS, ["ip_address", "1.2.3.4"]), b""),
        (ext(Code.ADDRESS, [["IPv4Address"], "1.2.3.4"]), b""),
        (ext(Code.ADDRESS, ["IPv4Address"]), b""),
        (ext(Code.ADDRESS, "1.2.3.4"), b""),
        (ext(Code.UUID, [bytes(15)]), b""),
        (ext(Code.UUID, ["0" * 32]), b""),
        (ext(Code.UUID, []), b""),
        (ext(99, 1), b""),
    ],
)
def test_what_encode_never_makes_is_refused(value: object, blobs: bytes) -> None:
    """Places outside the frame, foreign dtypes, negative numbers and the like are no values."""
    with pytest.raises(WireError):
        decode(msgpack.packb([value]), blobs, resolve=one_function)


def test_a_timestamp_of_messagepack_is_a_plain_number() -> None:
    """MessagePack's own extension type brings no class of its own in."""
    assert decode(msgpack.packb(msgpack.Timestamp(1, 0)), b"") == 1.0


def test_arrays_that_share_their_bytes_are_refused() -> None:
    """A thousand arrays over the same bytes would be a thousand copies: the frame is refused before."""
    one = ext(Code.ARRAY, ["<f8", [2**17], True, 0])
    with pytest.raises(WireError):
        decode(msgpack.packb([one] * 1000), bytes(2**20))


@pytest.mark.parametrize("holder", [Code.SET, Code.FROZENSET, None], ids=["set", "frozenset", "dict"])
@pytest.mark.parametrize("kind", ["integers", "tuples"])
def test_keys_with_one_hash_are_refused_before_they_cost_time(holder: Code | None, kind: str) -> None:
    """A hundred thousand keys that all have the same hash would take minutes to put into a set."""
    modulus = sys.hash_info.modulus
    if kind == "integers":
        keys = [msgpack.ExtType(Code.INTEGER, (n * modulus).to_bytes(12, "little")) for n in range(10, 40_010)]
    else:
        keys = [ext(Code.TUPLE, [-1 - (n >> bit & 1) for bit in range(17)]) for n in range(40_000)]
    items: Any = msgpack.packb(keys)
    body = msgpack.packb(dict.fromkeys(keys)) if holder is None else msgpack.packb(msgpack.ExtType(holder, items))
    with pytest.raises(WireError, match="keys"):
        decode(body, b"")


def with_one_hash(count: int) -> list[msgpack.Timestamp]:
    """Times that all have the same hash, which is that of (seconds, nanoseconds): `tuplehash` of CPython, backwards."""
    first, second, start, bits = 11400714785074694791, 14029467366897019727, 2870177450012600261, 2**64
    found: list[msgpack.Timestamp] = []
    for nanoseconds in itertools.count():
        lane = 4711
        for item in (nanoseconds, 0):
            lane = lane * pow(first, -1, bits) % bits
            lane = ((lane >> 31) | (lane << 33)) % bits - item * second
        seconds = (lane - start) * pow(second, -1, bits) % bits
        if seconds < sys.hash_info.modulus:
            found.append(msgpack.Timestamp(seconds, nanoseconds))
        if len(found) == count:
            return found
    raise AssertionError


def test_a_map_does_not_say_where_an_array_is() -> None:
    """Nor is one built of what stands there: 130,000 keys with one hash fit into a body, and would take ten minutes."""
    keys = with_one_hash(50)
    assert len({hash(key) for key in keys}) == 1
    compared = 0

    def counted(frame: Any, event: str, _: object) -> None:
        nonlocal compared
        compared += event == "call" and frame.f_code.co_name == "__eq__"

    body = msgpack.packb(ext(Code.ARRAY, ["<f8", [dict.fromkeys(keys)], False, 0]))
    sys.setprofile(counted)
    try:
        with pytest.raises(WireError):
            decode(body, b"")
    finally:
        sys.setprofile(None)
    assert compared == 0


def test_an_array_of_many_dimensions_travels() -> None:
    """As many as are allowed, with the lengths whose description is the longest of all that travel."""
    for lengths in ([2**8] * 2, [2**16], [2**7] * 2):
        array = np.empty((*lengths, *[1] * (31 - len(lengths)), 0), "|u1")
        assert same(decode(*frame(array)), array)
    large = np.empty((*[2**8] * 2, *[1] * 29, 0), "<c16")
    assert same(decode(*frame(large)), large)


def test_a_body_of_nothing_but_brackets_is_bounded() -> None:
    """Nested containers that announce millions of items take neither memory nor time."""
    tracemalloc.start()
    try:
        value_or_wire_error(b"\xdd\x00\x0f\xff\xff" * 100_000, b"")
        assert tracemalloc.get_traced_memory()[1] < 2**28
    finally:
        tracemalloc.stop()


# Frames


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_lengths_over_the_caps_are_refused(body: int, blobs: int) -> None:
    """A header is believed up to the caps, and no further."""
    header = struct.pack("<II", body, blobs)
    if body <= wire.MAX_BODY and blobs <= wire.MAX_BLOBS:
        assert wire.lengths(header) == (body, blobs)
    else:
        with pytest.raises(WireError):
            wire.lengths(header)


def test_too_long_a_frame_is_refused_before_it_is_read() -> None:
    """An announced length is refused without waiting for the bytes."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(struct.pack("<II", wire.MAX_BODY + 1, 0))
        with pytest.raises(WireError):
            wire.receive(wire.blocking(ours))


def test_a_frame_is_put_together_from_pieces() -> None:
    """A frame larger than the socket's buffer is read whole; a cut one ends with EOFError."""
    ours, theirs = socket.socketpair()
    pieces = encode([1, np.arange(500_000)])

    def send() -> None:
        for piece in pieces:
            theirs.sendall(piece)
        theirs.sendall(b"\x01\x00")
        theirs.close()

    with ours, theirs:
        sender = threading.Thread(target=send)
        sender.start()
        read = wire.blocking(ours)
        assert decode(*wire.receive(read))[1].sum() == 124999750000
        with pytest.raises(EOFError):
            wire.receive(read)
        sender.join()


def test_the_table_of_the_docstring_is_the_code() -> None:
    """Every extension type stands in the documented table under its number, and no other."""
    rows = re.findall(r"^(\d+) +(\S.*?)  +\S", wire.__doc__ or "", re.MULTILINE)
    documented = {int(number): name for number, name in rows}
    names = {
        Code.TUPLE: "tuple",
        Code.SET: "set",
        Code.FROZENSET: "frozenset",
        Code.INTEGER: "int",
        Code.COMPLEX: "complex",
        Code.ARRAY: "ndarray",
        Code.SCALAR: "numpy scalar",
        Code.BYTES: "bytes",
        Code.PATH: "path",
        Code.NAMESPACE: "namespace",
        Code.REFERENCE: "reference",
        Code.DATE: "date",
        Code.TIME: "time",
        Code.DATETIME: "datetime",
        Code.TIMEDELTA: "timedelta",
        Code.TIMEZONE: "timezone",
        Code.DECIMAL: "Decimal",
        Code.FRACTION: "Fraction",
        Code.RANGE: "range",
        Code.SLICE: "slice",
        Code.SINGLETON: "singleton",
        Code.ADDRESS: "address",
        Code.UUID: "UUID",
    }
    assert documented == {code.value: name for code, name in names.items()}
    assert set(names) == set(Code)


@given(size=st.integers(0, 9000), cuts=st.lists(st.integers(1, 5000), min_size=1), more=st.binary(max_size=9))
def test_a_frame_is_what_was_sent_however_its_bytes_come(size: int, cuts: list[int], more: bytes) -> None:
    """In one piece or in many. What comes after it is left where it is."""
    left = b"".join(encode([bytes(size)])) + more
    sizes = itertools.cycle(cuts)

    def read(place: memoryview) -> int:
        nonlocal left
        size = min(next(sizes), len(place), len(left))
        place[:size], left = left[:size], left[size:]
        return size

    assert decode(*wire.receive(read)) == [bytes(size)]
    assert left == more
