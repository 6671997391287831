"""Two endpoints joined back to back: every message is encoded, becomes bytes, and is decoded by the other side."""

import gc
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from grader import endpoint, mirrors, wire
from grader.endpoint import Endpoint
from grader.operations import perform
from grader.remote import RemoteType, handle_of, stands_in
from grader.wire import WireError


class Side(Endpoint):
    """One end, whose other one is asked directly."""

    other: "Side"

    def send(self, value: Any) -> Any:
        """What arrives at the other side."""
        frame = b"".join(bytes(piece) for piece in self.encode([value], []))
        return self.other.decode(*parts(frame))[0][0]

    def ask(self, operation: str, *payload: Any) -> Any:
        done, answer = self.other.answer(*self.send((operation, *payload)))
        if done:
            return self.other.send(answer)
        raise self.other.send(answer)

    def answer(self, operation: str, number: Any, *payload: Any) -> tuple[bool, Any]:
        """Whether it was done, and the value or what it raised."""
        target = self.own(number)
        try:
            return True, mirrors.describe(target) if operation == "describe" else perform(target, operation, [*payload])
        except Exception as error:
            return False, error

    def find_known(self, module: str, name: str) -> type | None:
        return mirrors.known_class(module, name)

    def handed_out(self) -> list[Any]:
        """Its own objects, other than classes, that the other side may still ask for."""
        return [value for value, _ in self._own.values() if not isinstance(value, type)]


def parts(frame: bytes) -> tuple[bytes, bytes]:
    """Body and blobs."""
    body, _ = wire.lengths(frame[: wire.HEADER.size])
    return frame[wire.HEADER.size : wire.HEADER.size + body], frame[wire.HEADER.size + body :]


@pytest.fixture
def ends() -> Iterator[tuple[Side, Side]]:
    """The learner's end and the test's."""
    one, two = Side(1), Side(2)
    one.other, two.other = two, one
    yield one, two
    del one.other, two.other


class Animal:
    legs = 4

    def __init__(self, name: str = "") -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Animal) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def itself(self) -> "Animal":
        return self


class Dog(Animal):
    def __len__(self) -> int:
        return 7


class Puppy(Dog):
    pass


class Lost(Exception):
    def __init__(self, message: str, dog: Any = None) -> None:
        super().__init__(message)
        self.dog = dog


class LostForEver(Lost, KeyError):
    pass


class Spot(NamedTuple):
    x: int
    y: int


def fail(error: BaseException) -> None:
    raise error


Ends = tuple[Side, Side]


def _kind(value: Any) -> str:
    return getattr(value, "__name__", f"a {type(value).__name__}")


# Identity


@pytest.mark.parametrize("value", [Animal("a"), Animal, Lost("x"), Lost, Spot(1, 2), len.__call__, fail], ids=_kind)
def test_a_stand_in_comes_home_as_the_original(ends: Ends, value: Any) -> None:
    """Objects, classes, exceptions and functions: one stand-in each, which is the original again when it goes back."""
    one, two = ends
    there = one.send(value)
    assert stands_in(there)
    assert there is not value
    assert one.send(value) is there
    assert one.send([value, {"key": value}, (value,)])[1]["key"] is there
    assert two.send(there) is value
    assert two.send({"a": [there]})["a"][0] is value


def test_what_a_stand_in_gives_is_known_again(ends: Ends) -> None:
    """An object that gives itself away gives its stand-in; its class is the mirrored one."""
    there = ends[0].send(Dog("rex"))
    assert there.itself() is there
    assert type(there) is there.__class__ is ends[0].send(Dog)
    assert there.name == "rex"
    there.name = "fido"
    assert ends[1].send(there).name == "fido"


def test_both_sides_hand_out_objects(ends: Ends) -> None:
    """Numbers of the two sides don't get mixed up."""
    one, two = ends
    ours, theirs = Animal("ours"), Animal("theirs")
    there, here = one.send(ours), two.send(theirs)
    assert (there.name, here.name) == ("ours", "theirs")
    assert one.send([ours, here]) == [there, theirs]
    assert one.send([ours, here])[1] is theirs


