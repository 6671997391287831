"""What learner's code may do with the objects that a test gave it. Runs in: checks.

The learner's process asks; here is decided. An object that a test hands over can be called, iterated, compared and
asked for its public attributes, as the code under test would in one process. What would lead from it to the machinery
of the tests (frames, globals, modules, pytest) is never handed out, and of builtin objects only their plain use is
offered.
"""

import copyreg
import importlib
import sys
import types
import typing
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field
from functools import cached_property, partial
from typing import Any
from unittest import TestCase
from unittest.mock import NonCallableMock

from grader import trees, wire
from grader.endpoint import Endpoint
from grader.heard import heard
from grader.mirrors import describe, is_known, is_plain
from grader.operations import perform
from grader.remote import RemoteType, stands_in
from grader.served import RemoteModule

_NEVER_LEAVE = (types.ModuleType, types.FrameType, types.CodeType, types.TracebackType)
_MACHINERY = frozenset({"_pytest", "pytest", "pluggy", "grader", "hypothesis", "sys", "os", "subprocess"})
_FUNCTIONS = (
    *(types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodDescriptorType),
    *(types.WrapperDescriptorType, types.MethodWrapperType),
)
_OF_CLASSES = (
    *("call", "getattr", "setattr", "delattr", "isinstance", "issubclass", "operator", "signature", "own", "owns"),
)
_OF_FUNCTIONS = frozenset(
    [
        *("__name__", "__qualname__", "__doc__", "__module__", "__defaults__", "__kwdefaults__", "__annotations__"),
        *("__self__", "__func__", "__wrapped__", "__isabstractmethod__"),
    ]
)
_DEFAULTS = frozenset(["__defaults__", "__kwdefaults__"])
_OF_TYPES = frozenset(  # attributes of generic aliases, type variables and the like
    [
        *("__origin__", "__args__", "__parameters__", "__metadata__", "__supertype__", "__bound__", "__constraints__"),
        *("__covariant__", "__contravariant__"),
    ]
)
_ALIASES = (types.GenericAlias, types.UnionType, typing._BaseGenericAlias)  # type: ignore[attr-defined]
_COPIED = frozenset(
    ["__dict__", "__dataclass_fields__", "__dataclass_params__", "__members__", "__match_args__", "__kwdefaults__"]
)
_SPECIAL_OF_FUNCTIONS = (["__call__"], ["__repr__"], ["__eq__"], ["__get__"])
_NOT_KNOWN = frozenset(
    {"pathlib", "unittest", "bdb", "asyncio", "doctest"}
)  # a class of these would mean something here
_MADE_BY_PYTHON = 1 << 9  # in a class's `__flags__`: it is on the heap
_INNARDS = ("__", "gi_", "cr_", "ag_", "f_", "tb_", "co_", "func_")
_LIBRARY = frozenset(  # modules of the standard library whose objects may be handed over
    [
        *("builtins", "io", "_io", "collections", "re", "random", "itertools", "functools", "argparse", "enum"),
        *("unittest", "types", "decimal", "fractions", "datetime", "uuid", "string", "array", "contextlib", "typing"),
        *("operator", "_operator", "_random", "_functools", "_collections", "weakref", "numbers", "abc", "dataclasses"),
    ]
)


