"""Every export format keeps to its fields, to what students may see, and to marks that were earned."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from grader.assignment import Visibility
from grader.classroom.exports.moodle import feedback
from grader.classroom.exports.options import Options, common_notes, is_our_fault
from grader.classroom.exports.places import places
from grader.classroom.exports.prairielearn import MOST
from grader.classroom.exports.registry import FORMATS
from grader.classroom.exports.sheet import as_text, number, sheet
from grader.classroom.model import ClassBook, QuizMark, Row, State, Student, mark
from grader.result import ExerciseResult, Outcome, Problem

from .exports.fields import SCHEMAS
from .exports.sample_class import (
    ADA,
    AFTER,
    ALL_PASSED,
    ASSIGNMENT,
    BEFORE,
    BOOK,
    CORE,
    GRACE,
    KATHERINE,
    MALLORY,
    MARY,
    QUIZ,
    RADIA,
    SECRET,
    SIGMOID,
    SOFTMAX,
    SOME_PASSED,
    graded,
    result,
)
from .report.arbitrary import exercises as any_exercise
from .report.arbitrary import texts, torn_texts

GOLDEN = Path(__file__).parent / "exports" / "golden"
OPTIONS = Options(assignment="Homework 3 (12345)", feedback=True, now=BEFORE)
TABLES = [name for name, format_ in FORMATS.items() if not format_.per_student and name != "json"]
OF_STUDENTS = [name for name, format_ in FORMATS.items() if format_.per_student]
FORMULA = tuple("=+-@\t\r＝＋－＠")


def files(name: str, book: ClassBook = BOOK, options: Options = OPTIONS) -> dict[str, bytes]:
    return dict(FORMATS[name].write(book, options))


def table(name: str, book: ClassBook = BOOK, options: Options = OPTIONS) -> list[list[str]]:
    """The rows of a format of one CSV file, as Python reads them."""
    (data,) = files(name, book, options).values()
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def records(name: str, book: ClassBook = BOOK, options: Options = OPTIONS) -> list[dict[str, str]]:
    """The same by header, without Canvas's row of points."""
    head, *rows = table(name, book, options)
    return [dict(zip(head, row, strict=True)) for row in rows if row[0] != "    Points Possible"]


def of_student(name: str, row: Row, options: Options = OPTIONS, **assignment: Any) -> Any:
    """The JSON file of the only student in a class."""
    book = ClassBook(replace(ASSIGNMENT, **assignment), (row,))
    (data,) = files(name, book, options).values()
    return json.loads(data)


