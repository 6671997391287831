"""Functions that a check gives to the learner's code, by number, and random generators. Runs in: checks."""

from collections.abc import Callable
from typing import Any

from grader import generators, wire


class Functions:
    """The codec of exercises: the functions that a check gave, by number, and nothing else."""

    def __init__(self) -> None:
        self._functions: list[Callable[..., Any]] = []  # all that were given, so that a kept one stays what it was
        self._numbers: dict[int, int] = {}  # id of a function -> its place there

    def encode(self, message: list[Any], *, writable: bool = True) -> list[bytes | memoryview]:
        return wire.encode(message, refer=self._reference, writable=writable)

    def decode(self, body: memoryview, blobs: memoryview) -> Any:
        return wire.decode(body, blobs, resolve=self._function)

    def perform(self, *request: Any) -> Any:
        match request:
            case [int(which), tuple(args), dict(kwargs)]:
                return self._function(which)(*args, **kwargs)
        raise wire.WireError("it asked for something that nobody offers")

    def failure(self, error: Exception) -> str:
        return f"{type(error).__name__}: {error}"[:500]

    def _reference(self, value: Any) -> Any:
        return generators.parts(value) if generators.is_generator(value) else self._number_of(value)

    def _number_of(self, function: Any) -> int:
        if not callable(function):
            raise wire.unsendable(function)
        number = self._numbers.setdefault(id(function), len(self._functions))
        if number == len(self._functions):
            self._functions.append(function)
        return number

    def _function(self, number: Any) -> Callable[..., Any]:
        if type(number) is not int or not 0 <= number < len(self._functions):
            raise wire.WireError("it called a function that it was not given")
        return self._functions[number]
