"""`grade class` beside other graders, for the same work in the same run. Runs in: a script, by hand.

    python tests/benchmarks/peers.py [--students 12 | --twenty] [--rounds 3] [--only NAME]... [--environments DIR]

The work is that of `assignment.py`: one module of six functions, thirty checks, everybody right. With `--twenty` it is
the mixed class, in which one submission never comes back, one is no Python, and one ends its process: a command that
has not ended after OUTER_LIMIT seconds is ended from outside. Each grader is installed from PyPI into an environment of
its own, kept in DIR, and does it the way its manual says. Everything is timed in turn, round by round, start-up
included; a ratio is the median of the rounds' own ratios, since times drift with the machine and ratios hardly. `grade
class` isolates everybody at its strongest level here, the others isolate nobody or little.
"""

import argparse
import ctypes
import json
import os
import platform
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import assignment
from base import CALLS

HERE = Path(__file__).parent
GRADE = "from grader.cli import main; main()"
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "NEUROGRADE_DATA": "/nowhere"}
OUTER_LIMIT = 30.0
FUNCTIONS = ("sigmoid", "softmax", "cross_entropy", "xor", "sgd", "predict")


@dataclass
class Way:
    """One way to grade a class. `packages`: what its environment needs besides NumPy and pytest; None for our own."""

    name: str
    packages: tuple[str, ...] | None = ()
    isolated: str = "no"
    python: str = sys.executable
    versions: str = ""
    seconds: list[float] = field(default_factory=list)  # of each round
    cpu: list[float] = field(default_factory=list)
    ended: int = 0  # commands of the last round that were ended from outside

    def prepare(self, root: Path) -> None:
        """Make what it needs in a folder of its own; `root / "class"` has the submissions."""

    def commands(self, root: Path, number: int) -> Iterator[tuple[list[str], Path]]:
        """The commands of a round, and where each runs."""
        raise NotImplementedError

    def environment(self, root: Path, folder: Path) -> dict[str, str]:
        """Variables of a command that runs in this folder."""
        del root, folder
        return {}

    def run(self, root: Path, number: int, *, all_right: bool) -> None:
        """One round, timed: wall, and processor time of all that was started."""
        commands = list(self.commands(root, number))
        self.ended = 0
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        for command, folder in commands:
            done = self._done(command, folder, os.environ | ONE_THREAD | self.environment(root, folder), all_right)
            if all_right:
                self.look_at(done, folder)
        self.seconds.append(time.perf_counter() - start)
        _wait_for_orphans()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    def _done(
        self, command: list[str], folder: Path, environment: dict[str, str], all_right: bool
    ) -> subprocess.CompletedProcess[str]:
        """The command, once it has ended; with all that it has started where it is ended from outside."""
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(
            command, cwd=folder, env=environment, text=True, start_new_session=True, **streams
        ) as process:
            try:
                out, err = process.communicate(timeout=None if all_right else OUTER_LIMIT)
            except subprocess.TimeoutExpired:
                self.ended += 1
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                _end_orphans()  # a kernel has a group of its own, and holds the pipes
                out, err = process.communicate()
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def look_at(self, done: subprocess.CompletedProcess[str], folder: Path) -> None:
        """Everybody is right: whoever says otherwise has not done the work."""
        if done.returncode != 0:
            raise SystemExit(f"{self.name} failed in {folder}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


def _adopt_orphans() -> None:
    """What a command leaves behind comes to this process (PR_SET_CHILD_SUBREAPER), which counts its time too."""
    ctypes.CDLL(None).prctl(36, 1)


def _wait_for_orphans() -> None:
    """Those that go on for seconds nobody waits for; they are ended."""
    end = time.monotonic() + 5
    with suppress(ChildProcessError):
        while True:
            if os.waitpid(-1, os.WNOHANG)[0]:
                continue
            time.sleep(0.01)
            if time.monotonic() > end:
                _end_orphans()


def _end_orphans() -> None:
    for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)


