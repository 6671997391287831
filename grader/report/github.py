"""A report for GitHub Actions: annotations of lines, and the summary of a job. Runs in: the command line.

The runner obeys any line that begins with "::", and "##[" anywhere. Annotations are lines of our own in which every
text is escaped, and shown texts are safe by `grader.report.plain`; a learner's own lines stand behind a gutter.
"""

import re
from collections.abc import Mapping

from grader.language import _
from grader.report.findings import Kind, findings, untouched
from grader.report.plain import printable
from grader.report.remarks import Remark, Severity, Source, remarks
from grader.report.wording import OUTCOME_WORDS, exercises_passed, status_of, total_of
from grader.report.wrapping import clip
from grader.result import ExerciseResult, Report

SUMMARY_LIMIT = 1 << 20  # bytes of a step's summary; GitHub shows nothing of a longer one
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_MARKDOWN = re.compile(r"[!-/:-@\[-`{-~]")  # all that a backslash takes the meaning from
_LONGEST = 240  # cells of a table's cell
_ROOM = 200  # bytes for the row that says how many are left out


def to_annotations(report: Report, sources: Mapping[str, Source]) -> str:
    """A workflow command for each remark; GitHub shows the first ten errors, warnings and notices of a step."""
    return "".join(f"{_annotation(remark)}\n" for remark in remarks(report, sources))


def to_summary(report: Report) -> str:
    """The table of exercises in Markdown, below the limit of a summary. Every text in it is inert."""
    heads = [_("exercise"), _("verdict"), _("what to look at first")]
    lines = [
        f"## {_inert(report.course)}",
        "",
        f"**{_inert(exercises_passed(report))}, {_inert(total_of(report))}**",
        "",
        f"| | {' | '.join(map(_inert, heads))} |",
        "| --- | --- | --- | --- |",
    ]
    used = sum(len(line.encode()) + 1 for line in lines)
    rows = [_row(exercise) for exercise in report.exercises]
    for number, row in enumerate(rows):
        used += len(row.encode()) + 1
        if used > SUMMARY_LIMIT - _ROOM:
            more = _("{count} more").format(count=len(rows) - number)
            lines.append(f"| | {_inert(more)} | | |")
            break
        lines.append(row)
    return "\n".join(lines) + "\n"


def _annotation(remark: Remark) -> str:
    properties = {
        "file": remark.path,
        "line": str(remark.line),
        "col": str(remark.column),
        "title": f"{remark.title} [{remark.code}]",
    }
    said = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[remark.severity]} {said}::{_data(remark.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _row(exercise: ExerciseResult) -> str:
    sign = "✅" if exercise.passed else "⬜" if untouched(exercise) or exercise.all_hidden else "❌"
    status = [_(OUTCOME_WORDS[exercise.outcome])] if untouched(exercise) else status_of(exercise)
    cells = [
        sign,
        f"{_inert(exercise.title)} ({_inert(exercise.name)})",
        _inert(", ".join(status)),
        _inert(_first(exercise)),
    ]
    return f"| {' | '.join(cells)} |"


def _first(exercise: ExerciseResult) -> str:
    """The misconception or the demand of the first check that failed, or why none could run."""
    if exercise.problem is not None:
        return exercise.problem.message
    if untouched(exercise):
        return ""
    for finding in findings(exercise):
        check = finding.check
        if finding.kind is Kind.FAILED:
            return check.misconception.title if check.misconception else check.demand or check.name
    return ""


def _inert(text: str) -> str:
    """A text in which nothing is markup, a link, a mention or the end of a cell."""
    return _MARKDOWN.sub(lambda sign: f"\\{sign[0]}", clip(printable(" ".join(text.split())), _LONGEST))
