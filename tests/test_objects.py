"""Objects of the learner's code through a real process: values, functions and exceptions."""

import itertools
from collections import Counter, defaultdict, deque
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from .stories import m, session, story

__all__ = ["m", "session"]

# Values


@story(
    """
    def power(n): return 2 ** n
    def back(value): return value
    def kind(value): return type(value).__name__
    """
)
def test_values_keep_their_types(m: Any) -> None:
    """Big integers, dates, decimals, fractions, ranges and arrays go there and come back as what they are."""
    assert m.power(200_000) == 2**200_000
    moment = datetime(2024, 2, 29, 12, tzinfo=UTC)
    values = [
        10**4000,
        moment,
        date.max,
        timedelta(days=-1),
        Decimal("1.50"),
        Fraction(1, 3),
        range(9),
        1 + 2j,
        ...,
        b"\0",
    ]
    for value in values:
        assert (m.back(value), type(m.back(value)), m.kind(value)) == (value, type(value), type(value).__name__)
    assert m.back(NotImplemented) is NotImplemented
    assert str(m.back(Decimal("1.50"))) == "1.50"
    assert m.back(moment).tzinfo is UTC
    array = m.back(np.arange(3, dtype=np.int16))
    assert (array.dtype, array.tolist()) == (np.int16, [0, 1, 2])


@story(
    """
    def unique(values): return set(values)
    def nested(): return {"a": [(1, {2}), {"b": frozenset({3})}]}
    """
)
def test_sets_and_nested_containers_are_plain(m: Any) -> None:
    """What is built of plain containers is compared as such."""
    assert m.unique([1, 1, 2]) == {1, 2}
    assert type(m.unique([])) is set
    assert m.nested() == {"a": [(1, {2}), {"b": frozenset({3})}]}
    assert type(m.nested()["a"][0]) is tuple


@story(
    """
    from collections import Counter, OrderedDict, defaultdict, deque
    def count(text): return Counter(text)
    def group(words):
        found = defaultdict(list)
        for word in words:
            found[word[0]].append(word)
        return found
    def last(n): return deque(range(5), maxlen=n)
    def order(): return OrderedDict(b=1, a=2)
    """
)
def test_containers_of_collections(m: Any) -> None:
    """Counters, default dictionaries, deques and ordered dictionaries are what they are called."""
    assert m.count("aab") == Counter("aab")
    assert m.count("aab").most_common(1) == [("a", 2)]
    found = m.group(["ab", "ac", "b"])
    assert found == {"a": ["ab", "ac"], "b": ["b"]}
    assert isinstance(found, defaultdict)
    found["new"].append(1)
    assert found["new"] == [1]
    assert list(m.last(2)) == [3, 4]
    assert isinstance(m.last(2), deque)
    assert m.last(2).maxlen == 2
    assert list(m.order()) == ["b", "a"]


@story(
    """
    kept = []
    def double(values):
        for place, value in enumerate(values):
            values[place] = 2 * value
    def keep(value): kept.append(value)
    def grow(): kept[-1].append("grown")
    def fill(table): table.setdefault("rows", []).append(1); return table
    """
)
def test_lists_are_shared(m: Any) -> None:
    """What the learner's code does to a list, the test sees, and the other way round, also in later calls."""
    values = [1, 2]
    assert m.double(values) is None
    assert values == [2, 4]
    m.keep(values)
    values.append("seen")
    assert m.kept[0][-1] == "seen"
    assert m.kept[0] is values
    m.grow()
    assert values[-1] == "grown"
    table: dict[str, Any] = {}
    assert m.fill(table) is table
    assert m.fill(table) == {"rows": [1, 1]}


@story(
    """
    import enum
    class Colour(enum.Enum):
        RED = 1
        BLUE = "b"
        def shout(self): return self.name + "!"
    class Level(enum.IntEnum):
        LOW = 1
        HIGH = 2
    class Bits(enum.Flag):
        A = 1
        B = 2
    def mix(): return Colour.BLUE
    """
)
def test_enums(m: Any) -> None:
    """Members are singletons, can be iterated, looked up, compared, and used as keys."""
    assert m.mix() is m.Colour.BLUE
    assert m.Colour(1) is m.Colour.RED
    assert m.Colour["RED"].value == 1
    assert [c.name for c in m.Colour] == ["RED", "BLUE"]
    assert (len(m.Colour), m.Colour.RED in m.Colour, isinstance(m.Colour.RED, m.Colour)) == (2, True, True)
    assert m.Colour.RED.shout() == "RED!"
    assert {m.Colour.RED: "red"}[m.mix().RED if hasattr(m.mix(), "RED") else m.Colour.RED] == "red"
    assert m.Colour.RED != m.Colour.BLUE
    with pytest.raises(ValueError, match="is not a valid"):
        m.Colour(7)
    assert m.Level.LOW < m.Level.HIGH
    assert m.Level.HIGH + 1 == 3
    assert m.Level.HIGH == 2
    assert m.Bits(3) == m.Bits.A | m.Bits.B
    assert m.Bits.A in (m.Bits.A | m.Bits.B)
    assert issubclass(m.Level, int)


