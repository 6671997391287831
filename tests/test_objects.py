"""Objects of the learner's code through a real process: each test is a story of a learner's module and a check of it.

All modules lie in one folder, as those of a project do, and are served from one process of level `process`.
"""

import copy
import dataclasses
import enum
import importlib
import itertools
import math
import pickle
import sys
import textwrap
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from unittest import mock

import numpy as np
import pytest

from grader import served
from grader.course import Limits, bundled_root, read_course
from grader.intake import Submission
from grader.open_session import OpenSession
from grader.process import LearnerProcess

SOURCES: dict[str, str] = {}  # of the learner's modules, by name
PACKAGE = {
    "zoo/__init__": "from zoo.animals import Dog\nVERSION = (1, 2)\n",
    "zoo/animals": "class Dog:\n    legs = 4\n    def speak(self): return 'wuff'\n",
    "zoo/care/__init__": "",
    "zoo/care/food": "from ..animals import Dog\ndef feed(dog): return isinstance(dog, Dog)\n",
}
Check = Callable[..., None]


def story(source: str) -> Callable[[Check], Check]:
    """Give a test the learner's module that its fixture `m` serves."""

    def keep(check: Check) -> Check:
        SOURCES[check.__name__.removeprefix("test_")] = textwrap.dedent(source)
        return check

    return keep


@pytest.fixture(scope="module")
def session() -> Iterator[OpenSession]:
    """One process for all modules, which are served meanwhile."""
    exercise = dataclasses.replace(
        read_course(bundled_root()).exercises[0], functions=(), constants=(), objects=True, limits=Limits(20.0, 1024)
    )
    sources = {name: text.encode() for name, text in {**SOURCES, **PACKAGE}.items()}
    modules = dict.fromkeys(SOURCES, False) | {
        "zoo": True,
        "zoo.animals": False,
        "zoo.care": True,
        "zoo.care.food": False,
    }
    opened = OpenSession(
        exercise,
        Submission("", sources),
        LearnerProcess,
        served=frozenset(modules),
        files={"zoo/names.txt": b"Rex\n"},
        floats_raise=False,
        checks_at_limit=math.inf,
    )
    with served.serving(modules, opened, lambda _: None):
        yield opened
    opened.close()


