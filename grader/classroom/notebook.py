"""The functions that a Jupyter notebook defines, as one module's text. Runs in: command line.

The text is put together line by line and never parsed as Python: that is for the learner's process.
"""

import json
import re
from typing import Any

from msgspec import Struct

from grader.cells import python_of
from grader.classroom.places import MOST_FILE
from grader.intake import MAX_SOURCE

MOST_CELLS = 2_000
_DEFINES = re.compile(
    r"^((def|async|class|import|from|if|for|while|with|try|match)\b|@|\w+[.\[]|([^\W\d]|[(\[*])[^=(\n]*=(?!=))",
    re.MULTILINE,
)  # of one line, so that the time grows with the text and no faster


class Notebook(Struct, frozen=True):
    """The code cells that define something, and the numbers of those that don't."""

    source: str
    begins: tuple[int, ...]  # the lines in which these cells begin, each after a comment
    left_out: tuple[int, ...]  # code cells, counted from 1

    def defines(self, name: str) -> bool:
        """Whether it has a function or class of that name, as far as a look at its lines tells."""
        return self._has(rf"(?:def|class)[ \t]+{re.escape(name)}[ \t]*[(\[:]")

    def assigns(self, name: str) -> bool:
        """Whether it gives that name a value, a lambda perhaps, as far as a look at its lines tells."""
        return self._has(rf"{re.escape(name)}[ \t]*(?::[^=\n]*)?=(?!=)")

    def _has(self, beginning: str) -> bool:
        return re.search(rf"^(?:{beginning})", self.source, re.MULTILINE) is not None


def read_notebook(data: bytes) -> Notebook:
    """Raises ValueError, with a reason, for what is no notebook."""
    if len(data) > MOST_FILE:
        raise ValueError(f"it has over {MOST_FILE:,} bytes; clear its outputs and save it again")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise ValueError("it is no notebook; save it again in Jupyter") from None
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list):
        raise ValueError("it has no cells; save it as a notebook of format 4")
    rows: list[str] = []
    begins: list[int] = []
    left_out: list[int] = []
    codes = [_text(cell) for cell in cells[:MOST_CELLS] if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    if sum(map(len, codes)) > MAX_SOURCE:  # before it is looked at line by line
        raise ValueError(f"it has over {MAX_SOURCE:,} characters of code; hand in your own alone")
    for number, text in enumerate(codes, 1):
        python = python_of(text)
        if python is None or not _DEFINES.search(text):
            left_out.extend([number] if text.strip() else [])
            continue
        rows += [*["", ""] * bool(rows), f"# cell {number}"]
        begins.append(len(rows) + 1)
        rows += python.split("\n")
    return Notebook("\n".join(rows) + "\n", tuple(begins), tuple(left_out))


def _text(cell: dict[str, Any]) -> str:
    source = cell.get("source")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source.replace("\r\n", "\n") if isinstance(source, str) else ""
