"""The worker as the grader talks to it: every request and answer, and what the learner's code cannot switch off.

Each test speaks to a real process over its connection and lets it end by closing that, so that coverage sees it.
"""

import os
import socket
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader import wire
from grader.launch import launch
from grader.result import SandboxLevel

END_SECONDS = 20.0
NO_TEXT = "the file is not UTF-8 text and declares no other encoding that fits; save it as UTF-8"
_MEASURED = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}


class Conversation:
    """One worker. Functions handed over are numbered here, as the checks do it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.functions: list[Callable[..., Any]] = []
        self._number = 0
        self._callbacks = 0

    def receive(self) -> list[Any]:
        message = wire.decode(*wire.receive(wire.blocking(self._connection)), resolve=self.functions.__getitem__)
        assert type(message) is list
        return message

    def send(self, message: list[Any], *, writable: bool = False) -> None:
        for piece in wire.encode(message, refer=self._number_of, writable=writable):
            self._connection.sendall(piece)

    def _number_of(self, function: Callable[..., Any]) -> int:
        if function not in self.functions:
            self.functions.append(function)
        return self.functions.index(function)

    def ask(self, kind: str, *payload: object, writable: bool = False) -> list[Any]:
        """The answer without its number, after the callbacks that come before it."""
        self._number += 1
        number = self._number
        self.send([kind, number, *payload], writable=writable)
        while (answer := self.receive())[0] == "callback":
            self._callbacks += 1
            _, asked, which, args, kwargs = answer
            assert asked == self._callbacks
            try:
                self.send(["return", asked, self.functions[which](*args, **kwargs)])
            except ArithmeticError as error:
                self.send(["raise", asked, f"{type(error).__name__}: {error}"])
        assert answer[1] == number
        return [answer[0], *answer[2:]]

    def load(self, source: str | bytes, names: tuple[str, ...] = ("f",), **helpers: str | bytes) -> list[Any]:
        """Load the source as the module `lesson`, with helper files beside it."""
        files = {name: encoded(text) for name, text in {"lesson": source, **helpers}.items()}
        return self.ask("load", "lesson", files, list(names), 512)

    def call(self, *args: object, writable: bool = False, **kwargs: object) -> list[Any]:
        return self.ask("call", "f", args, kwargs, writable, writable=writable)

    def error(self, *args: object) -> dict[Any, Any]:
        kind, description = self.call(*args)
        assert kind == "error"
        assert type(description) is dict
        return description


def encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else textwrap.dedent(text).encode()


@pytest.fixture
def worker() -> Iterator[Conversation]:
    """A worker that is ready, and that ends by itself when the connection does."""
    launched = launch(SandboxLevel.PROCESS, _MEASURED)
    conversation = Conversation(launched.connection)
    assert conversation.receive() == ["ready", 0]
    yield conversation
    launched.connection.shutdown(socket.SHUT_RDWR)
    try:
        assert launched.process.wait(END_SECONDS) == 0
    finally:
        launched.kill()
        launched.clear()


# Load


def test_loading_tells_what_is_missing_and_what_the_constants_are(worker: Conversation) -> None:
    """The answer to "load" names what the module lacks, and gives the values that travel."""
    answer = worker.load("import math\nRATE = 0.5\ndef f(): return 1\n", ("f", "g", "RATE", "math"))
    assert answer == ["value", [["g"], {"RATE": 0.5}], None]


def test_a_large_constant_is_not_sent(worker: Conversation) -> None:
    """A constant of more than a few kilobytes stays where it is."""
    assert worker.load("import numpy as np\nTABLE = np.zeros(10_000)", ("TABLE",)) == ["value", [[], {}], None]


def test_helper_files_can_be_imported(worker: Conversation) -> None:
    """Files beside the module are modules too, and may import each other."""
    worker.load(
        "from one import two\ndef f(x): return two.twice(x)", one="import two", two="def twice(x): return 2 * x"
    )
    assert worker.call(4) == ["value", 8, None]


def test_a_helper_file_shadows_no_library(worker: Conversation) -> None:
    """A file named numpy.py beside the module does not replace NumPy."""
    worker.load("import numpy, json\ndef f(): return [numpy.pi > 3, json.loads('1')]", numpy="pi = 0", json="")
    assert worker.call() == ["value", [True, 1], None]


def test_the_module_knows_its_names(worker: Conversation) -> None:
    """The module has its own name, not __main__, and finds itself by it."""
    worker.load("import lesson, sys\nNAME = __name__\ndef f(): return [lesson.NAME, __file__, sys.argv]")
    assert worker.call() == ["value", ["lesson", "lesson.py", [""]], None]


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        ("x = 1\ndef f(:\n", "invalid syntax", 2),
        ("def f():\nreturn 1\n", "expected an indented block after function definition on line 1", 2),
        (b"x = 1\nz = '\xe4'\n", NO_TEXT, 2),
        (b"# coding: klingon\n", NO_TEXT, 1),
        ("def f(): pass\n".encode("utf-16"), "the file is saved as UTF-16; save it as UTF-8", 1),
        (b"x = 1\n\ny = 2\x00\n", "a NUL byte stands here; delete it, or save the file as UTF-8 text", 3),
    ],
    ids=["syntax", "indentation", "latin-1", "unknown encoding", "utf-16", "nul"],
)
def test_what_is_no_python_is_placed(worker: Conversation, source: str | bytes, message: str, line: int) -> None:
    """A file that Python cannot read is a syntax error with its line and what to do."""
    kind, description = worker.load(source)
    assert kind == "error"
    assert "SyntaxError" in description["types"]
    file, found_line, _, text = description["syntax"]
    assert (file, found_line, text) == ("lesson.py", line, message)


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbfdef f():\r\n    return 'gr\xc3\xbcn'\r\n",
        b"# -*- coding: latin-1 -*-\ndef f(): return 'gr\xfcn'\n",
        b"def f(): return 'gr\xc3\xbcn'",
    ],
    ids=["mark and CRLF", "declared", "no last newline"],
)
def test_what_python_reads_is_read(worker: Conversation, source: bytes) -> None:
    """A byte order mark, CRLF, a declared encoding and a missing last newline do no harm."""
    worker.load(source)
    assert worker.call() == ["value", "grün", None]


def test_an_error_at_import_is_described(worker: Conversation) -> None:
    """An exception at import comes with its types, text and place."""
    kind, description = worker.load("import os\n\nx = os.nothing\n")
    assert kind == "error"
    assert description["types"] == ["AttributeError", "Exception", "BaseException"]
    assert description["frames"] == [["lesson.py", 3, "<module>"]]


# Calls


def test_a_call_passes_arguments_by_place_and_name(worker: Conversation) -> None:
    """Positional and keyword arguments arrive as given."""
    worker.load("def f(a, *rest, b=0, **more): return [a, rest, b, more]")
    assert worker.call(1, 2, b=3, c=4) == ["value", [1, (2,), 3, {"c": 4}], None]


def test_state_lives_on_between_calls(worker: Conversation) -> None:
    """The module stays loaded: what it counted is still counted."""
    worker.load("seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)")
    assert [worker.call(0)[1] for _ in range(3)] == [1, 2, 3]


def test_what_is_no_function_is_missing(worker: Conversation) -> None:
    """A name that is absent, or not callable, is missing when it is called."""
    worker.load("g = 5")
    assert worker.call() == ["missing", "f"]
    assert worker.ask("call", "g", (), {}, False) == ["missing", "g"]


def test_what_does_not_travel_is_named(worker: Conversation) -> None:
    """A value outside the table is answered with what it is; a learner's function is no callback."""
    worker.load("class Box: pass\ndef f(n): return [Box(), f, {1, 2}.__iter__()][n]")
    assert [worker.call(n)[1] for n in range(3)] == ["a Box", "a function", "a set_iterator"]