def students(root: Path) -> list[Path]:
    """The submissions in order."""
    return sorted((root / "class").iterdir())


class Base(Way):
    """One process that isolates nothing."""

    def commands(self, root: Path, number: int) -> Iterator[tuple[list[str], Path]]:
        del number
        yield [self.python, str(HERE / "base.py"), str(root / "class")], root


class Ours(Way):
    """`grade class`."""

    def __init__(self, jobs: int) -> None:
        super().__init__(f"grade class, {jobs} job{'s' * (jobs > 1)}", None, "yes")
        self.jobs = jobs

    def prepare(self, root: Path) -> None:
        if not (root / "course").exists():
            assignment.write_course(root / "course")

    def commands(self, root: Path, number: int) -> Iterator[tuple[list[str], Path]]:
        out = root / f"out-{self.jobs}-{number}"
        options = ["--course", str(root / "course"), "-o", str(out), "--jobs", str(self.jobs)]
        yield [self.python, "-c", GRADE, "class", str(root / "class"), *options], root


class Pytest(Way):
    """Plain pytest, started for each student."""

    options: tuple[str, ...] = ()

    def prepare(self, root: Path) -> None:
        (root / "pytest").mkdir(exist_ok=True)
        shutil.copy(assignment.CHECKS, root / "pytest" / "test_nn.py")

    def commands(self, root: Path, number: int) -> Iterator[tuple[list[str], Path]]:
        del number
        for student in students(root):
            options = ["-q", "-p", "no:cacheprovider", "--import-mode=importlib", *self.options]
            yield [self.python, "-m", "pytest", *options, str(root / "pytest" / "test_nn.py")], student

    def environment(self, root: Path, folder: Path) -> dict[str, str]:
        del root
        return {"PYTHONPATH": str(folder)}


class Timeout(Pytest):
    """With a limit for each check."""

    options = (f"--timeout={assignment.LIMIT:g}",)


_UNITTEST = """
import sys, unittest
from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner
sys.path.insert(0, {base!r})
import base

def method(check, case):
    @weight(1)
    def run(self):
        check(**case)
    return run

class Checks(unittest.TestCase):
    pass

for number, (check, case) in enumerate(base.CALLS):
    setattr(Checks, f"test_{{number:02}}", method(check, case))
with open("results.json", "w") as file:
    JSONTestRunner(visibility="visible", stream=file).run(unittest.defaultTestLoader.loadTestsFromTestCase(Checks))
"""


class Gradescope(Way):
    """gradescope-utils: unittest methods and its JSONTestRunner, as in its examples."""

    def prepare(self, root: Path) -> None:
        (root / "run_tests.py").write_text(_UNITTEST.format(base=str(_checks_without_right(root))))

    def commands(self, root: Path, number: int) -> Iterator[tuple[list[str], Path]]:
        del number
        yield from (([self.python, str(root / "run_tests.py")], student) for student in students(root))

    def environment(self, root: Path, folder: Path) -> dict[str, str]:
        del root
        return {"PYTHONPATH": str(folder)}

    def look_at(self, done: subprocess.CompletedProcess[str], folder: Path) -> None:
        super().look_at(done, folder)
        found = json.loads((folder / "results.json").read_text())
        (folder / "results.json").unlink()
        if [test["score"] for test in found["tests"]] != [1] * len(CALLS):
            raise SystemExit(f"{self.name}: {folder.name} has not all points")


_CHECK50 = '''
import sys
import check50

sys.path[:0] = [".", {base!r}]

@check50.check()
def exists():
    """nn.py exists"""
    check50.exists("nn.py")
'''
_CHECK50_ONE = '''
@check50.check(exists, timeout={limit:.0f})
def check_{number:02}():
    """check {number}"""
    import base
    check, case = base.CALLS[{number}]
    check(**case)
'''


