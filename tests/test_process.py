"""The learner's process from outside: deadlines, ends of every kind, lies on the wire, and nothing left behind."""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

from grader.bounds import Bounds
from grader.connection import OUTPUT_LIMIT
from grader.process import LearnerProcess, ProcessFault
from grader.result import Outcome

SHORT_SECONDS = 1.0
PATIENT_SECONDS = 20.0
# What a hostile module needs: the connection, and frames made by hand.
WIRE = """
import os, socket, stat, struct, time
import msgpack
open_ones = [n for n in range(3, 64) if os.path.exists(f"/proc/self/fd/{n}")]
descriptor = next(n for n in open_ones if stat.S_ISSOCK(os.fstat(n).st_mode))
wire = socket.socket(fileno=os.dup(descriptor))
TUPLE, ARRAY, CALLBACK = 1, 6, 11

def ext(code, value):
    return msgpack.ExtType(code, msgpack.packb(value))

def send(message, blobs=b""):
    body = msgpack.packb(message)
    wire.sendall(struct.pack("<II", len(body), len(blobs)) + body + blobs)

def callback(count, number):
    return ["callback", count, number, ext(TUPLE, []), {}]
"""
NUMBER_OF_CALL = 2  # "load" was the first request


class Learner:
    """A learner's process with a module that defines `f`."""

    def __init__(self, source: str, *, memory_mb: int = 512, seconds: float = PATIENT_SECONDS) -> None:
        self.process = LearnerProcess()
        self.pid = self.process._launched.process.pid
        self.scratch = self.process._launched.scratch
        text = textwrap.dedent(source).encode()
        deadline = self.process.ready() + seconds
        self.loaded = self.process.ask("load", "lesson", {"lesson": text}, ["f"], memory_mb, deadline=deadline)

    def call(self, *args: object, seconds: float = PATIENT_SECONDS, writable: bool = False) -> list[Any]:
        deadline = time.monotonic() + seconds
        return self.process.ask("call", "f", args, {}, writable, deadline=deadline, writable=writable)


@pytest.fixture
def learn() -> Iterator[Callable[..., Learner]]:
    """Makes learners, and sees afterwards that nothing of them is left."""
    made: list[LearnerProcess] = []
    before = open_descriptors()

    def make(source: str, **options: Any) -> Learner:
        learner = Learner.__new__(Learner)
        try:
            learner.__init__(source, **options)  # type: ignore[misc]
        finally:
            made.append(learner.process)
        return learner

    yield make
    for process in made:
        process.stop()
        assert is_gone(process._launched.process.pid)
        assert not process._launched.scratch.exists()
    assert open_descriptors() == before


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def is_gone(pid: int) -> bool:
    """Whether the process has ended; one that waits to be collected has."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"


def wait_until(condition: Callable[[], bool], seconds: float = PATIENT_SECONDS) -> bool:
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        os.sched_yield()
    return condition()


def fault_of(action: Callable[[], object]) -> ProcessFault:
    with pytest.raises(ProcessFault) as caught:
        action()
    return caught.value


# Answers


def test_a_call_comes_back_with_its_value(learn: Callable[..., Learner]) -> None:
    """A function's value comes back with its type."""
    learner = learn("def f(x):\n    return x * 2")
    answer = learner.call(np.arange(3, dtype=np.int16))
    assert answer[0] == "value"
    assert answer[1].dtype == np.int16
    assert answer[1].tolist() == [0, 2, 4]


def test_a_payload_larger_than_every_buffer_arrives(learn: Callable[..., Learner]) -> None:
    """Twenty megabytes go there and back."""
    learner = learn("def f(x):\n    return x + 1")
    x = np.arange(2_500_000, dtype=np.float64)
    assert np.array_equal(learner.call(x)[1], x + 1)


