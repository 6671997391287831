"""Objects of the learner's code through a real process: modules, what goes around values, and what can't work."""

import dataclasses
import enum
import importlib
import sys
import threading
from fractions import Fraction
from typing import Any
from unittest import mock

import pytest

from grader.open_session import OpenSession
from grader.session import LearnerGone

from .stories import m, session, story

__all__ = ["m", "session"]

PACKAGE = {
    "zoo/__init__": "from zoo.animals import Dog\nVERSION = (1, 2)\n",
    "zoo/animals": "class Dog:\n    legs = 4\n    def speak(self): return 'wuff'\n",
    "zoo/care/__init__": "from .clean import clean\n",
    "zoo/made/__init__": (
        "import sys, types\nfrom .. import animals\n"
        "sys.modules['zoo.made.up'] = up = types.ModuleType('zoo.made.up')\nup.legs = animals.Dog.legs\n"
        "sys.modules['zoo.made.up.deep'] = deep = types.ModuleType('zoo.made.up.deep')\ndeep.legs = 8\n"
    ),
    "zoo/care/clean": "clean = 'a text'\n",
    "zoo/care/food": "from ..animals import Dog\ndef feed(dog): return isinstance(dog, Dog)\n",
}

# Modules


@story(
    """
    import math as _math
    RATE = 0.25
    _hidden = 1
    table = {"a": 1}
    def read(): return RATE
    class Thing: pass
    """
)
def test_module_names(m: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Constants, `import *`, setting, patching and deleting names, and what isn't there."""
    names: dict[str, Any] = {}
    exec("from module_names import *\nfrom module_names import _hidden as h", names)
    assert (names["RATE"], names["h"], "_hidden" in names, names["Thing"] is m.Thing) == (0.25, 1, False, True)
    assert m.__name__ == "module_names"
    with monkeypatch.context() as patch:
        patch.setattr(m, "RATE", 9)
        assert m.read() == 9
        patch.setattr("module_names.read", lambda: "patched")
        assert m.read() == "patched"
        patch.setitem(m.table, "b", 2)
        assert m.table == {"a": 1, "b": 2}
    assert (m.read(), m.table) == (0.25, {"a": 1})
    with mock.patch.object(m, "read", return_value="mocked") as read:
        assert m.read(1) == "mocked"
        read.assert_called_once_with(1)
    m.NEW = [1]
    assert m.NEW == [1]
    del m.NEW
    assert not hasattr(m, "NEW")
    with pytest.raises(AttributeError):
        m.nothing  # noqa: B018
    with pytest.raises(ImportError, match="nothing"):
        exec("from module_names import nothing")


@story("import zoo.care.food\nDog = zoo.Dog")
def test_packages(m: Any) -> None:
    """Packages, submodules, relative imports, and one class by whatever way it is reached."""
    import zoo  # type: ignore[import-not-found]
    from zoo.animals import Dog  # type: ignore[import-not-found]
    from zoo.care import food  # type: ignore[import-not-found]

    assert zoo.VERSION == (1, 2)
    assert zoo.Dog is Dog is zoo.animals.Dog is m.Dog
    assert food.feed(Dog()) is True
    assert (Dog().speak(), Dog.legs) == ("wuff", 4)
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("zoo.fish")


@story("")
def test_modules_without_a_file(m: Any) -> None:
    """What the code enters into `sys.modules` can be imported; a package's own name goes before that of a module."""
    import zoo.care.clean as found  # type: ignore[import-not-found]

    assert (m.__name__, found) == ("modules_without_a_file", "a text")
    importlib.import_module("zoo.made")
    import zoo.made.up  # type: ignore[import-not-found]
    from zoo.made.up.deep import legs  # type: ignore[import-not-found]

    assert (zoo.made.up.legs, legs) == (4, 8)
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("zoo.made.down")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("fish.made")


@story("print('imported')\ndef f(): raise RuntimeError('at import')\nf()")
def test_a_module_that_raises(session: OpenSession) -> None:
    """What a module raises when it is imported, the import raises here."""
    session.begin("a module that raises")
    with pytest.raises(RuntimeError, match="at import"):
        importlib.import_module("a_module_that_raises")
    with pytest.raises(RuntimeError, match="at import"):
        importlib.import_module("a_module_that_raises")
    session.end()


# What goes around the values


@story(
    """
    import sys, warnings
    class Old(UserWarning): pass
    def warn(kind=DeprecationWarning): warnings.warn("do not", kind, stacklevel=2); return 1
    def own(): warnings.warn("mine", Old)
    def say(*words): print(*words); print("aside", file=sys.stderr)
    """
)
def test_warnings_and_output(m: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Warnings are heard by pytest.warns, and what is printed is captured, in order."""
    with pytest.warns(DeprecationWarning, match="do not"):
        assert m.warn() == 1
    with pytest.warns(m.Old, match="mine"):
        m.own()
    m.say("one", 2)
    print("here")
    m.say("grün")
    out, err = capsys.readouterr()
    assert out == "one 2\nhere\ngrün\n"
    assert err == "aside\naside\n"


@story(
    """
    def use(service):
        service.connect("here", port=1)
        return [service.get(n) for n in range(2)]
    def state(thing): thing.count += 1; thing.log.append("used"); return thing.count
    def read(file): return [line.strip() for line in file]
    def write(file): file.write("written")
    def swap(a, b): return b, a
    def member(x, pool): return x in pool
    def largest(things): return max(things, key=lambda t: t.size)
    def call(thing): return thing(2) + len(thing) + thing[0]
    """
)
def test_objects_of_the_test(m: Any) -> None:
    """Mocks, files and the test's own objects are used over there, and come back as themselves."""
    import io

    service = mock.Mock()
    service.get.side_effect = ["a", "b"]
    assert m.use(service) == ["a", "b"]
    service.connect.assert_called_once_with("here", port=1)

    class Thing:
        def __init__(self, size: int = 0) -> None:
            self.size, self.count, self.log = size, 0, list[str]()

        def __call__(self, n: int) -> int:
            return n * self.size

        def __len__(self) -> int:
            return 100

        def __getitem__(self, place: int) -> int:
            return place + 1000

    thing, other = Thing(3), Thing(5)
    assert m.state(thing) == thing.count == 1
    assert thing.log == ["used"]
    swapped = m.swap(thing, other)
    assert swapped[0] is other
    assert swapped[1] is thing
    assert m.member(thing, [other, thing])
    assert not m.member(thing, [other])
    assert m.largest([thing, other]) is other
    assert m.call(thing) == 1106
    assert m.read(io.StringIO("a\nb\n")) == ["a", "b"]
    file = io.StringIO()
    m.write(file)
    assert file.getvalue() == "written"


@story(
    """
    class Stack:
        def __init__(self): self.items = []
        def push(self, item): self.items.append(item)
        def pop(self): return self.items.pop()
        def each(self, f): return [f(item) for item in self.items]
    """
)
def test_what_was_put_in_comes_out(m: Any) -> None:
    """An object of the test's, kept in an object of the learner's, is that object when it comes back."""
    stack, mine, fraction, inner = m.Stack(), object.__new__(enum.Enum.__class__.__mro__[-1]), Fraction(1, 2), m.Stack()
    for item in (mine, fraction, inner, stack, None, (inner, [mine])):
        stack.push(item)
    taken_tuple = stack.pop()
    assert taken_tuple[0] is inner
    assert taken_tuple[1][0] is mine
    assert stack.pop() is None
    assert stack.pop() is stack
    assert stack.pop() is inner
    assert stack.each(lambda item: item is mine) == [True, False]


@story(
    """
    import threading
    lock = threading.Lock()
    total = 0
    def add(n):
        global total
        for _ in range(n):
            with lock: total += 1
    def in_threads(n):
        threads = [threading.Thread(target=add, args=(100,)) for _ in range(n)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        return total
    """
)
def test_threads(m: Any) -> None:
    """The learner's code may use threads, and so may the test."""
    assert m.in_threads(3) == 300
    threads = [threading.Thread(target=m.add, args=(50,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert m.total == 500
    with m.lock:
        assert m.lock.locked()
    assert not m.lock.locked()


@story(
    """
    import asyncio
    async def add(a, b):
        await asyncio.sleep(0)
        return a + b
    async def all(n): return await asyncio.gather(*(add(k, k) for k in range(n)))
    def run(n): return asyncio.run(all(n))
    async def numbers(n):
        for k in range(n): yield k
    """
)
def test_coroutines_run_over_there(m: Any) -> None:
    """A loop of the learner's own runs; a coroutine is one."""
    import inspect

    assert m.run(3) == [0, 2, 4]
    started = m.add(1, 2)
    assert inspect.iscoroutine(started)
    started.send(None)  # as far as the sleep
    with pytest.raises(StopIteration) as caught:
        started.send(None)
    assert caught.value.value == 3


# What can't work says so


@story("class Base:\n    def hook(self): return 'base'\n    def run(self): return self.hook()\n")
def test_subclasses_say_why_they_cannot_be(m: Any) -> None:
    """A class of the test's below one of the learner's can be defined, and says what is the matter when it is used."""

    class Own(m.Base):  # type: ignore[misc]
        def hook(self) -> str:
            return "own"

    with pytest.raises(TypeError, match="'Own' inherits from 'Base', a class on the other side of the sandbox"):
        Own()


@story("def f(x): return x\ndef g(x): return x.method.__globals__\ndef h(x): return x.method.__func__.__closure__\n")
def test_what_leads_to_the_test_is_not_handed_out(m: Any) -> None:
    """Frames, modules of the tests and the insides of functions stay here, and it is said."""

    class Mine:
        def method(self) -> None:
            """Nobody calls it."""

    with pytest.raises(AttributeError, match="__globals__"):
        m.g(Mine())
    with pytest.raises(AttributeError, match="__closure__"):
        m.h(Mine())
    for value in (sys._getframe(), sys.modules[__name__], pytest.fail, sys.stdout):
        with pytest.raises(Exception, match=type(value).__name__):
            m.f(value)


@story(
    """
    def show(page): return page.__html__()
    def inner(page): return page.__secret__
    def again(page): return page.__reduce__
    """
)
def test_protocols_of_the_code_under_test(m: Any) -> None:
    """A method of a name that the code made up, with two underlines, is found; what Python means by them is not."""

    class Page:
        def __html__(self) -> str:
            return "<p>"

        __secret__ = {"kept": 1}  # noqa: RUF012

    assert m.show(Page()) == "<p>"
    for ask in (m.inner, m.again):
        with pytest.raises(AttributeError, match="offers no"):
            ask(Page())


@story(
    """
    class Silent:
        pass
    """
)
def test_an_object_has_no_special_methods_of_its_metaclass(m: Any) -> None:
    """An object that can't be called is not callable, and says so as Python does."""
    silent = m.Silent()
    assert not callable(silent)
    with pytest.raises(TypeError, match="not callable"):
        silent()
    with pytest.raises(TypeError, match="unsupported operand"):
        silent | 1


@story(
    """
    import collections, enum
    class Word(str): pass
    class Level(enum.IntEnum): LOW = 1
    Point = collections.namedtuple("Point", "x y")
    """
)
def test_what_is_equal_has_one_hash(m: Any) -> None:
    """Objects below int, str and tuple are found by plain keys, and find them."""
    assert {"abc": 1}[m.Word("abc")] == 1
    assert {m.Point(1, 2), (1, 2)} == {(1, 2)}
    assert {1: "low"}[m.Level.LOW] == "low"


@story(
    """
    import dataclasses
    @dataclasses.dataclass
    class Item:
        name: str
        tags: list
    """
)
def test_the_functions_of_dataclasses(m: Any) -> None:
    """`fields`, `asdict` and `astuple` see the fields of a learner's dataclass."""
    item = m.Item("pen", [1])
    assert [field.name for field in dataclasses.fields(item)] == ["name", "tags"]
    assert dataclasses.asdict(item) == {"name": "pen", "tags": [1]}
    assert dataclasses.astuple(item) == ("pen", [1])


@story("import os\ndef f(): os._exit(3)\nclass Kept: pass\ndef g(): return 1\n")
def test_a_process_that_died_is_replaced(session: OpenSession) -> None:
    """The next test goes on with a fresh process, by the names that it imported; objects from before are lost."""
    session.begin("first")
    module: Any = importlib.import_module("a_process_that_died_is_replaced")
    died, kept, kind, g = module.f, module.Kept(), module.Kept, module.g
    with pytest.raises(LearnerGone):
        died()
    assert session.fault is not None
    assert "exit status 3" in session.fault.message
    session.end()
    session.begin("second")
    assert (g(), type(kind()) is kind, isinstance(kind(), module.Kept)) == (1, True, True)
    assert session.fault is None
    with pytest.raises(LearnerGone):
        kept.anything  # noqa: B018
    assert "an earlier check has ended" in str(session.fault)
    session.end()
