"""What can't work with a sandbox between, seen from how a test failed. Runs in: command line."""

import builtins
import os
import sys
import time
from pathlib import Path

import pytest

from grader.remote import ByDesign

_INSPECTS = ("inspect.py", "ast.py", "dis.py", "linecache.py", "tokenize.py")
_WATCHED = {
    **{f"builtins.{name}": (builtins, name) for name in ("open", "input", "print", "__import__")},
    **{f"time.{name}": (time, name) for name in ("time", "sleep", "monotonic", "perf_counter")},
    **{f"os.{name}": (os, name) for name in ("getcwd", "listdir", "getenv", "urandom", "system", "environ")},
    **{f"sys.{name}": (sys, name) for name in ("stdin", "argv", "exit", "platform")},
}


class Watch:
    """Notices which well-known functions a test has replaced on its own side."""

    def __init__(self) -> None:
        self._real: dict[str, object] = {}
        self.replaced: list[str] = []

    def begin(self) -> None:
        """Before a test and its fixtures."""
        self._real = {name: getattr(*place, None) for name, place in _WATCHED.items()}
        self.replaced = []

    def look(self) -> None:
        """While it runs."""
        now = {name: getattr(*place, None) for name, place in _WATCHED.items()}
        self.replaced += [name for name in now if now[name] is not self._real.get(name) and name not in self.replaced]


def note(error: pytest.ExceptionInfo[BaseException], replaced: list[str]) -> str:
    """Why a test can't pass here by design, if that is seen from how it failed."""
    if isinstance(error.value, ByDesign):
        return str(error.value)
    files = [Path(str(entry.path)).name for entry in error.traceback]
    if isinstance(error.value, TypeError | OSError) and files and files[-1] in _INSPECTS:
        return "the test reads source by inspect; the learner's source is never on the side of the tests"
    if isinstance(error.value, OSError) and hasattr(error.value, "learner_error") and not replaced:
        path = error.value.filename
        if isinstance(path, str) and Path(path).parent.exists():
            return f"{path} is on the side of the tests; the learner's code is shut in and sees no file of this machine"
    if replaced:
        return f"the test replaces {', '.join(replaced)} on its own side; the learner's code runs in another process"
    return ""
