"""An exercise that is built of an earlier one: its reference and its known-wrong solutions get that one's reference."""

import json
from pathlib import Path
from typing import Any

import pytest

from .command import grade
from .small_course import MODULE, change, folders, write_course

BUILT = MODULE.format(body="return first.scale(values, factor)").replace("import numpy", "import first\nimport numpy")
PLUS = BUILT.replace("first.scale(values, factor)", "first.scale(values, 1.0) + factor")
NOTHING = MODULE.format(body="return values * 0.0")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """`second` imports `first`, and a check of it compares with its reference."""
    root = write_course(tmp_path, "first", "second")
    folder, solution = folders(root, "second")
    change(folder / "exercise.toml", "prerequisites = []", 'prerequisites = ["first"]\nparts = ["first"]')
    checks = folder / "test_second.py"
    change(checks, "import assert_close", "import assert_close, reference")
    change(checks, "[3.0, 15.0]", "reference('second').scale(np.array([1.0, 5.0]), 3.0)")
    (solution / "second.py").write_text(BUILT, encoding="utf-8")
    wrongs = (solution / "wrong.toml").read_text(encoding="utf-8")
    wrongs = wrongs.replace("np.multiply(values, factor)", "first.scale(values, factor)")
    wrongs = wrongs.replace("np.add(values, factor)", "first.scale(values, 1.0) + factor")
    (solution / "wrong.toml").write_text(wrongs.replace("np.multiply", "first.scale"), encoding="utf-8")
    return root


def second(course: Path, *names: str) -> dict[str, Any]:
    """The report of the exercise `second`, graded with these."""
    report = json.loads(grade(course, "run", *names, "--json", "-").stdout)
    return next(exercise for exercise in report["exercises"] if exercise["name"] == "second")


def test_it_holds_and_its_known_wrong_solutions_are_named(course: Path) -> None:
    """`grade verify` has no finding."""
    done = grade(course, "verify", "second")
    assert done.returncode == 0, done.stdout
    assert "2 known-wrong solutions (2 named by the diagnosis)" in done.stdout


@pytest.mark.parametrize("names", [["second"], ["first", "second"]])
def test_the_learners_own_earlier_exercise_decides_nothing(course: Path, names: list[str]) -> None:
    """It is wrong here; the later one is right, or makes a known mistake, all the same."""
    (folders(course, "first")[0] / "first.py").write_text(NOTHING, encoding="utf-8")
    file = folders(course, "second")[0] / "second.py"
    file.write_text(BUILT, encoding="utf-8")
    assert [check["outcome"] for check in second(course, *names)["checks"]] == ["passed", "passed"]
    file.write_text(PLUS, encoding="utf-8")
    assert [check["misconception"]["name"] for check in second(course, *names)["checks"]] == ["plus", "plus"]
