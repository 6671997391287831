"""What the learner's code raised, as plain data. Runs in: learner's process."""

import traceback
from collections.abc import Callable
from typing import Any

from grader import wire

_MESSAGE_LIMIT = 2000
_FRAME_LIMIT = 12

OwnFile = Callable[[Any], str | None]  # the name of a learner's file, as the checks know it


def described(error: BaseException, own_file: OwnFile) -> dict[str, Any]:
    """The types from its own to BaseException, its text, its arguments, and where it came from.

    The same for an exception whose own methods raise or give what does not travel.
    """
    try:
        description = _describe(error, own_file)
        wire.encode([description])
    except BaseException:
        return {"types": ["Exception"], "message": "an exception that cannot be shown"}
    return description


def _describe(error: BaseException, own_file: OwnFile) -> dict[str, Any]:
    frames = [
        [file, line, frame.f_code.co_name]
        for frame, line in traceback.walk_tb(error.__traceback__)
        if (file := own_file(frame.f_code.co_filename)) is not None
    ]
    description: dict[str, Any] = {
        "types": [kind.__name__ for kind in type(error).__mro__ if issubclass(kind, BaseException)],
        "message": _message(error),
        "args": list(error.args) if travels(list(error.args)) else [],
        "frames": [*frames[:1], *frames[1:][-_FRAME_LIMIT:]],
    }
    if isinstance(error, SyntaxError) and (file := own_file(error.filename)) is not None:
        description["syntax"] = [file, error.lineno or 0, error.offset or 0, str(error.msg)]
    return description


def _message(error: BaseException) -> str:
    try:
        return str(error)[:_MESSAGE_LIMIT]
    except BaseException:  # its __str__ is the learner's code as well
        return "(its text cannot be shown)"


def travels(value: object) -> bool:
    """Whether a value is plain and small enough to go along."""
    try:
        return sum(len(piece) for piece in wire.encode(value)) < _MESSAGE_LIMIT * 8
    except wire.Unsendable:
        return False
