"""One exercise's learner process through all its checks: calls, deadlines, faults, what it printed. Runs in: checks."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import inf
from typing import Any, NoReturn

from msgspec import Struct
from msgspec.structs import replace

from grader import generators, mirror
from grader.arguments import snapshot, write_back
from grader.bridge import MissingConstant, MissingName
from grader.connection import Attention
from grader.course import Exercise
from grader.intake import Refusal, Submission
from grader.language import _, ngettext
from grader.process import LearnerProcess, ProcessFault
from grader.result import Outcome, Problem
from grader.trace import Entry, LearnerError, NotPlainData, Trace

EXERCISE_CHECKS_AT_LIMIT = 3  # an exercise may use the time limit of this many checks, then the rest is not run
LONGEST_ROAD_SECONDS = 0.002  # there and back, with nothing to carry
SLOWEST_ROAD_BYTES_PER_SECOND = 2e8
ONE_CALL = 0.9  # a call that took this share of a check's time is taken to hang


class LearnerGone(Exception):
    """Ends a check whose learner process is gone; what happened stands in `Session.fault`."""


class Step(Struct, frozen=True):
    """How far a long call of an exercise is: `done` of `total`, and a figure."""

    exercise: str
    done: int
    total: int
    text: str


class Session:
    """Serves one exercise. A process that ends is replaced before the next check; what hung is not called again.

    So is one that knows of a check which its learner sees later than the next one, or never (`openness`).
    """

    def __init__(
        self,
        exercise: Exercise,
        submission: Submission | Refusal,
        spawn: Callable[[], LearnerProcess],
        under_way: Callable[["Step"], None] = lambda _: None,
        attention: Attention | None = None,
    ) -> None:
        self.exercise = exercise
        self.submission = submission
        self.problem: Problem | None = None
        self.fault: ProcessFault | None = None
        self.trace = Trace()
        self.notes: list[str] = []
        self.learner_seconds = 0.0  # of the current check
        self.openness: Mapping[str, int] = {}  # how early its learner sees a check; all others under ""
        self._seen_least = inf  # of the checks for which the process was there
        self._spawn = spawn
        self._under_way = under_way
        self._attention = attention
        self._checks_at_limit: float = EXERCISE_CHECKS_AT_LIMIT
        self._process: LearnerProcess | None = None
        self._constants: dict[str, Any] = {}
        self._hung: dict[str, str] = {}  # a function, and the check in which it hung
        self._writable = False
        self._check = ""
        self._total_seconds = 0.0
        self._asking = False
        self._early_output = ""
        self._turn = threading.RLock()  # a check may use threads; a callback asks again from within

    # -- life of the process

    def load(self) -> None:
        """Start the process and run the learner's module in it. `problem` says why no check can run, if so."""
        if isinstance(self.submission, Refusal):
            self.problem = Problem(Outcome.REFUSED, self.submission.message)
            return
        self._process = self._spawn()
        if self._attention is not None:
            self._process.heed(self._attention)
        try:
            answer = self._run_module(self._process, self._as_module(self._process, self.submission))
        except ProcessFault as fault:
            self.problem = Problem(fault.outcome, self._import_fault(fault), output=self._process.take_output())
            self.close()
            return
        self._early_output = self._process.take_output()
        self._understand_load(answer)

    def _as_module(self, process: LearnerProcess, submission: Submission) -> Submission:
        """Of a notebook's cells what the exercise needs, as its process alone can tell. Raises ProcessFault."""
        if not submission.cells:
            return submission
        limits, text = self.exercise.limits, submission.sources[submission.module]
        names = [*self.exercise.functions, *self.exercise.constants]
        deadline = process.ready() + limits.seconds
        match process.ask("gather", text, [*submission.cells], names, limits.memory_mb, deadline=deadline):
            case ["value", bytes(kept), None]:
                return replace(submission, sources={**submission.sources, submission.module: kept})
        return submission

    def _run_module(self, process: LearnerProcess, submission: Submission) -> list[Any]:
        """Have the learner's module run. Raises ProcessFault."""
        limits = self.exercise.limits
        names = [*self.exercise.functions, *self.exercise.constants]
        module, deadline = self.exercise.module, process.ready() + limits.seconds
        return process.ask(
            "load", module, submission.sources, names, limits.memory_mb, submission.given, deadline=deadline
        )

    def _import_fault(self, fault: ProcessFault) -> str:
        said = _("while {file} was imported: {fault}")
        if fault.outcome is Outcome.TIMED_OUT:
            said = _("{file} did not finish importing within {seconds} s; is there an endless loop?")
        seconds = f"{self.exercise.limits.seconds:g}"
        return said.format(file=self.exercise.file_name, fault=fault.message, seconds=seconds)

    def _understand_load(self, answer: list[Any]) -> None:
        output = self._early_output
        match answer:
            case ["value", [list(missing), dict(constants)], None]:
                self._constants = constants
                lacking = {name for name in missing if type(name) is str}
                if lacking and lacking.issuperset(self.exercise.functions):
                    self.problem = Problem(Outcome.IMPORT_ERROR, self._missing_functions(), output=output)
            case ["error", dict(description)]:
                error = self._read_error(description)
                outcome = Outcome.OUT_OF_MEMORY if "MemoryError" in error.types else Outcome.IMPORT_ERROR
                assert isinstance(self.submission, Submission)
                what = mirror.explained(error, self.exercise.limits.memory_mb)
                sentences = (what, mirror.remedy(error), mirror.own_call(description, self.submission))
                self.problem = Problem(outcome, "; ".join(filter(None, sentences)), error.location, output)
            case _:
                said = _("the code broke the connection to the grader while it was imported")
                self.problem = Problem(Outcome.CRASHED, said, output=output)
        if self.problem is not None:
            self.close()

    def _read_error(self, description: dict[Any, Any]) -> LearnerError:
        assert isinstance(self.submission, Submission)
        return mirror.read_error(description, self.submission)

    def _missing_functions(self) -> str:
        names = [f"`{name}`" for name in self.exercise.functions]
        said = _("{file} defines no function {names}; keep the names of the stub")
        if len(names) > 1:
            said = _("{file} defines none of the functions {names}; keep the names of the stub")
        return said.format(file=self.exercise.file_name, names=", ".join(names))

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    # -- checks

    def begin(self, check: str) -> None:
        """Get ready for a check: a fresh trace, and a fresh process if the last one is gone."""
        self._check = check
        self.fault = None
        self.trace = Trace()
        self.notes = []
        self.learner_seconds = 0.0
        self._writable = False
        self._asking = False
        openness = self.openness.get(check.partition("[")[0], self.openness.get("", 0))
        if openness > self._seen_least:  # the code could tell there what it was asked before
            self.close()
            self._hung.clear()
            self._seen_least = inf
        self._seen_least = min(self._seen_least, openness)
        if self._process is None and self.problem is None:
            self.load()
        if self._process is not None:
            self._process.next_check()

    def take_output(self) -> str:
        """What was printed during this check, and before the first one."""
        early, self._early_output = self._early_output, ""
        return early + (self._process.take_output() if self._process is not None else "")

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:  # noqa: RET503
        """Call a learner's function. Raises what it raised, or LearnerGone."""
        if self.fault is not None or self._process is None:
            raise LearnerGone
        # what is written back later must not change the record of what went in
        entry = Entry(name, snapshot(args), snapshot(kwargs)) if self._writable else Entry(name, args, kwargs)
        self.trace.add(entry)
        if name in self._hung:
            self._give_up(self._hangs(name))
        answer = self._ask("call", name, list(args), kwargs, self._writable, function=name)
        generators.move_on((*args, *kwargs.values()))
        entry.finished = True
        match answer:
            case ["value", value, None]:
                entry.value = value
                return value
            case ["value", value, [tuple(changed_args), dict(changed_kwargs)]] if self._writable:
                write_back([args, kwargs], [changed_args, changed_kwargs])
                entry.value = value
                return value
            case ["error", dict(description)]:
                entry.error = self._read_error(description)
                raise mirror.exception(entry.error, description)
            case ["unsendable", str(what)]:
                entry.unsendable = what[:200]
                raise NotPlainData(what[:200])
            case ["missing", _]:
                entry.finished = False  # nothing was called, so nothing came back
                raise MissingName(self.exercise.module, name, is_function=True)
            case _:
                self._process.stop()
                self._give_up(ProcessFault(Outcome.CRASHED, _("the code broke the connection to the grader")))

    def _ask(self, kind: str, *payload: object, function: str = "") -> list[Any]:
        """Ask the process, on this check's time; one thread at a time. Raises LearnerGone when it can't answer."""
        with self._turn:
            return self._ask_in_turn(kind, *payload, function=function)

    def _ask_in_turn(self, kind: str, *payload: object, function: str) -> list[Any]:
        if self.fault is not None or self._process is None:
            raise LearnerGone
        start = time.monotonic()
        of_check = self.exercise.limits.seconds - self.learner_seconds
        of_exercise = self.exercise.limits.seconds * self._checks_at_limit - self._total_seconds
        if of_exercise <= 0:
            self._give_up(self._time_used_up())
        outermost, self._asking = not self._asking, True
        try:
            deadline = start + min(of_check, of_exercise)
            return self._process.ask(kind, *payload, deadline=deadline, writable=self._writable)
        except ProcessFault as fault:
            if fault.outcome is Outcome.SKIPPED:  # not wanted any more, and nor is what would come after it
                self.problem = Problem(Outcome.SKIPPED, fault.message)
            late = fault.outcome is Outcome.TIMED_OUT and function
            self._give_up(self._too_late(function, time.monotonic() - start, of_check > of_exercise) if late else fault)
        except KeyboardInterrupt:  # nobody shall wait for this process again, not even for a text to show
            self._process.stop()
            raise
        finally:
            if outermost:  # a call from within a callback is part of the call around it
                self._asking = False
                self.learner_seconds += time.monotonic() - start
                self._total_seconds += time.monotonic() - start

    def _too_late(self, function: str, took: float, exercise_is_over: bool) -> ProcessFault:
        """Say what took too long: one call, which is then never made again, the whole check, or the whole exercise."""
        limit = self.exercise.limits.seconds
        if took >= ONE_CALL * limit:
            self._hung[function] = self._check
            said = _("{function} had not come back after {seconds} s; is there an endless loop?")
            return ProcessFault(Outcome.TIMED_OUT, said.format(function=function, seconds=f"{limit:g}"))
        if exercise_is_over:
            return self._time_used_up()
        count = len(self.trace.entries) + self.trace.lost
        said = ngettext(
            "{count} call in this check took over {seconds} s together; make each one faster",
            "{count} calls in this check took over {seconds} s together; make each one faster",
            count,
        )
        return ProcessFault(Outcome.TIMED_OUT, said.format(count=count, seconds=f"{limit:g}"))

    def _hangs(self, function: str) -> ProcessFault:
        """For a function that hung in an earlier check."""
        said = _("not called again: {function} had not come back after {seconds} s in {check}")
        limit, check = self.exercise.limits.seconds, self._hung[function]
        return ProcessFault(Outcome.TIMED_OUT, said.format(function=function, seconds=f"{limit:g}", check=check))

    def _time_used_up(self) -> ProcessFault:
        total = self.exercise.limits.seconds * self._checks_at_limit
        said = _("the checks of this exercise have used up the {seconds} s that they share")
        return ProcessFault(Outcome.TIMED_OUT, said.format(seconds=f"{total:g}"))

    def _give_up(self, fault: ProcessFault) -> NoReturn:
        self.fault = self.fault or fault  # the first one is the cause of the others
        raise LearnerGone

    def end(self) -> str:
        """The check is over: what it printed. A process that is gone is cleared away."""
        output = self.take_output()
        if self._process is not None and not self._process.alive:
            self._process = None
        return output

    def constant(self, name: str) -> Any:
        if name in self._constants:
            return self._constants[name]
        return MissingConstant(self.exercise.module, name)

    # -- what `grader.checks` asks for

    def give_file(self, name: str, data: bytes) -> str:
        """Write a file in the learner's scratch folder. Returns its path there."""
        answer = self._ask("write_file", name, data)
        match answer:
            case ["value", str(path), None]:
                return path
        raise LearnerGone

    def echo_seconds(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> float:
        """Seconds that sending these arguments there and back takes; no more than it can take in good faith."""
        sent = [generators.blank(value) for value in (*args, *kwargs.values())]
        pieces = [] if self._process is None else self._process.codec.encode(["echo", 0, sent])
        start = time.perf_counter()
        self._ask("echo", sent)
        most = LONGEST_ROAD_SECONDS + sum(map(len, pieces)) / SLOWEST_ROAD_BYTES_PER_SECOND
        return min(time.perf_counter() - start, most)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def progress(self, done: int, total: int, text: str) -> None:
        self._under_way(Step(self.exercise.name, done, total, text))

    @contextmanager
    def writable_inputs(self) -> Iterator[None]:
        """Arrays go out writable, and what the learner's code writes into them is written back here."""
        self._writable = True
        try:
            yield
        finally:
            self._writable = False
