"""What the learner's process has said is never run as code on the side of the tests. Runs in: checks.

A test may evaluate a text: `eval(repr(point)) == point`, `typing.get_type_hints`, doctests. Where it is the learner's,
that would run their code here. So nothing said by their process is compiled while a suite runs, except what plainly
makes a value or calls a class of theirs.
"""

import ast
import builtins
import collections
import datetime
import re
import sys
from collections import ChainMap
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager, suppress
from decimal import Decimal
from fractions import Fraction
from types import CodeType, ModuleType
from typing import Any

import msgpack

from grader import wire
from grader.remote import ByDesign, stands_in

MOST_HEARD = 16 * 2**20  # characters
_MOST_UNREAD = 2**20  # bytes of frames that are kept as they came
_SHORTEST_CODE = 3  # characters of code that does nothing
_VALUE = re.compile(r"[\w.+\-]*")
_NAME = re.compile(r"[^\W\d]")
_RUNS = re.compile(rb"[^\x00-\x08\x0e-\x1f]{8,}")  # text in arrays and long byte strings
_KINDS = frozenset({"value", "error", "callback", "unsendable"})  # of messages, see `grader.worker`
_REFERENCES = frozenset("syockfmvte")  # see `grader.endpoint`


class Heard:
    """What the learner's process has said, so that no test runs it as code.

    Once it has said more text than can be remembered, any text may be theirs.
    """

    def __init__(self) -> None:
        self._unread: list[tuple[bytes, bytes]] = []
        self._unread_size = 0
        self._known: set[str] = set()
        self._lines: set[str] = set()  # those that may be code
        self._joined = ""  # all texts in order, without spaces: code may come letter by letter
        self.has_forgotten = False

    def add(self, body: wire.Buffer, blobs: wire.Buffer) -> None:
        """Keep the texts of a frame, up to MOST_HEARD characters of all of them."""
        if self.has_forgotten:
            return
        self._unread.append((bytes(body), bytes(blobs)))
        self._unread_size += len(body) + len(blobs)
        if self._unread_size > _MOST_UNREAD:
            self._read()

    def holds(self, text: str) -> bool:
        """Whether a text may be, be part of, or be made with something that was said and could be code."""
        self._read()
        wanted = [_without_spaces(line) for line in text.splitlines() if _may_be_code(line.strip())]
        return (
            self.has_forgotten
            or any(line in self._joined for line in wanted)
            or any(line in text for line in self._lines)
        )

    def _read(self) -> None:
        new: list[str] = []
        for body, blobs in self._unread:
            said = _texts(body, _KINDS) + [run.decode("utf-8", "replace") for run in _RUNS.findall(blobs)]
            new += [text for text in said if text not in self._known]
            self._known.update(filter(_may_be_code, said))  # what is no code by itself may become it in a new place
        self._unread.clear()
        self._unread_size = 0
        self._lines |= {line.strip() for text in new for line in text.splitlines() if _may_be_code(line.strip())}
        self._joined += "".join(map(_without_spaces, new))
        if len(self._joined) > MOST_HEARD:
            self.has_forgotten = True
            self._known, self._lines, self._joined = set(), set(), ""


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _texts(packed: wire.Buffer, words: Container[str]) -> list[str]:
    """Every text in a frame's body, whatever holds it, but for the protocol's own words at the head of a list."""
    found: list[str] = []

    def look(value: Any) -> None:
        if type(value) is str:
            found.append(value)
        elif type(value) is bytes:
            found.append(value.decode("utf-8", "replace"))

    def extension(code: int, payload: bytes) -> None:
        with suppress(ValueError, msgpack.exceptions.UnpackException):  # an integer's digits
            found.extend(_texts(payload, _REFERENCES if code == wire.Code.REFERENCE else ()))

    def listed(items: list[Any]) -> None:
        for item in items[1:] if items and items[0] in words else items:
            look(item)

    def paired(pairs: list[tuple[Any, Any]]) -> None:
        for pair in pairs:
            for item in pair:
                look(item)

    look(
        msgpack.unpackb(
            packed,
            raw=False,
            strict_map_key=False,
            ext_hook=extension,
            list_hook=listed,
            object_pairs_hook=paired,
            unicode_errors="surrogatepass",
            timestamp=1,
        )
    )
    return found


