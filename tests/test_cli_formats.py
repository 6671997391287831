"""`grade run --format`: findings that land in an editor or on GitHub, by what real programs make of them."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest

from grader import vscode
from grader.cli import cli
from grader.workspace import create

from .command import HALF, SOLVED, environment, grade
from .small_course import CHAPTER, change, folders, write_course

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
RAISES = (
    "import numpy as np\n\n\ndef scale(values, factor=2.0):\n    print('::error::no')\n    return values / [0, 0]\n"
)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of four exercises: one passes, one is half right, one raises, one is not begun."""
    root = write_course(tmp_path / "course", "right", "half", "raising", "waiting")
    for name, text in (("right", SOLVED), ("half", f"# mine\n\n{HALF}"), ("raising", RAISES)):
        (folders(root, name)[0] / f"{name}.py").write_text(text, encoding="utf-8")
    return root


def tasks() -> dict[str, dict[str, Any]]:
    """The tasks of a workspace, by their labels."""
    found = json.loads(dict(vscode.files())[".vscode/tasks.json"])
    assert found["version"] == "2.0.0"
    return {task["label"]: task for task in found["tasks"]}


def place(name: str) -> str:
    return f"exercises/{CHAPTER}/{name}/{name}.py"


# Editors


def test_the_matcher_of_the_tasks_finds_each_failure(course: Path) -> None:
    """The regular expression of tasks.json, on what the task's own command prints: file, line, severity, check."""
    task = tasks()["grade all"]
    done = grade(course, *task["args"])
    pattern = task["problemMatcher"]["pattern"]
    found = [match for line in done.stdout.splitlines() if (match := re.match(pattern["regexp"], line))]
    fields = [tuple(m[pattern[name]] for name in ("file", "line", "column", "severity", "code")) for m in found]
    assert fields == [
        (place("half"), "3", "1", "error", "test_factor"),
        (place("raising"), "6", "1", "error", "test_example"),
        (place("waiting"), "7", "1", "note", "not_started"),
    ]
    assert all((course / m[pattern["file"]]).is_file() for m in found)
    assert "A factor that is given is used. scale(array([1.0, 5.0]), 3.0): " in found[0][pattern["message"]]
    assert done.stdout.splitlines()[len(found) :] == ["1 of 4 exercises passed, 15 of 40 points"]
    assert (done.returncode, done.stderr) == (1, "")


def test_a_task_names_the_open_file(course: Path) -> None:
    """By its whole path, with whatever lies beside the learner's file."""
    for label, opened in (("grade this file", f"{place('half')}"), ("explain this file", place("half"))):
        words = [word if isinstance(word, str) else word["value"] for word in tasks()[label]["args"]]
        path = str(course / opened)
        done = grade(course, *(word.replace("${file}", path) for word in words))
        assert done.returncode == 1
        assert "A factor that is given is used." in done.stdout
        assert "raising" not in done.stdout


def test_each_task_is_a_command_with_options_that_exist() -> None:
    """A task that asks for what `grade` doesn't know would fail at each learner's."""
    for task in tasks().values():
        command = cli.get_command(click.Context(cli), task["args"][0])
        assert command is not None
        known = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in task["args"] if isinstance(word, str) and word.startswith("-")} <= known


def test_tasks_that_were_there_are_left_alone(tmp_path: Path) -> None:
    """As every file is."""
    own = tmp_path / "work" / ".vscode" / "tasks.json"
    own.parent.mkdir(parents=True)
    own.write_text("{}", encoding="utf-8")
    _, written, kept = create(tmp_path / "work")
    assert own.read_text(encoding="utf-8") == "{}"
    assert own in kept
    assert own.with_name("extensions.json") in written


def test_paths_are_as_seen_from_here(course: Path) -> None:
    """As compilers print them; a file that took the place of the learner's has its own."""
    here = folders(course, "half")[0]
    assert grade(here, "run", "--format", "lines", ".").stdout.startswith("half.py:3:1: error: ")
    (course / "draft.py").write_text(HALF, encoding="utf-8")
    drafted = grade(course, "run", "half", "--format", "lines", "--code", "draft.py")
    assert drafted.stdout.startswith("draft.py:1:1: error: ")


def test_a_failure_in_an_earlier_exercise_stands_in_its_file(tmp_path: Path) -> None:
    """With `--own-parts` the learner's code is more than one file."""
    root = write_course(tmp_path, "first", "second")
    (first, _), (second, _) = folders(root, "first"), folders(root, "second")
    change(second / "exercise.toml", "prerequisites = []", 'prerequisites = ["first"]\nparts = ["first"]')
    (first / "first.py").write_text(RAISES, encoding="utf-8")
    (second / "second.py").write_text("import first\n\n\ndef scale(*given):\n    return first.scale(*given)\n")
    done = grade(root, "run", "second", "--own-parts", "--format", "lines")
    assert done.stdout.startswith(f"{place('first')}:6:"), done.stdout


