"""What `grade verify` sees without running anything: one finding for each planted fault, none in a sound course."""

from pathlib import Path

import pytest

from grader.author.files import course_findings, exercise_findings
from grader.course import read_course

from .small_course import CHAPTER, change, folders, write_course


def seen(root: Path) -> list[str]:
    """What is found without running anything."""
    course = read_course(root)
    return [*course_findings(course), *(f for e in course.exercises for f in exercise_findings(e))]


def only(findings: list[str]) -> str:
    """The one finding that there is."""
    assert len(findings) == 1, "\n".join(findings) or "no finding"
    return findings[0]


# What can be seen without running anything


def test_a_sound_course_has_no_finding(tmp_path: Path) -> None:
    """The course that the other tests spoil has nothing wrong with it."""
    assert seen(write_course(tmp_path)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "parts"),
    [
        ("stub", "(values:", "(numbers:", ["scaling", "scale(numbers:", "scale(values:", "make them equal"]),
        ("stub", "= 2.0", "= 1.0", ["factor: float=1.0", "factor: float=2.0", "make them equal"]),
        ("stub", "factor: float", "factor: int", ["factor: int", "factor: float", "make them equal"]),
        ("stub", "-> NDArray[np.float64]:", "-> float:", ["-> float", "-> NDArray", "make them equal"]),
        ("stub", "def scale(", "def scaled(", ["the stub defines no function scale", "define it"]),
        ("reference", "def scale(", "def scaled(", ["the reference defines no function scale", "define it"]),
        ("settings", ', "Multiply the array by the number."', "", ["scaling/exercise.toml", "2 hints", "give 3"]),
        (
            "settings",
            "Multiply the array by the number.",
            "Write: return np.multiply(values,factor)",
            ["scaling/exercise.toml", "hint 3", "np.multiply(values,factor)", "in words"],
        ),
        ("settings", "Everything that learns multiplies.", " ", ["scaling/exercise.toml", "why is empty", "say why"]),
        (
            "settings",
            "A product for all elements at once.",
            " ",
            ["scaling/exercise.toml", "teaches is empty", "say in"],
        ),
        (
            "settings",
            "A product",
            "A product" * 7,
            ["scaling/exercise.toml", "teaches has 89 characters", "80 or fewer"],
        ),
        ("settings", "prerequisites = []", 'prerequisites = ["nothing"]', ["'nothing' is not in the course", "name"]),
        ("settings", "prerequisites = []", 'prerequisites = ["scaling"]', ["'scaling' comes later", "earlier"]),
        (
            "settings",
            '"test_example"',
            '"test_exmaple"',
            ["core = 'test_exmaple' is no check of", "mend"],
        ),
        ("settings", "points", 'advisory = ["test_speed"]\npoints', ["advisory = 'test_speed' is no check", "mend"]),
        ("settings", "points", 'advisory = ["test_example"]\npoints', ["test_example is advisory", "must count"]),
        ("checks", '"""A factor that is given is used."""', "", ["test_scaling.py: test_factor", "docstring", "say"]),
        ("checks", "def test_factor()", "def test_example()", ["two checks are called test_example", "rename one"]),
        ("readme", "# Scale", "Scale", ["scaling/README.md", "does not begin with a title", "write `# Scale numbers`"]),
        ("readme", "`scale`", "it", ["scaling/README.md", "never mentions scale", "say what it must do"]),
        ("wrong", 'name = "fixed"', 'name = "plus"', ["scaling/wrong.toml", "two", "called plus", "rename one"]),
        ("wrong", 'title = "plus in place of scaling"', 'title = " "', ["scaling/wrong.toml: plus", "empty", "write"]),
        ("wrong", "np.add(values, factor)", "np.add(values, factor", ["wrong.toml: plus", "line 9", "mend"]),
        ("stub", "raise NotImplementedError", "raise (", ["scaling.py", "line 9", "mend"]),
        ("reference", "return", "return (", ["scaling.py", "line 9", "mend"]),
        ("checks", "def test_factor()", "def test_factor(", ["test_scaling.py", "line 14", "mend"]),
    ],
)
def test_a_planted_fault_is_the_only_finding(tmp_path: Path, file: str, old: str, new: str, parts: list[str]) -> None:
    """One change of one file gives one finding, which names the file, what is wrong, and what to do."""
    folder, solution = folders(write_course(tmp_path), "scaling")
    files = {
        "stub": folder / "scaling.py",
        "readme": folder / "README.md",
        "settings": folder / "exercise.toml",
        "checks": folder / "test_scaling.py",
        "reference": solution / "scaling.py",
        "wrong": solution / "wrong.toml",
    }
    change(files[file], old, new)
    finding = only(seen(tmp_path))
    assert [part for part in ["scaling", *parts] if part not in finding] == [], finding


def test_a_later_prerequisite_is_found(tmp_path: Path) -> None:
    """An exercise may only build on earlier ones."""
    write_course(tmp_path, "first", "second")
    change(folders(tmp_path, "first")[0] / "exercise.toml", "prerequisites = []", 'prerequisites = ["second"]')
    assert only(seen(tmp_path)) == ("first/exercise.toml: prerequisite 'second' comes later; name an earlier exercise")


