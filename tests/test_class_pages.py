"""The pages of a class: what they say, what they keep to themselves, and that no text becomes markup."""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.assignment import Assignment, LatePolicy, Visibility
from grader.classroom.model import ClassBook, Row, State, Student
from grader.classroom.pages.class_page import class_page
from grader.classroom.pages.standing import duration, late_words, mark_of, moment
from grader.classroom.pages.student_page import student_page
from grader.classroom.student_view import student_view
from grader.report.plain import printable
from grader.result import Call, CheckResult, Location, Outcome, Problem

from .pages.sample_class import (
    AFFINE,
    AFTER,
    ASSIGNMENT,
    BEFORE,
    BOOK,
    BROKEN,
    CONFUSED,
    DUE,
    ERROR,
    GOOD,
    LATE,
    MISSING,
    PER_SAMPLE,
    REFUSED,
    SECRET,
    ZONE,
    affine,
    check,
    result,
    row,
    softmax,
)
from .report.arbitrary import checks as any_check
from .report.arbitrary import exercises as any_exercise
from .report.arbitrary import texts, torn_texts
from .report.samples import HOSTILE
from .report.test_html import Page, contrast

GOLDEN = Path(__file__).parent / "pages" / "golden"
LINKS = {row.student.id: f"students/{row.student.id}.html" for row in BOOK.rows}
OPEN = replace(
    ASSIGNMENT,
    visibility=Visibility.VISIBLE,
    demands=tuple(replace(demand, visibility={}) for demand in ASSIGNMENT.demands),
)
CLOSED = replace(OPEN, visibility=Visibility.HIDDEN)
LATER = replace(OPEN, visibility=Visibility.AFTER_DUE)
ALL_FAILED = row(1, affine(core=Outcome.PASSED, seen=Outcome.FAILED), softmax(axis=Outcome.RAISED))


@dataclass
class ClassPage(Page):
    """A page whose table leaves out the end tags that HTML lets one leave out, and which has pictures and a script."""

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack[-1] in {"td", "th", "tr"} and self.stack[-1] != tag:
            self.stack.pop()
        super().handle_endtag(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"td", "th", "tr"}:
            while self.stack and self.stack[-1] in ({"td", "th"} if tag != "tr" else {"td", "th", "tr"}):
                self.stack.pop()
        self.text += " "
        super().handle_starttag(tag, attrs)


def words(page: str) -> str:
    """The text of a page, on one line."""
    return " ".join(ClassPage(page).text.split())


def of_student(one: Row, assignment: Assignment = ASSIGNMENT, now: object = AFTER) -> str:
    return student_page(one, assignment, now)  # type: ignore[arg-type]  # a test's shorthand


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a page with the golden file of that name, or write the file when asked to."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--refresh-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
        assert text == path.read_bytes().decode(), f"{name} differs; if it is better now, run pytest --refresh-golden"

    return compare


# -- a student's page


def test_golden_student(golden: Callable[[str, str], None]) -> None:
    """Late work, a hidden and a visible failure, weights, a quiz."""
    golden("student.html", of_student(LATE))


def test_the_student_reads_marks_and_reasons() -> None:
    """Score, penalty with its rule, times, exercises with their points, quiz."""
    text = words(of_student(LATE))
    for part in (
        "Homework 1 Name of s2 s2 Section A",
        "12 of 34 points 0 of 2 exercises passed",
        "Handed in Thu 3 Dec 2026, 01:59 (UTC+01:00) Due Tue 1 Dec 2026, 23:59 (UTC+01:00)",
        "Handed in 1 day 2 hours late, which costs 20 % of the points (10 % for each day that has begun, at most 50 %)",
        "at most 50 %): 15 become 12.",
        "One layer affine not yet right · 5 of 10 points",
        "Softmax softmax not yet right · 8 of 20 points",
        "Forward propagation 2 of 4 right, 1 not answered · 2 of 4 points",
    ):
        assert part in text