class Given(Endpoint):
    """The checks' end where objects are handed out.

    `do` asks the learner's process; `served` are the names of the learner's modules; `lost` makes the exception for an
    object whose process has ended.
    """

    def __init__(
        self,
        do: Callable[..., Any],
        served: frozenset[str],
        lost: Callable[[], Exception],
        mirrors: dict[tuple[str, str], RemoteType],
    ) -> None:
        super().__init__(first=2, mirrors=mirrors)
        self._do = do
        self._served = served
        self._lost = lost

    def ask(self, operation: str, *payload: Any) -> Any:
        return self._do(operation, *payload)

    def lost(self) -> Exception:
        return self._lost()

    # -- the codec of `LearnerProcess`

    def encode(self, message: list[Any], extra: object = None, *, writable: bool = True) -> list[bytes | memoryview]:
        del extra, writable  # arrays arrive as they are here
        return super().encode(message, [])

    def decode(self, body: wire.Buffer, blobs: wire.Buffer) -> Any:
        message, news = super().decode(body, blobs)
        heard.add(body, blobs)
        match news:
            case [[str(out), str(err)], list(warned)]:
                _print(out, sys.stdout)
                _print(err, sys.stderr)
                for entry in warned:
                    _warn(entry)
                return message
        raise wire.WireError("something that is no message")

    def _is_offered(self, target: type, name: str, value: Any) -> bool:
        """Whether a class's own name and what stands under it may be had."""
        try:
            _permit_name(target, name)
            if not is_plain(value):
                self.may_leave(value)
        except (AttributeError, wire.Unsendable):
            return False
        return True

    def failure(self, error: Exception) -> Exception:
        return error

    def perform(self, *request: Any) -> Any:
        match request:
            case ("describe", number):
                kind = self.own(number)
                return describe(kind) if isinstance(kind, type) else _refuse("describe", kind)
            case (str(operation), number, *payload):
                target = self.own(number)
                _permit(operation, target, payload)
                if operation == "getattr" and _is_copied(target, payload[0]):
                    return _copied(target, payload[0])
                if operation == "own" and not self._is_offered(target, payload[0], vars(target).get(payload[0])):
                    raise KeyError(payload[0])
                if operation == "owns":
                    return [name for name, value in vars(target).items() if self._is_offered(target, name, value)]
                return _without_interrupts(lambda: perform(target, operation, payload))
        raise wire.WireError("it asked for something that nobody offers")

    # -- references

    def find_known(self, module: str, name: str) -> type | None:
        if module.partition(".")[0] in _NOT_KNOWN or not _in_library(module):
            return None
        known: Any = sys.modules.get(module)
        for part in name.split("."):  # never by getattr: modules import others when they are asked for a name
            known = vars(known).get(part) if isinstance(known, types.ModuleType | type) else None
        if not isinstance(known, type) or (known.__module__, known.__qualname__) != (module, name):
            return None  # `numpy.testing.SkipTest` is `unittest.SkipTest`
        return known if is_known(known) else None

    def module(self, name: str) -> Any:
        if name not in self._served and not name.startswith(tuple(f"{package}." for package in self._served)):
            raise wire.WireError(f"module {name[:100]}")
        return importlib.import_module(name)

    def named(self, value: Any) -> list[Any] | None:
        if trees.is_node(value):
            return ["t", trees.parts(value)]
        if isinstance(value, _ALIASES):
            return _alias(value)
        if isinstance(value, types.ModuleType):
            return ["m", value.__name__] if type(value) is RemoteModule or _in_library(value.__name__) else None
        return _by_name(value) if isinstance(value, _FUNCTIONS) or type(value).__name__ == "ufunc" else None

    def _refer_class(self, kind: type) -> list[Any]:
        return _by_name(kind) or super()._refer_class(kind)

    def may_leave(self, value: Any) -> None:
        kind = type(value)
        root = str(kind.__module__).partition(".")[0]
        if isinstance(value, type):
            return
        if isinstance(value, _NEVER_LEAVE) or root in _MACHINERY or not (_is_of_tests(kind) or root in _LIBRARY):
            raise wire.unsendable(value)
        bound_to = getattr(value, "__self__", None)
        if isinstance(value, _FUNCTIONS) and bound_to is not None and not isinstance(bound_to, type | types.ModuleType):
            self.may_leave(bound_to)


def _is_of_tests(kind: type) -> bool:
    """Whether a class was made by the tests, or by a module of theirs."""
    if kind.__module__ == "types" and kind.__name__ not in vars(types) and kind.__flags__ & _MADE_BY_PYTHON:
        return True  # by `types.new_class`, as `dataclasses.make_dataclass` does
    root = str(kind.__module__).partition(".")[0]
    return root not in sys.stdlib_module_names and root not in _MACHINERY and root != "numpy"


def _in_library(name: str) -> bool:
    root = name.partition(".")[0]
    return root in sys.stdlib_module_names or root == "numpy"


def _by_name(function: Any) -> list[Any] | None:
    """A reference to a function or class of the standard library or NumPy, which the other side has as well."""
    owner = getattr(function, "__objclass__", None)
    module = owner.__module__ if owner is not None else getattr(function, "__module__", None) or "numpy"
    name = str(getattr(function, "__qualname__", None) or function.__name__)
    if not _in_library(str(module)) or module in ("__main__", "unittest.mock"):
        return None
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return ["f", module, name] if found is function else None


def _alias(value: Any) -> list[Any]:
    """A reference to a generic alias, which is made as a pickle would have it made."""
    origin = getattr(value, "__origin__", None)
    if isinstance(origin, type) and _is_of_tests(origin):  # its `[]` would be asked for here again
        return ["g", type(value), [origin, value.__args__]]
    reduce = copyreg.dispatch_table.get(type(value))
    made: Any = value.__reduce__() if reduce is None else reduce(value)
    return ["g", made[0], list(made[1])]


