"""Change every reference in one place at a time, and see whether its hidden checks notice. Runs in: a script, by hand.

    pip install -e '.[proofs]'
    python tests/mutation.py [--jobs 2] [EXERCISE]...

The changes are mutmut's: other operators and numbers, arguments left out or None, assignments of None, other texts.
Each changed reference (a mutant) answers the checks in a process of its own, by the rules of the learner's process, as
`grader.diagnosis` lets a known-wrong solution answer. It is killed if a check fails, or if it needs far more time than
the reference; else it has survived. Advisory checks of speed are not run. Nothing is changed in docstrings, annotations
and `raise` statements: what an error says is nothing that a check demands.

Survivors that have been looked at stand in `mutation_equivalent.toml`, each with its reason. The equivalent ones don't
count: no input can tell them from the reference, or they are right answers as well. The accepted ones differ where the
task promises nothing, and count as survivors. Both are listed, and so are mutants killed by time alone, and an entry
that no survivor needs. Exit code 1 says that there is such an entry, or a chapter with less than 95 % killed.
"""

import argparse
import contextlib
import math
import os
import resource
import signal
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

from grader import bridge, checks
from grader.candidate import WrongBackend
from grader.collection import BLOCKED
from grader.course import Course, Exercise, Wrong, bundled_root, read_course
from grader.runner import ONE_THREAD
from grader.served import Asks

LEAST = 0.95
TABLE = Path(__file__).with_name("mutation_equivalent.toml")
MEMORY_BYTES = 4 << 30
EXTRA_SECONDS = 5  # of computing, beyond three times what the reference needs
ORDER = ("Equivalent", "Accepted", "Survived")  # what is new comes last, next to the table
PASSED, FAILED = 0, 1  # exit codes of a mutant's process


@dataclass(frozen=True)
class Mutant:
    """A reference with one change: where it is, what stood there, what stands there now."""

    function: str  # the outermost one around it; empty outside of all
    line: int
    was: str
    becomes: str
    source: str

    def __str__(self) -> str:
        lines = (f"{sign} {line}" for sign, text in (("-", self.was), ("+", self.becomes)) for line in text.split("\n"))
        return "\n".join((f"{self.function or 'outside of all functions'}, line {self.line}", *lines))


@dataclass(frozen=True)
class Known:
    """An entry of the table: mutants of one line, and why they survive."""

    exercise: str
    was: str
    becomes: tuple[str, ...]
    reason: str
    equivalent: bool
    function: str = ""

    def covers(self, exercise: str, mutant: Mutant) -> bool:
        """Whether this entry speaks of the mutant."""
        here = (self.exercise, self.function, self.was) == (exercise, mutant.function, mutant.was)
        return here and mutant.becomes in self.becomes


@dataclass
class Tally:
    """What became of an exercise's mutants."""

    mutants: int = 0
    timed_out: list[Mutant] = field(default_factory=list)  # killed, too
    alive: list[tuple[Mutant, Known | None]] = field(default_factory=list)

    @property
    def killed(self) -> int:
        return self.mutants - len(self.alive)

    @property
    def equivalent(self) -> int:
        return sum(known is not None and known.equivalent for _, known in self.alive)

    @property
    def survived(self) -> int:
        return len(self.alive) - self.equivalent


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = MetadataWrapper(cst.parse_module(source))
    visitor = _Visitor(mutation_operators, IgnoredCode(set(), set(), set()))
    module = tree.visit(visitor)
    before = source.split("\n")
    for mutation in visitor.mutations:
        changed = module.deep_replace(mutation.original_node, mutation.mutated_node)
        assert isinstance(changed, cst.Module)
        after = changed.code.split("\n")
        start, end = _common(before, after), _common(before[::-1], after[::-1])
        was, becomes = (_text(lines[start : len(lines) - end]) for lines in (before, after))
        function = mutation.contained_by_top_level_function
        yield Mutant(function.name.value if function else "", start + 1, was, becomes, changed.code)


class _Visitor(MutationVisitor):
    """mutmut's, which leaves docstrings and annotations alone; this one also what an error says."""

    def on_visit(self, node: cst.CSTNode) -> bool:
        return not isinstance(node, cst.Raise) and super().on_visit(node)


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    """How many lines at the beginning are the same."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((i for i, (one, other) in pairs if one != other), min(len(before), len(after)))


def _text(lines: Sequence[str]) -> str:
    return "\n".join(line.strip() for line in lines)


def read_table() -> list[Known]:
    """The survivors that have been looked at."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    kinds = ((entry, kind == "equivalent") for kind in ("equivalent", "accepted") for entry in table[kind])
    return [Known(**entry | {"becomes": tuple(entry["becomes"]), "equivalent": same}) for entry, same in kinds]


