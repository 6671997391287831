"""Values with objects in them, on their way between the two sides. Runs in: both.

Plain values travel as `grader.wire` says. A list, a dict or a set is shared (`grader.shared`); any other object stays
where it is, gets a number, and has a stand-in on the other side (`grader.remote`). Where a value outside the wire's
table stands, the frame holds one of these references:

====================================  ==============================================================================
["s", number, kind]                   a shared container
["y", number]                         yours: an object of the receiver's
["o", number, class number, plain]    an object of the sender's; `plain`: its value as an int, a str, a tuple …, or
                                      the arguments of an exception
["c", number]                         a class of the sender's
["k", module, name, bases]            a class that both sides know; `bases`: builtin ones, where it should not be so
["f", module, name]                   a function of the standard library (only towards the learner's process)
["m", name]                           a module
["e", class, args, attributes]        an exception of a class that both sides know
====================================  ==============================================================================
"""

import builtins
import collections.abc
import datetime
import importlib
import sys
import types
import weakref
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable
from typing import Any

from grader import wire
from grader.remote import SPECIAL, RemoteObject, RemoteType, endpoints, forwarding, handle_of, looks, stands_in
from grader.shared import SharedContainers

MOST_CLASSES = 2_000  # mirrored on one side
_VALUES = (int, float, complex, str, bytes, tuple, frozenset)  # whose subclasses' stand-ins carry the value as well
_CONTAINERS = (OrderedDict, defaultdict, Counter, dict, list, set, deque, bytearray, datetime.tzinfo)
_ABSTRACT = {
    name: getattr(collections.abc, name)
    for name in (
        *("Mapping", "MutableMapping", "Sequence", "MutableSequence", "Set", "MutableSet", "KeysView", "ItemsView"),
        *("ValuesView", "MappingView", "Generator", "Coroutine", "AsyncGenerator"),
    )
}
_KNOWN = frozenset(
    kind
    for module in ("builtins", "collections", "datetime", "decimal", "fractions", "pathlib", "collections.abc")
    for kind in vars(importlib.import_module(module)).values()
    if isinstance(kind, type)
) | {types.SimpleNamespace, type(None), type(Ellipsis), type(NotImplemented)}
_BUILTIN_ERRORS = {k.__name__: k for k in vars(builtins).values() if isinstance(k, type) and issubclass(k, BaseException)}


class Handle:
    """What a stand-in knows of its original. `origin`: the module and the name under which it was got, if any."""

    __slots__ = ("__weakref__", "_found", "asks_about_instances", "endpoint", "number", "origin")

    def __init__(self, endpoint: "Endpoint", number: int, origin: tuple[str, str] | None = None) -> None:
        self.endpoint = endpoint
        self.number = number
        self.origin = origin
        self.asks_about_instances = False

    def do(self, operation: str, *payload: Any) -> Any:
        """Have something done with the original. Raises what that raises."""
        if self.endpoint.successor is not None:
            self.move()
        return self.endpoint.ask(operation, self.number, *payload)

    def move(self) -> None:
        """The other side has been started anew: find the same object there, if it has a name."""
        endpoint = self.endpoint
        while endpoint.successor is not None:
            endpoint = endpoint.successor
        if self.origin is None:
            raise endpoint.lost()
        found = endpoint.ask("find", *self.origin)
        if not stands_in(found):
            raise endpoint.lost()
        self.endpoint, self.number = endpoint, handle_of(found).number
        self._found = found  # as long as this is alive, so is the original


