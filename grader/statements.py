"""A cell's statements: what each makes, and what it needs for that. Runs in: learner's process or kernel."""

import ast
import symtable
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

_COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr"}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement at the top level of a cell, with the names that it has to do with."""

    line: int  # its first in the cell, from 1; decorators belong to it
    text: str
    makes: frozenset[str]  # names that it binds, or whose value it changes
    whole: bool  # whether it makes these anew, so that what they were before is gone
    uses: frozenset[str]  # names that it looks up while it runs
    uses_later: frozenset[str]  # names that are looked up when a function in it is called
    calls: frozenset[str] = frozenset()  # names whose methods it calls for nothing but what they do
    of_a_value: bool = False  # no import, function or class
    imports_all: bool = False  # `from x import *`
    of_the_future: bool = False  # `from __future__ import x`


@lru_cache(maxsize=1024)
def statements_of(text: str) -> tuple[Statement, ...]:
    """The statements of a cell that make something, in order; none of a text that is not Python."""
    try:
        return tuple(_statements(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()


def _statements(text: str) -> Iterator[Statement]:
    lines = text.encode().splitlines(keepends=True)
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import | ast.ImportFrom) and (len(node.names) > 1 or node.lineno != node.end_lineno):
            yield from _imports(node)
            continue
        changed, calls = _changed(node), _called(node)
        makes_nothing = isinstance(node, ast.Delete) or (isinstance(node, ast.AnnAssign) and node.value is None)
        if makes_nothing or (isinstance(node, ast.Expr) and not calls):
            continue
        first, column = _start(node)
        code = _between(lines, first, column, node.end_lineno or first, node.end_col_offset)
        bound = set(_bound(node))
        uses, later = _used(symtable.symtable(code, "cell", "exec"), bound)
        yield Statement(
            first,
            code,
            makes=frozenset(bound | changed),
            whole=_is_whole(node),
            uses=frozenset(uses) | changed,
            uses_later=frozenset(later),
            calls=frozenset(calls),
            of_a_value=not isinstance(node, (ast.Import, ast.ImportFrom, ast.Expr, *_DEFINITIONS)),
            imports_all=isinstance(node, ast.ImportFrom) and node.names[0].name == "*",
            of_the_future=isinstance(node, ast.ImportFrom) and node.module == "__future__",
        )


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[Statement]:
    """One statement for each name of an import: what is needed beside another need not be there."""
    for alias in node.names:
        one = ast.Import([alias]) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, [alias], node.level)
        for statement in statements_of(ast.unparse(one)):
            yield replace(statement, line=alias.lineno)


def _start(node: ast.stmt) -> tuple[int, int]:
    """Line and column of its first character: the `@` of a decorated one."""
    if isinstance(node, _DEFINITIONS) and node.decorator_list:
        return node.decorator_list[0].lineno, node.col_offset
    return node.lineno, node.col_offset


def _between(lines: list[bytes], first: int, column: int, last: int, end: int | None) -> str:
    """The text from a line and column to another; columns are in bytes, as `ast` counts."""
    taken = lines[first - 1 : last]
    taken[-1] = taken[-1][:end]
    taken[0] = taken[0][column:]
    return b"".join(taken).decode()


def _is_whole(node: ast.stmt) -> bool:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return True
        case ast.Import():  # `import a.b` adds to `a`
            return not any("." in name.name and name.asname is None for name in node.names)
        case ast.ImportFrom():
            return node.names[0].name != "*"
        case ast.Assign() | ast.AnnAssign():
            return all(_is_plain(target) for target in _targets(node))
    return False


def _targets(node: ast.stmt) -> list[ast.expr]:
    match node:
        case ast.Assign():
            return node.targets
        case ast.AnnAssign() | ast.AugAssign():
            return [node.target]
    return []


def _is_plain(target: ast.expr) -> bool:
    """Whether it names variables and nothing within them."""
    return not any(isinstance(part, ast.Subscript | ast.Attribute) for part in ast.walk(target))


def _changed(node: ast.AST) -> set[str]:
    """The names whose value an assignment changes: `a` of `a += 1`, `a[0] = 1`, `a.b = 1`, `for a[0] in x: …`."""
    changed: set[str] = set()
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        changed.add(node.target.id)
    elif isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
        inner: ast.AST = node
        while isinstance(inner, ast.Subscript | ast.Attribute):
            inner = inner.value
        changed |= {inner.id} if isinstance(inner, ast.Name) else set()
    if not isinstance(node, _DEFINITIONS):
        changed = changed.union(*map(_changed, ast.iter_child_nodes(node)))
    return changed


def _called(node: ast.AST) -> set[str]:
    """The names whose methods are called on lines of their own: `a` of `a.append(1)`, also within a loop."""
    if isinstance(node, ast.Expr):
        inner: ast.AST = node.value.func if isinstance(node.value, ast.Call) else node
        is_method = isinstance(inner, ast.Attribute)
        while isinstance(inner, ast.Subscript | ast.Attribute):
            inner = inner.value
        return {inner.id} if is_method and isinstance(inner, ast.Name) else set()
    if isinstance(node, _DEFINITIONS):
        return set()
    return set[str]().union(*map(_called, ast.iter_child_nodes(node)))


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that it binds at the top level."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
            return
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return
        case ast.alias(name=name, asname=other):
            yield other or name.partition(".")[0]
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
    for inner in ast.iter_child_nodes(node):
        yield from _bound(inner)


def _used(table: symtable.SymbolTable, bound: set[str]) -> tuple[set[str], set[str]]:
    """Names of the top level that are looked up at once, and those that are when a function is called.

    From Python 3.12 on a table holds the variables of comprehensions too, as if they were bound beside them.
    """
    if table.get_type() == "module":
        of_here = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
        now = {name for name in of_here if name in bound or not table.lookup(name).is_assigned()}
    else:
        now = {s.get_name() for s in table.get_symbols() if s.is_referenced() and s.is_global()}
    later: set[str] = set()
    for inner in table.get_children():
        inner_now, inner_later = _used(inner, bound)
        at_once = inner.get_type() == "class" or inner.get_name() in _COMPREHENSIONS
        now |= inner_now if at_once else set()
        later |= inner_later if at_once else inner_now | inner_later
    return now, later
