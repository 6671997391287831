"""Serving a learner's module by its name: what imports see, and what is left afterwards."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Never

import numpy as np
import pytest
from msgspec.structs import replace

from grader.bridge import MissingConstant, MissingName, backends, put_constants, serving
from grader.course import Exercise, bundled_root, read_course

NAME = "a_lesson_that_nobody_wrote"


class Answers:
    """A backend that remembers what it was asked."""

    def __init__(self, **constants: Any) -> None:
        self.asked: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self._constants = constants

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.asked.append((name, args, kwargs))
        return "answer"

    def constant(self, name: str) -> Any:
        return self._constants.get(name, MissingConstant(NAME, name))


def no_objects(exercise: Exercise) -> Never:
    raise AssertionError(f"{exercise.name} hands out no objects")


@pytest.fixture
def lesson() -> Exercise:
    """An exercise with one function and one constant."""
    return replace(read_course(bundled_root()).exercises[0], module=NAME, functions=("f",), constants=("RATE",))


@pytest.fixture
def served(lesson: Exercise) -> Iterator[ModuleType]:
    """The proxy of that exercise."""
    with serving([lesson], no_objects):
        yield importlib.import_module(NAME)


def test_a_call_goes_to_the_backend_of_the_moment(served: ModuleType) -> None:
    """A function imported once calls whatever answers now."""
    function = served.f
    first, second = Answers(), Answers()
    backends[NAME] = first
    assert function(1, b=2) == "answer"
    backends[NAME] = second
    function()
    assert first.asked == [("f", (1,), {"b": 2})]
    assert second.asked == [("f", (), {})]


def test_a_proxy_shows_whose_function_it_is(served: ModuleType) -> None:
    """A proxy names its module and function, and nothing that is not in the exercise is there."""
    assert (repr(served.f), served.f.__name__) == (f"<{NAME}.f>", "f")
    assert not hasattr(served, "g")


def test_afterwards_everything_is_as_before(lesson: Exercise) -> None:
    """Import hooks, modules and backends are gone, and a module of that name from before is back."""
    own = ModuleType(NAME)
    sys.modules[NAME] = own
    hooks, modules = list(sys.meta_path), dict(sys.modules)
    try:
        with serving([lesson], no_objects):
            assert importlib.import_module(NAME) is not own
            backends[NAME] = Answers()
        assert sys.modules[NAME] is own
        assert sys.meta_path == hooks
        assert sys.modules == modules
        assert NAME not in backends
    finally:
        del sys.modules[NAME]


def test_an_error_inside_restores_everything_too(lesson: Exercise) -> None:
    """Also when the run breaks off nothing stays behind."""
    hooks = list(sys.meta_path)

    def break_off() -> None:
        with serving([lesson], no_objects):
            importlib.import_module(NAME)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert sys.meta_path == hooks
    assert NAME not in sys.modules
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(NAME)


def test_another_file_of_that_name_is_not_taken(
    lesson: Exercise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file on the path with the exercise's name, a learner's perhaps, is not imported here."""
    (tmp_path / f"{NAME}.py").write_text("raise SystemExit('learner code ran among the checks')\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    with serving([lesson], no_objects):
        assert hasattr(importlib.import_module(NAME), "f")


def test_constants_are_put_where_they_were_imported(served: ModuleType, lesson: Exercise) -> None:
    """A check file that imported a constant by name gets the value of the module that answers now."""
    checks = ModuleType("checks")
    checks.RATE = served.RATE  # type: ignore[attr-defined]
    for value in (0.1, 0.2):
        put_constants(checks, lesson, Answers(RATE=value))
        assert (value, value) == (checks.RATE, served.RATE)  # type: ignore[attr-defined]


@pytest.mark.usefixtures("served")
def test_a_check_file_without_the_constant_gets_none(lesson: Exercise) -> None:
    """What a check file did not import is not put there."""
    checks = ModuleType("checks")
    put_constants(checks, lesson, Answers(RATE=1))
    assert not hasattr(checks, "RATE")


@pytest.mark.parametrize(
    "use",
    [
        float,
        list,
        len,
        np.asarray,
        lambda value: value[0],
        lambda value: value(),
        lambda value: value + 1,
        lambda value: 1 - value,
        lambda value: value == 1,
        lambda value: value < 1,
        bool,
        int,
        lambda value: value.shape,
    ],
    ids=["float", "list", "len", "asarray", "item", "call", "add", "subtract", "equal", "less", "bool", "int", "shape"],
)
def test_a_missing_constant_says_so_in_any_use(served: ModuleType, use: Any) -> None:
    """Whatever a check does with a constant that is missing, the message names it."""
    with pytest.raises(MissingName, match=f"{NAME}.py defines no `RATE`"):
        use(served.RATE)
