"""The language that a learner is spoken to: chosen by the environment, shown where the terminal can show it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader import language
from grader.report.wrapping import cells

from .command import environment, grade
from .report.test_html import Page
from .small_course import folders, write_course
from .terminal import terminal

GOLDEN = Path(__file__).parent / "languages"
LANGUAGES = ("de", "ja")
WRITTEN = {  # by exercise: what its file holds
    "plus": "import numpy as np\n\n\ndef scale(values, factor=2.0):\n    return np.add(values, factor)\n",
    "unclosed": "def scale(values, factor=2.0):\n    return (values\n",
    "endless": "def scale(values, factor=2.0):\n    while True:\n        pass\n",
    "wide": "def scale(values, factor=2.0):\n    print('漢字')\n    return [values]\n",
}
PICTURE = """\
import numpy as np
from {name} import scale

from grader.asking import ask
from grader.pictures import figure, line, plane


def picture():
    y = ask(scale, np.arange(5.0)).numbers(5)
    return figure("Your line", plane("", line("yours", np.arange(5.0), y)), alt="A line.", caption="It rises.")
"""
SHOWN = ("run", "--sandbox", "process")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files with four different faults, and one that nobody has begun."""
    root = write_course(tmp_path_factory.mktemp("language"), *WRITTEN, "untouched")
    for name, text in WRITTEN.items():
        (folders(root, name)[0] / f"{name}.py").write_text(text, encoding="utf-8")
        (folders(root, name)[0] / "picture.py").write_text(PICTURE.format(name=name), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged course with a softmax that takes one maximum for the whole batch."""
    root = tmp_path_factory.mktemp("workspace") / "mine"
    grade(root.parent, "init", "mine")
    solution = Path(__file__).parent.parent / "solutions" / "03_forward" / "softmax" / "softmax.py"
    text = solution.read_text(encoding="utf-8").replace("scores.max(axis=axis, keepdims=True)", "scores.max()")
    (root / "03_forward" / "softmax" / "softmax.py").write_text(text, encoding="utf-8")
    return root


def said(folder: Path, *arguments: str, **changes: str) -> str:
    """What `grade` prints, without how long it took."""
    done = grade(folder, *arguments, **{"XDG_DATA_HOME": str(folder / ".none"), **changes})
    assert done.returncode in (0, 1, 2), done.stderr
    return re.sub(r"\d+\.\d s$", "0.0 s", done.stdout + done.stderr, flags=re.MULTILINE)


def page_of(folder: Path, **changes: str) -> str:
    """What stands on the page of `grade report`, drawings left out, above the line that tells of versions and times."""
    page = said(folder, "report", "--sandbox", "process", "-o", "-", **changes).partition("<footer>")[0]
    text = Page(re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)).text
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"


@pytest.mark.parametrize("code", LANGUAGES)
def test_screens_as_they_look(course: Path, workspace: Path, code: str, request: pytest.FixtureRequest) -> None:
    """A misconception, wrong values, a syntax error, an endless loop, an untouched stub; the list; a hint; an error.

    Then a page with pictures, and without.
    """
    screens = [
        said(workspace, *SHOWN, "softmax", LANGUAGE=code),
        said(course, *SHOWN, LANGUAGE=code),
        said(course, "list", LANGUAGE=code),
        said(course, "hint", "plus", LANGUAGE=code),
        said(course, "hint", "nothing", LANGUAGE=code),
        said(course, "quiz", LANGUAGE=code),
        page_of(course, LANGUAGE=code),
    ]
    compare(GOLDEN / f"{code}.txt", "\n\n".join(screens), request)
    (course / ".grade" / "progress.sqlite3").unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no terminals of this kind on Windows")
@pytest.mark.parametrize("code", LANGUAGES)
def test_the_watch_as_it_looks(course: Path, code: str, request: pytest.FixtureRequest) -> None:
    """A verdict, and what the keys do."""
    with terminal(["grade", "watch", "--sandbox", "process", "wide"], course, LANGUAGE=code) as shown:
        verdict = shown.watch_for(" ms, ")
        shown.type("?")
        keys = shown.watch_for("esc ", "$VISUAL")
        shown.type("q")
        assert shown.end() == 0
    text = re.sub(r"\d\d:\d\d:\d\d, [\d,]+ ms", "00:00:00, 0 ms", f"{verdict}\n\n{keys}\n")
    compare(GOLDEN / f"watch-{code}.txt", text, request)
    (course / ".grade" / "progress.sqlite3").unlink()


def compare(path: Path, text: str, request: pytest.FixtureRequest) -> None:
    """A text with its golden file."""
    if request.config.getoption("--refresh-golden"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), "if it is better now, run pytest --refresh-golden"


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("command", [("quiz", "--help"), ("data",), ("run", "--sandbox", "process", "wide")])
def test_japanese_fits_the_terminal(course: Path, command: tuple[str, ...], columns: int) -> None:
    """Wide characters count two columns; only what has no place to break may stand out."""
    lines = said(course, *command, LANGUAGE="ja", COLUMNS=str(columns)).splitlines()
    assert any(not line.isascii() for line in lines)
    assert [line for line in lines if cells(line) > columns and not line.isascii()] == []


@pytest.mark.parametrize("code", language.known())
def test_helps_fit_80_columns(tmp_path: Path, code: str) -> None:
    """Also the lines that are not wrapped."""
    assert [line for line in said(tmp_path, "--help", LANGUAGE=code).splitlines() if cells(line) > 80] == []


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "ja_JP.eucJP@whatever"}, "ja"),
        ({"LANGUAGE": "de"}, "de"),
        ({"LANG": "ja_JP.UTF-8", "LANGUAGE": "xx:de_CH:ja"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "en:de"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": ""}, "de"),
        ({"LC_ALL": "C", "LANG": "de_DE.UTF-8", "LANGUAGE": "de"}, "en"),
        ({"LANG": "xx_YY.UTF-8"}, "en"),
        ({"LANG": "../../../etc"}, "en"),
        ({"LANG": ""}, "en"),
    ],
)
def test_the_language_is_chosen_as_gettext_chooses(variables: dict[str, str], code: str) -> None:
    """LANGUAGE is a list; then LC_ALL, LC_MESSAGES, LANG; the locale C speaks English."""
    assert language.wanted(variables) == code


@pytest.mark.parametrize("variables", [{"LANGUAGE": "xx"}, {"LANGUAGE": "ja", "LC_ALL": "C"}, {"LANGUAGE": "en:de"}])
def test_english_where_nothing_else_is_to_be_had(course: Path, variables: dict[str, str]) -> None:
    """An unknown language, the locale C, and English before others."""
    assert "0 of 50 points, 0 of 5 exercises passed" in said(course, "list", **variables)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_english_where_the_terminal_can_show_nothing_else(course: Path, code: str, encoding: str) -> None:
    """No escapes in place of letters."""
    command = ["grade", "list"]
    shown = [
        subprocess.run(
            command,
            check=True,
            cwd=course,
            env=environment(PYTHONIOENCODING=encoding, LANGUAGE=one),
            capture_output=True,
        ).stdout
        for one in (code, "en")
    ]
    assert shown[0] == shown[1]


def test_reports_say_the_same_in_every_format(course: Path, tmp_path: Path) -> None:
    """Sentences are in the language of the run; what a program reads is in English."""
    files = {kind: tmp_path / f"report.{kind}" for kind in ("json", "html", "junit")}
    options = [part for kind, path in files.items() for part in (f"--{kind}", str(path))]
    said(course, *SHOWN, "plus", "unclosed", *options, LANGUAGE="de")
    first = json.loads(files["json"].read_text("utf-8"))["exercises"][0]
    assert first["checks"][0]["outcome"] == "failed"
    assert "erwartet" in first["checks"][0]["details"][0] + first["checks"][0]["message"]
    page = files["html"].read_text("utf-8")
    assert '<html lang="de">' in page
    assert "noch nicht richtig" in page
    junit = files["junit"].read_text("utf-8")
    assert 'type="failed"' in junit
    assert "erwartet" in junit


@pytest.mark.parametrize("command", ["class", "export", "release", "similar", "suite", "verify"])
def test_commands_for_teachers_and_authors_speak_english(course: Path, command: str) -> None:
    """A class is marked in the same words on every machine."""
    assert said(course, command, "--help", LANGUAGE="de") == said(course, command, "--help")


def test_a_proof_reads_the_same_everywhere(course: Path) -> None:
    """An author's machine may speak any language."""
    told = said(course, "verify", "wide", "--jobs", "1", LANGUAGE="de")
    assert "wide: the stub makes test_example failed; it must say not_started" in told


def test_a_class_is_marked_in_english(course: Path, tmp_path: Path) -> None:
    """Its gradebook and pages say the same wherever they are made."""
    handed_in = tmp_path / "submissions" / "ada"
    handed_in.mkdir(parents=True)
    for name, text in WRITTEN.items():
        (handed_in / f"{name}.py").write_text(text, encoding="utf-8")
    options = ("--sandbox", "process", "--course", str(course), "--jobs", "1", "-o", "out")
    told = said(tmp_path, "class", "submissions", *options, LANGUAGE="de")
    page = (tmp_path / "out" / "students" / "ada.html").read_text("utf-8")
    assert "not yet right" in page
    assert '<html lang="en">' in page
    assert [word for word in ("Punkte", "noch nicht", "erwartet", "Aufgabe") if word in page + told] == []


def test_english_loads_nothing_for_it(tmp_path: Path) -> None:
    """Who reads English doesn't wait for other languages."""
    code = (
        "import atexit, sys\nfrom grader.cli import main\n"
        "atexit.register(lambda: print('grader.cli.helps' in sys.modules))\nmain(['--help'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=tmp_path, env=environment(), capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "False"
