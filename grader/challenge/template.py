"""The file in which a learner's checks begin. Runs in: command line."""

from pathlib import Path

from grader.course import Exercise
from grader.errors import WorkspaceError
from grader.language import _

_TEXT = '''\
"""Your checks of {module}: write the test.

`grade challenge {name}` runs every function here whose name begins with `check_`, with a right
{module} and with each of the known-wrong ones that the course has. The right one must pass; a wrong
one is caught where a check fails: by an `assert`, or by any exception. You don't see their code.
Nothing of your own {module}.py is run here.
"""

import numpy as np

from {module} import {names}


def check_example() -> None:
    """Passes, and catches nothing yet. Call {first} and say by `assert` what must be true of its answer."""
    assert callable({first})
'''


def write(path: Path, exercise: Exercise) -> bool:
    """Write the file where there is none. Returns whether it was written. Raises WorkspaceError."""
    names = [*exercise.functions, *exercise.constants]
    text = _TEXT.format(module=exercise.module, name=exercise.name, names=", ".join(names), first=exercise.functions[0])
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return False
    except OSError as error:
        said = _("{file}: {reason}; make its folder, and writable, or `grade init` again")
        raise WorkspaceError(said.format(file=path, reason=error.strerror)) from None
    return True
