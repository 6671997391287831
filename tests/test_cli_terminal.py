"""What a person sees: width, colour, characters, the progress bar, pipes, and how much is loaded for it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.report.wrapping import cells

from .command import HALF, environment, grade, on_terminal, on_terminal_python, without_signs
from .small_course import change, folders, write_course

WIDTHS = (40, 80, 120)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two exercises with long names and titles; the first is half right, the second was given up after all hints."""
    root = write_course(tmp_path_factory.mktemp("terminal"), "numerical-gradient", "second")
    settings = folders(root, "numerical-gradient")[0] / "exercise.toml"
    change(settings, "Scale numbers", "The gradient of any function whatsoever, found by trying numbers on each side")
    hint = "yᵢ = e^(xᵢ - m) / Σⱼ e^(xⱼ - m): " + "subtract the maximum. " * 9
    change(folders(root, "second")[0] / "exercise.toml", "Which operation scales?", hint)
    (folders(root, "numerical-gradient")[0] / "numerical_gradient.py").write_text(HALF, encoding="utf-8")
    grade(root)
    for _ in range(3):
        grade(root, "hint", "second")
    grade(root, "solution", "second", "--give-up")
    return root


# Width


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("command", [["list"], ["hint", "second"], ["run"], ["data"]])
def test_lines_fit_the_terminal(course: Path, command: list[str], columns: int) -> None:
    """No line is broken by the terminal's edge, at any width; only what has no space in it may stand out."""
    code, text = on_terminal(course, *command, columns=columns)
    assert code in (0, 1)
    shown = [line.rpartition("\r")[2] for line in without_signs(text).splitlines()]
    assert [line for line in shown if cells(line) > columns and " " in line.strip()] == []


def test_columns_is_obeyed_in_a_pipe(course: Path) -> None:
    """COLUMNS says how wide it is where no terminal does; without it, 80."""
    narrow = grade(course, "list", COLUMNS="60").stdout.splitlines()
    plain = grade(course, "list").stdout.splitlines()
    assert max(map(len, narrow)) <= 60 < max(map(len, plain)) <= 80


def test_the_list_as_it_looks(course: Path) -> None:
    """Chapters are headings, columns are aligned, and help that was taken stands below its exercise."""
    assert grade(course, "list").stdout == (
        "1 First steps\n"
        "  numerical-gradient  The gradient of any function             5/10  in progress\n"
        "                      whatsoever, found by trying numbers on\n"
        "                      each side\n"
        "  second              Scale numbers                            0/10  not started\n"
        "                      hints: 3 of 3, solution shown\n"
        "\n"
        "5 of 20 points, 0 of 2 exercises passed\n"
    )


def test_the_list_in_a_narrow_window(course: Path) -> None:
    """Titles stand below the names, whole."""
    assert grade(course, "list", COLUMNS="50").stdout == (
        "1 First steps\n"
        "  numerical-gradient  5/10  in progress\n"
        "    The gradient of any function whatsoever, found\n"
        "    by trying numbers on each side\n"
        "  second              0/10  not started\n"
        "    Scale numbers\n"
        "    hints: 3 of 3, solution shown\n"
        "\n"
        "5 of 20 points, 0 of 2 exercises passed\n"
    )


def test_the_list_where_the_state_has_no_room(course: Path) -> None:
    """It stands below the name, as the title does: the terminal's edge would tear it."""
    assert grade(course, "list", COLUMNS="36").stdout.splitlines()[1:6] == [
        "  numerical-gradient  5/10",
        "    in progress",
        "    The gradient of any function",
        "    whatsoever, found by trying",
        "    numbers on each side",
    ]


# Colour and characters


def test_a_terminal_gets_colour(course: Path) -> None:
    """On a terminal that can show it, states and outcomes are coloured."""
    assert "\x1b[" in on_terminal(course, "list")[1]
    assert "\x1b[3" in on_terminal(course, "run", "second")[1]


