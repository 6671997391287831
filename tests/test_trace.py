"""When two modules count as having answered alike."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.result import Location
from grader.trace import SAMPLED, Entry, LearnerError, Sample, Trace, begins_alike, same


def value(given: Any, name: str = "f") -> Trace:
    return Trace([Entry(name, (), {}, value=given, finished=True)])


def error(kind: str, message: str, line: str | None = None) -> Entry:
    place = None if line is None else Location("f.py", 1, None, line)
    return Entry("f", (), {}, error=LearnerError((kind, "Exception"), message, place), finished=True)


ALIKE = [
    (1.0, 1.0 + 1e-12),
    (float("nan"), float("nan")),
    (np.array([1.0, np.nan]), np.array([1.0 + 1e-13, np.nan])),
    (np.float32(1), np.float32(1 + 1e-6)),
    (np.arange(3), np.arange(3)),
    ([1, (2.0, "x")], [1, (2.0, "x")]),
    ({"a": np.ones(2)}, {"a": np.ones(2)}),
    ({1, 2}, {2, 1}),
    (None, None),
]
DIFFERENT = [
    (1, 1.0),
    (True, 1),
    (1.0, 1.001),
    (1.0, float("nan")),
    (np.ones(2), np.ones(3)),
    (np.ones(2), np.ones(2, np.float32)),
    (np.ones(2), [1.0, 1.0]),
    (np.arange(3), np.arange(3)[::-1]),
    ([1, 2], [1]),
    ([1, 2], (1, 2)),
    ({"a": 1}, {"b": 1}),
    ({"a": 1}, {"a": 2}),
]


@pytest.mark.parametrize(("a", "b"), ALIKE, ids=str)
def test_rounding_does_not_tell_apart(a: Any, b: Any) -> None:
    """Values that differ by rounding alone are the same, whichever comes first."""
    assert same(value(a), value(b))
    assert same(value(b), value(a))


@pytest.mark.parametrize(("a", "b"), DIFFERENT, ids=str)
def test_type_shape_and_value_tell_apart(a: Any, b: Any) -> None:
    """Another type, shape, dtype or value is another answer, whichever comes first."""
    assert not same(value(a), value(b))
    assert not same(value(b), value(a))


@given(
    st.recursive(st.none() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_every_value_is_the_same_as_itself(given_value: Any) -> None:
    """Comparing is reflexive, NaN included."""
    assert same(value(given_value), value(given_value))


def test_other_calls_are_other_traces() -> None:
    """Other names, more calls, or calls beyond the limit are not the same."""
    assert not same(value(1), value(1, name="g"))
    assert not same(value(1), Trace())
    full = Trace(limit=1)
    full.add(Entry("f", (), {}))
    full.add(Entry("f", (), {}))
    assert (len(full.entries), full.lost) == (1, 1)
    assert not same(full, Trace([Entry("f", (), {})]))


def test_what_ended_the_check_must_have_the_same_text() -> None:
    """The last exception compares by kind and text; NumPy's function and the way of writing do not matter."""
    assert same(Trace([error("TypeError", "no")]), Trace([error("TypeError", "no")]))
    assert not same(Trace([error("TypeError", "no", "raise TypeError('no')")]), Trace([error("TypeError", "other")]))
    assert not same(Trace([error("TypeError", "no")]), Trace([error("ValueError", "no")]))
    assert not same(Trace([error("TypeError", "no")]), value(1))
    overflow = Trace([error("FloatingPointError", "overflow encountered in exp")])
    assert same(overflow, Trace([error("FloatingPointError", "overflow encountered in power")]))
    assert not same(overflow, Trace([error("FloatingPointError", "invalid value encountered in exp")]))
    writes = Trace([error("ValueError", "assignment destination is read-only")])
    assert same(writes, Trace([error("ValueError", "output array is read-only")]))


def test_an_earlier_exception_in_own_words_compares_by_kind() -> None:
    """What a check expected to be raised may be worded as the learner likes; what NumPy says may not differ."""
    own, other = error("ValueError", "mine", "    raise ValueError('mine')"), error("ValueError", "theirs")
    last = Entry("f", (), {}, value=1, finished=True)
    assert same(Trace([own, last]), Trace([other, last]))
    assert not same(Trace([error("ValueError", "mine", "x + y"), last]), Trace([other, last]))


def test_a_sample_tells_that_arrays_differ_and_never_that_they_are_the_same() -> None:
    """By shape, dtype and some of the values; what it can't see may be."""
    array = np.arange(100_000.0).reshape(100, 1000)
    sample = Sample.of(array)
    assert sample.values.size <= 2 * SAMPLED
    assert sample.may_be(array.copy())
    assert sample.may_be(array * (1 + 1e-14))
    for other in (array + 1, array.T, array.astype(np.float32), array[:-1], array.tolist(), None):
        assert not sample.may_be(other)
    unseen = array.copy()
    unseen[0, 1] = -1
    assert sample.may_be(unseen)


@pytest.mark.parametrize(("dtype", "same_to"), [(np.float32, 1e-4), (np.float64, 1e-10)])
def test_python_floats_are_compared_as_what_they_come_of(dtype: type, same_to: float) -> None:
    """Beside float32 arrays a loss is as coarse as these; beside float64 it is not."""
    one, other = (Trace([Entry("loss", (np.ones(3, dtype),), {}, value=value)]) for value in (1.0, 1.0 + same_to))
    assert same(one, other)
    other.entries[0].value = 1.0 + 1e3 * same_to
    assert not same(one, other)


def test_a_beginning_is_compared_as_far_as_it_goes() -> None:
    """A call that has not come back says nothing; a longer beginning than the trace is none of it."""
    trace = Trace([Entry("f", (), {}, value=1.0, finished=True), Entry("f", (), {}, value=2.0, finished=True)])
    assert begins_alike([], trace)
    assert begins_alike([Entry("f", (), {}, value=1.0, finished=True)], trace)
    assert begins_alike([Entry("f", (), {}, value=7.0)], trace)
    assert not begins_alike([Entry("f", (), {}, value=7.0, finished=True)], trace)
    assert not begins_alike([*trace.entries, Entry("f", (), {}, value=3.0, finished=True)], trace)
