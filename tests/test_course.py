"""A course is read whole, and every mistake in its files is told with file, key, value and remedy."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course import Course, bundled_root, read_course
from grader.errors import CourseError
from grader.table import Table

from .small_course import CHAPTER, PLUS, change, folders, write_course


def refusal(read: Callable[[], object]) -> str:
    """The message with which a broken course is refused."""
    with pytest.raises(CourseError) as caught:
        read()
    return str(caught.value)


# The course that comes with the package


@pytest.fixture(scope="module")
def bundled() -> Course:
    return read_course(bundled_root())


def test_the_bundled_course_has_chapters_in_order(bundled: Course) -> None:
    """Chapters are numbered folders, each with a title and at least one exercise."""
    names = [chapter.folder for chapter in bundled.chapters]
    assert names == sorted(names)
    assert all(chapter.title and chapter.exercises for chapter in bundled.chapters)


def test_every_file_of_the_bundled_course_is_there(bundled: Course) -> None:
    """Each exercise has its stub, text, checks, reference and known-wrong solutions."""
    for e in bundled.exercises:
        assert all(path.is_file() for path in (e.stub, e.readme, e.check_file, e.reference)), e.name
        assert e.wrongs, e.name


def test_exercises_are_found_by_name(bundled: Course) -> None:
    """`find` gives the exercise of a name, and None for a name that is not there."""
    assert all(bundled.find(e.name) is e for e in bundled.exercises)
    assert bundled.find("no-such-exercise") is None


# A small course


def test_what_a_file_leaves_out_has_its_documented_value(tmp_path: Path) -> None:
    """Constants and advisory checks are optional, and so is one limit of the two."""
    (exercise,) = read_course(write_course(tmp_path)).exercises
    assert (exercise.constants, exercise.advisory, exercise.prerequisites) == ((), (), ())
    assert (exercise.limits.seconds, exercise.limits.memory_mb) == (0.5, 1024)
    assert (exercise.points, type(exercise.points)) == (10.0, float)


def test_a_known_wrong_solution_is_the_reference_with_its_edits(tmp_path: Path) -> None:
    """Only the quoted text differs."""
    (exercise,) = read_course(write_course(tmp_path)).exercises
    plus, _ = exercise.wrongs
    reference = exercise.reference.read_text(encoding="utf-8")
    assert plus.source == reference.replace("np.multiply(values, factor)", "np.add(values, factor)")


def test_a_known_wrong_solution_may_be_a_whole_module(tmp_path: Path) -> None:
    """`code` stands for the module where edits would say less."""
    (exercise,) = read_course(write_course(tmp_path)).exercises
    exercise.wrong_file.write_text(PLUS[: PLUS.index("edits")] + "code = 'scale = abs'\n", encoding="utf-8")
    assert [wrong.source for wrong in exercise.wrongs] == ["scale = abs"]


# Mistakes in exercise.toml

WHERE = "scaling/exercise.toml"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("points = 10\n", "", f"{WHERE}: points is missing; add a number"),
        ('title = "Scale numbers"\n', "", f"{WHERE}: title is missing; add a text"),
        ("points = 10", 'points = "10"', f"{WHERE}: points = '10'; use a number"),
        ("points = 10", "points = true", f"{WHERE}: points = True; use a number"),
        ("points = 10", "points = -1", f"{WHERE}: points = -1; use 0 or more"),
        ("points = 10", "points = nan", f"{WHERE}: points = nan; use 0 or more"),
        ("points = 10", "points = inf", f"{WHERE}: points = inf; use 0 or more"),
        ("points = 10", "poinst = 10", f"{WHERE}: points is missing; add a number"),
        ("points = 10", "points = 10\nlevel = 2", f"{WHERE}: level is not a key of this file; remove it, or mend"),
        ('functions = ["scale"]', 'functions = "scale"', f"{WHERE}: functions = 'scale'; use a list"),
        ('functions = ["scale"]', "functions = [1]", f"{WHERE}: functions holds 1; use a list of texts"),
        ('functions = ["scale"]', 'functions = [" "]', f"{WHERE}: functions holds ' '; use a list of texts"),
        ('functions = ["scale"]', "functions = []", f"{WHERE}: functions = []; name at least one"),
        ('module = "scaling"', 'module = "Scaling"', f"{WHERE}: module = 'Scaling'; use lower-case letters, digits"),
        ('module = "scaling"', 'module = "scal-ing"', f"{WHERE}: module = 'scal-ing'; use lower-case letters, digits"),
        ('module = "scaling"', 'module = "random"', f"{WHERE}: module = 'random'; choose a name that nothing else has"),
        ('module = "scaling"', 'module = "numpy"', f"{WHERE}: module = 'numpy'; choose a name that nothing else has"),
        ('module = "scaling"', 'module = "picture"', f"{WHERE}: module = 'picture'; choose a name that nothing else"),
        ('module = "scaling"', 'module = "lambda"', f"{WHERE}: module = 'lambda'; choose a name that nothing else has"),
        ("seconds = 0.5", "seconds = 0", f"{WHERE}: limits: seconds = 0; use a number above 0"),
        ("seconds = 0.5", "seconds = nan", f"{WHERE}: limits: seconds = nan; use a number above 0"),
        ("seconds = 0.5", "memory_mb = 0", f"{WHERE}: limits: memory_mb = 0; use a number above 0"),
        ("seconds = 0.5", "memory_mb = 0.5", f"{WHERE}: limits: memory_mb = 0.5; use a whole number"),
        ("seconds = 0.5", "minutes = 1", f"{WHERE}: limits: minutes is not a key of this file; remove it"),
        ("points = 10", "points = 10\nlimits = 3", "scaling/exercise.toml: "),
        ("points = 10", "points = 10\nsources = ['line 3']", f"{WHERE}: sources holds 'line 3'; write a text's number"),
        (
            "points = 10",
            "points = 10\nsources = ['001:3', '001:3']",
            f"{WHERE}: sources holds '001:3' twice; name each",
        ),
    ],
)
def test_a_mistake_in_an_exercise_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    """File, key, value and remedy stand in one sentence."""
    write_course(tmp_path)
    change(folders(tmp_path, "scaling")[0] / "exercise.toml", old, new)
    assert message in refusal(lambda: read_course(tmp_path))


# Mistakes in course.toml

COURSE = "exercises/course.toml"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("format = 1", "format = 2", f"{COURSE}: format = 2; this version reads format 1; update neurograde"),
        ("format = 1", "format = '1'", f"{COURSE}: format = '1'; use a whole number"),
        ('id = "small"\n', "", f"{COURSE}: id is missing; add a text"),
        ('id = "small"\n', 'id = "small"\nowner = "me"\n', f"{COURSE}: owner is not a key of this file; remove it"),
        ('title = "First steps"\n', "", f"{COURSE}: chapter 1: title is missing; add a text"),
        ('title = "First steps"\n', 'title = "A"\nnumber = 1\n', f"{COURSE}: chapter 1: number is not a key of this"),
        ("['scaling']", "['Scaling']", f"{COURSE}: exercise 'Scaling'; use lower-case words joined by hyphens"),
        ("['scaling']", "['../scaling']", f"{COURSE}: exercise '../scaling'; use lower-case words joined by hyphens"),
        ("['scaling']", "['scaling', 'scaling']", f"{COURSE}: name 'scaling' belongs to two exercises; give each"),
        ("['scaling']", "'scaling'", f"{COURSE}: chapter 1: exercises = 'scaling'; use a list"),
        (f'"{CHAPTER}"', '"../elsewhere"', f"{COURSE}: chapter 1: folder = '../elsewhere'; use lower-case letters"),
        (f'"{CHAPTER}"', '""', f"{COURSE}: chapter 1: folder = ''; use lower-case letters"),
        ("[[chapter]]", "[chapter]", f"{COURSE}: chapter = "),
        ("title = ", "title ", "exercises/course.toml: "),
    ],
)
def test_a_mistake_in_the_table_of_contents_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    """File, key, value and remedy stand in one sentence."""
    path = write_course(tmp_path) / "exercises" / "course.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert message in refusal(lambda: read_course(tmp_path))


def test_a_course_without_chapters_is_told(tmp_path: Path) -> None:
    """A chapter that is no table is named, not taken for an empty one."""
    path = write_course(tmp_path) / "exercises" / "course.toml"
    path.write_text('format = 1\nid = "small"\ntitle = "Small"\nchapter = ["first"]\n', encoding="utf-8")
    assert refusal(lambda: read_course(tmp_path)) == f"{COURSE}: chapter holds 'first'; use a list of tables"


def test_a_chapter_that_is_there_twice_is_told(tmp_path: Path) -> None:
    """Its quiz would be asked twice."""
    path = write_course(tmp_path) / "exercises" / "course.toml"
    again = f'\n[[chapter]]\nfolder = "{CHAPTER}"\ntitle = "Again"\nexercises = []\n'
    path.write_text(path.read_text(encoding="utf-8") + again, encoding="utf-8")
    message = f"{COURSE}: folder '{CHAPTER}' belongs to two chapters; name all its exercises in one"
    assert refusal(lambda: read_course(tmp_path)) == message


def test_two_exercises_with_one_module_are_told(tmp_path: Path) -> None:
    """Checks import by module name, so it can belong to one exercise alone."""
    write_course(tmp_path, "first", "second")
    change(folders(tmp_path, "second")[0] / "exercise.toml", 'module = "second"', 'module = "first"')
    message = f"{COURSE}: module 'first' belongs to two exercises; give each its own"
    assert refusal(lambda: read_course(tmp_path)) == message


@pytest.mark.parametrize("name", ["exercises/course.toml", f"exercises/{CHAPTER}/scaling/exercise.toml"])
def test_a_missing_file_is_told(tmp_path: Path, name: str) -> None:
    """The whole path is given, since the file can't be looked at, and what to do."""
    path = write_course(tmp_path) / name
    path.unlink()
    assert (
        refusal(lambda: read_course(tmp_path)) == f"{path}: no such file; write it, or take its name out of the course"
    )


