"""What a release says to its students, their editor and their build service. Runs in: command line."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from grader import __version__, vscode
from grader.assignment import Assignment, LatePolicy
from grader.course import Exercise
from grader.diary import FILE as DIARY
from grader.quiz.sheet import FILE
from grader.report.wording import number

PACKAGE = f"neurograde~={__version__}"
CI = ("github", "gitlab", "classroom50")


def readme(assignment: Assignment, examples: Sequence[Exercise], ci: str) -> str:
    """README.md of the whole folder: what to do, in numbered steps. `examples`: those that have visible checks."""
    steps = _steps(assignment, examples, ci)
    parts = [f"# {assignment.title}", _facts(assignment), *_table(assignment), "## What to do", *steps]
    return "\n\n".join([*parts, "## What counts", *_what_counts(assignment)]) + "\n"


def _facts(assignment: Assignment) -> str:
    due = "Your teacher says when it is due." if assignment.due is None else f"Due: **{_when(assignment)}**."
    return f"{due} {number(assignment.points)} points in all."


def _when(assignment: Assignment) -> str:
    assert assignment.due is not None
    return f"{assignment.due:%A} {assignment.due.day} {assignment.due:%B %Y, %H:%M %Z}".replace("UTC+00:00", "UTC")


def _table(assignment: Assignment) -> Iterator[str]:
    rows = [
        f"| [{demand.exercise.title}](exercises/{demand.exercise.chapter}/{demand.exercise.name}/README.md)"
        f" | `{demand.exercise.name}` | {number(demand.points)} |"
        for demand in assignment.demands
    ]
    titles = {chapter.folder: chapter.title for chapter in assignment.course.chapters}
    rows += [
        f"| Quiz: {titles[chapter]} | `{chapter}` | {number(assignment.quiz_points)} |"
        for chapter in assignment.quizzes
    ]
    yield "\n".join(["| task | name | points |", "| --- | --- | ---: |", *rows])


def _steps(assignment: Assignment, examples: Sequence[Exercise], ci: str) -> Iterator[str]:
    needs = "**Install.** You need Python 3.11 or newer on Linux, macOS or Windows with WSL:"
    steps = [f"{needs}\n\n       python3 -m pip install '{PACKAGE}'\n"]
    if assignment.demands:
        first = assignment.demands[0].exercise
        folder = f"exercises/{first.chapter}/{first.name}"
        steps.append(
            f"**Read and write.** Each exercise has a folder. Begin with `{folder}/README.md`,\n"
            f"   then write `{folder}/{first.file_name}` in place of `raise NotImplementedError`.\n"
            "   Keep the names of files and functions."
        )
        steps.append(_check(examples))
        steps.append(
            f"**Stuck?** `grade hint {first.name}` helps a little more each time. `grade reset {first.name}` puts the\n"
            "   stub back and keeps your file beside it. `grade list` shows where you stand."
        )
    if assignment.quizzes:
        steps.append(
            "**Answer the quiz.** `grade quiz` asks for your student id once, then the questions. Your answers are\n"
            f"   kept in `{FILE}`; until you hand in, `grade quiz --review` lets you change them."
        )
    steps.append(f"**Hand in.** {_hand_in(assignment, ci)}")
    yield "\n".join(f"{place}. {step}" for place, step in enumerate(steps, 1))


def _check(examples: Sequence[Exercise]) -> str:
    if not examples:
        return (
            "**Check.** All checks are hidden; they count when you hand in. `grade` only sees whether your files are\n"
            "   there, so try cases of your own."
        )
    first = examples[0]
    return (
        f"**Check.** Run `grade` in this folder, or `grade run {first.name}` for one exercise. It runs the visible\n"
        f"   checks, which you can read in `exercises/{first.chapter}/{first.name}/{first.check_file.name}`.\n"
        "   They are examples: hidden checks count when you hand in, so try cases of your own too."
    )


def _hand_in(assignment: Assignment, ci: str) -> str:
    files = [
        f"   - `exercises/{d.exercise.chapter}/{d.exercise.name}/{d.exercise.file_name}`" for d in assignment.demands
    ]
    files += [f"   - `{FILE}`"] * bool(assignment.quizzes)
    told = [
        f"   `{DIARY}` says how many runs and minutes each exercise took. It is for statistics of the class and never",
        "   marked; leave it out if you would rather not tell.",
    ]
    how = "Commit and push:" if ci else "Zip this folder and hand it in where your teacher says. What is marked:"
    run = {
        "github": "   Each push runs the visible checks; see the tab Actions.",
        "gitlab": "   Each push runs the visible checks; see Build, Pipelines.",
        "classroom50": "   Each submission runs the visible checks; see its release.",
    }
    return "\n".join([how, "", *files, "", *(told if assignment.demands else []), *(["", run[ci]] if ci else [])])


def _what_counts(assignment: Assignment) -> Iterator[str]:
    if assignment.demands:
        yield (
            "The hidden checks of an exercise share its points. They are about what its README says, and the core\n"
            "check has to pass before the others count. Where a README names other points, the table above counts."
        )
    if assignment.quizzes:
        counts = "Each quiz counts by the questions that are right; there is no second try after hand-in."
        yield counts if assignment.quiz_points else "The quiz is marked, and earns no points."
    yield _late(assignment.late)


def _late(late: LatePolicy | None) -> str:
    if late is None:
        return "Your teacher says whether late work counts."
    unit = "hour" if late.unit == timedelta(hours=1) else "day"
    most = f", {number(100 * late.most)} % at most" if late.most < 1 else ""
    return f"Late work loses {number(100 * late.rate)} % of its marks for each {unit} that has begun{most}."


# For editors and build services


def surroundings(ci: str) -> Iterator[tuple[str, str]]:
    """Paths and texts of all that is neither exercise nor README."""
    yield ".gitignore", ".grade/\n.venv/\n__pycache__/\n*.pyc\n"
    yield from vscode.files()
    if ci == "github":
        yield ".github/workflows/grade.yml", _GITHUB
    elif ci == "gitlab":
        yield ".gitlab-ci.yml", _GITLAB
    elif ci == "classroom50":
        yield "classroom50/autograder.py", _CLASSROOM50


_GITHUB = f"""\
name: grade
on: [push, pull_request, workflow_dispatch]
permissions:
  contents: read
