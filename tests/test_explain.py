"""Differences between arrays in sentences, and values as short lines."""

import time
import warnings
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import ArrayLike, NDArray

from grader.explain import close, differences, short

DTYPES = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(endianness="?"),
    hnp.unsigned_integer_dtypes(endianness="?"),
    hnp.floating_dtypes(endianness="?"),
    hnp.complex_number_dtypes(endianness="?"),
)
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
ARRAYS = hnp.arrays(DTYPES, SHAPES)
X = np.random.default_rng(7).random((4, 4))


@pytest.fixture(autouse=True)
def _errors_are_raised() -> Iterator[None]:
    """As in the grader: floating-point faults and warnings raise."""
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def lines(actual: ArrayLike, expected: ArrayLike, *, rtol: float = 1e-9, atol: float = 0.0) -> str:
    return "\n".join(differences(np.asarray(actual), np.asarray(expected), rtol=rtol, atol=atol))


@given(ARRAYS, ARRAYS, st.sampled_from([0.0, 1e-9, 0.5]), st.sampled_from([0.0, 1e-3]))
@settings(max_examples=300)
def test_any_two_numeric_arrays_are_explained(a: NDArray[Any], e: NDArray[Any], rtol: float, atol: float) -> None:
    """At most six single lines, never an error or a warning, and none exactly where all is close."""
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        found = differences(a, e, rtol=rtol, atol=atol)
        agree = a.shape == e.shape and bool(close(a, e, rtol=rtol, atol=atol).all())
    assert (not found) == agree
    assert len(found) <= 6
    assert not any("\n" in line or "np." in line for line in found)


@given(ARRAYS)
@settings(max_examples=200)
def test_an_array_never_differs_from_itself(array: NDArray[Any]) -> None:
    """NaN, infinities and every dtype included."""
    assert differences(array, array.copy(), rtol=0.0, atol=0.0) == ()


@given(hnp.arrays(np.float64, (3,)), hnp.arrays(np.float64, (3,)), st.sampled_from([0.0, 1e-9, 0.1, 2.0]))
def test_close_agrees_with_numpy_on_floats(a: NDArray[Any], e: NDArray[Any], rtol: float) -> None:
    """np.isclose is an independent oracle for ordinary numbers, NaN and infinities.

    Not where the tolerance itself overflows: to it, everything is close then.
    """
    with np.errstate(all="ignore"):
        assume(not np.isinf(rtol * e[np.isfinite(e)]).any())
        oracle = np.isclose(a, e, rtol=rtol, atol=0.0, equal_nan=True)
    np.testing.assert_array_equal(close(a, e, rtol=rtol, atol=0.0), oracle)


def test_neighbouring_large_integers_are_not_equal() -> None:
    """2**63 - 1 and 2**63 - 2 round to the same float and still differ."""
    assert not close(np.array([2**63 - 1]), np.array([2**63 - 2]), rtol=0.0, atol=0.0).any()


@pytest.mark.parametrize(
    ("actual", "sentence"),
    [
        (X.T, "looks transposed: rows and columns are swapped"),
        (X[::-1], "the rows look reversed"),
        (X[:, ::-1], "the columns look reversed"),
        (X[::-1, ::-1], "all axes look reversed"),
        (-X, "the sign is flipped: each value is minus the expected one"),
        (X * 0.25, "each value is 0.25 times the expected one"),
        (X * -3, "each value is -3 times the expected one"),
        (X + 1.5, "each value is the expected one plus 1.5"),
        (X - 2, "each value is the expected one minus 2"),
        (np.round(X, 4), "looks rounded to 4 decimals"),
        (np.round(X), "looks rounded to whole numbers"),
        (np.full_like(X, 0.5), "every value is 0.5"),
        (np.zeros_like(X), "every value is 0.0"),
    ],
)
def test_a_simple_pattern_is_named_first(actual: NDArray[Any], sentence: str) -> None:
    """One change that explains all values says more than any figure."""
    assert lines(actual, X).splitlines()[0] == sentence


def test_a_flipped_sign_is_likelier_than_another_order() -> None:
    """Where both explain all values, as in rows that sum to 0, the sign is named."""
    opposite = np.array([[0.25, -0.25], [0.125, -0.125]])
    assert lines(-opposite, opposite).splitlines()[0].startswith("the sign is flipped")


def test_patterns_are_not_seen_in_noise() -> None:
    """A value that is wrong in one place gives figures, and no pattern."""
    actual = X.copy()
    actual[1, 2] += 0.5
    found = differences(actual, X, rtol=1e-9, atol=0.0)
    assert found[0].startswith("1 of 16 values differs, at [1, 2]: ")
    assert found[1].startswith("largest absolute error 0.5 at [1, 2], ")
    assert len(found) == 2