class Endpoint:
    """One side's end: what it has handed out, what it has got, and the frames between."""

    def __init__(self, first: int, mirrors: dict[tuple[str, str], RemoteType] | None = None) -> None:
        self.successor: Endpoint | None = None
        self.key = len(endpoints)
        endpoints[self.key] = self
        self.mirrors = {} if mirrors is None else mirrors  # by module and qualified name: kept over a restart
        self._shared = SharedContainers(first)
        self._own: dict[int, list[Any]] = {}  # number -> [object, how often it was handed out]
        self._numbers: dict[int, int] = {}  # id of such an object -> number
        self._last = 0
        self._stand_ins: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self._kept: dict[int, Any] = {}  # stand-ins that can't be referred to weakly
        self._counts: dict[int, list[int]] = {}  # of stand-ins: how often each has been received
        self._released: list[list[int]] = []
        self._classes: dict[int, RemoteType] = {}
        self._decoding = 0
        self._given_up: list[int] = []  # shared containers whose content can't go, for the other side to hear of
        self._forgotten: list[Any] = []  # by the other side, to be forgotten here as well

    # -- for either side to fill in

    def ask(self, operation: str, *payload: Any) -> Any:
        """Have the other side perform an operation on its object. Raises what that raises."""
        raise NotImplementedError

    def lost(self) -> Exception:
        """What to raise for an object of a process that has ended."""
        raise NotImplementedError

    def find_known(self, module: str, name: str) -> type | None:
        """The class of a module's name, where this side is willing to know it."""
        raise NotImplementedError

    def function(self, module: str, name: str) -> Any:
        """The function of a reference "f"."""
        raise wire.WireError(f"function {module}.{name}")

    def module(self, name: str) -> Any:
        """The module of a reference "m"."""
        raise wire.WireError(f"module {name}")

    def named(self, value: Any) -> list[Any] | None:
        """A reference by name ("f" or "m") to a value, where this side makes such."""
        del value
        return None

    # -- frames

    def encode(self, message: list[Any], extra: list[Any]) -> list[bytes | memoryview]:
        """A frame: [message, what changed in shared containers, numbers let go of, `extra`]. Raises Unsendable."""
        forgotten, self._given_up = self._given_up + self._shared.take_forgotten(), []
        outgoing = [self._outgoing_parts(message), extra]
        updates, settled = [], []
        for number, content, parts in self._shared.changed():
            updates.append([number, self._outgoing_parts(content)])
            settled.append((number, parts))
        released, self._released = self._released, []
        try:
            pieces = wire.encode([*outgoing, updates, forgotten, released], refer=self._refer)
        except wire.Unsendable:
            self._released += released
            self._given_up += [*forgotten, *(number for number, content in updates if not self._can_go(content))]
            self._shared.forget(self._given_up)
            raise
        for number, parts in settled:
            self._shared.settled(number, parts)
        return pieces

    def decode(self, body: bytes, blobs: bytes) -> tuple[Any, Any]:
        """Message and extra of a frame. Raises WireError."""
        self._decoding += 1  # an unknown class is asked about, and the answer decoded, before this frame is at its end
        try:
            match wire.decode(body, blobs, resolve=self._resolve):
                case [message, extra, list(updates), list(forgotten), list(released)]:
                    self._forgotten += forgotten
                    self._take_in(updates, released)
                    return message, extra
            raise wire.WireError("something that is no message")
        finally:
            self._decoding -= 1
            if self._decoding == 0:
                self._shared.forget([number for number in self._forgotten if type(number) is int])
                self._forgotten.clear()

    def _can_go(self, content: Any) -> bool:
        try:
            wire.encode(content, refer=self._refer)
        except wire.Unsendable:
            return False
        return True

    def _take_in(self, updates: list[Any], released: list[Any]) -> None:
        for update in updates:
            match update:
                case [int(number), content]:
                    self._shared.update(number, content)
                case _:
                    raise wire.WireError("an update of nothing")
        for pair in released:
            match pair:
                case [int(number), int(count)] if number in self._own:
                    self._own[number][1] -= count
                    if self._own[number][1] <= 0:
                        del self._numbers[id(self._own.pop(number)[0])]

    def _outgoing(self, value: Any) -> Any:
        """The same with containers as references; what is neither plain nor a container is left to `_refer`."""
        if stands_in(value):  # before it is hashed, which would ask the other side
            return _Reference(self._refer(value))
        if type(value) is types.TracebackType:  # given to `__exit__`
            return None
        if type(value) is tuple:
            return tuple(self._outgoing(item) for item in value)
        if type(value) is frozenset:
            return frozenset(self._outgoing(item) for item in value)
        number = self._shared.number_of(value)
        if number is not None:
            return _Reference(["s", number, self._shared.kind(number)])
        return self._outgoing_parts(value) if type(value) in _CONTAINERS else value

    def _outgoing_parts(self, value: Any) -> Any:
        if type(value) is list:
            return [self._outgoing(item) for item in value]
        if type(value) is dict:
            return {self._outgoing(key): self._outgoing(item) for key, item in value.items()}
        if type(value) is set:
            return {self._outgoing(item) for item in value}
        return value

    # -- references

    def _refer(self, value: Any) -> list[Any]:
        if type(value) is _Reference:
            return value.payload
        if stands_in(value):
            handle = handle_of(value)
            if handle.endpoint is not self:
                handle.move()
            if handle.endpoint is not self:
                raise wire.unsendable(value)
            return ["y", handle.number]
        if isinstance(value, type):
            return self._refer_class(value)
        named = self.named(value)
        if named is not None:
            return named
        kind = type(value)
        if isinstance(value, BaseException) and _is_known(kind):
            attributes = {k: v for k, v in vars(value).items() if _is_plain(v) and not k.startswith("__")}
            return ["e", kind, _arguments(value), attributes]
        number = self.export(value)
        return ["o", number, self.export(kind), _plain_part(value)]

    def _refer_class(self, kind: type) -> list[Any]:
        if not _is_known(kind):
            return ["c", self.export(kind)]
        errors = [base.__name__ for base in kind.__mro__ if base.__name__ in _BUILTIN_ERRORS]
        return ["k", kind.__module__, kind.__qualname__, errors]

    def export(self, value: Any) -> int:
        """The number of an object of this side's, which is kept until the other side lets go of it."""
        number = self._numbers.get(id(value))
        if number is None:
            self.may_leave(value)
            number = self._last = self._last + 1
            self._own[number] = [value, 0]
            self._numbers[id(value)] = number
        self._own[number][1] += 1
        return number

    def may_leave(self, value: Any) -> None:
        """Raises Unsendable for an object that the other side must not get hold of."""

    def own(self, number: Any) -> Any:
        """The object of a number that was given here. Raises WireError."""
        if type(number) is not int or number not in self._own:
            raise wire.WireError("an object that nobody handed over")
        return self._own[number][0]

    def _resolve(self, reference: Any) -> Any:
        match reference:
            case ["s", int(number), str(kind)]:
                return self._shared.get(number, kind)
            case ["y", number]:
                return self.own(number)
            case ["o", int(number), int(kind), plain]:
                return self._stand_in(number, kind, plain)
            case ["c", int(number)]:
                return self._mirror(number)
            case ["k", str(module), str(name), list(bases)]:
                known = self.find_known(module, name)
                found = [_BUILTIN_ERRORS[base] for base in bases if base in _BUILTIN_ERRORS]
                return known or (found[0] if found else object)
            case ["f", str(module), str(name)]:
                return self.function(module, name)
            case ["m", str(name)]:
                return self.module(name)
            case ["e", kind, tuple(args), dict(attributes)] if isinstance(kind, type) and issubclass(kind, BaseException):
                return _exception(kind, args, attributes)
        raise wire.WireError("a reference to nothing")

    # -- stand-ins

    def _stand_in(self, number: int, kind: int, plain: Any) -> Any:
        found = self._kept.get(number, self._stand_ins.get(number))
        if found is not None:
            self._counts[number][0] += 1
            return found
        mirror = self._mirror(kind)
        made = _instance(mirror, plain)
        handle = Handle(self, number)
        object.__setattr__(made, "_remote_object", handle)
        try:
            self._stand_ins[number] = made
        except TypeError:  # subclasses of int and tuple can't be referred to weakly
            self._kept[number] = made
            self._counts[number] = [1]
        else:
            count = self._counts[number] = [1]
            weakref.finalize(handle, lambda: self._released.append([number, count[0]])).atexit = False
        return made

    def _mirror(self, number: int) -> RemoteType:
        """The mirrored class of a number, described by the other side when first met."""
        if number not in self._classes:
            if len(self._classes) >= MOST_CLASSES:
                raise wire.WireError("too many classes")
            self._classes[number] = self._made(number, self.ask("describe", number))
        return self._classes[number]

    def _made(self, number: int, description: Any) -> RemoteType:
        match description:
            case {
                "name": str(name),
                "qualname": str(qualname),
                "module": str(module),
                "doc": doc,
                "bases": list(bases),
                "base": base,
                "special": list(special),
                "abstract": list(abstract),
                "hashable": bool(hashable),
                "asks": bool(asks),
            }:
                pass
            case _:
                raise wire.WireError("a class that nobody described")
        handle = Handle(self, number, (module, qualname))
        handle.asks_about_instances = asks
        before = self.mirrors.get((module, qualname)) if "<locals>" not in qualname else None
        if before is not None and handle_of(before).endpoint is not self:
            type.__setattr__(before, "_remote_class", handle)
            return before
        namespace: dict[str, Any] = {n: forwarding(n) for n in special if type(n) is str and n in SPECIAL}
        if "__hash__" not in namespace:
            namespace["__hash__"] = object.__hash__ if hashable else None
        namespace |= {"__module__": module, "__qualname__": qualname, "__doc__": doc if type(doc) is str else None}
        if (like := looks(module, qualname)) is not None:
            namespace["__class__"] = property(lambda _: like)
        mirror = _mirrored(name, _fitting(bases, base), namespace, handle)
        self.mirrors[module, qualname] = mirror
        for known in abstract:
            if known in _ABSTRACT:
                _ABSTRACT[known].register(mirror)
        return mirror


