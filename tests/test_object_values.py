"""Objects of the standard library and NumPy that a test hands over, and gets back, through a real process."""

import ast
import dataclasses
import enum
import ipaddress
import typing
import uuid
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.heard import nothing_run_of_theirs

from .stories import m, session, story

__all__ = ["m", "session"]

T = typing.TypeVar("T")


@story(
    """
    import ipaddress, uuid
    def back(value): return value
    def kind(value): return type(value).__name__
    def parse(text): return ipaddress.ip_address(text)
    def hosts(network): return list(network.hosts())
    def number(): return uuid.UUID(int=5)
    KINDS = [ipaddress.IPv6Address, uuid.UUID]
    """
)
def test_addresses_and_uuids_are_values(m: Any) -> None:
    """IP addresses, interfaces, networks and UUIDs go there and come back as what they are, and so do their classes."""
    values = [
        *(ipaddress.ip_address("1.2.3.4"), ipaddress.ip_address("fe80::1%eth0"), ipaddress.ip_network("10.0.0.0/8")),
        *(ipaddress.ip_interface("10.1.2.3/8"), ipaddress.ip_network("2001:db8::/32"), uuid.uuid4()),
    ]
    for value in values:
        assert (m.back(value), type(m.back(value)), m.kind(value)) == (value, type(value), type(value).__name__)
    assert {ipaddress.ip_address("::1"): 1}[m.parse("::1")] == 1
    assert m.hosts(ipaddress.ip_network("1.0.0.0/30")) == [*map(ipaddress.ip_address, ("1.0.0.1", "1.0.0.2"))]
    assert m.number() == uuid.UUID(int=5)
    assert [ipaddress.IPv6Address, uuid.UUID] == m.KINDS


def alike(a: Any, b: Any) -> bool:
    """Whether two arrays, scalars or dtypes are the same in type, dtype, shape and content."""
    if isinstance(a, np.dtype):
        return bool(a == b)
    assert (type(a), a.dtype, a.shape, repr(a)) == (type(b), b.dtype, b.shape, repr(b))
    return True


POINTS = np.array([("a", 1, 2.5), ("bb", 2, 3.5)], [("name", "U3"), ("n", "i4"), ("x", ">f8")])
NESTED = np.zeros((2, 2), [("at", [("x", "f4"), ("ok", "?")]), ("grid", "i2", (2, 3)), ("when", "M8[D]")])
ALIGNED = np.zeros(3, np.dtype([("a", "i1"), ("b", "f8")], align=True))


@pytest.mark.parametrize(
    "value",
    [
        *(np.array(["", "\N{SNOWMAN}b", "ccc"]), np.array([[b"x", b"yz"]]), np.array([], "U5"), np.array("alone")),
        *(np.array(["a", "bc"], ">U4")[::-1], np.full((2, 3), "t").T, np.array(["2020-01-01", "NaT"], "M8[s]")),
        *(np.array([1, -2], "m8[D]"), POINTS, NESTED, NESTED[:0], POINTS.view(np.recarray), np.rec.array([(1, 2.0)])),
        *(np.str_("text"), np.bytes_(b"\0a"), POINTS[1], POINTS.view(np.recarray)[0], np.datetime64("2020-01-01", "D")),
        *(
            np.array(["a", None, [1]], object),
            np.empty((2, 0), object),
            np.array([({"a": 1}, 2)], [("o", "O"), ("n", "i8")]),
        ),
        *(np.dtype("f4"), np.dtype("U7"), np.dtype(object), POINTS.dtype, NESTED.dtype),
    ],
    ids=lambda value: f"{type(value).__name__}-{getattr(value, 'dtype', value)}"[:40],
)
@story("def back(value): return value")
def test_arrays_of_texts_records_and_objects(m: Any, value: Any) -> None:
    """They arrive there as what they are, and so they come back; so do NumPy's scalars and dtypes."""
    assert alike(m.back(value), value)
    assert alike(m.back([value])[0], value)