class Check50(Way):
    """check50 with checks of its own on this machine (`--dev`)."""

    def prepare(self, root: Path) -> None:
        slug = root / "check50"
        slug.mkdir(exist_ok=True)
        (slug / ".cs50.yml").write_text('check50:\n  files:\n    - !exclude "*"\n    - !require nn.py\n')
        checks = "".join(_CHECK50_ONE.format(number=n, limit=assignment.LIMIT) for n in range(len(CALLS)))
        (slug / "__init__.py").write_text(_CHECK50.format(base=str(_checks_without_right(root))) + checks)

    def commands(self, root: Path, number: int) -> Iterator[tuple[list[str], Path]]:
        del number
        command = [self.python, "-m", "check50", "--dev", "-o", "json", "--", str(root / "check50")]
        yield from ((command, student) for student in students(root))

    def look_at(self, done: subprocess.CompletedProcess[str], folder: Path) -> None:
        super().look_at(done, folder)
        results = json.loads(done.stdout)["results"]
        if len(results) != len(CALLS) + 1 or not all(result["passed"] for result in results):
            raise SystemExit(f"{self.name}: {folder.name} has not passed: {done.stdout[:2000]}")


_OTTER_TEST = """
from otter.test_files import test_case
OK_FORMAT = False
name = {name!r}
points = {points}
"""
_OTTER_CASE = """
@test_case(points=1, hidden=False)
def test_{number:02}(env):
    import sys
    sys.path.insert(0, {base!r})
    import base, checks
    for name in base.NAMES:
        setattr(checks, name, env[name])
    check, case = base.CALLS[{number}]
    check(**case)
"""
_OTTER_RUN = """
import sys
from pathlib import Path
from otter.api import grade_submission

if __name__ == "__main__":
    for student in sorted(Path(sys.argv[1]).iterdir()):
        results = grade_submission(str(student / "nn.py"), sys.argv[2], quiet=True)
        print(student.name, results.total)
"""


class Otter(Way):
    """Otter-Grader's Python API: one process for the whole class, a kernel for each student."""

    def prepare(self, root: Path) -> None:
        base = str(_checks_with_right(root))
        with zipfile.ZipFile(root / "autograder.zip", "w") as bundle:
            bundle.writestr("otter_config.json", json.dumps({"lang": "python"}))
            for name in FUNCTIONS:
                numbers = [n for n, (check, _) in enumerate(CALLS) if check.__name__.startswith(f"test_{name}")]
                cases = "".join(_OTTER_CASE.format(number=n, base=base) for n in numbers)
                bundle.writestr(f"tests/{name}.py", _OTTER_TEST.format(name=name, points=len(numbers)) + cases)
        (root / "otter_run.py").write_text(_OTTER_RUN)

    def commands(self, root: Path, number: int) -> Iterator[tuple[list[str], Path]]:
        del number
        yield [self.python, str(root / "otter_run.py"), str(root / "class"), str(root / "autograder.zip")], root

    def look_at(self, done: subprocess.CompletedProcess[str], folder: Path) -> None:
        super().look_at(done, folder)
        totals = [float(line.split()[1]) for line in done.stdout.splitlines()]
        if not totals or set(totals) != {float(len(CALLS))}:
            raise SystemExit(f"{self.name}: not all points: {done.stdout[-2000:]}{done.stderr[-2000:]}")

    def environment(self, root: Path, folder: Path) -> dict[str, str]:
        del root, folder
        return {"PATH": f"{Path(self.python).parent}{os.pathsep}{os.environ['PATH']}"}


