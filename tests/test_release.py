"""A release holds what students may see, in the same bytes each time, and works as a workspace."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest

from grader.assignment import Assignment, whole_course
from grader.course import bundled_root, read_course
from grader.errors import CourseError, WorkspaceError
from grader.quiz.bank import quizzes
from grader.release import output
from grader.release.bundle import Bundle, cut
from grader.release.examples import CheckFile
from grader.workspace import MARKER, find_workspace

from .command import HALF, SOLVED, grade
from .small_course import change, folders, write_course

DUE = "2030-12-01T23:59:00+01:00"


@pytest.fixture(scope="module")
def everything() -> Bundle:
    """The packaged course with all its quizzes."""
    course = read_course(bundled_root())
    chapters = tuple(quiz.chapter for quiz in quizzes(course))
    return cut(msgspec.structs.replace(whole_course(course), quizzes=chapters, public_checks=3))


def small(root: Path, *names: str, **changes: object) -> Assignment:
    """An assignment of a small course."""
    assignment = whole_course(read_course(write_course(root, *names)))
    return msgspec.structs.replace(assignment, **changes)  # type: ignore[arg-type]  # a test's shorthand


def released(tmp_path: Path, *options: str) -> Path:
    """A small course's release, cut by the command and laid out in a folder."""
    root = write_course(tmp_path / "course")
    done = grade(root, "release", ".", "-o", str(tmp_path / "students"), *options)
    assert done.returncode == 0, done.stderr
    return tmp_path / "students"


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


# What is in it


def test_nothing_hidden_is_in_the_whole_course(everything: Bundle) -> None:
    """Thousands of fragments are looked for, and there is none; no text is hidden by being packed either."""
    assert everything.leaks == ()
    assert everything.secrets > 4000
    assert unzipped(everything.zipped()) == everything.files
    assert not [path for path in everything.files if path.endswith("picture.py")]


def test_every_exercise_of_the_course_has_examples(everything: Bundle) -> None:
    """Three visible checks each, the core check among them unless it needs what a release lacks."""
    assert {len(shown.visible) for shown in everything.shown} == {3}
    course = read_course(bundled_root())
    without = [s.exercise for s in everything.shown if (e := course.find(s.exercise)) and e.core not in s.visible]
    assert without == ["mnist-inference", "activation-backward", "affine-backward"]


def test_visible_checks_need_nothing_that_was_cut_off(everything: Bundle, tmp_path: Path) -> None:
    """Unpacked elsewhere, the references pass every visible check of the course, as a student would run them."""
    output.write(everything, tmp_path / "students", force=False)
    for exercise in read_course(bundled_root()).exercises:
        target = tmp_path / "students/exercises" / exercise.chapter / exercise.name / exercise.file_name
        target.write_bytes(exercise.reference.read_bytes())
    done = grade(tmp_path / "students")
    assert done.returncode == 0, done.stdout
    assert "108 of 108 visible checks; hidden ones count at hand-in" in done.stdout


def test_stubs_of_the_course_are_not_started(everything: Bundle, tmp_path: Path) -> None:
    """As it comes, nothing is right and nothing is broken."""
    output.write(everything, tmp_path / "students", force=False)
    done = grade(tmp_path / "students")
    assert done.returncode == 1
    assert done.stdout.count("not started") == 36
    assert "0 of 108 visible checks" in done.stdout


