"""Random generators on their way: the learner's code draws from a copy, and no two calls draw the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.random import MT19937, PCG64, PCG64DXSM, SFC64, BitGenerator, Generator, Philox, RandomState

from grader import checks, generators
from grader.candidate import WrongBackend
from grader.course import Exercise, Wrong, bundled_root, read_course
from grader.intake import Submission
from grader.process import LearnerProcess
from grader.session import LearnerGone, Session
from grader.trace import NotPlainData

DRAW = "def f(rng, n=3, scale=1.0): return rng.random(n) * scale\n"
KEEP = "def f(rng): return rng\n"

Backend = Session | WrongBackend


@contextmanager
def answering(kind: type[Backend], source: str) -> Iterator[Backend]:
    """A learner's process, or a known-wrong solution, with a module of this source."""
    exercise: Exercise = replace(read_course(bundled_root()).exercises[0], module="lesson", functions=("f",))
    if kind is WrongBackend:
        yield WrongBackend(exercise, Wrong("", "", "", "", source))
        return
    session = Session(exercise, Submission("lesson", {"lesson": source.encode()}), LearnerProcess)
    session.load()
    session.begin("test_first")
    yield session
    session.close()


both = pytest.mark.parametrize("kind", [Session, WrongBackend])


@pytest.mark.parametrize("kind", [PCG64, PCG64DXSM, MT19937, Philox])
def test_a_generator_made_of_its_parts_draws_the_same(kind: Callable[[int], BitGenerator]) -> None:
    """Also one that is in the middle of its numbers, and holds half a draw."""
    one = Generator(kind(7))
    one.integers(0, 9, size=5, dtype=np.uint32)
    two = generators.made(*generators.parts(one))
    assert two.standard_normal(50).tolist() == one.standard_normal(50).tolist()


def test_parts_that_a_learner_sent_are_looked_at() -> None:
    """Those of a PCG64 make the generator; nothing else does, for NumPy would take any state."""
    one = np.random.default_rng(7)
    one.integers(0, 9, size=5, dtype=np.uint32)
    name, state = generators.parts(one)
    assert generators.checked(name, state).standard_normal(50).tolist() == one.standard_normal(50).tolist()
    refused: list[tuple[str, dict[str, object]]] = [
        ("MT19937", generators.parts(Generator(MT19937(1)))[1]),
        ("PCG64", generators.parts(Generator(MT19937(1)))[1]),
        ("PCG64", {}),
        ("PCG64", state | {"uinteger": 1 << 32}),
        ("PCG64", state | {"uinteger": -1}),
        ("PCG64", state | {"has_uint32": True}),
        ("PCG64", state | {"state": {"state": 1 << 128, "inc": 1}}),
        ("PCG64", state | {"state": {"state": 1.5, "inc": 1}}),
    ]
    for kind, parts in refused:
        with pytest.raises(ValueError, match="no state of a PCG64"):
            generators.checked(kind, parts)


def test_only_generators_of_known_kinds_travel() -> None:
    """One that can't jump, or is of a class of its own, does not."""
    assert not generators.is_generator(Generator(SFC64(1)))
    assert not generators.is_generator(RandomState(1))
    assert not generators.is_generator(type("Mine", (Generator,), {})(PCG64(1)))


@both
def test_the_learners_code_draws_what_the_check_would(kind: type[Backend]) -> None:
    """From the state that the generator has, given by place or by name."""
    expected = np.random.default_rng(5).random(3).tolist()
    with answering(kind, DRAW) as backend:
        assert backend.call("f", (np.random.default_rng(5),), {}).tolist() == expected
        assert backend.call("f", (), {"rng": np.random.default_rng(5)}).tolist() == expected


@both
def test_two_calls_draw_differently_and_as_often_as_they_like(kind: type[Backend]) -> None:
    """What the check draws afterwards does not depend on how much the code drew."""
    later = []
    with answering(kind, DRAW) as backend:
        for count in (1, 1000):
            rng = np.random.default_rng(5)
            first, second = (backend.call("f", (rng, count), {}) for _ in range(2))
            assert not np.array_equal(first, second)
            later.append(rng.random())
    assert later[0] == later[1]


@both
def test_a_generator_beside_arrays_that_must_stay_unchanged(kind: type[Backend]) -> None:
    """The arrays come back to be compared, the generator does not."""
    with answering(kind, "def f(rng, x):\n    x += rng.random(2)\n    return x.copy()\n") as backend:
        token = checks.session.set(backend)
        try:
            with pytest.raises(checks.CheckFailed, match="changed"):
                checks.assert_inputs_unchanged(
                    lambda *args: backend.call("f", args, {}), np.random.default_rng(1), np.zeros(2)
                )
        finally:
            checks.session.reset(token)


def test_a_generator_that_is_returned_is_no_plain_data() -> None:
    """NumPy does not check a generator's state, so none is taken from the learner's process."""
    with answering(Session, KEEP) as session, pytest.raises(NotPlainData, match="a Generator"):
        session.call("f", (np.random.default_rng(1),), {})


def test_a_forged_generator_ends_the_connection() -> None:
    """The parts of one, in the place of a function that was given."""
    source = """
def f(rng):
    import sys
    frame = sys._getframe()
    while type(frame.f_locals.get("self")).__name__ != "Worker":
        frame = frame.f_back
    worker = frame.f_locals["self"]
    import msgpack
    packed = lambda value: msgpack.ExtType(11, msgpack.packb(value))
    body = msgpack.packb(["value", 2, packed(["MT19937", {"pos": 10**6}]), None])
    worker._send([len(body).to_bytes(4, "little") + bytes(4), body])
"""
    with answering(Session, source) as session:
        with pytest.raises(LearnerGone):
            session.call("f", (np.random.default_rng(1),), {})
        assert session.fault is not None
        assert "broke the connection" in session.fault.message
