"""Notebooks that a class handed in: graded as `grade.check` grades their functions."""

from pathlib import Path

import pytest

from grader.classroom.gradebook import Gradebook
from grader.classroom.model import Row
from grader.result import Outcome

from .command import grade
from .small_course import CHAPTER, change, write_course
from .test_class_intake import notebook

RIGHT = "def scale(values, factor=2.0):\n    return values * factor"
TABLE = "def scale(values, factor=2.0):\n    return values * factor * FACTORS[3] / 2"
RIGHTS = {  # by student: cells with what a notebook has beside a right function
    "plots": (f"import numpy as np\nimport matplotlib.pyplot as plt\n{RIGHT}", "plt.plot(scale(np.arange(3)))"),
    "plots-beside": (f"import matplotlib.pyplot as plt\n{RIGHT}\nplt.plot([1, 2])",),
    "warns": ("import numpy as np\nx = np.exp(np.array([1000.0]))", RIGHT),
    "reads-files": (f"{RIGHT}\ny = open('data.csv').read()",),
    "trains": (f"{RIGHT}\nfor step in iter(int, 1):\n    done = step",),
    "tries": (f"{RIGHT}\nassert scale(2) == 5",),
    "waits": (RIGHT, "import asyncio\nslept = await asyncio.sleep(0)"),
    "asks-in-lines": (f"import grader.notebook as grade\n{RIGHT}\ngrade.check(\n    scale,\n)",),
    "appends": ("FACTORS = []", "for n in range(3):\n    FACTORS.append(1.0)", "FACTORS.append(2.0)", TABLE),
    "lambda": ("scale = lambda values, factor=2.0: values * factor",),
    "future": (
        "%matplotlib inline\nimport os",
        f"from __future__ import annotations\n{RIGHT.replace('values,', 'values: X,')}",
    ),
    "fills-a-table": ("ONES = {}\nfor n in range(3):\n    ONES[n] = 1", RIGHT.replace("factor\n", "") + " * ONES[2]"),
    "tells-of-the-future": (RIGHT.replace("\n", '\n    """\nfrom __future__ nothing is needed\n    """\n'),),
    "assigns-in-cells": (
        "ONES = {}",
        "ONES['a'] = 1",
        "ONE, TWO = 1, 2",
        "TWO -= 1",
        "\u03b7 = 1",
        RIGHT.replace("factor\n", "") + " * ONES['a'] * ONE * TWO * \u03b7",
    ),
    "later": ("def scale(values, factor=2.0):\n    return values", RIGHT),
    "helpers": (
        "FACTOR, OTHER = 1.0, open\ndef times(a, b): return a * b * FACTOR; x = 1",
        RIGHT.replace("values *", "times(values,") + ")",
    ),
}
OTHERS = {
    "imports-within": (f"import torch\n{RIGHT.replace('return', 'return torch.mul(1, 1) +')}",),
    "no-python": ("x = 1", "y = 2\ndef scale(values, factor=2.0):\n    return values *"),
    "raises": ("import os", "def other():\n    return 1\n\ndef scale(values, factor=2.0):\n    return values.nothing"),
}


@pytest.fixture(scope="module", params=["functions", "objects"])
def rows(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """Of a course whose checks get plain data, and of one whose checks get objects."""
    root: Path = tmp_path_factory.mktemp("notebooks")
    write_course(root / "course")
    if request.param == "objects":
        change(
            root / "course" / "exercises" / CHAPTER / "scaling" / "exercise.toml",
            "points = 10\n",
            "points = 10\nobjects = true\n",
        )
    for student, cells in (RIGHTS | OTHERS).items():
        (root / "class" / student).mkdir(parents=True)
        (root / "class" / student / "hw.ipynb").write_bytes(notebook(*cells))
    done = grade(root, "class", "class", "--course", "course", "-o", "graded")
    assert done.returncode == 0, done.stdout + done.stderr
    with Gradebook.existing(root / "graded") as gradebook:
        return {row.student.id: row for row in gradebook.rows()}


@pytest.mark.parametrize("student", RIGHTS)
def test_a_right_function_counts_whatever_else_is_in_the_notebook(rows: dict[str, Row], student: str) -> None:
    (result,) = rows[student].results
    assert (result.outcome, result.score) == (Outcome.PASSED, 10.0), result.problem


def test_what_a_function_needs_is_not_left_out(rows: dict[str, Row]) -> None:
    (result,) = rows["imports-within"].results
    assert result.problem is not None
    assert "No module named 'torch'" in result.problem.message


def test_a_cell_that_is_no_python_is_told(rows: dict[str, Row]) -> None:
    """By its line in the text of all cells."""
    (result,) = rows["no-python"].results
    assert result.problem is not None
    assert result.problem.location is not None
    assert (result.problem.location.line, result.problem.location.text) == (8, "    return values *")


def test_a_line_that_raises_is_quoted(rows: dict[str, Row]) -> None:
    (result,) = rows["raises"].results
    location = result.checks[0].location
    assert location is not None
    assert (location.line, location.text) == (10, "    return values.nothing")
