"""A course on disk: chapters, exercises, references and known-wrong solutions. Runs in: every trusted process."""

import keyword
import math
import re
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from grader.errors import CourseError
from grader.table import Table
from grader.terms import Term, terms_known

FORMAT = 1
OWN_CHECKS = "my_checks"  # the module beside a learner's file that holds their own checks
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_MODULE = re.compile(r"[a-z][a-z0-9_]*")
_FOLDER = re.compile(r"[a-z0-9][a-z0-9_-]*")
_SOURCE = re.compile(r"\d{3}:[\w,\-]+")
_IMPORTED = {"grader", "numpy", "pytest", OWN_CHECKS}  # by checks; a course can't serve them
_PICTURE = "picture"  # the module beside the stub that draws what the learner's functions do
_TAKEN = sys.stdlib_module_names | _IMPORTED | {_PICTURE}


class Limits(Struct, frozen=True):
    """What one check of an exercise may use in the learner's process."""

    seconds: float = 5.0
    memory_mb: int = 1024


class Wrong(Struct, frozen=True):
    """A known-wrong solution: the reference with one plausible mistake."""

    name: str
    title: str  # the misconception
    check: str  # the check that must catch it
    feedback: str  # the sentence for the learner
    source: str  # the whole module


class Exercise(Struct, frozen=True, dict=True):
    """One exercise. Paths are absolute; `module` is the name that checks import."""

    name: str
    title: str
    chapter: str  # folder
    chapter_title: str
    module: str
    functions: tuple[str, ...]
    constants: tuple[str, ...]
    points: float
    prerequisites: tuple[str, ...]
    core: str
    advisory: tuple[str, ...]  # checks of speed: shown, and not counted
    hints: tuple[str, ...]
    why: str
    limits: Limits
    folder: Path
    solution_folder: Path
    objects: bool = False  # whether checks may get classes and objects of the learner's, as stand-ins
    parts: tuple[str, ...] = ()  # earlier exercises whose functions this one may import
    teaches: str = ""  # in one line, for the table of the course
    sources: tuple[str, ...] = ()  # topics of source texts, "001:17"
    explains: tuple[str, ...] = ()  # words of the field that its text explains: "mini-batch"
    terms: tuple[Term, ...] = ()  # those that the other exercises of the course explain
    visible_only: bool = False  # whether it is a release's: examples of its checks, maybe no core one, no solutions

    @property
    def file_name(self) -> str:
        return f"{self.module}.py"

    @property
    def stub(self) -> Path:
        return self.folder / self.file_name

    @property
    def readme(self) -> Path:
        return self.folder / "README.md"

    @property
    def check_file(self) -> Path:
        return self.folder / f"test_{self.module}.py"

    @property
    def picture_file(self) -> Path:
        """What draws the learner's functions, if its author wrote it."""
        return self.folder / f"{_PICTURE}.py"

    @property
    def reference(self) -> Path:
        return self.solution_folder / self.file_name

    @property
    def wrong_file(self) -> Path:
        return self.solution_folder / "wrong.toml"

    @property
    def rights(self) -> tuple[Path, ...]:
        """Other right solutions: modules that differ from the reference and must pass as well."""
        return tuple(sorted((self.solution_folder / "right").glob("*.py")))

    @cached_property
    def wrongs(self) -> tuple[Wrong, ...]:
        """The known-wrong solutions, read when first asked for; a release has none. Raises CourseError."""
        return () if self.visible_only else tuple(read_wrongs(self))


class Chapter(Struct, frozen=True):
    """A chapter: its folder's name ("03_forward"), its title, its exercises in order."""

    folder: str
    title: str
    exercises: tuple[Exercise, ...]


class Course(Struct, frozen=True):
    """A course. `root` holds the folders `exercises` and `solutions`."""

    id: str
    title: str
    root: Path
    chapters: tuple[Chapter, ...]

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        return tuple(e for chapter in self.chapters for e in chapter.exercises)

    def find(self, name: str) -> Exercise | None:
        return next((e for e in self.exercises if e.name == name), None)

    def parts_of(self, exercise: Exercise) -> tuple[Exercise, ...]:
        """The exercises whose functions this one may import."""
        return tuple(e for e in self.exercises if e.name in exercise.parts)


def bundled_root() -> Path:
    """The folder of the course that comes with the package: inside it when installed, beside it in a checkout."""
    inside = Path(__file__).parent / "_course"
    return inside if inside.is_dir() else Path(__file__).parent.parent


def read_course(root: Path, *, visible_only: bool = False) -> Course:
    """The course below `root`, or what a release holds of it. Raises CourseError with file, key, value and remedy."""
    table = Table.read(root / "exercises" / "course.toml")
    if (found := table.take("format", int)) != FORMAT:
        table.fail("format", f"= {found}", f"this version reads format {FORMAT}; update neurograde")
    course_id, title = table.take("id", str), table.take("title", str)
    chapters = tuple(_read_chapter(root, part, visible_only) for part in table.tables("chapter"))
    table.finish()
    course = Course(course_id, title, root, _with_terms(chapters))
    _refuse_doubles(course, table)
    _refuse_parts(course)
    return course