def test_arrays_lie_where_numpy_computes_fast(learn: Callable[..., Learner]) -> None:
    """Whatever goes before them in the frame, on either side: a matrix product of others takes many times as long."""
    learner = learn(
        """
        def f(text, *arrays):
            assert all(array.flags.aligned for array in arrays)
            return [text, *arrays]
        """
    )
    arrays = np.ones(5, np.longdouble), np.ones((2, 3), np.float32), np.arange(4)
    for length in range(16):
        (_, (_, *back), _) = learner.call("-" * length, *arrays)
        assert all(array.flags.aligned and (array == sent).all() for array, sent in zip(back, arrays, strict=True))


def test_garbage_is_collected(learn: Callable[..., Learner]) -> None:
    """None is while it loads."""
    assert learn("import gc\n\n\ndef f():\n    return gc.isenabled()\n").call() == ["value", True, None]


def test_an_empty_environment_and_no_input(learn: Callable[..., Learner], monkeypatch: pytest.MonkeyPatch) -> None:
    """The process sees neither the grader's environment nor its input, and starts in its own empty folder."""
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    learner = learn("""
        import os, sys
        def f():
            return ["SECRET_TOKEN" in os.environ, sys.stdin.read(), os.getcwd(), os.listdir()]
    """)
    assert learner.call()[1] == [False, "", str(learner.scratch), []]


def test_the_grader_is_not_among_the_modules(learn: Callable[..., Learner]) -> None:
    """The learner's code sees no module of the grader and cannot import one by accident."""
    learner = learn("""
        import sys
        def f():
            try:
                import grader.checks
            except ImportError:
                return [name for name in sys.modules if name.startswith("grader")]
            return "imported"
    """)
    assert learner.call()[1] in ([], "imported")  # "imported" where the package is installed for every process


# Deadlines


def test_a_loop_at_import_ends_at_the_deadline(learn: Callable[..., Learner]) -> None:
    """An endless loop at import is ended soon after the deadline."""
    start = time.monotonic()
    fault = fault_of(lambda: learn("while True: pass", seconds=SHORT_SECONDS))
    assert fault.outcome is Outcome.TIMED_OUT
    assert time.monotonic() - start < SHORT_SECONDS + PATIENT_SECONDS


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        "import time\n    time.sleep(3600)",
        "import os, signal\n    os.kill(os.getpid(), signal.SIGSTOP)",
        "import signal\n    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\n    while True: pass",
        "return sum(range(10**12))",
        "while True: print('x' * 1000)",
    ],
    ids=["loop", "swallowing loop", "sleep", "stopped", "signals blocked", "inside C", "printing loop"],
)
def test_what_does_not_come_back_is_ended_at_the_deadline(learn: Callable[..., Learner], body: str) -> None:
    """Whatever the code does instead of returning, the deadline holds and the process is gone."""
    learner = learn(f"def f():\n    {body}\n")
    start = time.monotonic()
    fault = fault_of(lambda: learner.call(seconds=SHORT_SECONDS))
    assert fault.outcome is Outcome.TIMED_OUT
    assert SHORT_SECONDS <= time.monotonic() - start < SHORT_SECONDS + PATIENT_SECONDS
    assert is_gone(learner.pid)
    assert not learner.process.alive


def test_a_call_after_the_end_is_a_fault(learn: Callable[..., Learner]) -> None:
    """A process that has been stopped answers every further request with a fault."""
    learner = learn("def f(): return 1")
    learner.process.stop()
    learner.process.stop()
    assert fault_of(learner.call).outcome is Outcome.CRASHED


def test_a_deadline_that_has_passed_is_not_stretched_by_a_ready_answer(learn: Callable[..., Learner]) -> None:
    """With the deadline over, even an answer at hand is too late."""
    learner = learn("def f(): return 1")
    assert fault_of(lambda: learner.call(seconds=-1.0)).outcome is Outcome.TIMED_OUT


def test_endless_callbacks_end_at_the_deadline(learn: Callable[..., Learner]) -> None:
    """Code that calls the given function for ever is ended, although it never falls silent."""
    learner = learn("def f(g):\n    while True: g()")
    start = time.monotonic()
    assert fault_of(lambda: learner.call(lambda: 1, seconds=SHORT_SECONDS)).outcome is Outcome.TIMED_OUT
    assert time.monotonic() - start < SHORT_SECONDS + PATIENT_SECONDS


