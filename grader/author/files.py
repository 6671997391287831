"""What can be seen of an exercise without running it: files, names, signatures, hints. Runs in: command line.

The files read and parsed here are the author's own, never a learner's.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from grader.course import Course, Exercise
from grader.errors import CourseError
from grader.terms import Term, first_uses

HINTS = 3
LONGEST_TEACHES = 80  # characters
LEAST_RIGHTS = 2  # other right solutions: a check that only the reference passes is a defect
_LEAST_CODE = 12  # characters from which a line of the reference is recognisable in a hint
_IGNORED = {"__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".DS_Store"}


def course_findings(course: Course) -> Iterator[str]:
    """Folders that the course does not name, prerequisites that are unknown or come later, words explained in vain."""
    known = {folder for e in course.exercises for folder in (e.folder, e.solution_folder)}
    for path in sorted(path for part in ("exercises", "solutions") for path in (course.root / part).glob("*/*/")):
        if path not in known and path.name not in _IGNORED and any(path.iterdir()):
            shown = path.relative_to(course.root).as_posix()
            yield f"{shown}: not in exercises/course.toml; name it there or remove it"
    earlier: set[str] = set()
    for exercise in course.exercises:
        for name in exercise.prerequisites:
            if name not in earlier:
                place = "comes later" if course.find(name) else "is not in the course"
                yield f"{exercise.name}/exercise.toml: prerequisite {name!r} {place}; name an earlier exercise"
        earlier.add(exercise.name)
    yield from _term_findings(course)


def _term_findings(course: Course) -> Iterator[str]:
    """A term stands in the text that explains it, and in something that another exercise says to a learner."""
    said = {term for exercise in course.exercises for term in _terms_said(exercise)}
    for exercise in course.exercises:
        for text in exercise.explains:
            where = f"{exercise.name}/exercise.toml: explains {text!r}"
            if text.lower() not in said:
                yield f"{where}, which no other exercise says; take it out"
            own = [Term(text, exercise.name, exercise.chapter)]
            if exercise.readme.is_file() and not first_uses(own, [exercise.readme.read_text(encoding="utf-8")]):
                yield f"{where}, and its README.md never says it; explain it there, or name the exercise that does"


def _terms_said(exercise: Exercise) -> Iterator[str]:
    """The words of other exercises, in small letters, in what a verdict, a hint or the page says of this one."""
    if any(obstacles(exercise)):
        return
    texts = [exercise.teaches, exercise.why, *exercise.hints]
    texts += [ast.get_docstring(node) or "" for node in checks_of(exercise).values()]
    texts += [text for wrong in exercise.wrongs for text in (wrong.title, wrong.feedback)]
    for term in first_uses(exercise.terms, texts):
        yield term.text.lower()


def exercise_findings(exercise: Exercise) -> Iterator[str]:
    """Everything that is wrong with an exercise's files. Says no more where something must be mended first."""
    first = list(obstacles(exercise))
    yield from first
    if first:
        return
    yield from _stray_files(exercise)
    yield from _texts(exercise)
    yield from _hints(exercise)
    yield from _signatures(exercise)
    yield from _checks(exercise)
    yield from _rights(exercise)


def obstacles(exercise: Exercise) -> Iterator[str]:
    """What keeps an exercise from being graded at all: files that are missing or can't be read."""
    needed = (exercise.stub, exercise.readme, exercise.check_file, exercise.reference, exercise.wrong_file)
    missing = [path for path in needed if not path.is_file()]
    if missing:
        yield from (f"{exercise.name}: {path.name} is missing in {path.parent}; write it" for path in missing)
        return
    modules = (exercise.stub, exercise.check_file, exercise.reference)
    found = [*((path, _unreadable(path)) for path in modules), (exercise.readme, _undecodable(exercise.readme))]
    broken = [f"{exercise.name}: {path.name} in {path.parent}{why}" for path, why in found if why]
    yield from broken or _wrongs(exercise)


def _unreadable(path: Path) -> str:
    """Why a module can't be parsed; empty where it can."""
    return _undecodable(path) or _unparsable(path.read_text(encoding="utf-8"))


def _undecodable(path: Path) -> str:
    """Why a text can't be read; empty where it can."""
    try:
        path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return f" can't be read ({error}); mend it"
    return ""


def _unparsable(source: str) -> str:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError) as error:  # ValueError: a NUL character
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        return f"{line}: {getattr(error, 'msg', error)}; mend it"
    return ""


def _stray_files(exercise: Exercise) -> Iterator[str]:
    allowed = {
        exercise.folder: {
            *(exercise.file_name, "README.md", "exercise.toml"),
            *(exercise.check_file.name, exercise.picture_file.name),
        },
        exercise.solution_folder: {exercise.file_name, "wrong.toml", "right"},
    }
    for folder, names in allowed.items():
        for path in sorted(folder.iterdir()):
            if path.name not in names | _IGNORED:
                yield f"{exercise.name}: {path.name} in {folder} has no place there; remove it"


