"""Tab completion: what is offered, in the real shells, and that a prompt is never disturbed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pexpect
import pytest
from click.shell_completion import BashComplete, CompletionItem

from grader.cli import cli

from .command import environment, grade
from .small_course import CHAPTER, change, folders, write_course

SHELLS = ("bash", "zsh", "fish")
PATIENCE = 60  # seconds
LOADED = """
import atexit, sys
from grader.cli import main
sys.argv[0] = "grade"
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
main()
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of two exercises, in a folder with a file and a folder to be named."""
    root = write_course(tmp_path / "course", "softmax", "second-step")
    change(folders(root, "softmax")[0] / "exercise.toml", "Scale numbers", "Stable: softmax, of rows")
    (root / "marks.json").write_text("{}", encoding="utf-8")
    (root / "data").mkdir()
    return root


def offered(*words: str) -> list[CompletionItem[Any]]:
    """What is offered for the last of these words."""
    return BashComplete(cli, {}, "grade", "_GRADE_COMPLETE").get_completions(list(words[:-1]), words[-1])


def values(*words: str) -> list[str]:
    return [item.value for item in offered(*words)]


def need(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")


# What is offered


@pytest.mark.parametrize("command", ["run", "hint", "reset", "solution", "challenge", "release", "verify"])
def test_exercises_are_offered_with_their_titles(course: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """Every command that takes an exercise offers its name, from any folder of the course."""
    monkeypatch.chdir(folders(course, "softmax")[0])
    assert [(i.value, i.help) for i in offered(command, "soft")] == [("softmax", "Stable: softmax, of rows")]


@pytest.mark.parametrize(
    ("command", "names"),
    [
        (["run"], ["softmax", "second-step", CHAPTER]),
        (["verify", "softmax"], ["softmax", "second-step", CHAPTER]),
        (["release", "--title", "x"], ["softmax", "second-step", CHAPTER]),
        (["release", "--chapter"], [CHAPTER]),
        (["quiz"], [CHAPTER]),
        (["quiz", "--export"], ["gift", "qti", "mdbook"]),
        (["hint"], ["softmax", "second-step"]),
        (["run", "--format"], ["text", "lines", "github"]),
        (["completion"], ["bash", "zsh", "fish"]),
        (["release", "--ci"], ["github", "gitlab", "classroom50"]),
        (["run", "--sandbox"], ["process", "landlock", "seatbelt", "strict"]),
    ],
)
def test_what_fits_there_is_offered(
    course: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], names: list[str]
) -> None:
    """A chapter where one is taken, an exercise where one is, and the values of an option."""
    monkeypatch.chdir(course)
    assert values(*command, "") == names


def test_a_path_is_completed_where_no_name_begins_so(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell does it, as it does everywhere."""
    monkeypatch.chdir(course)
    assert [(i.value, i.type) for i in offered("run", "exercises/01")] == [("exercises/01", "file")]
    assert offered("quiz", "exercises/01") == []


def test_the_packaged_course_is_offered_where_a_command_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`grade release` needs no course around; `grade hint` does."""
    monkeypatch.chdir(tmp_path)
    assert "softmax" in values("release", "soft")
    assert "03_forward" in values("release", "--chapter", "03")
    assert [item.type for item in offered("hint", "soft")] == ["file"]


def parameters() -> list[tuple[str, click.Parameter]]:
    context = click.Context(cli)
    found = [(name, cli.get_command(context, name)) for name in cli.list_commands(context)]
    return [(name, parameter) for name, command in found if command is not None for parameter in command.params]


def test_every_file_and_folder_is_completed_by_the_shell() -> None:
    """An option or argument that is shown as one is told to the shell as one."""
    silent = []
    for name, parameter in parameters():
        shown = parameter.make_metavar(click.Context(cli))
        kinds = {item.type for item in parameter.shell_complete(click.Context(cli), "")}
        if ("FILE" in shown or "DIR" in shown or "PATH" in shown) and not kinds & {"file", "dir"}:
            silent.append(f"{name} {shown}")
    assert silent == []


@pytest.mark.parametrize("words", ["grade ", "grade run s", "grade quiz 0", "grade release 0"])
def test_completing_loads_nothing_heavy(course: Path, words: str) -> None:
    """Tab answers at once: without NumPy, pytest and what renders reports."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        check=True,
        cwd=course,
        env=environment(_GRADE_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(words.count(" "))),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.stdout.startswith("plain,")
    heavy = {
        "numpy",
        "pytest",
        "_pytest",
        "jinja2",
        "matplotlib",
        "msgpack",
        "requests",
        "pooch",
        "pygments",
    }
    assert heavy & set(done.stderr.split()) == set()


# A prompt is never disturbed


