"""Make a class: students who vary the course's solutions each in their own way, and copies in disguise.

As a script it writes such a class: `python tests/similar_class.py FOLDER [STUDENTS]`, to try `grade similar` on.
"""

import ast
import builtins
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from grader.course import Exercise, bundled_root, read_course

_SWAPPED = (ast.Add, ast.Mult)
_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Eq: ast.Eq, ast.NotEq: ast.NotEq,
}  # fmt: skip
_PARTS = (ast.BinOp, ast.Call, ast.Subscript)  # what may get a name of its own
_BINDING = (ast.Lambda, ast.GeneratorExp, ast.ListComp, ast.DictComp, ast.SetComp, ast.NamedExpr)
_REMARKS = ("step by step", "as in the lecture", "shape stays", "see the notes", "checked by hand", "the easy case")


class _Habits(ast.NodeTransformer):
    """One writes a product the other way round, one names each step, one squares by a product, one calls a method."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.naming = draw.uniform(0, 0.4)  # how readily a part of an expression gets a name
        self.annotated = draw.random() < 0.5
        self.steps = 0

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, _SWAPPED) and self.draw.random() < 0.5:
            node.left, node.right = node.right, node.left
        square = isinstance(node.op, ast.Pow) and isinstance(node.right, ast.Constant) and node.right.value == 2
        if square and isinstance(node.left, ast.Name) and self.draw.random() < 0.5:
            return ast.BinOp(node.left, ast.Mult(), node.left)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if len(node.ops) == 1 and type(node.ops[0]) in _MIRRORED and self.draw.random() < 0.4:
            return ast.Compare(node.comparators[0], [_MIRRORED[type(node.ops[0])]()], [node.left])
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        self.draw.shuffle(node.keywords)
        match node.func:
            case ast.Attribute(ast.Name("np"), "sum" | "mean" | "max" as name) if (
                node.args and self.draw.random() < 0.5
            ):
                return ast.Call(ast.Attribute(node.args[0], name, ast.Load()), node.args[1:], node.keywords)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name) and self.draw.random() < 0.5:
            name = ast.Name(node.target.id, ast.Load())
            return self._with_steps(ast.Assign([node.target], ast.BinOp(name, node.op, node.value)))
        return self._with_steps(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        bare = node.value is not None and self.draw.random() < 0.7
        return self._with_steps(ast.Assign([node.target], node.value) if bare else node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        return self._with_steps(node)

    def visit_Return(self, node: ast.Return) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        return self._with_steps(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        if not self.annotated:
            node.returns = None
            for argument in node.args.args:
                argument.annotation = None
        node.body = [step for step in node.body if not self._left_out(step)] or node.body
        if node.args.args and self.draw.random() < 0.2:
            guard = f"if {node.args.args[0].arg} is None:\n    raise ValueError('empty')"
            node.body.insert(self.draw.randint(0, 1), ast.parse(guard).body[0])
        return node

    def _left_out(self, step: ast.stmt) -> bool:
        """Some guards are forgotten."""
        return isinstance(step, ast.If) and isinstance(step.body[0], ast.Raise) and self.draw.random() < 0.3

    def _with_steps(self, node: ast.Return | ast.Assign | ast.AnnAssign | ast.AugAssign) -> list[ast.stmt]:
        """Parts of the value, or all of it, in steps of their own before it."""
        steps: list[ast.stmt] = []

        def named(value: ast.expr) -> ast.expr:
            self.steps += 1
            steps.append(ast.Assign([ast.Name(f"step_{self.steps}", ast.Store())], value))
            return ast.Name(f"step_{self.steps}", ast.Load())

        value = node.value
        if value is None or any(isinstance(part, _BINDING) for part in ast.walk(value)):
            return [node]
        for part in list(ast.walk(value)):
            if isinstance(part, ast.BinOp):
                for side in ("left", "right"):
                    if isinstance(getattr(part, side), _PARTS) and self.draw.random() < self.naming:
                        setattr(part, side, named(getattr(part, side)))
            if isinstance(part, ast.Call):
                part.args = [
                    named(a) if isinstance(a, _PARTS) and self.draw.random() < self.naming else a for a in part.args
                ]
        if isinstance(value, _PARTS) and self.draw.random() < self.naming:
            node.value = named(value)
        return [*steps[::-1], node]


class _Renamed(ast.NodeTransformer):
    """Every name that the code itself gives becomes another, but for those of the exercise's functions."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        self.generic_visit(node)
        node.arg = self.names.get(node.arg, node.arg)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.name = self.names.get(node.name, node.name)
        return node


