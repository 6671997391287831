"""A class of any size on disk: right, half right, wrong, unfinished and hostile work, with what each must get.

A hostile submission needs a short time limit, or one that lets it come to its end. So the course has two exercises that
ask for the same function, and who hands in an attack to one of them hands in right work to the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from . import small_course
from .hostile.attack import SHORT_SECONDS, Attack, attacks
from .hostile.ground import HALF
from .hostile.objects import RIGHT

SHORT, LONG, SCALING = "sigmoid-short", "sigmoid-long", "scaling"
EXERCISES = (SHORT, LONG, SCALING)
WRONG = "import numpy as np\n\n\ndef sigmoid(x):\n    return np.tanh(x)\n"
STUB = "def sigmoid(x):\n    raise NotImplementedError\n"
SYNTAX = "def sigmoid(x)\n    return 1\n"
PLUS = small_course.MODULE.format(body="return np.add(values, factor)")

_CHECKS = '''\
"""Hidden checks."""

import numpy as np
from {module} import sigmoid

from grader.checks import assert_close


def expected(x):
    return 1 / (1 + np.exp(-x))


def test_values():
    """Values far and near."""
    random = np.random.default_rng(7)
    for x in [random.uniform(-3, 3, size=(2, 3)), *random.uniform(-3, 3, size=(8, 2))]:
        assert_close(sigmoid(x), expected(x))


def test_at_zero():
    """One half at 0."""
    assert_close(sigmoid(np.zeros(2)), [0.5, 0.5])
'''
_SETTINGS = """\
title = "Sigmoid"
module = "{module}"
functions = ["sigmoid"]
points = 10
prerequisites = []
core = "test_values"
hints = ["Think.", "Think again.", "Write it."]
why = "It is everywhere."

[limits]
seconds = {seconds}
memory_mb = 256
"""
_WRONG = """\
[[wrong]]
name = "tanh"
title = "the other sigmoid"
check = "test_values"
feedback = "tanh runs from -1 to 1; the logistic function from 0 to 1."
code = '''
import numpy as np


def sigmoid(x):
    return np.tanh(x)
'''
"""


def write_course(root: Path) -> Path:
    """Write the course of three exercises below `root`; return `root`."""
    small_course.write_course(root, SCALING)
    for name, seconds in ((SHORT, SHORT_SECONDS), (LONG, 20.0)):
        write_exercise(root, name, seconds)
    small_course.change(root / "exercises" / "course.toml", "['scaling']", str(list(EXERCISES)))
    return root


def write_exercise(root: Path, name: str, seconds: float) -> None:
    """Write an exercise that asks for `sigmoid`."""
    module = name.replace("-", "_")
    folder, solution = small_course.folders(root, name)
    texts = {
        folder / f"{module}.py": STUB,
        folder / "README.md": "# Sigmoid\n",
        folder / f"test_{module}.py": _CHECKS.format(module=module),
        folder / "exercise.toml": _SETTINGS.format(module=module, seconds=seconds),
        solution / f"{module}.py": RIGHT,
        solution / "wrong.toml": _WRONG,
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Work:
    """What one student hands in: by exercise a text, or an attack; nothing where it is left out."""

    student: str
    files: dict[str, str | Attack]

    @property
    def attack(self) -> Attack | None:
        return next((one for one in self.files.values() if isinstance(one, Attack)), None)

    def write(self, folder: Path) -> None:
        """Write the student's folder below `folder`."""
        (folder / self.student).mkdir(parents=True)
        for exercise, content in self.files.items():
            path = folder / self.student / f"{exercise.replace('-', '_')}.py"
            if isinstance(content, Attack):
                content.put(path)
            else:
                path.write_text(content, encoding="utf-8")


def works(students: int, *, hostile: bool = True) -> Iterator[Work]:
    """Work of so many students: every attack once, if `hostile`, and all kinds of honest work between them."""
    scaling = small_course.REFERENCE
    honest: list[dict[str, str | Attack]] = [
        {SHORT: RIGHT, LONG: RIGHT, SCALING: scaling},
        {SHORT: HALF, LONG: RIGHT, SCALING: PLUS},
        {SHORT: WRONG, LONG: STUB, SCALING: scaling},
        {SHORT: RIGHT, LONG: SYNTAX},
        {SHORT: STUB, LONG: STUB, SCALING: small_course.STUB},
    ]
    malign = [_attack(one) for one in attacks()] if hostile else []
    kinds = cycle(honest)
    mixed = [part for attack in malign for part in (attack, next(kinds))]
    for number, files in enumerate(islice([*mixed, *islice(kinds, students)], students)):
        attack = next((one.name for one in files.values() if isinstance(one, Attack)), "honest")
        yield Work(f"s{number:05}-{attack}", files)


def _attack(one: Attack) -> dict[str, str | Attack]:
    other, own = (LONG, SHORT) if one.seconds == SHORT_SECONDS else (SHORT, LONG)
    return {own: one, other: RIGHT, SCALING: small_course.REFERENCE}
