"""Arguments of a call: kept as they were, frozen, or with what was written into them. Runs in: checks."""

import copy
from typing import Any

import numpy as np

from grader.generators import is_generator


def frozen(value: Any) -> Any:
    """A copy with read-only arrays; functions and what else is given stay as they are."""
    if isinstance(value, np.ndarray):
        value = value.copy()
        value.flags.writeable = False
        return value
    if type(value) in (list, tuple):
        return type(value)(frozen(item) for item in value)
    if type(value) is dict:
        return {key: frozen(item) for key, item in value.items()}
    return value if callable(value) or is_generator(value) else copy.copy(value)


def snapshot(value: Any) -> Any:
    """The same value with copies of what a call could write to."""
    match value:
        case np.ndarray():
            return value.copy()
        case dict():
            return {key: snapshot(item) for key, item in value.items()}
        case list() | tuple() if type(value) in (list, tuple):
            return type(value)(snapshot(item) for item in value)
    return value


def write_back(original: Any, changed: Any) -> None:
    """Copy what the learner's code wrote into its arguments into the caller's own, as a call in one process would."""
    match original, changed:
        case np.ndarray(), np.ndarray():
            if original.flags.writeable and original.shape == changed.shape and original.dtype == changed.dtype:
                original[...] = changed
        case dict(), dict():
            for key in original.keys() - changed.keys():
                del original[key]
            for key, value in changed.items():
                original[key] = _merged(original.get(key), value)
        case list(), list():
            original[:] = [
                _merged(original[n] if n < len(original) else None, value) for n, value in enumerate(changed)
            ]
        case tuple(), tuple():
            for a, b in zip(original, changed, strict=False):
                _merged(a, b)


def _merged(old: Any, new: Any) -> Any:
    """`old` with the content of `new` where both are containers of one kind: the caller's objects stay the same."""
    if type(old) is type(new) and isinstance(old, np.ndarray | dict | list | tuple):
        write_back(old, new)
        return old
    return new