def _permit(operation: str, target: Any, payload: list[Any]) -> None:
    """Raises what the learner's code is told where it may not do this."""
    kind = type(target)
    if isinstance(target, type):
        allowed = operation in (_OF_CLASSES if _is_of_tests(target) else ("isinstance", "issubclass"))
    elif isinstance(target, _FUNCTIONS):
        allowed = operation in ("call", "getattr", "signature", "code") or payload[:1] in _SPECIAL_OF_FUNCTIONS
        allowed = allowed or (operation in ("setattr", "delattr") and not _in_library(str(target.__module__)))
    elif operation in ("setattr", "delattr", "copy", "deepcopy"):
        is_iterator = isinstance(target, Iterator) and kind.__module__ in ("builtins", "itertools")
        allowed = _is_of_tests(kind) or (operation == "copy" and is_iterator)
    else:
        allowed = operation in ("call", "getattr", "special")
    if operation == "special" and allowed and isinstance(target, int | str | bytes | tuple | list):
        allowed = payload[0] in describe(kind)["special"]  # what is builtin there can be had without asking
    if not allowed or any(_is_interrupt(value) for part in payload if type(part) is tuple for value in part):
        _refuse(operation, target)
    if operation in ("setattr", "delattr") and _is_replaceable(target, payload):
        _refuse("to replace a method", target)
    if operation in ("getattr", "setattr", "delattr"):
        _permit_name(target, payload[0] if payload else None)


def _is_replaceable(target: Any, payload: list[Any]) -> bool:
    """Whether this would put something in the place of a method of a test's object, or of a function's defaults."""
    if not payload or (isinstance(target, _FUNCTIONS) and payload[0] in _DEFAULTS):
        return True
    owner = target if isinstance(target, type) else type(target)
    held = next((vars(base)[payload[0]] for base in owner.__mro__ if payload[0] in vars(base)), None)
    if stands_in(held):  # theirs already, as a descriptor that keeps what it has found
        return False
    made = (classmethod, property, cached_property) if owner is target else classmethod
    return callable(held) or isinstance(held, made)


def _is_of_test_case(target: Any, name: str) -> bool:
    """Whether a name belongs to the running of a class of tests: its other tests, its assertions, what it sets up."""
    kind = target if isinstance(target, type) else type(target)
    if issubclass(kind, TestCase) and (name.startswith("_") or hasattr(TestCase, name)):
        return True
    tests = issubclass(kind, TestCase) or kind.__name__.startswith("Test")
    return tests and name.lower().startswith(("test", "setup", "teardown"))


def _is_protocol(kind: type, name: str) -> bool:
    """Whether this is a method that a test's class has under a name of somebody's own making, such as `__html__`."""
    method = next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), None)
    made_up = name.startswith("__") and name.endswith("__") and not hasattr(type, name)
    return made_up and isinstance(method, types.FunctionType) and _is_of_tests(kind)


def _permit_name(target: Any, name: Any) -> None:
    if name in _COPIED or (isinstance(target, _FUNCTIONS) and name in _OF_FUNCTIONS):
        return
    if (type(target).__module__ == "typing" and name in _OF_TYPES) or (type(target) is Field and name == "_field_type"):
        return
    innards = type(name) is str and name.startswith(_INNARDS) and not _is_protocol(type(target), name)
    hidden = type(name) is not str or innards or (isinstance(target, type) and name == "mro")
    hidden = hidden or _is_of_test_case(target, name)
    hidden = hidden or (name.startswith("_") and not _is_of_tests(target if isinstance(target, type) else type(target)))
    if isinstance(target, NonCallableMock) and str(name).startswith(
        ("assert", "reset_", "configure_", "attach_", "mock_", "call_", "called", "method_calls", "side_effect")
    ):
        hidden = True
    if hidden and name not in ("__name__", "__doc__"):
        raise AttributeError(f"{type(target).__name__!r} object of the test offers no {str(name)[:50]!r}")


def _without_interrupts(function: Callable[[], Any]) -> Any:
    """Only the keyboard ends a run: an interrupt that the learner's code had raised here is an error like any other."""
    try:
        return function()
    except (KeyboardInterrupt, GeneratorExit) as error:
        if type(error) is KeyboardInterrupt and not error.args:
            raise
        raise RuntimeError(f"the code had {type(error).__name__} raised by the test") from None


def _is_interrupt(value: Any) -> bool:
    kind = value if isinstance(value, type) else type(value)
    return KeyboardInterrupt in type.__getattribute__(kind, "__mro__")


def _is_copied(target: Any, name: Any) -> bool:
    return name in _COPIED or (type(target) is partial and name == "keywords")


def _copied(target: Any, name: str) -> Any:
    """A copy of what would be the tests' own: writing into it must change nothing here."""
    value = getattr(target, name)
    if not isinstance(value, Mapping):
        return value
    return {key: item for key, item in value.items() if not str(key).startswith("__")}


def _refuse(operation: str, target: Any) -> Any:
    what = f"class {target.__qualname__!r}" if isinstance(target, type) else f"{type(target).__name__!r} object"
    kind = AttributeError if operation == "getattr" else TypeError
    raise kind(f"the {what} of the test does not offer this ({operation})")


def _print(text: str, stream: Any) -> None:
    if text and stream is not None:
        stream.write(text)


def _warn(entry: Any) -> None:
    """Warn here as the learner's code did there, so that `pytest.warns` hears it."""
    match entry:
        case [kind, str(text)] if isinstance(kind, type) and Warning in type.__getattribute__(kind, "__mro__"):
            warnings.warn_explicit(text, kind, "<learner's code>", 1)
