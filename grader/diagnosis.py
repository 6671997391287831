"""Name a learner's misconception: which known-wrong solution behaves like theirs? Runs in: checks.

A failed check is run once more against each known-wrong solution of its exercise, in this process: they are the
author's own code. One that fails the check with the same calls and the same results, up to rounding, is a candidate; if
exactly one is left, its author's sentence is shown.
"""

import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import Context
from types import ModuleType
from typing import Any

import numpy as np

from grader import generators
from grader.arguments import frozen
from grader.bridge import MissingConstant, MissingName, backends, put_constants
from grader.checks import give_file
from grader.course import Exercise, Wrong
from grader.result import Misconception
from grader.trace import Entry, LearnerError, Trace, same

BUDGET_SECONDS = 2.0  # of computing, for all candidates of one check together


class WrongBackend:
    """A known-wrong solution that answers the checks in this process, with the same rules as the learner's process."""

    def __init__(self, exercise: Exercise, wrong: Wrong) -> None:
        self.trace = Trace()
        self._module = ModuleType(exercise.module)
        self._writable = False
        with np.errstate(all="ignore"):
            exec(compile(wrong.source, f"{wrong.name}.py", "exec", dont_inherit=True), vars(self._module))  # noqa: S102 - the author's own code

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call it on read-only copies, as over the wire; floating-point faults raise."""
        entry = Entry(name, args, kwargs)
        self.trace.add(entry)
        function = getattr(self._module, name, None)
        if not callable(function):
            raise MissingName(self._module.__name__, name)
        if not self._writable:
            args, kwargs = frozen(args), frozen(kwargs)
        given = [generators.copied(value) for value in args]
        named = {key: generators.copied(value) for key, value in kwargs.items()}
        generators.move_on((*args, *kwargs.values()))
        try:
            with np.errstate(over="raise", divide="raise", invalid="raise", under="ignore"), warnings.catch_warnings():
                warnings.simplefilter("error", RuntimeWarning)
                entry.value = _as_sent(function(*given, **named))
        except Exception as error:
            entry.error = LearnerError(tuple(t.__name__ for t in type(error).__mro__), str(error))
            error.learner_error = entry.error  # type: ignore[attr-defined]
            raise
        return entry.value

    def constant(self, name: str) -> Any:
        return getattr(self._module, name, MissingConstant(self._module.__name__, name))

    # -- what `grader.checks` asks for

    def give_file(self, name: str, data: bytes) -> str:
        """Write the file where this process can read it, as under plain pytest."""
        return Context().run(give_file, name, data)

    def echo_seconds(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> float:
        """There is no road to measure."""
        del args, kwargs
        return 0.0

    def note(self, text: str) -> None:
        """Figures are the learner's alone."""

    def progress(self, done: int, total: int, text: str) -> None:
        """Nobody waits for this."""

    @contextmanager
    def writable_inputs(self) -> Iterator[None]:
        """The caller's own arrays are handed over, as in any call in one process."""
        self._writable = True
        try:
            yield
        finally:
            self._writable = False


def _as_sent(value: Any) -> Any:
    """What is left of a value after the wire: arrays are copied, and stay read-only where they were."""
    if type(value) is not np.ndarray:
        return value
    copied = value.copy()
    copied.flags.writeable = value.flags.writeable
    return copied


class _OverBudgetError(BaseException):
    """A candidate did not end in time. No Exception, so that neither a check nor a known-wrong solution catches it."""


@contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    """Raise _OverBudgetError in the code inside after that much computing, where a timer tells (POSIX, main thread)."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise _OverBudgetError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def candidates(
    exercise: Exercise,
    among: Sequence[Wrong],
    test_module: ModuleType,
    run_check: Callable[[WrongBackend], bool],
    trace: Trace,
) -> list[Wrong]:
    """Those among the known-wrong solutions that fail a check as the learner's code did.

    `run_check` runs the check against a backend and says whether it passed; `trace` is what the learner's code did.
    """
    found: list[Wrong] = []
    start = time.process_time()
    learner = backends[exercise.module]
    try:
        for wrong in among:
            left = BUDGET_SECONDS - (time.process_time() - start)
            if left <= 0:
                return []
            with _stopped_after(left):
                if _behaves_alike(exercise, wrong, test_module, run_check, trace):
                    found.append(wrong)
    except _OverBudgetError:
        return []
    finally:
        backends[exercise.module] = learner
        put_constants(test_module, exercise, learner)
    return found


def _behaves_alike(
    exercise: Exercise, wrong: Wrong, test_module: ModuleType, run_check: Callable[[WrongBackend], bool], trace: Trace
) -> bool:
    try:
        backend = WrongBackend(exercise, wrong)
    except Exception:  # one that can't be loaded names nobody's mistake; `grade verify` reports it
        return False
    backends[exercise.module] = backend
    put_constants(test_module, exercise, backend)
    return not run_check(backend) and same(backend.trace, trace)


def misconception(check: str, core: str, matches: Mapping[str, Sequence[Wrong]]) -> Misconception | None:
    """The one that is left for a check, if exactly one is. `matches`: the candidates of every failed check.

    Who makes a known mistake fails the check named for it; and where the core check failed, a mistake that does not
    explain that is not the one to name.
    """
    failed = {name.partition("[")[0] for name in matches}
    of_core = [found for name, found in matches.items() if name.partition("[")[0] == core]
    left = [
        wrong for wrong in matches.get(check, ()) if wrong.check in failed and all(wrong in found for found in of_core)
    ]
    return Misconception(left[0].name, left[0].title, left[0].feedback) if len(left) == 1 else None