def test_the_files_of_a_small_release(tmp_path: Path) -> None:
    """Stub, a copy of it, task, settings and examples; a README, editor's files and the marker."""
    bundle = cut(small(tmp_path, "scaling", public_checks=1))
    folder = "exercises/01_first/scaling"
    assert list(bundle.files) == sorted(
        [
            *(".gitignore", ".vscode/extensions.json", ".vscode/tasks.json", "README.md", "exercises/course.toml"),
            *(f"{folder}/{name}" for name in ("README.md", "exercise.toml", "scaling.py", "scaling.py.stub")),
            f"{folder}/test_scaling.py",
            MARKER,
        ]
    )
    assert bundle.files[f"{folder}/test_scaling.py"].decode() == (
        '"""Visible checks of `scaling`. Hidden ones count when it is handed in."""\n'
        "\n"
        "import numpy as np\n"
        "from scaling import scale\n"
        "\n"
        "from grader.checks import assert_close\n"
        "\n"
        "\n"
        "def test_example() -> None:\n"
        '    """1, 2 and 3 become 2, 4 and 6."""\n'
        "    assert_close(scale(np.array([1.0, 2.0, 3.0])), [2.0, 4.0, 6.0])\n"
    )
    settings = bundle.files[f"{folder}/exercise.toml"].decode()
    assert "why" not in settings
    assert 'core = "test_example"' in settings
    assert "Multiply the array by the number." in settings


@pytest.mark.parametrize("ci", ["", "github", "gitlab", "classroom50"])
def test_equal_assignments_make_equal_bytes(tmp_path: Path, ci: str) -> None:
    """The same from another folder, at another time; names are sorted, times and modes fixed."""
    first = cut(small(tmp_path / "a", "one", "two"), ci=ci)
    second = cut(small(tmp_path / "b", "one", "two"), ci=ci)
    assert first.zipped() == second.zipped()
    with zipfile.ZipFile(io.BytesIO(first.zipped())) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {(entry.date_time, entry.external_attr >> 16) for entry in entries} == {((1980, 1, 1, 0, 0, 0), 0o100644)}


def test_a_release_has_an_id_of_its_own(tmp_path: Path) -> None:
    """Another title, points or number of examples makes another release."""
    assignment = small(tmp_path, "scaling")
    others = [
        assignment,
        msgspec.structs.replace(assignment, title="Other"),
        msgspec.structs.replace(assignment, public_checks=1),
        msgspec.structs.replace(assignment, demands=(msgspec.structs.replace(assignment.demands[0], points=3.0),)),
    ]
    assert len({cut(one).id for one in others}) == len(others)


def test_what_an_example_needs_comes_with_it() -> None:
    """Constants, helpers of helpers, fixtures and imports, and nothing else."""
    source = (
        "import math\nimport numpy as np\nimport pytest\nfrom m import f\n\n"
        "A = 1\nB = A + 1\nHIDDEN = [11, 12, 13]\n\n\n"
        "def inner(x: int) -> int:\n    return x + B\n\n\ndef helper(x: int) -> int:\n    return inner(x)\n\n\n"
        "@pytest.fixture\ndef given() -> float:\n    return math.pi\n\n\n"
        "def test_one(given: float) -> None:\n    HIDDEN = 3\n    assert f(helper(1), given) == HIDDEN\n\n\n"
        "def test_two() -> None:\n    assert f(np.array(HIDDEN))\n"
    )
    cut_off = CheckFile(source).cut(["test_one"], "Visible.")
    assert "HIDDEN = [11" not in cut_off
    assert "numpy" not in cut_off
    for kept in ("import math", "A = 1\nB = A + 1", "def inner", "def helper", "@pytest.fixture\ndef given"):
        assert kept in cut_off
    assert CheckFile(cut_off).cut(["test_one"], "Visible.") == cut_off


