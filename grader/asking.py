"""What the author of a picture calls to ask the learner's functions: `ask`, `ask_each`. Runs in: checks.

What comes back may be anything, and is believed for nothing: an `Answer` keeps it, and `Answer.numbers` brings it to
the shape that is drawn, or to NaN with a note. Notes are sentences for the learner that stand below the picture.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bridge import MissingName
from grader.explain import clip, short
from grader.figures import MOST_NOTES
from grader.language import _
from grader.session import LearnerGone
from grader.shorten import shown_dtype
from grader.trace import NotPlainData

LONGEST_AXIS = 10_000  # of what comes back where the author leaves its length open
MOST_ASKED = 2000  # calls of one `ask_each`
_NOTE = 200  # characters
_notes: ContextVar[list[str] | None] = ContextVar("notes", default=None)


class NoPicture(Exception):
    """There is nothing to draw; the text says why, with or without a full stop."""


@contextmanager
def noting() -> Iterator[list[str]]:
    """Collect what goes wrong in calls, a sentence each; each once, and only so many."""
    notes: list[str] = []
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def _note(text: str) -> None:
    notes = _notes.get()
    text = clip(text, _NOTE)
    if notes is not None and text not in notes and len(notes) < MOST_NOTES:
        notes.append(text)


class Answer:
    """What a learner's function returned; it may be anything. `ok` is False where nothing came back."""

    def __init__(self, name: str, value: Any = None, *, ok: bool = True) -> None:
        self.name = name  # "softmax"
        self.value = value
        self.ok = ok

    def item(self, place: int) -> "Answer":
        """The item at a place of a tuple or list; an answer that is not ok, with a note, where there is none."""
        if not self.ok:
            return self
        if isinstance(self.value, tuple | list) and -len(self.value) <= place < len(self.value):
            return Answer(self.name, self.value[place])
        said = _("{function} returned {value}; the picture needs a tuple with an item [{place}].")
        _note(said.format(function=self.name, value=_shown(self.value), place=place))
        return Answer(self.name, ok=False)

    def numbers(self, *shape: int | None) -> NDArray[np.float64]:
        """The answer as float64 of this shape, a copy; NaN everywhere, and a note, where it is something else.

        None stands for any length from 1 to 10,000 along an axis; where nothing came back, for 1. No shape: a number.
        Lists of numbers will do. Infinities stay; they are gaps when drawn.
        """
        if self.ok:
            found = _floats(self.value, shape)
            if found is not None:
                return found
            wanted = _("an array of shape {shape}").format(shape=_shape_text(shape)) if shape else _("a number")
            said = _("{function} returned {value}; the picture needs {wanted}.")
            _note(said.format(function=self.name, value=_shown(self.value), wanted=wanted))
        return np.full([1 if length is None else length for length in shape], np.nan)


def ask(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Answer:
    """Call a learner's function. Where it raises, the answer is not `ok`, and a note says what was raised.

    Raises NoPicture where it is not written yet or missing; what ends its process or its time ends the picture.
    """
    name = function.__name__
    try:
        return Answer(name, function(*args, **kwargs))
    except (LearnerGone, NoPicture):
        raise
    except MissingName as error:
        raise NoPicture(str(error)) from None
    except NotPlainData as error:
        _note(_("{function} {reason}.").format(function=name, reason=error))
    except Exception as error:
        learner_error = getattr(error, "learner_error", error)
        kind = getattr(learner_error, "kind", type(error).__name__)
        if kind == "NotImplementedError":
            raise NoPicture(_("{function} is not written yet.").format(function=name)) from None
        said = f"{kind}: {error}" if str(error) else kind
        _note(_("{function} raised {error}").format(function=name, error=said))
    return Answer(name, ok=False)


def ask_each(function: Callable[..., Any], inputs: Iterable[Any]) -> NDArray[np.float64]:
    """A number for each input, asked for one by one: NaN where the function raises or gives none.

    A tuple is several arguments. For at most 2,000 inputs; a call takes about 0.1 ms.
    """
    asked = list(inputs)
    if len(asked) > MOST_ASKED:
        raise ValueError(f"{len(asked)} calls of {function.__name__}; a picture may make {MOST_ASKED} in a row")
    answers = (ask(function, *(one if type(one) is tuple else (one,))) for one in asked)
    return np.array([float(answer.numbers()) for answer in answers])


def _floats(value: Any, shape: Sequence[int | None]) -> NDArray[np.float64] | None:
    """The value as float64 of this shape; None where it is something else. Costs no more than the shape says."""
    if isinstance(value, np.ndarray | np.generic):
        if value.dtype.kind not in "biuf" or not _fits(value.shape, shape):
            return None
        with np.errstate(all="ignore"):
            return np.array(value, dtype=np.float64)
    if not shape:
        return _float(value)
    if not isinstance(value, list | tuple) or not _fits((len(value),), shape[:1]):
        return None
    rows: list[NDArray[np.float64]] = []
    for inner in value:
        row = _floats(inner, shape[1:])
        if row is None or (rows and row.shape != rows[0].shape):
            return None
        rows.append(row)
    return np.array(rows)


def _float(value: Any) -> NDArray[np.float64] | None:
    if not isinstance(value, int | float):
        return None
    try:
        return np.array(float(value))
    except OverflowError:
        return np.array(np.inf)


def _fits(found: Sequence[int], shape: Sequence[int | None]) -> bool:
    return len(found) == len(shape) and all(
        0 < length <= LONGEST_AXIS if wanted is None else length == wanted
        for length, wanted in zip(found, shape, strict=True)
    )


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.ndim:
        said = _("an array of shape {shape}, {dtype}")
        return said.format(shape=value.shape, dtype=clip(shown_dtype(value.dtype), 40))
    return short(value, 60)


def _shape_text(shape: Sequence[int | None]) -> str:
    lengths = [_("any") if length is None else str(length) for length in shape]
    return f"({', '.join(lengths)}{',' if len(lengths) == 1 else ''})"
