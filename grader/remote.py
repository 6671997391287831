"""Objects and classes of the other side, as this side sees them. Runs in: both.

An object of the learner's stays in the learner's process. Here it has a stand-in: an instance of a mirrored class,
which has the name, the bases and the special methods of the real one, and forwards whatever is done with it. The same
the other way round, for objects that a test hands over.
"""

import builtins
import copyreg
import itertools
import pickle
import re
import types
import typing
from collections.abc import Callable
from typing import Any, Protocol
from weakref import WeakValueDictionary

from grader.namespaces import ClassNamespace, ObjectNamespace

_ARITHMETIC = "add sub mul matmul truediv floordiv mod pow lshift rshift and xor or"
_OTHERS = """
    divmod rdivmod neg pos abs invert int float complex index round trunc floor ceil
    lt le eq ne gt ge hash bool repr str bytes format fspath dir
    len getitem setitem delitem missing iter next reversed contains call
    get set delete set_name enter exit await aiter anext aenter aexit
"""
SPECIAL = frozenset(
    [f"__{prefix}{name}__" for name in _ARITHMETIC.split() for prefix in ("", "r", "i")]
    + [f"__{name}__" for name in _OTHERS.split()]
)
LOCAL = frozenset(  # attributes that belong to the stand-in
    [
        *("__class__", "__traceback__", "__cause__", "__context__", "__suppress_context__", "__notes__"),
        *("with_traceback", "add_note", "learner_error", "__copy__", "__deepcopy__", "__reduce_ex__", "__init__"),
    ]
)
_NEVER = (
    *("__array", "__cuda", "__dlpack", "__buffer__", "__globals__", "__closure__", "__length_hint__", "__annotate__"),
)
_NAMES_OF_TYPES = re.compile(r"[\w\s.,|\[\]]*")
_LOOKS = {  # what stand-ins for objects of these builtin types say that they are
    (kind.__module__, kind.__qualname__): kind
    for kind in (
        *(*vars(builtins).values(), *vars(types).values(), *vars(itertools).values()),
        *(re.Match, re.Pattern, typing.TypeVar),
    )
    if isinstance(kind, type) and not issubclass(kind, BaseException)
}
SUBCLASSED = (
    "{name!r} inherits from {base!r}, a class on the other side of the sandbox: that can't work here by design;"
    " give it an object of {base!r} instead"
)


class Side(Protocol):
    """The end of the connection on this side (`grader.endpoint.Endpoint`), as stand-ins need it."""

    key: int
    copies_namespaces: bool

    @property
    def successor(self) -> "Side | None": ...

    def ask(self, operation: str, *payload: Any) -> Any: ...

    def lost(self) -> Exception: ...


endpoints: WeakValueDictionary[int, Side] = WeakValueDictionary()  # of this process, by key


class Handle:
    """What a stand-in knows of its original. `origin`: the module and the name under which it was got, if any."""

    __slots__ = ("__weakref__", "_found", "asks_about_instances", "endpoint", "number", "origin")

    def __init__(self, endpoint: Side, number: int, origin: tuple[str, str] | None = None) -> None:
        self.endpoint = endpoint
        self.number = number
        self.origin = origin
        self.asks_about_instances = False

    def do(self, operation: str, *payload: Any) -> Any:
        """Have something done with the original. Raises what that raises."""
        if self.endpoint.successor is not None:
            self.move()
        return self.endpoint.ask(operation, self.number, *payload)

    @property
    def is_lost(self) -> bool:
        """Whether the original's process has ended, and no name leads to another one."""
        return self.origin is None and self.endpoint.successor is not None

    def move(self) -> None:
        """The other side has been started anew: find the same object there, if it has a name."""
        endpoint = self.endpoint
        while endpoint.successor is not None:
            endpoint = endpoint.successor
        if self.origin is None:
            raise endpoint.lost()
        try:
            found = endpoint.ask("find", *self.origin)
        except (AttributeError, ImportError):  # made by a test, it bears the name of no module that is there
            raise endpoint.lost() from None
        if not stands_in(found):
            raise endpoint.lost()
        self.endpoint, self.number = endpoint, handle_of(found).number
        self._found = found  # as long as this is alive, so is the original