def test_almost_right_values_show_no_pattern() -> None:
    """Within a millionth everything would look transposed, shifted and scaled."""
    found = differences(1.0 + X * 1e-8, 1.0 + X * 2e-8, rtol=1e-12, atol=0.0)
    assert found[0].startswith("all 16 values differ")


def test_swapped_classes_are_named() -> None:
    """0 where 1 belongs and the other way round."""
    assert "0 and 1 are swapped" in lines([1, 0, 0], [0, 1, 1])


def test_one_number_has_a_factor_only_when_it_is_a_whole_one() -> None:
    """Any two numbers have a factor; twice the expected one is worth saying."""
    assert "the value is 2 times the expected one" in lines(0.5, 0.25)
    assert "the value is 0.1 times the expected one" in lines(0.025, 0.25)
    assert "times" not in lines(0.3, 0.25)


def test_one_wrong_number_among_right_ones_has_neither_factor_nor_shift() -> None:
    """Zeros fit any factor, and large numbers a shift that is within their rounding."""
    assert "times" not in lines([0.0, 0.0, -1.0], [0.0, 0.0, -0.5])
    assert "minus" not in lines([0.0, 0.95], [1.8e-35, 0.95])


@pytest.mark.parametrize(
    ("actual", "expected", "sentence"),
    [
        (X[:, :1], X[:, 0], "the values are right; an axis of length 1 is too many: is keepdims=True used?"),
        (X[:, 0], X[:, :1], "the values are right; an axis of length 1 is missing: keepdims=True keeps it"),
        (X[:2].T, X[:2], "the values are right, but transposed"),
        (X[:2].T + 1, X[:2], "rows and columns look swapped"),
        (X.ravel(), X, "the same values in another shape (reshape)"),
        (X.ravel()[::-1], X, "as many values, in another shape"),
        (np.float64(1.0), X, "one number came back for the whole array"),
        (np.ones((3, 3)), np.ones(3), "(3, 1) combined with (3,) broadcasts to (3, 3)"),
        (np.ones(3), np.ones((2, 5)), "1 axis; expected 2 axes"),
    ],
)
def test_a_wrong_shape_is_explained(actual: ArrayLike, expected: ArrayLike, sentence: str) -> None:
    """First both shapes, then what would explain them."""
    first, second = lines(actual, expected).splitlines()
    assert first == f"shape {np.shape(actual)}; expected {np.shape(expected)}"
    assert second == sentence


@pytest.mark.parametrize(
    ("actual", "expected", "sentence"),
    [
        (np.array([0, 0]), [0.5, 0.25], "dtype int64; expected float64: an integer array cannot hold fractions"),
        (np.array([True, False]), [0.5, 0.25], "dtype bool; expected float64: True and False where numbers belong"),
        (np.array([1j, 2]), [1.0, 2], "dtype complex128; expected float64: complex numbers where real ones belong"),
        (np.array([255, 3], np.uint8), [-1, 3], "dtype uint8; expected int64: uint8 arithmetic wrapped round"),
        (
            X.astype(np.float32),
            X,
            "dtype float32; expected float64: the difference is no more than the rounding of float32",
        ),
    ],
)
def test_a_dtype_is_named_where_it_explains(actual: NDArray[Any], expected: ArrayLike, sentence: str) -> None:
    """The dtype comes first when it is the cause."""
    assert lines(actual, expected).splitlines()[0] == sentence


def test_a_dtype_is_not_blamed_for_wrong_numbers() -> None:
    """float32 with an error of 10 % is not a matter of rounding."""
    assert "dtype" not in lines((X * 1.1).astype(np.float32), X)


def test_nan_and_infinities_are_told_apart_by_side() -> None:
    """What came and was not expected, and what was expected and did not come."""
    found = lines([1.0, np.nan, np.inf, 4.0, np.nan], [1.0, 2.0, -np.inf, np.nan, 5.0])
    assert "NaN where none is expected (2 places, first at [1]); NaN is missing at [3]" in found
    assert "inf where none is expected at [2]" in found
    assert "-inf is missing at [2]" in found


def test_the_largest_errors_have_their_places() -> None:
    """The largest absolute and relative error may be in two places."""
    found = lines([100.0, 2.0, 3.3], [101.0, 1.5, 3.3])
    assert "largest absolute error 1 at [0], largest relative error 0.333 at [1]; allowed" in found


def test_the_allowance_is_told() -> None:
    """A learner sees how near is near enough."""
    assert "allowed: 0.001 plus 1e-06 of the expected value" in lines(1.0, 2.5, rtol=1e-6, atol=1e-3)
    assert "allowed: none" in lines(1.0, 2.5, rtol=0.0)