_NBGRADER_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "bench"
c.ExecutePreprocessor.timeout = {limit:g}
"""


class Nbgrader(Way):
    """nbgrader: a notebook with a cell to be written and a cell for each check."""

    def prepare(self, root: Path) -> None:
        course = root / "nbgrader"
        source = course / "source" / "ps1"
        source.mkdir(parents=True)
        (course / "nbgrader_config.py").write_text(_NBGRADER_CONFIG.format(limit=assignment.LIMIT))
        cells = [_cell("solution", assignment.RIGHT, solution=True)]
        checks = str(_checks_with_right(root))
        setup = f"import sys\nsys.path.insert(0, {checks!r})\nimport base, checks\nfor name in base.NAMES:\n"
        setup += "    setattr(checks, name, globals()[name])"
        cells.append(_cell("setup", setup, locked=True))
        run = "check, case = base.CALLS[{number}]\ncheck(**case)"
        cells += [_cell(f"check-{n}", run.format(number=n), points=1) for n in range(len(CALLS))]
        (source / "ps1.ipynb").write_text(_notebook(cells))
        for student in students(root):
            cells[0] = _cell("solution", (student / "nn.py").read_text(), solution=True)
            folder = course / "submitted" / student.name / "ps1"
            folder.mkdir(parents=True)
            (folder / "ps1.ipynb").write_text(_notebook(cells))
        subprocess.run(
            [self.python, "-m", "nbgrader", "generate_assignment", "ps1", "--create", "--force"],
            cwd=course,
            env=os.environ | ONE_THREAD | self.environment(root, course),
            capture_output=True,
            check=True,
        )

    def commands(self, root: Path, number: int) -> Iterator[tuple[list[str], Path]]:
        del number
        yield [self.python, "-m", "nbgrader", "autograde", "ps1", "--force"], root / "nbgrader"

    def environment(self, root: Path, folder: Path) -> dict[str, str]:
        del folder
        path = f"{Path(self.python).parent}{os.pathsep}{os.environ['PATH']}"
        return {
            "PATH": path,
            "JUPYTER_CONFIG_DIR": str(root / "jupyter"),
            "JUPYTER_DATA_DIR": str(root / "jupyter-data"),
        }


def _cell(name: str, text: str, *, solution: bool = False, locked: bool = False, points: int = 0) -> dict[str, object]:
    metadata = {
        "grade": points > 0,
        "grade_id": name,
        "locked": locked or points > 0,
        "schema_version": 3,
        "solution": solution,
        "task": False,
        **({"points": points} if points else {}),
    }
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {"nbgrader": metadata},
        "outputs": [],
        "source": text,
    }


def _notebook(cells: list[dict[str, object]]) -> str:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def _checks_without_right(root: Path) -> Path:
    """A folder with the checks and their list, and no right `nn.py` that would be imported in the student's place."""
    folder = root / "checks"
    if not folder.exists():
        folder.mkdir()
        shutil.copy(assignment.CHECKS, folder)
        text = (HERE / "base.py").read_text().replace("sys.path.insert(0, str(ASSIGNMENT))\n", "")
        (folder / "base.py").write_text(text)
    return folder


def _checks_with_right(root: Path) -> Path:
    """The same where what is tested is put into the checks: they need some `nn.py` to be imported."""
    folder = root / "checks-with-right"
    if not folder.exists():
        shutil.copytree(_checks_without_right(root), folder)
        (folder / "nn.py").write_text(assignment.RIGHT)
    return folder


WAYS: tuple[Way, ...] = (
    Base("base: one process, nothing isolated", None),
    Ours(2),
    Ours(1),
    Pytest("pytest for each student", ()),
    Timeout("pytest with pytest-timeout", ("pytest-timeout",)),
    Gradescope("gradescope-utils", ("gradescope-utils",)),
    Check50("check50 --dev", ("check50",), "two processes"),
    Nbgrader("nbgrader autograde", ("nbgrader", "ipykernel"), "a kernel each"),
    Otter("otter, Python API", ("otter-grader", "ipykernel"), "a kernel each"),
)


