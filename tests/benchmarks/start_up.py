"""What a learner waits for: help, list, one exercise, the whole course. Runs in: a script, by hand.

    python tests/benchmarks/start_up.py [--rounds 15]

Each command is timed from its start to its end, in turn, beside what it is to be measured by: `import click` for what
grades nothing, plain pytest of the same hidden checks for `grade run softmax`.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import plain_pytest

from grader.course import bundled_root, read_course

GRADE = str(Path(sys.executable).with_name("grade"))
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "NEUROGRADE_DATA": "/nowhere"}


def seconds(command: list[str], folder: Path, **more: str) -> float:
    """Wall time of a command, whatever it finds."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, env=os.environ | ENVIRONMENT | more, capture_output=True, check=False)
    return time.perf_counter() - start


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    course = read_course(bundled_root())
    softmax = next(exercise for exercise in course.exercises if exercise.name == "softmax")
    with tempfile.TemporaryDirectory() as folder:
        untouched, solved = Path(folder) / "untouched", Path(folder) / "solved"
        for workspace in (untouched, solved):
            subprocess.run([GRADE, "init", str(workspace)], check=True, capture_output=True)
        for exercise in course.exercises:
            path = solved / exercise.chapter / exercise.name / exercise.file_name
            path.write_bytes(exercise.reference.read_bytes())
        path = {"PYTHONPATH": str(softmax.solution_folder)}
        ways: dict[str, tuple[list[str], Path, dict[str, str]]] = {
            "import click": ([sys.executable, "-c", "import click"], solved, {}),
            "grade --help": ([GRADE, "--help"], solved, {}),
            "grade list": ([GRADE, "list"], solved, {}),
            "pytest, softmax's checks": (plain_pytest.command([softmax.check_file]), solved, path),
            "grade run softmax": ([GRADE, "run", "softmax"], solved, {}),
            "grade, 36 untouched": ([GRADE], untouched, {}),
            "grade, 36 solved": ([GRADE], solved, {}),
        }
        spent: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(rounds + 1):
            for name, (command, where, more) in ways.items():
                found = seconds(command, where, **more)
                spent[name] += [found] * (number > 0)  # the first time compiles
    bases = {"grade --help": "import click", "grade list": "import click"}
    bases["grade run softmax"] = "pytest, softmax's checks"
    print(f"medians of {rounds} rounds\n\n| command | ms | to |\n| --- | ---: | --- |")
    for name, found in spent.items():
        base = bases.get(name)
        ratio = statistics.median(a / b for a, b in zip(found, spent[base], strict=True)) if base else 0.0
        shown = f"{ratio:.2f} of {base}" if base else ""
        print(f"| {name} | {1000 * statistics.median(found):.0f} | {shown} |")


if __name__ == "__main__":
    main()
