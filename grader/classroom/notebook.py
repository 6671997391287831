"""The functions that a Jupyter notebook defines, as one module's text. Runs in: command line.

The text is put together line by line and never parsed as Python: that is for the learner's process.
"""

import json
import re
import sys
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from grader.cells import python_of
from grader.classroom.places import MOST_FILE

MOST_CELLS = 2_000
_DEFINES = re.compile(
    r"^(def |async def |class |import |from |@|[A-Za-z_]\w*[ \t]*(:[^=\n]*)?=(?!=))", re.MULTILINE
)  # of one line, so that the time grows with the text and no faster
_IMPORT = re.compile(
    r"import[ \t]+(?P<one>\w+)(?:\.[\w.]*)?(?:[ \t]+as[ \t]+\w+)?[ \t]*(?:#.*)?"
    r"|from[ \t]+(?P<all>\w+)(?:\.[\w.]*)?[ \t]+import[ \t][\w, \t*]+(?:#.*)?"
)  # of one module, on a line of its own
_THERE = {*sys.stdlib_module_names, "numpy"}  # where code is graded


@dataclass(frozen=True, slots=True)
class Notebook:
    """The code cells that define something, and the numbers of those that don't."""

    source: str
    left_out: tuple[int, ...]  # code cells, counted from 1
    not_there: tuple[str, ...] = ()  # modules whose imports are left out

    def defines(self, function: str) -> bool:
        """Whether it has a function of that name, as far as a look at its lines tells."""
        return re.search(rf"^def[ \t]+{re.escape(function)}[ \t]*[(\[]", self.source, re.MULTILINE) is not None


def read_notebook(data: bytes, modules: Collection[str] = ()) -> Notebook:
    """Raises ValueError, with a reason, for what is no notebook. `modules`: those of the course."""
    if len(data) > MOST_FILE:
        raise ValueError(f"it has over {MOST_FILE:,} bytes; clear its outputs and save it again")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise ValueError("it is no notebook; save it again in Jupyter") from None
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list):
        raise ValueError("it has no cells; save it as a notebook of format 4")
    parts: list[str] = []
    left_out: list[int] = []
    not_there: dict[str, None] = {}
    codes = [_text(cell) for cell in cells[:MOST_CELLS] if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    for number, text in enumerate(codes, 1):
        python = python_of(text)
        if python is None or not _DEFINES.search(text):
            left_out.extend([number] if text.strip() else [])
            continue
        rows = [_without_import(line, modules, not_there) for line in python.split("\n")]
        parts.append("\n".join((f"# cell {number}", *rows)))
    return Notebook("\n\n\n".join(parts) + "\n", tuple(left_out), tuple(not_there))


def _without_import(line: str, modules: Collection[str], not_there: dict[str, None]) -> str:
    """The line, or a comment in its place where it imports what is not there; `not_there` gets the module's name."""
    found = _IMPORT.fullmatch(line)
    module = found and (found["one"] or found["all"])
    if not module or module in _THERE or module in modules:
        return line
    not_there[module] = None
    return f"pass  # {line}"


def _text(cell: dict[str, Any]) -> str:
    source = cell.get("source")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source.replace("\r\n", "\n") if isinstance(source, str) else ""