# What it looks like


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_looks_as_it_did(name: str, request: pytest.FixtureRequest) -> None:
    """All files of a format, one after the other, are the golden text."""
    text = b"".join(b"== %s\n%s" % (path.encode(), data) for path, data in sorted(files(name).items()))
    path = GOLDEN / f"{name}.txt"
    if request.config.getoption("--refresh-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text)
    assert text == path.read_bytes(), f"{path.name} differs; if it is better now, run pytest --refresh-golden"


@pytest.mark.parametrize("name", FORMATS)
def test_equal_books_give_equal_bytes(name: str) -> None:
    """Nothing of the time or the machine gets in."""
    assert files(name) == files(name)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("rows", [(), (KATHERINE,), (RADIA,), (MARY,)])
def test_a_class_without_any_mark_is_a_class(name: str, rows: tuple[Row, ...]) -> None:
    """Nobody, or nobody with results: no format fails."""
    files(name, ClassBook(ASSIGNMENT, rows))
    FORMATS[name].notes(ClassBook(ASSIGNMENT, rows), OPTIONS)


# Tables


@pytest.mark.parametrize("name", TABLES)
def test_every_student_has_a_row(name: str) -> None:
    """In the order of the book, with one cell for each column."""
    rows = records(name)
    assert len(rows) == len(BOOK.rows)
    assert all("Radia Perlman" in row.values() or "radia@example.org" in row.values() for row in rows[-1:])


@given(
    st.lists(
        st.lists(
            texts | torn_texts | st.sampled_from(["=1+1", "-1", "+x", "@a", "\\", "a,\\", 'b\\"c']),
            min_size=3,
            max_size=3,
        ),
        max_size=5,
    )
)
def test_any_text_is_one_cell_of_one_line(rows: list[list[str]]) -> None:
    """csv.reader gives back what was written; a row is a line; no cell is a formula, none ends a PHP reader's row."""
    data = sheet(rows).decode("utf-8")
    assert list(csv.reader(io.StringIO(data, newline=""))) == [[as_text(cell) for cell in row] for row in rows]
    assert data.splitlines(keepends=True) == [line + "\r\n" for line in data.split("\r\n")[:-1]]
    assert '\\"' not in data
    cells = [as_text(cell) for row in rows for cell in row]
    assert [c for c in cells if c.startswith(FORMULA) and not re.fullmatch(r"-?\d+(\.\d+)?", c)] == []


@given(texts)
def test_a_text_stays_as_it_is_but_for_what_means_harm(text: str) -> None:
    """Without controls, changes of direction and backslashes, at most an apostrophe is added."""
    harmless = "".join(c for c in text if c.isprintable() and c != "\\")
    assert as_text(harmless) in (harmless, f"'{harmless}")


@settings(max_examples=30)
@given(st.tuples(*[texts | torn_texts] * 6))
def test_any_student_fits_into_any_table(said: tuple[str, ...]) -> None:
    """Whatever a student or a title is called, a row has as many cells as the header."""
    id_, name, email, column, reason, title = said
    columns = dict.fromkeys(("ID", "SIS User ID", "SIS Login ID", "Section", "Identifier", "ID number"), column)
    row = replace(MARY, student=Student(id_, name, email, column, columns=columns), reason=reason, remarks=(reason,))
    for format_ in TABLES:
        rows = table(format_, ClassBook(ASSIGNMENT, (row, ADA)), replace(OPTIONS, assignment=title))
        assert {len(cells) for cells in rows} == {len(rows[0])}
        assert len(rows) == (4 if format_ == "canvas" else 3)


@given(st.floats(0, 1e12) | st.floats(0, 1) | st.integers(0, 10**6).map(float))
def test_numbers_are_plain(value: float) -> None:
    """At most four decimals, no exponent, no trailing zero, the nearest number."""
    assert re.fullmatch(r"(0|[1-9][0-9]*)(\.[0-9]{0,3}[1-9])?", number(value))
    assert float(number(value)) == pytest.approx(value, abs=5.1e-5, rel=1e-12)


@pytest.mark.parametrize(("value", "text"), [(-0.0, "0"), (-0.00001, "0"), (2 / 3, "0.6667"), (1e21, "1" + "0" * 21)])
def test_numbers_have_no_other_signs(value: float, text: str) -> None:
    """No -0 and no 1e+21."""
    assert number(value) == text


# Marks


SCORES = {
    "csv": "score",
    "canvas": OPTIONS.assignment,
    "moodle": OPTIONS.assignment,
    "moodle-worksheet": "Grade",
    "nbgrader": "score",
}


@pytest.mark.parametrize(("name", "column"), SCORES.items())
def test_only_what_was_earned_is_a_mark(name: str, column: str) -> None:
    """Marks are the model's; who handed in nothing and whom the grader failed have none."""
    scores = [row[column] for row in records(name)]
    assert scores == ["0.8", "8", "1.17", "", "0", ""]
    assert [number(mark(row, ASSIGNMENT).score) for row in BOOK.rows[:3]] == scores[:3]


@pytest.mark.parametrize(("name", "column"), SCORES.items())
def test_missing_work_is_0_when_asked_for(name: str, column: str) -> None:
    """`missing_as_zero` touches the missing alone: a fault of the grader's is never 0."""
    scores = [row[column] for row in records(name, options=replace(OPTIONS, missing_as_zero=True))]
    assert scores == ["0.8", "8", "1.17", "0", "0", ""]


def test_a_fault_in_one_exercise_is_a_fault() -> None:
    """A row with a check that the grader could not run has no mark, whatever its state says."""
    row = graded(ADA.student, [result(SOFTMAX, replace(CORE, outcome=Outcome.GRADER_ERROR))])
    assert is_our_fault(row)
    assert records("csv", ClassBook(ASSIGNMENT, (row,)))[0]["score"] == ""


def test_our_own_table_says_what_a_score_is_made_of() -> None:
    """Points of exercises and quizzes, what they come to, and what was taken."""
    row = records("csv")[2]
    assert (row["exercise: softmax"], row["exercise: sigmoid"], row[f"quiz: {QUIZ}"]) == ("0.8", "0", "0.5")
    assert (row["raw"], row["penalty"], row["late by"], row["score"]) == ("1.3", "0.1", "1:00:00", "1.17")


def test_nbgrader_s_penalty_is_in_points() -> None:
    """Score and penalty come to the raw score."""
    row = records("nbgrader")[2]
    assert float(row["raw_score"]) - float(row["late_submission_penalty"]) == pytest.approx(
        float(row["score"]), abs=2e-4
    )
    assert (row["last_name"], row["first_name"], row["duedate"]) == ("Hopper", "Grace", "2026-12-01 22:59:00")


# Canvas and Moodle


@pytest.mark.parametrize(
    ("columns", "head"),
    [
        ({}, ["Student", "ID", "Section"]),
        ({"SIS Login ID": "ada"}, ["Student", "ID", "SIS Login ID", "Section"]),
        ({"SIS User ID": "s1"}, ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]),
        ({"Root Account": "x"}, ["Student", "ID", "SIS User ID", "SIS Login ID", "Root Account", "Section"]),
        (
            {"SIS User ID": "s1", "SIS Login ID": "ada", "Integration ID": "i", "Root Account": "x"},
            ["Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section"],
        ),
    ],
)
def test_canvas_s_columns_stand_where_it_looks_for_them(columns: dict[str, str], head: list[str]) -> None:
    """Canvas goes by place: a User ID without a column for Login IDs would be taken for an assignment."""
    row = replace(ADA, student=Student("ada", columns=columns))
    rows = table("canvas", ClassBook(ASSIGNMENT, (row,)))
    assert rows[0] == [*head, "Homework 3 (12345)"]
    assert rows[1] == ["    Points Possible", *[""] * (len(head) - 1), "8"]


