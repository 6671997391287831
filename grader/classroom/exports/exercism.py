"""Exercism's test runner results, version 3, one file for each student. Runs in: the command line.

Exercism grades one exercise at a time; here an exercise of the assignment is a task, numbered as in the assignment.
Checks that don't count are left out: there is no word for them. Nor is there a place for marks.
"""

from typing import Any

from grader.classroom.exports.document import document
from grader.classroom.exports.options import Files, Options, is_our_fault, mark_to_write
from grader.classroom.exports.places import places
from grader.classroom.exports.shown import NOTHING_CAME, OUR_FAULT, Test, tests_shown
from grader.classroom.model import ClassBook, Row, State
from grader.report.findings import Kind
from grader.report.plain import printable
from grader.result import Outcome

NAME = "results.json"
VERSION = 3
MOST_OUTPUT, MOST_MESSAGE = 500, 65_535  # characters
_CUT = "\nOutput was truncated. Please limit to 500 chars."
_STOPPED = "No test could run."
_NO_TEST = "Nothing of this assignment is a test."


def exercism(book: ClassBook, options: Options) -> Files:
    """A file for each student of whom something came, and for the others where that counts as 0."""
    where = places(row.student.id for row in book.rows)
    return {
        f"{where[row.student.id]}/{NAME}": document(_results(row, book, options))
        for row in book.rows
        if row.state is not State.MISSING or options.missing_as_zero
    }


def _results(row: Row, book: ClassBook, options: Options) -> dict[str, Any]:
    mark = mark_to_write(row, book, options)
    if mark is None or is_our_fault(row):
        return _error(OUR_FAULT)
    if row.state is State.MISSING:
        return _error(NOTHING_CAME)
    if row.state is State.REFUSED:
        return _error(printable(row.reason))
    tests = [test for test in tests_shown(row, book.assignment, mark, options.now) if _is_check(test, book)]
    if not tests:
        return _error(_NO_TEST)
    statuses = [_status(test) for test in tests]
    if all(result.problem is not None for result in row.results):
        return _error("\n\n".join(dict.fromkeys(test.text for test in tests)), [_test(test) for test in tests])
    passed = all(status == "pass" for status in statuses)
    return {
        "version": VERSION,
        "status": "pass" if passed else "fail",
        "message": None,
        "tests": [_test(test) for test in tests],
    }


def _is_check(test: Test, book: ClassBook) -> bool:
    return test.kind not in {Kind.SKIPPED, Kind.SLOW} and test.name not in book.assignment.quizzes


def _error(message: str, tests: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"version": VERSION, "status": "error", "message": _at_most(message, MOST_MESSAGE), "tests": tests or []}


def _test(test: Test) -> dict[str, Any]:
    status = _status(test)
    return {
        "name": f"{test.exercise}: {test.demand}",
        "status": status,
        "message": _at_most(test.text, MOST_MESSAGE) if status != "pass" else None,
        "output": _at_most(test.output, MOST_OUTPUT) or None,
        "task_id": int(test.number.partition(".")[0]),
    }


def _status(test: Test) -> str:
    match test.outcome:
        case Outcome.PASSED:
            return "pass"
        case Outcome.FAILED | Outcome.NOT_STARTED:
            return "fail"
        case _:
            return "error"


def _at_most(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - len(_CUT)] + _CUT
