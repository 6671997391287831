"""The work of the benchmarks: one module of six functions, thirty checks, and as many submissions as asked for.

`assignment/` holds the right module and the checks. Of twenty submissions twelve are right, each a little otherwise,
five are wrong, one never comes back, one is no Python, and one ends its process at once.
"""

import shutil
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

FOLDER = Path(__file__).parent / "assignment"
RIGHT = (FOLDER / "nn.py").read_text(encoding="utf-8")
CHECKS = FOLDER / "checks.py"
LIMIT = 2.0  # seconds of one check, for every grader that has a limit
WRONG = {
    "batch-sum": ("e / e.sum(axis=-1, keepdims=True)", "e / e.sum()"),
    "no-maximum": ("np.exp(x - x.max(axis=-1, keepdims=True))", "np.exp(x)"),
    "sum-for-mean": (".mean())", ".sum())"),
    "or-for-xor": ("(a or b) and not (a and b)", "a or b"),
    "uphill": ("w - rate * gradient", "w + rate * gradient"),
}
HUNG = RIGHT.replace("return int((a or b)", "while True:\n        pass\n    return int((a or b)")
NO_PYTHON = RIGHT.replace("def softmax(x: Floats) -> Floats:", "def softmax(x: Floats) -> Floats")
EXITS = "import os\n\nos._exit(0)\n"
SETTINGS = """\
title = "Six functions"
module = "nn"
functions = ["sigmoid", "softmax", "cross_entropy", "xor", "sgd_step", "predict"]
points = 30
prerequisites = []
core = "test_sigmoid_at_zero"
hints = ["Read.", "Think.", "Write."]
why = "All of a first network."
teaches = "A first network."

[limits]
seconds = {limit}
"""
EDIT = '''\
[[wrong]]
name = "{name}"
title = "{name}"
check = "{check}"
feedback = "Look again."
edits = [{{ old = """{old}""", new = """{new}""" }}]
'''
COURSE = """\
format = 1
id = "bench"
title = "Benchmark"

[[chapter]]
folder = "01_nn"
title = "One"
exercises = ["nn"]
"""
CAUGHT_BY = {
    "batch-sum": "test_softmax_sums",
    "no-maximum": "test_softmax_large",
    "sum-for-mean": "test_cross_entropy_mean",
    "or-for-xor": "test_xor",
    "uphill": "test_sgd_worked_example",
}


def right(number: int) -> str:
    """A right module; no two numbers give the same text."""
    return f"{RIGHT}\n\n# the work of student {number}\n"


def wrong(name: str) -> str:
    """A module with one mistake."""
    old, new = WRONG[name]
    assert RIGHT.count(old) == 1
    return RIGHT.replace(old, new)


def twenty() -> dict[str, str]:
    """The mixed class: submissions by name."""
    found = {f"right-{number:02}": right(number) for number in range(12)}
    found |= {f"wrong-{name}": wrong(name) for name in WRONG}
    return found | {"hung": HUNG, "no-python": NO_PYTHON, "exits": EXITS}


def rights(count: int) -> dict[str, str]:
    """A class in which everybody is right: the dearest one for a grader that runs all checks of all."""
    return {f"s{number:05}": right(number) for number in range(count)}


def mixed(count: int) -> dict[str, str]:
    """Twelve right, five wrong, and so on, without those that a grader must wait for."""
    kinds = [*[None] * 12, *WRONG]
    chosen = islice(cycle(kinds), count)
    return {f"s{n:05}": right(n) if kind is None else f"{wrong(kind)}\n# {n}\n" for n, kind in enumerate(chosen)}


def write_class(folder: Path, sources: dict[str, str]) -> None:
    """A folder for each student with `nn.py` in it."""
    for name, text in sources.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "nn.py").write_text(text, encoding="utf-8")


def write_course(root: Path) -> None:
    """The same assignment as a course of one exercise."""
    exercise, solution = root / "exercises" / "01_nn" / "nn", root / "solutions" / "01_nn" / "nn"
    for folder in (exercise, solution):
        folder.mkdir(parents=True)
    (root / "exercises" / "course.toml").write_text(COURSE)
    (exercise / "nn.py").write_text("".join(_stub()))
    (exercise / "README.md").write_text("# Six functions\n")
    (exercise / "exercise.toml").write_text(SETTINGS.format(limit=LIMIT))
    shutil.copy(CHECKS, exercise / "test_nn.py")
    (solution / "nn.py").write_text(RIGHT)
    edits = (EDIT.format(name=n, check=CAUGHT_BY[n], old=old, new=new) for n, (old, new) in WRONG.items())
    (solution / "wrong.toml").write_text("".join(edits))


def _stub() -> Iterator[str]:
    """Signatures alone."""
    for line in RIGHT.splitlines(keepends=True):
        if line.startswith(("def ", '"""', "import", "from", "Floats", "\n")):
            yield line
        if line.startswith("def "):
            yield "    raise NotImplementedError\n"
