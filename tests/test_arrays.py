"""References to arrays of texts, records and objects: those that nobody makes are refused, in bounded memory."""

import tracemalloc
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import wire
from grader.given import Given
from grader.heard import heard
from grader.wire import Code, WireError

from .test_wire import PLAIN_KEYS, ext


def nobody(*request: object) -> object:
    raise WireError(f"asked for {request}")


def read(reference: Any, blobs: bytes = b"") -> Any:
    """The value of a reference that comes where objects are handed out."""
    body = msgpack.packb([ext(Code.REFERENCE, reference), [["", ""], []], [], [], []])
    return Given(nobody, frozenset(), lambda: RuntimeError("lost"), {}).decode(body, blobs)


def numbers(dtype: str, *shape: int) -> msgpack.ExtType:
    """An array of zeros from the first byte on."""
    return ext(Code.ARRAY, [dtype, list(shape), False, 0])


def within(depth: int) -> list[Any]:
    """A record of one field of one field …, as a column."""
    column: list[Any] = ["x", "|O", [1], [1]]
    for _ in range(depth):
        column = ["x", "fields", [1], [column]]
    return column


@pytest.mark.parametrize(
    ("form", "dtype", "shape", "content"),
    [
        ("array", "<U3", [2], ["a"]),
        ("array", "<U3", [-1], ["a"]),
        ("array", "<U3", [True], ["a"]),
        ("array", "<U3", "1", ["a"]),
        ("array", "<U3", [1] * 40, ["a"]),
        ("array", "<U3", [1], "a"),
        ("array", "<U3", [1], [b"a"]),
        ("array", "<U3", [1], ["abcd"]),
        ("array", "<U0", [1], [""]),
        ("array", "<U99999999", [1], ["a"]),
        ("array", "|S3", [1], ["a"]),
        ("array", "|V3", [1], [b"abc"]),
        ("array", "<f8", [1], [1.0]),
        ("array", "O", [1], [1]),
        ("array", ["<U3"], [1], ["a"]),
        ("array", "<U3,<U3", [1], ["a"]),
        ("array", "<U1000000", [17], [""] * 17),
        ("array", "|O", [2**20, 2**20], []),
        ("array", "|O", [1], [1, 2]),
        ("array", "|O", [2**20, 0], []),
        ("array", "<U3", [0, 2**10, 2**10], []),
        ("array", "<M8[D]", [1], [1]),
        ("array", "<M8[D]", [1], numbers("<f8", 1)),
        ("array", "<M8[D]", [1], numbers(">i8", 1)),
        ("array", "<M8[D]", [2], numbers("<i8", 1)),
        ("array", "<M8[7000D]", [1], numbers("<i8", 1)),
        ("array", "<f4", [1], numbers("<f8", 1)),
        ("array", "<f8", [2], numbers("<f8", 1)),
        ("array", "|V3", [1], numbers("<f8", 1)),
        ("array", "fields", [1], []),
        ("array", "fields", [1], [1]),
        ("array", "fields", [1], [["x", "<f8", [1]]]),
        ("array", "fields", [1], [[1, "<f8", [1], numbers("<f8", 1)]]),
        ("array", "fields", [2], [["x", "<f8", [1], numbers("<f8", 1)]]),
        ("array", "fields", [1], [["x", "<U1", [1], ["a"]], ["x", "<U1", [1], ["b"]]]),
        ("array", "fields", [1], [[f"x{n}", "|O", [1], [1]] for n in range(1001)]),
        ("array", "fields", [0], [["x", "<f8", [0, 2**26, 2**26], numbers("<f8", 0, 2**26, 2**26)]]),
        ("array", "fields", [1], [within(20)]),
        ("array", "fields", [1], [within(300)]),
        ("scalar", "<U3", [1], ["a"]),
        ("scalar", "|O", [], [1]),
        ("record", "<U3", [], ["a"]),
        ("dtype", "<U3", [1], ["a"]),
        ("matrix", "<U3", [1], ["a"]),
        (["array"], "<U3", [1], ["a"]),
    ],
)
def test_arrays_that_nobody_makes_are_refused(form: Any, dtype: Any, shape: Any, content: Any) -> None:
    """Other dtypes, shapes that do not fit, duplicate names and the like are no values."""
    with pytest.raises(WireError):
        read(["a", form, dtype, shape, content], bytes(8))


