"""Values and frames between the checks and the learner's process. Runs in: both.

A frame is an 8-byte header (two little-endian unsigned 32-bit lengths), a MessagePack body, and a run of raw bytes
("blobs") to which arrays in the body refer by offset. Both lengths are checked before anything is read. The set of
values is closed: what is not in the table below does not travel, and a subclass of a plain type is not plain.

Native MessagePack: None, bool, int (64 bits), float, str, bytes, list, dict (a bytearray arrives as bytes). Everything
else is an extension type:

====  =============  ==========================================================================
code  value          payload (MessagePack, except for INTEGER)
====  =============  ==========================================================================
1     tuple          list of items
2     set            list of items
3     frozenset      list of items
4     int            two's complement, little-endian, at most MAX_INTEGER_BYTES
5     complex        [real, imaginary]
6     ndarray        [dtype, shape, writable, offset in the blobs]
7     numpy scalar   [dtype, bytes]
8     bytes          [offset in the blobs, length]: byte strings over 1 KiB
9     path           str (a pathlib path)
10    namespace      dict (a types.SimpleNamespace)
11    reference      what the two sides have agreed on: the number of a function that a check gave
12    date           [year, month, day]
13    time           [hour, minute, second, microsecond, timezone or None, fold]
14    datetime       [year, month, day, hour, minute, second, microsecond, timezone or None, fold]
15    timedelta      [days, seconds, microseconds]
16    timezone       [timedelta] or [timedelta, name]
17    Decimal        str; exponents up to MAX_EXPONENT
18    Fraction       [numerator, denominator], each of at most MAX_FRACTION_BITS
19    range          [start, stop, step]
20    slice          [start, stop, step]
21    singleton      "Ellipsis" or "NotImplemented"
22    address        [class, str]: one of the six classes of `ipaddress`
23    UUID           [16 bytes]
====  =============  ==========================================================================
"""

import math
import re
import socket
import struct
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgpack
import numpy as np

from grader import parts
from grader.parts import Code, Unsendable, WireError, unsendable

__all__ = [
    "HEADER",
    "Buffer",
    "Code",
    "Refer",
    "Resolve",
    "Unsendable",
    "WireError",
    "blocking",
    "decode",
    "encode",
    "gathered",
    "lengths",
    "receive",
    "unsendable",
]

MAX_BODY = 2 * 2**20
MAX_BLOBS = 64 * 2**20
MAX_INTEGER_BYTES = 1 << 16
MOST_OF_NOTHING = 1_000_000  # the product of an empty array's other lengths: a list of its rows has as many lists
MAX_DEPTH = 32  # of extension types within each other
MAX_COMPOUND_KEYS = 4096  # whose hashes a sender can make collide; that many still compare in a second
BROKEN = 82  # exit status of a learner's process that did not understand what it was asked
CONNECTION_LOST = 81  # exit status of a learner's process whose end of the connection is gone
HEADER = struct.Struct("<II")
NUMBERS = re.compile(r"[<>|](?:b1|[iu][1248]|f(?:2|4|8|16)|c(?:8|16|32))")  # dtypes that travel

_ALIGNMENT = 64
_INLINE_BYTES = 1024
_ROOM = (
    1024  # bytes that a message begins with; grows as needed. The default of 256 KiB is got from the system each time
)
_WORTH_A_COPY = 1 << 16  # bytes
_MAX_DIMENSIONS = 32
_KINDS_OF_ARRAYS = 1024  # whose descriptions are kept, and not read anew for each
_LONGEST_DESCRIPTION = 64  # bytes; no array that travels has a longer one
_OFFSET, _UINT_32 = struct.Struct(">BI"), 0xCE  # in MessagePack
_PATH = type(Path())
_WORD = 64  # bits
_MALFORMED = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
_CHEAP_KEYS = frozenset((str, bytes, float, bool, type(None)))


Refer = Callable[[Any], Any]  # a value outside the table -> what stands for it; raises Unsendable
Resolve = Callable[[Any], Any]  # the other way round
Buffer = bytes | memoryview
Read = Callable[[memoryview], int]  # fills the beginning of a place, one byte of it or more, and says how many


