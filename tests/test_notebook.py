"""`grader.notebook` in a real kernel: one notebook, run once, and what stands below its cells."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader.progress import Progress
from grader.report.page import style

from .command import environment, grade
from .reach import make_pipe
from .small_course import change, folders, write_course

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

SECONDS = 120  # for one cell
UNTIL_IT_RUNS = """\
import os, signal, threading


def scale(values, factor=2.0):
    with open({pipe!r}, "w") as pipe:
        pipe.write(str(os.getpid()))
    while True:
        pass


def stop_button():
    with open({pipe!r}) as pipe:
        print(pipe.read(), flush=True)
    os.kill(os.getpid(), signal.SIGINT)


threading.Thread(target=stop_button).start()
os.environ["NEUROGRADE_SANDBOX"] = "process"  # the pipe is outside of its folder
grade.check("moving")
"""
CELLS = {
    "begin": "import numpy as np\nimport grader.notebook as grade\n%load_ext grader.notebook",
    "not yet": "grade.check('scaling')",
    "misspelt": "grade.check('scalling')",
    "helper": "def times(values, factor):\n    return np.multiply(values, factor)",
    "right": "def scale(values, factor=2.0):\n    return times(values, factor)\n\n\ngrade.check('scaling')",
    "ambiguous": "grade.check(scale)",
    "said which": "grade.check(scale, exercise='scaling')",
    "redefined": "def times(values, factor):\n    return np.add(values, factor)",
    "wrong": "%grade scaling",
    "magic": "%%grade scaling\n\ndef scale(values, factor=2.0):\n\n    return values.none_such",
    "failed": "1 / 0\ndef scale(values, factor=2.0):\n    return times(values, factor)",
    "as it is": "%grade scaling",
    "syntax": "%%grade scaling\ndef scale(values):\n    return ]",
    "no name": "%%grade\npass",
    "html": "%%grade scaling\ndef scale(values, factor=2.0):\n    print('<b>bold</b>\\x1b[31m')\n    return 1",
    "memory": "exec('eps = 1')\n"
    "def scale(values, factor=2.0):\n    display(values)\n    return values * eps\n%grade scaling",
    "endless": "def scale(values, factor=2.0):\n    while True:\n        pass\n%grade scaling",
    "exit": "import os\ndef scale(values, factor=2.0):\n    os._exit(0)\n%grade scaling",
    "endless import": "X = [n for n in iter(int, 1)] if get_ipython is None else 1\n"
    "def scale(values):\n    return X\n%grade scaling",
    "hint": "grade.hint('scaling'); grade.hint('scaling')",
    "task": "grade.task('scaling')",
    "list": "grade.progress()",
    "interrupted": UNTIL_IT_RUNS,
    "after": "del os.environ['NEUROGRADE_SANDBOX']\nscale = lambda values, factor=2.0: values * factor\n%grade scaling",
    "german": "%env LANGUAGE=de\ndef scale(values, factor=2.0):\n    return values.none_such\n%grade scaling",
    "german list": "grade.progress()",
    "german error": "grade.check('none')",
}


class Ran:
    """The notebook after its run."""

    def __init__(self, course: Path) -> None:
        stop = CELLS["interrupted"].format(pipe=str(make_pipe(course)))
        texts = CELLS | {"interrupted": stop}
        made = [nbformat.v4.new_code_cell(text) for text in texts.values()]
        notebook = nbformat.v4.new_notebook(cells=made)
        folder = course / "notes"
        folder.mkdir()
        nbclient.NotebookClient(
            notebook,
            timeout=SECONDS,
            kernel_name="python3",
            allow_errors=True,
            resources={"metadata": {"path": folder}},
        ).execute(env=environment(PYTHONPATH=os.pathsep.join(sys.path)))
        self.course = course
        self.notebook = notebook
        self._cells = dict(zip(CELLS, notebook.cells, strict=True))

    def data(self, cell: str, kind: str = "text/plain") -> str:
        """What a cell displayed."""
        outputs = self._cells[cell].outputs
        return "\n".join(one.data.get(kind, "") for one in outputs if one.output_type == "display_data")

    def error(self, cell: str) -> str:
        """What a cell ended with, as Jupyter shows it."""
        return "\n".join("\n".join(one.traceback) for one in self._cells[cell].outputs if one.output_type == "error")

    def printed(self, cell: str) -> str:
        return "".join(one.text for one in self._cells[cell].outputs if one.output_type == "stream")

    def number(self, cell: str) -> int:
        return int(self._cells[cell].execution_count)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    course = write_course(tmp_path_factory.mktemp("course"), "scaling", "moving")
    change(folders(course, "moving")[0] / "exercise.toml", "seconds = 0.5", "seconds = 60")
    return Ran(course)


def test_a_right_function_passes_with_its_helper_from_another_cell(ran: Ran) -> None:
    """`import numpy` stands in a third one."""
    for cell in ("right", "said which", "after"):
        assert "passed · 10 of 10 points" in ran.data(cell), cell
        assert ran.error(cell) == ""
    assert "Everything that learns multiplies." in ran.data("right")
    assert "Stuck?" not in ran.data("right")


def test_a_wrong_one_is_told_with_its_misconception(ran: Ran) -> None:
    """The latest definition counts, of the helper too."""
    assert "What it looks like: plus in place of scaling." in ran.data("wrong")
    for cell in ("wrong", "as it is"):
        assert '→ Stuck? grade.hint("scaling")' in ran.data(cell)


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_an_error_is_placed_in_its_cell(ran: Ran, kind: str) -> None:
    """By the number that stands beside it, and the line counted from its first."""
    assert f"cell [{ran.number('magic')}], line 5" in ran.data("magic", kind)
    assert "return values.none_such" in ran.data("magic", kind)


def test_a_cell_that_stopped_has_defined_nothing(ran: Ran) -> None:
    assert f"cell [{ran.number('magic')}], line 5" in ran.data("as it is")


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("not yet", "no cell that has run defines scale; write it in a cell, run that, and check it then"),
        (
            "misspelt",
            (
                "no exercise of this course asks for 'scalling' (did you mean scaling or scale?);"
                " `grade.progress()` shows all exercises"
            ),
        ),
        ("ambiguous", 'scale is asked for by scaling, moving; say which one: exercise="scaling"'),
        ("no name", "name a function or an exercise: %grade softmax"),
    ],
)
def test_what_can_not_be_done_is_one_sentence(ran: Ran, cell: str, message: str) -> None:
    """Without a traceback, and with what to do."""
    assert ran.error(cell) == f"grade: {message}"
    assert ran.data(cell) == ""


def test_a_cell_that_does_not_run_is_not_graded(ran: Ran) -> None:
    shown = ran.error("syntax")
    assert "SyntaxError" in shown
    assert shown.endswith("grade: the cell did not run to its end, so nothing was graded")
    assert ran.data("syntax") == ""


def test_what_the_notebook_has_in_memory_alone_is_told(ran: Ran) -> None:
    said = ran.data("memory")
    assert said.startswith(
        "display is the notebook's own and is not there when your function is graded; do without it\n"
    )
    assert "eps is in the notebook's memory, but no cell that has run defines it; run one that does\n" in said
    assert "eps is in the notebook&#39;s memory" in ran.data("memory", "text/html")


def test_a_loop_and_an_exit_end_the_check_alone(ran: Ran) -> None:
    assert "took too long" in ran.data("endless")
    assert "ended without an answer" in ran.data("exit")
    assert ran.error("endless") == ran.error("exit") == ""


def test_what_is_printed_stays_text(ran: Ran) -> None:
    """In the page and in the text; nothing in it is obeyed."""
    page = ran.data("html", "text/html")
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<b>bold" not in page
    assert "\x1b" not in page + ran.data("html")
    assert "<b>bold</b>" in ran.data("html")


def test_the_page_restyles_nothing_but_itself(ran: Ran) -> None:
    """Each rule is nested in its own element, and what a page says of itself is said of that one."""
    page = ran.data("right", "text/html")
    found = re.search(r"<style>\n(.*)</style>\n<div class=\"neurograde\">", page, re.DOTALL)
    assert found is not None
    rules = found[1].strip()
    assert rules.startswith(".neurograde.neurograde {")
    assert rules.endswith("}")
    depths = [rules[: at + 1].count("{") - rules[: at + 1].count("}") for at in range(rules.index("{"), len(rules) - 1)]
    assert min(depths) == 1
    assert not re.search(r"(:root|(?<![.\w-])(html|body))\s*\{", rules)
    assert "prefers-color-scheme" not in rules
    assert "&amp;" not in rules
    assert "prefers-color-scheme: dark" in style()
    assert '[data-jp-theme-light="false"]' in rules


def test_the_task_is_shown_as_markdown(ran: Ran) -> None:
    assert ran.data("task", "text/markdown").startswith("# Scale numbers\n")


def test_hints_are_taken_one_by_one(ran: Ran) -> None:
    first, second = ran.data("hint").split("Hint 1 of 3.")[1:]
    assert "Hint 2 of 3." not in first
    assert "Hint 2 of 3. Let NumPy do all values at once." in second


def test_it_speaks_the_language_of_its_environment(ran: Ran) -> None:
    """The notebook's part and that of `grade` alike, from when it is chosen on."""
    for text in ("hat eine Ausnahme ausgelöst", f"Zelle [{ran.number('german')}], Zeile 3", "Kommst du nicht weiter?"):
        for kind in ("text/plain", "text/html"):
            assert text in ran.data("german", kind)
    assert "Aufbewahrt in" in ran.data("german list")
    assert "Aufgaben bestanden" in ran.data("german list")
    assert ran.error("german error").startswith("grade: keine Aufgabe dieses Kurses verlangt 'none';")