def test_a_number_of_the_school_s_own_is_no_id_of_canvas_s() -> None:
    """It may be somebody else's there, who would get the mark; Canvas goes by the name then, and it is told."""
    book = ClassBook(ASSIGNMENT, (replace(ADA, student=Student("7", "Ada", columns={"ID": "7", "Name": "Ada"})),))
    assert table("canvas", book)[2][:3] == ["Ada", "", ""]
    assert "without any id of Canvas's: 1 (Ada)" in "\n".join(FORMATS["canvas"].notes(book, OPTIONS))


def test_canvas_is_told_of_what_it_would_do() -> None:
    """No id of the assignment, a title that it passes over, students that it can't know."""
    notes = "\n".join(FORMATS["canvas"].notes(BOOK, Options(assignment="Final Score")))
    assert "makes a new assignment" in notes
    assert "leaves out a column with 'Final Score'" in notes
    assert "without any id of Canvas's: 5 (" in notes
    assert "clears the grade that Canvas has: 2 (Katherine Johnson, Radia Perlman)" in notes
    assert FORMATS["canvas"].notes(ClassBook(ASSIGNMENT, (ADA,)), OPTIONS) == []


def test_who_gets_0_because_no_file_counts_is_named() -> None:
    """Before the marks go anywhere: an archive in an archive, `softmax.py.txt`. Not where one file counts."""
    refused = [
        result(demand, problem=Problem(Outcome.REFUSED, f"{demand.exercise.name}.py was not handed in"))
        for demand in ASSIGNMENT.demands
    ]
    none, some = graded(Student("none"), refused), graded(Student("some"), [refused[0], ALL_PASSED[1]])
    (note,) = common_notes(ClassBook(ASSIGNMENT, (none, some, MARY)), OPTIONS)
    assert note == "nothing could be taken of 2 (none, Mary Jackson): that counts 0; their rows say why"
    answered = replace(none, quizzes=(QuizMark(QUIZ, 4, 2, 1),))
    assert common_notes(ClassBook(ASSIGNMENT, (answered,)), OPTIONS) == []


