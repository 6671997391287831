"""The lines of a course's solutions by which these would be recognised. Runs in: command line."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from grader.course import Exercise

LEAST_LINE = 20  # characters without blanks from which a line of code is recognisable

SolutionLines = Mapping[str, Mapping[str, str]]  # by the line: the exercises whose solutions have it, and where


def solution_lines(exercises: Iterable[Exercise]) -> SolutionLines:
    """The lines of all solutions, right and wrong, that can be recognised: without blanks and comments."""
    found: dict[str, dict[str, str]] = {}
    for exercise in exercises:
        own_call = re.compile(rf"(?:[\w,]+=|return)?(?:{'|'.join(exercise.functions)})\([\w,=*]*\)")  # says nothing
        sources = {"the reference": exercise.reference.read_text(encoding="utf-8")}
        sources |= {f"right/{path.name}": path.read_text(encoding="utf-8") for path in exercise.rights}
        sources |= {f"wrong.toml: {wrong.name}": wrong.source for wrong in exercise.wrongs}
        for place, source in sources.items():
            for line in code_lines(source):
                if not own_call.fullmatch(line):
                    found.setdefault(line, {}).setdefault(exercise.name, f"{exercise.name}, {place}")
    return found


def line_shown(text: str, exercise: Exercise, lines: SolutionLines) -> str:
    """A line of this exercise's solutions that stands in a text and not in its stub; empty where there is none."""
    code, stub = dense([text]), dense([exercise.stub.read_text(encoding="utf-8")])
    return next((line for line, by in lines.items() if exercise.name in by and line in code and line not in stub), "")


def dense(texts: Iterable[str]) -> str:
    """Texts without any blanks, as lines are compared."""
    return "".join("".join(texts).split())


def code_lines(source: str) -> Iterator[str]:
    """The distinctive lines of a module: no import, no head of a definition or of a loop, no text, no comment."""
    skipped = set(_uninteresting(ast.parse(source)))
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    code = (t for t in tokens if t.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE) and t.string.strip())
    for number, line in groupby(code, key=lambda token: token.start[0]):
        text = "".join("".join(token.string for token in line).split())
        if number not in skipped and len(text) > LEAST_LINE:
            yield text


def _uninteresting(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            yield from range(first, node.body[0].lineno)
        elif isinstance(node, ast.For | ast.With):
            yield from range(node.lineno, node.body[0].lineno)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)