def test_the_stop_button_ends_what_was_started(ran: Ran) -> None:
    """A sentence in place of a traceback, the learner's process gone, and the kernel goes on."""
    assert ran.error("interrupted") == "grade: interrupted; nothing was recorded"
    process = int(ran.printed("interrupted"))
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_progress_is_that_of_the_workspace(ran: Ran) -> None:
    """Attempts count as those of `grade run`; what was interrupted or not begun is none."""
    outcomes = {
        "right": "passed",
        "said which": "passed",
        "wrong": "failed",
        "magic": "raised",
        "as it is": "raised",
        "html": "failed",
        "memory": "raised",
        "endless": "timed_out",
        "exit": "crashed",
        "endless import": "import_error",
        "after": "passed",
        "german": "raised",
    }
    with Progress.open(ran.course / ".grade" / "progress.sqlite3") as progress:
        assert [attempt.outcome.value for attempt in progress.history("scaling")][: len(outcomes)] == list(
            outcomes.values()
        )
        assert progress.history("moving") == []
        assert progress.hints() == {"scaling": 2}
    listed = grade(ran.course, "list").stdout
    assert re.search(r"scaling .* 10/10  passed", listed)
    assert "10/10  passed" in ran.data("list")
    assert f"Kept in {ran.course}" in ran.data("list")


