"""The page of a learner's course: the path, what happened so far, the pictures; learner text stays text."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from grader import language
from grader.figures import Figure
from grader.pictures import figure, line, plane
from grader.report.learner_page import Story, Try, bars_of, history_of, learner_page
from grader.report.path import State, path_of
from grader.result import ExerciseResult, Outcome, Report

from .arbitrary import reports, texts
from .samples import RUN, WITH_QUIZ, check, exercise
from .test_html import Page

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
STUB = check("test_a", "A.", Outcome.NOT_STARTED, core=True)
RIGHT = check("test_a", "A.", core=True)
WRONG = check("test_a", "A.", Outcome.FAILED, core=True, message="no")
DRAWN = figure("Your line", plane("", line("yours", [0, 1], [0, 1])), alt="A rising line.", caption="It rises.")


def report(**checks: tuple[object, ...]) -> Report:
    """One exercise for each name, in one chapter."""
    return Report("A course", tuple(exercise(name, name.upper(), *found) for name, found in checks.items()), RUN)


def tries(*scores: float) -> tuple[Try, ...]:
    """Attempts, a day apart; ten points pass."""
    return tuple(Try(START + timedelta(days=day), score == 10, score, 10) for day, score in enumerate(scores))


def test_the_path_says_what_has_passed_what_to_mend_and_what_can_be_begun() -> None:
    """And which one is next: what was begun goes before what was not."""
    found = report(a=(RIGHT,), b=(STUB,), c=(STUB,), d=(WRONG,), e=(STUB,))
    path = path_of(found, {"b": ["a"], "c": ["b"], "d": ["a"], "e": ["gone"]})
    assert [station.state for station in path.stations] == [
        State.PASSED,
        State.READY,
        State.LATER,
        State.MEND,
        State.LATER,
    ]
    assert path.next is not None
    assert path.next.result.name == "d"
    assert [arc.passed for arc in path.arcs] == [True, False, True]
    assert [arc.next for arc in path.arcs] == [False, False, True]
    assert path.rows == 6


def test_the_next_one_is_the_first_that_can_be_begun() -> None:
    """Where nothing is to mend; none where all has passed, or where nothing is left that can be."""
    path = path_of(report(a=(RIGHT,), b=(STUB,), c=(STUB,)), {"b": ["c"]})
    assert path.next is not None
    assert path.next.result.name == "c"
    assert path_of(report(a=(RIGHT,)), {}).next is None
    assert path_of(report(), {}).rows == 0


def test_the_history_in_words() -> None:
    """The first pass and at which attempt it came; else the best so far; then what help was taken."""
    passed, failed = report(a=(RIGHT,)).exercises[0], report(a=(WRONG,)).exercises[0]
    assert history_of(passed, Story()) == ""
    assert history_of(passed, Story(tries=tries(2, 10, 10))) == "Passed on 3 March 2026, at attempt 2"
    assert history_of(failed, Story(tries=tries(10))) == "Passed on 2 March 2026, at attempt 1 · does not pass any more"
    assert history_of(failed, Story(tries=tries(2, 5, 3))) == "3 attempts, the best with 5 of 10 points"
    story = Story(hints=1, all_hints=3, gave_up=True, challenge=(9, 12))
    assert history_of(failed, story) == (
        "1 of 3 hints taken · solution shown · own checks catch 9 of 12 wrong solutions"
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("de", "Bestanden am 2. März 2026, beim 1. Versuch · besteht jetzt nicht mehr"),
        ("ja", "2026 年 3 月 2 日に 1 回目の挑戦で合格 · 今は合格しません"),
    ],
)
def test_the_history_in_other_languages(code: str, said: str) -> None:
    """The day is written as it is there."""
    language.use(code)
    try:
        assert history_of(report(a=(WRONG,)).exercises[0], Story(tries=tries(10))) == said
    finally:
        language.use(language.ENGLISH)


@given(st.lists(st.floats(-5, 30), max_size=90), st.floats(0, 20))
def test_attempts_are_bars_that_fit(scores: list[float], points: float) -> None:
    """However many there were, and whatever could be had then."""
    bars = bars_of([Try(START, False, score, points) for score in scores])
    assert len(bars) == min(len(scores), 40)
    assert all(0 <= bar.y < bar.y + bar.height <= 24.001 for bar in bars)


def test_what_stands_on_the_page() -> None:
    """The next exercise, the path with its states, attempts, prerequisites, quizzes, and the picture, unfolded."""
    chapter = {"chapter": "03_forward", "chapter_title": "Forward propagation"}
    found = replace(WITH_QUIZ, exercises=tuple(replace(e, **chapter) for e in report(a=(RIGHT,), b=(WRONG,)).exercises))
    found = replace(found, exercises=(replace(found.exercises[0], figures=(DRAWN,)), found.exercises[1]))
    stories = {"a": Story(teaches="What A teaches.", tries=tries(2, 10)), "b": Story(needs=("a",))}
    source = learner_page(found, stories, {"a": "It matters."})
    page = Page(source)
    text = " ".join(page.text.split())
    for said in ("Next B grade run b", "A ✓passed", "B ✗to mend", "What A teaches.", "Builds on A ✓", "at attempt 2"):
        assert said in text
    for said in ("Your line", "It rises.", "It matters.", "A rising line.", "Quiz"):
        assert said in text
    assert page.unbalanced == page.stack == []
    assert source.count('role="img"') == 2  # the picture, and the attempts
    assert 'id="exercise-a"' in source
    assert not re.search(r"<script|https?://|@import|url\((?!#)", source)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_why_there_is_no_picture_is_said_once_something_was_written() -> None:
    """Of a stub nothing is said."""
    missing = (Figure("T", missing="No picture: a is not written yet."),)
    for found, shown in ((WRONG, True), (STUB, False)):
        one = replace(report(a=(found,)).exercises[0], figures=missing)
        assert ("No picture" in learner_page(Report("C", (one,), RUN), {"a": Story()}, {})) is shown


@settings(max_examples=15)
@given(reports, texts, texts)
def test_no_text_becomes_markup(found: Report, text: str, note: str) -> None:
    """Not even in a picture."""
    pictures = (
        Figure(f"{text}<b>", DRAWN.panels, f"a{text}<b>", f"c{text}<b>", (f"{note}<b>",)),
        Figure(text, missing=f"{note}<b>"),
    )
    named: dict[str, ExerciseResult] = {e.name: replace(e, figures=pictures) for e in found.exercises}
    found = replace(found, exercises=tuple(named.values()))
    source = learner_page(found, {name: Story(f"{text}<b>") for name in named}, {})
    page = Page(source)
    assert page.unbalanced == page.stack == []
    assert "script" not in {tag for tag, _ in page.elements}
    assert sum(tag == "b" for tag, _ in page.elements) == len(named)  # the outcome of each
