"""What mirrors a class, and what is known of classes on both sides. Runs in: both."""

import builtins
import collections.abc
import dataclasses
import datetime
import enum
import importlib
import sys
import types
import typing
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable
from typing import Any

from grader import parts, wire
from grader.remote import SPECIAL, RemoteObject, RemoteType, forwarding, looks

_VALUES = (int, float, complex, str, bytes, tuple, frozenset)  # whose subclasses' stand-ins carry the value as well
_CONTAINERS = (OrderedDict, defaultdict, Counter, dict, list, set, deque, bytearray, datetime.tzinfo)
_ABSTRACT = {
    name: getattr(collections.abc, name)
    for name in (
        *("Mapping", "MutableMapping", "Sequence", "MutableSequence", "Set", "MutableSet", "KeysView", "ItemsView"),
        *("ValuesView", "MappingView", "Generator", "Coroutine", "AsyncGenerator"),
    )
}
_ENUMS = {"Flag": enum.Flag, "Enum": enum.Enum}  # not those of int: they have another layout
_TYPES = [
    kind for kind in (typing.Any, typing.Annotated) if isinstance(kind, type)
]  # for newer Pythons Annotated is none
_KNOWN = frozenset(
    kind
    for module in ("builtins", "collections", "datetime", "decimal", "fractions", "pathlib", "collections.abc")
    for kind in vars(importlib.import_module(module)).values()
    if isinstance(kind, type)
) | {*parts.TAKEN, *_TYPES, types.SimpleNamespace, type(None)}
BUILTIN_ERRORS = {
    k.__name__: k for k in vars(builtins).values() if isinstance(k, type) and issubclass(k, BaseException)
}


def names(description: Any) -> tuple[str, str, bool]:
    """Module, qualified name and whether its class decides what its instances are. Raises WireError."""
    match description:
        case {"module": str(module), "qualname": str(qualname), "asks": bool(asks)}:
            return module, qualname, asks
    raise wire.WireError("a class that nobody described")


def made(description: dict[str, Any], handle: Any) -> RemoteType:
    """The class that mirrors a described one. Raises WireError."""
    match description:
        case {
            "name": str(name),
            "qualname": str(qualname),
            "module": str(module),
            "doc": doc,
            "bases": list(bases),
            "base": base,
            "special": list(special),
            "denied": list(denied),
            "abstract": list(abstract),
            "hashable": bool(hashable),
        }:
            pass
        case _:
            raise wire.WireError("a class that nobody described")
    namespace: dict[str, Any] = {n: forwarding(n) for n in special if type(n) is str and n in SPECIAL}
    namespace |= {n: None for n in denied if type(n) is str and n in SPECIAL - {"__hash__"}}
    if "__hash__" not in namespace:
        value = next((kind for kind in _VALUES if kind.__name__ == base), object)
        namespace["__hash__"] = value.__hash__ if hashable else None
    namespace |= {"__module__": module, "__qualname__": qualname, "__doc__": doc if type(doc) is str else None}
    if (below := _ENUMS.get(str(description.get("enum")))) is not None:
        value = next((kind for kind in _VALUES if kind.__name__ == base), object)
        namespace |= {"_remote_also": below.__mro__[:-1], "__new__": value.__new__}
    if (like := looks(module, qualname)) is not None:
        namespace["__class__"] = property(lambda _: like)
    mirror = _mirrored(name, _fitting(bases, base), namespace, handle)
    for known in abstract:
        if type(known) is str and known in _ABSTRACT:
            _ABSTRACT[known].register(mirror)
    return mirror


def describe(kind: type) -> dict[str, Any]:
    """What the other side needs to mirror a class."""
    special = [name for name in SPECIAL if _defines(kind, name)]
    denied = [name for name in SPECIAL - {"__hash__"} if _denies(kind, name)]
    return {
        "name": str(kind.__name__),
        "qualname": str(kind.__qualname__),
        "module": str(kind.__module__),
        "doc": kind.__doc__ if type(kind.__doc__) is str else None,
        "bases": [base for base in kind.__bases__ if base is not object],
        "base": next((base.__name__ for base in (*_VALUES, *_CONTAINERS) if issubclass(kind, base)), None),
        "enum": next((name for name, below in _ENUMS.items() if issubclass(kind, below)), None),
        "special": special,
        "denied": denied,
        "abstract": [name for name, abstract in _ABSTRACT.items() if issubclass(kind, abstract)],
        "hashable": getattr(kind, "__hash__", None) is not None,
        "asks": type(kind).__instancecheck__ is not type.__instancecheck__ and not is_known(kind),
    }