@pytest.mark.parametrize("state", ["nothing", "broken course", "broken marker", "folder that is gone"])
def test_nothing_is_said_where_there_is_no_course(course: Path, tmp_path: Path, state: str) -> None:
    """Whatever the folder, the answer is empty or paths; standard error is silent and no file is left."""
    script = '"$@"'
    match state:
        case "broken course":
            change(folders(course, "softmax")[0] / "exercise.toml", "points = 10", "points = ")
        case "broken marker":
            (course / "neurograde.toml").write_text("format = 99\n", encoding="utf-8")
        case "folder that is gone":
            script = 'rmdir "$PWD"; "$@"'
    folder = course / "data" if state != "nothing" else tmp_path
    for words in ("grade hint soft", "grade quiz ", "grade release --chapter 0"):
        done = subprocess.run(
            ["bash", "-c", script, "bash", "grade"],
            check=False,
            cwd=folder,
            env=environment(_GRADE_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD="3", TMPDIR=str(tmp_path)),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        folder.mkdir(exist_ok=True)
        assert (done.returncode, done.stderr) == (0, ""), words
        assert not list(tmp_path.glob("neurograde-fault-*"))


@pytest.mark.parametrize("shell", SHELLS)
def test_nothing_is_said_where_grade_is_not_on_the_path(course: Path, tmp_path: Path, shell: str) -> None:
    """A script that was installed stays when the environment that holds `grade` is not active."""
    need(shell)
    script = tmp_path / "script"
    script.write_text(grade(course, "completion", shell).stdout, encoding="utf-8")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "env").symlink_to("/usr/bin/env")
    asks = {
        "bash": 'source "$1"; COMP_WORDS=(grade hint soft); COMP_CWORD=2; _grade_completion grade',
        "zsh": 'compdef() { :; }; source "$1"; words=(grade hint soft); CURRENT=3; _grade_completion || :',
        "fish": 'source $argv[1]; complete -C "grade hint soft"',
    }
    line = [str(shutil.which(shell)), "-c", asks[shell], *([] if shell == "fish" else [shell]), str(script)]
    done = subprocess.run(
        line,
        check=False,
        env=environment(PATH=str(tools), HOME=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.stdout, done.stderr) == ("", "")


# In the shells


class Prompt:
    """A shell at a terminal, with the completion of this checkout; keys go in, and its screen is read."""

    def __init__(self, shell: str, folder: Path, home: Path) -> None:
        start = {"bash": ["--norc", "--noprofile", "-i"], "zsh": ["-f", "-i"]}[shell]
        variables = environment(HOME=str(home), PS1="ready> ", SHELL=f"/bin/{shell}")
        self._child = pexpect.spawn(
            shell, start, cwd=str(folder), env=variables, encoding="utf-8", timeout=PATIENCE, dimensions=(40, 200)
        )
        if shell == "zsh":
            self.do("zle_highlight=(none); unset zle_bracketed_paste; autoload -U compinit && compinit -u -D")
        else:
            self.do("bind 'set enable-bracketed-paste off'")
        (line,) = re.findall(rf'eval "\$\(grade completion {shell}\)"', grade(folder, "completion", "--help").stdout)
        self.do(line)

    def do(self, line: str) -> str:
        """What a line prints."""
        self._child.sendline(f"{line}; echo do''ne")
        self._child.expect("done")
        return str(self._child.before)

    def completed(self, typed: str, until: str) -> None:
        """Type, press Tab, and wait until that is seen behind it."""
        self._child.send("\x15" + typed)
        self._child.expect_exact(typed)
        self._child.send("\t")
        self._child.expect_exact(until)

    def close(self) -> None:
        self._child.close(force=True)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_tab_completes_at_a_real_prompt(course: Path, tmp_path: Path, shell: str) -> None:
    """Commands, names, values and files; in zsh a choice is listed with its titles."""
    need(shell)
    prompt = Prompt(shell, course, tmp_path)
    try:
        prompt.completed("grade hin", "t ")
        prompt.completed("grade hint soft", "max ")
        prompt.completed("grade run --sandb", "ox ")
        prompt.completed("grade run --sandbox str", "ict ")
        prompt.completed("grade run --json mar", "ks.json")
        prompt.completed("grade run exerci", "ses/")
        if shell == "zsh":
            prompt.completed("grade hint s", "Stable: softmax, of rows")
    finally:
        prompt.close()


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("grade hint soft", ["softmax\tStable: softmax, of rows"]),
        ("grade hin", ["hint\tShow the next hint of an exercise."]),
        ("grade run --sandbox str", ["strict"]),
        ("grade run --json mar", ["marks.json"]),
        ("grade run exercises/01", ["exercises/01_first/"]),
    ],
)
def test_fish_completes(course: Path, tmp_path: Path, typed: str, lines: list[str]) -> None:
    """The same, with descriptions, by the shell's own command that lists what Tab would offer."""
    need("fish")
    done = subprocess.run(
        ["fish", "-c", f"grade completion fish | source; complete -C '{typed}'"],
        check=False,
        cwd=course,
        env=environment(HOME=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.stdout.splitlines(), done.stderr) == (lines, "")


# The command


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_accepted_by_the_shell(course: Path, tmp_path: Path, shell: str) -> None:
    """SHELL says which one is meant; it is written where that shell looks, and is free of syntax errors."""
    done = grade(course, "completion", "--install", SHELL=f"/usr/bin/{shell}", HOME=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    (script,) = [path for path in tmp_path.rglob("*grade*") if path.is_file() and course not in path.parents]
    assert done.stdout.splitlines()[0] == f"Written: {script}"
    assert script.read_text(encoding="utf-8") == grade(course, "completion", shell).stdout
    need(shell)
    checked = subprocess.run([shell, "-n", script], check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(("shell", "told"), [("/bin/dash", "SHELL is '/bin/dash'"), ("", "SHELL is not set")])
def test_an_unknown_shell_is_told(tmp_path: Path, shell: str, told: str) -> None:
    """2, with those that are known."""
    done = grade(tmp_path, "completion", SHELL=shell)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{told}; say which one: bash, zsh, fish" in done.stderr
