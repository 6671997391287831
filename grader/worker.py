"""The learner's process: load the module, answer numbered calls with plain data. Runs in: learner's process.

This docstring is the protocol. Frames are those of `grader.wire`; every message is a list.

Requests, from the checks to this process, `n` counting up from 1:

=====================================================  ====================================================
["load", n, module, sources, names, memory_mb]         run the source; the rest of the files can be imported
["call", n, name, args, kwargs, write_back]            call a function of the module
["write_file", n, name, data]                          put a file into the scratch folder
["echo", n, value]                                     send the value back: what the road alone costs
["prove", n, canary, pid]                              try to get out; the answer names what worked
["return", m, value] or ["raise", m, text]             the answer to callback m; before it, further requests may come
=====================================================  ====================================================

Answers, each with the number of its request:

=====================================================  ====================================================
["ready", 0]                                           once, at the start
["value", n, value, changed]                           `changed`: with write_back, the arguments after the call
["error", n, error]                                    the learner's code raised; see `_describe`
["unsendable", n, what]                                it returned what does not travel
["missing", n, name]                                   the module has no such function
["callback", m, number, args, kwargs]                  call this function, then go on; m counts the request's own
=====================================================  ====================================================

The process ends when the connection does. Standard output and standard error go into a pipe that the checks read, so a
`print` never lands inside a frame. The process imports `grader.wire` alone, and `grader.landlock` and
`grader.seccomp` to confine itself; it forgets them before the learner's first line runs.
"""

import contextlib
import io
import os
import socket
import struct
import sys
import tokenize
import traceback
import warnings
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numpy as np
import numpy.random  # loaded here, so that no learner's call pays for it

from grader import wire

_MESSAGE_LIMIT = 2000
_FRAME_LIMIT = 12
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


def _number_of(function: Callable[..., Any]) -> int:
    if type(function) is not Callback:
        raise wire.Unsendable("a function")
    return function.number


class _Sources(MetaPathFinder, Loader):
    """Imports the learner's own files from the source that was sent: no path, no compiled file, no folder."""

    def __init__(self, sources: dict[str, bytes]) -> None:
        self._sources = sources

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        return ModuleSpec(fullname, self, origin=f"{fullname}.py") if fullname in self._sources else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile_source(module.__name__, self._sources[module.__name__]), vars(module))  # noqa: S102


def compile_source(module: str, source: bytes) -> CodeType:
    """Code of a learner's file, read as Python reads a file: UTF-8 if it declares nothing else. Raises SyntaxError."""
    file = f"{module}.py"
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(source).readline)[0]
        text = source.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise SyntaxError(_why_no_text(source), (file, _line_of(error), None, None)) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SyntaxError("a NUL byte stands here; delete it, or save the file as UTF-8 text", (file, line, None, None))
    return compile(text, file, "exec", dont_inherit=True)


def _why_no_text(source: bytes) -> str:
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "the file is saved as UTF-16; save it as UTF-8"
    return "the file is not UTF-8 text and declares no other encoding that fits; save it as UTF-8"


def _line_of(error: Exception) -> int:
    """The line of the first byte that is no text; 1 where that isn't known."""
    return error.object.count(b"\n", 0, error.start) + 1 if isinstance(error, UnicodeDecodeError) else 1


