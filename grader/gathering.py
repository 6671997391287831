"""From a notebook's cells to one module: what a function needs, nothing else. Runs in: learner's process or kernel.

The module is a shorter run of the notebook: of all statements those that make a name that is needed, in the order in
which they ran. What a name is, the last statement that made it says. A call on a line of its own makes nothing, but for
one of a value's own method: `table.append(1)`.
"""

import builtins
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.statements import Statement, statements_of

OF_IPYTHON = {"display", "get_ipython", "In", "Out", "exit", "quit"}  # there in a notebook, and nowhere else


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that has run."""

    number: int  # as Jupyter shows it: In [3]
    text: str  # as Python
    file: str = ""  # what its code calls its file
    skipped: int = 0  # lines before the first that its code counts


@dataclass(frozen=True, slots=True)
class Place:
    """Where a function's code says that it comes from."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """The module, and which line of which cell each of its lines is."""

    source: str
    lines: tuple[tuple[int, int] | None, ...]  # (cell, line), for lines 1, 2, ...; None of an empty one
    unbound: tuple[str, ...]  # names that no statement makes and Python doesn't have


@dataclass(frozen=True, slots=True)
class _Step:
    cell: Cell
    statement: Statement


class Cells:
    """All cells that have run, in that order. `origins`: where the functions that the kernel has now come from."""

    def __init__(self, cells: Iterable[Cell], origins: Mapping[str, Place]) -> None:
        self._steps = [_Step(cell, statement) for cell in cells for statement in statements_of(cell.text)]
        self._makers: dict[str, list[int]] = {}
        values = {name for step in self._steps if step.statement.of_a_value for name in step.statement.makes}
        for index, step in enumerate(self._steps):  # a module's functions are called for what they do elsewhere
            for name in step.statement.makes | (step.statement.calls & values):
                self._makers.setdefault(name, []).append(index)
        self._all_imports = [n for n, step in enumerate(self._steps) if step.statement.imports_all]
        self._ends = {name: self._end(name, place) for name, place in origins.items()}

    def define(self, name: str) -> bool:
        """Whether a cell makes it, and does not only import it from elsewhere."""
        made = [self._steps[index].statement.text.split(None, 1)[0] for index in self._made(name, len(self._steps))]
        return any(first not in ("import", "from") for first in made)

    def gather(self, names: Sequence[str]) -> Gathered:
        """The module of what these names need."""
        end = len(self._steps)
        unbound: dict[str, None] = {}
        seen: set[tuple[int, int]] = set()
        todo = [(name, end, end) for name in names]  # made before when, and called when
        while todo:
            name, before, called = todo.pop()
            made = self._made(name, before)
            if not made and name not in self._makers:
                unbound[name] = None
            for index in made:
                if (index, called) in seen:
                    continue
                seen.add((index, called))
                statement = self._steps[index].statement
                for used in statement.uses:  # may be called while it runs, and whenever it is called itself
                    todo += [(used, index, index), (used, index, called)]
                for used in statement.uses_later:  # may be given away, to be called at last
                    todo += [(used, called, called), (used, called, end)]
        return self._module({index for index, _ in seen}, unbound)

    def _made(self, name: str, before: int) -> list[int]:
        """The statements by which a name is what it is, before another one runs."""
        if before == len(self._steps):
            before = self._ends.get(name, before)
        made: list[int] = []
        for index in reversed([n for n in self._makers.get(name, ()) if n < before]):
            made.append(index)
            if self._steps[index].statement.whole:
                break
        return made or ([] if _is_given(name) else [n for n in self._all_imports if n < before])

    def _end(self, name: str, origin: Place) -> int:
        """Behind the statement that the kernel's function is of: a cell that failed may not have made a later one."""
        for index in self._makers.get(name, ()):
            step = self._steps[index]
            if step.cell.file == origin.file and step.statement.line == origin.line + step.cell.skipped:
                return index + 1
        return len(self._steps)

    def _module(self, taken: set[int], unbound: Iterable[str]) -> Gathered:
        future = {n for n, step in enumerate(self._steps) if step.statement.of_the_future}
        order = sorted(future) + sorted(taken - future)
        texts: list[str] = []
        lines: list[tuple[int, int] | None] = []
        for step in (self._steps[index] for index in order):
            if lines and (lines[-1] or (0, 0))[0] != step.cell.number:
                texts.append("")
                lines.append(None)
            rows = step.statement.text.split("\n")
            texts += rows
            lines += [(step.cell.number, step.statement.line + offset) for offset in range(len(rows))]
        missing = sorted(name for name in unbound if not _is_given(name))
        return Gathered("\n".join(texts) + "\n", tuple(lines), tuple(missing))


def within(text: str, cells: Sequence[int], names: Sequence[str]) -> str:
    """Of a text with a comment in line 1 and cells that begin in these lines, what the names need; all else is empty.

    Every statement keeps its line, but for imports of the future, which come first. Where no cell makes any of the
    names, it is the whole text.
    """
    rows = text.split("\n")
    ends = [*(line - 1 for line in cells[1:]), len(rows)]
    found = Cells((Cell(line, "\n".join(rows[line - 1 : end])) for line, end in zip(cells, ends, strict=True)), {})
    if not any(map(found.define, names)):
        return text
    gathered = found.gather(names)
    kept = [""] * len(rows)
    of_the_future = True
    for place, row in zip(gathered.lines, gathered.source.split("\n")[:-1], strict=True):
        if place is not None:
            of_the_future = of_the_future and row.startswith("from __future__")
            at = 0 if of_the_future else place[0] + place[1] - 2
            kept[at] = "; ".join(filter(None, (kept[at], row)))  # several may stand in one line
    return "\n".join(kept)


def _is_given(name: str) -> bool:
    """Whether every module has it without a word."""
    return (hasattr(builtins, name) and name not in OF_IPYTHON) or (name.startswith("__") and name.endswith("__"))