# Functions


@story(
    """
    def apply(f, *args, **more): return f(*args, **more)
    def twice(f): return lambda x: f(f(x))
    def guarded(f):
        try: return f()
        except KeyError as error: return ("caught", error.args)
    def fold(f, values, start=0):
        for value in values: start = f(start, value)
        return start
    """
)
def test_callbacks(m: Any) -> None:
    """Functions of the test's are called, nested, with names, and raise through the learner's code."""
    assert m.apply(lambda a, b=1: a + b, 2, b=3) == 5
    assert m.twice(lambda x: 3 * x)(1) == 9
    assert m.apply(m.apply, m.apply, max, 1, 2) == 2
    assert m.apply(lambda n: m.apply(lambda k: m.apply(str, k), n + 1), 1) == "2"
    assert m.fold(lambda a, b: a + b, [1, 2, 3]) == 6

    def missing() -> None:
        raise KeyError("gone", 1)

    assert m.guarded(missing) == ("caught", ("gone", 1))

    class Own(Exception):
        pass

    def own() -> None:
        raise Own("mine")

    with pytest.raises(Own, match="mine") as caught:
        m.apply(own)
    assert type(caught.value) is Own


@story(
    """
    def count(start=0):
        while True:
            yield start
            start += 1
    def echo():
        got = None
        while True:
            got = yield got
    def broken():
        yield 1
        raise ValueError("no second")
    class Steps:
        def __init__(self, n): self.n = n
        def __iter__(self): return self
        def __next__(self):
            if not self.n: raise StopIteration
            self.n -= 1
            return self.n
    def total(values): return sum(values)
    def first(values): return next(iter(values))
    log = []
    def closing():
        try: yield 1
        finally: log.append("closed")
    """
)
def test_generators(m: Any) -> None:
    """Infinite generators are taken from; values can be sent; they end, raise and are closed as ever."""
    assert list(itertools.islice(m.count(5), 3)) == [5, 6, 7]
    one = m.count()
    assert [next(one), next(one)] == [0, 1]
    other = m.echo()
    assert next(other) is None
    assert other.send("sent") == "sent"
    bad = m.broken()
    assert next(bad) == 1
    with pytest.raises(ValueError, match="no second"):
        next(bad)
    assert list(m.Steps(3)) == [2, 1, 0]
    with pytest.raises(StopIteration):
        next(m.Steps(0))
    assert m.total(n * n for n in range(4)) == 14
    assert m.first(itertools.count(7)) == 7
    closing = m.closing()
    next(closing)
    closing.close()
    assert m.log == ["closed"]
    assert iter(one) is one


@story(
    """
    def tagged(): pass
    tagged.colour = "red"
    def annotated(a: int, b: str = "x", *rest, key=None) -> bool:
        "Says something."
        return True
    async def later(): return 5
    """
)
def test_functions_have_attributes(m: Any) -> None:
    """Names, docstrings, signatures and attributes of functions can be read and set."""
    import inspect

    assert m.tagged.colour == "red"
    m.tagged.size = 3
    assert m.tagged.size == 3
    assert (m.annotated.__name__, m.annotated.__doc__) == ("annotated", "Says something.")
    parameters = inspect.signature(m.annotated).parameters
    assert list(parameters) == ["a", "b", "rest", "key"]
    assert parameters["b"].default == "x"
    assert m.annotated is m.annotated
    assert callable(m.annotated)
    assert inspect.isfunction(m.annotated)


@story(
    """
    import functools
    def counted(f):
        @functools.wraps(f)
        def wrapper(*args, **kwargs):
            wrapper.calls += 1
            return f(*args, **kwargs)
        wrapper.calls = 0
        return wrapper
    def repeat(n):
        def decorate(f):
            def wrapper(*args):
                return [f(*args) for _ in range(n)]
            return wrapper
        return decorate
    def singleton(cls):
        made = []
        def make(*args):
            if not made: made.append(cls(*args))
            return made[0]
        return make
    """
)
def test_decorators(m: Any) -> None:
    """Decorators of the learner's are put on functions, methods and classes of the test's."""

    @m.counted
    def add(a: int, b: int) -> int:
        """Add."""
        return a + b

    assert (add(1, 2), add(b=3, a=4), add.calls) == (3, 7, 2)
    assert (add.__name__, add.__doc__) == ("add", "Add.")

    class Thing:
        size = 2

        @m.repeat(3)
        def method(self, n: int) -> int:
            return n * self.size

    assert Thing().method(5) == [10, 10, 10]

    @m.singleton
    class Only:
        pass

    assert Only() is Only()