def _with_terms(chapters: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
    """Tell each exercise the words that the others explain."""
    order = [exercise for chapter in chapters for exercise in chapter.exercises]
    known = iter(terms_known((e.name, e.chapter, e.explains) for e in order))
    return tuple(replace(c, exercises=tuple(replace(e, terms=next(known)) for e in c.exercises)) for c in chapters)


def _refuse_doubles(course: Course, table: Table) -> None:
    """Names, modules and folders must be unique: checks import a learner's file by its module name."""
    for what in ("name", "module"):
        seen: set[str] = set()
        for exercise in course.exercises:
            value: str = getattr(exercise, what)
            if value in seen:
                table.fail(what, f"{value!r} belongs to two exercises", "give each its own")
            seen.add(value)
    folders = [chapter.folder for chapter in course.chapters]
    for folder in folders:
        if folders.count(folder) > 1:
            table.fail("folder", f"{folder!r} belongs to two chapters", "name all its exercises in one")


def _refuse_parts(course: Course) -> None:
    """An exercise is built of earlier ones."""
    earlier: set[str] = set()
    for exercise in course.exercises:
        for name in exercise.parts:
            if name not in earlier:
                where = f"{exercise.name}/exercise.toml: parts"
                raise CourseError(f"{where} = {name!r} is no exercise before this one; name earlier exercises")
        earlier.add(exercise.name)


def _read_chapter(root: Path, table: Table, visible_only: bool) -> Chapter:
    folder, title = table.take("folder", str), table.take("title", str)
    names = table.texts("exercises")
    table.finish()
    if not _FOLDER.fullmatch(folder):
        table.fail("folder", f"= {folder!r}", "use lower-case letters, digits, underscores and hyphens")
    return Chapter(folder, title, tuple(_read_exercise(root, folder, title, name, visible_only) for name in names))


def _read_exercise(root: Path, chapter: str, chapter_title: str, name: str, visible_only: bool) -> Exercise:
    folder = root / "exercises" / chapter / name
    if not _NAME.fullmatch(name):
        raise CourseError(f"exercises/course.toml: exercise {name!r}; use lower-case words joined by hyphens")
    table = Table.read(folder / "exercise.toml")
    limits = table.table("limits")
    optional = {"default": ""} if visible_only else {}
    exercise = Exercise(
        name=name,
        title=table.take("title", str),
        chapter=chapter,
        chapter_title=chapter_title,
        module=table.take("module", str),
        functions=table.texts("functions"),
        constants=table.texts("constants", []),
        points=table.take("points", float),
        prerequisites=table.texts("prerequisites", []),
        core=table.take("core", str, **optional),
        advisory=table.texts("advisory", []),
        hints=table.texts("hints"),
        why=table.take("why", str, **optional).strip(),
        limits=Limits(limits.take("seconds", float, 5.0), limits.take("memory_mb", int, 1024)),
        folder=folder,
        solution_folder=root / "solutions" / chapter / name,
        objects=table.take("objects", bool, False),
        parts=table.texts("parts", []),
        teaches=table.take("teaches", str, "").strip(),
        sources=read_sources(table),
        explains=table.texts("explains", []),
        visible_only=visible_only,
    )
    limits.finish()
    table.finish()
    _refuse_values(exercise, table)
    for key, value in (("seconds", exercise.limits.seconds), ("memory_mb", exercise.limits.memory_mb)):
        if not 0 < value < math.inf:
            limits.fail(key, f"= {value:g}", "use a number above 0")
    return exercise


def read_sources(table: Table) -> tuple[str, ...]:
    """The topics of source texts that an exercise or a question names. Raises CourseError."""
    sources = table.texts("sources", [])
    for source in sources:
        refuse_source(source, table, "sources")
        if sources.count(source) > 1:
            table.fail("sources", f"holds {source!r} twice", "name each once")
    return sources


def refuse_source(source: str, table: Table, key: str) -> None:
    """Raises CourseError where this can't be a place in a source text."""
    if not _SOURCE.fullmatch(source):
        table.fail(key, f"holds {source!r}", "write a text's number and lines as 001:17 or 002:list")


def _refuse_values(exercise: Exercise, table: Table) -> None:
    """Values of the right type that no exercise can have."""
    if not _MODULE.fullmatch(exercise.module):
        table.fail("module", f"= {exercise.module!r}", "use lower-case letters, digits and underscores")
    if exercise.module in _TAKEN or keyword.iskeyword(exercise.module):
        table.fail("module", f"= {exercise.module!r}", "choose a name that nothing else has")
    if not exercise.functions:
        table.fail("functions", "= []", "name at least one")
    if exercise.parts and exercise.objects:
        table.fail("parts", f"= {list(exercise.parts)}", "leave them out where objects = true")
    if not 0 <= exercise.points < math.inf:
        table.fail("points", f"= {exercise.points:g}", "use 0 or more")


def read_wrongs(exercise: Exercise) -> Iterator[Wrong]:
    """The known-wrong solutions of an exercise: edits of its reference, or whole modules. Raises CourseError."""
    table = Table.read(exercise.wrong_file)
    entries = table.tables("wrong")
    table.finish()
    try:
        reference = exercise.reference.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{exercise.reference}: {error}; known-wrong solutions are edits of it") from None
    for entry in entries:
        name = entry.take("name", str)
        entry.where = f"{exercise.name}/wrong.toml: {name}"
        title, check, feedback = entry.take("title", str), entry.take("check", str), entry.take("feedback", str)
        code, edits = entry.take("code", str, ""), entry.tables("edits", [])
        if bool(code) == bool(edits):
            entry.fail("edits", "and code", "give exactly one of them")
        entry.finish()
        yield Wrong(name, title, check, feedback, code or _edited(reference, edits))


def _edited(source: str, edits: list[Table]) -> str:
    for edit in edits:
        old, new = edit.take("old", str), edit.take("new", str)
        edit.finish()
        if (count := source.count(old)) != 1:
            edit.fail("old", f"= {old!r} stands {count} times in the reference", "quote a text that stands there once")
        source = source.replace(old, new)
    return source