def never(name: str) -> bool:
    """Attributes that are asked of nobody: NumPy would believe a pointer; source and frames are no values."""
    return name.startswith(_NEVER)


def handle_of(stand_in: Any) -> Handle:
    """What connects a stand-in, an object or a class, with what it stands for."""
    if isinstance(stand_in, RemoteType):
        handle: Handle = type.__getattribute__(stand_in, "_remote_class")
    else:
        handle = object.__getattribute__(stand_in, "_remote_object")
    return handle


def looks(module: str, name: str) -> type | None:
    """The builtin type of a name, whose objects are known by `isinstance` alone: functions, generators, matches …"""
    return _LOOKS.get((module, name))


def _asks(handle: Handle, operation: str, subject: Any) -> bool:
    return handle.asks_about_instances and bool(handle.do(operation, subject))


def _signature(parameters: list[Any]) -> Any:
    import inspect

    kinds = list(inspect._ParameterKind)
    made = [
        inspect.Parameter(name, kinds[kind], default=default if present else inspect.Parameter.empty)
        for name, kind, present, default in parameters
    ]
    return inspect.Signature(made)


def evaluable(value: Any) -> Any:
    """Annotations that `typing.get_type_hints` may evaluate: texts that name types, and call nothing."""
    if type(value) is not dict:
        raise AttributeError("__annotations__")
    return {key: text for key, text in value.items() if type(text) is not str or _NAMES_OF_TYPES.fullmatch(text)}


class ByDesign(TypeError):
    """What can't work with a sandbox between."""


class _Heir(type):
    """A class that inherits from one of the other side's. That can't work, which is said when it is used."""

    _remote_why: str

    def __call__(cls, *_: Any, **__: Any) -> Any:
        raise ByDesign(cls._remote_why)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise ByDesign(cls._remote_why)