def install(way: Way, environments: Path) -> None:
    """Make the environment of a peer where it isn't there yet."""
    if way.packages is None:
        return
    folder = environments / ("-".join(way.packages) or "plain")
    way.python = str(folder / "bin" / "python")
    if not Path(way.python).exists():
        print(f"installing {way.name} …", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([way.python, "-m", "pip", "install", "-q", "numpy", "pytest", *way.packages], check=True)
    named = ("pytest", *way.packages[:1])
    code = f"from importlib.metadata import version; print(*(f'{{n}} {{version(n)}}' for n in {named!r}), sep=', ')"
    way.versions = subprocess.run([way.python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def table(ways: list[Way], count: int) -> str:
    """As Markdown: medians, and the medians of the rounds' ratios to the first way and to ours."""
    base, ours = ways[0], next((way for way in ways if isinstance(way, Ours)), ways[0])
    lines = [
        "| way | one student, ms | to the base | to `grade class` | processor, ms | isolated | ended from outside |",
        "| --- | ---: | ---: | ---: | ---: | --- | ---: |",
    ]
    for way in ways:
        each = 1000 * statistics.median(way.seconds) / count
        cpu = 1000 * statistics.median(way.cpu) / count
        ratios = [
            statistics.median(a / b for a, b in zip(way.seconds, other.seconds, strict=True)) for other in (base, ours)
        ]
        figures = f"{each:.1f} | {ratios[0]:.2f} | {ratios[1]:.2f} | {cpu:.1f}"
        lines.append(f"| {way.name} | {figures} | {way.isolated} | {way.ended} |")
    return "\n".join(lines)


def draw(ways: list[Way], count: int, path: Path) -> None:
    """A bar for each way on a scale of powers of ten, the quickest on top; ours in colour."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    by_time = sorted(ways, key=lambda way: statistics.median(way.seconds))
    each = [1000 * statistics.median(way.seconds) / count for way in by_time]
    figure, axes = pyplot.subplots(figsize=(8.6, 0.42 * len(ways) + 0.9), layout="constrained")
    colours = ["#1f5f8b" if isinstance(way, Ours) else "#b9bdc3" for way in by_time]
    bars = axes.barh([f"{way.name}  (isolated: {way.isolated})" for way in by_time], each, color=colours)
    axes.bar_label(bars, [f"{value:,.0f} ms" for value in each], padding=4, fontsize=9)
    axes.set_xscale("log")
    axes.set_xlim(1, max(each) * 3)
    axes.invert_yaxis()
    axes.set_title(f"One student of a class of {count}: 30 checks of six functions", fontsize=10, loc="left")
    axes.tick_params(labelsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110)


def facts(ways: list[Way], count: int, rounds: int) -> str:
    """When, where and what."""
    import numpy

    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    versions = "; ".join(dict.fromkeys(way.versions for way in ways if way.versions))
    return (
        f"{count} students, {len(CALLS)} checks each, medians of {rounds} rounds, {datetime.now(UTC):%d %B %Y};"
        f" {machine}, NumPy {numpy.__version__}; {versions}"
    )


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=12)
    parser.add_argument("--twenty", action="store_true", help="the mixed class")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="ways whose name begins so")
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "neurograde-peers")
    parser.add_argument("--markdown", type=Path, help="write the table to this file too")
    parser.add_argument("--picture", type=Path, help="draw it into this PNG file too")
    chosen = parser.parse_args()
    ways = [way for way in WAYS if not chosen.only or way.name.startswith(tuple(chosen.only))]
    for way in ways:
        install(way, chosen.environments)
    _adopt_orphans()
    sources = assignment.twenty() if chosen.twenty else assignment.rights(chosen.students)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        assignment.write_class(root / "class", sources)
        for way in ways:
            way.prepare(root)
        for number in range(chosen.rounds):
            for way in ways:
                print(f"round {number + 1}: {way.name}", file=sys.stderr, flush=True)
                way.run(root, number, all_right=not chosen.twenty)
    text = f"{table(ways, len(sources))}\n\n{facts(ways, len(sources), chosen.rounds)}\n"
    print(text)
    if chosen.markdown:
        chosen.markdown.write_text(text, encoding="utf-8")
    if chosen.picture:
        draw(ways, len(sources), chosen.picture)


if __name__ == "__main__":
    main()