def test_other_dtypes_are_named_and_not_compared() -> None:
    """Strings are not numbers."""
    assert lines(np.array(["a"]), [1.0]) == "<U1 values cannot be compared as numbers"


def test_ten_million_values_take_seconds_not_minutes() -> None:
    """A hundredth of that here: the cost grows with the size, and no more."""
    expected = np.zeros((100, 1000))
    actual = expected.copy()
    actual[50, 500] = 1.0
    start = time.perf_counter()
    assert "1 of 100000 values differs, at [50, 500]" in lines(actual, expected)
    assert time.perf_counter() - start < 20


# short


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        (np.True_, "True"),
        (0.1, "0.1"),
        (np.float64(0.1), "0.1"),
        (np.float32(0.1), "0.1"),
        (np.int64(3), "3"),
        (np.str_("a"), "'a'"),
        ("a\n\x1b[0m\u202e", r"'a\n\x1b[0m\u202e'"),
        (b"\0", r"b'\x00'"),
        (2 + 1j, "(2+1j)"),
        (Decimal("0.1"), "Decimal('0.1')"),
        (date(2026, 11, 20), "datetime.date(2026, 11, 20)"),
        (range(3), "range(0, 3)"),
        (slice(1, None), "slice(1, None, None)"),
        ([1, np.float64(2.0), "x"], "[1, 2.0, 'x']"),
        ((1,), "(1,)"),
        ((), "()"),
        ({"W1": 1}, "{'W1': 1}"),
        ({2, 1}, "{1, 2}"),
        (set(), "set()"),
        (frozenset({1}), "frozenset({1})"),
        (len, "<function>"),
        (lambda: 0, "<function>"),
        (int, "<class int>"),
        (object(), "<object object>"),
        (SimpleNamespace(AND=len), "namespace(AND=<function>)"),
        (np.array([1010, 1000, 990]), "array([1010, 1000, 990])"),
        (np.array([[1.0, 0.5]]), "array([[1.0, 0.5]])"),
        (np.array(3.0), "array(3.0)"),
        (np.ones(2, np.float32), "array([1.0, 1.0], dtype=float32)"),
        (np.array([1], ">f8"), "array([1.0], dtype=>f8)"),
        (np.array(["a"]), "array(['a'])"),
        (np.array([True, False]), "array([True, False])"),
        (np.array([np.nan, np.inf]), "array([nan, inf])"),
        (np.array([None]), "object array of shape (1,)"),
        (np.empty((0, 3)), "float64 array of shape (0, 3), empty"),
        (np.arange(50000.0).reshape(5000, 10), "float64 array of shape (5000, 10), values 0.0 … 5e+04"),
        (np.full(200, np.nan), "float64 array of shape (200,), 200 NaN"),
        (np.ones(200, bool), "bool array of shape (200,), 200 of 200 True"),
        (np.arange(300, dtype=np.uint16), "uint16 array of shape (300,), values 0 … 299"),
    ],
)
def test_a_value_is_shown_as_people_write_it(value: object, text: str) -> None:
    """No np.float64(…), no control characters, no addresses."""
    assert short(value) == text


def test_long_values_are_cut_and_say_so() -> None:
    """What was cut is counted."""
    assert short(10**5000) == "<int of 16610 bits>"
    assert short("x" * 1000).endswith("… (1000 characters)")
    assert short(list(range(10**6))).endswith(", … 1000000 in all]")
    assert short([[[[[[1]]]]]]) == "[[[[…]]]]"


def test_an_array_loses_digits_before_it_is_only_described() -> None:
    """Eight numbers fit with nine digits."""
    assert short(np.full(8, 1 / 3)) == f"array([{', '.join(['0.333333333'] * 8)}])"


def test_a_value_that_contains_itself_is_shown() -> None:
    """Depth is limited."""
    loop: list[Any] = [1]
    loop.append(loop)
    assert short(loop) == "[1, [1, [1, … 2 in all]]]"


def test_a_foreign_repr_is_never_called() -> None:
    """An object's own repr may do anything."""

    class Trap:
        def __repr__(self) -> str:
            raise SystemExit

    assert short([Trap()]) == "[<Trap object>]"


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.complex_numbers() | ARRAYS,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(PLAIN, st.integers(0, 200))
@settings(max_examples=300)
def test_short_is_one_short_line_for_everything(value: object, limit: int) -> None:
    """Never longer than the limit, never more than one line, never an error or a warning."""
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        text = short(value, limit)
    assert len(text) <= limit
    assert len(text.splitlines()) <= 1
    assert "cannot be shown" not in text