def test_feedback_says_what_was_wrong_with_the_files() -> None:
    """What the student's page says too, once."""
    said = "softmax.py.txt does not count: it would have to be called softmax.py"
    refused = "softmax.py was not handed in"
    mine = graded(
        Student("ada", email="a@b.org"),
        [result(SOFTMAX, problem=Problem(Outcome.REFUSED, refused)), ALL_PASSED[1]],
        remarks=(said, refused),
    )
    (record,) = records("moodle", ClassBook(ASSIGNMENT, (mine,)))
    assert record["Feedback comments"].count(said) == 1
    assert record["Feedback comments"].count(refused) == 1


def test_moodle_is_told_of_what_it_would_do() -> None:
    """Students that it can't find, and grades that it refuses."""
    rich = replace(ASSIGNMENT, quiz_points=200)
    notes = "\n".join(FORMATS["moodle"].notes(replace(BOOK, assignment=rich), OPTIONS))
    assert "without email address and ID number: 1 (Mary Jackson)" in notes
    assert "refuses grades above 100, and 206 points" in notes
    assert "an apostrophe stands before: ids or addresses of 1 ('" not in notes
    assert "an apostrophe stands before: ids or addresses of 1 (=cmd|" in notes
    assert "without 'Participant N': 5 (" in FORMATS["moodle-worksheet"].notes(BOOK, OPTIONS)[0]


@pytest.mark.parametrize(
    ("maximum", "notes"), [("100,00", 1), ("100.00", 1), ("8.00", 0), ("", 0), ("nan", 0), ("-", 0)]
)
def test_another_maximum_of_moodles_is_told(maximum: str, notes: int) -> None:
    """6 points of 8 would count there as 6 of 100."""
    rows = [
        replace(row, student=replace(row.student, columns={"Identifier": "Participant 1", "Maximum Grade": maximum}))
        for row in BOOK.rows
    ]
    found = FORMATS["moodle-worksheet"].notes(replace(BOOK, rows=tuple(rows)), OPTIONS)
    assert len(found) == notes
    assert all("says that 100 points can be had, and here it is 8:" in note for note in found)


@pytest.mark.parametrize(("name", "column"), [("moodle", "Homework 3 (12345)"), ("moodle-worksheet", "Grade")])
def test_no_feedback_without_a_grade(name: str, column: str) -> None:
    """Moodle would take the grade away; and without --feedback there is no such column."""
    assert all(bool(row[column]) == bool(row["Feedback comments"]) for row in records(name))
    assert "Feedback comments" not in table(name, options=Options())[0]


def test_feedback_is_html_on_one_line() -> None:
    """What a text holds is text."""
    said = feedback(GRACE, BOOK, OPTIONS)
    assert "Each row has a maximum &lt;of&gt; its own." in said
    assert "10 % was taken: handed in 1:00:00 late." in said
    assert set(re.findall(r"<[^>]*>", said)) == {"<br>"}


# What students may see


def texts_of(name: str, options: Options) -> str:
    """All files of a format as one text, escapes of JSON and XML undone as far as words go."""
    return "\n".join(data.decode() for data in files(name, ClassBook(ASSIGNMENT, (GRACE, ADA)), options).values())


