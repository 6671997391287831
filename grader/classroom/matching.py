"""Which file answers which exercise: by the stub's name, and nothing is guessed. Runs in: command line."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct, field

from grader.assignment import Assignment
from grader.classroom.archives import is_archive
from grader.classroom.notebook import Notebook, read_notebook
from grader.classroom.places import MOST_FILE, Closed, Item, Place, shown
from grader.course import Exercise
from grader.diary import FILE as DIARY
from grader.intake import MAX_SOURCE, NAME_ROOM, NOT_HELPERS, Refusal, Submission

ANSWERS = "answers.json"  # of quizzes
NOTEBOOK = ".ipynb"
WANTED = (".py", NOTEBOOK, ANSWERS, DIARY)  # ends of names
_NOT_IN_A_NAME = re.compile(r"[\W_]+|copy|final|kopie|neu|new|version|v?\d+")
_MOST_REMARKS = 20
_MOST_TAKEN = 64 * 2**20  # bytes of all files that are looked at


class File(Struct, frozen=True):
    """One file of a student's: where it lies, and the name by which it counts (an LMS may have changed it)."""

    place: Place
    item: Item
    path: str  # by which its neighbours are found and people are told of it
    moment: datetime | None = None  # when it was written, where that is known

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


class _Reader:
    """Reads each file once: one that helps many exercises is read, unpacked and counted for all of them."""

    def __init__(self) -> None:
        self._read: dict[File, bytes | Refusal] = {}
        self._room = _MOST_TAKEN

    def __call__(self, file: File) -> bytes | Refusal:
        """Raises Closed."""
        if file not in self._read:
            data = self._now(file)
            self._room -= len(data) if isinstance(data, bytes) else 0
            if self._room < 0:
                raise Closed(f"more than {_MOST_TAKEN // 2**20} MB of code; hand in only what was asked for")
            self._read[file] = data
        return self._read[file]

    @staticmethod
    def _now(file: File) -> bytes | Refusal:
        if file.item.problem:
            return Refusal(f"{shown(file.path)} {file.item.problem}; put the file itself there")
        return file.place.read(file.item, MOST_FILE if file.name.endswith(NOTEBOOK) else MAX_SOURCE)


class Matched(Struct):
    """What was found for each exercise."""

    files: dict[str, Submission | Refusal] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    answers: bytes | None = None
    diary: bytes | None = None
    handed_at: datetime | None = None
    took_any: bool = False

    def remark(self, text: str) -> None:
        """Keep a sentence; an end comes to their number, as they can be a student's choice."""
        if len(self.remarks) < _MOST_REMARKS and text not in self.remarks:
            self.remarks.append(text)

    def took(self, file: File) -> None:
        """A file counts: the latest of these is when the work was handed in."""
        self.took_any = True
        if file.moment is not None and (self.handed_at is None or file.moment > self.handed_at):
            self.handed_at = file.moment


def match(files: Sequence[File], assignment: Assignment) -> Matched:
    """Raises Closed where a place breaks while it is read."""
    found = Matched()
    exercises = [demand.exercise for demand in assignment.demands]
    read = _Reader()
    notebooks = list(_notebooks(files, read, found))
    for exercise in exercises:
        found.files[exercise.name] = _of_exercise(exercise, files, read, notebooks, found)
    _remark_misnamed(files, exercises, found)
    found.answers = _answers(files, read, found)
    found.diary = _diary(files, read)
    return found


def _of_exercise(
    exercise: Exercise, files: Sequence[File], read: _Reader, notebooks: list[tuple[File, Notebook]], found: Matched
) -> Submission | Refusal:
    name = exercise.file_name
    if any(name in file.folder.split("/") for file in files):
        return Refusal(f"{name} is a folder; put your Python file in its place")
    named = [file for file in files if file.name == name]
    if not named:
        return _of_notebooks(exercise, notebooks, found)
    texts = [read(file) for file in named]
    if len({text if isinstance(text, bytes) else text.message for text in texts}) > 1:
        where = " and ".join(sorted({shown(file.path) for file in named})[:3])
        return Refusal(f"{name} is there {len(named)} times, and they differ ({where}); hand in one")
    text = texts[0]
    if isinstance(text, Refusal):
        return text
    found.took(named[0])
    if any(notebook.defines(function) for _, notebook in notebooks for function in exercise.functions):
        found.remark(f"{name} counts, not the notebook, which defines the same")
    return Submission(exercise.module, {**dict(_helpers(exercise, named[0], files, read)), exercise.module: text})


