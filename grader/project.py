"""A learner's files as a project: imported from a folder, objects handed out. Runs in: learner's process."""

import importlib
import io
import pickle
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from grader import trees, wire
from grader.endpoint import Endpoint
from grader.mirrors import describe
from grader.operations import perform

_OUTPUT_LIMIT = 64 * 1024  # bytes kept of what is printed between two messages
_WARNING_LIMIT = 200  # the same, of warnings


class _Sink(io.RawIOBase):
    """Keeps what is printed, up to a limit, until it is taken."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._lost = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        room = max(_OUTPUT_LIMIT - len(self._kept), 0)
        data = bytes(data)
        self._kept += data[:room]
        self._lost += len(data[room:])
        return len(data)

    def take(self) -> str:
        text = self._kept.decode("utf-8", "backslashreplace")
        text += f"\n… and {self._lost:,} more bytes" if self._lost else ""
        self._kept.clear()
        self._lost = 0
        return text


class Project(Endpoint):
    """This side's end where objects are handed out.

    `modules` are those that the checks can import by name; `request` asks the checks; `guard` runs learner's code.
    """

    copies_namespaces = True

    def __init__(
        self,
        folder: Path,
        modules: frozenset[str],
        request: Callable[..., Any],
        guard: Callable[[Callable[[], Any]], Any] | None,
    ) -> None:
        super().__init__(first=1)
        self._folder = folder
        self._modules = modules
        self._request = request
        self._guard = guard
        self._warnings: list[list[Any]] = []
        self._sinks = _Sink(), _Sink()
        sys.stdout, sys.stderr = (
            io.TextIOWrapper(sink, encoding="utf-8", errors="backslashreplace", write_through=True)  # type: ignore[type-var]
            for sink in self._sinks
        )
        sys.path.insert(0, str(folder))
        warnings.simplefilter("always")
        warnings.showwarning = self._warn

    def _warn(self, message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
        if len(self._warnings) < _WARNING_LIMIT:
            self._warnings.append([category, str(message)])

    def relative(self, file: Any) -> str | None:
        """The name of one of the project's files, from its folder on."""
        start = f"{self._folder}/"
        return file.removeprefix(start) if type(file) is str and file.startswith(start) else None

    def encode_with_news(self, message: list[Any]) -> list[bytes | memoryview]:
        """A frame that also carries what was printed and warned of since the last one."""
        warned, self._warnings = self._warnings, []
        printed = [sink.take() for sink in self._sinks]
        return self.encode(message, [printed, warned])

    def do(self, operation: str, *payload: Any) -> Any:  # noqa: PLR0911 - one case for each request
        """Perform an operation. Raises what the learner's code raises."""
        match operation, payload:
            case ("describe", (number,)):
                return describe(self.own(number))
            case ("find", (str(module), str(name))):
                return self.function(module, name)
            case ("namespace", (str(module),)):
                return list(vars(importlib.import_module(module)))
            case ("assign", (str(module), str(name), value)):
                return setattr(importlib.import_module(module), name, value)
            case ("remove", (str(module), str(name))):
                return delattr(importlib.import_module(module), name)
            case ("unpickle", (bytes(data),)):
                return self._guarded(lambda: pickle.loads(data))  # noqa: S301 - what this very process has pickled
            case ("import", (str(module),)):
                return self._guarded(lambda: _public(importlib.import_module(module)))
            case (_, (number, *rest)):
                target = self.own(number)
                return self._guarded(lambda: perform(target, operation, rest))
        raise wire.WireError(f"operation {operation}")

    def _guarded(self, function: Callable[[], Any]) -> Any:
        return function() if self._guard is None else self._guard(function)

    # -- the two ends of `Endpoint`

    def ask(self, operation: str, *payload: Any) -> Any:
        return self._request(operation, *payload)

    def find_known(self, module: str, name: str) -> type | None:
        found = self.function(module, name)
        return found if isinstance(found, type) else None

    def function(self, module: str, name: str) -> Any:
        found: Any = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
        return found

    def tree(self, description: dict[Any, Any]) -> Any:
        return trees.made(description)

    def alias(self, make: Any, arguments: list[Any]) -> Any:
        return make(*arguments)

    def module(self, name: str) -> Any:
        return importlib.import_module(name)

    def named(self, value: Any) -> list[Any] | None:
        if (
            isinstance(value, ModuleType)
            and sys.modules.get(value.__name__) is value
            and value.__name__ in self._modules
        ):
            return ["m", value.__name__]
        return None


def _public(module: ModuleType) -> list[str]:
    """What `from module import *` takes."""
    names = getattr(module, "__all__", None)
    if isinstance(names, list | tuple) and all(type(name) is str for name in names):
        return list(names)
    return [name for name in vars(module) if not name.startswith("_")]