def test_callbacks_asked_in_advance_end_at_the_deadline(learn: Callable[..., Learner]) -> None:
    """Requests for callbacks that lie ready in thousands do not stretch the deadline."""
    learner = learn(f"""{WIRE}
import threading
def pour():
    count = 0
    while True:
        count += 1
        send(callback(count, 0))
def swallow():
    while wire.recv(1 << 16): pass
def f(g):
    threading.Thread(target=swallow).start()
    pour()
""")
    start = time.monotonic()
    fault = fault_of(lambda: learner.call(lambda: sum(range(20_000)), seconds=SHORT_SECONDS))
    assert fault.outcome is Outcome.TIMED_OUT
    assert time.monotonic() - start < SHORT_SECONDS + PATIENT_SECONDS


def test_a_reader_that_stops_reading_is_ended_at_the_deadline(learn: Callable[..., Learner]) -> None:
    """A process that does not take the next request, and has said something unasked, cannot keep the grader busy."""
    learner = learn(f"""{WIRE}
def f(x):
    send(["value", {NUMBER_OF_CALL}, 1, None])
    time.sleep(0.2)
    send(["value", {NUMBER_OF_CALL + 1}, 1, None])
    time.sleep(3600)
""")
    assert learner.call(1)[:2] == ["value", 1]
    start = time.monotonic()
    fault_of(lambda: learner.call(np.zeros(2_000_000), seconds=SHORT_SECONDS))
    assert time.monotonic() - start < SHORT_SECONDS + PATIENT_SECONDS


# Ends


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("os._exit(0)", "exit status 0"),
        ("os._exit(7)", "exit status 7"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV, as when a function calls itself without end"),
        ("os.abort()", "SIGABRT"),
        ("os.killpg(0, signal.SIGTERM)", "SIGTERM"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("os.execv('/bin/true', ['true'])", "exit status 0"),
        ("os.closerange(0, 256)", "closed the connection"),
    ],
)
def test_every_end_of_the_process_is_told(learn: Callable[..., Learner], body: str, words: str) -> None:
    """A process that ends while it is asked counts as crashed, and the message says how it ended."""
    learner = learn(f"import os, signal\ndef f():\n    {body}\n")
    fault = fault_of(learner.call)
    assert fault.outcome is Outcome.CRASHED
    assert words in fault.message


def test_null_in_the_place_of_the_connection(learn: Callable[..., Learner]) -> None:
    """/dev/null over every descriptor ends the call, not the grader."""
    learner = learn(f"""{WIRE}
wire.close()
def f():
    null = os.open(os.devnull, os.O_RDWR)
    for n in range(0, 64):
        if n != null: os.dup2(null, n)
""")
    assert fault_of(lambda: learner.call(seconds=SHORT_SECONDS)).outcome in (Outcome.CRASHED, Outcome.TIMED_OUT)


def test_closed_output_does_no_harm(learn: Callable[..., Learner]) -> None:
    """A module that closes standard output and standard error goes on answering."""
    learner = learn("import os\ndef f(x):\n    os.closerange(1, 3)\n    return x")
    assert [learner.call(n)[1] for n in range(4)] == [0, 1, 2, 3]
    assert learner.process.take_output() == ""


def test_a_child_of_the_learner_ends_with_it(learn: Callable[..., Learner]) -> None:
    """A process that the learner's code started is ended with it."""
    learner = learn("""
        import subprocess, sys
        def f():
            return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid
    """)
    child = learner.call()[1]
    assert not is_gone(child)
    learner.process.stop()
    assert wait_until(lambda: is_gone(child))


def test_a_child_ends_too_when_its_parent_left_first(learn: Callable[..., Learner]) -> None:
    """A process that the learner's code left behind by os._exit is ended when the grader notices."""
    learner = learn("""
        import os, subprocess, sys
        def f():
            print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid, flush=True)
            os._exit(0)
    """)
    fault_of(learner.call)
    child = int(learner.process.take_output())
    assert wait_until(lambda: is_gone(child))


# Lies


