"""Random generators, which travel by the name of their bit generator and its state. Runs in: both.

Each call of the learner's code gets a generator of its own, in the state of the one that the check gave. The check's
has moved on afterwards by a fixed, long way (`jumped`), however much was drawn over there: no two calls draw the same,
and what the check itself draws later is no choice of the learner's. A learner's process sends no generator but those of
their own checks (`grader.challenge`), each as its parts.
"""

import copy
from collections.abc import Iterable
from typing import Any

from numpy.random import MT19937, PCG64, PCG64DXSM, Generator, Philox

BIT_GENERATORS = {kind.__name__: kind for kind in (PCG64, PCG64DXSM, MT19937, Philox)}


def is_generator(value: object) -> bool:
    """Whether a value is a generator that can travel."""
    return type(value) is Generator and type(value.bit_generator).__name__ in BIT_GENERATORS


def parts(generator: Generator) -> list[Any]:
    """The name of its bit generator, and its state as plain data."""
    return [type(generator.bit_generator).__name__, generator.bit_generator.state]


def made(name: str, state: Any) -> Generator:
    """The generator of these parts. Parts that a learner's process sent are for `checked`: NumPy looks at no state."""
    bits = BIT_GENERATORS[name](0)
    bits.state = state
    return Generator(bits)


def checked(name: str, state: dict[Any, Any]) -> Generator:
    """The generator of parts that a learner's process sent: a PCG64, which no state can lead out of its memory.

    Raises ValueError for anything else.
    """
    match state:
        case {"state": {"state": position, "inc": step}, "has_uint32": half, "uinteger": rest} if name == "PCG64":
            if all(map(_fits, (position, step, half, rest), (128, 128, 1, 32))):
                inner = {"state": position, "inc": step}
                return made(name, {"bit_generator": name, "state": inner, "has_uint32": half, "uinteger": rest})
    raise ValueError("no state of a PCG64")


def _fits(value: object, bits: int) -> bool:
    return type(value) is int and 0 <= value < 1 << bits


def copied(value: Any) -> Any:
    """A generator of the same state; any other value as it is."""
    return copy.deepcopy(value) if is_generator(value) else value


def blank(value: Any) -> Any:
    """None for a generator; any other value as it is."""
    return None if is_generator(value) else value


def move_on(values: Iterable[Any]) -> None:
    """Move each generator on, past all that a call may have drawn from its copy."""
    for value in values:
        if is_generator(value):
            value.bit_generator.state = value.bit_generator.jumped().state