class _Reference:
    """Stands in a message for what `_refer` shall make of it."""

    __slots__ = ("payload",)

    def __init__(self, payload: list[Any]) -> None:
        self.payload = payload

    def __hash__(self) -> int:
        return hash(self.payload[1])


def describe(kind: type) -> dict[str, Any]:
    """What the other side needs to mirror a class."""
    special = [name for name in SPECIAL if _defines(kind, name)]
    return {
        "name": str(kind.__name__),
        "qualname": str(kind.__qualname__),
        "module": str(kind.__module__),
        "doc": kind.__doc__ if type(kind.__doc__) is str else None,
        "bases": [base for base in kind.__bases__ if base is not object],
        "base": next((base.__name__ for base in (*_VALUES, *_CONTAINERS) if issubclass(kind, base)), None),
        "special": special,
        "abstract": [name for name, abstract in _ABSTRACT.items() if issubclass(kind, abstract)],
        "hashable": getattr(kind, "__hash__", None) is not None,
        "asks": type(kind).__instancecheck__ is not type.__instancecheck__ and not _is_known(kind),
    }


def _defines(kind: type, name: str) -> bool:
    """Whether a special method is the class's own doing, and not that of the builtin type below it."""
    method = getattr(kind, name, None)
    below = next((base for base in _VALUES if issubclass(kind, base)), None)
    if below is None and issubclass(kind, BaseException):
        below = next(base for base in kind.__mro__ if base in _BUILTIN_ERRORS.values())
    return method is not None and method is not getattr(below or object, name, None)