@pytest.mark.parametrize("data", [b"title = \xff", b"title = 'a'\ntitle = 'b'", b"=", b"title"])
def test_a_file_that_is_not_toml_is_told(tmp_path: Path, data: bytes) -> None:
    """The whole path is given, and where the reader stopped."""
    path = folders(write_course(tmp_path), "scaling")[0] / "exercise.toml"
    path.write_bytes(data)
    message = refusal(lambda: read_course(tmp_path))
    assert message.startswith(f"{path}: ")
    assert message.endswith("; mend the file")


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    """What can't be read at all is no fault of the grader's own."""
    (tmp_path / "exercises" / "course.toml").mkdir(parents=True)
    assert str(tmp_path / "exercises" / "course.toml") in refusal(lambda: read_course(tmp_path))


# Mistakes in wrong.toml

WRONG = "scaling/wrong.toml: plus"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('feedback = "Look at the operation once more."\n', "", f"{WRONG}: feedback is missing; add a text"),
        ('name = "plus"\n', "", "scaling/wrong.toml: wrong 1: name is missing; add a text"),
        ('name = "plus"\n', 'name = "plus"\nhint = "x"\n', f"{WRONG}: hint is not a key of this file; remove it"),
        ("edits = [", "code = 'x = 1'\nedits = [", f"{WRONG}: edits and code; give exactly one of them"),
        ("edits = [{ old", "more = [{ old", f"{WRONG}: edits and code; give exactly one of them"),
        ("np.multiply(values, factor)", "np.dot", f"{WRONG}: edits 1: old = 'np.dot' stands 0 times in the reference"),
        ("np.multiply(values, factor)", "factor", f"{WRONG}: edits 1: old = 'factor' stands 3 times in the reference"),
        ("np.multiply(values, factor)", "", f"{WRONG}: edits 1: old = '' stands"),
        ("new = ", "knew = ", f"{WRONG}: edits 1: new is missing; add a text"),
        ("new = ", "why = 'x', new = ", f"{WRONG}: edits 1: why is not a key of this file; remove it"),
        ('check = "test_example"', "check = 1", f"{WRONG}: check = 1; use a text"),
    ],
)
def test_a_mistake_in_a_known_wrong_solution_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    """It is named by its name, and its edits by their number."""
    (exercise,) = read_course(write_course(tmp_path)).exercises
    assert PLUS.count(old) == 1
    exercise.wrong_file.write_text(PLUS.replace(old, new), encoding="utf-8")
    assert message in refusal(lambda: exercise.wrongs)


def test_a_reference_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Known-wrong solutions are edits of it."""
    (exercise,) = read_course(write_course(tmp_path)).exercises
    exercise.reference.unlink()
    assert refusal(lambda: exercise.wrongs).startswith(f"{exercise.reference}: ")


# The reader of tables


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.integers(), max_size=5), st.text(min_size=1, max_size=5))
def test_every_key_is_taken_or_told(data: dict[str, int], key: str) -> None:
    """Whatever is in a table, a key left over is named; none is silently ignored."""
    table = Table(data, "file.toml")
    for name, value in data.items():
        if name != key:
            assert table.take(name, int) == value
    if key in data:
        assert key in refusal(table.finish)
    else:
        table.finish()
