"""Draw the pictures of the README anew: `python tests/screenshots.py [NAME]...`; without names all of `PICTURES`.

Each is what the real command shows in a throw-away folder, drawn by Chromium. What differs from run to run (the clock,
seconds) is pinned, so that a picture changes only with what it shows. Needs `pip install -e '.[dev,screenshots]'`.
"""

import io
import random
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from command import grade, on_terminal
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from grader.course import Course, Exercise, bundled_root, read_course

IMAGES = Path(__file__).parent.parent / ".github" / "images"
MOST_BYTES = 150_000
COLUMNS = 80
CHAPTERS = ("01_activation", "03_forward")
WRONG = {"softmax": "global-max"}  # exercise: the known-wrong solution that stands in the workspace
UNTOUCHED = ("network-arithmetic",)
STUDENTS = 24
ASKED = ("sigmoid", "affine-forward", "softmax", "mlp-forward")
SETTINGS = 'format = 1\ntitle = "Homework 3: forward propagation"\ndue = 2026-12-01T23:59:00+01:00\n' + "".join(
    f'\n[[exercise]]\nname = "{name}"\n' for name in ASKED
)

_PINNED = ((r"as of [^<·]+", "as of Wed 2 Dec 2026, 09:00 (UTC)"), (r"\b\d+\.\d s\b", "0.2 s"))
_CONTROL = re.compile(r"\x1b(?!\[[\d;]*m)")  # any sequence but those for colours
_PAPER, _INK = (27, 31, 38), (228, 230, 234)
_RED, _GREEN, _YELLOW, _BLUE, _CYAN = (
    (242, 130, 118),
    (127, 207, 159),
    (227, 189, 108),
    (125, 183, 224),
    (118, 200, 205),
)
_THEME = TerminalTheme(_PAPER, _INK, [_PAPER, _RED, _GREEN, _YELLOW, _BLUE, _BLUE, _CYAN, _INK])
_TERMINAL = """<!DOCTYPE html><meta charset="utf-8"><body style="margin: 0; width: max-content">
<pre style="margin: 0; padding: 20px 24px; background: {background}; color: {foreground};
font: 15px/1.35 'DejaVu Sans Mono', monospace">{code}</pre>"""


def main(*names: str) -> None:
    """Draw the pictures of these names, or all."""
    course = read_course(bundled_root())
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium") or shutil.which("google-chrome"))
        for name in names or PICTURES:
            root = Path(folder) / name
            root.mkdir()
            written = _quantised(PICTURES[name](browser, course, root), IMAGES / f"{name}.png")
            print(f"{written.relative_to(IMAGES.parent.parent)}: {written.stat().st_size:,} bytes")
        browser.close()


def terminal(browser: Browser, course: Course, root: Path) -> bytes:
    """What a learner reads after a wrong softmax."""
    workspace = _workspace(course, root)
    command = ("run", "softmax")
    _, text = on_terminal(workspace, *command, columns=COLUMNS)
    shown = "\n".join(line.rpartition("\r")[2] for line in text.splitlines())
    assert not _CONTROL.search(shown), "there is more in it than colours"
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(Text(f"$ grade {' '.join(command)}\n"), Text.from_ansi(_pinned(shown)), sep="")
    code = console.export_html(theme=_THEME, code_format=_TERMINAL, inline_styles=True)
    (root / "terminal.html").write_text(code, encoding="utf-8")
    return _drawn(browser, root / "terminal.html", width=900, element="pre")


def report(browser: Browser, course: Course, root: Path) -> bytes:
    """The page of a course that is begun, with pictures."""
    workspace = _workspace(course, root)
    grade(workspace, "report", TZ="UTC")
    return _drawn(browser, workspace / "report.html", width=880, height=1095, at="#exercise-softmax")


def class_(browser: Browser, course: Course, root: Path) -> bytes:
    """The page of a class."""
    (root / "hw.toml").write_text(SETTINGS, encoding="utf-8")
    draw = random.Random(3)
    exercises = {exercise.name: exercise for exercise in course.exercises}
    for number in range(STUDENTS):
        able = draw.random()
        for name in ASKED:
            path = root / "submissions" / f"s{number:02}" / exercises[name].file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_attempt(exercises[name], able, draw), encoding="utf-8")
    done = grade(root, "class", "submissions", "--settings", "hw.toml", "-o", "graded", TZ="UTC")
    assert done.returncode == 0, done.stderr
    page = root / "graded" / "class.html"
    page.write_text(_pinned(page.read_text(encoding="utf-8")), encoding="utf-8")
    return _drawn(browser, page, width=1100, height=1150)


PICTURES: dict[str, Callable[[Browser, Course, Path], bytes]] = {
    "terminal": terminal,
    "report": report,
    "class": class_,
}


def _workspace(course: Course, root: Path) -> Path:
    """A learner's folder in which two chapters are begun."""
    grade(root, "init", "course")
    for exercise in course.exercises:
        if exercise.chapter in CHAPTERS and exercise.name not in UNTOUCHED:
            text = _wrong(exercise, WRONG[exercise.name]) if exercise.name in WRONG else _right(exercise)
            (root / "course" / exercise.chapter / exercise.name / exercise.file_name).write_text(text, encoding="utf-8")
    return root / "course"


def _attempt(exercise: Exercise, able: float, draw: random.Random) -> str:
    """What a student hands in: the abler the more often right, else wrong in one of a few ways, or unfinished."""
    if draw.random() < 0.25 + 0.7 * able:
        return _right(exercise)
    if draw.random() < 0.15:
        return exercise.stub.read_text(encoding="utf-8")
    return draw.choice(exercise.wrongs[:4]).source


def _right(exercise: Exercise) -> str:
    return exercise.reference.read_text(encoding="utf-8")


def _wrong(exercise: Exercise, name: str) -> str:
    (source,) = (wrong.source for wrong in exercise.wrongs if wrong.name == name)
    return source


def _pinned(text: str) -> str:
    for pattern, instead in _PINNED:
        text = re.sub(pattern, instead, text)
    return text


def _drawn(
    browser: Browser, path: Path, *, width: int, height: int | None = None, element: str | None = None, at: str = ""
) -> bytes:
    """A page, or one element of it, or what is seen at an anchor, as a PNG with two pixels for one."""
    page = browser.new_page(viewport={"width": width, "height": height or 800}, device_scale_factor=2)
    page.goto(path.as_uri() + at)
    return page.locator(element).screenshot() if element else page.screenshot()


def _quantised(png: bytes, path: Path) -> Path:
    """Write a PNG with as many colours as the size allows."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 64, 32, 16):
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            return path
    raise SystemExit(f"{path}: {path.stat().st_size:,} bytes, which are too many; show less")


if __name__ == "__main__":
    main(*sys.argv[1:])