@pytest.mark.parametrize(
    ("before", "check", "kept"),
    [
        (
            "from __future__ import annotations\nif TYPE_CHECKING:\n    from numpy.typing import NDArray\n",
            "def test_one(x: NDArray | None = None) -> None:\n    pass\n",
            ["from __future__ import annotations", "if TYPE_CHECKING:"],
        ),
        (
            '@pytest.fixture(name="start")\ndef _start() -> int:\n    return 1\n',
            "def test_one(start: int) -> None:\n    pass\n",
            ["def _start"],
        ),
        (
            "@pytest.fixture\ndef tuned() -> None:\n    pass\n",
            '@pytest.mark.usefixtures("tuned")\ndef test_one() -> None:\n    pass\n',
            ["def tuned"],
        ),
        (
            "@pytest.fixture\ndef tuned() -> None:\n    pass\n",
            'def test_one(request: Any) -> None:\n    request.getfixturevalue("tuned")\n',
            ["def tuned"],
        ),
        (
            'def made(n: int) -> int:\n    return n\nTABLE = {}\nTABLE["a"] = made(1)\n',
            "def test_one() -> None:\n    TABLE\n",
            ["def made", 'TABLE["a"] = made(1)'],
        ),
        (
            "def made(n: int) -> int:\n    return n\nCASES = []\nfor n in (1, 2):\n    CASES.append(made(n))\n",
            "def test_one() -> None:\n    CASES\n",
            ["def made", "for n in (1, 2):"],
        ),
        (
            "def fill(cases: list[int]) -> None:\n    cases += [1]\nCASES = []\nfill(CASES)\n",
            "def test_one() -> None:\n    CASES\n",
            ["def fill", "fill(CASES)"],
        ),
    ],
)
def test_what_is_needed_without_being_named_comes_too(before: str, check: str, kept: list[str]) -> None:
    """Python's future, fixtures by other names, and what fills a table."""
    cut_off = CheckFile(f"{before}{check}def test_two() -> None:\n    pass\n").cut(["test_one"], "Visible.")
    assert [part for part in kept if part not in cut_off] == [], cut_off
    assert "test_two" not in cut_off


@pytest.mark.parametrize("change_of_hidden", ["HIDDEN.extend(SHOWN)", "HIDDEN[0] = SHOWN", "fill(HIDDEN, SHOWN)"])
def test_what_changes_hidden_things_stays_behind(change_of_hidden: str) -> None:
    """Though it uses what is shown."""
    source = (
        "def fill(one: list[int], other: list[int]) -> None:\n    pass\n"
        f"SHOWN = [1]\nHIDDEN = [11, 12, 13]\n{change_of_hidden}\ndef test_one() -> None:\n    SHOWN\n"
    )
    assert "HIDDEN" not in CheckFile(source).cut(["test_one"], "Visible.")


@pytest.mark.parametrize("mark", ["\f", "\v", "\x1c", "\x85", "\u2028"])
def test_lines_are_counted_as_python_counts_them(mark: str) -> None:
    """What Unicode takes for the end of a line, and Python doesn't, moves no cut."""
    hidden = f'def test_two() -> None:\n    """One{mark}two."""\n    assert 4711 == f()\n'
    cut_off = CheckFile(f"{hidden}def test_one() -> None:\n    pass\n").cut(["test_one"], "Visible.")
    assert cut_off.endswith("\n\n\ndef test_one() -> None:\n    pass\n")
    assert "4711" not in cut_off


def test_what_shares_a_line_with_something_hidden_comes_without_it() -> None:
    """`;` divides statements, too."""
    source = "ß = 1; HIDDEN = [11, 12, 13]; B = 2  # both\ndef test_one() -> None:\n    ß, B\n"
    cut_off = CheckFile(source).cut(["test_one"], "Visible.")
    assert "HIDDEN" not in cut_off
    assert "\nß = 1\nB = 2\n" in cut_off


@pytest.mark.parametrize(
    "needs", ["reference('scaling')", "mnist('test')", "helper()", "checks.reference('scaling')", "assert_fast(scale)"]
)
def test_a_check_that_needs_what_students_lack_is_hidden(tmp_path: Path, needs: str) -> None:
    """The reference, MNIST, a measured speed: directly or through a helper."""
    assignment = small(tmp_path, "scaling")
    folder = folders(tmp_path, "scaling")[0]
    path = folder / "test_scaling.py"
    change(path, "import assert_close\n", "import assert_close, assert_fast, mnist, reference\n")
    change(path, "    assert_close(scale(np.array([1.0, 5.0]), 3.0), [3.0, 15.0])\n", f"    {needs}\n")
    more = "from grader import checks\n\n\ndef helper() -> None:\n    reference('scaling')\n"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert [shown.visible for shown in cut(assignment).shown] == [("test_example",)]