class Loop:
    """Takes the place of pytest's own loop over the collected checks: runs them all for each mutant."""

    def __init__(self, exercises: Sequence[Exercise], jobs: int, done: Callable[[Exercise, Tally], None]) -> None:
        self.table = [entry for entry in read_table() if entry.exercise in {e.name for e in exercises}]
        self.tallies: dict[str, Tally] = {}
        self.fault = ""
        self._exercises = exercises
        self._jobs = jobs
        self._done = done

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.fault = str(report.longrepr)

    def pytest_internalerror(self, excrepr: object) -> bool:
        self.fault = str(excrepr)
        return True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge every mutant of every exercise."""
        for exercise in self._exercises:
            items = [
                item
                for item in session.items
                if item.path == exercise.check_file and getattr(item, "originalname", "") not in exercise.advisory
            ]
            if self.fault:
                break
            seconds = _seconds_of_reference(exercise, items)
            if seconds is None:
                self.fault = f"{exercise.name}: the reference fails its own checks; see `grade verify {exercise.name}`"
                break
            self.tallies[exercise.name] = tally = self._judged(exercise, items, EXTRA_SECONDS + 3 * seconds)
            self._done(exercise, tally)
        return True

    def _judged(self, exercise: Exercise, items: Sequence[pytest.Item], limit_seconds: float) -> Tally:
        tally = Tally()
        running: dict[int, Mutant] = {}
        waiting = mutants(exercise.reference.read_text(encoding="utf-8"))
        while True:
            while len(running) < self._jobs and (mutant := next(waiting, None)) is not None:
                running[_start(exercise, mutant.source, items, limit_seconds)] = mutant
                tally.mutants += 1
            if not running:
                return tally
            pid, status, used = os.wait3(0)
            mutant = running.pop(pid)
            if status == PASSED:
                known = next((entry for entry in self.table if entry.covers(exercise.name, mutant)), None)
                tally.alive.append((mutant, known))
            elif used.ru_utime + used.ru_stime >= limit_seconds:
                tally.timed_out.append(mutant)


def _seconds_of_reference(exercise: Exercise, items: Sequence[pytest.Item]) -> float | None:
    """What the checks of an exercise compute for its reference; None if it does not pass."""
    _, status, used = os.wait4(_start(exercise, exercise.reference.read_text(encoding="utf-8"), items, math.inf), 0)
    return used.ru_utime + used.ru_stime if status == PASSED else None


def _start(exercise: Exercise, source: str, items: Sequence[pytest.Item], limit_seconds: float) -> int:
    """Run the checks against this module in a process of its own; return its number."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # Ctrl-C would get lost in what fork does
    pid = os.fork()
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if pid:
            return pid
        if math.isfinite(limit_seconds):
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit_seconds),) * 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES,) * 2)
        os._exit(PASSED if _passes(exercise, source, items) else FAILED)
    finally:
        if not pid:  # nothing of this process goes on in that one
            os._exit(FAILED)


def _passes(exercise: Exercise, source: str, items: Sequence[pytest.Item]) -> bool:
    try:
        backend = WrongBackend(exercise, Wrong("mutant", "", "", "", source))
    except Exception:
        return False
    bridge.backends[exercise.module] = backend
    checks.session.set(backend)
    for item, following in pairwise([*items, None]):
        assert isinstance(item, pytest.Function)
        bridge.put_constants(item.module, exercise, backend)
        try:
            item.ihook.pytest_runtest_setup(item=item)
            with contextlib.suppress(pytest.skip.Exception):  # MNIST is not here
                item.ihook.pytest_runtest_call(item=item)
            item.ihook.pytest_runtest_teardown(item=item, nextitem=following)
        except (Exception, pytest.fail.Exception):
            return False
    return True