@pytest.mark.parametrize(
    "deed",
    [
        "wire.sendall(os.urandom(4096))",
        "wire.sendall(b'HTTP/1.1 200 OK\\r\\n\\r\\n')",
        "wire.sendall(struct.pack('<II', 2**32 - 1, 2**32 - 1))",
        "wire.sendall(struct.pack('<II', 3, 2**27))",
        "send(5)",
        "send([])",
        "send({'value': 1})",
        "send(['value'])",
        "send(['value', 1, 0, None])",
        "send(['value', 3, 0, None])",
        "send(['value', True, 0, None])",
        "send(['value', 2.0, 0, None])",
        "send(['passed', 2, 0, None])",
        "send(['ready', 0])",
        "send(['callback', 2, 0, ext(TUPLE, []), {}])",
        "send(['callback', 1, -1, ext(TUPLE, []), {}])",
        "send(['callback', 1, 1, ext(TUPLE, []), {}])",
        "send(['callback', 1, 2**63, ext(TUPLE, []), {}])",
        "send(['callback', 1, 0, [], {}])",
        "send(['value', 2, ext(CALLBACK, -1), None])",
        "send(['value', 2, ext(CALLBACK, 1), None])",
        "send(['value', 2, ext(ARRAY, ['<f8', [2], False, 0]), None], bytes(8))",
        "send(['value', 2, [ext(ARRAY, ['<f8', [2**20], True, 0])] * 2000, None], bytes(2**23))",
        "send(['value', 2, ext(ARRAY, ['|O', [1], False, 0]), None], bytes(8))",
        "send(['value', 2, ext(ARRAY, ['|b1', [1], False, 0]), None], b'\\x02')",
    ],
)
def test_a_lie_on_the_wire_ends_the_process_as_crashed(learn: Callable[..., Learner], deed: str) -> None:
    """Whatever is written to the connection instead of an answer, the process is ended as crashed, and at once."""
    learner = learn(f"{WIRE}\ndef f(g):\n    {deed}\n    time.sleep(3600)\n")
    start = time.monotonic()
    fault = fault_of(lambda: learner.call(lambda: 1))
    assert fault.outcome is Outcome.CRASHED
    assert "broke the connection" in fault.message
    assert time.monotonic() - start < PATIENT_SECONDS


@pytest.mark.parametrize("part", ["b'x'", "struct.pack('<II', 1000, 0)", "struct.pack('<II', 1000, 0) + b'half'"])
def test_half_a_frame_then_silence_ends_at_the_deadline(learn: Callable[..., Learner], part: str) -> None:
    """A frame that never ends is no answer."""
    learner = learn(f"{WIRE}\ndef f():\n    wire.sendall({part}); time.sleep(3600)\n")
    assert fault_of(lambda: learner.call(seconds=SHORT_SECONDS)).outcome is Outcome.TIMED_OUT


def test_a_trickle_of_bytes_ends_at_the_deadline(learn: Callable[..., Learner]) -> None:
    """A frame that comes byte by byte does not stretch the deadline."""
    loop = "while True: wire.sendall(b'x'); time.sleep(0.001)"
    learner = learn(f"{WIRE}\ndef f():\n    wire.sendall(struct.pack('<II', 10**6, 0))\n    {loop}\n")
    start = time.monotonic()
    assert fault_of(lambda: learner.call(seconds=SHORT_SECONDS)).outcome is Outcome.TIMED_OUT
    assert time.monotonic() - start < SHORT_SECONDS + PATIENT_SECONDS


def test_a_second_answer_is_noticed_at_the_next_call(learn: Callable[..., Learner]) -> None:
    """Answering twice ends the process as crashed, even with the number of the question to come."""
    for number in (NUMBER_OF_CALL, NUMBER_OF_CALL + 1):
        learner = learn(f"{WIRE}\ndef f():\n    send(['value', {number}, 'second', None])\n    return 'first'\n")
        try:
            learner.call()
            fault = fault_of(learner.call)
        except ProcessFault as at_once:
            fault = at_once
        assert fault.outcome is Outcome.CRASHED


# Callbacks


