"""A report as remarks on lines of the learner's files, and as lines that editors read. Runs in: the command line.

A check that failed is an error where the learner's code raised, or else where the function that was called is defined.
That line is looked for in the text: Python's own parser is not for a stranger's file, as deep nesting can end it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import PurePath

from msgspec import Struct, field

from grader.language import _, capitalized
from grader.report.findings import Kind, findings, untouched
from grader.report.plain import printable
from grader.report.wording import LOOKS_LIKE, OUTCOME_WORDS, exercises_passed, slow_words, total_of
from grader.report.wrapping import clip
from grader.result import Call, CheckResult, ExerciseResult, Location, Outcome, Report

_LONGEST = 240  # cells of one sentence


class Severity(StrEnum):
    """How much a remark matters, in the words of compilers."""

    ERROR = "error"
    WARNING = "warning"  # right, but slow
    NOTE = "note"  # not written yet


class Source(Struct, frozen=True):
    """A learner's file: its path as the reader of the remarks has to open it, and the lines of its functions."""

    path: str
    functions: Mapping[str, int] = field(default_factory=dict)  # in the order of the exercise

    @classmethod
    def of(cls, path: str, code: bytes, functions: Iterable[str]) -> "Source":
        """Find where functions and classes are defined at the top level: the last definition is the one that counts."""
        found: dict[str, int] = {}
        for name in functions:
            pattern = rb"^(?:async[ \t]+)?(?:def|class)[ \t]+" + re.escape(name.encode()) + rb"\b"
            for definition in re.finditer(pattern, code, re.MULTILINE):
                found[name] = code.count(b"\n", 0, definition.start()) + 1
        return cls(path, found)

    def line_of(self, call: Call | None) -> int:
        """Where the called function is defined; else the exercise's first function; else the first line."""
        name = re.split(r"[.(]", call.expression, maxsplit=1)[0] if call else ""
        return self.functions.get(name, next(iter(self.functions.values()), 1))


class Remark(Struct, frozen=True):
    """One thing to say of a line. All texts are one line each, and safe to show."""

    path: str
    line: int  # from 1, like `column`
    column: int
    severity: Severity
    title: str  # the exercise's
    message: str
    code: str  # the check's name; the outcome where no check ran


def remarks(report: Report, sources: Mapping[str, Source]) -> list[Remark]:
    """At least one for each exercise that did not pass and has checks here. `sources` by the files' last names."""
    return [remark for exercise in report.exercises for remark in _of_exercise(exercise, sources)]


def to_lines(report: Report, sources: Mapping[str, Source]) -> str:
    """A line for each remark, as compilers write it: `file:line:column: severity: message [check]`; then the total."""
    lines = [
        f"{remark.path}:{remark.line}:{remark.column}: {remark.severity}: {remark.message} [{remark.code}]"
        for remark in remarks(report, sources)
    ]
    return "\n".join([*lines, printable(f"{exercises_passed(report)}, {total_of(report)}")]) + "\n"


def _of_exercise(exercise: ExerciseResult, sources: Mapping[str, Source]) -> Iterator[Remark]:
    own = sources.get(PurePath(exercise.file).name, Source(exercise.file))

    def remark(
        severity: Severity, code: str, message: str, location: Location | None = None, call: Call | None = None
    ) -> Remark:
        source = sources.get(location.file) if location else None
        if location is None or source is None:
            return Remark(printable(own.path), own.line_of(call), 1, severity, title, message, code)
        column = max(location.column or 1, 1)
        return Remark(printable(source.path), location.line, column, severity, title, message, code)

    title = printable(exercise.title)
    problem = exercise.problem
    if problem is not None:
        said = f"{_(OUTCOME_WORDS[problem.outcome])}: {_short(problem.message)}"
        yield remark(Severity.ERROR, problem.outcome.value, said, problem.location)
    elif untouched(exercise):
        yield remark(Severity.NOTE, exercise.outcome.value, f"{title}: {_(OUTCOME_WORDS[exercise.outcome])}")
    elif not exercise.all_hidden:
        found = [(f.check, f.kind) for f in findings(exercise) if f.kind in _SAID]
        for check, kind in found:
            begun = check.outcome is not Outcome.NOT_STARTED
            severity = _SAID[kind] if begun else Severity.NOTE
            happened = _slow(check) if kind is Kind.SLOW else _happened(check)
            yield remark(severity, printable(check.name), _message(check, happened), check.location, check.call)
        if not found and not exercise.passed:
            yield remark(Severity.NOTE, exercise.outcome.value, f"{title}: {_(OUTCOME_WORDS[exercise.outcome])}")


_SAID = {Kind.FAILED: Severity.ERROR, Kind.REPEATED: Severity.ERROR, Kind.SLOW: Severity.WARNING}


def _message(check: CheckResult, happened: str) -> str:
    """What is demanded, what happened, and what that looks like."""
    sentences = [check.demand or check.name, happened]
    if check.misconception:
        said, title = _("{heading}: {title}."), check.misconception.title.rstrip(".")
        sentences.append(said.format(heading=_(LOOKS_LIKE), title=title))
    return " ".join(_sentence(text) for text in sentences if text.strip())


def _happened(check: CheckResult) -> str:
    what = check.message or ("" if check.outcome is Outcome.FAILED else _(OUTCOME_WORDS[check.outcome]))
    if not check.call or not what:
        return what
    return f"{_short(check.call.expression)}: {what}"


def _slow(check: CheckResult) -> str:
    words = capitalized(slow_words(check))
    return f"{words}: {check.message}" if check.message else words


def _sentence(text: str) -> str:
    shown = _short(text)
    return shown if shown.endswith((".", "!", "?", "…", "。")) else _("{sentence}.").format(sentence=shown)


def _short(text: str) -> str:
    return clip(printable(" ".join(text.split())), _LONGEST)
