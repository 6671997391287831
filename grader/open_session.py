"""A learner's process that hands out objects, through all the checks of an exercise or a suite. Runs in: checks."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from grader.arguments import snapshot
from grader.bridge import MissingConstant
from grader.connection import Attention
from grader.course import Exercise
from grader.given import Given
from grader.intake import Refusal, Submission
from grader.language import _
from grader.process import LearnerProcess, ProcessFault
from grader.remote import RemoteType, handle_of, stands_in
from grader.result import Outcome
from grader.session import EXERCISE_CHECKS_AT_LIMIT, LearnerGone, Session
from grader.trace import Entry, NotPlainData

_FOLDER = "code"
_NOT_FOR_TESTS = (KeyboardInterrupt, GeneratorExit)  # they would end more than the check


class OpenSession(Session):
    """Serves modules whose objects stay in the process. `files` come beside the submission's sources, by path."""

    def __init__(
        self,
        exercise: Exercise,
        submission: Submission | Refusal,
        spawn: Callable[[], LearnerProcess],
        *,
        served: frozenset[str],
        files: Mapping[str, bytes] | None = None,
        floats_raise: bool = True,
        checks_at_limit: float = EXERCISE_CHECKS_AT_LIMIT,
        keeps_calls: bool = True,
        attention: Attention | None = None,
    ) -> None:
        super().__init__(exercise, submission, spawn, attention=attention)
        self._checks_at_limit = checks_at_limit
        self._keeps_calls = keeps_calls
        self._names: dict[int, str] = {}  # number of an object -> the name under which a module has it
        self._labels: dict[int, str] = {}  # number of any other -> the name of the attribute
        self._served = served
        self._files = dict(files or {})
        self._floats_raise = floats_raise
        self.before_asking: Callable[[], None] = lambda: None
        self._given: Given | None = None
        self._mirrors: dict[tuple[str, str], RemoteType] = {}

    def _run_module(self, process: LearnerProcess, submission: Submission) -> list[Any]:
        limits = self.exercise.limits
        process.ready()
        deadline = time.monotonic() + limits.seconds
        sources = {f"{name}.py": text for name, text in submission.sources.items()}
        for path, data in (sources | self._files).items():
            process.ask("write_file", f"{_FOLDER}/{path}", data, deadline=deadline)
        process.ask("open", _FOLDER, sorted(self._served), limits.memory_mb, self._floats_raise, deadline=deadline)
        given = Given(self.do, self._served, self._lost, self._mirrors)
        if self._given is not None:
            self._given.successor = given
        self._given = process.codec = given
        self._names.clear()
        self._labels.clear()
        if self.exercise.functions:
            answer = process.ask("do", "import", self.exercise.module, deadline=deadline)
            return self._as_loaded(answer)
        return ["value", [[], {}], None]

    def _as_loaded(self, answer: list[Any]) -> list[Any]:
        match answer:
            case ["value", list(names), None]:
                return ["value", [[name for name in self.exercise.functions if name not in names], {}], None]
            case ["error", dict(description), *_]:
                return ["error", description]
        return answer

    def do(self, operation: str, *payload: Any) -> Any:
        """Have the process perform an operation. Raises what that raised there, or LearnerGone."""
        match operation, payload:
            case "find", [str(module), str(name)] if self.problem is not None:
                return MissingConstant(module, name)
            case "import", _ if self.problem is not None:
                return []
        if self.fault is not None or self._process is None:
            raise LearnerGone
        self.before_asking()
        name, entry = self._entry(operation, payload)
        if name in self._hung:
            self._give_up(self._hangs(name))
        answer = self._ask("do", operation, *payload, function=name)
        entry.finished = True
        match answer:
            case ["value", value, None]:
                entry.value = value if self._keeps_calls else None
                if operation in ("find", "getattr") and stands_in(value):
                    names = self._names if operation == "find" else self._labels
                    names[handle_of(value).number] = str(payload[1])
                return value
            case ["error", dict(description), BaseException() as error, cause, bool(hidden)]:
                entry.error = self._read_error(description)
                if (
                    operation == "find"
                    and payload[1] in self.exercise.functions
                    and entry.error.kind == "AttributeError"
                ):
                    return MissingConstant(str(payload[0]), str(payload[1]))
                raise self._ready_to_raise(error, cause, hidden, entry)
            case ["unsendable", str(what)]:
                entry.unsendable = what[:200]
                raise NotPlainData(what[:200])
        self._process.stop()
        return self._give_up(ProcessFault(Outcome.CRASHED, _("the code broke the connection to the grader")))

    def _entry(self, operation: str, payload: tuple[Any, ...]) -> tuple[str, Entry]:
        """The record of a call, and the name of what is called; other operations are not recorded."""
        match operation, payload:
            case ("call", (int(number), tuple(args), tuple(named))):
                name = self._names.get(number, "")
            case ("special", (int(number), "__call__", tuple(args), tuple(named))):
                name = self._names.get(number, "")
            case _:
                return "", Entry("", (), {})
        if not self._keeps_calls:
            return name, Entry(name, (), {})
        entry = Entry(name or self._labels.get(number, "call"), snapshot(args), snapshot(dict(named)))
        self.trace.add(entry)
        return name, entry

    def _ready_to_raise(self, error: BaseException, cause: Any, hidden: bool, entry: Entry) -> BaseException:
        if isinstance(error, _NOT_FOR_TESTS):
            error = RuntimeError(f"the code raised {type(error).__name__}")
        error.learner_error = entry.error  # type: ignore[attr-defined]
        error.__cause__ = cause if isinstance(cause, BaseException) else None
        error.__suppress_context__ = hidden
        return error

    def _lost(self) -> Exception:
        """For an object of a process that has ended: the check that ended it has said so; this one can't go on."""
        said = _("the object that this check uses lived in a process that an earlier check has ended")
        self.fault = self.fault or ProcessFault(Outcome.CRASHED, said)
        return LearnerGone()

    def name_found(self, module: str, name: str, value: Any) -> Any:
        """Remember under which name an object was got: by it, it is found in a process that replaces this one."""
        if stands_in(value):
            handle_of(value).origin = module, name
        return value