@story(
    """
    import numpy as np
    class Box: pass
    BOX = Box()
    def boxes(): return np.array([BOX, [1, 2], None], dtype=object)
    def calls(array): return [item(2) for item in array]
    def same(array): return array[0] is BOX
    def upper(table): table["name"] = np.char.upper(table["name"]); return table
    def kind(value): return type(value).__name__, str(value.dtype)
    def padded(table): return table["b"].sum()
    def huge(): return np.zeros(2**25, "S3")
    """
)
def test_objects_in_arrays(m: Any) -> None:
    """An array of objects is a copy of an array, and not of its objects; records can be written to."""
    boxes = m.boxes()
    assert boxes[0] is m.BOX
    assert (boxes.shape, boxes[1], boxes[2], m.same(boxes)) == ((3,), [1, 2], None, True)
    assert m.calls(np.array([lambda n: 3 * n, int], object)) == [6, 2]
    assert m.upper(POINTS.copy())["name"].tolist() == ["A", "BB"]
    assert m.kind(POINTS.view(np.recarray)) == ("recarray", str(POINTS.view(np.recarray).dtype))
    assert m.padded(ALIGNED) == 0
    with pytest.raises(Exception, match="array"):
        m.huge()


@story("def back(value): return value")
def test_arrays_that_cannot_go_are_named(m: Any) -> None:
    """Raw bytes without a type, and moments in odd units, are refused by their dtype."""
    for dtype in ("V3", "M8[25s]", [("raw", "V3")]):
        with pytest.raises(Exception, match="dtype"):
            m.back(np.zeros(2, dtype))


class Own:
    """A class of the test."""


class Holder(typing.Generic[T]):
    """A generic class of the test."""


@story(
    """
    import types, typing
    def parts(hint): return typing.get_origin(hint), typing.get_args(hint)
    def fits(value, hint): return isinstance(value, hint)
    def show(hint): return repr(hint)
    def back(hint): return hint
    def is_variable(hint): return isinstance(hint, typing.TypeVar), hint.__name__, hint.__bound__
    def optional(hint): return type(None) in typing.get_args(hint) and typing.get_origin(hint) is typing.Union
    def list_of(hint): return typing.get_args(typing.List[hint])[0]
    """
)
def test_generic_aliases(m: Any) -> None:
    """`list[int]`, unions and what else `typing` has are there what they are here."""
    for hint in (
        *(list[int], dict[str, Own], tuple[int, ...], typing.Dict[str, list[Own]], typing.Literal["a", 1]),  # noqa: UP006
        *(typing.Annotated[int, "metres"], Callable[[int], str], type[Own], list[T]),  # type: ignore[misc]
    ):
        assert m.parts(hint) == (typing.get_origin(hint), typing.get_args(hint)), hint
    assert m.show(typing.Callable[[int], str | None]) == repr(typing.Callable[[int], str | None])
    assert m.optional(typing.Optional[Own])  # noqa: UP045
    assert m.fits(3, int | None)
    assert not m.fits("3", int | None)
    assert m.fits(Own(), Own | int)
    assert m.back(list[int]) == list[int]
    assert m.back(typing.Union[int, str]) == typing.Union[int, str]  # noqa: UP007
    assert m.back(typing.Any) is typing.Any
    assert m.parts(Holder[int]) == (Holder, (int,))
    assert m.is_variable(T) == (True, "T", None)
    assert m.back(T) is T
    assert m.list_of(T) is T


@dataclasses.dataclass
class Person:
    """A dataclass of the test."""

    name: str
    age: int = 0
    tags: list[str] = dataclasses.field(default_factory=list, metadata={"unit": "none"})


class Choice(enum.Enum):
    """An enumeration of the test."""

    EASY = 1
    HARD = 2


class Word(str, enum.Enum):  # noqa: UP042 - an older way that suites use
    """One of texts."""

    YES = "yes"


class Bits(enum.IntFlag):
    """One of bits."""

    A = 1
    B = 2