def test_hidden_checks_show_demand_outcome_and_misconception_alone() -> None:
    """Whatever else a check holds begins with the secret; only the visible check's is there."""
    page = of_student(LATE)
    assert set(re.findall(rf"{SECRET}-(test_\w+)", page)) == {"test_seen"}
    for kind in ("message", "detail", "call", "returned", "raised", "expected", "file", "line", "output", "note"):
        assert f"{SECRET}-test_seen-{kind}" in page
    assert SECRET not in of_student(LATE, CLOSED)
    text = words(of_student(CONFUSED, CLOSED))
    assert "Demand of test_core. (core check)" in text
    assert f"What it looks like: bias added per sample. {PER_SAMPLE.feedback}" in text


@given(st.lists(any_exercise, max_size=3), st.data())
def test_a_page_does_not_depend_on_what_is_hidden(found: list[object], data: st.DataObject) -> None:
    """The same page, byte for byte, whatever hidden checks were called with and answered."""
    named = [replace(one, name=name) for one, name in zip(found, ("affine", "softmax"), strict=False)]  # type: ignore[type-var]

    def other(one: CheckResult) -> CheckResult:
        drawn = data.draw(any_check)
        kept = ("name", "demand", "outcome", "core", "advisory", "misconception")
        return replace(drawn, **{field: getattr(one, field) for field in kept})

    one = row(1, *named)
    two = row(1, *(replace(r, checks=tuple(map(other, r.checks))) for r in named))
    assert of_student(one, CLOSED) == of_student(two, CLOSED)


def test_what_opens_when_the_work_is_due() -> None:
    """Nothing before, everything from then on, and the page says when."""
    assert SECRET not in of_student(ALL_FAILED, LATER, BEFORE)
    assert "Some are shown in full from Tue 1 Dec 2026, 22:59 (UTC) on." in words(of_student(ALL_FAILED, LATER, BEFORE))
    assert SECRET in of_student(ALL_FAILED, LATER, DUE)
    assert "you see what it demands" not in words(of_student(ALL_FAILED, LATER, DUE))


def test_what_opens_when_the_work_is_due_opens_later_with_an_extension() -> None:
    """Who may still hand in reads nothing that would help them."""
    own = replace(ALL_FAILED, student=replace(ALL_FAILED.student, due=AFTER + timedelta(days=1)))
    assert SECRET not in of_student(own, LATER, AFTER)
    assert "Some are shown in full from Thu 3 Dec 2026, 23:59 (UTC+01:00) on." in words(of_student(own, LATER, AFTER))
    assert SECRET in of_student(own, LATER, AFTER + timedelta(days=1))


def test_parameters_of_a_hidden_check_are_hidden() -> None:
    """A check without a docstring goes by its name, which would say what it is called with."""
    name = f"test_axis[{SECRET}]"
    one = row(1, result(AFFINE, check("test_core"), check(name, Outcome.FAILED, demand=name)))
    assert "test_axis" in of_student(one, CLOSED)
    assert SECRET not in of_student(one, CLOSED)
    assert name in words(of_student(one, OPEN))


def test_marked_as_hidden_only_beside_visible_ones() -> None:
    """Where all that failed is hidden, one sentence says so."""
    assert "(hidden)" in words(of_student(LATE))
    assert "(hidden)" not in words(of_student(LATE, CLOSED))
    assert "Of each check you see" in words(of_student(LATE, CLOSED))
    assert "you see what it demands" not in words(of_student(GOOD, CLOSED))


def test_weights_are_told_where_they_differ() -> None:
    """20 points by weights 1, 3 and 1."""
    text = words(of_student(GOOD))
    assert "Demand of test_axis[0]. (12 points) Demand of test_sum. (4 points)" in text
    assert text.count("points)") == 3


def test_a_fault_of_the_graders_says_nothing_of_the_checks() -> None:
    """Its message may quote them."""
    faulty = result(AFFINE, problem=Problem(Outcome.GRADER_ERROR, f"ValueError: {SECRET}"))
    page = of_student(row(1, faulty, softmax()))
    assert SECRET not in page
    assert "No mark yet" in page


