"""Remarks on lines: each failure once, at a line that exists, in a form that editors read."""

import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.report.remarks import Remark, Severity, Source, remarks, to_lines
from grader.result import Call, ExerciseResult, Location, Outcome, Report
from grader.vscode import LINE

from .arbitrary import reports
from .samples import EVERYTHING, RUN, check, exercise, hostile

SOURCES = {"softmax.py": Source("03_forward/softmax/softmax.py", {"softmax": 9})}


def only(result: ExerciseResult, **sources: Source) -> Remark:
    """The one remark on an exercise whose file is `scale.py`."""
    (remark,) = remarks(Report("A course", (result,), RUN), {f"{name}.py": source for name, source in sources.items()})
    return remark


def failed(**more: object) -> ExerciseResult:
    return exercise("scale", "Scale", check("test_scale", "Scaled.", Outcome.FAILED, core=True, **more))


def test_lines_look_as_they_did(golden: Callable[[str, str], None]) -> None:
    """The text is the golden one."""
    golden("everything.lines", to_lines(EVERYTHING, SOURCES))


@given(reports | st.just(hostile()))
def test_each_line_is_read_by_the_matcher(report: Report) -> None:
    """Whatever a learner's code says, a line is one remark, and the last one the total."""
    assume(all(result.file for result in report.exercises))
    *lines, total = to_lines(report, SOURCES).removesuffix("\n").split("\n")
    said = remarks(report, SOURCES)
    found = [re.fullmatch(LINE, line) for line in lines]
    assert [match and match.group(2, 3, 4) for match in found] == [
        (str(remark.line), str(remark.column), remark.severity) for remark in said
    ]
    assert re.search(r"[\x00-\x1f\x7f-\x9f]", "".join(lines)) is None
    assert re.fullmatch(LINE, total) is None


@given(reports)
def test_what_did_not_pass_has_a_remark(report: Report) -> None:
    """An editor that shows nothing would say that nothing is wrong."""
    for result in report.exercises:
        said = remarks(Report("", (result,), RUN), {})
        assert said or result.passed or result.all_hidden
        assert result.passed is False or {remark.severity for remark in said} <= {Severity.WARNING, Severity.NOTE}


def test_a_remark_stands_where_the_code_raised() -> None:
    """With its column; in another file of the learner's where it was there."""
    location = Location("scale.py", 7, 12, "    return 1 / 0")
    at = only(failed(location=location), scale=Source("a/scale.py", {"scale": 3}))
    assert (at.path, at.line, at.column) == ("a/scale.py", 7, 12)
    location = Location("part.py", 5, None, "    return 1 / 0")
    at = only(failed(location=location), scale=Source("a/scale.py"), part=Source("b/part.py"))
    assert (at.path, at.line, at.column) == ("b/part.py", 5, 1)


@pytest.mark.parametrize(
    ("expression", "line"),
    [("moved(1)", 20), ("scale(moved(1))", 3), ("Model.fit(x)", 30), ("unknown(1)", 3), ("", 3)],
)
def test_else_where_the_called_function_is_defined(expression: str, line: int) -> None:
    """Else at the first of the exercise's; a place in a file that is not the learner's is none."""
    source = Source("scale.py", {"scale": 3, "moved": 20, "Model": 30})
    call = Call(expression) if expression else None
    assert only(failed(call=call, location=Location("numpy.py", 9)), scale=source).line == line
    assert only(failed(call=call)).line == 1


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("def scale(x):\n    pass\n", {"scale": 1}),
        ("import a\r\n\r\ndef  scale (x): pass\r\n", {"scale": 3}),
        ("def scale(x): pass\n\ndef scale(y): pass\n", {"scale": 3}),
        ("class A:\n    def scale(self): pass\n", {}),
        ("def scales(x): pass\n# def scale\n", {}),
        ("def move(): (\nasync def scale(x): pass\nclass\tmove: pass\n", {"scale": 2, "move": 3}),
        ("-" * 100_000 + "1\ndef scale(x): pass\n", {"scale": 2}),
    ],
    ids=["plain", "spaces", "twice", "method", "others", "broken", "deep"],
)
def test_where_functions_are_defined(code: str, lines: dict[str, int]) -> None:
    """At the top level, where the last one counts; in code that can't be parsed as well."""
    assert Source.of("scale.py", code.encode(), ["scale", "move"]).functions == lines


def test_functions_are_in_the_order_of_the_exercise() -> None:
    """The first of them stands for the whole."""
    found = Source.of("a.py", b"def b(): pass\ndef a(): pass\n", ["a", "b"])
    assert found.line_of(None) == 2