class _Encoder:
    """One frame on its way out."""

    def __init__(self, refer: Refer | None, writable: bool) -> None:
        self.blobs: list[bytes | memoryview] = []
        self.blob_size = 0
        self._refer = refer
        self._writable = writable
        self._depth = 0

    def pack(self, value: object) -> bytes:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise RecursionError
        packed = msgpack.packb(
            value, default=self._extend, strict_types=True, unicode_errors="surrogatepass", buf_size=_ROOM
        )
        self._depth -= 1
        return bytes(packed)

    def _extend(self, value: Any) -> msgpack.ExtType:  # noqa: PLR0911 - a table of types reads best as one
        kind = type(value)
        if kind is tuple:
            return msgpack.ExtType(Code.TUPLE, self.pack(list(value)))
        if kind is np.ndarray:
            return self._array(value)
        if isinstance(value, np.generic) and kind.__module__ == "numpy" and NUMBERS.fullmatch(value.dtype.str):
            return msgpack.ExtType(Code.SCALAR, self.pack([value.dtype.str, value.tobytes()]))
        if kind is int:
            return _big_integer(value)
        if kind is complex:
            return msgpack.ExtType(Code.COMPLEX, self.pack([value.real, value.imag]))
        if kind in (set, frozenset):
            return msgpack.ExtType(Code.SET if kind is set else Code.FROZENSET, self.pack(list(value)))
        if kind is _PATH:
            return msgpack.ExtType(Code.PATH, self.pack(str(value)))
        if kind is SimpleNamespace:
            return msgpack.ExtType(Code.NAMESPACE, self.pack(vars(value)))
        if kind in parts.TAKEN:
            code, take = parts.TAKEN[kind]
            try:
                return msgpack.ExtType(code, self.pack(take(value)))
            except Unsendable:
                if self._refer is None:
                    raise
        if self._refer is not None:
            return msgpack.ExtType(Code.REFERENCE, self.pack(self._refer(value)))
        raise unsendable(value)

    def _array(self, array: np.ndarray[Any, Any]) -> msgpack.ExtType:
        dtype = _text_of(array.dtype)
        check_size(array)
        writable = self._writable and array.flags.writeable
        if array.nbytes <= _WORTH_A_COPY:
            offset = self._blob(array.tobytes())
        else:
            offset = self._blob(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
        return msgpack.ExtType(Code.ARRAY, _head(dtype, array.shape, writable) + _OFFSET.pack(_UINT_32, offset))

    def blob_bytes(self, data: bytes) -> msgpack.ExtType:
        """A long byte string, put beside the body instead of into it."""
        return msgpack.ExtType(Code.BYTES, self.pack([self._blob(data), len(data)]))

    def _blob(self, data: bytes | memoryview) -> int:
        padding = -self.blob_size % _ALIGNMENT
        if padding:
            self.blobs.append(bytes(padding))
        offset = self.blob_size + padding
        self.blobs.append(data)
        self.blob_size = offset + len(data)
        if self.blob_size > MAX_BLOBS:
            raise Unsendable(f"arrays of {self.blob_size / 2**20:,.0f} MiB (at most {MAX_BLOBS // 2**20} travel)")
        return offset


@lru_cache(_KINDS_OF_ARRAYS)
def _head(dtype: str, shape: tuple[int, ...], writable: bool) -> bytes:
    """What says where an array is, up to the offset."""
    packed: bytes = msgpack.packb([dtype, list(shape), writable, 0])
    return packed[:-1]


def check_size(array: np.ndarray[Any, Any]) -> None:
    """Raises Unsendable for an array that is too large to be looked at."""
    if array.nbytes > MAX_BLOBS:
        raise Unsendable(f"an array of {array.nbytes / 2**20:,.0f} MiB (at most {MAX_BLOBS // 2**20} travel)")
    if is_too_much_of_nothing(array.shape):
        raise Unsendable("an empty array of too large a shape")


def is_too_much_of_nothing(shape: Sequence[int]) -> bool:
    """Whether an array of this shape has no values, and a list or sums of it would still fill the memory."""
    return 0 in shape and math.prod(filter(None, shape)) > MOST_OF_NOTHING


def _big_integer(value: int) -> msgpack.ExtType:
    size = value.bit_length() // 8 + 1
    if size > MAX_INTEGER_BYTES:
        raise Unsendable(f"an integer of {value.bit_length():,} bits")
    return msgpack.ExtType(Code.INTEGER, value.to_bytes(size, "little", signed=True))


def encode(value: object, *, refer: Refer | None = None, writable: bool = True) -> list[bytes | memoryview]:
    """The frame of `value`, as pieces to send in order.

    `refer` says what stands for a value outside the table; without it such a value is Unsendable. With `writable=False`
    every array arrives read-only, otherwise each as it is here.

    Raises Unsendable for a value outside the table, nested too deeply, or too large.
    """
    encoder = _Encoder(refer, writable)
    if type(value) is list:
        value = [
            encoder.blob_bytes(part) if type(part) is bytes and len(part) > _INLINE_BYTES else part for part in value
        ]
    try:
        body = encoder.pack(value)
    except (ValueError, RecursionError, OverflowError):
        raise Unsendable("a value nested too deeply, or containing itself") from None
    if len(body) > MAX_BODY:
        raise Unsendable(f"a value of {len(body) / 2**20:.1f} MiB (at most {MAX_BODY // 2**20} MiB outside arrays)")
    return [HEADER.pack(len(body), encoder.blob_size) + body, *encoder.blobs]


class _Decoder:
    """One frame that has come in. `resolve` is None where no reference may come."""

    def __init__(self, blobs: Buffer, resolve: Resolve | None, long_bytes: bool) -> None:
        self.fault: BaseException | None = None  # what `resolve` raised
        self._blobs = blobs
        self._resolve = resolve
        self._long_bytes = long_bytes
        self._depth = 0
        self._taken = 0
        self._compound_keys = 0

    def unpack(self, body: Buffer) -> Any:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise WireError("nested too deeply")
        try:
            return msgpack.unpackb(
                body,
                raw=False,
                strict_map_key=False,
                ext_hook=self._extension,
                object_pairs_hook=self._dict,
                unicode_errors="surrogatepass",
                timestamp=1,  # MessagePack's own timestamps become floats: no type but those of the table
            )
        finally:
            self._depth -= 1

    def _extension(self, code: int, payload: bytes) -> Any:  # noqa: PLR0911, PLR0912 - the table of codes, as above
        if code == Code.INTEGER:
            if len(payload) > MAX_INTEGER_BYTES:
                raise WireError("integer too long")
            return int.from_bytes(payload, "little", signed=True)
        if code == Code.ARRAY:
            return self._array(*_placed(payload)) if len(payload) <= _LONGEST_DESCRIPTION else _bad("array")
        value = self.unpack(payload)
        match code, value:
            case (Code.TUPLE, list()):
                return tuple(value)
            case (Code.SET, list()):
                return set(self._keys(value))
            case (Code.FROZENSET, list()):
                return frozenset(self._keys(value))
            case (Code.COMPLEX, [float(real), float(imaginary)]):
                return complex(real, imaginary)
            case (Code.SCALAR, [str(dtype), bytes(data)]):
                return np.frombuffer(data, _dtype(dtype), count=1)[0] if data else _bad("empty scalar")
            case (Code.BYTES, [int(offset), int(length)]) if self._long_bytes:
                return bytes(self._blobs[self._place(offset, length)])
            case (Code.PATH, str()):
                return Path(value)
            case (Code.NAMESPACE, dict()) if all(type(key) is str for key in value):
                return SimpleNamespace(**value)
            case (Code.DECIMAL, str()) if len(value) <= parts.MAX_EXPONENT:
                return parts.decimal(value)
            case (Code.SINGLETON, "Ellipsis"):
                return Ellipsis
            case (Code.SINGLETON, "NotImplemented"):
                return NotImplemented
            case (Code.REFERENCE, _) if self._resolve is not None:
                return self._resolved(value)
            case (_, list()) if code in parts.MADE:
                return parts.MADE[code](*value)
        return _bad(f"extension {code}")

    def _resolved(self, reference: Any) -> Any:
        assert self._resolve is not None
        try:
            return self._resolve(reference)
        except _MALFORMED as error:
            raise WireError(f"not a reference: {type(error).__name__}") from error
        except BaseException as fault:
            self.fault = fault
            raise

    def _array(
        self, dtype: np.dtype[Any], shape: tuple[int, ...], count: int, writable: bool, offset: int
    ) -> np.ndarray[Any, Any]:
        place = self._place(offset, count * dtype.itemsize)
        array = np.frombuffer(self._blobs, dtype, count=count, offset=place.start).reshape(shape)
        if dtype.kind == "b" and np.max(array.view(np.uint8), initial=0) > 1:  # such a "bool" is neither True nor False
            raise WireError("a bool that is neither 0 nor 1")
        return array.copy() if writable else array

    def _place(self, offset: int, length: int) -> slice:
        """A place in the blobs. No more is handed out than has come: a place used twice would multiply memory."""
        self._taken += length
        if offset < 0 or length < 0 or offset + length > len(self._blobs) or self._taken > len(self._blobs):
            raise WireError("array beyond its frame")
        return slice(offset, offset + length)

    def _dict(self, pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
        self._keys([key for key, _ in pairs])
        return dict(pairs)

    def _keys(self, keys: list[Any]) -> list[Any]:
        """The same keys, if not too many of them could have been chosen to have one hash."""
        self._compound_keys += sum(not _is_cheap(key) for key in keys)
        if self._compound_keys > MAX_COMPOUND_KEYS:
            raise WireError(f"more than {MAX_COMPOUND_KEYS} tuples, large integers and the like as keys or in sets")
        return keys


@lru_cache(_KINDS_OF_ARRAYS)
def _placed(payload: bytes) -> tuple[np.dtype[Any], tuple[int, ...], int, bool, int]:
    """What `_Decoder._array` is to know of an array. Raises WireError, and what MessagePack raises."""
    match msgpack.unpackb(payload, max_map_len=0, max_ext_len=0):
        case [str(name), list(shape), bool(writable), int(offset)] if len(shape) <= _MAX_DIMENSIONS:
            dtype, count = _dtype(name), 1
            for n in shape:
                if type(n) is not int or not 0 <= n <= MAX_BLOBS:
                    raise WireError(f"array of shape {shape}")
                count *= n
            if is_too_much_of_nothing(shape):
                raise WireError(f"array of shape {shape}")
            return dtype, tuple(shape), count, writable, offset
    raise WireError("array without a place")


def _is_cheap(key: object) -> bool:
    return type(key) in _CHEAP_KEYS or (type(key) is int and key.bit_length() <= _WORD)


@cache
def _text_of(dtype: np.dtype[Any]) -> str:
    """How a dtype is written. Raises Unsendable for one that doesn't travel."""
    if not NUMBERS.fullmatch(dtype.str):
        raise Unsendable(f"an array of dtype {dtype.name}")
    return dtype.str


@cache
def _dtype(text: str) -> np.dtype[Any]:
    if not NUMBERS.fullmatch(text):
        raise WireError(f"dtype {text[:20]!r}")
    return np.dtype(text)


def _bad(what: str) -> Any:
    raise WireError(what)


def decode(body: Buffer, blobs: Buffer, *, resolve: Resolve | None = None, long_bytes: bool = True) -> Any:
    """The value of a frame; without `long_bytes` no byte string may lie in the blobs.

    Raises WireError for anything that `encode` does not make, and what `resolve` raises.
    """
    decoder = _Decoder(blobs, resolve, long_bytes)
    try:
        return decoder.unpack(body)
    except WireError:
        raise
    except Exception as error:  # a hostile body may break the library in any way; all of them mean the same
        if decoder.fault is not None:
            raise decoder.fault from None
        raise WireError(f"not a value: {type(error).__name__}") from None


def lengths(header: Buffer) -> tuple[int, int]:
    """The lengths of body and blobs. Raises WireError where one is over its cap."""
    body, blobs = HEADER.unpack(header)
    if body > MAX_BODY or blobs > MAX_BLOBS:
        raise WireError(f"a frame of {body + blobs:,} bytes was announced")
    return body, blobs


def gathered(pieces: list[bytes | memoryview]) -> list[bytes | memoryview]:
    """The same bytes in as few pieces as are worth it: a system call for each costs more than a copy of small ones."""
    if len(pieces) == 1 or sum(map(len, pieces)) > _WORTH_A_COPY:
        return pieces
    return [b"".join(pieces)]


def _aligned(body: int, blobs: int) -> memoryview:
    """Memory to receive a frame in. Its blobs begin where NumPy wants arrays to: with others it computes far slower."""
    lead = -body % _ALIGNMENT
    return np.empty(lead + body + blobs, np.uint8).data[lead:]


def receive(read: Read, expect: Callable[[int, int], None] = lambda *_: None) -> tuple[memoryview, memoryview]:
    """The next frame's body and blobs, read-only, and not a byte beyond. `expect` hears how long they will be.

    Raises WireError, and what the two raise.
    """
    body, blobs = lengths(_filled(read, memoryview(bytearray(HEADER.size))))
    expect(body, blobs)
    frame = _filled(read, _aligned(body, blobs)).toreadonly()
    return frame[:body], frame[body:]


def _filled(read: Read, place: memoryview) -> memoryview:
    left = place
    while left:
        left = left[read(left) :]
    return place


def blocking(connection: socket.socket) -> Read:
    """Read from a socket that waits. Raises EOFError at the end of the connection."""

    def read(place: memoryview) -> int:
        got = connection.recv_into(place)
        if not got:
            raise EOFError
        return got

    return read
