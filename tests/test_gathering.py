"""What travels of a notebook: the statements that a function needs, and which cell's line each line is."""

import ast
import builtins
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.cells import python_of
from grader.classroom.notebook import read_notebook
from grader.gathering import Cell, Cells, Gathered, Place

from .test_class_intake import notebook


def cells(*texts: str, **origins: Place) -> Cells:
    made = [Cell(number, python_of(text) or "", f"<{number}>") for number, text in enumerate(texts, 1)]
    return Cells(made, origins)


def gather(*texts: str, names: tuple[str, ...] = ("f",), **origins: Place) -> Gathered:
    return cells(*texts, **origins).gather(names)


def run(gathered: Gathered) -> dict[str, object]:
    space: dict[str, object] = {}
    exec(compile(gathered.source, "module.py", "exec"), space)
    return space


def value(*texts: str) -> object:
    """What `f()` gives in the module of what it needs."""
    f = run(gather(*texts))["f"]
    assert callable(f)
    return f()


def test_imports_helpers_constants_and_classes_of_other_cells_travel() -> None:
    """And what those need in turn; nothing else does, least of all a call."""
    gathered = gather(
        "import math\nimport scipy.unheard_of\nprint('noise')",
        "HALF = 0.5\nOTHER = open('missing')",
        "class Box:\n    def __init__(self):\n        self.value = math.floor(HALF * 8)",
        "def helper():\n    return Box()",
        "def f():\n    return helper().value\nf()",
    )
    assert run(gathered)["f"]() == 4  # type: ignore[operator]
    for absent in ("scipy", "noise", "OTHER", "\nf()"):
        assert absent not in gathered.source
    assert gathered.unbound == ()


def test_of_a_line_of_imports_those_travel_that_are_needed() -> None:
    """The others need not be there where the function runs: `import numpy as np, grader.notebook as grade`."""
    gathered = gather(
        "import math as m, scipy.unheard_of as s\nfrom os.path import (\n    join,\n    unheard_of,\n)",
        "def f():\n    return join('a', str(m.floor(1.5)))",
    )
    assert run(gathered)["f"]() == "a/1"  # type: ignore[operator]
    assert gathered.lines[:2] == ((1, 1), (1, 3))


def test_each_line_is_known_by_its_cell() -> None:
    gathered = gather("import math\n\n\nX = 1", "# a comment\n@math.prod\ndef f(\n    a,\n):\n    return X")
    texts = {1: "import math\n\n\nX = 1", 2: "# a comment\n@math.prod\ndef f(\n    a,\n):\n    return X"}
    lines = gathered.source.split("\n")[:-1]
    assert len(lines) == len(gathered.lines)
    for text, place in zip(lines, gathered.lines, strict=True):
        assert text == (texts[place[0]].split("\n")[place[1] - 1] if place else "")


