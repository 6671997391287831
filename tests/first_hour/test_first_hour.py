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
    (re.compile(r"\d\d:\d\d:\d\d, [\d,]+ ms"), "00:00:00, 0 ms"),
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
    ("02-first-grade", None, ("grade",)),
    ("03-wrong", "global-max", ("grade run softmax",)),
    ("04-hint", None, ("grade hint softmax",)),
    ("05-right", "", ("grade run softmax",)),
    ("06-next", None, ("grade run 03_forward",)),
    ("07-quiz", None, ("grade quiz 3 --learner ada", "(8, 4)", "q")),
    ("08-list", None, ("grade list",)),
    ("09-report", None, ("grade report --open",)),
)


_KEYS = r".*\n.*\n.*q quit$"  # they are drawn last
WINDOWS = (  # what stands in the window of `grade watch softmax`, the key for it, and how it is known to be all there
    ("10-watch", None, r"10 of 10 points[\s\S]+sandbox: " + _KEYS),
    ("11-watch-solution", "s", r"esc goes back" + _KEYS),
    ("12-watch-next", "n", r"mlp-forward/README.md[\s\S]+sandbox: " + _KEYS),
)


def test_the_first_hour(terminal: Terminal, folder: Path, request: pytest.FixtureRequest) -> None:
    """Every screen is as it was; all differences are told together."""
    refresh = request.config.getoption("--refresh-golden")
    different = []
    for name, seen in screens(terminal, folder):
        screen = "\n".join(line.rstrip() for line in seen.splitlines()).rstrip("\n$ ") + "\n"
        for pattern, same in _DIFFERS:
            screen = pattern.sub(same, screen)
        golden = GOLDEN / f"{name}.txt"
        if refresh:
            golden.parent.mkdir(exist_ok=True)
            golden.write_text(screen, encoding="utf-8")
        if not golden.exists() or golden.read_text(encoding="utf-8") != screen:
            different.append(f"{name}:\n{screen}")
    assert not different, "\n".join(different)
    assert (folder / "course" / "report.html").stat().st_size > 10_000


def screens(terminal: Terminal, folder: Path) -> Iterator[tuple[str, str]]:
    """Each screen's name, and what stands on it."""
    for name, work, lines in STEPS:
        if work is not None:
            (folder / "course" / FILE).write_text(solution(work or None), encoding="utf-8")
        yield name, terminal.run(*lines)
    for name, key, until in WINDOWS:
        if key is None:
            window = terminal.open("grade watch softmax", until=until)
            assert window.splitlines()[0].endswith("passed · 10 of 10 points")  # also in the last column
        else:
            window = terminal.press(key, until=until)
        yield name, window
    yield "13-watch-left", terminal.leave("q")