def test_what_was_checked_counts_when_it_is_handed_in(ran: Ran, tmp_path: Path) -> None:
    """`grade class` finds the last definitions of the same notebook, and nothing of what asked for a verdict."""
    kept = ("begin", "helper", "right", "said which", "task")
    handed = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELLS[name]) for name in kept])
    (tmp_path / "class" / "ada").mkdir(parents=True)
    nbformat.write(handed, tmp_path / "class" / "ada" / "scaling.ipynb")
    graded = grade(tmp_path, "class", "class", "--course", str(ran.course), "-o", "graded")
    assert graded.returncode == 0, graded.stderr
    rows = (tmp_path / "graded" / "gradebook.csv").read_text(encoding="utf-8")
    assert rows.splitlines()[1].startswith("ada,,,,graded,20,20,")


def test_elsewhere_it_is_said_where_it_works() -> None:
    script = "import grader.notebook as grade\nprint(grade.load_ipython_extension.__name__)\ngrade.check('softmax')"
    command = [sys.executable, "-c", script]
    said = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment(), check=False)
    assert "grader.notebook is for Jupyter, Colab and IPython; elsewhere use `grade run NAME`" in said.stderr


def test_without_a_workspace_it_has_its_own(tmp_path: Path) -> None:
    """In IPython on a terminal, with the packaged course: the place is said once, and `grade` knows it."""
    lines = (
        "import grader.notebook as grade",
        "def count_parameters(sizes): raise NotImplementedError",
        "",
        "grade.check(count_parameters)",
        "grade.check(count_parameters)",
        "",
    )
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--quick", "--simple-prompt", "--no-banner"],
        input="\n".join(lines),
        cwd=tmp_path,
        env=environment(XDG_DATA_HOME=str(tmp_path / "data"), IPYTHONDIR=str(tmp_path / "ipython")),
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    own = tmp_path / "data" / "neurograde" / "notebook"
    assert done.stdout.count(f"so your progress is kept in {own}") == 1
    assert done.stdout.count("Network arithmetic  network-arithmetic") == 2
    assert "could not be imported" not in done.stdout  # the functions that are not yet written
    with Progress.open(own / ".grade" / "progress.sqlite3") as progress:
        assert len(progress.history("network-arithmetic")) == 2
