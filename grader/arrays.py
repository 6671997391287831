"""Arrays that are not of numbers: of texts, dates, records and objects. Runs in: both.

Only where objects are handed out. The wire carries numbers alone; an array of something else goes as its parts, and
what comes is built of these, never of a dtype that the other side spells out:

================  =====================================================================================
dtype             content
================  =====================================================================================
"<U3", "|S3" …    flat list of str or bytes
"<M8[D]" …        array of int64
"|O"              flat list of whatever travels
"fields"          list of columns: [name, dtype, shape, content]; their shapes begin with that of the whole
"<f8" …           array of numbers (as a column alone)
================  =====================================================================================
"""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from grader import wire

_FORMS: dict[type, str] = {
    np.ndarray: "array",
    np.recarray: "recarray",
    np.record: "record",
    **dict.fromkeys((np.void, np.str_, np.bytes_, np.datetime64, np.timedelta64), "scalar"),
}
_TEXT = re.compile(r"[<>|]([US])([1-9]\d{0,6})")
_MOMENT = re.compile(r"[<>][mM]8\[(?:[YMWDhms]|ms|us|ns)\]")
_BYTES_PER_CHARACTER = {"U": 4, "S": 1}
_MOST_DIMENSIONS = 32
_MOST_FIELDS = 1000
_DEEPEST = 8  # records within records: each is a copy of what it is made of

Item = Callable[[Any], Any]


def reference(value: Any, item: Item) -> list[Any] | None:
    """What stands for an array, a NumPy scalar or a dtype: ["a", form, dtype, shape, content].

    `item` says what stands for an object in an array of such. None where the wire carries the value as it is, or not
    at all.
    """
    form = "dtype" if issubclass(type(value), np.dtype) else _FORMS.get(type(value))
    if form == "dtype":
        array = np.empty(0, value)
    elif form is None or (form == "array" and wire.NUMBERS.fullmatch(value.dtype.str)):
        return None
    else:
        array = np.array(value) if isinstance(value, np.generic) else value.view(np.ndarray)
    parts = _parts(array, item)
    return parts and ["a", form, *parts]


def _parts(array: Any, item: Item) -> list[Any] | None:
    """[dtype, shape, content] of an array; None for one whose dtype does not travel."""
    text, shape = array.dtype.str, list(array.shape)
    wire.check_size(array)
    if array.dtype.names:
        columns = [[name, *(_parts(array[name], item) or [None])] for name in array.dtype.names]
        return None if any(column[1] is None for column in columns) else ["fields", shape, columns]
    if wire.NUMBERS.fullmatch(text):
        return [text, shape, array]
    if _TEXT.fullmatch(text):
        return [text, shape, array.reshape(-1).tolist()]
    if _MOMENT.fullmatch(text):
        return [text, shape, array.view(f"{text[0]}i8")]
    if text == "|O":
        return [text, shape, [item(each) for each in array.reshape(-1)]]
    return None


class Room:
    """How many bytes of text one frame may still make: a list of empty texts would be wide arrays of nothing."""

    def __init__(self) -> None:
        self._left = wire.MAX_BLOBS

    def take(self, count: int) -> None:
        """Raises WireError where it is used up."""
        self._left -= count
        if self._left < 0:
            raise wire.WireError("arrays of too much text")


def made(form: Any, parts: list[Any], room: Room) -> Any:
    """The value of a reference. Raises WireError for one that `reference` does not make, and ValueError."""
    array = _made(parts, room)
    match form:
        case "array":
            return array
        case "recarray":
            return array.view(np.recarray)
        case "record" if array.shape == () and array.dtype.names:
            return array.reshape(1).view(np.recarray)[0]
        case "scalar" if array.shape == () and array.dtype != object:
            return array[()]
        case "dtype" if array.shape == (0,):
            return array.dtype
    raise wire.WireError("no form of an array")


def _made(parts: list[Any], room: Room, depth: int = 0) -> np.ndarray[Any, Any]:
    text, shape, content = parts
    if depth > _DEEPEST or type(text) is not str or type(shape) is not list or len(shape) > _MOST_DIMENSIONS:
        raise wire.WireError("an array of nothing")
    if not all(type(n) is int and 0 <= n <= wire.MAX_BLOBS for n in shape) or wire.is_too_much_of_nothing(shape):
        raise wire.WireError("an array of no shape")
    if type(content) is np.ndarray:
        return _of_numbers(text, shape, content)
    if type(content) is not list:
        raise wire.WireError("an array of no content")
    if text == "fields":
        return _of_columns(shape, content, room, depth + 1)
    if len(content) != math.prod(shape):
        raise wire.WireError("an array of another size")
    if text == "|O":
        return _of_objects(content).reshape(shape)
    return _of_texts(text, content, room).reshape(shape)


def _of_numbers(text: str, shape: list[int], content: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if list(content.shape) != shape:
        raise wire.WireError("a column of another shape")
    if _MOMENT.fullmatch(text) and content.dtype.str == f"{text[0]}i8":
        return content.view(text)
    if content.dtype.str != text or not wire.NUMBERS.fullmatch(text):
        raise wire.WireError("a column of another dtype")
    return content


def _of_objects(items: list[Any]) -> np.ndarray[Any, Any]:
    array = np.empty(len(items), object)
    for place, item in enumerate(items):  # one by one: NumPy would look into each of them otherwise
        array[place] = item
    return array


def _of_texts(text: str, items: list[Any], room: Room) -> np.ndarray[Any, Any]:
    form = _TEXT.fullmatch(text)
    if form is None:
        raise wire.WireError(f"dtype {text[:20]!r}")
    kind, width = form[1], int(form[2])
    if not all(type(item) is (str if kind == "U" else bytes) and len(item) <= width for item in items):
        raise wire.WireError("an array of no texts")
    room.take(len(items) * width * _BYTES_PER_CHARACTER[kind])
    return np.array(items, text)


def _of_columns(shape: list[int], columns: list[Any], room: Room, depth: int) -> np.ndarray[Any, Any]:
    if not 1 <= len(columns) <= _MOST_FIELDS:
        raise wire.WireError("a record of too many fields, or of none")
    found: dict[str, np.ndarray[Any, Any]] = {}
    for column in columns:
        if type(column) is not list or len(column) != 1 + 3 or type(column[0]) is not str or column[0] in found:
            raise wire.WireError("no column")
        made = found[column[0]] = _made(column[1:], room, depth)
        if list(made.shape[: len(shape)]) != shape:
            raise wire.WireError("a column of another length")
    array = np.empty(shape, [(name, column.dtype, column.shape[len(shape) :]) for name, column in found.items()])
    for name, column in found.items():
        array[name] = column
    return array