def test_read_only_arrays_raise_when_written_to(worker: Conversation) -> None:
    """An array that was sent read-only refuses to be written to."""
    worker.load("def f(x): x[0] = 1")
    assert "read-only" in worker.error(np.zeros(2))["message"]


def test_written_arguments_come_back_when_asked(worker: Conversation) -> None:
    """With write-back the arguments as they are after the call come with the value."""
    worker.load("def f(x, box):\n    x += 1\n    box['new'] = x.sum()\n    return 'done'")
    value, (args, kwargs) = worker.call(np.zeros(2), box={}, writable=True)[1:]
    assert value == "done"
    assert args[0].tolist() == [1.0, 1.0]
    assert kwargs == {"box": {"new": 2.0}}


def test_a_file_is_written_into_the_scratch_folder(worker: Conversation) -> None:
    """A file that the check gives is there for the learner's code, below a folder where its name has one."""
    worker.load("def f(path):\n    with open(path, 'rb') as file: return file.read()")
    for name in ("digits.bin", "data/digits.bin"):
        kind, path, _ = worker.ask("write_file", name, name.encode() * 5000)
        assert (kind, path) == ("value", name)
        assert worker.call(path) == ["value", name.encode() * 5000, None]


def test_echo_sends_the_same_back(worker: Conversation) -> None:
    """The cost of the road is measured with the very values."""
    assert worker.ask("echo", [(1, 2.5), {"x": "y"}]) == ["value", [(1, 2.5), {"x": "y"}], None]