@pytest.mark.parametrize("name", [*OF_STUDENTS, "moodle", "moodle-worksheet"])
def test_hidden_checks_tell_nothing(name: str) -> None:
    """Before the work is due: of a hidden check the demand and the misconception, of a visible one all."""
    text = texts_of(name, OPTIONS)
    assert f"{SECRET} hidden" not in text
    assert f"{SECRET} shift" not in text
    assert "The demand of hidden." in text or name == "exercism"
    assert "one maximum for all" in text


@pytest.mark.parametrize("name", ["gradescope", "prairielearn", "exercism", "junit"])
def test_visible_checks_tell_all(name: str) -> None:
    """The message, the values and the call of a visible check; after the due date also of those that waited for it."""
    before, after = texts_of(name, OPTIONS), texts_of(name, replace(OPTIONS, now=AFTER))
    for word in ("message", "detail", "call", "returned", "expected", "source", "printed"):
        assert f"{SECRET} rows {word}" in before
        assert f"{SECRET} shift {word}" not in before
        assert f"{SECRET} shift {word}" in after
        assert f"{SECRET} hidden {word}" not in after


def test_options_that_say_nothing_hide_most() -> None:
    """Without a time, what waits for the due date is hidden."""
    assert f"{SECRET} shift" not in texts_of("gradescope", Options())


# Formats of each student


ENVIRONMENT = {
    "CLASSROOM": "cs50",
    "ASSIGNMENT": "hw3",
    "USERNAME": "ada-l",
    "SUBMISSION_TAG": "submit/2026-12-01T21-59-00Z-abc1234",
    "COMMIT_URL": "https://example.org/c",
    "RELEASE_URL": "https://example.org/r",
}
arbitrary_results = st.tuples(
    any_exercise.map(lambda found: replace(found, name="softmax")),
    any_exercise.map(lambda found: replace(found, name="sigmoid")),
)


@pytest.mark.parametrize("name", SCHEMAS)
@settings(max_examples=30)
@given(results=arbitrary_results, hidden=st.sampled_from(Visibility), zero=st.booleans())
def test_any_results_keep_to_the_fields(
    name: str, results: tuple[ExerciseResult, ...], hidden: Visibility, zero: bool
) -> None:
    """Whatever was found, each file has the fields that its reader knows, and no others."""
    row = graded(ADA.student, results, quizzes=(QuizMark(QUIZ, 3, 2, 1),))
    rows = (row, replace(MARY, handed_at=BEFORE), replace(KATHERINE, handed_at=BEFORE), RADIA)
    options = replace(OPTIONS, missing_as_zero=zero, environment=ENVIRONMENT)
    for one in rows:
        book = ClassBook(replace(ASSIGNMENT, visibility=hidden), (one,))
        for data in files(name, book, options).values():
            Draft202012Validator(SCHEMAS[name]).validate(json.loads(data))


@pytest.mark.parametrize("name", OF_STUDENTS)
def test_each_student_has_a_folder(name: str) -> None:
    """No id leads out of it."""
    assert all(re.fullmatch(r"[A-Za-z0-9%_.-]+/\w+\.(json|xml)|class\.xml", path) for path in files(name))
    assert not any(".." in path for path in files(name))
    assert any(path.startswith("%2E.%2F%2E.%2Fetc%2F-1/") for path in files(name))


def test_gradescope_adds_up() -> None:
    """The tests come to the raw score, and the top has the score less the penalty."""
    data = of_student("gradescope", GRACE)
    assert sum(test.get("score", 0) for test in data["tests"]) == pytest.approx(mark(GRACE, ASSIGNMENT).raw, abs=2e-4)
    assert sum(test.get("max_score", 0) for test in data["tests"]) == ASSIGNMENT.points
    assert data["score"] == 1.17
    assert [test["visibility"] for test in data["tests"]] == [
        "hidden", "visible", "after_due_date", "hidden", "hidden", "hidden", "visible",
    ]  # fmt: skip


def test_weights_say_what_a_check_is_worth() -> None:
    """The check of weight 2 has twice the points, and an advisory one has none."""
    tests = {test["number"]: test.get("max_score") for test in of_student("gradescope", GRACE)["tests"]}
    assert tests == {"1.1": 0.8, "1.2": 0.8, "1.3": 1.6, "1.4": 0.8, "1.5": None, "2.1": 2.0, "3": 2.0}