class RemoteType(type):
    """The metaclass of mirrored classes. What is done with the class is done with the real one."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], *, handle: Any = None
    ) -> "RemoteType":
        if handle is None and bases:
            base = next(b for b in bases if isinstance(b, RemoteType))
            heir = {"_remote_why": SUBCLASSED.format(name=name, base=base.__name__)}
            heir |= {key: namespace[key] for key in ("__classcell__",) if key in namespace}  # a body may use `super()`
            return _Heir(name, (), heir)  # type: ignore[return-value]
        made = super().__new__(cls, name, bases, namespace)
        type.__setattr__(made, "_remote_class", handle)
        return made

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], *, handle: Any = None) -> None:
        del handle
        super().__init__(name, bases, namespace)

    def mro(cls) -> list[type]:
        """The bases in their order, and at the end those that it is below without having them (`enum.Enum`)."""
        found = super().mro()
        also = type.__getattribute__(cls, "__dict__").get("_remote_also", ())
        return [*found[:-1], *(kind for kind in also if kind not in found), object]

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return handle_of(cls).do("call", args, tuple(kwargs.items()))

    def __getattribute__(cls, name: str) -> Any:
        special = name.startswith("__") and name.endswith("__")
        if name == "__dict__" and type.__getattribute__(cls, "_remote_class") is not None:
            return ClassNamespace(handle_of(cls), type.__getattribute__(cls, name))
        if special or name.startswith("_remote_") or name in ("mro", "_abc_impl"):
            try:
                return type.__getattribute__(cls, name)
            except AttributeError:
                if not special or never(name):
                    raise
        if name == "__signature__":
            return _signature(handle_of(cls).do("signature"))
        return handle_of(cls).do("getattr", name)

    def __setattr__(cls, name: str, value: Any) -> None:
        if name in ("__abstractmethods__", "_abc_impl"):
            type.__setattr__(cls, name, value)
        else:
            handle_of(cls).do("setattr", name, value)

    def __delattr__(cls, name: str) -> None:
        handle_of(cls).do("delattr", name)

    def __instancecheck__(cls, instance: Any) -> bool:
        if type.__instancecheck__(cls, instance):
            return True
        handle = type.__getattribute__(cls, "_remote_class")
        return handle is not None and _asks(handle, "isinstance", instance)

    def __subclasscheck__(cls, subclass: type) -> bool:
        if type.__subclasscheck__(cls, subclass):
            return True
        handle = type.__getattribute__(cls, "_remote_class")  # of our own classes it is `abc` that wants to know
        return isinstance(subclass, RemoteType) and handle is not None and _asks(handle, "issubclass", subclass)

    def __getitem__(cls, key: Any) -> Any:
        return handle_of(cls).do("operator", "getitem", key)

    def __iter__(cls) -> Any:
        return handle_of(cls).do("operator", "iter")

    def __len__(cls) -> int:
        return int(handle_of(cls).do("operator", "len"))

    def __contains__(cls, item: Any) -> bool:
        return bool(handle_of(cls).do("operator", "contains", item))

    def __bool__(cls) -> bool:
        return True

    def __dir__(cls) -> Any:
        return handle_of(cls).do("operator", "dir")


class RemoteObject(metaclass=RemoteType):
    """The base of all mirrored classes."""

    def __getattribute__(self, name: str) -> Any:  # noqa: PLR0911 - names by kind
        if name == "__copy__" and _defines(type(self), "__next__"):  # `itertools.tee` copies an iterator that has it
            return handle_of(self).do("getattr", name)
        if name in LOCAL or name.startswith("_remote_"):
            return object.__getattribute__(self, name)
        if never(name) or (name == "name_from" and isinstance(self, ImportError)):
            raise AttributeError(name)  # Python would import the module that such an error names, to suggest a name
        if name.startswith("__") and handle_of(self).is_lost:  # whoever looks around must not stumble over it
            raise AttributeError(name)
        if name == "__signature__":
            return _signature(handle_of(self).do("signature"))
        if name == "__code__":
            return handle_of(self).do("code")
        if name in SPECIAL and hasattr(type(self), name):
            return object.__getattribute__(self, name)
        value = handle_of(self).do("getattr", name)
        if name == "__dict__" and handle_of(self).endpoint.copies_namespaces:
            return ObjectNamespace(handle_of(self), value)
        return evaluable(value) if name == "__annotations__" else value

    def __setattr__(self, name: str, value: Any) -> None:
        if name in LOCAL:
            object.__setattr__(self, name, value)
        else:
            handle_of(self).do("setattr", name, value)

    def __delattr__(self, name: str) -> None:
        handle_of(self).do("delattr", name)

    def __dir__(self) -> Any:
        return handle_of(self).do("special", "__dir__", (), ())

    def __copy__(self) -> Any:
        return handle_of(self).do("copy")

    def __deepcopy__(self, memo: Any) -> Any:
        del memo
        return handle_of(self).do("deepcopy")

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Pickled over there, and unpickled over there: this side reads no pickle of the other's."""
        handle = handle_of(self)
        return _revived, (handle.endpoint.key, handle.do("pickle", int(protocol)))


def _revived(key: int, data: bytes) -> Any:
    return endpoints[key].ask("unpickle", data)


def _reduced(mirror: RemoteType) -> Any:
    """A class is pickled over there too: by its name, this side would import the module that it claims to be from."""
    handle = handle_of(mirror)
    return _revived, (handle.endpoint.key, handle.do("pickle", pickle.DEFAULT_PROTOCOL))


copyreg.pickle(RemoteType, _reduced)


def _hashing(self: Any) -> int:
    """Asked once: a key's hash may not change, and a dict asks for it at every step."""
    try:
        found: int = object.__getattribute__(self, "_remote_hash")
    except AttributeError:
        found = int(handle_of(self).do("special", "__hash__", (), ()))
        object.__setattr__(self, "_remote_hash", found)
    return found


def forwarding(name: str) -> Callable[..., Any]:
    """A special method that has the real object's run."""
    if name == "__hash__":
        return _hashing

    def method(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        return handle_of(self).do("special", name, args, tuple(kwargs.items()))

    method.__name__ = method.__qualname__ = name
    return method


def _defines(kind: type, name: str) -> bool:
    """Whether a mirrored class has a special method, without asking anybody."""
    return any(name in type.__getattribute__(base, "__dict__") for base in type.__getattribute__(kind, "__mro__"))


def stands_in(value: object) -> bool:
    """Whether this is an object or a class of the other side's."""
    return isinstance(value, RemoteType) or isinstance(type(value), RemoteType)