# The settings


def settings(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "release.toml"
    path.write_text(f'format = 1\ntitle = "Homework 1"\n{text}\n', encoding="utf-8")
    return path


def test_the_settings_say_what_is_visible_and_options_override_them(tmp_path: Path) -> None:
    """Which check, how many points, how much late work costs; the title of the command line wins."""
    root = write_course(tmp_path / "course")
    path = settings(
        tmp_path,
        'due = 2030-01-01T12:00:00Z\nlate = "10%/day up to 50%"\n[[exercise]]\nname = "scaling"\npoints = 7\n'
        'visibility = { test_factor = "visible" }',
    )
    done = grade(root, "release", "--settings", str(path), "--title", "Mine", "-o", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    readme = (tmp_path / "out/README.md").read_text(encoding="utf-8")
    assert readme.startswith("# Mine\n")
    assert "Tuesday 1 January 2030, 12:00 UTC" in readme
    assert "| `scaling` | 7 |" in readme
    assert "Late work loses 10 % of its marks for each day that has begun, 50 % at most." in readme
    checks = (tmp_path / "out/exercises/01_first/scaling/test_scaling.py").read_text(encoding="utf-8")
    assert ("test_factor" in checks, "test_example" in checks) == (True, False)
    found = find_workspace(tmp_path / "out")
    assert found.release is not None
    assert (found.release.title, found.course.title, found.course.exercises[0].core) == ("Mine", "Mine", "")


@pytest.mark.parametrize("kind", ["hidden", "after_due"])
def test_what_the_settings_hide_is_not_an_example(tmp_path: Path, kind: str) -> None:
    """A check that is named as hidden is never chosen."""
    root = write_course(tmp_path / "course")
    path = settings(tmp_path, f'[[exercise]]\nname = "scaling"\nvisibility = {{ test_example = "{kind}" }}')
    assert grade(root, "release", "--settings", str(path), "-o", str(tmp_path / "out")).returncode == 0
    checks = (tmp_path / "out/exercises/01_first/scaling/test_scaling.py").read_text(encoding="utf-8")
    assert ("test_factor" in checks, "test_example" in checks) == (True, False)


# What is refused


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing-so-called"], "no exercise 'nothing-so-called'"),
        (["--chapter", "9"], "no chapter '9'; the course's chapters are: 01_first"),
        ([], "say what to release: NAME, --chapter N or --settings FILE"),
        (["scaling", "--public-checks", "3"], "--public-checks 3: so many checks can be shown: scaling 2"),
        (["scaling", "--due", "2030-12-01T23:59:00"], "has no offset from UTC; add it: 2030-12-01T23:59:00+01:00"),
        (["scaling", "--due", "9999-12-31T23:59:59-01:00"], "is too far away; take a year before 9999"),
        (["scaling", "--due", "soon"], "'soon' is no time; write it like 2026-12-01T23:59:00+01:00"),
        (["scaling", "--settings", "bad.toml"], "test_nothing is no check of scaling; its checks are: test_example"),
    ],
)
def test_what_can_not_be_released_is_told(tmp_path: Path, arguments: list[str], told: str) -> None:
    """2, a sentence with a remedy, and nothing is written."""
    root = write_course(tmp_path / "course")
    bad = 'format = 1\ntitle = "x"\n[[exercise]]\nname = "scaling"\nweights = { test_nothing = 2 }\n'
    (root / "bad.toml").write_text(bad, encoding="utf-8")
    done = grade(root, "release", *arguments, "-o", str(tmp_path / "out.zip"))
    assert (done.returncode, done.stdout) == (2, "")
    assert told in " ".join(done.stderr.split())
    assert not (tmp_path / "out.zip").exists()