def _is_known(kind: type) -> bool:
    """Classes that both sides have: builtin ones, and exceptions of the standard library and NumPy."""
    if kind in _KNOWN:
        return True
    root = str(kind.__module__).partition(".")[0]
    return issubclass(kind, BaseException) and (root in sys.stdlib_module_names or root == "numpy")


def known_class(module: str, name: str) -> type | None:
    """The class that both sides know by this name, from modules that have been loaded."""
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found if isinstance(found, type) and not isinstance(found, RemoteType) and _is_known(found) else None


def _is_plain(value: Any) -> bool:
    try:
        wire.encode(value)
    except wire.Unsendable:
        return False
    return True


def _arguments(error: BaseException) -> tuple[Any, ...]:
    if isinstance(error, OSError) and error.filename is not None:
        return (error.errno, error.strerror, error.filename)
    return tuple(error.args)


def _plain_part(value: Any) -> Any:
    """What an object of a subclass of int, str, tuple or the like is as one of these."""
    if isinstance(value, BaseException):
        return tuple(value.args)
    for base in _VALUES:
        if isinstance(value, base):
            return (tuple(base.__iter__(value)),) if base in (tuple, frozenset) else (_as_base(base, value),)
    return ()


def _as_base(base: type, value: Any) -> Any:
    if base is int:
        return int.__add__(value, 0)
    if base is float:
        return float.__add__(value, 0.0) if value == value else float("nan")
    if base is complex:
        return complex.__add__(value, 0)
    if base is str:
        return str.__str__(value) if type(value) is str else "".join(str.__iter__(value))
    return bytes.__getitem__(value, slice(None))


def _empty(mirror: RemoteType) -> Any:
    base = next((b for b in _CONTAINERS if issubclass_plain(mirror, b) and b is not datetime.tzinfo), object)
    return base.__new__(mirror)


def _instance(mirror: RemoteType, plain: Any) -> Any:
    try:
        return mirror.__new__(mirror, *plain) if plain else _empty(mirror)
    except wire.WireError:
        raise
    except Exception as error:
        raise wire.WireError(f"no value of its class: {type(error).__name__}") from None


def issubclass_plain(kind: type, base: type) -> bool:
    """issubclass without asking anybody."""
    return base in type.__getattribute__(kind, "__mro__")


def _exception(kind: type[BaseException], args: tuple[Any, ...], attributes: dict[Any, Any]) -> BaseException:
    try:
        made = kind(*args)
    except Exception:  # one that wants other arguments
        made = kind.__new__(kind)
        made.args = args
    for name, value in attributes.items():
        if type(name) is str and not name.startswith("__"):
            made.__dict__[name] = value
    return made


def _fitting(bases: Iterable[Any], base: Any) -> tuple[type, ...]:
    """The bases of a mirrored class: mirrored ones, and builtin ones that decide what an instance is."""
    found = [b for b in bases if isinstance(b, RemoteType)]
    if not any(issubclass_plain(b, RemoteObject) for b in found):
        found.append(RemoteObject)
    real = [b for b in bases if isinstance(b, type) and not isinstance(b, RemoteType)]
    builtin = {b.__name__: b for b in (*_VALUES, *_CONTAINERS)}
    real = [b for b in real if b in builtin.values() or issubclass(b, BaseException)]
    if not real and base in builtin and not any(issubclass_plain(f, builtin[base]) for f in found):
        real = [builtin[base]]
    return (*found, *real)


def _mirrored(name: str, bases: tuple[type, ...], namespace: dict[str, Any], handle: Handle) -> RemoteType:
    try:
        return RemoteType(name, bases, namespace, handle=handle)
    except TypeError:  # bases that Python can't put in an order here: their relations are lost
        real = tuple(b for b in bases if not isinstance(b, RemoteType))[:1]
        return RemoteType(name, (RemoteObject, *real), namespace, handle=handle)