CLASS = "\n\nclass Scale:\n    def by(self, factor: float) -> float:\n        raise NotImplementedError\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("class Scale", "class Ruler", "the reference defines no function or class Scale; define it, or mend"),
        ("def by", "def times", "the reference defines no function or class Scale.by; define it, or mend"),
        ("factor: float) -> float:\n        raise", "f: float) -> float:\n        raise", "Scale.by(self, f: float)"),
    ],
)
def test_a_class_is_compared_method_by_method(tmp_path: Path, old: str, new: str, told: str) -> None:
    """Where objects are handed out, a class is asked for like a function, and may be the only thing."""
    folder, solution = folders(write_course(tmp_path), "scaling")
    change(folder / "exercise.toml", 'functions = ["scale"]', 'functions = ["scale", "Scale"]\nobjects = true')
    change(folder / "README.md", "times the factor.", "times the factor. `Scale` does it `by`.")
    for path in (folder / "scaling.py", solution / "scaling.py"):
        path.write_text(path.read_text(encoding="utf-8") + CLASS, encoding="utf-8")
    assert seen(tmp_path) == []
    change(solution / "scaling.py", old, new)
    assert told in only(seen(tmp_path))


@pytest.mark.parametrize("name", ["scaling.py", "README.md", "test_scaling.py"])
def test_a_missing_file_of_the_exercise_is_found(tmp_path: Path, name: str) -> None:
    """A stub, a text or a check file that is not there is named, with its folder."""
    folder, _ = folders(write_course(tmp_path), "scaling")
    (folder / name).unlink()
    assert only(seen(tmp_path)) == f"scaling: {name} is missing in {folder}; write it"


def test_a_text_that_is_no_utf_8_is_found(tmp_path: Path) -> None:
    """An old editor's umlauts."""
    folder, _ = folders(write_course(tmp_path), "scaling")
    (folder / "README.md").write_bytes("# Größe\n\n`scale`\n".encode("latin-1"))
    finding = only(seen(tmp_path))
    assert finding.startswith(f"scaling: README.md in {folder} can't be read ('utf-8' codec can't decode byte 0xf6")


@pytest.mark.parametrize("name", ["scaling.py", "wrong.toml"])
def test_a_missing_file_of_the_solution_is_found(tmp_path: Path, name: str) -> None:
    """A reference or a list of known-wrong solutions that is not there is named, with its folder."""
    _, solution = folders(write_course(tmp_path), "scaling")
    (solution / name).unlink()
    assert only(seen(tmp_path)) == f"scaling: {name} is missing in {solution}; write it"


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ('"""Scale numbers."""', "", ["right/loop.py has no docstring", "say how it differs"]),
        ("return", "return (", ["right/loop.py, line 9", "mend"]),
    ],
)
def test_another_right_solution_is_readable_and_says_what_it_is(
    tmp_path: Path, old: str, new: str, parts: list[str]
) -> None:
    """An author's file like any other."""
    _, solution = folders(write_course(tmp_path), "scaling")
    change(solution / "right" / "loop.py", old, new)
    finding = only(seen(tmp_path))
    assert [part for part in ["scaling", *parts] if part not in finding] == [], finding


def test_too_few_other_right_solutions_are_found(tmp_path: Path) -> None:
    """That the reference passes does not show that a check takes other right answers."""
    _, solution = folders(write_course(tmp_path), "scaling")
    (solution / "right" / "loop.py").unlink()
    told = f"scaling: 1 other right solutions in {solution / 'right'}; write 2 or more that differ from the reference"
    assert only(seen(tmp_path)) == told


@pytest.mark.parametrize("where", [0, 1])
def test_a_stray_file_is_found(tmp_path: Path, where: int) -> None:
    """What a release would carry along by accident is named."""
    folder = folders(write_course(tmp_path), "scaling")[where]
    (folder / "notes.txt").write_text("later", encoding="utf-8")
    assert only(seen(tmp_path)) == f"scaling: notes.txt in {folder} has no place there; remove it"


@pytest.mark.parametrize("part", ["exercises", "solutions"])
def test_a_folder_that_the_course_does_not_name_is_found(tmp_path: Path, part: str) -> None:
    """An exercise that was never entered in the course's table would silently be missing."""
    extra = write_course(tmp_path) / part / CHAPTER / "extra"
    extra.mkdir()
    (extra / "extra.py").write_text("", encoding="utf-8")
    assert only(seen(tmp_path)) == (f"{part}/{CHAPTER}/extra: not in exercises/course.toml; name it there or remove it")


def test_no_known_wrong_solution_at_all_is_found(tmp_path: Path) -> None:
    """An empty list is no proof that any check can fail."""
    _, solution = folders(write_course(tmp_path), "scaling")
    (solution / "wrong.toml").write_text("wrong = []\n", encoding="utf-8")
    assert only(seen(tmp_path)) == ("scaling/wrong.toml: no known-wrong solution; add those that learners really write")
