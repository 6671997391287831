"""Write small suites, tests and the code under test, and run the real `grade suite` on them."""

import json
import textwrap
from pathlib import Path
from typing import Any

from .command import grade

STACK = """
class Empty(Exception):
    pass


class Stack:
    def __init__(self, items=()):
        self.items = list(items)

    def push(self, item):
        self.items.append(item)

    def pop(self):
        if not self.items:
            raise Empty("nothing here")
        return self.items.pop()

    def __len__(self):
        return len(self.items)


def double(number):
    return 2 * number
"""
RIGHT = "from stack import double\n\n\ndef test_double():\n    assert double(2) == 4\n"


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write files by their paths below a folder; returns the folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return folder


def report_of(folder: Path, *arguments: str, code: str = "code", sandbox: str = "process") -> dict[str, Any]:
    """The report of `grade suite`: by default of the tests below `tests`, and the code in `code`."""
    words = arguments if any(not word.startswith("-") for word in arguments[:1]) else ("tests", *arguments)
    done = grade(folder, "suite", *words, "--code", code, "--sandbox", sandbox, "--json", "-")
    assert done.stderr == ""
    report: dict[str, Any] = json.loads(done.stdout)
    good = {"passed", "skipped", "xfailed", "xpassed"}
    passed = bool(report["tests"]) and not report["problem"] and all(t["outcome"] in good for t in report["tests"])
    assert done.returncode == (0 if passed else 1)
    return report


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    """What became of each test, by the last part of its id."""
    return {test["id"].rpartition("::")[2]: test["outcome"] for test in report["tests"]}


def result_of(report: dict[str, Any], name: str) -> dict[str, str]:
    """The result of one test."""
    (found,) = [test for test in report["tests"] if test["id"].rpartition("::")[2] == name]
    return dict(found)
