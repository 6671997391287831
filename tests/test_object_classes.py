"""Objects of the learner's code through a real process: what classes and their objects can do."""

import copy
import dataclasses
import itertools
import math
import pickle
from typing import Any

import pytest

from .stories import m, session, story

__all__ = ["m", "session"]


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
    assert dataclasses.replace(m.Fixed(3), x=4) == m.Fixed(4)
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


@story(
    """
    def names(cls): return sorted(name for name in cls.__dict__ if not name.startswith("__"))
    def holds(cls, name): return name in cls.__dict__
    def own(cls, name): return cls.__dict__[name]
    def remember(obj, name, value):
        obj.__dict__[name] = value
        return dict(obj.__dict__)
    def forget(obj, name):
        del obj.__dict__[name]
        return obj.__dict__.pop(name, "gone")
    def replace(obj, name): obj.__dict__[name] = lambda: "replaced"
    class kept:
        def __init__(self, function): self.function = function
        def __set_name__(self, owner, name): self.name = name
        def __call__(self): raise TypeError("not without an object")
        def __get__(self, obj, kind):
            if obj is None: raise TypeError("not without an object")
            obj.__dict__[self.name] = value = self.function(obj)
            return value
    def update(obj): vars(obj).update(a=1, b=2)
    def empty(obj): vars(obj).clear()
    """
)
def test_namespaces_of_a_tests_objects(m: Any) -> None:
    """A class says what it holds itself; what is written into an object's namespace is in the object, or refused."""

    class Below:
        inherited = 1

    class Ours(Below):
        here = 2

        def method(self) -> str:
            return "method"

        @classmethod
        def of_class(cls) -> str:
            return "class method"

        @m.kept
        def costly(self) -> list[int]:
            return [self.here]

    assert m.names(Ours) == ["costly", "here", "method", "of_class"]
    assert (m.holds(Ours, "here"), m.holds(Ours, "inherited")) == (True, False)
    assert (m.own(Ours, "here"), m.own(Ours, "method") is Ours.__dict__["method"]) == (2, True)
    with pytest.raises(KeyError):
        m.own(Ours, "inherited")
    ours: Any = Ours()
    assert m.remember(ours, "cached", [1]) == {"cached": [1]}
    assert ours.cached == [1]
    assert m.forget(ours, "cached") == "gone"
    assert not hasattr(ours, "cached")
    for name in ("method", "of_class"):
        with pytest.raises(TypeError, match="does not offer this"):
            m.replace(ours, name)
    assert (ours.method(), ours.of_class()) == ("method", "class method")
    assert ours.costly is ours.costly
    del ours.costly
    m.update(ours)
    assert vars(ours) == {"a": 1, "b": 2}
    m.empty(ours)
    assert vars(ours) == {}


@story(
    """
    class Closed:
        __iter__ = None
        __contains__ = None
        def __getitem__(self, place): return [1, 2][place]
    class Open:
        def __getitem__(self, place): return [1, 2][place]
    def is_iterable(obj):
        try:
            iter(obj)
        except TypeError:
            return False
        return True
    """
)
def test_methods_denied_by_none(m: Any) -> None:
    """None in the place of a special method means that there is none, whatever Python would do instead."""

    class Closed:
        __iter__ = None

        def __getitem__(self, place: int) -> int:
            return [1, 2][place]

    assert list(m.Open()) == [1, 2]
    assert 1 in m.Open()
    with pytest.raises(TypeError):
        iter(m.Closed())
    with pytest.raises(TypeError):
        1 in m.Closed()  # noqa: B015
    assert m.Closed()[1] == 2
    assert (m.is_iterable(Closed()), m.is_iterable([])) == (False, True)


@story(
    """
    import itertools
    def pairs(iterable):
        one, other = itertools.tee(iterable)
        next(other)
        return list(zip(one, other))
    def sums(numbers): return itertools.accumulate(numbers)
    """
)
def test_iterators_are_split_as_ever(m: Any) -> None:
    """`itertools.tee` takes an iterator without `__copy__` apart by itself, on both sides."""
    assert m.pairs(itertools.accumulate([1, 2, 3])) == [(1, 3), (3, 6)]
    one, other = itertools.tee(m.sums([1, 2, 3]))
    assert (next(one), list(other), list(one)) == (1, [1, 3, 6], [3, 6])