def test_gradescope_s_silence_on_the_total_is_told() -> None:
    """While any test is hidden; not when students see all."""
    assert "no total" in FORMATS["gradescope"].notes(BOOK, OPTIONS)[0]
    seen = replace(ASSIGNMENT, visibility=Visibility.VISIBLE)
    assert FORMATS["gradescope"].notes(ClassBook(seen, BOOK.rows), replace(OPTIONS, now=AFTER)) == []


@pytest.mark.parametrize("name", ["gradescope", "classroom50"])
def test_without_a_mark_there_is_no_result(name: str) -> None:
    """A format whose result is a score has no file of who has none."""
    folders = {path.partition("/")[0] for path in files(name)}
    assert folders == {"ada", "grace", "mary", "%2E.%2F%2E.%2Fetc%2F-1"}


def test_prairielearn_does_not_grade_what_was_not_taken() -> None:
    """Nor what the grader failed at: both cost the student nothing there."""
    assert of_student("prairielearn", MARY)["format_errors"] == ["mary.rar is no zip; hand in a zip"]
    data = of_student("prairielearn", RADIA)
    assert (data["gradable"], "score" in data) == (False, False)


def test_prairielearn_gets_at_most_a_megabyte() -> None:
    """What the code printed is left out first."""
    loud = replace(CORE, output="x" * 9_000)
    checks = [replace(loud, name=f"test_{n}", core=n == 0) for n in range(150)]
    row = graded(ADA.student, [result(SIGMOID, *checks)])
    (one,) = files("prairielearn", ClassBook(replace(ASSIGNMENT, visibility=Visibility.VISIBLE), (row,))).values()
    assert len(one) <= MOST
    assert [test["output"] for test in json.loads(one)["tests"]] == [""] * 151


def test_prairielearn_s_full_share_is_for_all_points() -> None:
    """A share that rounds to 1 is not written as 1."""
    demand = replace(SIGMOID, weights={"test_tiny": 1e-5})
    row = graded(
        ADA.student, [result(SIGMOID, CORE, replace(CORE, name="test_tiny", core=False, outcome=Outcome.FAILED))]
    )
    assert of_student("prairielearn", row, demands=(demand,), quizzes=())["score"] == 0.9999


def test_exercism_tells_an_error_from_a_failure() -> None:
    """`error` only where nothing ran; what printed too much is cut and says so."""
    assert of_student("exercism", GRACE)["status"] == "fail"
    assert of_student("exercism", ADA)["status"] == "pass"
    stopped = of_student("exercism", graded(ADA.student, SOME_PASSED[1:]))
    assert (stopped["status"], stopped["message"].splitlines()[0]) == (
        "error",
        "could not be imported: SyntaxError: '(' was never closed",
    )
    loud = graded(ADA.student, [result(SIGMOID, replace(CORE, output="x" * 600))])
    output = of_student("exercism", loud, visibility=Visibility.VISIBLE)["tests"][0]["output"]
    assert (len(output), output[-48:]) == (500, "Output was truncated. Please limit to 500 chars.")


def test_classroom50_has_what_its_runner_says() -> None:
    """Identity comes from the environment; of one student's run all of it, of a class no more than all share."""
    alone = of_student("classroom50", ADA, replace(OPTIONS, environment=ENVIRONMENT))
    assert (alone["owner"], alone["submission"], alone["review"]) == (
        "ada-l",
        ENVIRONMENT["SUBMISSION_TAG"],
        "https://example.org/c",
    )
    together = json.loads(files("classroom50", options=replace(OPTIONS, environment=ENVIRONMENT))["ada/result.json"])
    assert (together["owner"], together["classroom"], "commit" in together) == ("ada", "cs50", False)
    notes = FORMATS["classroom50"].notes(BOOK, replace(OPTIONS, environment=ENVIRONMENT))
    assert "submission (SUBMISSION_TAG), commit (COMMIT_URL)" in notes[0]
    assert "rounded to the nearest" in notes[-1]


