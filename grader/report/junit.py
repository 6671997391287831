"""Write a report as JUnit XML (xunit2), for build services. Runs in: the command line.

An exercise is a suite, a check a case. A demand that is not met is a failure; code that could not be run or raised is
an error. Skipped are the checks that could not run here, that nobody has begun, that wait for the core check, and the
advisory ones that were slow: so the cases that passed are those that earn points, and passed advisory ones. Quizzes are
left out: the first answer counts, so a case for a question could never turn green again.
"""

import re
from typing import assert_never
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from grader.language import _
from grader.report.findings import Kind, kind_of
from grader.report.plain import printable
from grader.report.source import excerpt, place
from grader.report.wording import HIDDEN_COUNT, LOOKS_LIKE, NOT_COUNTED, OUTCOME_WORDS, number, slow_words
from grader.result import CheckResult, ExerciseResult, Location, Outcome, Report

_TAGS = {"failure": "failures", "error": "errors", "skipped": "skipped"}
_SOURCE_WIDTH = 200


def to_junit(report: Report) -> str:
    """The document, with its declaration and a newline at the end; well-formed whatever the learner's code said."""
    root = Element("testsuites", name=_text(report.course))
    for exercise in report.exercises:
        root.append(_suite(exercise, report))
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", _seconds(report.run.seconds))
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(exercise: ExerciseResult, report: Report) -> Element:
    suite = Element("testsuite", name=_text(exercise.name))
    _properties(suite, exercise, report)
    seconds = 0.0
    for check in exercise.checks or _stand_in(exercise):
        spent = report.run.learner_seconds.get(f"{exercise.name}/{check.name}", 0.0)
        seconds += spent
        suite.append(_case(exercise, check, spent))
    if exercise.problem and exercise.problem.output:
        SubElement(suite, "system-out").text = _text(exercise.problem.output)
    suite.set("tests", str(len(suite.findall("testcase"))))
    for tag, count in _TAGS.items():
        suite.set(count, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", _seconds(seconds))
    suite.set("timestamp", re.sub(r"(\.\d+)?(Z|[+-]\d\d:\d\d)?$", "", _text(report.run.started_at)))
    suite.set("hostname", "localhost")  # the model names no machine; Ant writes this where it knows none
    return suite


def _stand_in(exercise: ExerciseResult) -> tuple[CheckResult, ...]:
    """One case for a problem that left no check behind: it must not look like nothing was wrong."""
    if exercise.problem is None:
        return ()
    return (CheckResult("exercise", exercise.title, exercise.problem.outcome, core=True),)


def _properties(suite: Element, exercise: ExerciseResult, report: Report) -> None:
    run = report.run
    facts = {
        "title": exercise.title,
        "file": exercise.file,
        "outcome": exercise.outcome.value,
        **({"note": _(HIDDEN_COUNT)} if exercise.visible_only else {"score": number(exercise.score)}),
        "points": number(exercise.points),
        "sandbox": run.sandbox.value,
        "grader": run.grader,
        "python": run.python,
        "numpy": run.numpy,
        "pytest": run.pytest,
        "platform": run.platform,
        "data": run.data,
    }
    properties = SubElement(suite, "properties")
    for name, value in facts.items():
        SubElement(properties, "property", name=name, value=_text(value))


def _case(exercise: ExerciseResult, check: CheckResult, seconds: float) -> Element:
    classname = f"{exercise.chapter}.{exercise.name}"
    case = Element("testcase", classname=_text(classname), name=_text(check.name), time=_seconds(seconds))
    if exercise.problem:
        message = f"{_(OUTCOME_WORDS[exercise.problem.outcome])}: {exercise.problem.message}"
        _verdict(case, "error", exercise.problem.outcome, message, "\n".join(_where(exercise.problem.location)))
        return case
    kind = kind_of(exercise, check)
    if kind is not Kind.PASSED:
        _judge(case, check, kind)
    if check.output:
        SubElement(case, "system-out").text = _text(check.output)
    return case


def _judge(case: Element, check: CheckResult, kind: Kind) -> None:
    if check.outcome is Outcome.NOT_STARTED:
        _verdict(case, "skipped", check.outcome, _(OUTCOME_WORDS[check.outcome]))
    elif kind is Kind.WAITING:
        _verdict(case, "skipped", check.outcome, _(NOT_COUNTED))
    elif kind is Kind.SLOW:
        _verdict(case, "skipped", check.outcome, f"{slow_words(check)}: {check.message or check.demand}")
    else:
        message = check.message or _(OUTCOME_WORDS[check.outcome])
        _verdict(case, _tag(check.outcome), check.outcome, message, _story(check))


def _tag(outcome: Outcome) -> str:
    """The element for a check with `outcome` that did not pass."""
    match outcome:
        case Outcome.FAILED:
            return "failure"
        case Outcome.SKIPPED | Outcome.NOT_STARTED:
            return "skipped"
        case (
            Outcome.IMPORT_ERROR
            | Outcome.RAISED
            | Outcome.CRASHED
            | Outcome.TIMED_OUT
            | Outcome.OUT_OF_MEMORY
            | Outcome.REFUSED
            | Outcome.GRADER_ERROR
        ):
            return "error"
        case Outcome.PASSED:
            raise AssertionError("a passed check has no such element")
    assert_never(outcome)


def _verdict(case: Element, tag: str, outcome: Outcome, message: str, story: str = "") -> None:
    element = SubElement(case, tag, type=outcome.value, message=printable(message))
    if story:
        element.text = _text(story)


def _story(check: CheckResult) -> str:
    lines = [check.demand, *_where(check.location)]
    if check.call:
        lines.append(_said(_("called"), check.call.expression))
        lines += [_said(_("came back"), check.call.returned)] * (check.call.returned is not None)
        lines += [_said(_("raised"), check.call.raised)] * (check.call.raised is not None)
    lines += [_said(_("expected"), check.expected)] * (check.expected is not None)
    lines += check.details
    if check.misconception:
        lines.append(f"{_(LOOKS_LIKE)}: {check.misconception.title.rstrip('.')}. {check.misconception.feedback}")
    return "\n".join(lines)


def _said(label: str, text: str | None) -> str:
    return f"{label}: {text}"


def _where(location: Location | None) -> list[str]:
    return [f"{place(location)}: {excerpt(location, _SOURCE_WIDTH)[0]}".rstrip(": ")] if location else []


def _seconds(value: float) -> str:
    return f"{max(value, 0.0):.3f}"


def _text(text: str) -> str:
    return printable(text, keep_newlines=True)
