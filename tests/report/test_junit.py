"""The JUnit document is well-formed, counts right, and hides no problem."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given

from grader.report.findings import Kind, kind_of
from grader.report.junit import to_junit
from grader.result import ExerciseResult, Outcome, Problem, Report

from .arbitrary import reports
from .samples import EMPTY, EVERYTHING, PROBLEMS, RUN, SLOW, exercise, hostile

# What the xunit2 schema of the Jenkins plugin allows: the attributes and the children of each element.
ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname"},
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"name", "classname", "time"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "skipped": {"type", "message"},
    "system-out": set(),
}
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase", "system-out"},
    "properties": {"property"},
    "testcase": {"failure", "error", "skipped", "system-out"},
}


def parsed(report: Report) -> ElementTree.Element:
    """The document's root."""
    return ElementTree.fromstring(to_junit(report).encode())


def passed(case: ElementTree.Element) -> bool:
    """Whether a case has none of the elements that say otherwise."""
    return not any(child.tag in {"failure", "error", "skipped"} for child in case)


def test_the_document_looks_as_it_did(golden: Callable[[str, str], None]) -> None:
    """The text is the golden one."""
    golden("everything.junit.xml", to_junit(EVERYTHING))


@given(reports)
def test_the_document_keeps_to_the_schema(report: Report) -> None:
    """Elements, attributes and times are those of xunit2, whatever the report."""
    for element in parsed(report).iter():
        assert set(element.attrib) == ATTRIBUTES[element.tag]
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())
        assert re.fullmatch(r"[0-9]+\.[0-9]{3}", element.get("time", "0.000"))


@given(reports)
def test_the_counts_are_those_of_the_cases(report: Report) -> None:
    """A suite's counts are its cases', and the document's are its suites'."""
    root = parsed(report)
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(name, "")) == len(suite.findall(f"testcase/{tag}"))
    assert int(root.get("tests", "")) == len(root.findall(".//testcase"))


@given(reports)
def test_a_case_that_passed_earned_its_points(report: Report) -> None:
    """The cases that passed are the checks that count as passed, and advisory ones."""
    for suite, exercise_ in zip(parsed(report), report.exercises, strict=True):
        expected = 0 if exercise_.problem else sum(kind_of(exercise_, c) is Kind.PASSED for c in exercise_.checks)
        assert sum(map(passed, suite.findall("testcase"))) == expected


@pytest.mark.parametrize("stopped", PROBLEMS)
def test_a_problem_makes_every_check_an_error(stopped: ExerciseResult) -> None:
    """No check of an exercise that could not run looks as if it had."""
    (suite,) = parsed(Report("Course", (stopped,), RUN))
    assert suite.get("errors") == suite.get("tests") == "2"
    assert stopped.problem
    assert all(stopped.problem.message in e.get("message", "") for e in suite.iter("error"))


def test_a_problem_without_checks_is_an_error_too() -> None:
    """An exercise whose checks could not even be listed does not vanish."""
    lost = exercise("a", "A", problem=Problem(Outcome.GRADER_ERROR, "No checks."))
    (suite,) = parsed(Report("Course", (lost,), RUN))
    assert suite.get("errors") == "1"


def test_a_slow_check_is_no_failure() -> None:
    """Advisory and skipped checks are skipped, with their reason."""
    (suite,) = parsed(Report("Course", (SLOW,), RUN))
    reasons = [element.get("message", "") for element in suite.iter("skipped")]
    assert suite.get("failures") == suite.get("errors") == "0"
    assert [r.split(";")[0] for r in reasons] == [
        "right, but slow: 13 times as slow as indexing with an array",
        "MNIST is not downloaded",
    ]


def test_hostile_text_stays_text() -> None:
    """What the learner's code said makes no element, and no character that XML forbids."""
    text = to_junit(hostile())
    assert {element.tag for element in parsed(hostile())} == {"testsuite"}
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert re.search("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text) is None


def test_an_empty_report_is_a_document() -> None:
    """No exercises, no suites."""
    assert len(parsed(EMPTY)) == 0


def test_another_reader_agrees() -> None:
    """The junitparser library, where it is installed, reads the same counts."""
    junitparser = pytest.importorskip("junitparser")
    read = junitparser.JUnitXml.fromstring(to_junit(EVERYTHING).encode())
    root = parsed(EVERYTHING)
    assert (str(read.tests), str(read.failures), str(read.errors)) == (
        root.get("tests"),
        root.get("failures"),
        root.get("errors"),
    )
    assert [s.name for s in read] == [e.name for e in EVERYTHING.exercises]
