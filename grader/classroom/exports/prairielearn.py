"""PrairieLearn's `results.json`, one for each student. Runs in: the command line.

The score is a share from 0 to 1. Points stand on every test, 0 of 0 on those that don't count. PrairieLearn takes at
most 1 MB: what the code printed goes first, then the texts of the tests.
"""

from typing import Any

from grader.classroom.exports.document import document
from grader.classroom.exports.options import Files, Options, is_our_fault, mark_to_write
from grader.classroom.exports.places import places
from grader.classroom.exports.sheet import rounded
from grader.classroom.exports.shown import NOTHING_CAME, OUR_FAULT, Test, summary, tests_shown
from grader.classroom.model import ClassBook, Mark, Row, State
from grader.report.plain import printable

NAME = "results.json"
MOST = 1_000_000  # bytes of a file
_FULL = 1.0
_NEARLY = 0.9999  # what rounds to the full share and is not


def prairielearn(book: ClassBook, options: Options) -> Files:
    """A file for each student; what could not be taken or graded is "not gradable", which costs them nothing there."""
    where = places(row.student.id for row in book.rows)
    return {
        f"{where[row.student.id]}/{NAME}": _small_enough(_results(row, book, options))
        for row in book.rows
        if row.state is not State.MISSING or options.missing_as_zero
    }


def _results(row: Row, book: ClassBook, options: Options) -> dict[str, Any]:
    mark = mark_to_write(row, book, options)
    if mark is None or is_our_fault(row):
        return _not_gradable(OUR_FAULT)
    if row.state is State.REFUSED:
        return _not_gradable(printable(row.reason))
    if row.state is State.MISSING:
        return {"gradable": True, "score": 0.0, "message": NOTHING_CAME, "tests": []}
    return {
        "gradable": True,
        "score": _share(mark),
        "message": "\n".join(summary(row, book.assignment, mark, options.now)),
        "tests": [_test(test) for test in tests_shown(row, book.assignment, mark, options.now)],
    }


def _not_gradable(reason: str) -> dict[str, Any]:
    return {"gradable": False, "message": reason, "format_errors": [reason]}


def _share(mark: Mark) -> float:
    if mark.points <= 0:
        return 0.0
    share = rounded(min(mark.score / mark.points, _FULL))
    return _NEARLY if share == _FULL and mark.score < mark.points * (1 - 1e-9) else share


def _test(test: Test) -> dict[str, Any]:
    return {
        "name": test.demand,
        "description": test.exercise if test.exercise != test.demand else "",
        "points": rounded(test.points) if test.counts else 0,
        "max_points": rounded(test.most) if test.counts else 0,
        "message": test.text,
        "output": test.output,
    }


def _small_enough(results: dict[str, Any]) -> bytes:
    data = document(results)
    for key in ("output", "message"):
        if len(data) > MOST:
            for test in results["tests"]:
                test[key] = ""
            data = document(results)
    return data
