"""Two processes: a learner's checks in one, the solution that they judge in the other. Runs in: checks.

Neither sees the other. What the checks ask of the solution passes through here as plain data, and so does what the
solution asks of a function that a check gave it. The solution is the author's own code, but its arguments are the
learner's: so it too runs shut in, with a limit of memory, and can be ended.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

from grader import generators, mirror, wire
from grader.course import OWN_CHECKS, Exercise, Wrong
from grader.errors import CourseError
from grader.intake import Submission
from grader.language import _
from grader.process import LearnerProcess, ProcessFault
from grader.result import Outcome
from grader.trace import LearnerError

_BLACK_BOX = "_neurograde_black_box"
_MAIN = "_neurograde_challenge"
_MAIN_TEXT = f"from {_BLACK_BOX} import call_function, check_names, run_check\n"
_MOST_NAMES = 200


class Pair:
    """One learner's checks and one solution after another. A process that is gone is replaced before the next run."""

    def __init__(
        self, exercise: Exercise, files: Submission, parts: Mapping[str, bytes], spawn: Callable[[], LearnerProcess]
    ) -> None:
        """`files`: the checks and what lies beside them; `parts`: modules that the solutions may import."""
        own = {name: text for name, text in files.sources.items() if name not in (exercise.module, _MAIN, _BLACK_BOX)}
        self.output = ""  # what the checks printed in the latest run
        self._exercise = exercise
        self._files = Submission(OWN_CHECKS, own)
        self._parts = dict(parts)
        self._spawn = spawn
        self._checks: LearnerProcess | None = None
        self._solution: LearnerProcess | None = None
        self._deadline = 0.0
        self._functions: dict[int, _CheckFunction] = {}
        self._answer_call = self._call  # one object, that it is given one number

    def names(self, solution: Wrong, seconds: float) -> list[str] | LearnerError:  # noqa: RET503
        """The names of the checks, or what was raised while their file was imported. Raises ProcessFault."""
        match self._ask("check_names", (), solution, seconds):
            case ["value", list(names), None] if len(names) <= _MOST_NAMES and all(map(_is_name, names)):
                return list(dict.fromkeys(names))
            case ["error", dict(description)]:
                return mirror.read_error(description, self._files)
        self._broken()

    def judge(self, check: str, solution: Wrong, seconds: float) -> LearnerError | None:  # noqa: RET503
        """What a check raised for a solution; None where it passed.

        Raises ProcessFault where it came to no end within so many seconds, or ended the process.
        """
        match self._ask("run_check", (check,), solution, seconds):
            case ["value", None, None]:
                return None
            case ["error", dict(description)]:
                return mirror.read_error(description, self._files)
        self._broken()

    def close(self) -> None:
        """End both processes."""
        for process in (self._checks, self._solution):
            if process is not None:
                process.stop()
        self._checks = self._solution = None

    def _broken(self) -> NoReturn:
        self.close()
        raise ProcessFault(Outcome.CRASHED, _("the code broke the connection to the grader"))

    # -- one run

    def _ask(self, function: str, args: tuple[Any, ...], solution: Wrong, seconds: float) -> list[Any]:
        self._functions = {}
        self.output = ""
        constants = self._put(solution)
        checks = self._started()
        own = [OWN_CHECKS, *(name for name in self._files.sources if name != OWN_CHECKS)]
        box = self._answer_call, self._exercise.module, list(self._exercise.functions), constants
        checks.next_check()
        self._deadline = time.monotonic() + seconds
        try:
            answer = checks.ask("call", function, (own, *args, *box), {}, False, deadline=self._deadline)
        except BaseException:  # the one may be in the middle of a call of the other
            self.close()
            raise
        finally:
            self.output = checks.take_output()
        return answer

    def _started(self) -> LearnerProcess:
        """The checks' process, with what they need in it, and none of them imported yet."""
        if self._checks is None:
            self._checks = self._spawn()
            sources = {**self._files.sources, _MAIN: _MAIN_TEXT.encode()}
            given = {_BLACK_BOX: Path(__file__).with_name("black_box.py").read_bytes()}
            self._load(self._checks, _MAIN, sources, [], given)
        return self._checks

    def _put(self, solution: Wrong) -> dict[str, Any]:
        """Have a solution run, as a module that nobody has used. Returns its constants."""
        if self._solution is None:
            self._solution = self._spawn()
        self._solution.next_check()
        module, names = self._exercise.module, [*self._exercise.functions, *self._exercise.constants]
        answer = self._load(self._solution, module, {module: solution.source.encode()}, names, self._parts)
        match answer:
            case ["value", [list(), dict(constants)], None]:
                return {name: value for name, value in constants.items() if name in self._exercise.constants}
        name = self._exercise.name
        raise CourseError(f"{name}: its solution {solution.name!r} can't be imported; `grade verify {name}` says why")

    def _load(
        self, process: LearnerProcess, module: str, sources: dict[str, bytes], names: list[str], given: dict[str, bytes]
    ) -> list[Any]:
        limits = self._exercise.limits
        deadline = process.ready() + limits.seconds
        try:
            return process.ask("load", module, sources, names, limits.memory_mb, given, deadline=deadline)
        except BaseException:
            self.close()
            raise

    # -- what passes between the two

    def _call(self, name: str, args: Any, kwargs: Any) -> list[Any]:
        """A call of a check's, made of the solution: the answer as `grader.challenge.black_box` describes it."""
        if name not in self._exercise.functions or type(args) is not tuple or type(kwargs) is not dict:
            raise wire.WireError("it called a function that the solution does not have")
        assert self._solution is not None
        args, kwargs = self._given(args), self._given(kwargs)
        answer = self._solution.ask("call", name, args, kwargs, True, deadline=self._deadline, writable=True)
        match answer:
            case ["value", value, [tuple(changed), dict(named)]]:
                return ["value", _told(value), _told(list(changed)), _told(named)]
            case ["error", {"types": list(types), "message": str(text), "args": list(raised)}]:
                return ["raised", types, text, raised]
            case ["unsendable", str(what)]:
                return ["raised", ["AssertionError"], f"{name} returned {what}, which is no plain data", []]
        return ["raised", ["AttributeError"], f"there is no function {name}", []]

    def _given(self, value: Any) -> Any:
        """An argument as the solution gets it."""
        match value:
            case list() | tuple():
                return type(value)(map(self._given, value))
            case dict():
                return {key: self._given(item) for key, item in value.items()}
            case SimpleNamespace():
                return self._named(vars(value))
        return value

    def _named(self, entries: dict[str, Any]) -> Any:
        match entries:
            case {"function_of_the_check": int(number)}:
                return self._functions.setdefault(number, _CheckFunction(self, number))
            case {"generator_of_the_check": [str(name), dict(state)]}:
                return generators.checked(name, state)
            case {"file_of_the_check": [str() | Path() as path, bytes(data)]}:
                return type(path)(self._file(str(path), data))
        return SimpleNamespace(**self._given(entries))

    def _file(self, path: str, data: bytes) -> str:
        assert self._solution is not None
        match self._solution.ask("write_file", path, data, deadline=self._deadline):
            case ["value", str(there), None]:
                return there
        raise OSError(f"{path} could not be handed over")

    def call_function(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the check's, for the solution. Raises what it raises, by name."""
        assert self._checks is not None
        given = number, args, kwargs
        match self._checks.ask("call", "call_function", given, {}, False, deadline=self._deadline):
            case ["value", value, None]:
                return value
            case ["error", dict(description)]:
                raise mirror.exception(mirror.read_error(description, self._files), description)
            case ["unsendable", str(what)]:
                raise TypeError(f"the function of the check returned {what}")
        raise RuntimeError("the function of the check gave no answer")


class _CheckFunction:
    """A function of the check's, as it is handed to the solution."""

    def __init__(self, pair: Pair, number: int) -> None:
        self._pair = pair
        self.number = number

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._pair.call_function(self.number, args, kwargs)


def _told(value: Any) -> Any:
    """An answer of the solution's as the checks get it: their own functions by number."""
    match value:
        case _CheckFunction():
            return SimpleNamespace(function_of_the_check=value.number)
        case list() | tuple():
            return type(value)(map(_told, value))
        case dict():
            return {key: _told(item) for key, item in value.items()}
        case SimpleNamespace():
            return SimpleNamespace(**_told(vars(value)))
    return value


def _is_name(text: object) -> bool:
    return type(text) is str and text.isidentifier() and len(text) <= mirror.LONGEST_NAME
