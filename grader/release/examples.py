"""The checks of an exercise that students may see, cut out of its check file. Runs in: command line.

What is parsed here is the author's own file, never a student's.
"""

import ast
import dis
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from types import CodeType

from msgspec import Struct

from grader.assignment import Assignment, Demand, Visibility
from grader.course import Exercise
from grader.errors import CourseError

_NOT_FOR_STUDENTS = {"reference", "mnist", "has_mnist", "assert_fast"}  # of `grader.checks`: what a release lacks
_ALWAYS = {"pytestmark"}  # said to pytest about all checks of a file
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class CheckFile(Struct, frozen=True, dict=True):
    """A check file and what each of its checks needs of it."""

    source: str

    @classmethod
    def of(cls, exercise: Exercise) -> "CheckFile":
        """Raises CourseError where the file can't be read or parsed."""
        try:
            found = cls(exercise.check_file.read_text(encoding="utf-8"))
            assert found.statements is not None
        except (OSError, SyntaxError, ValueError) as error:
            raise CourseError(f"{exercise.check_file}: {error}; `grade verify {exercise.name}` tells more") from None
        return found

    @cached_property
    def _source_lines(self) -> list[str]:
        """As Python counts them: `splitlines` ends one at a form feed, too."""
        return self.source.split("\n")

    @cached_property
    def statements(self) -> list[ast.stmt]:
        return ast.parse(self.source).body

    @cached_property
    def checks(self) -> dict[str, _Function]:
        """The checks by name, in the order of the file."""
        return {s.name: s for s in self.statements if isinstance(s, _Function) and s.name.startswith("test")}

    def names_for(self, checks: Sequence[str]) -> set[str]:
        """The names at the top of the file that these checks need, their own included."""
        everything = set().union(*map(_bound, self.statements))
        needed = {*checks, *(everything & _ALWAYS)}
        needed |= {s.name for s in self.statements if isinstance(s, _Function) and _is_automatic(s)}
        needed |= {name for s in self.statements if _is_future(s) for name in _bound(s)}
        while True:
            used = {n for s in self.statements if self._belongs(s, needed) and not _is_import(s) for n in _used(s)}
            if not (new := used & everything - needed):
                return needed
            needed |= new

    def needed(self, checks: Sequence[str]) -> list[ast.stmt]:
        """The statements at the top of the file that these checks need, in order."""
        names = self.names_for(checks)
        return [s for s in self.statements if self._belongs(s, names)]

    def _belongs(self, statement: ast.stmt, names: set[str]) -> bool:
        """Whether a statement defines one of these names, or changes what they stand for and nothing else."""
        changed = _changed(statement, self._own)
        return bool(_bound(statement) & names) or bool(changed and changed <= names)

    @cached_property
    def _own(self) -> set[str]:
        """The names that the file defines and doesn't import."""
        return {name for s in self.statements if not _is_import(s) for name in _bound(s)}

    def text_of(self, statements: Sequence[ast.stmt]) -> str:
        """These statements as they stand in the file."""
        return "\n".join(self._lines(s) for s in statements)

    def cut(self, checks: Sequence[str], title: str) -> str:
        """A check file with these checks alone, and what they need."""
        names = self.names_for(checks)
        text, before = f'"""{title}"""\n', None
        for statement in self.needed(checks):
            text += "\n" * self._gap(before, statement) + (_import(statement, names) or self._lines(statement)) + "\n"
            before = statement
        return text

    def _gap(self, before: ast.stmt | None, statement: ast.stmt) -> int:
        """How many empty lines stand before a statement."""
        blocks = (_Function, ast.ClassDef)
        if isinstance(statement, blocks) or isinstance(before, blocks):
            return 2
        if before is None:
            return 1
        between = self._source_lines[before.end_lineno or before.lineno : _first_line(statement) - 1]
        return int(any(not line.strip() for line in between))

    def _lines(self, statement: ast.stmt) -> str:
        """Its lines with comments at their ends; of a line that it shares with others no more than its own part."""
        first, last = statement.lineno, statement.end_lineno or statement.lineno
        if sum(s.lineno <= last and (s.end_lineno or s.lineno) >= first for s in self.statements) > 1:
            return ast.get_source_segment(self.source, statement) or ""
        return "\n".join(self._source_lines[_first_line(statement) - 1 : statement.end_lineno])

    def why_hidden(self, check: str) -> str:
        """Why a check can't be shown to students: what it needs that they don't have; empty where it can."""
        for node in _nodes(self.needed([check])):
            if isinstance(node, ast.Attribute) and node.attr in _NOT_FOR_STUDENTS:
                return node.attr
            if isinstance(node, ast.Name) and self._helpers.get(node.id) in _NOT_FOR_STUDENTS:
                return self._helpers[node.id]
        return ""

    @cached_property
    def _helpers(self) -> dict[str, str]:
        """What the file imports of `grader.checks`, by the names that it uses."""
        modules = [n for n in _nodes(self.statements) if isinstance(n, ast.ImportFrom) and n.module == "grader.checks"]
        return {alias.asname or alias.name: alias.name for module in modules for alias in module.names}

    def is_simple(self, check: str) -> bool:
        """Whether a check is a good example: it needs no function beside it, and is not about errors."""
        needed = self.needed([check])
        blocks = sum(isinstance(statement, _Function | ast.ClassDef) for statement in needed)
        return blocks == 1 and not any(isinstance(n, ast.Attribute) and n.attr == "raises" for n in _nodes(needed))