def varied(source: str, draw: random.Random) -> str:
    """The same solution by another hand: other habits, own names."""
    tree = ast.fix_missing_locations(_Habits(draw).visit(ast.parse(source)))
    return renamed(ast.unparse(tree), draw)


def renamed(source: str, draw: random.Random) -> str:
    """The same code with other names for its variables and parameters."""
    tree = ast.parse(source)
    given = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    given |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    names = {name: f"{draw.choice('abcdefgh')}{draw.randrange(10**6)}" for name in sorted(given - set(dir(builtins)))}
    return ast.unparse(_Renamed(names).visit(tree))


def disguised(source: str, draw: random.Random) -> str:
    """A copy: other names, the functions in another order, other comments, laid out by hand."""
    tree = ast.parse(renamed(source, draw))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    others = [node for node in tree.body if not isinstance(node, ast.FunctionDef)]
    for function in functions:
        if ast.get_docstring(function):
            function.body[0] = ast.Expr(ast.Constant(f"{draw.choice(_REMARKS)}."))
    tree.body = others + functions[::-1]
    return "\n".join(_by_hand(ast.unparse(tree), draw)) + "\n"


def _by_hand(text: str, draw: random.Random) -> Iterator[str]:
    for line in text.split("\n"):
        code = line.strip()
        indent = (len(line) - len(line.lstrip())) * " " * 2
        if draw.random() < 0.2:
            yield f"{indent}# {draw.choice(_REMARKS)}"
        if "'" not in code and '"' not in code:
            code = re.sub(r" ([-+*/]) ", lambda op: op[1] if draw.random() < 0.5 else f"  {op[1]} ", code)
            if code.startswith("return ") and draw.random() < 0.5:
                code = f"return \\\n{indent}    {code[7:]}"
        yield f"{indent}{code}" + ("   # ok" if code and draw.random() < 0.2 and not code.endswith("\\") else "")


def solutions(exercise: Exercise) -> list[str]:
    """What the course itself knows: right ones, twice as often as wrong ones."""
    right = [path.read_text("utf-8") for path in (exercise.reference, *exercise.rights)]
    return right * max(1, 2 * len(exercise.wrongs) // len(right)) + [wrong.source for wrong in exercise.wrongs]


def make_class(exercises: tuple[Exercise, ...], students: int, copies: int, seed: int = 0) -> dict[str, dict[str, str]]:
    """Sources by student and exercise. The student "copy-3" has the work of "s003", in disguise."""
    draw = random.Random(seed)
    everyone: dict[str, dict[str, str]] = {f"s{n:03}": {} for n in range(students)}
    everyone |= {f"copy-{n}": {} for n in range(copies)}
    for exercise in exercises:
        known = solutions(exercise)
        for n in range(students):
            everyone[f"s{n:03}"][exercise.name] = varied(draw.choice(known), draw)
        for n in range(copies):
            everyone[f"copy-{n}"][exercise.name] = disguised(everyone[f"s{n:03}"][exercise.name], draw)
    return everyone


def write_class(folder: Path, everyone: dict[str, dict[str, str]], exercises: tuple[Exercise, ...]) -> None:
    """A folder for each student, with a folder for each exercise."""
    for student, sources in everyone.items():
        for exercise in exercises:
            file = folder / student / exercise.name / exercise.file_name
            file.parent.mkdir(parents=True)
            file.write_text(sources[exercise.name], encoding="utf-8")


if __name__ == "__main__":
    course = read_course(bundled_root())
    students = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    write_class(Path(sys.argv[1]), make_class(course.exercises, students, copies=6), course.exercises)