@pytest.mark.parametrize(
    ("one", "now", "says"),
    [
        (MISSING, AFTER, "No mark yet 34 points can be had"),
        (MISSING, AFTER, "Nothing of yours has come If you did, tell your teacher when, where, and under which file"),
        (MISSING, BEFORE, "There is time until Tue 1 Dec 2026, 22:59 (UTC)."),
        (REFUSED, AFTER, "0 of 34 points"),
        (
            REFUSED,
            AFTER,
            "What you handed in could not be taken s6.rar is no archive that is read; hand in a .zip. Put",
        ),
        (ERROR, AFTER, "The grader failed at your work; it is not your fault You need do nothing"),
        (ERROR, AFTER, "One layer affine passed · 10 of 10 points"),
        (BROKEN, AFTER, "SyntaxError: invalid syntax affine.py:1"),
        (CONFUSED, AFTER, "About what you handed in solution.py stands for nothing asked"),
        (row(1, affine()), AFTER, "There is no result of Softmax; ask your teacher."),
        (row(1, affine(), softmax(), quizzes=()), AFTER, "Forward propagation no answers came · 0 of 4 points"),
    ],
)
def test_who_was_not_simply_graded_reads_what_happened_and_what_to_do(one: Row, now: object, says: str) -> None:
    """And nothing of how the grader died."""
    assert says in words(of_student(one, now=now))
    assert "died" not in of_student(one, now=now)


def test_an_extension_is_told_and_counts() -> None:
    """What is late for others is in time for who has one."""
    own = replace(LATE, student=replace(LATE.student, due=DUE + timedelta(days=7)))
    text = words(of_student(own))
    assert "Due Tue 8 Dec 2026, 23:59 (UTC+01:00), an extension of your own" in text
    assert "late" not in text


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        (None, "Handed in 1 day 2 hours late. Nothing is taken for that."),
        (LatePolicy.parse("0%/day"), "Handed in 1 day 2 hours late. Nothing is taken for that."),
        (LatePolicy.parse("1.5%/hour"), "costs 39\u00a0% of the points (1.5\u00a0% for each hour that has begun): "),
    ],
)
def test_what_late_work_costs(policy: LatePolicy | None, says: str) -> None:
    """By the rule, in words."""
    found = mark_of(LATE, replace(ASSIGNMENT, late=policy))
    assert found is not None
    assert says in late_words(found, policy)
    assert late_words(replace(found, late_by=timedelta(0)), policy) == ""


def test_times_and_durations_are_words() -> None:
    """The three largest units that are not 0, so that a day just begun is seen; the clock of a zone."""
    hours = {0.5: "under a second", 1: "1 second", 61: "1 minute 1 second", 3600: "1 hour", 90000: "1 day 1 hour"}
    assert {seconds: duration(timedelta(seconds=seconds)) for seconds in hours} == hours
    assert duration(timedelta(days=1, seconds=1)) == "1 day 1 second"
    assert duration(timedelta(days=2, hours=3, minutes=4, seconds=5)) == "2 days 3 hours 4 minutes"
    assert moment(DUE, DUE.tzinfo) == "Tue 1 Dec 2026, 22:59 (UTC)"
    assert moment(DUE, ZONE) == "Tue 1 Dec 2026, 23:59 (UTC+01:00)"


def test_results_of_what_is_not_asked_for_are_left_out() -> None:
    """A row may be older than the assignment."""
    other = replace(affine(), name="other")
    assert [r.name for r in student_view(row(1, other, affine()), ASSIGNMENT, AFTER)] == ["affine"]
    assert of_student(row(1, affine(), other, softmax()))


# -- the page of a class


def test_golden_class(golden: Callable[[str, str], None]) -> None:
    """Every state; scores, misconceptions, exercises, students."""
    golden("class.html", class_page(BOOK, AFTER, links=LINKS))


def test_the_teacher_reads_the_class() -> None:
    """Counts, figures, misconceptions, a line for every student."""
    text = words(class_page(BOOK, AFTER))
    for part in (
        "7 students 4 graded · 1 nothing handed in · 1 not taken · 1 to be graded again",
        "1 of 4 bias added per sample One layer",
        "Seen in: Demand of test_core.",
        "2 passed, 1 not yet right, 1 not started",
        "Name of s2 s2 A graded",
        "1 day 2 hours late: 20 % taken",
        "Name of s7 s7 B to be graded again",
        "the process that graded it died, twice",
    ):
        assert part in text
    assert all(f"Name of {one.student.id} " in text for one in BOOK.rows)


