"""A planted leak of every kind is found, and nothing is written."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from grader.assignment import whole_course
from grader.course import bundled_root, read_course
from grader.quiz.bank import Quiz, quizzes
from grader.release.bundle import Bundle, cut
from grader.release.examples import CheckFile
from grader.release.leaks import leaks
from grader.release.numbers import numbers_of, runs_of
from grader.release.secrets import Secrets, secrets_of
from grader.release.solutions import code_lines, solution_lines

from .command import grade
from .small_course import change, folders, write_course

COURSE = read_course(bundled_root())
README = "exercises/03_forward/softmax/README.md"
CHECKS = "exercises/03_forward/softmax/test_softmax.py"
QUIZ = "quizzes/03_forward.toml"


@pytest.fixture(scope="module")
def asked() -> list[Quiz]:
    return [quiz for quiz in quizzes(COURSE) if quiz.chapter == "03_forward"]


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    softmax = [e for e in COURSE.exercises if e.name == "softmax"]
    return cut(msgspec.structs.replace(whole_course(COURSE, softmax), quizzes=("03_forward",)))


@pytest.fixture(scope="module")
def secrets(bundle: Bundle, asked: list[Quiz]) -> Secrets:
    softmax = [e for e in COURSE.exercises if e.name == "softmax"]
    lines = solution_lines(COURSE.exercises)
    visible = {shown.exercise: shown.visible for shown in bundle.shown}
    return secrets_of(COURSE, softmax, visible, lines=lines, quizzes=quizzes(COURSE), asked=asked)


PLANTS = {
    "a hidden array": (README, "[[0.09003057, 0.24472847, 0.66524096]]"),
    "a hidden array, written otherwise": (CHECKS, "# ( 9.003057e-2 ,\n .24472847,0.665_240_96 )"),
    "a line of a hidden check": ("README.md", "x = np.random.default_rng(10) . normal(scale=2, size=(200, 5))"),
    "a hidden number": ("README.md", "It is 0.2689414213699951, of course."),
    "a hidden number, written otherwise": ("README.md", "It is 26.89414213699951e-2"),
    "a line of the reference": (README, "    highest = scores.max(axis=axis, keepdims=True)"),
    "a line of the reference, reformatted": (README, "highest=scores . max(\n  axis = axis,keepdims=True )"),
    "a line of another right solution": (README, ""),
    "a line of a known-wrong solution": (".gitignore", "    result = np.zeros_like(x)"),
    "a line of a solution that is not released": (README, ""),
    "the feedback of a known-wrong solution": (
        "README.md",
        "Subtract the maximum\nof the row first: the PROBABILITIES",
    ),
    "an explanation of a quiz": (QUIZ, "# The inner axes meet. Hidden layers lie between the layers of weights."),
    "what is said to a wrong answer": ("README.md", "x: Rows are samples: the first axis of x stays the first."),
    "why it matters": ("README.md", "Almost every classifier, from digits to language models, ends in a softmax."),
    "a formula of a key": (QUIZ, ""),
    "a word that is accepted": (QUIZ, ""),
    "a key of a table": (QUIZ, ""),
}


def planted(name: str, text: str) -> Callable[[str], str]:
    """How a plant changes the file."""
    if name == "a line of another right solution":
        text = next(code_lines(next(iter(_exercise("softmax").rights)).read_text(encoding="utf-8")))
    if name == "a line of a solution that is not released":
        text = max(code_lines(_exercise("k-means").reference.read_text(encoding="utf-8")), key=len)
    changes = {
        "a formula of a key": ('id = "fwd-params"\n', 'id = "fwd-params"\nvalues = { v1 = "D * M + M" }\n'),
        "a word that is accepted": (
            'id = "fwd-regression"\n',
            'id = "fwd-regression"\noptions = ["Identity function"]\n',
        ),
        "a key of a table": ('id = "fwd-shape"\n', 'id = "fwd-shape"\nanswer = "(1, 2)"\n'),
    }
    if name in changes:
        old, new = changes[name]
        new = new.replace("Identity", "identity")
        return lambda before: before.replace(old, new, 1)
    return lambda before: f"{before}\n{text}\n"


def _exercise(name: str):  # type: ignore[no-untyped-def]  # an exercise of the course
    return next(e for e in COURSE.exercises if e.name == name)


def test_the_bundle_itself_is_clean(bundle: Bundle, secrets: Secrets) -> None:
    """Else the plants below would prove nothing."""
    assert leaks(bundle.files, secrets) == []


@pytest.mark.parametrize("name", PLANTS)
def test_a_plant_is_found(bundle: Bundle, secrets: Secrets, name: str) -> None:
    """With the file in which it stands."""
    file, text = PLANTS[name]
    before = bundle.files[file].decode()
    after = planted(name, text)(before)
    assert after != before
    found = leaks({**bundle.files, file: after.encode()}, secrets)
    assert {leak.file for leak in found} == {file}
    assert all(leak.remedy and leak.what for leak in found)


@pytest.mark.parametrize("path", ["solutions/03_forward/softmax/softmax.py", "exercises/x/wrong.toml", "right/loop.py"])
def test_a_file_of_the_solutions_is_found_by_its_name(bundle: Bundle, secrets: Secrets, path: str) -> None:
    """Whatever is in it."""
    assert [leak.file for leak in leaks({**bundle.files, path: b""}, secrets)] == [path]


def test_every_hidden_check_of_the_course_would_be_found() -> None:
    """Each check file as it stands, in place of its visible part, is a leak of its exercise."""
    assignment = msgspec.structs.replace(whole_course(COURSE), public_checks=1)
    whole = cut(assignment)
    visible = {shown.exercise: shown.visible for shown in whole.shown}
    found = secrets_of(COURSE, COURSE.exercises, visible, lines=solution_lines(COURSE.exercises), quizzes=(), asked=())
    silent = [e.name for e in COURSE.exercises if not leaks({"test.py": e.check_file.read_bytes()}, found)]
    assert silent == [], "of these the whole check file would go unnoticed"


def test_every_reference_of_the_course_would_be_found(secrets: Secrets) -> None:
    """Under any name, and every known-wrong solution too."""
    for exercise in COURSE.exercises:
        assert leaks({"notes.txt": exercise.reference.read_bytes()}, secrets), exercise.name


def test_a_leak_in_a_readme_stops_the_command(tmp_path: Path) -> None:
    """The file, the fragment and the remedy are told; nothing is written."""
    root = write_course(tmp_path / "course")
    change(folders(root, "scaling")[0] / "README.md", "Write `scale`", "Say `return np.multiply(values, factor)`")
    done = grade(root, "release", "scaling", "-o", str(tmp_path / "out.zip"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "1 hidden fragment would be in the release; nothing was written." in done.stderr
    assert (
        "exercises/01_first/scaling/README.md: 'returnnp.multiply(values,factor)' is hidden (scaling, the"
        in done.stderr
    )
    assert "take it out of the text, or say it in words" in done.stderr
    assert not (tmp_path / "out.zip").exists()


def test_what_an_author_shows_is_no_secret(tmp_path: Path) -> None:
    """Numbers of a hidden check that the README shows as well are public; a line of the stub is."""
    root = write_course(tmp_path / "course")
    change(folders(root, "scaling")[0] / "test_scaling.py", "[3.0, 15.0]", "[3.0, 15.0, 17.5][:2]")
    change(folders(root, "scaling")[0] / "README.md", "every value", "[3 15 17.5], every value")
    course = read_course(root)
    assert cut(msgspec.structs.replace(whole_course(course), public_checks=1)).leaks == ()


def test_a_check_that_shows_a_solution_is_not_chosen(tmp_path: Path) -> None:
    """Though it is the core check."""
    root = write_course(tmp_path / "course")
    path = folders(root, "scaling")[0] / "test_scaling.py"
    change(
        path,
        "def test_example",
        "def by_hand(values, factor=2.0):\n    return np.multiply(values, factor)\n\n\ndef test_example",
    )
    change(path, "[2.0, 4.0, 6.0]", "by_hand(np.array([1.0, 2.0, 3.0]))")
    bundle = cut(whole_course(read_course(root)))
    assert [shown.visible for shown in bundle.shown] == [("test_factor",)]
    assert bundle.leaks == ()


def test_numbers_are_read_however_they_are_written() -> None:
    """Signs, exponents, underscores, brackets and line breaks; words divide."""
    assert runs_of("np.array([[1, -2.0],\n [3e0, 0.4_5]]) and 6; x7, v1.2") == [(1.0, -2.0, 3.0, 0.45), (6.0,)]
    assert numbers_of("-1_000 .5 1e-3") == {1000.0, 0.5, 0.001}
    assert runs_of("1. Install\n2. Write") == [(1.0,), (2.0,)]


def test_a_check_file_is_cut_the_same_twice() -> None:
    """For every check of the course: what was cut needs no more cutting."""
    for exercise in COURSE.exercises:
        file = CheckFile.of(exercise)
        for check in file.checks:
            once = file.cut([check], "Visible.")
            assert CheckFile(once).cut([check], "Visible.") == once, f"{exercise.name}: {check}"