def _defines(kind: type, name: str) -> bool:
    """Whether a special method is the class's own doing, and not that of the builtin type below it."""
    method = _found(kind, name)
    below: type | None = next((base for base in _VALUES if issubclass(kind, base)), None)
    if below is None and issubclass(kind, BaseException):
        below = next(base for base in kind.__mro__ if base in BUILTIN_ERRORS.values())
    return method is not None and method is not _found(below or object, name)


def _denies(kind: type, name: str) -> bool:
    """Whether a class says by None that it has no such method, whatever Python would do instead."""
    return next((vars(base)[name] is None for base in kind.__mro__ if name in vars(base)), False)


def _found(kind: type, name: str) -> Any:
    """What a class has under a name, as it stands there; not what its metaclass has."""
    return next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), None)


NAMELESS = {("builtins", kind.__name__): kind for kind in (type(None), type(Ellipsis), type(NotImplemented))}
SINGLETONS = {  # objects that both sides have, and that are told by their identity
    ("dataclasses", name): getattr(dataclasses, name)
    for name in ("MISSING", "KW_ONLY", "_FIELD", "_FIELD_CLASSVAR", "_FIELD_INITVAR")
} | {  # Union, Literal, List …
    ("typing", name): value
    for name, value in vars(typing).items()
    if name in typing.__all__ and not isinstance(value, type | types.FunctionType | bool)
}
_SINGLETON_NAMES = {id(value): list(name) for name, value in SINGLETONS.items()}


def singleton(value: Any) -> list[Any] | None:
    """The reference to an object that both sides have; None for any other."""
    name = _SINGLETON_NAMES.get(id(value))
    return None if name is None else ["f", *name]


def is_known(kind: type) -> bool:
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
    return found if isinstance(found, type) and not isinstance(found, RemoteType) and is_known(found) else None


def is_plain(value: Any) -> bool:
    try:
        wire.encode(value)
    except wire.Unsendable:
        return False
    return True


def arguments(error: BaseException) -> tuple[Any, ...]:
    if isinstance(error, OSError) and error.filename is not None:
        return (error.errno, error.strerror, error.filename)
    return tuple(error.args)


def plain_part(value: Any) -> Any:
    """What an object of a subclass of int, str, tuple or the like is as one of these."""
    if isinstance(value, BaseException):
        return tuple(value.args)
    base: Any = next((base for base in _VALUES if isinstance(value, base)), None)
    if base is None:
        return ()
    return (tuple(base.__iter__(value)),) if base in (tuple, frozenset) else (_as_base(base, value),)


def _as_base(base: type, value: Any) -> Any:
    if base is int:
        return int.__add__(value, 0)
    if base is float:
        return float.__add__(value, 0.0)
    if base is complex:
        return complex.__add__(value, 0)
    if base is str:
        return str.__str__(value) if type(value) is str else "".join(str.__iter__(value))
    return bytes.__getitem__(value, slice(None))


def _empty(mirror: Any) -> Any:
    base: Any = next((b for b in _CONTAINERS if issubclass_plain(mirror, b) and b is not datetime.tzinfo), object)
    return base.__new__(mirror)


def instance(mirror: Any, plain: Any) -> Any:
    try:
        return mirror.__new__(mirror, *plain) if plain or BaseException in mirror.__mro__ else _empty(mirror)
    except wire.WireError:
        raise
    except Exception as error:
        raise wire.WireError(f"no value of its class: {type(error).__name__}") from None


def issubclass_plain(kind: type, base: type) -> bool:
    """issubclass without asking anybody."""
    return base in type.__getattribute__(kind, "__mro__")


def exception(kind: type[BaseException], args: tuple[Any, ...], attributes: dict[Any, Any]) -> BaseException:
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


def _mirrored(name: str, bases: tuple[type, ...], namespace: dict[str, Any], handle: Any) -> RemoteType:
    try:
        return RemoteType(name, bases, namespace, handle=handle)
    except TypeError:  # bases that Python can't put in an order here: their relations are lost
        real = tuple(b for b in bases if not isinstance(b, RemoteType))[:1]
        return RemoteType(name, (RemoteObject, *real), namespace, handle=handle)