@pytest.fixture
def m(session: OpenSession, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The module of the test's story. The process has to be there still when the story is over."""
    session.begin(request.node.name)
    yield importlib.import_module(request.function.__name__.removeprefix("test_"))
    fault = session.fault
    session.end()
    assert fault is None, fault


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
    assert m.Bits.A | m.Bits.B == m.Bits(3)
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


# Classes and objects


@story(
    """
    import functools
    @functools.total_ordering
    class Vector:
        def __init__(self, *items): self.items = items
        def __add__(self, other):
            if not isinstance(other, Vector): return NotImplemented
            return Vector(*(a + b for a, b in zip(self.items, other.items)))
        def __mul__(self, n): return Vector(*(a * n for a in self.items))
        __rmul__ = __mul__
        def __iadd__(self, other): self.items = (self + other).items; return self
        def __neg__(self): return self * -1
        def __abs__(self): return sum(abs(a) for a in self.items)
        def __matmul__(self, other): return sum(a * b for a, b in zip(self.items, other.items))
        def __rsub__(self, other): return ("rsub", other)
        def __pow__(self, n, modulus=None): return ("pow", n, modulus)
        def __divmod__(self, n): return ("divmod", n)
        def __eq__(self, other): return isinstance(other, Vector) and self.items == other.items
        def __lt__(self, other): return abs(self) < abs(other)
        def __hash__(self): return hash(self.items)
        def __bool__(self): return any(self.items)
        def __float__(self): return float(abs(self))
        def __int__(self): return abs(self)
        def __index__(self): return abs(self)
        def __round__(self, n=0): return ("round", n)
        def __invert__(self): return "inverted"
        def __complex__(self): return complex(abs(self), 1)
        def __floor__(self): return "floor"
    """
)
def test_operators(m: Any) -> None:
    """Arithmetic, comparison, hashing and conversion are the class's own, from either side."""
    v, w = m.Vector(1, 2), m.Vector(3, -4)
    assert v + w == m.Vector(4, -2)
    assert 2 * v == v * 2 == m.Vector(2, 4)
    assert (-v, abs(w), v @ w) == (m.Vector(-1, -2), 7, -5)
    assert 1 - v == ("rsub", 1)
    assert (v**2, pow(v, 2, 3), divmod(v, 2)) == (("pow", 2, None), ("pow", 2, 3), ("divmod", 2))
    assert (v < w, v <= w, v > w, max(v, w), sorted([w, v])) == (True, True, False, w, [v, w])
    assert (v != w, v == m.Vector(1, 2), v == (1, 2), v is m.Vector(1, 2)) == (True, True, False, False)
    assert hash(v) == hash(m.Vector(1, 2))
    assert {v, m.Vector(1, 2), w} == {w, v}
    assert {v: "found"}[m.Vector(1, 2)] == "found"
    assert (bool(v), bool(m.Vector(0))) == (True, False)
    assert (float(v), int(v), complex(v), "abcd"[v], hex(v), round(v, 3), ~v, math.floor(v)) == (
        3.0,
        3,
        3 + 1j,
        "d",
        "0x3",
        ("round", 3),
        "inverted",
        "floor",
    )
    before = v
    v += w
    assert v is before
    assert v.items == (4, -2)
    with pytest.raises(TypeError, match="unsupported operand"):
        v + 1


@story(
    """
    class Shelf:
        def __init__(self, items=()): self.items = dict(items)
        def __len__(self): return len(self.items)
        def __getitem__(self, key): return self.items[key] if type(key) is not slice else ("slice", key.start, key.stop)
        def __setitem__(self, key, value): self.items[key] = value
        def __delitem__(self, key): del self.items[key]
        def __contains__(self, key): return key in self.items
        def __iter__(self): return iter(self.items)
        def __reversed__(self): return reversed(list(self.items))
        def __call__(self, *args, **kwargs): return (args, kwargs)
        def __str__(self): return "a shelf"
        def __repr__(self): return f"Shelf({self.items})"
        def __format__(self, spec): return f"<{spec}>"
        def __bytes__(self): return b"shelf"
    class Silent:
        pass
    class Old:
        def __getitem__(self, place): return [5, 6][place]
    """
)
def test_containers_of_the_learners(m: Any) -> None:
    """len, in, indexing, slicing, deletion, iteration, calling and every way to show an object."""
    shelf = m.Shelf({"a": 1})
    shelf["b"] = 2
    assert (len(shelf), "a" in shelf, "z" in shelf, shelf["b"], shelf[1:9]) == (2, True, False, 2, ("slice", 1, 9))
    assert (list(shelf), list(reversed(shelf)), [*shelf]) == (["a", "b"], ["b", "a"], ["a", "b"])
    del shelf["a"]
    assert shelf.items == {"b": 2}
    with pytest.raises(KeyError):
        shelf["a"]
    assert shelf(1, x=2) == ((1,), {"x": 2})
    assert (str(shelf), repr(shelf), f"{shelf:>5}", f"{shelf}", bytes(shelf)) == (
        "a shelf",
        "Shelf({'b': 2})",
        "<>5>",
        "<>",
        b"shelf",
    )
    assert "Silent object at 0x" in repr(m.Silent())
    with pytest.raises(TypeError, match="has no len"):
        len(m.Silent())
    with pytest.raises(TypeError, match="not callable"):
        m.Silent()()
    with pytest.raises(TypeError, match="not iterable"):
        iter(m.Silent())
    assert list(m.Old()) == [5, 6]
    assert not m.Shelf()


@story(
    """
    class Account:
        "Keeps money."
        opened = 0
        limit = {"day": 10}
        def __init__(self, owner, balance=0):
            self.owner, self._balance = owner, balance
            Account.opened += 1
        @property
        def balance(self): return self._balance
        @balance.setter
        def balance(self, value):
            if value < 0: raise ValueError("negative")
            self._balance = value
        @classmethod
        def of(cls, text): return cls(*text.split(":"))
        @staticmethod
        def fee(amount): return amount // 10
        def chain(self): return self
    class Savings(Account):
        rate = 0.1
    class Slots:
        __slots__ = ("x",)
    """
)
def test_classes(m: Any) -> None:
    """Properties, class and static methods, class attributes, inheritance, slots, and what isn't there."""
    account = m.Account("ann", 5)
    assert (account.owner, account.balance) == ("ann", 5)
    account.balance = 7
    assert (account.balance, account._balance) == (7, 7)
    with pytest.raises(ValueError, match="negative"):
        account.balance = -1
    assert type(m.Savings.of("bob:3")) is m.Savings
    assert m.Account.fee(50) == account.fee(50) == 5
    before = m.Account.opened
    m.Savings("carl")
    assert m.Account.opened == m.Savings.opened == before + 1
    m.Account.opened = 0
    assert account.opened == 0
    m.Account.limit["day"] = 20
    assert account.limit == {"day": 20}
    assert account.chain() is account
    assert account.chain().chain().owner == "ann"
    assert (m.Account.__name__, m.Account.__doc__, m.Account.__module__) == ("Account", "Keeps money.", "classes")
    assert (issubclass(m.Savings, m.Account), issubclass(m.Account, m.Savings)) == (True, False)
    assert (isinstance(m.Savings("d"), m.Account), isinstance(account, m.Savings), isinstance(5, m.Account)) == (
        True,
        False,
        False,
    )
    assert m.Savings.__bases__[0] is m.Account
    assert m.Savings.__mro__[1] is m.Account
    assert account.__class__ is m.Account
    assert hasattr(account, "balance")
    assert not hasattr(account, "nothing")
    with pytest.raises(AttributeError, match="nothing"):
        account.nothing  # noqa: B018
    with pytest.raises(AttributeError):
        m.Slots().y = 1
    account.note = "new"
    assert vars(account)["note"] == "new"
    del account.note
    assert not hasattr(account, "note")
    assert "balance" in dir(account)
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        m.Account()


@story(
    """
    import abc
    from typing import Protocol, runtime_checkable
    class Shape(abc.ABC):
        @abc.abstractmethod
        def area(self): ...
    class Square(Shape):
        def __init__(self, a): self.a = a
        def area(self): return self.a ** 2
    @runtime_checkable
    class Sized(Protocol):
        def __len__(self): ...
    class Bag(list):
        def total(self): return sum(self)
    class Meters(float):
        def unit(self): return "m"
    class Names(dict):
        def __missing__(self, key): return key.upper()
    class Word(str):
        pass
    """
)
def test_bases(m: Any) -> None:
    """Abstract classes, protocols, and classes below list, dict, float and str."""
    with pytest.raises(TypeError, match="abstract"):
        m.Shape()
    assert m.Square(3).area() == 9
    assert isinstance(m.Square(1), m.Shape)
    assert issubclass(m.Square, m.Shape)
    assert isinstance(m.Bag([1]), m.Sized)
    bag = m.Bag([1, 2])
    bag.append(3)
    assert (bag.total(), len(bag), bag[0], list(bag), bag == [1, 2, 3]) == (6, 3, 1, [1, 2, 3], True)
    assert isinstance(bag, list)
    length = m.Meters(2.5)
    assert (length.unit(), length + 1, length == 2.5, isinstance(length, float)) == ("m", 3.5, True, True)
    assert m.Names(a=1)["b"] == "B"
    assert isinstance(m.Names(), dict)
    assert m.Word("abc").upper() == "ABC"
    assert m.Word("abc") == "abc"
    assert {"abc": 1}[m.Word("abc")] == 1


@story(
    """
    class Door:
        def __init__(self): self.log = []
        def __enter__(self): self.log.append("in"); return self
        def __exit__(self, kind, error, trace):
            self.log.append((kind and kind.__name__, str(error)))
            return kind is KeyError
    import contextlib
    @contextlib.contextmanager
    def step(log):
        log.append("before")
        try: yield "inside"
        except ValueError: log.append("caught")
        log.append("after")
    """
)
def test_context_managers(m: Any) -> None:
    """They are entered and left, hear of exceptions, and may swallow them."""
    with m.Door() as door:
        assert door.log == ["in"]
    assert door.log == ["in", (None, "None")]
    with m.Door() as door:
        raise KeyError("x")
    assert door.log[-1] == ("KeyError", "'x'")
    with pytest.raises(IndexError, match="y"), door:
        raise IndexError("y")
    log: list[str] = []
    with m.step(log) as inside:
        assert inside == "inside"
        raise ValueError
    assert log == ["before", "caught", "after"]


@story(
    """
    import collections, dataclasses, typing
    @dataclasses.dataclass(order=True)
    class Item:
        name: str
        price: float = 1.0
        tags: list = dataclasses.field(default_factory=list)
        def total(self, n): return self.price * n
    @dataclasses.dataclass(frozen=True)
    class Fixed:
        x: int
    Point = collections.namedtuple("Point", "x y")
    class Pair(typing.NamedTuple):
        left: int
        right: int = 0
        def swap(self): return Pair(self.right, self.left)
    """
)
def test_dataclasses_and_namedtuples(m: Any) -> None:
    """They compare, show and unpack as ever."""
    item = m.Item("pen", 2.0)
    assert item == m.Item("pen", 2.0)
    assert item < m.Item("quill")
    assert repr(item) == "Item(name='pen', price=2.0, tags=[])"
    item.tags.append("blue")
    assert (item.tags, m.Item("x").tags, item.total(3)) == (["blue"], [], 6.0)
    assert hash(m.Fixed(1)) == hash(m.Fixed(1))
    with pytest.raises(AttributeError, match="cannot assign"):
        m.Fixed(1).x = 2
    assert dataclasses.asdict(m.Fixed(3)) == {"x": 3}
    assert dataclasses.is_dataclass(item)
    p = m.Point(1, 2)
    x, y = p
    assert (p, p.x, p[1], x + y, p._replace(x=5), p._asdict()) == ((1, 2), 1, 2, 3, (5, 2), {"x": 1, "y": 2})
    assert isinstance(p, tuple)
    assert m.Pair(1).swap() == m.Pair(0, 1)
    assert m.Pair(4).left == 4


@story(
    """
    class Node:
        def __init__(self, value): self.value, self.inner = value, [value]
        def __eq__(self, other): return self.value == other.value
        __hash__ = None
    def same(a, b): return a is b
    """
)
def test_copies_and_pickles(m: Any) -> None:
    """A copy is another object with the same inner ones, a deep copy has its own; a pickle comes back."""
    node = m.Node(1)
    shallow, deep, revived = copy.copy(node), copy.deepcopy(node), pickle.loads(pickle.dumps(node))
    assert all(
        other == node and not m.same(other, node) and type(other) is m.Node for other in (shallow, deep, revived)
    )
    node.inner.append(2)
    assert (shallow.inner, deep.inner, revived.inner) == ([1, 2], [1], [1])
    with pytest.raises(TypeError, match="unhashable"):
        hash(node)


# Modules


@story(
    """
    import math as _math
    RATE = 0.25
    _hidden = 1
    table = {"a": 1}
    def read(): return RATE
    class Thing: pass
    """
)
def test_module_names(m: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Constants, `import *`, setting, patching and deleting names, and what isn't there."""
    names: dict[str, Any] = {}
    exec("from module_names import *\nfrom module_names import _hidden as h", names)
    assert (names["RATE"], names["h"], "_hidden" in names, names["Thing"] is m.Thing) == (0.25, 1, False, True)
    assert m.__name__ == "module_names"
    with monkeypatch.context() as patch:
        patch.setattr(m, "RATE", 9)
        assert m.read() == 9
        patch.setattr("module_names.read", lambda: "patched")
        assert m.read() == "patched"
        patch.setitem(m.table, "b", 2)
        assert m.table == {"a": 1, "b": 2}
    assert (m.read(), m.table) == (0.25, {"a": 1})
    with mock.patch.object(m, "read", return_value="mocked") as read:
        assert m.read(1) == "mocked"
        read.assert_called_once_with(1)
    m.NEW = [1]
    assert m.NEW == [1]
    del m.NEW
    assert not hasattr(m, "NEW")
    with pytest.raises(AttributeError):
        m.nothing  # noqa: B018
    with pytest.raises(ImportError, match="nothing"):
        exec("from module_names import nothing")


@story("import zoo.care.food\nDog = zoo.Dog")
def test_packages(m: Any) -> None:
    """Packages, submodules, relative imports, and one class by whatever way it is reached."""
    import zoo  # type: ignore[import-not-found]
    import zoo.care.food as food  # type: ignore[import-not-found]
    from zoo.animals import Dog  # type: ignore[import-not-found]

    assert zoo.VERSION == (1, 2)
    assert zoo.Dog is Dog is zoo.animals.Dog is m.Dog
    assert food.feed(Dog()) is True
    assert (Dog().speak(), Dog.legs) == ("wuff", 4)
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("zoo.fish")


@story("print('imported')\ndef f(): raise RuntimeError('at import')\nf()")
def test_a_module_that_raises(session: OpenSession) -> None:
    """What a module raises when it is imported, the import raises here."""
    session.begin("a module that raises")
    with pytest.raises(RuntimeError, match="at import"):
        importlib.import_module("a_module_that_raises")
    with pytest.raises(RuntimeError, match="at import"):
        importlib.import_module("a_module_that_raises")
    session.end()


# What goes around the values


@story(
    """
    import sys, warnings
    class Old(UserWarning): pass
    def warn(kind=DeprecationWarning): warnings.warn("do not", kind, stacklevel=2); return 1
    def own(): warnings.warn("mine", Old)
    def say(*words): print(*words); print("aside", file=sys.stderr)
    """
)
def test_warnings_and_output(m: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Warnings are heard by pytest.warns, and what is printed is captured, in order."""
    with pytest.warns(DeprecationWarning, match="do not"):
        assert m.warn() == 1
    with pytest.warns(m.Old, match="mine"):
        m.own()
    m.say("one", 2)
    print("here")
    m.say("grün")
    out, err = capsys.readouterr()
    assert out == "one 2\nhere\ngrün\n"
    assert err == "aside\naside\n"


@story(
    """
    def use(service):
        service.connect("here", port=1)
        return [service.get(n) for n in range(2)]
    def state(thing): thing.count += 1; thing.log.append("used"); return thing.count
    def read(file): return [line.strip() for line in file]
    def write(file): file.write("written")
    def swap(a, b): return b, a
    def member(x, pool): return x in pool
    def largest(things): return max(things, key=lambda t: t.size)
    def call(thing): return thing(2) + len(thing) + thing[0]
    """
)
def test_objects_of_the_test(m: Any) -> None:
    """Mocks, files and the test's own objects are used over there, and come back as themselves."""
    import io

    service = mock.Mock()
    service.get.side_effect = ["a", "b"]
    assert m.use(service) == ["a", "b"]
    service.connect.assert_called_once_with("here", port=1)

    class Thing:
        def __init__(self, size: int = 0) -> None:
            self.size, self.count, self.log = size, 0, list[str]()

        def __call__(self, n: int) -> int:
            return n * self.size

        def __len__(self) -> int:
            return 100

        def __getitem__(self, place: int) -> int:
            return place + 1000

    thing, other = Thing(3), Thing(5)
    assert m.state(thing) == thing.count == 1
    assert thing.log == ["used"]
    swapped = m.swap(thing, other)
    assert swapped[0] is other
    assert swapped[1] is thing
    assert m.member(thing, [other, thing])
    assert not m.member(thing, [other])
    assert m.largest([thing, other]) is other
    assert m.call(thing) == 1106
    assert m.read(io.StringIO("a\nb\n")) == ["a", "b"]
    file = io.StringIO()
    m.write(file)
    assert file.getvalue() == "written"


@story(
    """
    class Stack:
        def __init__(self): self.items = []
        def push(self, item): self.items.append(item)
        def pop(self): return self.items.pop()
        def each(self, f): return [f(item) for item in self.items]
    """
)
def test_what_was_put_in_comes_out(m: Any) -> None:
    """An object of the test's, kept in an object of the learner's, is that object when it comes back."""
    stack, mine, fraction, inner = m.Stack(), object.__new__(enum.Enum.__class__.__mro__[-1]), Fraction(1, 2), m.Stack()
    for item in (mine, fraction, inner, stack, None, (inner, [mine])):
        stack.push(item)
    taken_tuple = stack.pop()
    assert taken_tuple[0] is inner
    assert taken_tuple[1][0] is mine
    assert stack.pop() is None
    assert stack.pop() is stack
    assert stack.pop() is inner
    assert stack.each(lambda item: item is mine) == [True, False]


@story(
    """
    import threading
    lock = threading.Lock()
    total = 0
    def add(n):
        global total
        for _ in range(n):
            with lock: total += 1
    def in_threads(n):
        threads = [threading.Thread(target=add, args=(100,)) for _ in range(n)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        return total
    """
)
def test_threads(m: Any) -> None:
    """The learner's code may use threads, and so may the test."""
    assert m.in_threads(3) == 300
    threads = [threading.Thread(target=m.add, args=(50,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert m.total == 500
    with m.lock:
        assert m.lock.locked()
    assert not m.lock.locked()


@story(
    """
    import asyncio
    async def add(a, b):
        await asyncio.sleep(0)
        return a + b
    async def all(n): return await asyncio.gather(*(add(k, k) for k in range(n)))
    def run(n): return asyncio.run(all(n))
    async def numbers(n):
        for k in range(n): yield k
    """
)
def test_coroutines_run_over_there(m: Any) -> None:
    """A loop of the learner's own runs; a coroutine is one."""
    import inspect

    assert m.run(3) == [0, 2, 4]
    started = m.add(1, 2)
    assert inspect.iscoroutine(started)
    with pytest.raises(StopIteration) as caught:
        while True:
            started.send(None)
    assert caught.value.value == 3


# What can't work says so


@story("class Base:\n    def hook(self): return 'base'\n    def run(self): return self.hook()\n")
def test_subclasses_say_why_they_cannot_be(m: Any) -> None:
    """A class of the test's below one of the learner's can be defined, and says what is the matter when it is used."""

    class Own(m.Base):  # type: ignore[misc]
        def hook(self) -> str:
            return "own"

    with pytest.raises(TypeError, match="'Own' inherits from 'Base', a class on the other side of the sandbox"):
        Own()


@story("def f(x): return x\ndef g(x): return x.__class__.__init__.__globals__\n")
def test_what_leads_to_the_test_is_not_handed_out(m: Any) -> None:
    """Modules of the grader, frames and globals stay here, and the learner's code is told so."""

    class Mine:
        def __init__(self) -> None:
            pass

    with pytest.raises(AttributeError, match="offers no"):
        m.g(Mine())
    with pytest.raises(Exception, match="frame"):
        m.f(sys._getframe())


@story("import os\ndef f(): os._exit(3)\nclass Kept: pass\ndef g(): return 1\n")
def test_a_process_that_died_is_replaced(session: OpenSession) -> None:
    """The next test goes on with a fresh process, by the names that it imported; objects from before are lost."""
    session.begin("first")
    module: Any = importlib.import_module("a_process_that_died_is_replaced")
    died, kept, kind, g = module.f, module.Kept(), module.Kept, module.g
    with pytest.raises(Exception, match=""):  # noqa: PT011 - which one is the grader's business
        died()
    assert session.fault is not None
    assert "exit status 3" in session.fault.message
    session.end()
    session.begin("second")
    assert (g(), type(kind()) is kind, isinstance(kind(), module.Kept)) == (1, True, True)
    assert session.fault is None
    with pytest.raises(Exception, match=""):  # noqa: PT011
        kept.anything  # noqa: B018
    assert "an earlier check has ended" in str(session.fault)
    session.end()