jobs:
  grade:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: python -m pip install --quiet '{PACKAGE}'
      - run: grade run --format github
"""

_GITLAB = f"""\
grade:
  image: python:3.12
  timeout: 20 minutes
  script:
    - python -m pip install --quiet '{PACKAGE}'
    - grade run --junit report.xml
  artifacts:
    when: always
    reports:
      junit: report.xml
"""

_CLASSROOM50 = f'''\
"""Run the visible checks of a release in Classroom 50, for feedback; marks come of the hidden ones.

For teachers: put this file into your classroom50 repository as CLASSROOM/autograders/ASSIGNMENT/autograder.py and take
it out of the template. It runs in the student's checkout and writes result.json there.
"""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "{PACKAGE}"], check=True)
grade = [sys.executable, "-c", "from grader.cli import main; main()"]
done = subprocess.run([*grade, "run", "--json", "report.json"], check=False)
if done.returncode not in (0, 1):
    sys.exit(f"grade ended with {{done.returncode}}")
report = json.loads(Path("report.json").read_text(encoding="utf-8"))
tests = []
for exercise in report["exercises"]:
    for check in exercise["checks"]:
        passed = check["outcome"] == "passed"
        name = f"{{exercise['name']}}: {{check['demand']}}"
        tests.append({{"test-name": name, "passed": passed, "score": int(passed), "max-score": 1}})
now = datetime.datetime.now(datetime.timezone.utc)
result = {{
    "schema": "classroom50/result/v1",
    "classroom": os.environ["CLASSROOM"],
    "assignment": os.environ["ASSIGNMENT"],
    "submission": os.environ["SUBMISSION_TAG"],
    "commit": os.environ["COMMIT_URL"],
    "release": os.environ["RELEASE_URL"],
    "review": os.environ.get("REVIEW_URL") or os.environ["COMMIT_URL"],
    "datetime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "score": sum(test["score"] for test in tests),
    "max-score": len(tests),
    "tests": tests,
}}
Path("result.json").write_text(json.dumps(result, indent=2), encoding="utf-8")
'''
