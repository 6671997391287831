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
["f", module, name]                   a function of the standard library (only towards the learner's process), or one of
                                      a few objects that both sides have
["m", name]                           a module
["v", bytes]                          a memoryview, of a copy
["a", form, dtype, shape, content]    an array that is not of numbers, a NumPy scalar or a dtype (`grader.arrays`)
["t", tree]                           a syntax tree (`grader.trees`; only towards the learner's process)
["g", make, arguments]                a generic alias, by the call that makes it (only towards the learner's process)
["e", class, args, attributes]        an exception of a class that both sides know
====================================  ==============================================================================
"""

import types
import weakref
from typing import Any

from grader import arrays, mirrors, wire
from grader.remote import Handle, RemoteType, endpoints, handle_of, stands_in
from grader.shared import SharedContainers, is_shared

MOST_CLASSES = 2_000  # mirrored on one side
MOST_STAND_INS = 50_000  # alive on one side


class Endpoint:
    """One side's end: what it has handed out, what it has got, and the frames between."""

    copies_namespaces = False  # whether the other side hands out its objects' `__dict__` as copies

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
        self._encoding = False
        self._decoding = 0
        self._room = arrays.Room()  # of the frame that is decoded
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

    def tree(self, description: dict[Any, Any]) -> Any:
        """The syntax tree of a reference "t"."""
        raise wire.WireError(f"a syntax tree with {len(description)} fields")

    def alias(self, make: Any, arguments: list[Any]) -> Any:
        """The generic alias of a reference "g"."""
        raise wire.WireError(f"an alias by {make} of {len(arguments)} types")

    def module(self, name: str) -> Any:
        """The module of a reference "m"."""
        raise wire.WireError(f"module {name}")

    def named(self, value: Any) -> list[Any] | None:
        """A reference by name ("f" or "m") to a value, where this side makes such."""
        del value
        return None

    # -- frames

    def encode(self, message: list[Any], extra: list[Any], *, writable: bool = True) -> list[bytes | memoryview]:
        """A frame: [message, `extra`, what changed in shared containers, numbers let go of]. Raises Unsendable."""
        if self._encoding:  # asked while another frame is made, for a hash or a name: that one carries the changes
            return wire.encode([self._outgoing_parts(message), extra, [], [], []], refer=self._refer, writable=writable)
        self._encoding = True
        try:
            return self._frame(message, extra, writable)
        finally:
            self._encoding = False

    def _frame(self, message: list[Any], extra: list[Any], writable: bool) -> list[bytes | memoryview]:
        forgotten, self._given_up = self._given_up + self._shared.take_forgotten(), []
        outgoing = [self._outgoing_parts(message), extra]
        updates, settled = [], []
        for number, content, parts in self._shared.changed():
            updates.append([number, self._outgoing_parts(content)])
            settled.append((number, parts))
        released = self._released.copy()
        del self._released[: len(released)]  # a finalizer may have added to it meanwhile
        try:
            pieces = wire.encode([*outgoing, updates, forgotten, released], refer=self._refer, writable=writable)
        except wire.Unsendable:
            self._released += released
            self._given_up += [*forgotten, *(number for number, content in updates if not self._can_go(content))]
            self._shared.forget(self._given_up)
            self._shared.drop_unsent()
            raise
        for number, parts in settled:
            self._shared.settled(number, parts)
        return pieces

    def decode(self, body: wire.Buffer, blobs: wire.Buffer) -> tuple[Any, Any]:
        """Message and extra of a frame. Raises WireError."""
        if self._decoding == 0:
            self._room = arrays.Room()
        self._decoding += 1  # an unknown class is asked about, and the answer decoded, before this frame is at its end
        try:
            match wire.decode(body, blobs, resolve=self._resolve, long_bytes=False):  # texts are heard in the body
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

    def _outgoing(self, value: Any) -> Any:  # noqa: PLR0911 - one case for each kind
        """The same with containers as references; what is neither plain nor a container is left to `_refer`."""
        if stands_in(value):  # before it is hashed, which would ask the other side
            return _Reference(self._refer(value))
        if type(value) is types.TracebackType:  # given to `__exit__`
            return None
        if type(value) is memoryview:
            return _Reference(["v", bytes(value)])
        array = arrays.reference(value, self._outgoing)
        if array is not None:
            return _Reference(array)
        if type(value) is tuple:
            return tuple(self._outgoing(item) for item in value)
        if type(value) is frozenset:
            return frozenset(self._outgoing(item) for item in value)
        number = self._shared.number_of(value)
        if number is not None:
            return _Reference(["s", number, self._shared.kind(number)])
        return self._outgoing_parts(value) if is_shared(value) else value

    def _outgoing_parts(self, value: Any) -> Any:
        if type(value) is list:
            return [self._outgoing(item) for item in value]
        if type(value) is dict:
            return {self._outgoing(key): self._outgoing(item) for key, item in value.items()}
        if type(value) is set:
            return {self._outgoing(item) for item in value}
        return value

    # -- references

    def _refer(self, value: Any) -> list[Any]:  # noqa: PLR0911 - the table above
        if type(value) is _Reference:
            return value.payload
        if stands_in(value):
            handle = handle_of(value)
            if handle is None:  # the base of all mirrored classes, in an `__mro__`
                return self._refer_class(object)
            if handle.endpoint is not self:
                handle.move()
            if handle.endpoint is not self:
                raise wire.unsendable(value)
            return ["y", handle.number]
        if isinstance(value, type):
            return self._refer_class(value)
        named = mirrors.singleton(value) or self.named(value)
        if named is not None:
            return named
        kind = type(value)
        if isinstance(value, BaseException) and mirrors.is_known(kind):
            attributes = {k: v for k, v in vars(value).items() if mirrors.is_plain(v) and not k.startswith("__")}
            return ["e", kind, mirrors.arguments(value), attributes]
        number = self.export(value)
        return ["o", number, self.export(kind), mirrors.plain_part(value)]

    def _refer_class(self, kind: type) -> list[Any]:
        if not mirrors.is_known(kind):
            return ["c", self.export(kind)]
        errors = [base.__name__ for base in kind.__mro__ if base.__name__ in mirrors.BUILTIN_ERRORS]
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

    def _resolve(self, reference: Any) -> Any:  # noqa: PLR0911, PLR0912 - the table above
        match reference:
            case ["s", int(number), str(kind)]:
                return self._shared.get(number, kind)
            case ["y", number]:
                return self.own(number)
            case ["o", int(number), int(kind), plain]:
                return self._stand_in(number, kind, plain)
            case ["c", int(number)]:
                return self._mirror(number)
            case ["t", dict(description)]:
                return self.tree(description)
            case ["g", make, list(arguments)]:
                return self.alias(make, arguments)
            case ["a", form, *parts]:
                return arrays.made(form, parts, self._room)
            case ["v", bytes(data)]:
                return memoryview(data)
            case ["k", str(module), str(name), list(bases)]:
                known = mirrors.NAMELESS.get((module, name)) or self.find_known(module, name)
                found = [mirrors.BUILTIN_ERRORS[base] for base in map(str, bases) if base in mirrors.BUILTIN_ERRORS]
                return known or (found[0] if found else object)
            case ["f", str(module), str(name)] if (module, name) in mirrors.SINGLETONS:
                return mirrors.SINGLETONS[module, name]
            case ["f", str(module), str(name)]:
                return self.function(module, name)
            case ["m", str(name)]:
                return self.module(name)
            case ["e", kind, tuple(args), dict(attributes)] if isinstance(kind, type) and issubclass(
                kind, BaseException
            ):
                return mirrors.exception(kind, args, attributes)
        raise wire.WireError("a reference to nothing")

    # -- stand-ins

    def _stand_in(self, number: int, kind: int, plain: Any) -> Any:
        found = self._kept.get(number, self._stand_ins.get(number))
        if found is not None:
            self._counts[number][0] += 1
            return found
        if len(self._stand_ins) + len(self._kept) >= MOST_STAND_INS:
            raise wire.WireError("too many objects")
        mirror = self._mirror(kind)
        made = mirrors.instance(mirror, plain)
        handle = Handle(self, number)
        object.__setattr__(made, "_remote_object", handle)
        try:
            self._stand_ins[number] = made
        except TypeError:  # subclasses of int and tuple can't be referred to weakly
            self._kept[number] = made
            self._counts[number] = [1]
        else:
            count = self._counts[number] = [1]
            released = self._released  # not `self`: finalizers are kept until they run, and it leads to the handle
            weakref.finalize(handle, lambda: released.append([number, count[0]])).atexit = False
        return made

    def _mirror(self, number: int) -> RemoteType:
        """The mirrored class of a number, described by the other side when first met."""
        if number not in self._classes:
            if len(self._classes) >= MOST_CLASSES:
                raise wire.WireError("too many classes")
            self._classes[number] = self._made(number, self.ask("describe", number))
        return self._classes[number]

    def _made(self, number: int, description: Any) -> RemoteType:
        module, qualname, asks = mirrors.names(description)
        handle = Handle(self, number, (module, qualname))
        handle.asks_about_instances = asks
        before = self.mirrors.get((module, qualname)) if "<locals>" not in qualname else None
        if before is not None and handle_of(before).endpoint is not self:
            type.__setattr__(before, "_remote_class", handle)
            return before
        mirror = self.mirrors[module, qualname] = mirrors.made(description, handle)
        return mirror


class _Reference:
    """Stands in a message for what `_refer` shall make of it."""

    __slots__ = ("payload",)

    def __init__(self, payload: list[Any]) -> None:
        self.payload = payload

    def __hash__(self) -> int:
        return hash(self.payload[1])