def judge(course: Course, exercises: Sequence[Exercise], jobs: int, done: Callable[[Exercise, Tally], None]) -> Loop:
    """Judge all mutants of these exercises, `jobs` at a time. `done` hears of each exercise as soon as it is over."""
    loop = Loop(exercises, jobs, done)
    blocked = (part for name in BLOCKED for part in ("-p", f"no:{name}"))
    options = [*blocked, "--import-mode=importlib", f"--rootdir={course.root}", f"--config-file={os.devnull}"]
    with bridge.serving(exercises, _no_objects):
        code = pytest.main([*options, "--noconftest", *(str(e.check_file) for e in exercises)], plugins=[loop])
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if loop.fault:
        raise SystemExit(loop.fault)
    return loop


def _no_objects(exercise: Exercise) -> Asks:
    raise NotImplementedError(f"{exercise.name} hands out objects, which no known-wrong solution can")


def share(tallies: Sequence[Tally]) -> float:
    """The part of the mutants that were killed, of those that could be."""
    killed, survived = sum(t.killed for t in tallies), sum(t.survived for t in tallies)
    return killed / (killed + survived) if killed + survived else 1.0


def row(name: str, tallies: Sequence[Tally]) -> str:
    """A line of the table."""
    counts = zip(*((t.mutants, t.killed, len(t.timed_out), t.equivalent, t.survived) for t in tallies), strict=True)
    numbers = "".join(f"{sum(column):>11}" for column in counts)
    return f"{name:<26}{numbers}{100 * share(tallies):>9.1f} %"


def chapters(course: Course, loop: Loop) -> dict[str, list[Tally]]:
    """The tallies of each chapter of which something was judged."""
    judged = {c.folder: [loop.tallies[e.name] for e in c.exercises if e.name in loop.tallies] for c in course.chapters}
    return {folder: tallies for folder, tallies in judged.items() if tallies}


def summary(course: Course, loop: Loop) -> Iterator[str]:
    """What is to be read at the end."""
    for name, tally in loop.tallies.items():
        yield from (f"Killed by time: {name}, {mutant}" for mutant in tally.timed_out)
    alive = [(name, *found) for name, tally in loop.tallies.items() for found in tally.alive]
    for name, mutant, known in sorted(alive, key=lambda found: ORDER.index(title(found[2]))):
        yield f"{title(known)}: {name}, {mutant}" + (f"\n  {known.reason}" if known else "")
    for entry, text in stale(loop):
        yield f"{TABLE.name}: {entry.exercise}: no mutant survives as {text!r}; remove the entry"
    head = "".join(f"{name:>11}" for name in ("mutants", "killed", "by time", "equivalent", "survived"))
    yield f"\n{'chapter':<26}{head}{'share':>11}"
    judged = chapters(course, loop)
    yield from (row(folder, tallies) for folder, tallies in judged.items())
    yield row("all", [tally for tallies in judged.values() for tally in tallies])


def title(known: Known | None) -> str:
    """What a survivor is."""
    if known is None:
        return "Survived"
    return "Equivalent" if known.equivalent else "Accepted"


def stale(loop: Loop) -> list[tuple[Known, str]]:
    """Entries of the table, and what they say of a mutant that did not survive or is none any more."""
    needed = {(id(known), mutant.becomes) for t in loop.tallies.values() for mutant, known in t.alive}
    return [(entry, text) for entry in loop.table for text in entry.becomes if (id(entry), text) not in needed]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("exercises", nargs="*", metavar="EXERCISE", help="names of exercises; all if left out")
    arguments.add_argument("--jobs", type=int, default=2, help="mutants at a time (2)")
    given = arguments.parse_args()
    course = read_course(bundled_root())
    if unknown := set(given.exercises).difference(e.name for e in course.exercises):
        arguments.error(f"no exercise is named {', '.join(sorted(unknown))}; see `grade list`")
    exercises = [e for e in course.exercises if not given.exercises or e.name in given.exercises]

    def done(exercise: Exercise, tally: Tally) -> None:
        print(row(exercise.name, [tally]), file=sys.stderr, flush=True)

    loop = judge(course, exercises, given.jobs, done)
    print("\n".join(summary(course, loop)))
    return int(any(share(tallies) < LEAST for tallies in chapters(course, loop).values()) or bool(stale(loop)))


if __name__ == "__main__":
    if any(name not in os.environ for name in ONE_THREAD):  # NumPy, which is loaded by now, reads them once
        os.execve(sys.executable, sys.orig_argv, dict.fromkeys(ONE_THREAD, "1") | os.environ)
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
    sys.exit(130)
