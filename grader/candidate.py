"""A known-wrong solution in the learner's place: it answers the checks in this very process. Runs in: checks."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from functools import cache
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from grader import generators, mirror
from grader.arguments import frozen
from grader.bridge import MissingConstant, MissingName
from grader.checks import course_root, give_file
from grader.course import Exercise, Wrong, bundled_root
from grader.references import built_of
from grader.trace import Entry, LearnerError, Trace, answers_alike


class Differs(BaseException):
    """A candidate answered otherwise. No Exception, so that neither a check nor a known-wrong solution catches it."""


class WrongBackend:
    """A known-wrong solution that answers the checks in this process, with the same rules as the learner's process.

    Once it answers otherwise than the learner's code did (`like`), the check is left by a Differs.
    """

    def __init__(self, exercise: Exercise, wrong: Wrong, like: Trace | None = None) -> None:
        self.trace = Trace()
        self._like = like
        self._module = ModuleType(exercise.module)
        self._writable = False
        root = course_root.get() or bundled_root()
        with np.errstate(all="ignore"), built_of(root, exercise.parts):
            exec(_code(wrong.name, wrong.source), vars(self._module))  # noqa: S102 - the author's own code

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
        except (Exception, SystemExit, GeneratorExit) as error:
            entry.error = _as_read(error)
            self._compare(entry, place)
            if not isinstance(error, Exception):  # as it is raised for the learner's code: it must not end the grader
                raise mirror.exception(entry.error, {}) from None
            error.learner_error = entry.error  # type: ignore[attr-defined]
            raise
        self._compare(entry, place)
        return entry.value

    def _compare(self, entry: Entry, place: int) -> None:
        entry.finished = True
        if self._like is not None and place < self._like.limit and not answers_alike(entry, self._like, place):
            raise Differs

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


@cache
def _code(name: str, source: str) -> CodeType:
    """It is run anew for every check, and compiled once. Raises SyntaxError."""
    return compile(source, f"{name}.py", "exec", dont_inherit=True)


def _as_read(error: BaseException) -> LearnerError:
    """What is kept of an exception, as if it had come over the wire."""
    kinds = tuple(kind.__name__ for kind in type(error).__mro__ if issubclass(kind, BaseException))
    return LearnerError(kinds, mirror.wording(kinds[0], str(error)))


def _as_sent(value: Any) -> Any:
    """What is left of a value after the wire: arrays are copied, and stay read-only where they were."""
    if type(value) is not np.ndarray:
        return value
    copied = value.copy()
    copied.flags.writeable = value.flags.writeable
    return copied
