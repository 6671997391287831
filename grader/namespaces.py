"""The `__dict__` of a class or an object of the other side's. Runs in: both."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

_OF_GENERATORS = frozenset(["send", "throw", "close", "asend", "athrow", "aclose"])


class Does(Protocol):
    """Has something done with the original (`grader.remote.Handle`)."""

    def do(self, operation: str, *payload: Any) -> Any: ...


class ClassNamespace(Mapping[str, Any]):
    """The namespace of a class of the other side's: what `monkeypatch` looks into, to put things back.

    The names that Python's abstract classes look for are those of the mirror: they are asked at any moment.
    """

    def __init__(self, handle: Does, local: Mapping[str, Any]) -> None:
        self._handle = handle
        self._local = local

    def __getitem__(self, name: str) -> Any:
        if name.startswith("__") or name in _OF_GENERATORS:
            return self._local[name]
        return self._handle.do("own", name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._handle.do("owns"))

    def __len__(self) -> int:
        return len(self._handle.do("owns"))


class ObjectNamespace(dict[str, Any]):
    """The attributes of an object of the other side's, which hands out a copy: what is written goes there as well."""

    def __init__(self, handle: Does, content: Mapping[str, Any]) -> None:
        super().__init__(content)
        self._handle = handle

    def __setitem__(self, name: str, value: Any) -> None:
        self._handle.do("setattr", name, value)
        super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise KeyError(name)
        self._handle.do("delattr", name)
        super().__delitem__(name)

    def update(self, *given: Any, **named: Any) -> None:
        for name, value in dict(*given, **named).items():
            self[name] = value

    def setdefault(self, name: str, default: Any = None) -> Any:
        if name not in self:
            self[name] = default
        return self[name]

    def pop(self, name: str, *default: Any) -> Any:
        if name not in self:
            return super().pop(name, *default)
        value = self[name]
        del self[name]
        return value

    def popitem(self) -> tuple[str, Any]:
        name = next(reversed(self))
        return name, self.pop(name)

    def clear(self) -> None:
        for name in list(self):
            del self[name]