# Exceptions


@story(
    """
    class Empty(Exception):
        code = 7
        def __init__(self, message, extra=None):
            super().__init__(message)
            self.extra = extra
        def hint(self): return "fill it"
    class VeryEmpty(Empty, LookupError):
        pass
    class Odd(ValueError):
        def __str__(self): return "odd indeed"
    LAST = VeryEmpty("kept", extra=[1])
    def fail(kind=VeryEmpty): raise kind("nothing", extra={"n": 0})
    def odd(): raise Odd(1, 2)
    def chained():
        try: {}["key"]
        except KeyError as error: raise Empty("chained") from error
    def hidden():
        try: 1 / 0
        except ZeroDivisionError: raise Empty("hidden") from None
    def same(): raise LAST
    def is_empty(error): return isinstance(error, Empty) and error.extra
    def raise_this(error): raise error
    def catch(f):
        try: f()
        except Empty as error: return error
    def leave(): raise SystemExit(3)
    def many(): raise ExceptionGroup("two", [ValueError("a"), Empty("b")])
    """
)
def test_exceptions(m: Any) -> None:
    """Own exceptions keep class, bases, attributes, methods, identity and cause."""
    with pytest.raises(m.VeryEmpty, match="nothing") as caught:
        m.fail()
    error = caught.value
    assert (error.extra, error.code, error.args, error.hint(), str(error)) == (
        {"n": 0},
        7,
        ("nothing",),
        "fill it",
        "nothing",
    )
    assert type(error) is m.VeryEmpty
    for kind in (m.Empty, LookupError, Exception):
        assert isinstance(error, kind)
        assert issubclass(m.VeryEmpty, kind)
        with pytest.raises(kind):
            m.fail()
    assert not isinstance(error, m.Odd)
    with pytest.raises(ValueError, match="odd indeed"):
        m.odd()
    with pytest.raises(m.Empty) as caught:
        m.chained()
    assert isinstance(caught.value.__cause__, KeyError)
    assert caught.value.__cause__.args == ("key",)
    with pytest.raises(m.Empty) as caught:
        m.hidden()
    assert (caught.value.__cause__, caught.value.__suppress_context__) == (None, True)
    with pytest.raises(m.VeryEmpty) as caught:
        m.same()
    assert caught.value is m.LAST
    assert m.is_empty(error) == {"n": 0}
    with pytest.raises(m.Empty) as caught:
        m.raise_this(error)
    assert caught.value is error
    made = m.Empty("made here", extra=5)
    with pytest.raises(m.Empty) as caught:
        raise made
    assert (caught.value.extra, m.is_empty(made)) == (5, 5)
    assert m.catch(m.fail).extra == {"n": 0}
    with pytest.raises(SystemExit) as left:
        m.leave()
    assert left.value.code == 3


@story(
    """
    def look(d): return d["missing"]
    def divide(a): return a / 0
    def decode(): return b"\\xff".decode("ascii")
    def find(): return open("/nowhere/at/all")
    def stop(): raise StopIteration(5)
    def many(): raise ExceptionGroup("two", [ValueError("a"), KeyError("b")])
    def noted():
        error = ValueError("noted")
        error.add_note("a note")
        raise error
    """
)
def test_builtin_exceptions(m: Any) -> None:
    """Exceptions of Python's own have their arguments."""
    with pytest.raises(KeyError) as key:
        m.look({})
    assert key.value.args == ("missing",)
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        m.divide(1)
    with pytest.raises(UnicodeDecodeError) as text:
        m.decode()
    assert (text.value.start, text.value.encoding) == (0, "ascii")
    with pytest.raises(FileNotFoundError) as file:
        m.find()
    assert (file.value.errno, file.value.filename) == (2, "/nowhere/at/all")
    with pytest.raises(ExceptionGroup) as group:
        m.many()
    assert [type(error) for error in group.value.exceptions] == [ValueError, KeyError]


@story("def f(): raise StopIteration(5)")
def test_stop_iteration(m: Any) -> None:
    """Also the exception that ends loops comes through, with its value."""
    with pytest.raises(StopIteration) as caught:
        m.f()
    assert caught.value.value == 5
