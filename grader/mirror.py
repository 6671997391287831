"""Exceptions of the learner's code, read from what its process says and raised here by name. Runs in: checks.

Nothing of the description is believed but its text: types are looked up by name, places must be in the submission.
"""

import builtins
import re
from typing import Any

from grader.intake import Submission
from grader.language import N_, _
from grader.result import Location
from grader.trace import LearnerError

LONGEST_NAME = 100  # of an exception's type
LONGEST_MESSAGE = 2000
LAST_LINE = 1_000_000  # no file that is taken has more lines, and no line more columns

_EXCEPTIONS: dict[str, type[Exception]] = {
    name: kind for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, Exception)
}
_EXITS = {
    "SystemExit": N_("the code calls sys.exit, which ends Python; leave that out"),
    "KeyboardInterrupt": N_(
        "the code raises it itself, and it is for the person at the keyboard; raise another exception"
    ),
    "GeneratorExit": N_(
        "the code raises it itself, and Python keeps it for closing generators; raise another exception"
    ),
}

_WARNINGS = {
    "overflow encountered in scalar": N_(
        "a result does not fit its type: 0 to 255 for uint8, at most 1.8e308 for float64"
    ),
    "overflow": N_("a result grew over the largest float (about 1.8e308 for float64) and became infinity"),
    "divide by zero": N_("a number was divided by zero, or the logarithm of zero was taken"),
    "invalid value": N_("an operation without a result, such as inf - inf, inf / inf or 0 / 0, gave NaN"),
}

_NOT_ALIGNED = re.compile(r"shapes \(.*\) and \(.*\) not aligned")  # np.dot
# What NumPy and Python say to beginners most often, by the start of its message, and what it means.
_PRODUCT = N_("A @ B needs as many columns in A as B has rows; look at both shapes")
_ONE_NUMBER = N_(
    "`math` takes one number, and here stands an array; NumPy's functions, such as np.exp, take whole arrays"
)
_REMEDIES = {
    "The truth value of an array": N_(
        "a comparison of arrays gives a True or False for each element, but `if`, `and` "
        "or `max` ask for one; np.where and np.maximum choose for each, .all() and .any() make one of many"
    ),
    "matmul: ": _PRODUCT,
    "operands could not be broadcast": N_(
        "shapes are matched from their last axes: two lengths must be equal, or one 1"
    ),
    "only 0-dimensional arrays can be converted": _ONE_NUMBER,
    "only length-1 arrays can be converted": _ONE_NUMBER,  # the same in NumPy 1
    "EOF when reading a line": N_("nobody is there to answer `input()`; leave it out"),
    "No module named": N_(
        "code that is graded finds Python's own modules, NumPy and its own files alone; leave out what needs others"
    ),
}
_DEFINITION = re.compile(r"[\w\s.,*\[\]]+(:[^=]*)?=(?!=)|@|(async\s+)?def\b")  # of a value or a function
_CONFLICT_MARKS = ("<<<<<<<", "=======", ">>>>>>>")


def read_error(description: dict[Any, Any], submission: Submission) -> LearnerError:
    """The exception that a description is about: its types by name, its text, and its place in the learner's files."""
    said = description.get("types")
    types = tuple(t for t in said if _is_name(t)) if type(said) is list else ()
    kind = types[0] if types else ""
    text = description.get("message")
    message = wording(kind, text if type(text) is str else "")
    match description:
        case {"syntax": [str(file), int(line), int(column), str(text)]}:
            return LearnerError(types, text[:500], _place(submission, file, line, column or None))
        case {"frames": [*_, [str(file), int(line), str()]]}:
            return LearnerError(types, message, _place(submission, file, line, None))
    return LearnerError(types, message)


def own_call(description: dict[Any, Any], submission: Submission) -> str:
    """Of an exception inside a function: the line outside of all that called it while the file was imported, if any."""
    frames = description.get("frames")
    last, outside = None, None
    for frame in frames if type(frames) is list else ():
        match frame:
            case [str(file), int(line), str(name)]:
                last = _place(submission, file, line, None)
                outside = last if name == "<module>" else outside
    if last is None or outside is None or (last.file, last.line) == (outside.file, outside.line):
        return ""
    if outside.text.startswith("class "):
        return ""
    said = _("line {line} of {file} calls this while the file is imported")
    if not _DEFINITION.match(outside.text):
        said = _(
            "line {line} of {file} calls this while the file is imported; put calls of your own below"
            ' `if __name__ == "__main__":`'
        )
    return said.format(line=outside.line, file=outside.file)


def wording(kind: str, message: str) -> str:
    """The text that is kept of an exception: of one that ends Python, what to do about it."""
    return _(_EXITS[kind]) if kind in _EXITS else message[:LONGEST_MESSAGE]


def _is_name(text: object) -> bool:
    return type(text) is str and text.isidentifier() and len(text) < LONGEST_NAME


def _place(submission: Submission, file: str, line: int, column: int | None) -> Location | None:
    if file.removesuffix(".py") not in submission.sources or not 1 <= line <= LAST_LINE:
        return None
    column = int(column) if column is not None and 1 <= column <= LAST_LINE else None
    return Location(file, int(line), column, submission.line(file, line))  # True is an int too


def exception(error: LearnerError, description: dict[Any, Any]) -> Exception:
    """An exception of the same type by name: a built-in one, or a new class below the nearest built-in one."""
    made = _made(error, description.get("args"))
    made.learner_error = error  # type: ignore[attr-defined]
    return made


def _made(error: LearnerError, args: object) -> Exception:
    base = next((_EXCEPTIONS[t] for t in error.types if t in _EXCEPTIONS), None)
    if base is None:
        return RuntimeError(str(error))
    kind = base if error.kind == base.__name__ else type(error.kind, (base,), {})
    try:
        made: Exception = kind(*args) if type(args) is list and args else kind(error.message)
    except Exception:  # a built-in type that wants other arguments: UnicodeDecodeError
        return Exception(str(error))
    return made


def explained(error: LearnerError, memory_mb: int) -> str:
    """The exception in a sentence; what NumPy only names is said in words."""
    if "MemoryError" in error.types:
        asked = _("the code asked for more memory than the {count} MiB that it may use").format(count=memory_mb)
        return f"{asked}: {error.message}" if error.message else asked
    if error.kind in ("FloatingPointError", "RuntimeWarning"):
        why = next((why for start, why in _WARNINGS.items() if error.message.startswith(start)), "")
        said = _("NumPy warns: {warning} ({meaning})") if why else _("NumPy warns: {warning}")
        return said.format(warning=error.message, meaning=_(why))
    return str(error)


def remedy(error: LearnerError) -> str:
    """What an exception means, for those that beginners meet most; "" for any other."""
    if error.kind in ("SyntaxError", "IndentationError"):
        at_mark = error.location is not None and error.location.text.startswith(_CONFLICT_MARKS)
        return _("git marks two versions here; keep one, and delete the lines of marks") if at_mark else ""
    if error.kind not in ("ValueError", "TypeError", "EOFError", "ModuleNotFoundError"):
        return ""
    if _NOT_ALIGNED.match(error.message):
        return _(_PRODUCT)
    return next((_(why) for start, why in _REMEDIES.items() if error.message.startswith(start)), "")