def test_a_class_of_nobody_has_a_page() -> None:
    """And one of which nothing was graded, and one that asks for no points."""
    assert "0 students" in words(class_page(ClassBook(ASSIGNMENT, ()), AFTER))
    assert "Nobody has been graded yet." in words(class_page(ClassBook(ASSIGNMENT, (MISSING,)), AFTER))
    free = replace(ASSIGNMENT, demands=tuple(replace(d, points=0.0) for d in ASSIGNMENT.demands), quizzes=())
    assert "Median 0" in words(class_page(ClassBook(free, (GOOD,)), AFTER))


def test_deductions_are_spoken_of_where_a_rule_makes_them() -> None:
    assert "Counted are the 4 who have been graded, after deductions for late work." in words(class_page(BOOK, AFTER))
    without = ClassBook(replace(ASSIGNMENT, late=None), (GOOD,))
    assert "Counted is the one who has been graded. " in words(class_page(without, AFTER))


def test_nothing_tells_who_is_who_where_it_is_anonymous() -> None:
    """No name, id, address, section, remark or reason; and the same page for whoever they are."""
    page = class_page(BOOK, AFTER, anonymous=True, links=LINKS)
    for one in BOOK.rows:
        for told in (one.student.shown, one.student.email, one.origin, one.reason, *one.remarks, f"/{one.student.id}"):
            assert not told or told not in page
    assert not re.search(r"\bs\d\b|<script|script-src", page)
    assert "7 students" in page
    others = tuple(replace(one, student=Student(f"x{9 - n}", "X", section="Z")) for n, one in enumerate(BOOK.rows))
    assert class_page(ClassBook(ASSIGNMENT, others), AFTER, anonymous=True) == page


def test_the_class_page_quotes_no_check() -> None:
    """It may be shown to the class: demands and names, no value."""
    assert SECRET not in class_page(BOOK, AFTER)


def test_links_lead_nowhere_else() -> None:
    """Whatever a path holds, it is a path below this page."""
    paths = {"s1": "javascript:alert(1)", "s2": "//example.org/x", "s3": 'a"b <c>#?%2E.html'}
    page = ClassPage(class_page(BOOK, AFTER, links=paths))
    links = [a["href"] for a in page.all("a") if not a["href"].startswith("#")]
    assert links == ["./javascript%3Aalert%281%29", ".///example.org/x", "./a%22b%20%3Cc%3E%23%3F%252E.html"]


def test_the_one_script_is_the_one_that_is_allowed() -> None:
    """By its hash; nothing else may run, load, or send."""
    source = class_page(BOOK, AFTER)
    (script,) = re.findall(r"<script>(.*?)</script>", source, re.S)
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = ClassPage(source)
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"url\(|@import|src=|https?:|innerHTML|eval|\son\w+=", source)


def test_every_picture_has_its_words_and_every_number_is_in_a_table() -> None:
    """Title and description by unique ids, or hidden where the number stands beside it."""
    page = ClassPage(class_page(BOOK, AFTER))
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    for svg in page.all("svg"):
        assert svg.get("aria-hidden") == "true" or set(svg["aria-labelledby"].split()) <= ids
        assert ("aria-hidden" in svg) != (svg.get("role") == "img")
    assert "Share of the points Students 0 to 10 % 1 10 to 20 % 0" in " ".join(page.text.split())


