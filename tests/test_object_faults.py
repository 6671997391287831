"""What once went wrong between two processes that share containers and classes, each as a story."""

import ast
import collections
import random
from typing import Any

import numpy as np
import pytest

from .stories import m, session, story  # noqa: F401 - fixtures

KEYS = """
    import collections
    import time
    class Key(tuple):
        def __hash__(self): return 7
    def put(into, number):
        into[Key((number,))] = number
        return [tuple(key) for key in into]
    def ordered(): return collections.OrderedDict((Key((n,)), n) for n in range(3))
    def same(*values): return values
    """


@story(KEYS)
def test_keys_are_objects(m: Any) -> None:  # noqa: F811 - the fixture
    """A hash is asked for while a dict is filled, and the half of it never goes back."""
    held: dict[Any, int] = {}
    assert m.put(held, 0) == [(0,)]
    assert m.put(held, 1) == [(0,), (1,)]
    assert sorted(held.values()) == [0, 1]
    one, other = m.ordered(), m.ordered()
    assert isinstance(one, collections.OrderedDict)
    assert list(one.values()) == list(other.values()) == [0, 1, 2]


@story(
    """
    import time
    def now(): return time.gmtime is not None
    class Box:
        def __init__(self): self.names = {}
        def look(self, name): return self.names[name]
    """
)
def test_containers_that_nobody_holds(m: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """What is written into a container that is dropped at once arrives; one that is looked into is not emptied."""
    box = m.Box()
    box.names["x"] = 42
    assert box.look("x") == 42
    before = dict(vars(m.time))
    monkeypatch.setattr(m.time, "gmtime", lambda: 5)
    assert before["gmtime"] is not m.time.gmtime
    assert m.now()


@story("def same(*values): return values")
def test_what_cannot_go_leaves_nothing(m: Any) -> None:  # noqa: F811
    """A list beside a value that can't be sent doesn't end the process with the next call."""
    with pytest.raises(Exception, match="dtype"):
        m.same([1], np.zeros(2, dtype="V3"))
    assert m.same([2]) == ([2],)


@story(
    """
    class Frame:
        def body(self): return 1
        @staticmethod
        def kind(): return "frame"
    """
)
def test_patches_of_classes_are_undone(m: Any) -> None:  # noqa: F811
    """A method that monkeypatch replaces is there again afterwards, a static one too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(m.Frame, "body", lambda _: 2)
        patch.setattr(m.Frame, "kind", staticmethod(lambda: "other"))
        assert (m.Frame().body(), m.Frame.kind()) == (2, "other")
    assert (m.Frame().body(), m.Frame.kind(), m.Frame().kind()) == (1, "frame", "frame")
    assert {"body", "kind"} <= set(vars(m.Frame))


@story(
    """
    import ast
    def count(tree): return sum(isinstance(node, ast.Name) for node in ast.walk(tree))
    def numbers(n): return range(n)
    """
)
def test_large_ranges_and_trees(m: Any) -> None:  # noqa: F811
    """A syntax tree arrives as one; a range of a hundred million stays where it is."""
    assert m.count(ast.parse("a + b(c)")) == 3
    assert m.numbers(10) == range(10)
    long = m.numbers(10**8)
    assert type(long) is not range
    assert (len(long), long[5], 7 in long) == (10**8, 5, True)
    assert random.Random(1).choice([long]) is long