# Errors


def test_an_error_names_its_types_text_and_place(worker: Conversation) -> None:
    """An exception of an own class comes with all its types, plain arguments, and the frames of its files alone."""
    worker.load(
        """
        import helper
        class TooDeep(ValueError): pass
        def f(x): return helper.run(inner)
        def inner(): raise TooDeep("at", 3)
        """,
        helper="def run(g):\n    return sorted([1], key=lambda _: g())",
    )
    found = worker.error(0)
    assert found["types"] == ["TooDeep", "ValueError", "Exception", "BaseException"]
    assert found["message"] == "('at', 3)"
    assert found["args"] == ["at", 3]
    places = [(file, line) for file, line, _ in found["frames"]]
    assert places == [("lesson.py", 4), ("helper.py", 2), ("helper.py", 2), ("lesson.py", 5)]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("import sys; sys.exit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("return f(x)", "RecursionError"),
        ("import numpy; numpy.ones(10**12)", "MemoryError"),
        ("import numpy; return numpy.exp(numpy.array([1e3]))", "FloatingPointError"),
        ("import numpy; return numpy.array([1.0]) / 0", "FloatingPointError"),
        ("import numpy; return numpy.sqrt(numpy.array([-1.0]))", "FloatingPointError"),
        ("import numpy; return numpy.mean(numpy.array([]))", "RuntimeWarning"),
        ("import numpy; return numpy.float64(1) / numpy.float64(0)", "FloatingPointError"),
        ("exec('x ===')", "SyntaxError"),
        ("return [].nothing", "AttributeError"),
    ],
)
def test_whatever_is_raised_becomes_an_answer(worker: Conversation, statement: str, kind: str) -> None:
    """Exits, interrupts, endless recursion, want of memory and NumPy's warnings are errors, and the worker lives on."""
    worker.load(f"def g(): return 'here'\ndef f(x): {statement}")
    assert worker.error(0)["types"][0] == kind
    assert worker.ask("call", "g", (), {}, False) == ["value", "here", None]


def test_underflow_is_legal(worker: Conversation) -> None:
    """A result too small for a float becomes 0 without a word."""
    worker.load("import numpy\ndef f(): return numpy.exp(numpy.array([-1e3])).tolist()")
    assert worker.call() == ["value", [0.0], None]


