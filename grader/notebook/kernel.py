"""What IPython knows: the cells that have run, and where its functions come from. Runs in: the learner's kernel."""

import sys
from collections.abc import Iterator
from functools import lru_cache
from types import FunctionType
from typing import Any

from grader.cells import python_of
from grader.errors import GraderError
from grader.gathering import Cell, Place
from grader.language import _


class NotebookError(GraderError):
    """What a learner asked for is not to be had; IPython shows the sentence, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"grade: {self}"]


def running_shell() -> Any:
    """IPython's shell. Raises NotebookError where there is none."""
    ipython = sys.modules.get("IPython")  # whoever runs in it has it
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        raise NotebookError(_("grader.notebook is for Jupyter, Colab and IPython; elsewhere use `grade run NAME`"))
    return shell


def cells_of(shell: Any) -> Iterator[Cell]:
    """The cells that have run in this session, as Python, in that order; those of other languages left out."""
    for number, raw in enumerate(shell.history_manager.input_hist_raw):
        python = python_of(raw.replace("\r\n", "\n").replace("\r", "\n"))
        if python is not None:
            first, _, rest = raw.partition("\n")
            in_magic = first.startswith("%%grade")
            body = rest.removesuffix("\n") + "\n" if in_magic else raw  # as a magic gets it
            blank = len(body) - len(body.lstrip())
            yield Cell(number, python, _file_of(shell, body, number), body.count("\n", 0, blank) + in_magic)


def origins_of(shell: Any) -> dict[str, Place]:
    """Where the functions come from that the kernel has now, by name."""
    found: dict[str, Place] = {}
    for name, value in list(shell.user_ns.items()):
        inner = value
        while isinstance(inner, FunctionType) and isinstance(vars(inner).get("__wrapped__"), FunctionType):
            inner = vars(inner)["__wrapped__"]
        if isinstance(inner, FunctionType):
            found[name] = Place(inner.__code__.co_filename, inner.__code__.co_firstlineno)
    return found


@lru_cache(maxsize=1024)  # it takes 2 ms
def _file_of(shell: Any, body: str, number: int) -> str:
    """The file name that IPython gives to a cell's code."""
    try:
        name: str = shell.compile.get_code_name(body, shell.transform_cell(body), number)
    except Exception:  # a text that IPython can't read has not run either
        return ""
    return name
