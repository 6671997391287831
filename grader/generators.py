"""Random generators, which travel by the name of their bit generator and its state. Runs in: both.

Each call of the learner's code gets a generator of its own, in the state of the one that the check gave. The check's
has moved on afterwards by a fixed, long way (`jumped`), however much was drawn over there: no two calls draw the same,
and what the check itself draws later is no choice of the learner's. Only the checks send generators.
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
    """The generator of these parts. Not for parts that the learner's process sent: NumPy does not check a state."""
    bits = BIT_GENERATORS[name](0)
    bits.state = state
    return Generator(bits)


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