def _may_be_code(line: str) -> bool:
    """Whether a line could do more than name or be a value."""
    return len(line) > _SHORTEST_CODE and not _VALUE.fullmatch(line) and _NAME.search(line) is not None


heard = Heard()

_PARTS: tuple[type[ast.AST], ...] = (  # of texts that make a value, or name a type
    *(ast.Expression, ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.keyword, ast.Starred, ast.expr_context),
    *(ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp, ast.UAdd, ast.USub, ast.Subscript, ast.BinOp, ast.BitOr),
)
_MAKERS: tuple[type, ...] = (
    *(bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, Decimal, Fraction),
    *(collections.OrderedDict, collections.deque, collections.Counter, collections.defaultdict),
    *(datetime.date, datetime.time, datetime.datetime, datetime.timedelta, datetime.timezone),
)
_REFUSED = "the test runs a text of the learner's as code, which never happens on the side of the tests"
_FORGOTTEN = (
    "the test runs a text as code that can't be told from the learner's, who have said too much to remember it all"
)
_CHECKED = ("collections", "dataclasses", "importlib._bootstrap")  # what these compile is made of names, or a file's


@contextmanager
def nothing_run_of_theirs() -> Iterator[None]:
    """Until the end, `eval`, `exec` and `compile` take nothing that the learner's process has said."""
    real_eval, real_exec, real_compile = builtins.eval, builtins.exec, builtins.compile

    def evaluate(source: Any, /, globals: Any = None, locals: Any = None) -> Any:  # noqa: A002 - as Python 3.13 has it
        names, local = _names(globals, locals)
        _refuse_theirs(source, local, names)
        return real_eval(source, names, local)

    def execute(source: Any, /, globals: Any = None, locals: Any = None, **more: Any) -> None:  # noqa: A002
        names, local = _names(globals, locals)
        _refuse_theirs(source)
        real_exec(source, names, local, **more)

    def compiled(source: Any, filename: Any, mode: Any, flags: int = 0, *rest: Any, **more: Any) -> Any:
        if not flags & ast.PyCF_ONLY_AST:
            _refuse_theirs(source)
        return real_compile(source, filename, mode, flags, *rest, **more)

    builtins.eval, builtins.exec, builtins.compile = evaluate, execute, compiled
    try:
        yield
    finally:
        builtins.eval, builtins.exec, builtins.compile = real_eval, real_exec, real_compile


def _names(names: Any, local: Any) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """The namespaces of an evaluation: those given, or those of the caller."""
    caller = sys._getframe(2)
    if names is None:
        return caller.f_globals, caller.f_locals if local is None else local
    return names, names if local is None else local


def _refuse_theirs(source: Any, *names: Mapping[str, Any]) -> None:
    """Raises ByDesign for a text of the learner's that is more than a value."""
    if isinstance(source, CodeType | ast.AST) or _writes_its_own(str(sys._getframe(2).f_globals.get("__name__"))):
        return
    text = source if isinstance(source, str) else bytes(source).decode("utf-8", "replace")
    if heard.holds(text) and not _makes_a_value(text, ChainMap(*map(dict, names), vars(builtins))):
        raise ByDesign(_FORGOTTEN if heard.has_forgotten else _REFUSED)


def _writes_its_own(module: str) -> bool:
    """Whether a module compiles nothing but what it has made itself of checked names, or a file's text."""
    return module in _CHECKED or module.startswith("hypothesis.")


def _makes_a_value(text: str, names: Mapping[str, Any]) -> bool:
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    nodes = list(ast.walk(tree))
    called = (node.func for node in nodes if isinstance(node, ast.Call))
    return all(isinstance(node, _PARTS) for node in nodes) and all(_is_maker(node, names) for node in called)


def _is_maker(function: ast.expr, names: Mapping[str, Any]) -> bool:
    """Whether calling this makes a plain value, or is done in the learner's process."""
    match function:
        case ast.Name(id=name):
            found = names.get(name)
        case ast.Attribute(value=ast.Name(id=module), attr=name) if isinstance(names.get(module), ModuleType):
            found = getattr(names[module], name, None)
        case _:
            return False
    return stands_in(found) or any(found is maker for maker in _MAKERS)
