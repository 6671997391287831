"""How long it takes from a save to the verdict on the terminal, beside plain pytest. Runs in: a script, by hand.

    python tests/benchmarks/save_to_verdict.py [--saves 50] [--pytest-runs 10]

`grade watch` runs on a real terminal of this script's, at the strongest sandbox level that holds here. The clock starts
before the file is written and ends when the verdict has come out of the terminal; of several writes it is the last that
counts, and the verdict of the whole text. The same checks are run by a fresh `python -m pytest` in the same run, which
isolates nothing. Two exercises: `sigmoid` of the course, with eight checks, and the thirty checks of six functions of
`assignment.py`. Each save holds another text; half a second lies between two.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import plain_pytest  # noqa: E402
from assignment import CHECKS, RIGHT, write_course, wrong  # noqa: E402

from grader.course import bundled_root, read_course  # noqa: E402
from grader.workspace import create  # noqa: E402
from tests.saves import deleted_and_made, in_place, moved_away_and_made, renamed_over  # noqa: E402
from tests.terminal import Terminal, terminal  # noqa: E402

VERDICT = b"sandbox: "
HALF = b"could not be imported"  # the verdict of a text that ends in the middle
SCREEN = b"\x1b[H"  # each is drawn from the top
PAUSE_SECONDS = 0.5
COMMAND = [sys.executable, "-c", "from grader.cli import main; main()", "watch"]


def half(text: str) -> str:
    """Its beginning, which is no Python."""
    return f"{text[: len(text) // 2]}\n("


def three_quick_saves(path: Path, text: str) -> Iterator[None]:
    """Within a hundredth of a second; the first two are of half the text."""
    for _ in range(2):
        in_place(path, half(text))
        time.sleep(0.005)
    yield
    in_place(path, text)


def half_written_first(path: Path, text: str) -> Iterator[None]:
    """The half so long before the whole that it may be graded too."""
    in_place(path, half(text))
    time.sleep(0.03)
    yield
    in_place(path, text)


def at_once(save: Callable[[Path, str], None]) -> Callable[[Path, str], Iterator[None]]:
    """A way in which nothing goes before the write that counts."""

    @wraps(save)
    def way(path: Path, text: str) -> Iterator[None]:
        yield
        save(path, text)

    return way


# Each writes the text; the clock starts where it yields.
WAYS: tuple[Callable[[Path, str], Iterator[None]], ...] = (
    *map(at_once, (in_place, renamed_over, deleted_and_made, moved_away_and_made)),
    three_quick_saves,
    half_written_first,
)


def seconds_of_saves(
    shown: Terminal, path: Path, save: Callable[[Path, str], Iterator[None]], text: str, count: int
) -> list[float]:
    """How long each of so many saves took."""
    found = []
    for number in range(count):
        time.sleep(PAUSE_SECONDS)
        while shown.take(0.0):
            pass
        shown.written = b""
        for _ in save(path, f"{text}\n# {save.__name__} {number}\n"):
            start = time.perf_counter()
        while not any(VERDICT in screen and HALF not in screen for screen in shown.written.split(SCREEN)):
            assert shown.take(60.0)
        found.append(time.perf_counter() - start)
    return found


def seconds_of_pytest(checks: Path, learner: Path, runs: int) -> list[float]:
    """How long a fresh pytest takes for the same checks."""
    command, found = plain_pytest.command([checks]), []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(
            command, env=os.environ | {"PYTHONPATH": f"{learner}:{ROOT}"}, cwd=learner, capture_output=True, check=True
        )
        found.append(time.perf_counter() - start)
    return found


def row(name: str, way: str, found: list[float], base: float) -> str:
    median = statistics.median(found)
    late = sorted(found)[min(int(len(found) * 0.95), len(found) - 1)]
    return f"| {name} | {way} | {median * 1000:.1f} | {late * 1000:.1f} | {base / median:.1f} |"


@dataclass(frozen=True)
class Work:
    """An exercise, and the texts that are saved, by a word for each; the first is right, and saved in all ways."""

    name: str
    folder: Path
    path: Path
    checks: Path
    texts: dict[str, str]


def measured(work: Work, saves: int, runs: int) -> Iterator[str]:
    """Rows of the table."""
    name, path, texts = work.name, work.path, work.texts
    right = next(iter(texts.values()))
    path.write_text(right, encoding="utf-8")
    of_pytest = seconds_of_pytest(work.checks, path.parent, runs)
    base = statistics.median(of_pytest)
    yield row(name, "plain `python -m pytest`", of_pytest, base)
    with terminal([*COMMAND, path.stem], work.folder, PYTHONPATH=str(ROOT)) as shown:
        shown.watch_for("sandbox: ")
        for word, text in texts.items():
            for save in WAYS if text is right else WAYS[:1]:
                way = save.__name__.replace("_", " ")
                yield row(name, f"{word}, {way}", seconds_of_saves(shown, path, save, text, saves), base)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--saves", type=int, default=50)
    parser.add_argument("--pytest-runs", type=int, default=10)
    chosen = parser.parse_args()
    sigmoid = next(e for e in read_course(bundled_root()).exercises if e.name == "sigmoid")
    print("| exercise | way of saving | median, ms | 95th percentile, ms | times as fast as pytest |")
    print("| --- | --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        workspace = create(Path(folder) / "course")[0]
        texts = {"right": sigmoid.reference.read_text(encoding="utf-8"), "wrong": sigmoid.wrongs[0].source}
        works = [Work("sigmoid", workspace.root, workspace.file_of(sigmoid), sigmoid.check_file, texts)]
        root = Path(folder) / "six"
        write_course(root)
        texts = {"right": RIGHT, "wrong": wrong("batch-sum")}
        file = root / "exercises" / "01_nn" / "nn" / "nn.py"
        works.append(Work("six functions, 30 checks", root, file, CHECKS, texts))
        for work in works:
            for line in measured(work, chosen.saves, chosen.pytest_runs):
                print(line, flush=True)


if __name__ == "__main__":
    main()