def test_a_callback_raises_in_the_learners_code(learn: Callable[..., Learner]) -> None:
    """What the given function raises arrives in the learner's code as a RuntimeError with its text."""
    learner = learn("""
        def f(g):
            try:
                g(1)
            except RuntimeError as error:
                return str(error)
    """)
    assert learner.call(lambda n: [][n])[1] == "IndexError: list index out of range"


def test_a_function_given_twice_is_one_function(learn: Callable[..., Learner]) -> None:
    """Identity is kept: the same function twice is the same there, also in a later call, and comes back as itself."""
    learner = learn("""
        known = []
        def f(g, h):
            known.extend((g, h))
            return [all(one is g for one in known), h]
    """)

    def double(x: int) -> int:
        return 2 * x

    assert learner.call(double, double)[1] == [True, double]
    assert learner.call(double, double)[1] == [True, double]


def test_a_kept_function_stays_the_function_it_was(learn: Callable[..., Learner]) -> None:
    """A function kept from an earlier call is still that function, whatever was given since."""
    learner = learn("""
        kept = []
        def f(g):
            kept.append(g)
            return [one() for one in kept]
    """)
    assert learner.call(lambda: "first")[1] == ["first"]
    assert learner.call(lambda: "second")[1] == ["first", "second"]


def test_a_callback_may_call_the_learners_code_again(learn: Callable[..., Learner]) -> None:
    """The given function may itself call the learner's function, to some depth."""
    learner = learn("""
        def f(g, n):
            return [n, g(n - 1)] if n else "end"
    """)

    def again(n: int) -> Any:
        return learner.call(again, n)[1]

    assert learner.call(again, 3)[1] == [3, [2, [1, "end"]]]


def test_callbacks_nested_without_end_are_an_error_of_the_code(learn: Callable[..., Learner]) -> None:
    """A mutual recursion over the connection ends with RecursionError, and the process lives on."""
    learner = learn("def f(g, n):\n    return g(n + 1)")

    def again(n: int) -> Any:
        kind, *rest = learner.call(again, n)
        if kind == "error":
            raise RecursionError(rest[0]["message"])
        return rest[0]

    assert learner.call(again, 0)[0] == "error"
    assert learner.call(lambda n: n, 1)[1] == 2