@story(
    """
    import dataclasses, enum
    def names(thing): return [field.name for field in dataclasses.fields(thing)]
    def details(thing):
        return [(f.type, f.default is dataclasses.MISSING, dict(f.metadata)) for f in dataclasses.fields(thing)]
    def is_one(thing): return dataclasses.is_dataclass(thing)
    def plain(thing): return dataclasses.asdict(thing), dataclasses.astuple(thing)
    def older(thing): return dataclasses.replace(thing, age=thing.age + 1)
    def is_enum(kind): return [issubclass(kind, k) for k in (enum.Enum, enum.Flag, str, int)]
    def values(kind): return [member.value for member in kind] if issubclass(kind, enum.Enum) else None
    def is_member(thing): return isinstance(thing, enum.Enum)
    class Colour(enum.Enum):
        RED = 1
        def __str__(self): return "red!"
    class Level(enum.IntEnum): LOW = 1
    class Name(str, enum.Enum): ANN = "ann"
    class Base(enum.Enum):
        def shout(self): return self.name + "!"
    class Text(str, Base): A = "a"
    class Bits(enum.Flag): X = 1; Y = 2
    @dataclasses.dataclass
    class Point:
        x: int
        y: int = 0
    """
)
def test_dataclasses_and_enumerations_on_both_sides(m: Any) -> None:
    """What `dataclasses` and `enum` tell of a class of the test they tell of it there, and of the learner's here."""
    made = dataclasses.make_dataclass("Made", ["a", "b"])
    assert (m.names(Person), m.names(Person("Ann")), m.names(made(1, 2))) == (
        ["name", "age", "tags"],
        ["name", "age", "tags"],
        ["a", "b"],
    )
    assert m.details(Person) == [(str, True, {}), (int, False, {}), (list[str], True, {"unit": "none"})]
    assert (m.is_one(Person), m.is_one(Person("Ann")), m.is_one(Own), m.is_one(made)) == (True, True, False, True)
    assert m.plain(Person("Ann", 3, ["x"])) == ({"name": "Ann", "age": 3, "tags": ["x"]}, ("Ann", 3, ["x"]))
    assert m.older(Person("Ann", 3)) == Person("Ann", 4)
    assert m.is_enum(Choice) == [True, False, False, False]
    assert m.is_enum(Word) == [True, False, True, False]
    assert m.is_enum(Bits) == [True, True, False, True]
    assert m.is_enum(Person) == [False, False, False, False]
    assert m.values(Choice) == [1, 2]
    assert (m.is_member(Choice.EASY), m.is_member(Word.YES), m.is_member(1)) == (True, True, False)
    for member in (m.Colour.RED, m.Level.LOW, m.Name.ANN, m.Text.A, m.Bits.X):
        assert isinstance(member, enum.Enum)
        assert issubclass(type(member), enum.Enum)
    assert (str(m.Colour.RED), m.Level.LOW + 1, m.Name.ANN.upper(), m.Text.A.shout()) == ("red!", 2, "ANN", "A!")
    assert isinstance(m.Bits.X | m.Bits.Y, enum.Flag)
    assert [field.name for field in dataclasses.fields(m.Point)] == ["x", "y"]
    assert dataclasses.is_dataclass(m.Point)
    assert dataclasses.replace(m.Point(1), y=5) == m.Point(1, 5)
    assert dataclasses.asdict(m.Point(1)) == {"x": 1, "y": 0}


@story(
    """
    import ast
    def dump(tree): return ast.dump(tree, include_attributes=True)
    def context(tree): return isinstance(tree.body[0].targets[0].ctx, ast.expr_context)
    def value(tree): return ast.literal_eval(tree)
    def back(tree): return tree
    """
)
def test_syntax_trees(m: Any) -> None:
    """A tree arrives node for node; one with something odd in it too; one that is too deep is refused, and said so."""
    tree = ast.parse(
        "@f\nasync def g(a, *, b=1e400) -> None:\n    match a:\n        case {'x': [1, *_]}: return f'{a!r}'\n"
    )
    assert m.dump(tree) == ast.dump(tree, include_attributes=True)
    assert m.value(ast.parse("{1: (2j, b'x', ...)}", mode="eval")) == {1: (2j, b"x", ...)}
    odd = ast.parse("x = 10")
    assert m.context(odd)
    odd.body[0].targets[0].ctx = object()  # type: ignore[attr-defined]
    assert not m.context(odd)
    deep: ast.expr = ast.Constant(1)
    for _ in range(5000):
        deep = ast.UnaryOp(ast.USub(), deep)
    with pytest.raises(Exception, match="nested too deeply"):
        m.dump(deep)
    assert m.context(ast.parse("x = 10"))


def test_namespaces_may_be_named() -> None:
    """As from Python 3.13 on, whose `typing.get_type_hints` does so."""
    with nothing_run_of_theirs():
        run: Any = exec
        value_of: Any = eval
        run("three = one + 2", globals=(space := {"one": 1}))
        assert value_of("three + four", globals=space, locals={"four": 4}) == 7