@pytest.mark.parametrize(
    ("texts", "result"),
    [
        (("def f():\n    return 1", "def f():\n    return 2"), 2),
        (("def g():\n    return 1", "def f():\n    return g()", "def g():\n    return 2"), 2),
        (("n = 1", "n += 1", "n = n * 5", "def f():\n    return n"), 10),
        (("d = {}", "d['a'] = 1\nd['b'] = 2", "def f():\n    return len(d)"), 2),
        (("d = {}", "for n in range(3):\n    d[n] = n", "def f():\n    return len(d)"), 3),
        (("d = {}", "if d == {}:\n    with open('/dev/null') as d['a']: d['b'] = 1", "def f():\n    return len(d)"), 2),
        (("d = {}", "def g():\n    d['a'] = missing", "def f():\n    return len(d)"), 0),
        (("n = 1", "class C:\n    n = 5\n    n += 1", "def f():\n    return n"), 1),
        (("class A:\n    pass", "A.x = 7", "def f():\n    return A.x"), 7),
        (("def f():\n    return 1", "g = f\nf = lambda: g() + 1"), 2),
        (("def twice(f):\n    return lambda: 2 * f()", "@twice\ndef f():\n    return 4", "def twice(f): ..."), 8),
        (
            (
                "def g():\n    return 1",
                "TABLE = [g() for _ in 'ab']",
                "def g():\n    return 5",
                "f = lambda: sum(TABLE)",
            ),
            2,
        ),
        (
            (
                "def h():\n    return 1",
                "def g():\n    return h()",
                "X = g()",
                "def h():\n    return 5",
                "f = lambda: X",
            ),
            1,
        ),
        (
            (
                "def h():\n    return 1",
                "def g():\n    return h()",
                "D = {0: g}",
                "def h(): return 5",
                "f = lambda: D[0]()",
            ),
            5,
        ),
        (("try:\n    import none_such as np\nexcept ImportError:\n    np = None", "def f():\n    return np"), None),
        (
            ("import os.path\nimport os.path as p", "import xml.dom", "f = lambda: (os.sep, xml.dom.__name__)[1]"),
            "xml.dom",
        ),
        (("import xml.dom", "import xml.sax", "f = lambda: (xml.dom, xml.sax.__name__)[1]"), "xml.sax"),
        (("x = 1", "if not x:\n    x = 2", "f = lambda: x"), 1),
        (("a = 1; b = 2; print(b)", "f = lambda: b"), 2),
        (("from math import *", "f = lambda: floor(2.5)"), 2),
        (("(a, b), *c = (1, 2), 3", "f = lambda: c"), [3]),
        (("for i in range(3):\n    last = i", "f = lambda: last"), 2),
        (("w = 3", "ws = [w for w in 'ab']", "f = lambda: (w, ws)[0]"), 3),
        (("x: int", "x: int = 3", "f = lambda: x"), 3),
        (("if (n := 4) > 3:\n    big = n", "f = lambda: big"), 4),
        (("async def g():\n    return 1", "f = lambda: g.__name__"), "g"),
        (("match [1, 2]:\n    case [a, *rest]:\n        pass", "f = lambda: rest"), [2]),
        (("def f(n=3):\n    return n and f(n - 1)",), 0),
        (("é = 'ü'; ñ = 'ä'", "f = lambda: ñ"), "ä"),
        (("x = '''a\n  b'''", "f = lambda: x"), "a\n  b"),
    ],
)
def test_what_travels_does_what_the_notebook_does(texts: tuple[str, ...], result: object) -> None:
    """The module gives what all cells together give, in the order in which they ran."""
    whole: dict[str, object] = {}
    for text in texts:
        exec(text, whole)
    f = whole["f"]
    assert callable(f)
    assert f() == value(*texts) == result


def test_a_superseded_version_brings_nothing_along() -> None:
    gathered = gather("import none_such", "def f():\n    return none_such.x", "def f():\n    return 2")
    assert gathered.source == "def f():\n    return 2\n"


def test_a_future_import_comes_first() -> None:
    gathered = gather("x = 1", "from __future__ import annotations\ndef f(a: Unknown): return x")
    assert gathered.source.startswith("from __future__ import annotations")
    assert run(gathered)["f"](0) == 1  # type: ignore[operator]


def test_the_function_is_the_one_that_the_kernel_has() -> None:
    """A cell that stopped before its definition has not made that."""
    texts = ("def f():\n    return 1", "1 / 0\ndef f():\n    return 2")
    assert "return 1" in gather(*texts, f=Place("<1>", 1)).source
    assert "return 2" in gather(*texts, f=Place("<2>", 2)).source
    assert "return 2" in gather(*texts, f=Place("elsewhere.py", 1)).source


def test_names_without_a_source_are_told() -> None:
    """Those of Python are not among them, those of IPython are."""
    found = gather("def f(x):\n    display(x)\n    return eps * len(x) + late\nprint(__name__)", "del late\nlate = 3")
    assert found.unbound == ("display", "eps")


def test_what_is_imported_is_not_defined_here() -> None:
    made = cells("from math import floor\nimport math\nPI = 3", "def f(): ...")
    assert [name for name in ("floor", "math", "PI", "f", "g") if made.define(name)] == ["PI", "f"]


@pytest.mark.parametrize("text", ["def f(:", "f = (", "\0", "x = %%\nf = 1", "(" * 5_000, "nonlocal f"])
def test_a_cell_that_is_no_python_is_passed_over(text: str) -> None:
    assert gather("f = 1", text).source == "f = 1\n"