class Worker:
    """Answers requests on one connection until it ends."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._files: frozenset[str] = frozenset()
        self._module = ModuleType("")
        self._callbacks: dict[int, Callback] = {}
        self._callbacks_open = 0
        self._callbacks_sent = 0

    def serve(self) -> None:
        """Answer until the connection ends."""
        for piece in self._encode(["ready", 0]):
            self._connection.sendall(piece)
        while True:
            try:
                message = self._receive()
            except EOFError:
                return
            self._answer(message)

    def _receive(self) -> list[Any]:
        body, blobs = wire.receive(self._connection)
        message: list[Any] = wire.decode(body, blobs, callback=self._callback)
        return message

    def _callback(self, number: int) -> Callback:
        """The function of that number: the same object each time, so that `is` holds."""
        return self._callbacks.setdefault(number, Callback(self, number))

    @staticmethod
    def _encode(message: list[Any]) -> list[bytes | memoryview]:
        """The message as a frame. A function that the checks gave goes back as itself; no other function travels."""
        return wire.encode(message, callback=_number_of)

    def _answer(self, message: list[Any]) -> None:
        """Do what a request says. Whatever the learner's code raises becomes an answer."""
        kind, number, *rest = message
        callbacks_sent, self._callbacks_sent = self._callbacks_sent, 0
        try:
            pieces = self._encode(self._do(kind, number, rest))
        except wire.WireError:
            raise
        except wire.Unsendable as unsendable:
            pieces = self._encode(["unsendable", number, unsendable.what])
        except BaseException as error:  # SystemExit and KeyboardInterrupt of the learner's code must not end the worker
            pieces = self._encode(["error", number, self._described(error)])
        flush_output()
        for piece in pieces:
            self._connection.sendall(piece)
        self._callbacks_sent = callbacks_sent

    def _do(self, kind: str, number: int, rest: list[Any]) -> list[Any]:
        match kind:
            case "load":
                return ["value", number, self._load(*rest), None]
            case "call":
                return self._call(number, *rest)
            case "write_file":
                return ["value", number, self._write_file(*rest), None]
            case "echo":
                return ["value", number, rest[0], None]
            case "prove":
                return ["value", number, self._prove(*rest), None]
        raise wire.WireError(f"request {kind!r}")

    def _load(self, module: str, sources: dict[str, bytes], names: list[str], memory_mb: int) -> list[Any]:
        """Run the learner's module. Returns [names that it lacks, {constant: value}]."""
        limit_memory(memory_mb)
        self._files = frozenset(f"{name}.py" for name in sources)
        others = {name: text for name, text in sources.items() if name != module}
        sys.meta_path.append(_Sources(others))  # last: shadows nothing
        self._module = ModuleType(module)
        self._module.__file__ = f"{module}.py"
        sys.modules[module] = self._module
        code = compile_source(module, sources[module])
        _guarded(lambda: exec(code, vars(self._module)))  # noqa: S102
        missing = [name for name in names if not hasattr(self._module, name)]
        present = {name: getattr(self._module, name) for name in names if name not in missing}
        return [missing, {name: value for name, value in present.items() if _travels(value)}]

    def _call(self, number: int, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], back: bool) -> list[Any]:
        function = getattr(self._module, name, None)
        if not callable(function):
            return ["missing", number, name]
        value = _guarded(lambda: function(*args, **kwargs))
        return ["value", number, value, [args, kwargs] if back else None]

    def call_back(self, function: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Ask the checks to call their function. Raises what they say it raised, as RuntimeError."""
        if self._callbacks_open >= _MAX_CALLBACK_DEPTH:
            raise RecursionError("callbacks are nested too deeply")
        self._callbacks_open += 1
        self._callbacks_sent += 1
        try:
            for piece in self._encode(["callback", self._callbacks_sent, function, args, kwargs]):
                self._connection.sendall(piece)
            while (message := self._receive())[0] not in ("return", "raise"):
                self._answer(message)  # the check's function calls the learner's code again
            kind, _number, value = message
        except wire.Unsendable as unsendable:
            raise TypeError(f"the function given by the check cannot take {unsendable.what}") from None
        finally:
            self._callbacks_open -= 1
        if kind == "raise":
            raise RuntimeError(value)
        return value

    @staticmethod
    def _prove(canary: str, pid: int) -> list[str]:
        """The names of the escapes that worked."""
        worked = []
        for name, attempt in ESCAPES.items():
            with contextlib.suppress(OSError):
                attempt(canary, pid)
                worked.append(name)
        return worked

    def _write_file(self, name: str, data: bytes) -> str:
        path = Path(name).name  # in the scratch folder, where this process is; its name would differ from run to run
        Path(path).write_bytes(data)
        return path

    def _described(self, error: BaseException) -> dict[str, Any]:
        """The same, also for an exception whose own methods raise or give what does not travel."""
        try:
            description = self._describe(error)
            self._encode([description])
        except BaseException:
            return {"types": ["Exception"], "message": "an exception that cannot be shown"}
        return description

    def _describe(self, error: BaseException) -> dict[str, Any]:
        """An exception as plain data: the types from its own to Exception, its text, and where it came from."""
        frames = [
            [frame.f_code.co_filename, line, frame.f_code.co_name]
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_filename in self._files
        ]
        description: dict[str, Any] = {
            "types": [kind.__name__ for kind in type(error).__mro__ if issubclass(kind, BaseException)],
            "message": _message(error),
            "args": list(error.args) if _travels(list(error.args)) else [],
            "frames": frames[-_FRAME_LIMIT:],
        }
        if isinstance(error, SyntaxError) and error.filename in self._files:
            description["syntax"] = [error.filename, error.lineno or 0, error.offset or 0, str(error.msg)]
        return description


def _guarded(function: Callable[[], Any]) -> Any:
    """Run learner's code with floating-point faults and RuntimeWarnings raised; underflow is legal."""
    with np.errstate(over="raise", divide="raise", invalid="raise", under="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        return function()


def _message(error: BaseException) -> str:
    try:
        return str(error)[:_MESSAGE_LIMIT]
    except BaseException:  # its __str__ is the learner's code as well
        return "(its text cannot be shown)"


def _travels(value: object) -> bool:
    try:
        return sum(len(piece) for piece in wire.encode(value)) < _MESSAGE_LIMIT * 8
    except wire.Unsendable:
        return False


def flush_output() -> None:
    """Push what was printed into the pipe, before the answer goes out. The streams may be closed or replaced by now."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # noqa: S112 - whatever stands there now is the learner's
            continue


def limit_memory(megabytes: int) -> None:
    """Cap this process at the address space it has now plus `megabytes`; no core dumps, no files over 64 MiB."""
    if sys.platform != "linux":  # elsewhere RLIMIT_AS is missing or counts otherwise
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    size = pages * resource.getpagesize() + megabytes * 2**20
    for kind, value in ((resource.RLIMIT_AS, size), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 64 * 2**20)):
        hard = resource.getrlimit(kind)[1]
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (limit, limit))


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


ESCAPES: dict[str, Callable[[str, int], object]] = {  # what no confined process can do
    "read a file outside": lambda canary, _: Path(canary).read_bytes(),
    "signal the grader": lambda _, pid: os.kill(pid, 0),
    "open a socket": lambda *_: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close(),
    "start a process": lambda *_: _fork(),
}


def confine(settings: dict[str, Any]) -> None:
    """Shut this process in, for good: another user where asked, no capabilities, Landlock, seccomp."""
    from grader import landlock, seccomp

    if settings["become"] is not None:
        os.setgroups([])
        os.setresgid(*[settings["become"]] * 3)
        os.setresuid(*[settings["become"]] * 3)
    drop_capabilities()
    landlock.restrict(settings["readable"], [settings["scratch"]])
    seccomp.restrict()


def drop_capabilities() -> None:
    """Give up what root may do beyond others (capset, header version 3). Raises OSError."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    header = struct.pack("=Ii", 0x20080522, 0)
    if libc.capset(header, bytes(24)) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when the grader ends, however it ends (Linux)."""
    if sys.platform != "linux":
        return
    import ctypes
    import signal

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)


def main(settings: dict[str, Any]) -> None:
    """Serve on an inherited socket, confined as the settings say. The module names of the grader are forgotten first.

    Settings: descriptor, parent (None where something else ends this process with the grader), confined; and where
    confined: readable (paths), scratch (path), become (a user's number or None).
    """
    if settings["confined"]:
        confine(settings)
    if settings["parent"] is not None:
        die_with(settings["parent"])
    connection = socket.socket(fileno=settings["descriptor"])
    connection.set_inheritable(False)
    for name in [name for name in sys.modules if name.split(".")[0] == "grader"]:
        del sys.modules[name]
    sys.argv = [""]
    status = 0
    try:
        Worker(connection).serve()
    except OSError:
        status = wire.CONNECTION_LOST
    flush_output()
    os._exit(status)  # no atexit handler of the learner's code
