"""Build small courses in a folder: exercises of two checks and two known-wrong solutions that nothing is wrong with."""

from pathlib import Path

CHAPTER = "01_first"

MODULE = '''\
"""Scale numbers."""

import numpy as np
from numpy.typing import NDArray


def scale(values: NDArray[np.float64], factor: float = 2.0) -> NDArray[np.float64]:
    """Return every value times the factor, float64, in the shape of the values."""
    {body}
'''
STUB = MODULE.format(body="raise NotImplementedError")
RIGHTS = {  # by file name
    "loop.py": MODULE.format(body="return np.array([factor * value for value in values])"),
    "sum.py": MODULE.format(body="return values * (factor - 1) + values"),
}
REFERENCE = MODULE.format(body="return np.multiply(values, factor)")
README = "# Scale numbers\n\nWrite `scale`: every value times the factor.\n"
CHECKS = '''\
"""Hidden checks of `{module}`."""

import numpy as np
from {module} import scale

from grader.checks import assert_close


def test_example() -> None:
    """1, 2 and 3 become 2, 4 and 6."""
    assert_close(scale(np.array([1.0, 2.0, 3.0])), [2.0, 4.0, 6.0])


def test_factor() -> None:
    """A factor that is given is used."""
    assert_close(scale(np.array([1.0, 5.0]), 3.0), [3.0, 15.0])
'''
SETTINGS = """\
title = "Scale numbers"
module = "{module}"
functions = ["scale"]
points = 10
prerequisites = []
core = "test_example"
hints = ["Which operation scales?", "Let NumPy do all values at once.", "Multiply the array by the number."]
why = "Everything that learns multiplies."
teaches = "A product for all elements at once."

[limits]
seconds = 0.5
"""
WRONG = """\
[[wrong]]
name = "{name}"
title = "{name} in place of scaling"
check = "{check}"
feedback = "Look at the operation once more."
edits = [{{ old = "np.multiply(values, factor)", new = "{new}" }}]
"""
PLUS = WRONG.format(name="plus", check="test_example", new="np.add(values, factor)")
FIXED = WRONG.format(name="fixed", check="test_factor", new="np.multiply(values, 2.0)")


def write_course(root: Path, *names: str, chapter: str = CHAPTER) -> Path:
    """Write a course of one chapter with these exercises, `scaling` without any, below `root`; return `root`."""
    names = names or ("scaling",)
    for name in names:
        write_exercise(root, name, chapter)
    (root / "exercises" / "course.toml").write_text(
        f'format = 1\nid = "small"\ntitle = "A small course"\n\n'
        f'[[chapter]]\nfolder = "{chapter}"\ntitle = "First steps"\nexercises = {list(names)}\n',
        encoding="utf-8",
    )
    return root


def write_exercise(root: Path, name: str, chapter: str = CHAPTER) -> None:
    """Write the files of one sound exercise; its module is called as the exercise is."""
    module = name.replace("-", "_")
    folder, solution = folders(root, name, chapter)
    folder.mkdir(parents=True)
    (solution / "right").mkdir(parents=True)
    texts = {
        folder / f"{module}.py": STUB,
        folder / "README.md": README,
        folder / f"test_{module}.py": CHECKS.format(module=module),
        folder / "exercise.toml": SETTINGS.format(module=module),
        solution / f"{module}.py": REFERENCE,
        solution / "wrong.toml": PLUS + FIXED,
        **{solution / "right" / file: text for file, text in RIGHTS.items()},
    }
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")


def folders(root: Path, name: str, chapter: str = CHAPTER) -> tuple[Path, Path]:
    """The exercise's folder and its solution's folder."""
    return root / "exercises" / chapter / name, root / "solutions" / chapter / name


def change(path: Path, old: str, new: str) -> None:
    """Replace a text that stands in a file once; a plant that missed would make a test prove nothing."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
