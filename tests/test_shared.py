"""Containers that two sides share: alike after each crossing, the same by identity, and forgotten on both sides.

The two tables are joined by the plainest message there is: what crosses is copied, and a container in it is its number.
"""

import gc
from argparse import Namespace
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import shared
from grader.shared import SharedContainers, is_shared
from grader.wire import WireError

MADE: list[Callable[[], Any]] = [
    lambda: [1, 2],
    lambda: {"a": 1},
    lambda: {1, 2},
    lambda: bytearray(b"ab"),
    lambda: deque([1]),
    lambda: OrderedDict(b=1, a=2),
    lambda: Counter("aab"),
    lambda: defaultdict(list, a=1),
    lambda: SimpleNamespace(a=1),
    lambda: Namespace(a=1),
]
KINDS = [type(make()).__name__ for make in MADE]


class Side:
    """A table and what this side holds, in an order that both sides agree on."""

    def __init__(self, first: int) -> None:
        self.table = SharedContainers(first)
        self.held: list[Any] = []

    def out(self, value: Any) -> Any:
        """A value with each container as a reference."""
        if type(value) is tuple:
            return tuple(map(self.out, value))
        number = self.table.number_of(value)
        return value if number is None else Reference(number, self.table.kind(number))

    def out_content(self, content: Any) -> Any:
        if type(content) is dict:
            return {self.out(key): self.out(value) for key, value in content.items()}
        return content if type(content) is bytes else type(content)(map(self.out, content))

    def into(self, value: Any) -> Any:
        if type(value) is tuple:
            return tuple(map(self.into, value))
        return self.table.get(value.number, value.kind) if type(value) is Reference else value

    def into_content(self, content: Any) -> Any:
        if type(content) is dict:
            return {self.into(key): self.into(value) for key, value in content.items()}
        return content if type(content) is bytes else type(content)(map(self.into, content))

    def send(self, other: "Side") -> None:
        """One message: what is held, what changed, what was forgotten."""
        forgotten = self.table.take_forgotten()
        message = [self.out(value) for value in self.held]
        updates = []
        for number, content, parts in self.table.changed():
            updates.append((number, self.out_content(content)))
            self.table.settled(number, parts)
        other.held = [other.into(value) for value in message]
        for number, content in updates:
            other.table.update(number, other.into_content(content))
        other.table.forget(forgotten)

    def __len__(self) -> int:
        return len(self.table._table)


class Reference:
    """A container as it crosses."""

    def __init__(self, number: int, kind: str) -> None:
        self.number, self.kind = number, kind


@pytest.fixture
def sides() -> tuple[Side, Side]:
    return Side(1), Side(2)


def members(value: Any) -> list[Any]:
    """What a container refers to, in order."""
    if isinstance(value, SimpleNamespace | Namespace):
        value = vars(value)
    if isinstance(value, dict):
        return [*value.keys(), *value.values(), getattr(value, "default_factory", None)]
    return sorted(value, key=repr) if isinstance(value, set) else list(value)


def alike(ours: Any, theirs: Any, seen: dict[int, int] | None = None) -> bool:
    """Whether two graphs of containers have the same types, values and shape, cycles included."""
    seen = {} if seen is None else seen
    if type(ours) is not type(theirs):
        return False
    if type(ours) is not tuple and not is_shared(ours):
        return bool(ours == theirs)
    if id(ours) in seen or id(theirs) in seen.values():
        return seen.get(id(ours)) == id(theirs)
    if type(ours) is not tuple:
        seen[id(ours)] = id(theirs)
    mine, others = members(ours), members(theirs)
    return len(mine) == len(others) and all(alike(a, b, seen) for a, b in zip(mine, others, strict=True))


# Laws

NUMBERS = st.integers(0, 30)
CHANGES = st.tuples(st.sampled_from(["new", "put", "set", "drop", "clear", "again", "replace"]), NUMBERS, NUMBERS)


def change(held: list[Any], what: str, n: int, k: int, *, cycles: bool) -> None:
    """Something that code may do to the containers that it holds."""
    if what == "new" or not held:
        held.append(MADE[n % len(MADE)]())
        return
    place = n % len(held)
    one, other = held[place], held[k % len(held)]
    other = other if cycles or k % len(held) > place else k
    match what:
        case "drop":
            del held[place]
        case "clear":
            (vars(one) if hasattr(one, "__dict__") and not isinstance(one, dict) else one).clear()
        case "again":
            held.append(one)
        case "replace":
            held[place] = MADE[k % len(MADE)]()
        case _:
            store(one, other, k, wrapped=what == "set")


def store(one: Any, value: Any, k: int, *, wrapped: bool) -> None:
    value = (value, k) if wrapped else value
    match one:
        case bytearray():
            one.append(k)
        case set():
            one.add(k)
        case list() | deque():
            one.append(value)
        case dict():
            one[k] = value
        case _:
            setattr(one, f"n{k}", value)


@given(st.lists(st.lists(CHANGES, max_size=8), max_size=8))
def test_both_sides_are_alike_after_each_crossing(turns: list[list[tuple[str, int, int]]]) -> None:
    """Whatever either side does in its turn, the other has the same afterwards, cycles and identities included."""
    here, there = Side(1), Side(2)
    for turn in turns:
        for step in turn:
            change(here.held, *step, cycles=True)
        here.send(there)
        assert alike(here.held, there.held)
        assert not list(here.table.changed())
        assert not list(there.table.changed())
        here, there = there, here