def test_what_both_sides_know_is_itself(ends: Ends) -> None:
    """Builtin classes and exceptions, and those of the standard library, are no stand-ins."""
    for kind in (int, list, ValueError, LookupError, FileNotFoundError, object):
        assert ends[0].send(kind) is kind
    error = ends[0].send(KeyError("key", 1))
    assert (type(error), error.args) == (KeyError, ("key", 1))


@pytest.mark.parametrize("kind", [type(None), type(Ellipsis), type(NotImplemented)])
def test_the_types_of_the_singletons_are_themselves(ends: Ends, kind: type) -> None:
    """`type(None)` is the same class on both sides."""
    assert ends[0].send(kind) is kind


# Mirrored classes


def test_a_hierarchy_is_mirrored(ends: Ends) -> None:
    """Names, bases, isinstance and issubclass are as on the other side, in whatever order the classes are met."""
    puppy = ends[0].send(Puppy("p"))
    m_puppy, m_dog, m_animal = ends[0].send((Puppy, Dog, Animal))
    assert [kind.__name__ for kind in m_puppy.__mro__[:3]] == ["Puppy", "Dog", "Animal"]
    assert (m_dog.__module__, m_dog.__qualname__) == (Dog.__module__, "Dog")
    assert m_puppy.__bases__ == (m_dog,)
    for kind in (m_puppy, m_dog, m_animal):
        assert isinstance(puppy, kind)
        assert issubclass(m_puppy, kind)
    assert not issubclass(m_animal, m_dog)
    assert not isinstance(ends[0].send(Animal()), m_dog)
    assert not isinstance(5, m_animal)
    assert (m_animal.legs, len(puppy)) == (4, 7)
    assert type(m_dog("made")) is m_dog
    assert m_dog("same") == m_dog("same")
    assert {m_dog("same"): 1}[m_dog("same")] == 1
    assert not hasattr(ends[0].send(Animal()), "__len__")


def test_what_inherits_from_builtin_classes_is_of_them(ends: Ends) -> None:
    """A named tuple is a tuple with its items."""
    spot = ends[0].send(Spot(1, 2))
    assert isinstance(spot, tuple)
    assert (spot, spot.x, len(spot)) == ((1, 2), 1, 2)


def test_exceptions_are_caught_by_their_mirrors(ends: Ends) -> None:
    """pytest.raises takes the mirrored class, its mirrored bases and the builtin ones; attributes are there."""
    dog = Dog("rex")
    error = LostForEver("gone", dog)
    there, m_fail = ends[0].send((error, fail))
    for kind in (*ends[0].send((Lost, LostForEver)), KeyError, Exception):
        with pytest.raises(kind) as caught:
            m_fail(there)
        assert caught.value is there
    assert (there.args, there.dog.name) == (("gone",), "rex")
    assert ends[1].send(there) is error
    with pytest.raises(ZeroDivisionError):
        m_fail(ZeroDivisionError("by zero"))


# Release


def test_an_object_is_let_go_when_its_stand_in_dies(ends: Ends) -> None:
    """The next message says so, and this side keeps it no longer."""
    one, two = ends
    there = one.send(Animal("a"))
    assert one.handed_out() == [Animal("a")]
    del there
    gc.collect()
    two.send("something")
    assert one.handed_out() == []


def test_an_object_on_its_way_is_not_let_go(ends: Ends) -> None:
    """What was handed out again before the other side said that it let go stays."""
    one, two = ends
    animal = Animal("a")
    there = one.send(animal)
    frame = b"".join(bytes(piece) for piece in one.encode([animal], []))  # not received yet
    del there
    gc.collect()
    two.send("the first is let go of")
    assert one.handed_out() == [animal]
    again = two.decode(*parts(frame))[0][0]
    assert two.send(again) is animal