@given(st.lists(st.text(alphabet="abf=+-()[]{}:,.'\"\n ;@#%!?é", max_size=60), max_size=5))
def test_any_text_is_taken(texts: list[str]) -> None:
    """What comes of it is Python again, as long as it was."""
    gathered = gather(*(text.replace("\r", "\n") for text in texts), names=("a", "b", "f"))
    ast.parse(gathered.source)
    assert gathered.source.count("\n") == max(len(gathered.lines), 1)


@pytest.mark.parametrize(
    "cells",
    [
        ("T = []\nT.append(1)\nT.extend([2])",),
        ("T = []", "for n in (1, 2):\n    T.append(n)"),
        ("T = []", "if T is not None:\n    T.append(1); T.append(2)"),
        ("T = {'a': []}\nT['a'].append(1)\nT = T['a'] + [2]",),
        ("class Box:\n    pass\nB = Box()\nB.kept = []\nB.kept.append(1)\nT = B.kept", "T.append(2)"),
    ],
)
def test_what_a_value_s_own_methods_do_to_it_comes_along(cells: tuple[str, ...]) -> None:
    assert value(*cells, "def f(): return T") == [1, 2]


def test_what_a_module_s_functions_do_stays_behind() -> None:
    """As it is a call like any other, a plot perhaps."""
    source = gather("import os\nT = [1]\nos.remove('missing')", "T.reverse()", "def f(): return os.sep").source
    assert "remove" not in source
    assert "reverse" not in source


NAMES = "abcd"
EXPRESSIONS = st.recursive(
    st.sampled_from([*NAMES, "1", "2"]) | st.sampled_from(NAMES).map(lambda name: f"{name}()"),
    lambda inner: st.tuples(inner, inner).map(lambda pair: f"({pair[0]}, {pair[1]})"),
    max_leaves=4,
)
STATEMENTS = st.builds(str.format, st.just("{} = {}"), st.sampled_from(NAMES), EXPRESSIONS) | st.builds(
    str.format, st.just("def {}():\n    return {}"), st.sampled_from(NAMES), EXPRESSIONS
)


@example(["a = 1", "def a():\n    return b", "def b():\n    return c", "a = a()", "b = a", "c = a"])
@given(st.lists(STATEMENTS, min_size=1, max_size=12))
def test_a_shorter_run_is_as_good_as_the_whole(statements: list[str]) -> None:
    """Of all cells that ran without an error, what travels gives every name the same value, or the same error."""
    space: dict[str, object] = {"__builtins__": vars(builtins)}
    ran = []
    for statement in statements:
        try:
            exec(statement, space)
        except (NameError, TypeError, RecursionError):
            continue  # nothing was bound
        ran.append(statement)
    for name in set(NAMES) & set(space):
        assert _told(run(gather(*ran, names=(name,)))[name]) == _told(space[name])


def _told(thing: object) -> object:
    """A value as text without addresses; of a function, what it gives."""
    if callable(thing):
        try:
            thing = thing()
        except Exception as error:
            return re.sub(r"0x\w+", "", repr(error))
    return re.sub(r"0x\w+", "", repr(thing))


# What a line of a cell is, for `grade class` too


@pytest.mark.parametrize(
    "line",
    [
        "import grader.notebook as grade",
        "from grader.notebook import check",
        "grade.check(softmax)",
        "grade.check(softmax, exercise='softmax');  # mine",
        "check('softmax')",
        "x = %timeit -o f(1)",
        "files = !ls",
        "%%grade softmax",
    ],
)
def test_what_asks_for_a_verdict_is_not_graded(line: str) -> None:
    """A notebook that is handed in defines what it defined when it was checked."""
    found = read_notebook(notebook(f"{line}\ndef f(x):\n    return x\n")).source
    assert found == f"# cell 1\npass  # {line}\ndef f(x):\n    return x\n\n"


def test_a_call_of_another_kind_stays() -> None:
    text = "def check(x):\n    return checked(x)\nx = grade.check(3)\ny = check(1) + 1\n    grade.check(1)"
    assert python_of(text) == text
