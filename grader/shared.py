"""Lists, dicts and sets that both sides hold, kept alike at every crossing. Runs in: both.

Between two processes a list can only be copied; in one process a test and the code under test share it. So each side
keeps a real one, both under one number, and every message carries the new content of those that its sender changed.
"""

import collections
import sys
from argparse import Namespace
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from grader.wire import WireError

MOST = 20_000  # containers shared at a time; beyond, the sender's are sent as copies


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a container of one type is emptied and filled. `content` is what the wire carries."""

    make: Callable[[], Any]
    content: Callable[[Any], Any]
    fill: Callable[[Any, Any], None]


def _fill_mapping(target: Any, content: Any) -> None:
    target.clear()
    for key, value in content.items():
        target[key] = value


def _fill_set(target: Any, content: Any) -> None:
    target.clear()
    target.update(content)


def _fill_list(target: Any, content: Any) -> None:
    target[:] = content


def _fill_deque(target: Any, content: Any) -> None:
    target.clear()
    target.extend(content)


def _fill_attributes(target: Any, content: Any) -> None:
    vars(target).clear()
    vars(target).update({str(name): value for name, value in content.items()})


def _fill_defaultdict(target: Any, content: Any) -> None:
    target.default_factory, *pairs = content
    _fill_mapping(target, dict(pairs))


_KINDS: dict[type, _Kind] = {
    list: _Kind(list, list, _fill_list),
    dict: _Kind(dict, dict, _fill_mapping),
    set: _Kind(set, set, _fill_set),
    bytearray: _Kind(bytearray, bytes, _fill_list),
    deque: _Kind(deque, list, _fill_deque),
    OrderedDict: _Kind(OrderedDict, dict, _fill_mapping),
    Counter: _Kind(Counter, dict, _fill_mapping),
    defaultdict: _Kind(defaultdict, lambda d: [d.default_factory, *d.items()], _fill_defaultdict),
    SimpleNamespace: _Kind(SimpleNamespace, lambda n: dict(vars(n)), _fill_attributes),
    Namespace: _Kind(Namespace, lambda n: dict(vars(n)), _fill_attributes),
}
_BY_NAME = {kind.__name__: kind for kind in _KINDS}
_CONTENT_TYPES: dict[type, type] = {
    list: list,
    set: set,
    bytearray: bytes,
    deque: list,
    defaultdict: list,
}  # of all others: dict


def _parts(container: Any) -> list[Any] | bytes:
    """What a container refers to, in order: two containers with the very same parts are alike."""
    if isinstance(container, bytearray):
        return bytes(container)
    if isinstance(container, SimpleNamespace | Namespace):
        container = vars(container)
    if isinstance(container, dict):
        factory = [container.default_factory] if isinstance(container, defaultdict) else []
        return [*factory, *container.keys(), *container.values()]
    return list(container)


def _alike(now: list[Any] | bytes, before: list[Any] | bytes | None) -> bool:
    if isinstance(now, bytes) or before is None:
        return now == before
    return len(now) == len(before) and all(a is b for a, b in zip(now, before, strict=True))


@dataclass(slots=True)
class _Shared:
    container: Any
    before: list[Any] | bytes | None = None  # its parts when both sides were last alike; None: the other has none yet
    filling: bool = False  # what is asked meanwhile (the class of an item, the hash of a key) must not carry it


_ALONE = _Shared([])
_HELD_BY_US = sys.getrefcount(_ALONE.container)  # how many references say that nobody but the table has it


def is_shared(value: object) -> bool:
    """Whether containers of its type can be shared."""
    return type(value) in _KINDS


class SharedContainers:
    """One side's table. Numbers that this side gives are even or odd, as `first` is."""

    def __init__(self, first: int) -> None:
        self._next = first
        self._table: dict[int, _Shared] = {}
        self._numbers: dict[int, int] = {}  # id -> number

    def number_of(self, value: Any) -> int | None:
        """The number of a container, given now where it has none; None for what is not shared."""
        if type(value) not in _KINDS or (type(value) is deque and value.maxlen is not None):
            return None
        number = self._numbers.get(id(value))
        if number is None and len(self._table) < MOST:
            number, self._next = self._next, self._next + 2
            self._put(number, value)
        return number

    def _put(self, number: int, container: Any) -> None:
        self._table[number] = _Shared(container)
        self._numbers[id(container)] = number

    def get(self, number: int, kind: str) -> Any:
        """The container of a number of the other side's, made empty where it is new. Raises WireError."""
        shared = self._table.get(number)
        if shared is None:
            if kind not in _BY_NAME or number % 2 == self._next % 2 or len(self._table) > 2 * MOST:
                raise WireError("a container that nobody shared")
            self._put(number, _KINDS[_BY_NAME[kind]].make())
            shared = self._table[number]
            shared.filling = True  # its content stands further on in the same frame
        return shared.container

    def kind(self, number: int) -> str:
        """The name of its type."""
        return type(self._table[number].container).__name__

    def changed(self) -> Iterator[tuple[int, Any, list[Any] | bytes]]:
        """Number, content and parts of each container that is not as the other side has it.

        Containers that are numbered meanwhile come as well.
        """
        done: set[int] = set()
        while left := [number for number in self._table if number not in done]:
            for number in left:
                done.add(number)
                shared = self._table[number]
                if shared.filling:
                    continue
                parts = _parts(shared.container)
                if not _alike(parts, shared.before):
                    yield number, _KINDS[type(shared.container)].content(shared.container), parts

    def settled(self, number: int, parts: list[Any] | bytes) -> None:
        """The other side has been told."""
        if number in self._table:
            self._table[number].before = parts

    def update(self, number: int, content: Any) -> None:
        """Take over what the other side changed. Raises WireError where it is not of the container's kind."""
        shared = self._table.get(number)
        if shared is None:
            raise WireError("an update of a container that nobody shared")
        kind = type(shared.container)
        if type(content) is not _CONTENT_TYPES.get(kind, dict):
            raise WireError("an update of another kind")
        shared.filling = True
        try:
            _KINDS[kind].fill(shared.container, content)
        except (TypeError, ValueError, LookupError) as error:
            raise WireError(f"an update that can't be made: {type(error).__name__}") from None
        finally:
            shared.filling = False
        shared.before = _parts(shared.container)

    def forget(self, numbers: list[int]) -> None:
        """The other side no longer holds them."""
        for number in numbers:
            shared = self._table.pop(number, None)
            if shared is not None:
                del self._numbers[id(shared.container)]

    def drop_unsent(self) -> None:
        """Forget what was numbered for a frame that could not go: the other side has never heard of it."""
        self.forget([number for number, s in self._table.items() if s.before is None and not s.filling])

    def take_forgotten(self) -> list[int]:
        """Let go of what nobody here holds any more; the numbers, for the other side."""
        before = (shared.before for shared in self._table.values() if type(shared.before) is list)
        snapshots = collections.Counter(id(part) for parts in before for part in parts)
        gone = [
            number
            for number, shared in self._table.items()
            if sys.getrefcount(shared.container) - snapshots[id(shared.container)] <= _HELD_BY_US
            and shared.before is not None
            and _alike(_parts(shared.container), shared.before)  # what was written last has still to go over
        ]
        self.forget(gone)
        return gone
