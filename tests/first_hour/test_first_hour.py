"""A learner's first hour in a real terminal: what stands on the screen, step by step, as golden files.

`python -m pytest tests/first_hour --refresh-golden` writes them anew; look at every one before you commit it.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from grader.course import bundled_root, read_course

from ..command import environment
from .tmux import Terminal

GOLDEN = Path(__file__).parent / "golden"
SOFTMAX = next(exercise for exercise in read_course(bundled_root()).exercises if exercise.name == "softmax")
FILE = "03_forward/softmax/softmax.py"
_DIFFERS = (
    (re.compile(r"sandbox: \w+"), "sandbox: LEVEL"),
    (re.compile(r"\d+\.\d s$", re.MULTILINE), "0.0 s"),
    (re.compile(r"\d\d? \w+ 20\d\d"), "1 January 2026"),
)

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("hour")
    return path


@pytest.fixture(scope="module")
def terminal(folder: Path) -> Iterator[Terminal]:
    variables = environment(NEUROGRADE_DATA="/nowhere", HOME=str(folder), BROWSER="true")
    with closing(Terminal(folder, variables)) as made:
        yield made


def solution(mistake: str | None = None) -> str:
    """The reference, or what it is with a mistake."""
    if mistake is None:
        return SOFTMAX.reference.read_text(encoding="utf-8")
    return next(wrong.source for wrong in SOFTMAX.wrongs if wrong.name == mistake)


STEPS = (  # the screen's name, what is in softmax.py from then on, the command with what is typed after it
    ("01-init", None, ("grade init course && cd course",)),
    ("02-first-grade", None, ("grade run softmax",)),
    ("03-wrong", "global-max", ("grade run softmax",)),
    ("04-hint", None, ("grade hint softmax",)),
    ("05-right", "", ("grade run softmax",)),
    ("06-next", None, ("grade run 03_forward",)),
    ("07-quiz", None, ("grade quiz 3 --learner ada", "(8, 4)", "q")),
    ("08-list", None, ("grade list",)),
    ("09-report", None, ("grade report --open",)),
)


def test_the_first_hour(terminal: Terminal, folder: Path, request: pytest.FixtureRequest) -> None:
    """Every screen is as it was; all differences are told together."""
    refresh = request.config.getoption("--refresh-golden")
    different = []
    for name, work, lines in STEPS:
        if work is not None:
            (folder / "course" / FILE).write_text(solution(work or None), encoding="utf-8")
        screen = terminal.run(*lines)
        for pattern, same in _DIFFERS:
            screen = pattern.sub(same, screen)
        screen = "\n".join(line.rstrip() for line in screen.splitlines()).rstrip("\n$ ") + "\n"
        golden = GOLDEN / f"{name}.txt"
        if refresh:
            golden.parent.mkdir(exist_ok=True)
            golden.write_text(screen, encoding="utf-8")
        if not golden.exists() or golden.read_text(encoding="utf-8") != screen:
            different.append(f"{name}:\n{screen}")
    assert not different, "\n".join(different)
    window = terminal.open("grade watch softmax", until="10 of 10 point")
    assert window.splitlines()[0].endswith("passed · 10 of 10 points")  # also in the last column
    terminal.leave("q")
    assert (folder / "course" / "report.html").stat().st_size > 10_000