def test_a_check_that_fails_inside_a_callback_ends_the_process(learn: Callable[..., Learner]) -> None:
    """pytest.fail in a given function reaches the check, and the process, which still waits, is not used again."""
    learner = learn("def f(g): return g()")
    with pytest.raises(pytest.fail.Exception, match="not like this"):
        learner.call(lambda: pytest.fail("not like this"))
    assert not learner.process.alive


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux alone")
def test_a_callback_takes_no_more_memory_than_is_left_to_it(learn: Callable[..., Learner]) -> None:
    """The learner's code chooses what the given function gets: too much is an error there, and of no use here."""
    learner = learn("""
        def f(g):
            try:
                g(2**40)
            except RuntimeError as error:
                return str(error)
    """)
    assert learner.call(lambda n: [0] * n)[1] == "MemoryError: "
    before = resource.getrlimit(resource.RLIMIT_AS)
    assert learner.call(lambda n: bytearray(n // 2**12))[1] == "MemoryError: "  # 256 MiB
    assert resource.getrlimit(resource.RLIMIT_AS) == before


@pytest.mark.skipif(sys.platform != "linux", reason="signals are heard in the main thread of POSIX systems")
def test_a_callback_without_end_ends_at_the_deadline(learn: Callable[..., Learner]) -> None:
    """Also one within another, and one that keeps every Exception for itself; an alarm of the check's rings later."""
    rung = []
    learner = learn("def f(g, n):\n    return g(n)")

    def endless(n: int) -> Any:
        if n > 0:
            return learner.call(endless, n - 1, seconds=SHORT_SECONDS)[1]
        while True:
            with contextlib.suppress(Exception):
                sum(range(1000))

    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
    signal.setitimer(signal.ITIMER_REAL, 60)
    try:
        start = time.monotonic()
        with pytest.raises(ProcessFault) as caught:
            learner.call(endless, 1)
        assert time.monotonic() - start < PATIENT_SECONDS
        assert caught.value.outcome is Outcome.TIMED_OUT
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] < 60
        signal.raise_signal(signal.SIGALRM)
        assert rung == [True]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(sys.platform != "linux", reason="signals are heard in the main thread of POSIX systems")
def test_an_alarm_that_rings_when_a_call_within_begins_ends_the_outer_one(learn: Callable[..., Learner]) -> None:
    """And of all that was set for it."""
    learner = learn("def f(g):\n    return g()")
    before = signal.getsignal(signal.SIGALRM)

    def ring(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code is Bounds.pause.__code__:
            sys.setprofile(None)
            signal.raise_signal(signal.SIGALRM)

    def within() -> None:
        sys.setprofile(ring)
        learner.call(int)

    with pytest.raises(ProcessFault) as caught:
        learner.call(within)
    assert caught.value.outcome is Outcome.TIMED_OUT
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


# Output and memory


def test_a_flood_of_output_is_capped_and_counted(learn: Callable[..., Learner]) -> None:
    """Of a hundred megabytes the start is kept, the rest is counted, and the call ends well."""
    learner = learn("def f():\n    for _ in range(100): print('x' * 1_000_000)\n    return 1")
    assert learner.call()[1] == 1
    text = learner.process.take_output()
    assert text.startswith("x" * OUTPUT_LIMIT)
    assert text.endswith(f"\n… and {100_000_100 - OUTPUT_LIMIT:,} more bytes")
    assert learner.process.take_output() == ""


def test_output_that_is_no_text_is_shown_as_escapes(learn: Callable[..., Learner]) -> None:
    """Bytes that are not UTF-8 come as escapes."""
    learner = learn("import os\ndef f(): os.write(2, b'caf\\xe9')")
    learner.call()
    assert learner.process.take_output() == "caf\\xe9"


@pytest.mark.skipif(sys.platform != "linux", reason="the address space is capped on Linux alone")
def test_the_memory_cap_is_a_memory_error(learn: Callable[..., Learner]) -> None:
    """Asking for more than the cap raises MemoryError there; less than that is had, and the process lives on."""
    learner = learn("import numpy as np\ndef f(n): return np.zeros(n).size", memory_mb=256)
    assert learner.call(1_000_000)[1] == 1_000_000
    kind, error = learner.call(100_000_000)
    assert kind == "error"
    assert "MemoryError" in error["types"]
    assert learner.call(10)[1] == 10


# Nothing left behind


GRADER = """
import sys, time
from grader.process import LearnerProcess
process = LearnerProcess()
print(process._launched.process.pid, process._launched.scratch, flush=True)
deadline = process.ready() + 600
process.ask("load", "lesson", {"lesson": b"def f():\\n    while True: pass"}, ["f"], 256, deadline=deadline)
print("loaded", flush=True)
process.ask("call", "f", (), {}, False, deadline=deadline)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs the parent-death signal of Linux")
def test_a_killed_grader_leaves_no_process_behind() -> None:
    """When the grader is killed, the learner's process ends, in an endless loop too."""
    grader = subprocess.Popen([sys.executable, "-c", GRADER], stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    pid, scratch = grader.stdout.readline().split(maxsplit=1)
    assert grader.stdout.readline() == "loaded\n"
    assert not is_gone(int(pid))
    os.kill(grader.pid, signal.SIGKILL)
    grader.wait()
    grader.stdout.close()
    assert wait_until(lambda: is_gone(int(pid)))
    Path(scratch.strip()).rmdir()


def test_a_process_that_cannot_start_is_the_graders_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """When Python itself does not come up, the fault is the grader's, and nothing is left behind."""
    before = open_descriptors()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    process = LearnerProcess()
    fault = fault_of(process.ready)
    assert fault.outcome is Outcome.GRADER_ERROR
    process.stop()
    assert open_descriptors() == before


def test_a_missing_interpreter_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """When the process cannot even be made, descriptors and scratch folder are given back."""
    before = open_descriptors()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(FileNotFoundError):
        LearnerProcess()
    assert open_descriptors() == before
    assert list(tmp_path.iterdir()) == []