def test_a_stand_in_in_use_is_kept(ends: Ends) -> None:
    """However many messages go by."""
    one, two = ends
    there = one.send(Animal("a"))
    for _ in range(5):
        one.send("a message")
        two.send([there])
        gc.collect()
    assert there.name == "a"


def test_thousands_of_objects_leave_nothing_behind(ends: Ends) -> None:
    """Each is let go of in its turn."""
    one, two = ends
    for number in range(3000):
        one.send(Animal(str(number)))
        two.send(None)
    gc.collect()
    two.send(None)
    assert one.handed_out() == []


# Refusals


def test_too_many_classes_are_refused(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    """A side that hands out class after class is stopped."""
    monkeypatch.setattr(endpoint, "MOST_CLASSES", 10)
    kinds = [type(f"K{n}", (), {}) for n in range(10)]
    assert len({ends[0].send(kind) for kind in kinds}) == 10
    assert ends[0].send(kinds[3]).__name__ == "K3"
    with pytest.raises(WireError, match="too many classes"):
        ends[0].send(Animal)


@pytest.mark.parametrize(
    "reference",
    [
        None,
        [],
        5,
        ["s"],
        ["s", "1", "list"],
        ["s", 3, "object"],
        ["s", 2, "list"],
        ["y", 1],
        ["y", 10**30],
        ["y", -1],
        ["y", None],
        ["y", True],
        ["o", 1, 99, ()],
        ["o", 1],
        ["c", 99],
        ["c", "int"],
        ["k", "os"],
        ["f", "os", "system"],
        ["m", "os"],
        ["e", "ValueError", (), {}],
        ["e", int, (), {}],
        ["e", ValueError, [], {}],
        ["z", 1],
    ],
    ids=str,
)
def test_a_bad_reference_is_a_wire_error(ends: Ends, reference: Any) -> None:
    """References to what was never handed out, of a wrong form, or by a name that this side does not follow."""
    bad = object()

    def refer(value: Any) -> Any:
        return reference if value is bad else ["k", "builtins", value.__name__, []]

    frame = b"".join(bytes(piece) for piece in wire.encode([[bad], [], [], [], []], refer=refer))
    with pytest.raises(WireError):
        ends[1].decode(*parts(frame))


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        [1, 2, 3, 4],
        [1, 2, 3, 4, 5],
        ["message", [], [[1, [1]]], [], []],
        ["message", [], [None], [], []],
        ["message", [], [["one", []]], [], []],
        ["message", [], {}, [], []],
    ],
    ids=str,
)
def test_a_frame_of_another_form_is_a_wire_error(ends: Ends, message: Any) -> None:
    """What is no message, and updates of nothing."""
    with pytest.raises(WireError):
        ends[1].decode(*parts(b"".join(bytes(piece) for piece in wire.encode(message))))


@pytest.mark.parametrize("released", [[[1, 10**9]], [[10**9, 1]], ["x"], [[1]], [["1", 1]]], ids=str)
def test_letting_go_of_what_is_not_held_harms_nobody(ends: Ends, released: list[Any]) -> None:
    """The side that releases too much loses its own access, and no more."""
    one, two = ends
    there = two.send(Animal("a"))
    frame = wire.encode(["message", [], [], [], released])
    assert two.decode(*parts(b"".join(bytes(piece) for piece in frame)))[0] == "message"
    assert two.send(5) == 5
    assert isinstance(type(there), RemoteType)
    assert handle_of(there).endpoint is one


def test_operations_are_a_closed_set() -> None:
    """Anything but the table of operations is a WireError; special methods are those of the list."""
    for operation, payload in [
        ("eval", ["1"]),
        ("call", []),
        ("getattr", [1]),
        ("operator", ["system", 1]),
        ("copy", [1]),
    ]:
        with pytest.raises(WireError):
            perform(Animal(), operation, payload)
    with pytest.raises(WireError):
        perform(Animal(), "special", ["__reduce__", (), ()])
