"""The learner's process: load the module, answer numbered calls with plain data. Runs in: learner's process.

This docstring is the protocol. Frames are those of `grader.wire`; every message is a list.

Requests, from the checks to this process, `n` counting up from 1:

=====================================================  ====================================================
["load", n, module, sources, names, memory_mb, given]  run the source; the rest of the files can be imported,
                                                       and so can modules that are given, of the course's
["gather", n, text, cells, names, memory_mb]           keep of a notebook's cells what these names need
["call", n, name, args, kwargs, write_back]            call a function of the module
["write_file", n, path, data]                          put a file into the scratch folder
["open", n, folder, modules, memory_mb, floats_raise]  import modules from that folder, hand out objects from now on
["do", n, operation, *payload]                         an operation on an object, see `grader.operations`
["echo", n, value]                                     send the value back: what the road alone costs
["prove", n, canary, pid]                              try to get out; the answer names what worked
["return", m, value] or ["raise", m, text or error]    the answer to callback m; before it, further requests may come
=====================================================  ====================================================

Answers, each with the number of its request:

=====================================================  ====================================================
["ready", 0]                                           once, at the start
["value", n, value, changed]                           `changed`: with write_back, the arguments after the call
["error", n, error]                                    the learner's code raised; see `grader.raised`
["unsendable", n, what]                                it returned what does not travel
["missing", n, name]                                   the module has no such function
["callback", m, number, args, kwargs]                  call this function, then go on; m counts from 1
["callback", m, operation, *payload]                   the same once objects are handed out
=====================================================  ====================================================

Once objects are handed out, frames are those of `grader.endpoint`, and "error" carries the exception itself as well.

The process ends when the connection does. Standard output and standard error go into a pipe that the checks read, so a
`print` never lands inside a frame. The process imports `grader.wire` and what hands out objects, and `grader.confine`
to shut itself in; it forgets them before the learner's first line runs.
"""

import gc
import os
import socket
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import numpy.random  # loaded here, so that no learner's call pays for it
import numpy.typing  # nor any module that names the types of arrays

from grader import generators, wire
from grader.confine import close_others, confine, die_with, escapes, limit_memory
from grader.raised import described, travels
from grader.sources import Sources, compile_source

if TYPE_CHECKING:
    from grader.project import Project

_MAX_CALLBACK_DEPTH = 16


class Callback:
    """A function on the side of the checks. Calling it asks over the connection and waits."""

    def __init__(self, worker: "Worker", number: int) -> None:
        self._worker = worker
        self.number = number
        self.__name__ = f"callback_{number}"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._worker.call_back(self.number, args, kwargs)

    def __repr__(self) -> str:
        return "<function given by the check>"


def _number_of(value: Any) -> int:
    """A function that the checks gave goes back as itself; nothing else travels that is not in the wire's table."""
    if type(value) is not Callback:
        raise wire.Unsendable("a function") if callable(value) else wire.unsendable(value)
    return value.number