@given(st.lists(st.lists(CHANGES, max_size=8), max_size=6))
def test_what_nobody_holds_is_forgotten_on_both_sides(turns: list[list[tuple[str, int, int]]]) -> None:
    """When both sides have let go of everything, a few messages empty both tables."""
    here, there = Side(1), Side(2)
    for turn in turns:
        for step in turn:
            if step[0] != "again":  # by which a container could get into itself
                change(here.held, *step, cycles=False)
        here.send(there)
        here, there = there, here
    count = len(here)
    here.held.clear()
    for _ in range(2 * count + 2):  # what lies in another is free one message later
        here.send(there)
        here, there = there, here
    assert (len(here), len(there)) == (0, 0)


# Each kind


@pytest.mark.parametrize("make", MADE, ids=KINDS)
def test_every_kind_is_shared(sides: tuple[Side, Side], make: Callable[[], Any]) -> None:
    """It arrives as what it is, is the same object in later messages, and changes go both ways."""
    here, there = sides
    here.held = [make()]
    here.send(there)
    first = there.held[0]
    assert alike(first, make())
    store(first, 7, 8, wrapped=False)
    there.send(here)
    assert alike(here.held[0], first)
    assert not alike(first, make())
    here.send(there)
    assert there.held[0] is first


def test_identity_is_kept(sides: tuple[Side, Side]) -> None:
    """A container in several places, and in itself, is one over there as well."""
    here, there = sides
    inner: list[Any] = [1]
    inner.append(inner)
    here.held = [inner, {"a": inner}, (inner, 1)]
    here.send(there)
    one, two, three = there.held
    assert one[1] is one
    assert two["a"] is one
    assert three[0] is one


def test_a_container_made_empty_arrives_empty(sides: tuple[Side, Side]) -> None:
    """Also what is emptied, and what never held anything."""
    here, there = sides
    here.held = [[], [1]]
    here.send(there)
    assert there.held == [[], [1]]
    there.held[1].clear()
    there.send(here)
    assert here.held == [[], []]


def test_equal_is_not_the_same(sides: tuple[Side, Side]) -> None:
    """1 and True, 1.0 and 1 are equal, and yet an exchange of them is a change."""
    here, there = sides
    here.held = [[1, 0.0]]
    here.send(there)
    here.held[0][:] = [True, -0.0]
    here.send(there)
    assert str(there.held) == "[[True, -0.0]]"


def test_the_order_of_keys_is_kept(sides: tuple[Side, Side]) -> None:
    """A dictionary whose keys only change places arrives in the new order."""
    here, there = sides
    here.held = [OrderedDict(a=1, b=2)]
    here.send(there)
    here.held[0].move_to_end("a")
    here.send(there)
    assert list(there.held[0]) == ["b", "a"]


def test_what_was_written_last_goes_over_before_it_is_forgotten(sides: tuple[Side, Side]) -> None:
    """A container that only the other side holds still gets what was done to it here."""
    here, there = sides
    here.held = [[1]]
    here.send(there)
    kept = there.held[0]
    here.held[0].append(2)
    here.held.clear()
    here.send(there)
    assert kept == [1, 2]


# Limits


def test_bounded_deques_and_subclasses_are_not_shared(sides: tuple[Side, Side]) -> None:
    """A length limit, or a class of one's own, does not travel as a container."""

    class Own(list):  # type: ignore[type-arg]
        pass

    for value in (deque([1], maxlen=2), Own(), (1,), frozenset(), "text", None):
        assert sides[0].table.number_of(value) is None


def test_there_are_limits(sides: tuple[Side, Side]) -> None:
    """Of the containers of its own a side numbers MOST; more of the other side's than twice that are refused."""
    table = sides[0].table
    kept: list[list[int]] = [[] for _ in range(shared.MOST + 1)]
    numbers = [table.number_of(container) for container in kept]
    assert numbers[-1] is None
    assert None not in numbers[:-1]

    def take_in() -> None:
        for number in range(2, 6 * shared.MOST, 2):
            table.get(number, "list")

    with pytest.raises(WireError):
        take_in()
    assert len(sides[0]) <= 2 * shared.MOST + 1


def test_what_nobody_shared_is_refused(sides: tuple[Side, Side]) -> None:
    """Numbers of this side's that it never gave, types outside the table, updates of nothing or of another kind."""
    table = sides[0].table
    with pytest.raises(WireError):
        table.get(1, "list")
    with pytest.raises(WireError):
        table.get(2, "object")
    with pytest.raises(WireError):
        table.update(2, [])
    made = table.get(2, "list")
    for content in ({}, (), b"", None, {1}):
        with pytest.raises(WireError):
            table.update(2, content)
    table.update(2, [1])
    assert made == [1]
    assert table.get(2, "list") is made


def test_forgetting_what_is_unknown_does_nothing(sides: tuple[Side, Side]) -> None:
    """A number that is forgotten twice, or was never given, harms nothing."""
    here, there = sides
    here.held = [[1]]
    here.send(there)
    (number,) = there.table._table
    for _ in range(2):
        there.table.forget([number, 10**9])
    assert len(there) == 0
    gc.collect()
    assert there.held == [[1]]
