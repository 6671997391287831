"""What the author of a check calls: comparisons that explain themselves. Runs in: checks, or plain pytest.

Every helper works in both places. Under the grader `session` holds its side of things: scratch files, the cost of the
bridge, writable inputs. Under plain pytest it is None, and the function under test runs in this very process.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NoReturn, Protocol

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from grader.explain import came_and_expected, close, differences, short
from grader.language import N_, _

RETURNED_NONE = N_("came back: None; expected {expected}. Did the function end without return?")
INT_BITS = 63  # what int64 holds
SPEED_ROUNDS = 7
SPEED_ATTEMPTS = 3
BASELINES = 3  # in each round: one that is measured once looks slow on a busy machine
ATTEMPT_SECONDS = 0.7  # an attempt ends here even with fewer rounds: checks have a deadline
HOPELESS = 4.0  # over this many times the budget, noise is no explanation and no further attempt is made
SHORTEST_BASELINE_SECONDS = 20e-6


class CheckFailed(AssertionError):
    """A demand that was not met, in parts, so that a report can lay them out."""

    def __init__(
        self, message: str, *, details: tuple[str, ...] = (), expected: str | None = None, actual: object = None
    ) -> None:
        super().__init__(message)
        self.message = message  # which demand broke, one line
        self.details = details  # how the values differ, a line each
        self.expected = expected
        self.actual = actual  # the very object that was judged

    def __str__(self) -> str:
        expected = () if self.expected is None else (f"expected: {self.expected}",)
        return "\n  ".join((self.message, *self.details, *expected))


class CheckSession(Protocol):
    """What the grader does for a running check."""

    def give_file(self, name: str, data: bytes) -> str:
        """Write a file into the learner's scratch folder and return its path there."""

    def echo_seconds(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> float:
        """Seconds that the same arguments take to the learner's process and back, without any work done."""

    def note(self, text: str) -> None:
        """Show a figure with the check."""

    def progress(self, done: int, total: int, text: str) -> None:
        """Show how far a long call is."""

    def writable_inputs(self) -> AbstractContextManager[None]:
        """While open, arrays go out writable, and what a call changed is written back into the caller's arrays."""


session: ContextVar[CheckSession | None] = ContextVar("session", default=None)
course_root: ContextVar[Path | None] = ContextVar("course_root", default=None)  # None: the packaged course
data_dir: ContextVar[Path | None] = ContextVar("data_dir", default=None)  # None: the usual places


# Values


def assert_close(actual: object, expected: ArrayLike, *, rtol: float = 1e-9, atol: float = 0.0, law: str = "") -> None:
    """Demand |actual - expected| <= atol + rtol * |expected| everywhere, with NaN and infinities in the same places.

    `actual` must be a numeric array of expected's shape; where that is (), a real number will do. True and False are
    numbers only where `expected` has them. `law` says in a sentence what was broken: "each row sums to 1".
    """
    __tracebackhide__ = True
    wanted = np.asarray(expected)
    if wanted.dtype.kind not in "biufc":
        raise TypeError(f"assert_close: expected must be numbers, not {short(expected)}")
    problem = next(_wrong_kinds(actual, wanted), "")
    if problem:
        message = f"{law}: {problem}" if law else problem
        raise CheckFailed(message, expected=_shown(wanted), actual=actual)
    came = _as_array(actual)
    if came.shape == wanted.shape and close(came, wanted, rtol=rtol, atol=atol).all():
        return
    lines = differences(came, wanted, rtol=rtol, atol=atol)
    if law and not wanted.ndim:  # both numbers are shown anyway
        values = came_and_expected(_shown(came), _shown(wanted))
        lines = tuple(line for line in lines if line != values)
    message, *details = (law, *lines) if law else lines
    raise CheckFailed(message, details=tuple(details), expected=_shown(wanted), actual=actual)


def _shown(wanted: NDArray[Any]) -> str:
    """A value that came or is expected; a number on its own is shown as one."""
    return short(wanted if wanted.ndim else wanted[()])


def _wrong_kinds(actual: object, wanted: NDArray[Any]) -> Iterator[str]:
    """Why `actual` cannot be compared with `wanted` at all; the first reason is the one to tell."""
    target = _("an array of shape {shape}").format(shape=wanted.shape) if wanted.ndim else _("a number")
    number = isinstance(actual, int | float | complex | np.number | np.bool_)
    if actual is None:
        yield _(RETURNED_NONE).format(expected=target)
    if not number and not isinstance(actual, np.ndarray):
        yield _returned(_kind(actual), target)
    if number and wanted.ndim:
        yield _("returned one number, {came}; expected {expected}").format(came=short(actual, 40), expected=target)
    kind = _as_array(actual).dtype.kind
    if kind == "O" and number:
        yield _("returned {came}; expected {expected} that a float can hold").format(
            came=short(actual, 40), expected=target
        )
    if kind not in "biufc":
        numbers = _("{array} of numbers").format(array=target) if wanted.ndim else target
        yield _returned(_array_of(kind), numbers)
    if kind == "b" and wanted.dtype.kind != "b":
        yield _returned(_("an array of True and False") if wanted.ndim else short(actual), target)
    if kind == "c" and wanted.dtype.kind != "c":
        yield _("returned complex numbers; expected {expected}, real").format(expected=target)


def _returned(came: str, expected: str) -> str:
    return _("returned {came}; expected {expected}").format(came=came, expected=expected)


def _as_array(value: object) -> NDArray[Any]:
    """NumPy's array of the value; a Python int beyond 64 bits as a float, and as an object where that is too small."""
    with suppress(OverflowError):
        return np.asarray(float(value) if isinstance(value, int) and value.bit_length() > INT_BITS else value)
    return np.asarray(value)


def _kind(value: object) -> str:
    """A value's type with its article: a list, an int, a str."""
    if isinstance(value, np.ndarray):
        return _("an array")
    name = type(value).__name__
    return (_("an {type}") if _has_vowel(name) else _("a {type}")).format(type=name)


def _has_vowel(noun: str) -> bool:
    """Whether a name takes the article "an"."""
    return noun[:1].lower() in tuple("aeiou") and not noun.startswith("uint")


def _array_of(kind: str) -> str:
    names = {
        "O": _("an array of Python objects (rows of different length?)"),
        "U": _("an array of strings"),
        "S": _("an array of bytes"),
        "V": _("an array of records"),
    }
    return names.get(kind, _("an array of dates"))


def _wanted_array(shape: tuple[int, ...] | None, dtype: DTypeLike | None) -> str:
    """What `assert_array` asks for, in words."""
    array = _("an array")
    if dtype is not None:
        name = str(np.dtype(dtype))
        array = (_("an {dtype} array") if _has_vowel(name) else _("a {dtype} array")).format(dtype=name)
    return array if shape is None else _("{array} of shape {shape}").format(array=array, shape=shape)


def assert_array(
    actual: object, *, shape: tuple[int, ...] | None = None, dtype: DTypeLike | None = None
) -> NDArray[Any]:
    """Demand an array of this shape and of exactly this dtype, and return it; a NumPy scalar has shape ()."""
    __tracebackhide__ = True
    wanted = _wanted_array(shape, dtype)
    if actual is None:
        _fail(_(RETURNED_NONE).format(expected=wanted), wanted, actual)
    if not isinstance(actual, np.ndarray) and not (shape == () and isinstance(actual, np.generic)):
        _fail(_returned(_kind(actual), wanted), wanted, actual)
    array = np.asarray(actual)
    if array.dtype.kind == "O":
        _fail(_returned(_array_of("O"), wanted), wanted, actual)
    if shape is not None and array.shape != shape:
        _fail(_("shape {came}; expected {expected}").format(came=array.shape, expected=shape), wanted, actual)
    if dtype is not None and array.dtype != np.dtype(dtype):
        said = _("dtype {came}; expected {expected}").format(came=array.dtype, expected=np.dtype(dtype))
        _fail(said, wanted, actual)
    return array


def assert_number(actual: object, *, kind: type = float) -> None:
    """Demand exactly a Python number of this kind; a NumPy float64 is a float, True is no number."""
    __tracebackhide__ = True
    if type(actual) is kind or (kind is float and type(actual) is np.float64):
        return
    wanted = _("a Python {type}").format(type=kind.__name__)
    if actual is None:
        _fail(_(RETURNED_NONE).format(expected=wanted), wanted, actual)
    said = _("returned {came}; expected {expected}")
    if isinstance(actual, np.generic | np.ndarray | int | float):
        said = _("returned {came}; expected {expected}; {type}(…) makes one")
    _fail(said.format(came=_kind(actual), expected=wanted, type=kind.__name__), wanted, actual)


def _fail(message: str, expected: str, actual: object) -> NoReturn:
    __tracebackhide__ = True
    raise CheckFailed(message, expected=expected, actual=actual)


# Inputs


def assert_inputs_unchanged(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call `function` with writable copies of all arrays, also those in lists, tuples and dicts; return its result.

    Demands that every array is afterwards what it was before, to the last bit.
    """
    __tracebackhide__ = True
    handed: dict[int, _Handed] = {}
    own_args = [
        _writable(value, _("argument {number}").format(number=i), handed) for i, value in enumerate(args, start=1)
    ]
    own_kwargs = {key: _writable(value, key, handed) for key, value in kwargs.items()}
    now = session.get()
    with now.writable_inputs() if now else nullcontext():
        result = function(*own_args, **own_kwargs)
    for array in handed.values():
        change = array.change()
        if change:
            said = _("{argument} was changed: {change}").format(argument=array.name, change=change)
            _fail(said, _("inputs stay as they are"), result)
    return result


class _Handed:
    """An array as it was, the copy that was handed out, and what a reader calls it."""

    def __init__(self, original: NDArray[Any], name: str) -> None:
        self.original = original  # kept alive as well: its id stands for it
        self.copy = original.copy(order="K")
        self.before = original.copy(order="K")
        self.name = name

    def change(self) -> str:
        """What differs now, or nothing."""
        if self.copy.shape != self.before.shape or self.copy.dtype != self.before.dtype:
            return _("it is now {value}").format(value=short(self.copy))
        if self.copy.tobytes() == self.before.tobytes():
            return ""
        changed = np.argwhere(np.atleast_1d((self.copy != self.before) & ~_both_nan(self.copy, self.before)))
        if not len(changed):
            return _("the sign of a zero, or a NaN")
        place = tuple(int(i) for i in changed[0][: self.copy.ndim])
        said = _("{before} at {place} became {after}") if place else _("{before} became {after}")
        return said.format(before=short(self.before[place]), place=list(place), after=short(self.copy[place]))


def _both_nan(one: NDArray[Any], other: NDArray[Any]) -> Any:
    return (one != one) & (other != other)  # noqa: PLR0124  NaN alone differs from itself, in every dtype


def _writable(value: Any, name: str, handed: dict[int, _Handed]) -> Any:
    """The same structure with copies of its arrays; an array that occurs twice is copied once."""
    if isinstance(value, np.ndarray):
        return handed.setdefault(id(value), _Handed(value, name)).copy
    if type(value) is dict:
        return {key: _writable(inner, f"{name}[{short(key, 40)}]", handed) for key, inner in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_writable(inner, f"{name}[{i}]", handed) for i, inner in enumerate(value))
    return value


# Speed


def assert_fast(
    function: Callable[..., Any], baseline: Callable[..., Any], *args: Any, budget: float = 25.0, **kwargs: Any
) -> None:
    """Demand that `function`, without the way to it and back, takes at most `budget` times as long as `baseline`.

    Best of seven interleaved rounds, in up to three attempts: a busy machine slows both, and rarely three times.
    """
    __tracebackhide__ = True
    ratio = np.inf
    for _attempt in range(SPEED_ATTEMPTS):
        ratio = min(ratio, _speed_ratio(function, baseline, args, kwargs))
        if ratio <= budget:
            return
        if ratio > HOPELESS * budget:
            break
    said = _("right, but {ratio} times slower than one vectorised call ({budget} times is allowed)")
    expected = _("at most {budget} times the time of one vectorised call")
    raise CheckFailed(
        said.format(ratio=f"{float(f'{ratio:.2g}'):g}", budget=f"{budget:g}"),
        expected=expected.format(budget=f"{budget:g}"),
    )


def _speed_ratio(
    function: Callable[..., Any], baseline: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> float:
    now = session.get()
    until = time.perf_counter() + ATTEMPT_SECONDS
    own, way, base = np.inf, np.inf, np.inf
    for _round in range(SPEED_ROUNDS):
        seconds, result = _timed(function, args, kwargs)
        own = min(own, seconds)
        way = min(way, (now.echo_seconds(args, kwargs) + now.echo_seconds((result,), {})) / 2 if now else 0.0)
        base = min(base, *(_timed(baseline, args, kwargs)[0] for _ in range(BASELINES)))
        if time.perf_counter() > until:
            break
    return max(own - way, 0.0) / max(base, SHORTEST_BASELINE_SECONDS)


def _timed(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[float, Any]:
    """Seconds that a call takes, and its result."""
    start = time.perf_counter()
    result = function(*args, **kwargs)
    return time.perf_counter() - start, result


# Course, files, data, notes


def reference(name: str) -> ModuleType:
    """The reference module of an exercise, by the exercise's name: `reference("softmax").softmax(x)`.

    Never the learner's: it has a private name, and `import softmax` is not touched. Raises CourseError.
    """
    from grader.course import bundled_root
    from grader.references import load_reference

    return load_reference(course_root.get() or bundled_root(), name)


def give_file(name: str, data: bytes) -> str:
    """Write a file where the learner's function can read it; return the path to hand to that function."""
    if not name or Path(name).name != name or name in (".", ".."):
        raise ValueError(f"give_file: name = {name!r}; give a plain file name without folders")
    now = session.get()
    if now is not None:
        return now.give_file(name, data)
    path = Path(tempfile.mkdtemp(dir=_scratch().name)) / name
    path.write_bytes(data)
    return str(path)


@cache
def _scratch() -> "tempfile.TemporaryDirectory[str]":
    """This process's own folder for given files under plain pytest; removed when the process ends."""
    return tempfile.TemporaryDirectory(prefix="neurograde-")


def mnist(part: Literal["train", "test"]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The real MNIST images, uint8 (N, 28, 28), and labels, uint8 (N,), read-only; skips the check where absent."""
    __tracebackhide__ = True
    from grader.data import find_mnist, load_mnist

    folder = find_mnist(data_dir.get())
    if folder is None:
        import pytest

        pytest.skip(_("MNIST is not here: see `grade data`"))
    return load_mnist(part, folder)


def has_mnist() -> bool:
    """Whether the real MNIST is here, for a check that can do with less."""
    from grader.data import find_mnist

    return find_mnist(data_dir.get()) is not None


def progress(done: int, total: int, text: str) -> None:
    """Show how far a long call is while it runs, from a function that the check gives: 3 of 10, "accuracy 0.95"."""
    now = session.get()
    if now is not None:
        now.progress(done, total, text)


def note(text: str) -> None:
    """Show a figure with the check, also when it passes: "accuracy 97.5 % on 10,000 images"."""
    now = session.get()
    if now is not None:
        now.note(text)
