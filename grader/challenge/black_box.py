"""A solution as a black box: what a learner's checks import in its place. Runs in: learner's process.

It is sent there as text, for nothing of the grader can be imported there. Its functions ask the other side, which asks
the solution in a process of its own. What is no plain data goes as a namespace of one entry:

===============================  ==================================================================
function_of_the_check = number   a function of the check, for the solution to call: `call_function`
generator_of_the_check = parts   a random generator, as [name of its bit generator, state]
file_of_the_check = [path, data] the path of a file of the check's, which the solution gets as well
===============================  ==================================================================

The answers to a call: ["value", value, arguments afterwards, named ones] or ["raised", types, text, arguments].
"""

import builtins
import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

_functions: list[Callable[..., Any]] = []  # of the check, in the order in which they were handed over


def check_names(own: list[str], *solution: Any) -> list[str]:
    """The checks of the file, in its order."""
    found = vars(_imported(own, *solution)).items()
    return [name for name, value in found if name.startswith("check_") and callable(value)]


def run_check(own: list[str], name: str, *solution: Any) -> None:
    """Run a check of the file against a solution."""
    getattr(_imported(own, *solution), name)()


def call_function(number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a function of the check's, for the solution that got it."""
    return _functions[number](*args, **kwargs)


def _imported(
    own: list[str], call: Callable[..., Any], module: str, functions: list[str], constants: dict[str, Any]
) -> ModuleType:
    """The learner's file, run anew: nothing that it kept from another solution is left. `own`: it and its helpers."""
    _functions.clear()
    box = ModuleType(module, f"{module}, as a black box.")
    for name in functions:
        setattr(box, name, _function(name, call))
    vars(box).update(constants)
    for name in own:
        sys.modules.pop(name, None)
    sys.modules[module] = box
    return importlib.import_module(own[0])


def _function(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def ask(*args: Any, **kwargs: Any) -> Any:
        sent = tuple(map(_argument, args)), {key: _argument(value) for key, value in kwargs.items()}
        try:
            kind, *answer = call(name, *sent)
        except TypeError as error:
            what = str(error).removeprefix("the function given by the check cannot take ")
            raise TypeError(
                f"{name} can't be given {what}; give it plain data, functions or random generators"
            ) from None
        if kind == "raised":
            raise _exception(*answer)
        value, *changed = map(_restored, answer)
        _take_over([list(args), kwargs], changed)
        for given in (*args, *kwargs.values()):
            if isinstance(given, np.random.Generator):  # the solution drew from a copy
                given.bit_generator.state = given.bit_generator.jumped().state  # type: ignore[attr-defined]
        return value

    ask.__name__ = ask.__qualname__ = name
    return ask


def _argument(value: Any) -> Any:
    if type(value) is np.random.Generator and type(value.bit_generator) is np.random.PCG64:
        return SimpleNamespace(generator_of_the_check=["PCG64", value.bit_generator.state])
    if isinstance(value, np.random.Generator | np.random.RandomState):
        raise TypeError("make random generators by np.random.default_rng(seed) here")
    return _packed(value)


def _packed(value: Any) -> Any:  # noqa: PLR0911 - one case for each kind
    """The value without what does not travel as it is."""
    if type(value) in (list, tuple):
        return type(value)(map(_packed, value))
    if type(value) is dict:
        return {key: _packed(item) for key, item in value.items()}
    if type(value) is SimpleNamespace:
        return SimpleNamespace(**_packed(vars(value)))
    if isinstance(value, np.dtype) or _is_number_type(value):
        return np.dtype(value).str
    if isinstance(value, str | Path) and os.path.isfile(value):  # noqa: PTH113 - of any text, without an error
        return SimpleNamespace(file_of_the_check=[value, Path(value).read_bytes()])
    if callable(value):
        if not any(value is known for known in _functions):
            _functions.append(value)
        return SimpleNamespace(function_of_the_check=next(n for n, f in enumerate(_functions) if f is value))
    return value


def _is_number_type(value: Any) -> bool:
    """Whether it can stand for a dtype: a function would be called for something else."""
    return isinstance(value, type) and issubclass(value, np.generic | bool | int | float | complex)


def _restored(value: Any) -> Any:
    """An answer with the check's own functions in it."""
    if type(value) in (list, tuple):
        return type(value)(map(_restored, value))
    if type(value) is dict:
        return {key: _restored(item) for key, item in value.items()}
    if type(value) is SimpleNamespace:
        number = vars(value).get("function_of_the_check")
        return SimpleNamespace(**_restored(vars(value))) if number is None else _functions[number]
    return value


def _take_over(mine: Any, theirs: Any) -> Any:
    """What the solution wrote into its arguments, written into the check's own, as a call in one process would."""
    if type(mine) is not type(theirs):
        return theirs
    if isinstance(mine, np.ndarray):
        if mine.shape != theirs.shape or mine.dtype != theirs.dtype:
            return theirs
        if mine.flags.writeable:
            mine[...] = theirs
    elif isinstance(mine, dict):
        taken = {key: _take_over(mine.get(key), value) for key, value in theirs.items()}
        mine.clear()
        mine.update(taken)
    elif isinstance(mine, list):
        mine[:] = [_take_over(mine[n] if n < len(mine) else None, value) for n, value in enumerate(theirs)]
    elif isinstance(mine, tuple):
        for one, other in zip(mine, theirs, strict=False):
            _take_over(one, other)
    else:
        return theirs
    return mine


def _exception(types: list[str], text: str, args: list[Any]) -> Exception:
    """An exception of the solution's, by its name: a built-in one, or a new class below the nearest built-in one."""
    known = [vars(builtins).get(name) for name in types]
    base = next((kind for kind in known if isinstance(kind, type) and issubclass(kind, Exception)), Exception)
    kind = base if types[:1] == [base.__name__] else type(types[0] if types else "Exception", (base,), {})
    try:
        made: Exception = kind(*(args or [text]))
    except Exception:  # one that wants other arguments: UnicodeDecodeError
        return Exception(text)
    return made