@pytest.mark.parametrize(
    "reference",
    [
        *(["a"], ["a", "array"], ["a", "array", "<U3", [1]], ["a", "array", "<U3", [1], ["a"], 1]),
        *(["t", {"": "Name", "id": "x"}], ["t", "Name('x')"], ["g", None, []], ["g", ["f", "os", "system"], ["ls"]]),
        *(["f", "typing", "NamedTuple"], ["f", "typing", "get_type_hints"], ["f", "dataclasses", "field"]),
    ],
)
def test_other_references_are_refused(reference: list[Any]) -> None:
    """References that are too short or long, syntax trees, aliases, and functions by name go one way alone."""
    with pytest.raises(WireError):
        read(reference)


def test_wide_arrays_of_empty_texts_take_no_memory() -> None:
    """Many arrays of empty texts, each wide, are refused before they fill the memory."""
    wide = ext(Code.REFERENCE, ["a", "array", "<U1000000", [8], [""] * 8])
    tracemalloc.start()
    try:
        with pytest.raises(WireError, match="too much text"):
            read(["a", "array", "|O", [1000], [wide] * 1000])
        assert tracemalloc.get_traced_memory()[1] < 3 * wire.MAX_BLOBS
    finally:
        tracemalloc.stop()


def test_an_array_is_read() -> None:
    """What is refused above is refused for its fault alone."""
    columns = [["name", "<U3", [1], ["a"]], ["x", "<f8", [1, 1], numbers("<f8", 1, 1)], ["y", *within(3)[1:]]]
    assert read(["a", "array", "fields", [1], columns], bytes(8))[0].tolist() == ("a", [0.0], (((1,),),))
    assert read(["a", "dtype", "<U3", [0], []]) == np.dtype("U3")


def test_texts_in_arrays_are_heard() -> None:
    """What `eval` is given out of an array or its names is known as the learner's, as any other text is."""
    for number, said in enumerate(("f(1) # text", "f(2) # field")):
        columns = [["f(2) # field" if number else "x", "<U20", [1], ["f(1) # text"]]]
        read(["a", "array", "fields", [1], columns])
        assert heard.holds(said)
    assert not heard.holds("f(3) # neither")


def test_byte_strings_are_heard() -> None:
    """Where objects are handed out bytes come in the body, which is heard; bytes beside it are refused."""
    code = b"f(4) # bytes"
    assert read(["v", code]) == code
    assert heard.holds(code.decode())
    with pytest.raises(WireError):
        read(["v", ext(Code.BYTES, [0, 9])], b"f(5) # no")


@given(
    st.sampled_from(["array", "recarray", "record", "scalar", "dtype"]),
    st.sampled_from(["<U3", "|S2", "|O", "<M8[D]", "fields", "<f8"]),
    st.recursive(PLAIN_KEYS, lambda inner: st.lists(inner, max_size=5)),
    st.recursive(PLAIN_KEYS, lambda inner: st.lists(inner, max_size=5)),
)
def test_any_content_is_a_value_or_a_wire_error(form: str, dtype: str, shape: Any, content: Any) -> None:
    """Whatever stands in an array's reference raises nothing but WireError."""
    try:
        body = msgpack.packb(["a", form, dtype, shape, content])
    except (OverflowError, UnicodeEncodeError, TypeError):
        return
    try:
        read(msgpack.unpackb(body, strict_map_key=False))
    except WireError:
        return