def test_a_course_with_obstacles_is_not_released(tmp_path: Path) -> None:
    """What `grade verify` finds first is told."""
    root = write_course(tmp_path / "course")
    (folders(root, "scaling")[0] / "README.md").unlink()
    done = grade(root, "release", "scaling", "-o", str(tmp_path / "out"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "scaling: README.md is missing" in done.stderr


def test_visible_checks_that_need_more_than_was_cut_out_are_told(tmp_path: Path) -> None:
    """They would fail on every student's machine, whatever the students write."""
    root = write_course(tmp_path / "course")
    check_file = folders(root, "scaling")[0] / "test_scaling.py"
    change(check_file, "def test_example(", "LOW = [1.0, 2.0, 3.0]\n\n\ndef test_example(")
    change(check_file, "scale(np.array([1.0, 2.0, 3.0]))", 'scale(np.array(globals()["LOW"]))')
    done = grade(root, "release", ".", "-o", "students")
    assert done.returncode == 2
    assert "do not pass the visible checks as they were cut out; nothing was written.\n  scaling: test_" in done.stderr
    assert "KeyError: 'LOW'" in done.stderr
    assert not (root / "students").exists()


def test_parts_must_come_along(tmp_path: Path) -> None:
    """An exercise that is built of earlier ones can't be solved without them."""
    write_course(tmp_path, "first", "second")
    change(
        folders(tmp_path, "second")[0] / "exercise.toml", "prerequisites = []", 'prerequisites = []\nparts = ["first"]'
    )
    course = read_course(tmp_path)
    with pytest.raises(CourseError, match="second is built of first, which the release would not hold; name it too"):
        cut(whole_course(course, course.exercises[1:]))
    assert cut(whole_course(course)).leaks == ()


def test_due_in_the_past_is_a_note(tmp_path: Path) -> None:
    """It may be meant: a release can be cut anew."""
    root = write_course(tmp_path / "course")
    done = grade(root, "release", "scaling", "--due", "2020-01-01T00:00:00Z", "-o", str(tmp_path / "out"))
    assert done.returncode == 0
    assert "grade: note: it was due on 2020-01-01T00:00:00+00:00, which is past" in done.stderr


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    """A file, a folder with anything in it; with --force an earlier release, never something else."""
    root = write_course(tmp_path / "course")
    archive, folder, other = tmp_path / "out.zip", tmp_path / "out", tmp_path / "other"
    for path in (folder, other):
        path.mkdir()
    archive.write_bytes(b"mine")
    (other / "mine.txt").write_text("mine", encoding="utf-8")
    for target in (archive, other):
        done = grade(root, "release", "scaling", "-o", str(target))
        assert (done.returncode, done.stdout) == (2, "")
        assert "--force" in done.stderr
    assert grade(root, "release", "scaling", "-o", str(other), "--force").returncode == 2
    assert (archive.read_bytes(), (other / "mine.txt").read_text(encoding="utf-8")) == (b"mine", "mine")
    assert grade(root, "release", "scaling", "-o", str(archive), "--force").returncode == 0
    assert zipfile.is_zipfile(archive)
    assert grade(root, "release", "scaling", "-o", str(folder)).returncode == 0  # empty
    (folder / ".git").mkdir()
    (folder / "exercises/01_first/scaling/old.py").write_text("old", encoding="utf-8")
    assert grade(root, "release", "scaling", "-o", str(folder), "--force").returncode == 0
    assert (folder / ".git").is_dir()
    assert not list(folder.rglob("old.py"))
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith((".part", ".old"))] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk here")
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    """What can't be written whole is not written: here, each file of at most 512 bytes."""
    root = write_course(tmp_path / "course")
    code = (
        "import resource, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))\n"
        "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from grader.cli import main\nmain(['release', 'scaling', '-o', sys.argv[1]])\n"
    )
    for target in (tmp_path / "out", tmp_path / "out.zip"):
        done = subprocess.run(
            [sys.executable, "-c", code, str(target)], check=False, cwd=root, capture_output=True, text=True
        )
        assert done.returncode == 2
        assert "; the release " in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["course"]


def test_a_release_is_not_released_again(tmp_path: Path) -> None:
    """It lacks what is to be hidden."""
    folder = released(tmp_path)
    done = grade(folder, "release", "scaling", "-o", str(tmp_path / "again.zip"))
    assert done.returncode == 2
    assert "this is a release, which holds no hidden checks" in done.stderr


# In a student's folder


@pytest.fixture
def students(tmp_path: Path) -> Path:
    """A student's folder, away from the course, which is gone."""
    folder = released(tmp_path, "--public-checks", "2", "--due", DUE)
    (tmp_path / "course").rename(tmp_path / "elsewhere")
    return folder


def put(folder: Path, text: str) -> None:
    (folder / "exercises/01_first/scaling/scaling.py").write_text(text, encoding="utf-8")


def test_the_stub_is_not_started(students: Path) -> None:
    """As it came."""
    done = grade(students)
    assert done.returncode == 1
    assert "not started" in done.stdout
    assert "0 of 2 visible checks; hidden ones count at hand-in" in done.stdout


def test_a_right_file_meets_the_visible_checks_and_no_more_is_said(students: Path) -> None:
    """No points, no percentage, no `passed`; what is left is to hand it in."""
    put(students, SOLVED)
    done = grade(students / "exercises/01_first/scaling")
    assert done.returncode == 0
    assert "2 of 2 visible checks; hidden ones count at hand-in" in done.stdout
    assert "hand in as README.md says, due 01 December 2030" in " ".join(done.stdout.split())
    assert not [word for word in ("100", "%", "point", "passed", "solution") if word in done.stdout]


def test_a_wrong_file_gets_no_misconception(students: Path) -> None:
    """There are no known-wrong solutions to compare with; what went wrong is told as ever."""
    put(students, HALF)
    done = grade(students, "run", "--json", "-")
    report = json.loads(done.stdout)
    (exercise,) = report["exercises"]
    assert done.returncode == 1
    assert [(c["name"], c["outcome"]) for c in exercise["checks"]] == [
        ("test_example", "passed"),
        ("test_factor", "failed"),
    ]
    assert [c["misconception"] for c in exercise["checks"]] == [None, None]
    assert (exercise["visible_only"], report["summary"]["visible_only"]) == (True, True)
    assert (report["summary"]["score"], report["summary"]["exercises"][0]["score"]) == (None, None)


def test_the_page_says_it_too(students: Path) -> None:
    """In its title and on top, without a meter."""
    put(students, SOLVED)
    page = grade(students, "run", "--html", "-").stdout
    assert "<title>Scale numbers: 2 of 2 visible checks; hidden ones count at hand-in</title>" in page
    assert "<progress" not in page
    assert "points" not in page.partition("</style>")[2]


def test_list_hint_and_reset_work(students: Path) -> None:
    """What a release holds can be used; a hint promises no solution."""
    put(students, SOLVED)
    grade(students)
    listed = grade(students, "list").stdout
    assert "visible checks met" in listed
    assert "all visible checks met in 1 of 1; hidden ones count at hand-in" in listed
    for _ in range(3):
        hint = grade(students, "hint", "scaling").stdout
    assert "That was the last one." in hint
    assert "solution" not in hint
    assert grade(students, "reset", "scaling").returncode == 0
    file = students / "exercises/01_first/scaling/scaling.py"
    assert file.read_bytes() == file.with_name("scaling.py.stub").read_bytes()
    assert [path.read_text(encoding="utf-8") for path in file.parent.glob("scaling.2*.py")] == [SOLVED]


@pytest.mark.parametrize(
    "command",
    [
        ["solution", "scaling"],
        ["solution", "scaling", "--give-up"],
        ["verify"],
        ["challenge", "scaling"],
        ["run", "--solutions"],
        ["quiz", "--export", "gift", "-o", "keys.gift"],
    ],
)
def test_what_a_release_does_not_hold_is_said(students: Path, command: list[str]) -> None:
    """2, and where it is."""
    done = grade(students, *command)
    assert (done.returncode, done.stdout) == (2, "")
    assert "this is a release, which holds no" in done.stderr
    assert "stay with your teacher" in done.stderr


def test_no_workspace_is_made_in_a_release(students: Path) -> None:
    """It is one."""
    done = grade(students, "init", ".")
    assert done.returncode == 2
    assert "choose a folder outside" in done.stderr


def test_without_visible_checks_the_file_is_still_looked_for(tmp_path: Path) -> None:
    """All is hidden, which is said; a file that is missing is too."""
    folder = released(tmp_path, "--public-checks", "0")
    put(folder, SOLVED)
    assert "All checks are hidden" in (folder / "README.md").read_text(encoding="utf-8")
    done = grade(folder)
    assert done.returncode == 0
    assert "no visible checks; hidden ones count at hand-in" in done.stdout
    (folder / "exercises/01_first/scaling/scaling.py").unlink()
    done = grade(folder)
    assert done.returncode == 1
    assert "scaling.py is missing" in done.stdout


def test_parts_are_the_students_own(tmp_path: Path) -> None:
    """There are no references to stand in for them."""
    root = write_course(tmp_path / "course", "first", "second")
    change(folders(root, "second")[0] / "exercise.toml", "prerequisites = []", 'prerequisites = []\nparts = ["first"]')
    output.write(cut(whole_course(read_course(root))), tmp_path / "students", force=False)
    base = tmp_path / "students/exercises/01_first"
    (base / "first/first.py").write_text(SOLVED, encoding="utf-8")
    (base / "second/second.py").write_text("from first import scale\n", encoding="utf-8")
    done = grade(tmp_path / "students")
    assert "4 of 4 visible checks" in done.stdout, done.stdout


# Build services


def test_the_autograder_of_classroom_50_writes_its_result(tmp_path: Path) -> None:
    """In a student's checkout, with the environment that the runner gives; the package is there already."""
    root = write_course(tmp_path / "course")
    output.write(cut(whole_course(read_course(root)), ci="classroom50"), tmp_path / "students", force=False)
    put(tmp_path / "students", HALF)
    script = tmp_path / "students/classroom50/autograder.py"
    names = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")
    text = script.read_text(encoding="utf-8")
    install = next(line for line in text.splitlines() if '"install"' in line)
    script.write_text(text.replace(install, ""), encoding="utf-8")  # the package is there, and the network may not be
    done = subprocess.run(
        [sys.executable, str(script)],
        check=False,
        cwd=tmp_path / "students",
        env={**os.environ, **{name: name.lower() for name in names}},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "students/result.json").read_text(encoding="utf-8"))
    assert (result["schema"], result["score"], result["max-score"]) == ("classroom50/result/v1", 1, 2)
    assert [test["passed"] for test in result["tests"]] == [True, False]
    assert {"classroom", "assignment", "submission", "commit", "release", "review", "datetime"} < result.keys()


def test_workflows_are_yaml_that_runs_grade(tmp_path: Path) -> None:
    """For GitHub and GitLab: the file is where the service looks for it."""
    assignment = small(tmp_path, "scaling")
    github = cut(assignment, ci="github").files[".github/workflows/grade.yml"].decode()
    gitlab = cut(assignment, ci="gitlab").files[".gitlab-ci.yml"].decode()
    assert "      - run: grade run --format github\n" in github
    assert gitlab.count("    - grade") == gitlab.count("    - grade run --junit report.xml\n") == 1
    assert all("neurograde~=" in text for text in (github, gitlab))


def test_an_unwritable_place_is_told(tmp_path: Path) -> None:
    """A file where a folder would have to be."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    bundle = cut(small(tmp_path / "course", "scaling"))
    with pytest.raises(WorkspaceError, match=r"file/out\.zip: .*; the release was not written"):
        output.write(bundle, tmp_path / "file" / "out.zip", force=False)