def test_warnings_cannot_be_switched_off_at_import(worker: Conversation) -> None:
    """np.seterr and a warnings filter of the module's top level are gone when a function is called."""
    worker.load(
        """
        import warnings
        import numpy as np
        np.seterr(all="ignore")
        warnings.simplefilter("ignore")
        warnings.filterwarnings = warnings.simplefilter = lambda *a, **k: None
        def f(x): return np.exp(x)
        """
    )
    assert worker.error(np.array([1000.0]))["types"][0] == "FloatingPointError"


def test_a_long_message_is_cut(worker: Conversation) -> None:
    """An exception with a text of megabytes arrives with its start."""
    worker.load("def f(): raise ValueError('x' * 10_000_000)")
    found = worker.error()
    assert found["message"] == "x" * 2000
    assert found["args"] == []


@pytest.mark.parametrize(
    "made",
    [
        "def __str__(self): raise RuntimeError('no text')",
        "def __str__(self): raise SystemExit",
        "def __str__(self): return Text('x')",
        "__module__ = property(lambda self: 1 / 0)",
    ],
)
def test_an_exception_that_defends_itself_is_still_an_answer(worker: Conversation, made: str) -> None:
    """An exception whose own methods raise, or give odd things, is described as far as it can be."""
    worker.load(
        f"""
        class Text(str):
            def __getitem__(self, place): return object()
        class Odd(Exception):
            {made}
        def f(): raise Odd('plain')
        """
    )
    assert worker.error()["types"][-1] in ("BaseException", "Exception")
    assert worker.call()[0] == "error"


def test_a_syntax_error_with_odd_parts_is_still_an_answer(worker: Conversation) -> None:
    """A SyntaxError made by hand, with a list for a file name, does not break the worker."""
    worker.load("def f():\n    error = SyntaxError('odd')\n    error.filename = []\n    raise error")
    assert worker.error()["types"]
    assert worker.call()[0] == "error"


# Callbacks


def test_a_callback_is_called_with_values_and_gives_one(worker: Conversation) -> None:
    """The learner's code calls the given function with arrays and gets its value."""
    worker.load("import numpy as np\ndef f(g, x): return [g(x + h, scale=2) for h in (0, 1)]")
    assert worker.call(lambda x, scale: float(x.sum()) * scale, np.ones(2)) == ["value", [4.0, 8.0], None]


def test_what_a_callback_raises_can_be_caught(worker: Conversation) -> None:
    """The error of a given function arrives as RuntimeError with its type and text."""
    worker.load("def f(g):\n    try: g()\n    except RuntimeError as error: return str(error)")
    assert worker.call(lambda: 1 / 0) == ["value", "ZeroDivisionError: division by zero", None]


def test_a_callback_is_itself(worker: Conversation) -> None:
    """A given function can be kept, compared and given back, and shows what it is."""
    worker.load("kept = []\ndef f(g):\n    kept.append(g)\n    return [g, kept[0] is g, repr(g)]")

    def given() -> None:
        """Nobody calls it."""

    for _ in range(2):
        assert worker.call(given)[1] == [given, True, "<function given by the check>"]


def test_a_callback_cannot_take_everything(worker: Conversation) -> None:
    """What does not travel is a TypeError for whoever passes it to a given function."""
    worker.load("def f(g): return g(object())")
    found = worker.error(lambda _: None)
    assert (found["types"][0], found["message"]) == (
        "TypeError",
        "the function given by the check cannot take an object",
    )


def test_the_learners_code_can_be_called_within_a_callback(worker: Conversation) -> None:
    """While a callback is awaited, further requests are answered."""
    worker.load("def f(g, n): return [n, g(n)]\ndef double(n): return 2 * n")
    assert worker.call(lambda n: worker.ask("call", "double", (n,), {}, False)[1], 4) == ["value", [4, 8], None]


# Output


def test_replaced_and_closed_streams_do_no_harm(worker: Conversation) -> None:
    """Code that replaces or closes its standard streams goes on answering."""
    worker.load("import sys\nsys.stdout = None\nsys.stderr.close()\ndef f(): return 1")
    assert worker.call() == ["value", 1, None]