def _texts(exercise: Exercise) -> Iterator[str]:
    readme = exercise.readme.read_text(encoding="utf-8")
    if not readme.startswith("# "):
        yield f"{exercise.name}/README.md: does not begin with a title; write `# {exercise.title}`"
    for name in (*exercise.functions, *exercise.constants):
        if name not in readme:
            yield f"{exercise.name}/README.md: never mentions {name}; say what it must do"
    if not exercise.why:
        yield f"{exercise.name}/exercise.toml: why is empty; say why the exercise matters"
    if not exercise.teaches:
        yield f"{exercise.name}/exercise.toml: teaches is empty; say in one line what the exercise teaches"
    elif len(exercise.teaches) > LONGEST_TEACHES or "\n" in exercise.teaches:
        long = f"teaches has {len(exercise.teaches)} characters; say it in one line of {LONGEST_TEACHES} or fewer"
        yield f"{exercise.name}/exercise.toml: {long}"


def _hints(exercise: Exercise) -> Iterator[str]:
    if len(exercise.hints) != HINTS:
        given = f"{len(exercise.hints)} hints; give {HINTS}: direction, method, nearly the formula"
        yield f"{exercise.name}/exercise.toml: {given}"
    code = set(_code_lines(exercise.reference))
    for number, hint in enumerate(exercise.hints, 1):
        squeezed = "".join(hint.split())
        for line in code:
            if line in squeezed:
                held = f"hint {number} holds the reference's line {line!r}; say it in words"
                yield f"{exercise.name}/exercise.toml: {held}"


def _code_lines(path: Path) -> Iterator[str]:
    """The reference's lines of code without blanks, as one would have to recognise them in a hint."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Return) and node.end_lineno == node.lineno:
            line = "".join(ast.unparse(node).split())
            if len(line) >= _LEAST_CODE:
                yield line


def _wrongs(exercise: Exercise) -> Iterator[str]:
    try:
        wrongs = exercise.wrongs
    except CourseError as error:
        yield str(error)
        return
    names = [wrong.name for wrong in wrongs]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{exercise.name}/wrong.toml: two known-wrong solutions are called {name}; rename one"
    if not wrongs:
        yield f"{exercise.name}/wrong.toml: no known-wrong solution; add those that learners really write"
    for wrong in wrongs:
        if not wrong.feedback.strip() or not wrong.title.strip():
            empty = "feedback or title is empty; write the sentence for the learner"
            yield f"{exercise.name}/wrong.toml: {wrong.name}: {empty}"
        if why := _unparsable(wrong.source):
            yield f"{exercise.name}/wrong.toml: {wrong.name}{why}"


def _rights(exercise: Exercise) -> Iterator[str]:
    if len(exercise.rights) < LEAST_RIGHTS:
        number = f"{len(exercise.rights)} other right solutions in {exercise.solution_folder / 'right'}"
        yield f"{exercise.name}: {number}; write {LEAST_RIGHTS} or more that differ from the reference"
    for path in exercise.rights:
        if why := _unreadable(path):
            yield f"{exercise.name}: right/{path.name}{why}"
        elif not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))):
            yield f"{exercise.name}: right/{path.name} has no docstring; say how it differs from the reference"


def _signatures(exercise: Exercise) -> Iterator[str]:
    stub, reference = _definitions(exercise.stub), _definitions(exercise.reference)
    known = {name for name in exercise.functions if name in reference}
    methods = [name for name in stub if "." in name and name.partition(".")[0] in known]
    what = "function or class" if exercise.objects else "function"
    for name in (*exercise.functions, *methods):
        if name not in stub or name not in reference:
            place = "stub" if name not in stub else "reference"
            lacking = f"the {place} defines no {what} {name}; define it, or mend functions in exercise.toml"
            yield f"{exercise.name}: {lacking}"
        elif stub[name] != reference[name]:
            both = f"{name}{stub[name]} in the stub, {name}{reference[name]} in the reference"
            yield f"{exercise.name}: {both}; make them equal"


def _definitions(path: Path) -> dict[str, str]:
    """The module's functions and classes, and the methods of these, with their signatures as text."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return dict(_signatures_in(tree.body))


def _signatures_in(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for node in body:
        if isinstance(node, ast.FunctionDef):
            returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
            yield node.name, f"({ast.unparse(node.args)}){returns}"
        elif isinstance(node, ast.ClassDef):
            yield node.name, ""
            yield from ((f"{node.name}.{name}", signature) for name, signature in _signatures_in(node.body))


def checks_of(exercise: Exercise) -> dict[str, ast.FunctionDef]:
    """The functions of the check file that are checks, by name."""
    return {check.name: check for check in _check_functions(exercise)}


def _check_functions(exercise: Exercise) -> list[ast.FunctionDef]:
    """In order; of two with one name the last one alone is run."""
    tree = ast.parse(exercise.check_file.read_text(encoding="utf-8"), str(exercise.check_file))
    return [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name.startswith("test")]


def _checks(exercise: Exercise) -> Iterator[str]:
    functions = checks_of(exercise)
    counts = Counter(check.name for check in _check_functions(exercise))
    for name in (name for name, count in counts.items() if count > 1):
        yield f"{exercise.check_file.name}: two checks are called {name}, and only the last one runs; rename one"
    for name, node in functions.items():
        if not ast.get_docstring(node):
            yield f"{exercise.check_file.name}: {name} has no docstring; say what it demands, in the learner's words"
    for key, names in (("core", (exercise.core,)), ("advisory", exercise.advisory)):
        for name in names:
            if name not in functions:
                unknown = f"{key} = {name!r} is no check of {exercise.check_file.name}; mend the name"
                yield f"{exercise.name}/exercise.toml: {unknown}"
    if exercise.core in exercise.advisory:
        yield f"{exercise.name}/exercise.toml: the core check {exercise.core} is advisory; a core check must count"