def test_vim_fills_its_quickfix_list(course: Path, tmp_path: Path) -> None:
    """By the two settings of the README, with a name behind `:make`."""
    vim = shutil.which("vim") or ""
    if (
        not vim
        or "+quickfix" not in subprocess.run([vim, "--version"], capture_output=True, text=True, check=True).stdout
    ):
        pytest.skip("no Vim with a quickfix list is installed")
    (settings,) = re.findall(r"^```vim\n(.+?)^```", README, re.MULTILINE | re.DOTALL)
    script = tmp_path / "make.vim"
    fields = "{_, e -> [bufname(e.bufnr), e.lnum, e.col, e.type, e.valid]}"
    ask = f"call writefile([json_encode(map(getqflist(), {fields}))], '%s')"
    runs = "".join(f"silent make! {name}\n{ask % (tmp_path / f'{name}.json')}\n" for name in ("half", "waiting"))
    script.write_text(f"set nocompatible\n{settings}{runs}qall!\n", encoding="utf-8")
    subprocess.run(
        [vim, "-u", "NONE", "-es", "-S", script],
        cwd=course,
        env=environment(),
        check=True,
        timeout=60,
        capture_output=True,
    )
    found = {name: json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8")) for name in ("half", "waiting")}
    assert [entry[:4] for entry in found["half"] if entry[4]] == [[place("half"), 3, 1, "e"]]
    assert [entry[:4] for entry in found["waiting"] if entry[4]] == [[place("waiting"), 7, 1, "n"]]


# GitHub


def test_github_gets_annotations_and_a_summary(course: Path, tmp_path: Path) -> None:
    """Behind the text; paths are those of the checkout; the summary is added to what is there."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    variables = {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_WORKSPACE": str(tmp_path)}
    done = grade(course, "run", "--format", "github", **variables)
    commands = [line for line in done.stdout.splitlines() if line.lstrip().startswith("::")]
    assert [line.partition(",title")[0] for line in commands] == [
        f"::error file=course/{place('half')},line=3,col=1",
        f"::error file=course/{place('raising')},line=6,col=1",
        f"::notice file=course/{place('waiting')},line=7,col=1",
    ]
    assert r"\x3a:error::no" in done.stdout, "the learner's print is shown, and no command"
    assert done.stdout.splitlines()[-3:] == commands
    assert (done.returncode, done.stderr) == (1, "")
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n## A small course\n")
    assert [line[:3] for line in text.splitlines()[-4:]] == ["| ✅", "| ❌", "| ❌", "| ⬜"]


def test_what_passes_needs_no_annotation(course: Path) -> None:
    """The text is all there is, without a summary where none is collected."""
    assert grade(course, "run", "right", "--format", "github").stdout.splitlines()[-1].startswith("sandbox: ")


def test_a_summary_that_can_not_be_written_costs_no_verdict(course: Path) -> None:
    """It is said, and the exit code stays."""
    done = grade(course, "run", "right", "--format", "github", GITHUB_STEP_SUMMARY=str(course))
    assert done.returncode == 0
    assert done.stderr == f"grade: GITHUB_STEP_SUMMARY: {course}: Is a directory; no summary was written\n"


@pytest.mark.parametrize("form", ["lines", "github"])
def test_standard_output_holds_one_thing(course: Path, form: str) -> None:
    """A report and lines can't both go there; a file may be written beside."""
    done = grade(course, "run", "--format", form, "--json", "-")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"--format {form} writes to standard output; give the report a file name" in done.stderr
    grade(course, "run", "right", "--format", form, "--json", "report.json")
    assert json.loads((course / "report.json").read_text(encoding="utf-8"))["summary"]["passed"] is True


# jq


def filters() -> dict[str, str]:
    """The README's examples by what they say of themselves."""
    return dict(re.findall(r"^# (.+)\n(jq .+)$", README, re.MULTILINE))


def test_the_readmes_filters_say_what_they_promise(course: Path) -> None:
    """Each line as it stands there, by jq itself, on the report of a real run."""
    if shutil.which("jq") is None:
        pytest.skip("jq is not installed")
    path = folders(course, "half")[0] / "half.py"
    path.write_text("def scale(values, factor=2.0):\n    return values + factor\n", encoding="utf-8")
    grade(course, "run", "right", "half", "raising", "--json", "report.json")
    told = {
        said: subprocess.run(["bash", "-c", line], cwd=course, capture_output=True, text=True, check=False, timeout=60)
        for said, line in filters().items()
    }
    assert [done.stderr for done in told.values()] == [""] * 6
    said = {name: done.stdout.splitlines() for name, done in told.items()}
    assert said["the exercises that did not pass"] == ["half", "raising"]
    assert said["misconceptions, the commonest first"] == ["2 x plus in place of scaling"]
    assert said["points by chapter"] == [f"{CHAPTER}: 10 of 30"]
    (raised, *_) = said["where your code raised"]
    assert raised.startswith("raising.py:6: ValueError: ")
    assert len(said["the three checks in which your code took longest"]) == 3
    assert said["exit code 0 from 60 % of the points on, else 1"] == ["false"]
    assert [done.returncode for done in told.values()] == [0, 0, 0, 0, 0, 1]
