"""What a command loads before it does anything: what it does not need costs every learner time."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from grader.blas import ONE_THREAD
from grader.cli import cli

from .command import environment
from .small_course import write_course

HEAVY = {"numpy", "pytest", "_pytest", "jinja2", "matplotlib", "msgpack", "pygments", "requests", "pooch",
         "IPython", "distributed", "hypothesis", "asyncio", "multiprocessing", "unittest"}  # fmt: skip
LOADED = """
import atexit, json, sys
from grader.cli import main
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
main({arguments!r})
"""


def loaded(folder: Path, *arguments: str) -> set[str]:
    """The modules that are there when the command has done its work."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(arguments=list(arguments))],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[str] = json.loads(done.stderr.splitlines()[-1])
    return set(found)


@pytest.fixture(scope="module")
def bare() -> set[str]:
    """What Python loads here by itself: a measurement of coverage brings modules of its own."""
    code = "import json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stdout)
    return set(found)


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("--version",), ("list",), ("hint", "scaling"), ("run", "--help")],
    ids=" ".join,
)
def test_light_commands_load_nothing_heavy(tmp_path: Path, arguments: tuple[str, ...], bare: set[str]) -> None:
    found = loaded(write_course(tmp_path), *arguments) - bare
    assert {name.partition(".")[0] for name in found} & HEAVY == set()


def test_help_loads_no_command(tmp_path: Path) -> None:
    """The overview knows them all by their line."""
    found = {name for name in loaded(tmp_path, "--help") if name.startswith("grader")}
    assert found == {"grader", "grader.blas", "grader.cli", "grader.errors", "grader.language"}


def test_the_overview_says_what_each_command_says_of_itself() -> None:
    context = click.Context(cli)
    formatter = click.HelpFormatter(width=300)
    cli.format_commands(context, formatter)
    lines = dict(line.strip().split("  ", 1) for line in formatter.getvalue().splitlines() if line.startswith("  "))
    own = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    assert {name: said.strip() for name, said in lines.items()} == {
        name: command.get_short_help_str(280) for name, command in own.items() if command is not None
    }


def test_nothing_is_taken_apart_at_the_end(tmp_path: Path) -> None:
    """That would take longer than `grade --help`. What has been registered for the end is done, and all is said."""
    code = (
        "import atexit, sys\nfrom grader.cli import main\n"
        "class Kept:\n    def __del__(self): print('taken apart')\n"
        "sys.kept = Kept()\natexit.register(print, 'the end')\nmain(['--version'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    version, *rest = done.stdout.splitlines()
    assert version.startswith("neurograde")
    assert rest == ["the end"]


LOADS_NUMPY = """
import os, sys
from grader.cli import main

class Look:
    def find_spec(self, name, path, target=None):
        if name == "numpy":
            print(*(os.environ.get(name) for name in {names!r}), file=sys.stderr)

sys.meta_path.insert(0, Look())
main({arguments!r})
"""


@pytest.mark.parametrize("arguments", [("run",), ("verify",), ("class", "handed_in")], ids=" ".join)
def test_numpy_is_loaded_with_one_thread(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A process that is forked when NumPy has more computes many times as long."""
    course = write_course(tmp_path)
    (tmp_path / "handed_in" / "ada").mkdir(parents=True)
    code = LOADS_NUMPY.format(names=tuple(ONE_THREAD), arguments=list(arguments))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=course, env=environment(), capture_output=True, text=True, check=False
    )
    told = [line for line in done.stderr.splitlines() if line and set(line.split()) <= {"1", "None"}]
    assert set(told) == {"1 1 1 1"}


def test_whether_it_was_in_time_is_known() -> None:
    """As a library, where somebody may have loaded NumPy before."""
    code = "from grader.blas import one_thread; {}print(one_thread())"
    said = [
        subprocess.run(
            [sys.executable, "-c", code.format(before)], env=environment(), capture_output=True, text=True, check=True
        ).stdout
        for before in ("", "import numpy; ", "one_thread(); import numpy; ")
    ]
    assert said == ["True\n", "False\n", "True\n"]
