"""What grading a class costs, beside plain pytest for the same work. Runs in: a script, by hand.

    python tests/benchmarks/class_cost.py [--students 60] [--rounds 5]

The work: three exercises of the course with their hidden checks, of as many students as asked for (right, known-wrong
and unfinished ones in turn). `grade class` isolates everybody in the sandbox at its strongest level here; plain pytest
isolates nothing, and starts once for each student. Both are timed in turn, in the same run, and the ratio is taken
round by round: the times drift with the machine, the ratios hardly.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import plain_pytest

from grader.course import Exercise, bundled_root, read_course

GRADE = "from grader.cli import main; main()"
EXERCISES = ("sigmoid", "softmax", "cross-entropy")
SETTINGS = 'format = 1\ntitle = "Benchmark"\n' + "".join(f'\n[[exercise]]\nname = "{name}"\n' for name in EXERCISES)


def sources(exercise: Exercise) -> list[str]:
    """Right, wrong in three ways, unfinished."""
    right = exercise.reference.read_text(encoding="utf-8")
    return [right, right, *(wrong.source for wrong in exercise.wrongs[:3]), exercise.stub.read_text(encoding="utf-8")]


def write_class(folder: Path, exercises: list[Exercise], students: int) -> None:
    """One folder for each student."""
    for exercise in exercises:
        for number, text in enumerate(islice(cycle(sources(exercise)), students)):
            path = folder / f"s{number:05}" / exercise.file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def seconds_of(command: list[str], **environment: str) -> float:
    """Wall time of a command, whatever it finds."""
    start = time.perf_counter()
    subprocess.run(command, env=os.environ | environment, capture_output=True, check=False)
    return time.perf_counter() - start


def of_grade(root: Path, jobs: int) -> Iterator[float]:
    """Seconds of `grade class` for the whole class, again and again."""
    for number in range(sys.maxsize):
        grade = [sys.executable, "-c", GRADE, "class", str(root / "class"), "--course", str(bundled_root())]
        options = ["--settings", str(root / "settings.toml"), "-o", str(root / f"out-{jobs}-{number}")]
        yield seconds_of([*grade, *options, "--jobs", str(jobs)])


def of_pytest(root: Path, exercises: list[Exercise], students: int) -> Iterator[float]:
    """Seconds of plain pytest for the whole class, taken from the first few students."""
    command = plain_pytest.command(exercise.check_file for exercise in exercises)
    sample = sorted((root / "class").iterdir())[: len(sources(exercises[0]))]
    while True:
        spent = sum(seconds_of(command, PYTHONPATH=str(student), OPENBLAS_NUM_THREADS="1") for student in sample)
        yield spent / len(sample) * students


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    course = read_course(bundled_root())
    exercises = [e for e in course.exercises if e.name in EXERCISES]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "settings.toml").write_text(SETTINGS)
        write_class(root / "class", exercises, chosen.students)
        ways = {
            "plain pytest for each student": of_pytest(root, exercises, chosen.students),
            "grade class --jobs 1": of_grade(root, 1),
            "grade class --jobs 2": of_grade(root, 2),
        }
        spent: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(chosen.rounds):
            for name, way in ways.items():
                spent[name].append(next(way))
    first = next(iter(spent.values()))
    print(f"{chosen.students} students, {len(exercises)} exercises, medians of {chosen.rounds} rounds")
    print("| way | class, s | one student, ms | to plain pytest |\n| --- | ---: | ---: | ---: |")
    for name, found in spent.items():
        ratio = statistics.median(own / base for own, base in zip(found, first, strict=True))
        seconds = statistics.median(found)
        print(f"| {name} | {seconds:.2f} | {seconds / chosen.students * 1000:.0f} | {ratio:.3f} |")


if __name__ == "__main__":
    main()
