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
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import numpy as np

from grader import generators
from grader.arguments import frozen
from grader.bridge import MissingConstant, MissingName, backends, put_constants
from grader.checks import give_file
from grader.course import Exercise, Wrong
from grader.result import Misconception
from grader.trace import Entry, LearnerError, Trace, answers_alike, begins_alike, same

BUDGET_SECONDS = 2.0  # of computing, for all candidates of one check together, while a learner waits
HOPELESS = 10.0  # where the candidates would take that many times the budget, at the learner's pace, none is tried
MOST_KEPT_OF_ONE = 2**16  # bytes of results of one known-wrong solution in one check
MOST_KEPT = 2**25  # bytes of all
_ENTRY_SIZE = 64


class _DiffersError(BaseException):
    """A candidate answered otherwise. No Exception, so that neither a check nor a known-wrong solution catches it."""


class WrongBackend:
    """A known-wrong solution that answers the checks in this process, with the same rules as the learner's process.

    Once it answers otherwise than the learner's code did (`like`), the check is left by a _DiffersError.
    """

    def __init__(self, exercise: Exercise, wrong: Wrong, like: Trace | None = None) -> None:
        self.trace = Trace()
        self._like = like
        self._module = ModuleType(exercise.module)
        self._writable = False
        with np.errstate(all="ignore"):
            exec(compile(wrong.source, f"{wrong.name}.py", "exec", dont_inherit=True), vars(self._module))  # noqa: S102 - the author's own code

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call it on read-only copies, as over the wire; floating-point faults raise."""
        place = len(self.trace.entries)
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
            self._compare(entry, place)
            raise
        self._compare(entry, place)
        return entry.value

    def _compare(self, entry: Entry, place: int) -> None:
        entry.finished = True
        if self._like is not None and place < self._like.limit and not answers_alike(entry, self._like, place):
            raise _DiffersError

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


@dataclass(frozen=True, slots=True)
class Check:
    """A check that the learner's code failed. `passes` runs it against another backend."""

    name: str  # with parameters
    module: ModuleType
    passes: Callable[[WrongBackend], bool]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a known-wrong solution did in a check: its first calls, or all of them."""

    trace: Trace
    whole: bool
    passed: bool = False

    @property
    def size(self) -> int:
        return sum(_size(entry.value) for entry in self.trace.entries)

    def as_a_beginning(self) -> "_Seen":
        """As much of it as is kept: small results, and of the calls nothing but these."""
        kept, room = Trace(lost=self.trace.lost), MOST_KEPT_OF_ONE
        for entry in self.trace.entries:
            room -= _size(entry.value) + _ENTRY_SIZE
            if room < 0:
                break
            kept.add(replace(entry, args=(), kwargs={}))
        return _Seen(kept, self.whole and len(kept.entries) == len(self.trace.entries), self.passed)


def _size(value: Any) -> int:
    """Bytes that a result takes, roughly."""
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, list | tuple):
        return sum(map(_size, value)) + _ENTRY_SIZE
    if isinstance(value, dict):
        return sum(map(_size, value.values())) + _ENTRY_SIZE
    return _ENTRY_SIZE


class KnownWrong:
    """The known-wrong solutions of a course, and what they did in the checks so far.

    That depends on the check alone, not on the learner: what has been seen once is not run again for the next one.
    `budget`: seconds of computing for all candidates of one check together; past it none is named.
    """

    def __init__(self, budget: float) -> None:
        self._budget = budget
        self._seen: dict[tuple[str, str, str], _Seen] = {}  # by exercise, check and known-wrong solution
        self._room = MOST_KEPT

    def candidates(
        self, exercise: Exercise, among: Sequence[Wrong], check: Check, trace: Trace, seconds: float
    ) -> list[Wrong]:
        """Those that fail a check as the learner's code did. `trace` is what that did, in so many seconds."""
        left = [wrong for wrong in among if self._may_be(exercise, wrong, check, trace)]
        unseen = [wrong for wrong in left if not self._is_whole(exercise, wrong, check)]
        if seconds * len(unseen) > HOPELESS * self._budget:
            return []
        learner = backends[exercise.module]
        start = time.process_time()
        try:
            for wrong in unseen:
                rest = self._budget - (time.process_time() - start)
                if rest <= 0:
                    return []
                with _stopped_after(rest):
                    seen = _run(exercise, wrong, check, trace)
                if not self._explains(seen, trace):
                    left.remove(wrong)
                self._keep((exercise.name, check.name, wrong.name), seen)
        except _OverBudgetError:
            return []
        finally:
            backends[exercise.module] = learner
            put_constants(check.module, exercise, learner)
        return left

    def _may_be(self, exercise: Exercise, wrong: Wrong, check: Check, trace: Trace) -> bool:
        """Whether nothing that was seen of it speaks against it."""
        seen = self._seen.get((exercise.name, check.name, wrong.name))
        if seen is None:
            return True
        return self._explains(seen, trace) if seen.whole else begins_alike(seen.trace.entries, trace)

    def _is_whole(self, exercise: Exercise, wrong: Wrong, check: Check) -> bool:
        seen = self._seen.get((exercise.name, check.name, wrong.name))
        return seen is not None and seen.whole

    @staticmethod
    def _explains(seen: _Seen, trace: Trace) -> bool:
        return seen.whole and not seen.passed and same(seen.trace, trace)

    def _keep(self, key: tuple[str, str, str], seen: _Seen) -> None:
        before = self._seen.pop(key, None)
        self._room += before.size if before is not None else 0
        kept = seen.as_a_beginning()
        if kept.size <= self._room:
            self._room -= kept.size
            self._seen[key] = kept


def _run(exercise: Exercise, wrong: Wrong, check: Check, like: Trace) -> _Seen:
    """What a known-wrong solution does in a check, as long as it does what the learner's code did."""
    try:
        backend = WrongBackend(exercise, wrong, like)
    except Exception:  # one that can't be loaded names nobody's mistake; `grade verify` reports it
        return _Seen(Trace(), whole=True, passed=True)
    backends[exercise.module] = backend
    put_constants(check.module, exercise, backend)
    try:
        return _Seen(backend.trace, whole=True, passed=check.passes(backend))
    except _DiffersError:
        return _Seen(backend.trace, whole=False)


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