class Worker:
    """Answers requests on one connection until it ends."""

    def __init__(self, connection: socket.socket, ours: dict[str, ModuleType] | None = None) -> None:
        self._connection = connection
        self._read = wire.blocking(connection)
        self._ours = ours or {}  # modules of the grader, which the learner's code doesn't find
        self._files: frozenset[str] = frozenset()
        self._module = ModuleType("")
        self._project: Project | None = None
        self._callbacks: dict[int, Callback] = {}
        self._callbacks_open = 0
        self._thread = threading.get_ident()
        self._callbacks_sent = 0

    def serve(self) -> None:
        """Answer until the connection ends."""
        self._send(self._encode(["ready", 0]))
        while True:
            try:
                message = self._receive()
            except EOFError:
                return
            self._answer(message)
            del message  # the next one may come into the same memory

    def _receive(self) -> list[Any]:
        body, blobs = wire.receive(self._read)
        if self._project is not None:
            opened: list[Any] = self._project.decode(body, blobs)[0]
            return opened
        message: list[Any] = wire.decode(body, blobs, resolve=self._given)
        return message

    def _given(self, reference: Any) -> Any:
        """What the checks gave: a function, by its number, or a random generator."""
        return generators.made(*reference) if type(reference) is list else self._callback(reference)

    def _callback(self, number: int) -> Callback:
        """The function of that number: the same object each time, so that `is` holds."""
        return self._callbacks.setdefault(number, Callback(self, number))

    def _send(self, pieces: list[bytes | memoryview]) -> None:
        for piece in wire.gathered(pieces):
            self._connection.sendall(piece)

    @staticmethod
    def _encode(message: list[Any], project: "Project | None" = None) -> list[bytes | memoryview]:
        """The message as a frame."""
        return wire.encode(message, refer=_number_of) if project is None else project.encode_with_news(message)

    def _answer(self, message: list[Any]) -> None:
        """Do what a request says. Whatever the learner's code raises becomes an answer."""
        kind, number, *rest = message
        project = self._project  # the answer to "open" is still plain
        try:
            pieces = self._encode(self._do(kind, number, rest), project)
        except wire.WireError:
            raise
        except wire.Unsendable as unsendable:
            pieces = self._encode(["unsendable", number, unsendable.what], project)
        except BaseException as error:  # SystemExit and KeyboardInterrupt of the learner's code must not end the worker
            pieces = self._raised(number, error, project)
        flush_output()
        self._send(pieces)

    def _raised(self, number: int, error: BaseException, project: "Project | None") -> list[bytes | memoryview]:
        description = described(error, self._own_file)
        if project is None:
            return self._encode(["error", number, description])
        try:
            return self._encode(
                ["error", number, description, error, error.__cause__, error.__suppress_context__], project
            )
        except BaseException:  # an exception whose own methods raise
            return self._encode(
                ["error", number, description, RuntimeError("it cannot be shown"), None, False], project
            )

    def _do(self, kind: str, number: int, rest: list[Any]) -> list[Any]:  # noqa: PLR0911 - one case for each request
        match kind:
            case "load":
                return ["value", number, self._load(*rest), None]
            case "gather":
                return ["value", number, self._gathered(*rest), None]
            case "call":
                return self._call(number, *rest)
            case "do" if self._project is not None:
                return ["value", number, self._project.do(*rest), None]
            case "write_file":
                return ["value", number, self._write_file(*rest), None]
            case "open":
                self._open(*rest)
                return ["value", number, None, None]
            case "echo":
                return ["value", number, rest[0], None]
            case "prove":
                return ["value", number, escapes(*rest), None]
        raise wire.WireError(f"request {kind!r}")

    def _load(
        self,
        module: str,
        sources: dict[str, bytes],
        names: list[str],
        memory_mb: int,
        given: dict[str, bytes] | None = None,
    ) -> list[Any]:
        """Run the learner's module. Returns [names that it lacks, {constant: value}]."""
        limit_memory(memory_mb)
        self._files = frozenset(f"{name}.py" for name in sources)
        others = {name: text for name, text in sources.items() if name != module}
        sys.meta_path.append(Sources({**(given or {}), **others}))  # last: shadows nothing
        self._module = ModuleType(module)
        self._module.__file__ = f"{module}.py"
        sys.modules[module] = self._module
        code = compile_source(module, sources[module])
        _guarded(lambda: exec(code, vars(self._module)))  # noqa: S102
        missing = [name for name in names if not hasattr(self._module, name)]
        present = {name: getattr(self._module, name) for name in names if name not in missing}
        return [missing, {name: value for name, value in present.items() if travels(value)}]

    def _gathered(self, text: bytes, cells: list[int], names: list[str], memory_mb: int) -> bytes:
        limit_memory(memory_mb)
        kept: str = self._of_ours("gathering").within(text.decode(), cells, names)
        return kept.encode()

    def _call(self, number: int, name: str, args: list[Any], kwargs: dict[str, Any], back: bool) -> list[Any]:
        function = getattr(self._module, name, None)
        if not callable(function):
            return ["missing", number, name]
        value = _guarded(lambda: function(*args, **kwargs))
        if not back:
            return ["value", number, value, None]
        named = {key: generators.blank(given) for key, given in kwargs.items()}
        return ["value", number, value, [tuple(map(generators.blank, args)), named]]

    def _open(self, folder: str, modules: list[str], memory_mb: int, floats_raise: bool) -> None:
        made: type[Project] = self._of_ours("project").Project
        limit_memory(memory_mb)
        guard = _guarded if floats_raise else None
        self._project = made(Path(folder).absolute(), frozenset(modules), self.request, guard)

    def _of_ours(self, name: str) -> ModuleType:
        """A module of the grader's, imported only where it is needed: most exercises would wait for it in vain."""
        sys.modules.update(self._ours)
        sys.path.insert(0, str(Path(__file__).parent.parent))
        try:
            return import_module(f"grader.{name}")
        finally:
            del sys.path[0]
            _forget_ours()

    def call_back(self, function: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Ask the checks to call their function. Raises what they say it raised, as RuntimeError."""
        return self.request(function, args, kwargs)

    def request(self, *payload: Any) -> Any:
        """Ask the checks for something, and answer what they ask meanwhile."""
        if threading.get_ident() != self._thread:
            raise RuntimeError("what the test gave can be used in the thread alone in which the test called")
        if self._callbacks_open >= _MAX_CALLBACK_DEPTH:
            raise RecursionError("callbacks are nested too deeply")
        self._callbacks_open += 1
        try:
            pieces = self._encode(["callback", self._callbacks_sent + 1, *payload], self._project)
            self._callbacks_sent += 1
            self._send(pieces)
            while (message := self._receive())[0] not in ("return", "raise"):
                self._answer(message)  # the check's function calls the learner's code again
            kind, _number, value = message
        except wire.Unsendable as unsendable:
            raise TypeError(f"the function given by the check cannot take {unsendable.what}") from None
        finally:
            self._callbacks_open -= 1
        if kind == "raise":
            raise value if isinstance(value, BaseException) else RuntimeError(value)
        return value

    def _write_file(self, name: str, data: bytes) -> str:
        path = Path(
            *(part for part in Path(name).parts if part not in ("..", "/"))
        )  # in the scratch folder, where this process is; its name would differ from run to run
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return str(path)

    def _own_file(self, name: Any) -> str | None:
        """The name of a learner's file, as the checks know it."""
        if self._project is not None:
            return self._project.relative(name)
        return name if name in self._files else None


def _guarded(function: Callable[[], Any]) -> Any:
    """Run learner's code with floating-point faults and RuntimeWarnings raised; underflow is legal."""
    with np.errstate(over="raise", divide="raise", invalid="raise", under="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        return function()


def flush_output() -> None:
    """Push what was printed into the pipe, before the answer goes out. The streams may be closed or replaced by now."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # noqa: S112 - whatever stands there now is the learner's
            continue


def _forget_ours() -> dict[str, ModuleType]:
    """Take the grader's modules out of what can be imported by name."""
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == "grader"}


def main(settings: dict[str, Any]) -> None:
    """Be a zygote (`grader.forking`) where the settings say so, a learner's process else."""
    if not settings["zygote"]:
        gc.enable()
        serve(settings)
    from grader.forking import Zygote

    close_others(settings["descriptor"])
    if settings["parent"] is not None:
        die_with(settings["parent"])
    _warm_up()
    ours = _forget_ours()
    specs = [module.__spec__ for module in ours.values()]
    loaded = {path for spec in specs if spec is not None for path in (spec.origin, spec.cached)}
    settings["readable"] = [path for path in settings["readable"] if path not in loaded]
    Zygote(settings, lambda settings: serve(settings, ours)).serve()


_SAMPLE = b"def given(*args, **kwargs):\n    return args\n\n\ndef raised(*args):\n    raise ValueError\n"
_TIMES = 20  # Python 3.11 specialises what has run eight times, and 3.13 what has run a little more often


def _warm_up() -> None:
    """Answer calls as every fork will: what the interpreter specialises by that, none of them has to."""
    near, far = socket.socketpair()
    worker = Worker(near)
    read = wire.blocking(far)
    exec(compile_source("", _SAMPLE), vars(worker._module))  # noqa: S102
    array = np.ones((2, 3))
    calls = [("given", (array, array, 1)), ("given", (1.5, [2], "a", np.float64(3), {"a": (4,)})), ("raised", ())]
    for number, (name, args) in enumerate(calls * _TIMES):
        for piece in wire.gathered(wire.encode(["call", number, name, args, {}, False])):
            far.sendall(piece)
        worker._answer(worker._receive())
        wire.receive(read)
    near.close()
    far.close()


def serve(settings: dict[str, Any], ours: dict[str, ModuleType] | None = None) -> NoReturn:
    """Serve on an inherited socket, confined as the settings say (`grader.confine`).

    The module names of the grader are forgotten first, where a zygote has not done it for its forks.
    """
    confine(settings)
    connection = socket.socket(fileno=os.dup(settings["descriptor"]))  # the lowest number, whatever a zygote has open
    os.close(settings["descriptor"])
    ours = ours or _forget_ours()
    sys.argv = [""]
    status = 0
    try:
        Worker(connection, ours).serve()
    except OSError:
        status = wire.CONNECTION_LOST
    except BaseException:  # the streams may be the learner's by now
        os.write(2, traceback.format_exc().encode("utf-8", "backslashreplace"))
        status = wire.BROKEN
    flush_output()
    os._exit(status)  # no atexit handler of the learner's code