@pytest.mark.parametrize("changes", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
@pytest.mark.parametrize("command", [["list"], ["run"], ["hint", "second"], ["--help"]])
def test_colour_can_be_left_out(course: Path, command: list[str], changes: dict[str, str]) -> None:
    """NO_COLOR (no-color.org) and a dumb terminal are obeyed."""
    colours = re.findall(r"\x1b\[[0-9;]*m", on_terminal(course, *command, columns=80, **changes)[1])
    assert colours == []


def test_a_pipe_gets_plain_text(course: Path) -> None:
    """No colour, no cursor movement, no progress bar where nobody watches."""
    done = grade(course, "run")
    assert ("\x1b" in done.stdout, "\r" in done.stdout, done.stderr) == (False, False, "")


@pytest.mark.parametrize("command", [["list"], ["run"], ["hint", "second"], ["verify"], ["doctor"]])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_any_encoding_can_take_the_output(course: Path, command: list[str], encoding: str) -> None:
    """Where a sign can't be shown, something readable stands for it; nothing breaks."""
    done = subprocess.run(
        ["grade", *command],
        check=False,
        cwd=course,
        env=environment(LANG="C", PYTHONIOENCODING=encoding, COLUMNS="50"),
        capture_output=True,
        timeout=60,
    )
    assert done.returncode in (0, 1), done.stderr.decode(encoding)
    assert done.stdout.decode(encoding).strip()
    assert done.stderr == b""


def test_a_locale_of_c_can_take_the_output(course: Path) -> None:
    """LANG=C, as a bare container has it."""
    done = grade(course, "run", LANG="C", LC_ALL="C")
    assert (done.returncode, done.stderr) == (1, "")


# The progress bar


def test_the_bar_shows_how_far_it_is(course: Path) -> None:
    """On a terminal, with the number done of the number to do, and only where there are several."""
    text = on_terminal(course, "run")[1]
    assert [part for part in ("0/2", "1/2", "2/2") if part not in text] == []
    assert "Grading" not in on_terminal(course, "run", "second")[1]


def test_the_bar_of_verify_counts_submissions(course: Path) -> None:
    """It begins with the real number: stub, reference, two other right solutions, two wrong ones of each exercise."""
    code, text = on_terminal(course, "verify", "second", "--jobs", "1")
    assert code == 0
    assert [part for part in ("0/6", "6/6") if part not in text] == []
    assert "/1 " not in text
    assert "0/1" not in text


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_a_bar_fits_however_long_it_takes(columns: int) -> None:
    """With the time that is left, and with a text beside it where there is room."""
    steps = "[(time.sleep(0.008), bar.update(1, f'{n} graded, 3 missing, 4 refused, 27.3/s')) for n in range(300)]"
    script = f"import time\nfrom grader.cli import screen\nwith screen.progress(300, 'Grading') as bar:\n    {steps}\n"
    text = without_signs(on_terminal_python(script, columns))
    lines = [line for line in re.split(r"[\r\n]+", text) if line]
    assert "00:00:0" in text
    assert max(map(len, lines)) < columns
    assert ("graded" in text) == (columns >= 80)


def test_a_dumb_terminal_gets_no_bar(course: Path) -> None:
    """It could not draw one."""
    assert "Grading" not in on_terminal(course, "run", TERM="dumb")[1]


# Pipes


@pytest.mark.parametrize("command", ["grade list", "grade run", "grade run --json -", "grade --help"])
@pytest.mark.parametrize("reader", ["head -n 1", "true"])
def test_a_reader_that_leaves_early_is_no_fault(course: Path, command: str, reader: str) -> None:
    """`grade … | head -1` ends without a word on standard error."""
    done = subprocess.run(
        ["sh", "-c", f"{command} | {reader}"],
        check=False,
        cwd=course,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("target", ["> /dev/full", ">&-"])
def test_standard_output_that_takes_nothing_is_no_traceback(course: Path, target: str) -> None:
    """A full disk, or no standard output at all."""
    done = subprocess.run(
        ["sh", "-c", f"grade list {target}"],
        check=False,
        cwd=course,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 2)


# The command itself


def test_the_command_is_installed() -> None:
    """These tests run the command of this environment, whether or not it has been activated."""
    found = shutil.which("grade", path=environment()["PATH"])
    assert found is not None
    assert Path(found).parent == Path(sys.executable).parent
