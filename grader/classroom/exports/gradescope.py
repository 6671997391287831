"""Gradescope's `results.json`, one for each student. Runs in: the command line.

Every text is marked as plain: at the top Gradescope would take it for HTML. The whole score stands at the top, since
Gradescope's sum of the tests knows no penalty. While tests are hidden, Gradescope shows students no total, so the words
at the top have it.
"""

from typing import Any

from grader.classroom.exports.document import document
from grader.classroom.exports.options import Files, Options, mark_to_write
from grader.classroom.exports.places import places
from grader.classroom.exports.sheet import rounded
from grader.classroom.exports.shown import Shown, Test, hides, summary, tests_shown
from grader.classroom.model import ClassBook, Mark, Row, State
from grader.report.findings import Kind

NAME = "results.json"
_PLAIN = "text"


def gradescope(book: ClassBook, options: Options) -> Files:
    """A file for each student who has a mark: one without a score would be no result."""
    where = places(row.student.id for row in book.rows)
    return {
        f"{where[row.student.id]}/{NAME}": document(_results(row, book, options, mark))
        for row in book.rows
        if (mark := mark_to_write(row, book, options)) is not None
    }


def gradescope_notes(book: ClassBook, options: Options) -> list[str]:
    """What Gradescope does that one may not expect, a sentence each."""
    if not hides(book, options.now):
        return []
    return ["Gradescope shows students no total while tests are hidden; the words at the top of the results tell it"]


def _tests(row: Row, book: ClassBook, options: Options) -> list[Test]:
    mark = mark_to_write(row, book, options)
    if mark is None or row.state is not State.GRADED:
        return []
    return tests_shown(row, book.assignment, mark, options.now)


def _results(row: Row, book: ClassBook, options: Options, mark: Mark) -> dict[str, Any]:
    return {
        "score": rounded(mark.score),
        "output": "\n".join(summary(row, book.assignment, mark, options.now)),
        "output_format": _PLAIN,
        "test_output_format": _PLAIN,
        "test_name_format": _PLAIN,
        "stdout_visibility": Shown.NEVER.value,
        "tests": [_test(test) for test in _tests(row, book, options)],
    }


def _test(test: Test) -> dict[str, Any]:
    printed = f"\n\nIt printed:\n{test.output}" if test.output.strip() else ""
    about: dict[str, Any] = {
        "name": f"{test.exercise}: {test.demand}" if test.demand != test.exercise else test.demand,
        "number": test.number,
        "output": test.text + printed,
        "visibility": test.shown.value,
    }
    if test.counts:
        about |= {"score": rounded(test.points), "max_score": rounded(test.most)}
    if test.counts or test.kind is Kind.PASSED:
        about["status"] = "passed" if test.kind is Kind.PASSED else "failed"
    return about
