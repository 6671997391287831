"""JUnit XML: a file for each student, and one for the class. Runs in: the command line.

A suite is one exercise of one student. It says what a student may see, in the class's file too. Work that could not be
taken or graded is an error, work that is missing a skipped test.
"""

from xml.etree.ElementTree import Element, SubElement, fromstring, indent, tostring

from grader.classroom.exports.options import Files, Options, is_our_fault
from grader.classroom.exports.places import places
from grader.classroom.exports.sheet import number
from grader.classroom.exports.shown import NOTHING_CAME, OUR_FAULT, results_shown
from grader.classroom.model import ClassBook, Row, State, earned
from grader.report.junit import to_junit
from grader.report.plain import printable
from grader.result import Report, Run, SandboxLevel

NAME = "junit.xml"
CLASS = "class.xml"
_COUNTS = ("tests", "failures", "errors", "skipped")


def junit(book: ClassBook, options: Options) -> Files:
    """Every student has a file and their suites in the class's file."""
    where = places(row.student.id for row in book.rows)
    files = {}
    everybody: list[Element] = []
    for row in book.rows:
        suites = _suites(row, book, options)
        files[f"{where[row.student.id]}/{NAME}"] = _document(suites, book)
        for suite in suites:
            suite.set("name", f"{printable(row.student.id)}: {suite.get('name')}")
        everybody += suites
    return files | {CLASS: _document(everybody, book)}


def _suites(row: Row, book: ClassBook, options: Options) -> list[Element]:
    if is_our_fault(row):
        return [_one_case(row, "error", OUR_FAULT)]
    if row.state is State.MISSING:
        return [_one_case(row, "skipped", NOTHING_CAME)]
    if row.state is State.REFUSED:
        return [_one_case(row, "error", printable(row.reason))]
    shown = list(results_shown(row, book.assignment, options.now))
    run = Run(SandboxLevel.PROCESS, started_at=row.graded_at, seconds=row.seconds)
    suites = list(fromstring(to_junit(Report(book.assignment.title, tuple(result for _, result in shown), run))))  # noqa: S314 - our own
    for suite, (demand, result) in zip(suites, shown, strict=True):
        _correct(suite, {"score": number(earned(result, demand)), "sandbox": row.sandbox})
    return suites


def _correct(suite: Element, facts: dict[str, str]) -> None:
    """Say what the row says: weights count here, and the level in force may be unknown. Leave out what is unknown."""
    properties = suite.find("properties")
    assert properties is not None
    for item in list(properties):
        item.set("value", printable(facts.get(item.get("name", ""), item.get("value", ""))))
        if not item.get("value"):
            properties.remove(item)


def _one_case(row: Row, tag: str, message: str) -> Element:
    suite = Element("testsuite", name="submission", tests="1", failures="0")
    suite.set("errors", str(int(tag == "error")))
    suite.set("skipped", str(int(tag == "skipped")))
    suite.set("time", "0.000")
    case = SubElement(suite, "testcase", classname="submission", name=printable(row.state.value), time="0.000")
    SubElement(case, tag, type=row.state.value, message=message)
    return suite


def _document(suites: list[Element], book: ClassBook) -> bytes:
    root = Element("testsuites", name=printable(book.assignment.title))
    root.extend(suites)
    for count in _COUNTS[:3]:
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    root.set("time", f"{sum(float(suite.get('time', '0')) for suite in suites):.3f}")
    indent(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode").encode() + b"\n"
