"""Name a learner's misconception: which known-wrong solution behaves like theirs? Runs in: checks.

A failed check is run once more against each known-wrong solution of its exercise, in this process: they are the
author's own code. One that fails the check with the same calls and the same results, up to rounding, is a candidate; if
exactly one is left, its author's sentence is shown.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from grader.bridge import backends, put_constants
from grader.candidate import Differs, WrongBackend
from grader.course import Exercise, Wrong
from grader.result import Misconception
from grader.trace import Entry, Sample, Trace, begins_alike, same

BUDGET_SECONDS = 2.0  # of computing, for all candidates of one check together, while a learner waits
HOPELESS = 10.0  # where the candidates would take that many times the budget, at the learner's pace, none is tried
LARGE = 2**13  # bytes of an array of which a sample is kept
MOST_KEPT_OF_ONE = 2**16  # bytes of results of one known-wrong solution in one check
MOST_KEPT = 2**25  # bytes of all
_ENTRY_SIZE = 64


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


class Check(Struct, frozen=True):
    """A check that the learner's code failed. `passes` runs it against another backend."""

    name: str  # with parameters
    module: ModuleType
    passes: Callable[[WrongBackend], bool]


class _Seen(Struct, frozen=True):
    """What a known-wrong solution did in a check: its first calls, or all of them."""

    trace: Trace
    whole: bool
    passed: bool = False

    @property
    def size(self) -> int:
        return sum(map(_size_of_entry, self.trace.entries))

    def as_a_beginning(self) -> "_Seen":
        """As much of it as is kept: of the calls nothing but their results, and of large arrays a sample."""
        kept, room = Trace(lost=self.trace.lost), MOST_KEPT_OF_ONE
        sampled = False
        for entry in self.trace.entries:
            small = replace(entry, args=(), kwargs={}, value=_sampled(entry.value))
            sampled = sampled or _size(entry.value) > _size(small.value)
            room -= _size_of_entry(small)
            if room < 0:
                break
            kept.add(small)
        whole = self.whole and not sampled and len(kept.entries) == len(self.trace.entries)
        return _Seen(kept, whole, self.passed)


def _sampled(value: Any) -> Any:
    """The same value with a sample in the place of each large array."""
    if type(value) is np.ndarray and value.nbytes > LARGE:
        return Sample.of(value)
    if type(value) in (list, tuple):
        return type(value)(map(_sampled, value))
    if type(value) is dict:
        return {key: _sampled(item) for key, item in value.items()}
    return value


def _size_of_entry(entry: Entry) -> int:
    said = entry.error.message if entry.error is not None else ""
    return _size(entry.value) + len(said) + _ENTRY_SIZE


def _size(value: Any) -> int:
    """Bytes that a result takes, roughly."""
    if isinstance(value, Sample):
        value = value.values
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, str | bytes):
        return len(value) + _ENTRY_SIZE
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
    except (Exception, SystemExit):  # one that can't be loaded names nobody's mistake; `grade verify` reports it
        return _Seen(Trace(), whole=True, passed=True)
    backends[exercise.module] = backend
    put_constants(check.module, exercise, backend)
    try:
        return _Seen(backend.trace, whole=True, passed=check.passes(backend))
    except Differs:
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