@pytest.mark.parametrize(
    ("points", "failed", "score"), [(10.0, 0, 10), (10.0, 1, 7), (2.5, 0, 3), (2.5, 1, 2), (0.5, 1, 0), (1.0, 1, 0)]
)
def test_classroom50_rounds_never_up_to_all(points: float, failed: int, score: int) -> None:
    """Whole points: the nearest, and the full points only for all."""
    checks = [replace(CORE, name=f"test_{n}", core=n == 0) for n in range(3)]
    checks[2] = replace(checks[2], outcome=Outcome.FAILED if failed else Outcome.PASSED)
    row = graded(ADA.student, [result(SIGMOID, *checks)])
    data = of_student("classroom50", row, demands=(replace(SIGMOID, points=points),), quizzes=())
    assert data["score"] == score
    assert data["tests"][0]["passed"] is not bool(failed)


# JUnit


def test_another_reader_agrees_on_junit() -> None:
    """The junitparser library reads the class's file: every student, a suite for each of their exercises."""
    junitparser = pytest.importorskip("junitparser")
    read = junitparser.JUnitXml.fromstring(files("junit")["class.xml"])
    assert [suite.name for suite in read] == [
        "../../etc/-1: softmax", "../../etc/-1: sigmoid", "ada: softmax", "ada: sigmoid", "grace: softmax",
        "grace: sigmoid", "katherine: submission", "mary: submission", "radia: submission",
    ]  # fmt: skip
    assert (read.tests, read.failures, read.errors) == (
        sum(suite.tests for suite in read), sum(suite.failures for suite in read), sum(suite.errors for suite in read),
    )  # fmt: skip
    assert {suite.name: (suite.errors, suite.skipped) for suite in read if suite.name.endswith("submission")} == {
        "katherine: submission": (0, 1),
        "mary: submission": (1, 0),
        "radia: submission": (1, 0),
    }
    properties = {p.name: p.value for suite in read if suite.name == "grace: softmax" for p in suite.properties()}
    assert (properties["score"], properties["points"], properties["sandbox"]) == ("0.8", "4", "strict")


@settings(max_examples=30)
@given(results=arbitrary_results)
def test_any_results_are_xml(results: tuple[ExerciseResult, ...]) -> None:
    """Whatever the code said, both files are read again."""
    junitparser = pytest.importorskip("junitparser")
    for data in files("junit", ClassBook(ASSIGNMENT, (graded(ADA.student, results),))).values():
        junitparser.JUnitXml.fromstring(data)


# Folders


@given(
    st.lists(
        texts | torn_texts | st.sampled_from(["", ".", "..", "Ada", "ada", "CON", "nul.txt", "a/b", "a."]), unique=True
    )
)
def test_every_id_has_a_place_of_its_own(ids: list[str]) -> None:
    """Unique without regard to case, short, and no path."""
    found = places(ids)
    assert list(found) == ids
    assert len({name.casefold() for name in found.values()}) == len(ids)
    for name in found.values():
        assert re.fullmatch(r"[A-Za-z0-9%_~][A-Za-z0-9%_.~-]{0,119}", name) or re.fullmatch(
            r"-[A-Za-z0-9%_.~-]{0,118}", name
        )
        assert not name.endswith(".")
        assert name.partition(".")[0].casefold() not in {"con", "nul", "aux", "prn"}


def test_plain_ids_are_their_own_places() -> None:
    """Nobody is renamed without need."""
    assert places(["ada", "s-4711", "b.liskov"]) == {"ada": "ada", "s-4711": "s-4711", "b.liskov": "b.liskov"}


def test_every_name_of_the_class_is_there() -> None:
    """The class of these tests has every state."""
    assert {row.state for row in BOOK.rows} == set(State)
    assert MALLORY.student.id.startswith("..")