def _helpers(exercise: Exercise, main: File, files: Sequence[File], read: _Reader) -> Iterator[tuple[str, bytes]]:
    """The modules beside the file, as `grader.intake.take` finds them."""
    room = MAX_SOURCE
    beside = [file for file in files if file.folder == main.folder and file.name.endswith(".py")]
    for file in sorted(beside, key=lambda file: file.name):
        module = file.name.removesuffix(".py")
        if module == exercise.module or not module.isidentifier() or module.startswith(NOT_HELPERS):
            continue
        text = read(file)
        if isinstance(text, bytes) and len(text) + NAME_ROOM <= room:
            yield module, text
            room -= len(text) + NAME_ROOM


def _of_notebooks(exercise: Exercise, notebooks: list[tuple[File, Notebook]], found: Matched) -> Submission | Refusal:
    name = exercise.file_name
    defining = [(file, nb) for file, nb in notebooks if any(map(nb.defines, exercise.functions))]
    defining = defining or [(file, nb) for file, nb in notebooks if any(map(nb.assigns, exercise.functions))]
    if not defining:
        return Refusal(f"{name} was not handed in")
    if len({nb.source for _, nb in defining}) > 1:
        where = " and ".join(sorted(shown(file.path) for file, _ in defining)[:3])
        return Refusal(f"{name}: several notebooks define it ({where}); hand in one")
    file, notebook = defining[0]
    source = notebook.source.encode("utf-8", "replace")
    if len(source) > MAX_SOURCE:
        return Refusal(f"{shown(file.path)}: the code in it has over {MAX_SOURCE:,} bytes; that is too much")
    found.took(file)
    found.remark(f"{name}: taken from the notebook {shown(file.path)}")
    if notebook.left_out:
        cells = ", ".join(map(str, notebook.left_out[:10]))
        found.remark(f"{shown(file.path)}: code cells that define nothing were left out: {cells}")
    return Submission(exercise.module, {exercise.module: source}, cells=notebook.begins)


def _notebooks(files: Sequence[File], read: _Reader, found: Matched) -> Iterator[tuple[File, Notebook]]:
    for file in files:
        if not file.name.endswith(NOTEBOOK):
            continue
        data = read(file)
        try:
            yield file, read_notebook(data if isinstance(data, bytes) else _fail(data.message))
        except ValueError as error:
            found.remark(f"{shown(file.path)}: {error}")


def _fail(message: str) -> bytes:
    raise ValueError(message)


def _remark_misnamed(files: Sequence[File], exercises: Sequence[Exercise], found: Matched) -> None:
    """Files whose name is nearly that of an exercise for which nothing was found, and archives that hide it, maybe."""
    lacking = {_core(e.file_name): e.file_name for e in exercises if isinstance(found.files[e.name], Refusal)}
    known = {e.file_name for e in exercises}
    for file in files:
        if lacking and is_archive(file.name):
            found.remark(
                f"{shown(file.path)} is not opened, so deep as it lies; hand in one archive with no other in it"
            )
        meant = lacking.get(_core(file.name))
        if meant is not None and file.name not in known:
            found.remark(f"{shown(file.path)} does not count: it would have to be called {meant}")


def _core(name: str) -> str:
    """What two spellings of a name have in common: `Softmax (1).py`, `softmax_final.py.txt`."""
    stem = name.casefold().removesuffix(".txt").removesuffix(".py")
    return _NOT_IN_A_NAME.sub("", stem)


def _answers(files: Sequence[File], read: _Reader, found: Matched) -> bytes | None:
    named = [file for file in files if file.name == ANSWERS]
    texts = {text if isinstance(text, bytes) else text.message for text in map(read, named)}
    if len(texts) > 1:
        found.remark(f"{ANSWERS} is there {len(named)} times, and they differ; none of them counts")
    if len(texts) != 1:
        return None
    (text,) = texts
    if isinstance(text, str):
        found.remark(text)
        return None
    found.took(named[0])
    return text


def _diary(files: Sequence[File], read: _Reader) -> bytes | None:
    """The one file that says how long exercises took. It is not work: nobody is late by it, nor asked for another."""
    texts = {text if isinstance(text, bytes) else None for text in (read(file) for file in files if file.name == DIARY)}
    return texts.pop() if len(texts) == 1 else None