@cache
def _bound(statement: ast.stmt) -> frozenset[str]:
    """The names that a statement at the top of a file defines."""
    if isinstance(statement, _Function | ast.ClassDef):
        return frozenset((statement.name, *_fixture_names(statement)))
    names: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, _Function | ast.ClassDef):
            names.add(node.name)
    return frozenset(names)


def _fixture_names(statement: _Function | ast.ClassDef) -> Iterator[str]:
    """The name by which checks ask for a fixture, where that is another one than its function's."""
    for decorator in statement.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("fixture"):
            named = [k.value for k in decorator.keywords if k.arg == "name"]
            yield from (str(text.value) for text in named if isinstance(text, ast.Constant))


def _changed(statement: ast.stmt, own: set[str]) -> set[str]:
    """The names of the file whose objects a statement changes: `CASES.append(3)`, `TABLE["a"] = 1`, `fill(CASES)`."""
    if isinstance(statement, _Function | ast.ClassDef):
        return set()
    changed: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            changed.add(_root(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
            is_method = isinstance(call.func, ast.Attribute) and _root(call.func) in own
            changed |= {_root(call.func)} if is_method else {n.id for n in _nodes(arguments) if isinstance(n, ast.Name)}
    return changed & own


def _root(node: ast.expr) -> str:
    """`TABLE` of `TABLE["a"].rows`; empty where it begins with no name."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


@cache
def _used(statement: ast.stmt) -> frozenset[str]:
    """The names of the file's top that a statement uses; arguments too, which pytest fills by fixtures so called."""
    names = set(_globals(compile(ast.Module([statement], []), "checks", "exec", dont_inherit=True)))
    for node in ast.walk(statement):
        if isinstance(node, ast.AnnAssign):  # within functions it is never evaluated, but editors look at it
            names |= {n.id for n in ast.walk(node.annotation) if isinstance(n, ast.Name)}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("usefixtures", "getfixturevalue")):
            names |= {str(text.value) for text in node.args if isinstance(text, ast.Constant)}
    return frozenset(names | ({a.arg for a in statement.args.args} if isinstance(statement, _Function) else set()))


def _globals(code: CodeType) -> Iterator[str]:
    for step in dis.get_instructions(code):
        if step.opname.startswith("LOAD_") and ("GLOBAL" in step.opname or "NAME" in step.opname):
            yield str(step.argval)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _globals(inner)


def _nodes(trees: Sequence[ast.AST]) -> Iterator[ast.AST]:
    for tree in trees:
        yield from ast.walk(tree)


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _is_automatic(function: _Function) -> bool:
    """Whether it is a fixture that every check gets."""
    return any("autouse=True" in ast.unparse(decorator) for decorator in function.decorator_list)


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(d.lineno for d in decorators)])


def _import(statement: ast.stmt, names: set[str]) -> str:
    """An import of no more than these names; empty where the statement is none."""
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        return ""
    kept = [a for a in statement.names if (a.asname or a.name).partition(".")[0] in names]
    if isinstance(statement, ast.Import):
        return ast.unparse(ast.Import(kept))
    return ast.unparse(ast.ImportFrom(statement.module, kept, statement.level))


# Which checks


def visible_checks(assignment: Assignment, demand: Demand, file: CheckFile, shows: dict[str, str]) -> tuple[str, ...]:
    """The checks of an exercise that go out with a release, in the order of the file.

    Those that the settings make visible, else the first few of those that can be shown: the core check, then simple
    ones. `shows` says of checks what of a solution they would show. Raises CourseError for a check that is to be
    visible and can't be.
    """
    named = [name for name, seen in demand.visibility.items() if seen is Visibility.VISIBLE]
    for name in named:
        if why := _why_not(demand.exercise, file, name, shows):
            raise CourseError(f"{demand.exercise.name}: {name} can't be visible: {why}; choose another one")
    free = candidates(demand, file, shows)
    if assignment.visibility is Visibility.VISIBLE:
        named += [name for name in free if name not in named]
    return tuple(name for name in file.checks if name in (named or free[: assignment.public_checks]))


def candidates(demand: Demand, file: CheckFile, shows: dict[str, str]) -> list[str]:
    """The checks that can be shown and that the settings don't hide: the core check, simple ones, the others."""
    exercise = demand.exercise
    able = [n for n in file.checks if n not in demand.visibility and not _why_not(exercise, file, n, shows)]
    return sorted(able, key=lambda name: (name != exercise.core, not file.is_simple(name)))


def _why_not(exercise: Exercise, file: CheckFile, check: str, shows: dict[str, str]) -> str:
    if needs := file.why_hidden(check):
        return f"it needs `{needs}`, which a release does not hold"
    if check in exercise.advisory:
        return "it measures speed"
    return f"it would show of a solution: {shows[check]}" if check in shows else ""
