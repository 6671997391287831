"""The command line: help and exit codes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from grader import __version__
from grader.cli import cli

from .command import HALF, SOLVED, environment, grade
from .reach import reachable
from .small_course import change, folders, write_course

README = Path(__file__).parent.parent / "README.md"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one exercise whose stub is untouched."""
    return write_course(tmp_path)


def write(root: Path, text: str, name: str = "scaling") -> None:
    """Write a learner's answer."""
    (folders(root, name)[0] / f"{name}.py").write_text(text, encoding="utf-8")


def commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        yield name, command


# Help


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["run", "--help"], ["hint", "-h"]])
def test_help_is_to_be_had_anywhere(tmp_path: Path, arguments: list[str]) -> None:
    """Help needs no course, fits 80 columns and leaves with 0."""
    done = grade(tmp_path, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: grade")
    assert [line for line in done.stdout.splitlines() if len(line) > 80] == []


def test_every_help_fits_80_columns_and_is_made_of_sentences() -> None:
    """No command's help is wider than the narrowest common terminal, and no option's is a fragment."""
    wide, torn = [], []
    for name, command in commands():
        context = click.Context(command, info_name=f"grade {name}", terminal_width=80)
        wide += [f"{name}: {line}" for line in command.get_help(context).splitlines() if len(line) > 80]
        options = [option for option in command.params if isinstance(option, click.Option)]
        torn += [f"{name}: {o.help}" for o in options if o.help and not o.help.endswith((".", "]"))]
    assert (wide, torn) == ([], [])


def test_no_line_of_the_overview_is_cut_short(tmp_path: Path) -> None:
    """Each command's line is a whole sentence at 80 columns."""
    assert "..." not in grade(tmp_path, "--help").stdout.partition("Commands:")[2]


def test_help_lists_every_exit_code(tmp_path: Path) -> None:
    """What a script has to know stands in the help."""
    text = grade(tmp_path, "--help").stdout
    assert [code for code in ("0", "1", "2", "3", "4", "130") if f"\n    {code} " not in text] == []


def test_every_command_and_option_has_a_help_text() -> None:
    """Nothing is left to guess."""
    silent = [name for name, command in commands() if not command.help]
    silent += [
        f"{name} {option.name}"
        for name, command in commands()
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []


def test_every_command_and_option_is_in_the_readme() -> None:
    """Documentation that leaves one out is out of date."""
    text = README.read_text(encoding="utf-8")
    missing = [f"grade {name}" for name, _ in commands() if f"`grade {name}" not in text]
    missing += [
        f"grade {name} {flag}"
        for name, command in commands()
        for option in command.params
        if isinstance(option, click.Option)
        for flag in (*option.opts, *option.secondary_opts)
        if flag.startswith("--") and flag not in text
    ]
    assert missing == []


def test_version(tmp_path: Path) -> None:
    """`--version` names the distribution."""
    assert grade(tmp_path, "--version").stdout == f"neurograde {__version__}\n"


# Exit codes


@pytest.mark.parametrize(("text", "code"), [(SOLVED, 0), (HALF, 1), ("raise SystemExit(0)", 1), ("def (", 1)])
def test_the_exit_code_says_whether_everything_passed(course: Path, text: str, code: int) -> None:
    """0 only where all passed; whatever a learner's file does, it is no fault of the grader's."""
    write(course, text)
    assert grade(course).returncode == code


def test_the_untouched_stub_is_not_a_pass(course: Path) -> None:
    """Nothing is started: 1, and the first step."""
    done = grade(course)
    assert (done.returncode, done.stderr) == (1, "")
    assert "not started" in done.stdout
    assert "run `grade run scaling`" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    "command", [[], ["run"], ["list"], ["hint", "x"], ["reset", "x"], ["solution", "x"], ["verify"]]
)
def test_outside_any_course_is_told(tmp_path: Path, command: list[str]) -> None:
    """2, and the command that makes a workspace."""
    done = grade(tmp_path, *command)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"grade: {tmp_path}: no course here or above" in done.stderr
    assert "`grade init DIR`" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there no folder can be removed while somebody is in it")
@pytest.mark.parametrize(
    "command", [[], ["list"], ["report"], ["init", "x"], ["doctor"], ["watch"], ["hint", "softmax"]]
)
def test_a_folder_that_is_gone_is_told(tmp_path: Path, command: list[str]) -> None:
    """As when a branch was changed, or the folder made anew, while a shell was in it."""
    folder = tmp_path / "gone"
    folder.mkdir()
    script = 'rmdir "$PWD"; exec "$@"'
    done = subprocess.run(
        ["sh", "-c", script, "sh", "grade", *command],
        cwd=folder,
        env=environment(),
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 2
    assert "the folder in which you are is gone" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", [["rnu"], ["run", "--jsno", "x"], ["hint"], ["verify", "--jobs", "0"], ["init"]])
def test_wrong_usage_is_told(course: Path, command: list[str]) -> None:
    """2, on standard error, with the way to help."""
    done = grade(course, *command)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--help" in done.stderr


def test_a_broken_course_is_told(course: Path) -> None:
    """2, with file, key, value and remedy."""
    change(folders(course, "scaling")[0] / "exercise.toml", "points = 10", "points = -1")
    done = grade(course)
    assert (done.returncode, done.stderr) == (2, "grade: scaling/exercise.toml: points = -1; use 0 or more\n")


def test_checks_that_break_are_the_graders_fault(course: Path) -> None:
    """3, and never the learner's."""
    change(folders(course, "scaling")[0] / "test_scaling.py", "import assert_close", "import assert_near")
    done = grade(course)
    assert done.returncode == 3
    assert "assert_near" in done.stdout


@pytest.mark.parametrize(("name", "code"), [("numpy", "def mean(x): pass\n"), ("random", "x = 1\n")])
def test_a_file_in_the_way_of_a_module_is_named(course: Path, tmp_path: Path, name: str, code: str) -> None:
    """With `PYTHONPATH=.` a learner's numpy.py is imported in the place of NumPy: 2, for it can be mended."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / f"{name}.py").write_text(code, encoding="utf-8")
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    write(course, SOLVED)
    done = grade(course, PYTHONPATH=path)
    assert done.returncode == 2
    said = done.stderr.splitlines()[-1]  # others that Python loads at its start may trip over it before
    assert said.startswith(f"grade: {folder / name}.py has the name of a module that `grade` needs")


def test_a_fault_of_our_own_keeps_its_traceback_in_a_file(
    course: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """3, one sentence on the screen, and everything else in the file that it names."""
    (folders(course, "scaling")[1] / "scaling.py").write_bytes(b"# \xff\n")
    kept = tmp_path_factory.mktemp("faults")
    done = grade(course, "solution", "scaling", "--give-up", TMPDIR=str(kept))
    (file,) = kept.iterdir()
    text = file.read_text(encoding="utf-8")
    assert done.returncode == 3
    assert "a fault of the grader's own, not of yours: UnicodeDecodeError" in done.stderr
    assert str(file) in done.stderr
    assert "Traceback" not in done.stderr
    assert all(part in text for part in (f"neurograde {__version__}", "solution scaling --give-up", "Traceback"))


def test_a_fault_of_our_own_is_told_whatever_was_typed(course: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The name of a file that is no UTF-8 makes no second fault."""
    (folders(course, "scaling")[1] / "scaling.py").write_bytes(b"# \xff\n")
    kept = tmp_path_factory.mktemp("faults")
    typed = f"../\udcff/../{course.name}/exercises/01_first/scaling/scaling.py"
    (course.parent / "\udcff").mkdir()
    done = grade(course, "solution", typed, "--give-up", TMPDIR=str(kept))
    (file,) = kept.iterdir()
    assert done.returncode == 3
    assert str(file) in done.stderr
    assert "Traceback" not in done.stderr
    assert "\\udcff/" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("level", ["seatbelt"])
def test_a_sandbox_that_is_not_to_be_had_is_told_before_anything_runs(course: Path, level: str) -> None:
    """4, and the learner's file was not run."""
    trace = reachable(course) / "it-ran"
    write(course, f"open({str(trace)!r}, 'w')\n")
    done = grade(course, "run", "--sandbox", level)
    assert (done.returncode, done.stdout) == (4, "")
    assert f"sandbox level {level!r} is not to be had" in done.stderr
    assert not trace.exists()
    grade(course, "run", "--sandbox", "process")
    assert trace.exists(), "the file above must be one that shows that it ran"
