"""The JSON document holds the whole report, says what follows from it, and can be read back."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest
from hypothesis import given
from msgspec.structs import replace

import grader.report
from grader.errors import GraderError
from grader.report.as_json import from_json, schema, schema_text, to_json
from grader.result import Report

from .arbitrary import reports
from .samples import EMPTY, EVERYTHING, QUIZ, RUN, SIGMOID, hostile

COMMITTED = Path(grader.report.__file__).with_name("report.schema.json")


@given(reports)
def test_a_report_survives_being_written_and_read(report: Report) -> None:
    """What is read equals what was written."""
    assert from_json(to_json(report)) == report


@given(reports)
def test_every_document_keeps_to_the_schema(report: Report) -> None:
    """The schema describes what is written, whatever the report."""
    jsonschema.Draft202012Validator(schema()).validate(json.loads(to_json(report)))


@given(reports)
def test_the_summary_is_what_the_model_derives(report: Report) -> None:
    """Scores and outcomes in the summary are the model's own."""
    summary = json.loads(to_json(report))["summary"]
    assert summary["score"] == pytest.approx(report.score)
    assert summary["passed"] is report.passed
    assert [e["outcome"] for e in summary["exercises"]] == [e.outcome.value for e in report.exercises]
    assert [e["checks_passed"] for e in summary["exercises"]] == [e.passed_count for e in report.exercises]
    assert summary["checks_counted"] == sum(len(e.counted) for e in report.exercises)


def test_the_committed_schema_is_fresh(golden_schema: str) -> None:
    """The file beside the code is the one made from the types."""
    assert COMMITTED.read_text(encoding="utf-8") == golden_schema


def test_the_schema_is_a_schema() -> None:
    """It keeps to JSON Schema 2020-12, and refuses a document of another format."""
    jsonschema.Draft202012Validator.check_schema(schema())
    document = json.loads(to_json(EVERYTHING)) | {"format": 2}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema())


def test_the_same_report_gives_the_same_bytes() -> None:
    """Keys keep their order, also those of dictionaries."""
    swapped = replace(RUN, learner_seconds=dict(reversed(list(RUN.learner_seconds.items()))))
    assert to_json(EVERYTHING) == to_json(replace(EVERYTHING, run=swapped))
    assert list(json.loads(to_json(EVERYTHING))) == ["format", "course", "summary", "exercises", "quizzes", "run"]
    assert to_json(EMPTY).endswith(b"}\n")


def test_a_quiz_is_in_the_document(golden: Callable[[str, str], None]) -> None:
    """Its questions in the model's words, and what follows from them in the summary."""
    report = Report("Course", (SIGMOID,), RUN, (QUIZ,))
    golden("with-quiz.json", to_json(report).decode())


def test_a_document_without_quizzes_is_read_as_well() -> None:
    """One that was written before there were any."""
    document = json.loads(to_json(EVERYTHING))
    del document["quizzes"], document["summary"]["quizzes"]
    assert from_json(json.dumps(document).encode()) == EVERYTHING


def test_hostile_text_is_escaped_and_not_lost() -> None:
    """A terminal or a build service that shows the document obeys nothing, and a reader gets the text as it was."""
    torn = hostile()
    text = to_json(torn).decode()
    assert not set(text) & set("\x1b\x7f\x9b\u202e\u2066\u200b\u2028\ufeff\ufffe\U000e0041")
    assert "##[" not in text
    whole = hostile(torn.exercises[0].checks[0].message.replace("\ud800", ""))
    assert from_json(to_json(whole)) == whole


def test_a_lone_surrogate_becomes_visible() -> None:
    """UTF-8 cannot carry it; its escape stands in its place."""
    assert from_json(to_json(hostile("a\ud800b"))) == hostile("a\\ud800b")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_json_lacks_is_refused(value: float) -> None:
    """The message names the exercise and the number."""
    with pytest.raises(GraderError, match=rf"sigmoid: points = {value}; .*finite"):
        to_json(replace(EVERYTHING, exercises=(replace(SIGMOID, points=value),)))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Input data was truncated"),
        (b"[]", "format = None; this version reads format 1"),
        (b"{}", "format = None; this version reads format 1"),
        (b'{"format": 2}', "format = 2; this version reads format 1"),
        (b'{"format": true}', "format = True; this version reads format 1"),
        (b'{"format": 1}', "missing required field `course`"),
        (b'{"format": 1, "course": "\xff"}', "give a report that this program wrote"),
        (to_json(EVERYTHING).replace(b'"timed_out"', b'"slept"'), "Invalid enum value 'slept'"),
        (b"[" * 100_000, "give a report that this program wrote"),
    ],
)
def test_what_is_no_report_is_refused(data: bytes, said: str) -> None:
    """The message says what was found and what is read."""
    with pytest.raises(GraderError) as caught:
        from_json(data)
    assert said in str(caught.value)


@pytest.fixture
def golden_schema(request: pytest.FixtureRequest) -> str:
    """The schema's text, written to its file when asked to."""
    text = schema_text()
    if request.config.getoption("--refresh-golden", default=False):
        COMMITTED.write_text(text, encoding="utf-8")
    return text