PAGES = {
    **{f"student {one.student.id}": lambda one=one: of_student(one) for one in BOOK.rows},
    "open": lambda: of_student(ALL_FAILED, OPEN),
    "class": lambda: class_page(BOOK, AFTER, links=LINKS),
    "anonymous": lambda: class_page(BOOK, AFTER, anonymous=True),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_can_be_heard_and_walked_by_keyboard(name: str) -> None:
    """A language, landmarks, a skip link that leads somewhere, headings without gaps, unique anchors, balanced."""
    page = ClassPage(PAGES[name]())
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("main")) == len(page.all("header")) == 1
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert page.all("a")[0]["class"] == "skip"
    assert {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")} <= set(ids)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(th["scope"] in {"row", "col"} for th in page.all("th"))
    assert page.unbalanced == []


@pytest.mark.parametrize("block", range(3), ids=["light", "dark", "print"])
def test_the_bars_can_be_told_from_their_ground(block: int) -> None:
    """3 to 1 for what a picture is made of (WCAG 2.2, 1.4.11)."""
    page = class_page(BOOK, AFTER)
    colours = dict(re.findall(r"--(\w+): (#\w{6})", re.findall(r":root \{(.*?)\}", page, re.S)[block]))
    for name in ("accent", "good", "bad", "soft", "quiet"):
        for ground in ("paper", "card", "line"):
            assert contrast(colours[name], colours[ground]) >= 3, f"{name} on {ground}"


# -- text that means harm


def hostile(text: str) -> Row:
    """A row in which every text is `text` that a student, or who made the archive or the roster, can reach."""
    where = Location(text, 7, 3, text)
    bad = replace(
        check("test_core", Outcome.RAISED),
        message=text,
        details=(text,),
        call=Call(text, text, text),
        expected=text,
        location=where,
        output=text,
        notes=(text,),
    )
    fault = result(AFFINE, problem=Problem(Outcome.IMPORT_ERROR, text, where, text))
    student = Student(text, text, text, text, columns={text: text})
    return Row(student, text, State.GRADED, (replace(softmax(), checks=(bad,)), fault), remarks=(text,), reason=text)


MARKUP = [
    "<b>",
    "</pre>",
    '" onmouseover="x',
    "' x='",
    "</script><script>alert(1)</script>",
    "&amp;",
    "{{ 7*7 }}",
    "<!--",
]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_shown_as_it_is(text: str) -> None:
    """Nothing is dropped, unescaped or evaluated."""
    plain, odd = hostile("plain"), hostile(text)
    assert words(of_student(odd, OPEN)).count(text) >= words(of_student(plain, OPEN)).count("plain")
    book = ClassBook(ASSIGNMENT, (odd, REFUSED))
    assert words(class_page(book, AFTER)).count(text) >= 4  # name, id, section, remarks


@given(texts | torn_texts | st.just(HOSTILE))
def test_no_text_becomes_markup(text: str) -> None:
    """Elements and attributes are those of the plain page, whatever students say; all of it can be written as UTF-8."""
    book = ClassBook(ASSIGNMENT, (hostile(text), GOOD, replace(REFUSED, reason=text), replace(ERROR, reason=text)))
    plain = ClassBook(ASSIGNMENT, (hostile("plain"), GOOD, REFUSED, ERROR))
    for source, other in (
        (class_page(book, AFTER, links={text: text}), class_page(plain, AFTER, links={"plain": "plain"})),
        (class_page(book, AFTER, anonymous=True), class_page(plain, AFTER, anonymous=True)),
        (of_student(book.rows[0], CLOSED), of_student(plain.rows[0], CLOSED)),
        (of_student(book.rows[2]), of_student(plain.rows[2])),
    ):
        assert source.encode()
        page, expected = ClassPage(source), ClassPage(other)
        assert {tag for tag, _ in page.elements} <= {tag for tag, _ in expected.elements} | {
            "a",
            "details",
            "pre",
            "option",
            "select",
            "label",
            "summary",
        }
        assert {n for _, a in page.elements for n in a} <= {n for _, a in expected.elements for n in a} | {
            "href",
            "open",
            "tabindex",
            "role",
        }
        assert page.unbalanced == []
        assert source.count("<script>") == other.count("<script>")


def test_what_would_be_obeyed_or_unseen_is_an_escape() -> None:
    """Escape codes, bidi marks and lone surrogates, in a student's name too."""
    page = class_page(ClassBook(ASSIGNMENT, (hostile("a\x1b[31m\u202eb\ud800"),)), AFTER)
    assert "a\\x1b[31m\\u202eb\\ud800" in page
    assert printable(HOSTILE, keep_newlines=True) in ClassPage(of_student(hostile(HOSTILE), OPEN)).text


def test_a_name_that_fills_the_page_is_cut() -> None:
    """A megabyte in a roster is no megabyte in the table."""
    book = ClassBook(ASSIGNMENT, (hostile("x" * 1_000_000),))
    assert len(class_page(book, AFTER)) < 50_000
