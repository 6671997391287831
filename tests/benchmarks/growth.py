"""How `grade class` grows: with the submissions, the exercises and the processes. Runs in: a script, by hand.

    python tests/benchmarks/growth.py [--students 12 120 1200] [--exercises 1 6 36] [--rounds 3]

Submissions are those of `assignment.py`, right and wrong ones in turn; exercises are the course's own, without MNIST,
of twelve students who are right, and what is counted there is one exercise of one student. Each line has the median of
the rounds, what one more costs against the line before, and the most memory that all processes had together (PSS,
sampled).
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import assignment

from grader.course import Exercise, bundled_root, read_course

GRADE = "from grader.cli import main; main()"
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "NEUROGRADE_DATA": "/nowhere"}
BETWEEN = 0.3  # seconds between two looks at the memory
FEW = 12  # students of a course of many exercises


def tree(root: int) -> Iterator[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(folder.name))
    waiting = [root]
    while waiting:
        number = waiting.pop()
        yield number
        waiting += children.get(number, [])


def memory(root: int) -> int:
    """What a process and all below it have in memory, shared pages divided among those that share them: bytes."""
    total = 0
    for number in tree(root):
        try:
            lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def run(arguments: list[str]) -> tuple[float, int]:
    """Seconds of `grade class`, and the most bytes that it had."""
    start, most = time.perf_counter(), 0
    process = subprocess.Popen(
        [sys.executable, "-c", GRADE, "class", *arguments],
        env=os.environ | ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while True:
        try:
            process.wait(BETWEEN)
            break
        except subprocess.TimeoutExpired:
            most = max(most, memory(process.pid))
    if process.returncode != 0:
        raise SystemExit(process.stderr.read() if process.stderr else "")
    return time.perf_counter() - start, most


class Table:
    """Lines of one table, printed as they are measured."""

    def __init__(self, head: str, out: Path, rounds: int) -> None:
        self._out = out
        self._rounds = rounds
        self._before = 0, 0.0
        print(f"\n| {head} | s | each, ms | one more, ms | MiB |\n| --- | ---: | ---: | ---: | ---: |", flush=True)

    def line(self, title: str, count: int, arguments: list[str]) -> None:
        """Grade so many works of this kind, as often as there are rounds."""
        out = self._out / title
        found = [run([*arguments, "-o", str(out / str(number))]) for number in range(self._rounds)]
        seconds, most = statistics.median(one[0] for one in found), max(one[1] for one in found)
        further = 1000 * (seconds - self._before[1]) / (count - self._before[0])
        self._before = count, seconds
        each = 1000 * seconds / count
        print(f"| {title} | {seconds:.2f} | {each:.1f} | {further:.1f} | {most / 2**20:.0f} |", flush=True)


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, nargs="*", default=[12, 120, 1200])
    parser.add_argument("--exercises", type=int, nargs="*", default=[1, 6, 36])
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        assignment.write_course(root / "course")
        for count in chosen.students:
            assignment.write_class(root / f"class-{count}", assignment.mixed(count))
        for jobs in chosen.jobs if chosen.students else ():
            table = Table(f"students, jobs: {jobs}", root / f"out-{jobs}", chosen.rounds)
            for count in chosen.students:
                arguments = [str(root / f"class-{count}"), "--course", str(root / "course"), "--jobs", str(jobs)]
                table.line(f"{count:,}", count, arguments)
        exercises = read_course(bundled_root()).exercises
        for count in chosen.exercises:
            write_works(root / f"course-{count}", exercises[:count])
        for jobs in chosen.jobs if chosen.exercises else ():
            table = Table(f"exercises of {FEW} students, jobs: {jobs}", root / f"out-course-{jobs}", chosen.rounds)
            for count in chosen.exercises:
                work = root / f"course-{count}"
                arguments = [str(work / "class"), "--course", str(bundled_root()), "--jobs", str(jobs)]
                table.line(str(count), count * FEW, [*arguments, "--settings", str(work / "settings.toml")])


def write_works(folder: Path, exercises: Sequence[Exercise]) -> None:
    """A class that is right in these exercises, and the settings that ask for them."""
    for number in range(FEW):
        for exercise in exercises:
            path = folder / "class" / f"s{number:02}" / exercise.file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(exercise.reference.read_bytes())
    asked = "".join(f'\n[[exercise]]\nname = "{exercise.name}"\n' for exercise in exercises)
    (folder / "settings.toml").write_text(f'format = 1\ntitle = "Growth"\n{asked}')


if __name__ == "__main__":
    main()
