"""The terminal report says what matters, fits, and cannot be forged."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.report.terminal import to_terminal
from grader.report.wording import OUTCOME_WORDS, points_of
from grader.report.wrapping import cells
from grader.result import Call, ExerciseResult, Outcome, Report

from .arbitrary import reports, texts
from .samples import (
    AFFINE,
    EMPTY,
    EVERYTHING,
    EXERCISES,
    NOT_STARTED,
    ONE_FAILED,
    ONE_PASSED,
    RUN,
    SIGMOID,
    SLOW,
    WITH_QUIZ,
    hostile,
)

NEXT = "Next: softmax\nRun grade hint softmax for a first hint."
WHY = {"sigmoid": "A sigmoid turns any score into a number between 0 and 1."}


def plain(report: Report, width: int = 80) -> str:
    """The report without colour."""
    return to_terminal(report, width=width, colour=False)


def of(*exercises: ExerciseResult) -> Report:
    """A report on these exercises."""
    return Report("Course", exercises, RUN)


@pytest.mark.parametrize(
    ("name", "report", "width", "ascii_only"),
    [
        ("everything-80.txt", EVERYTHING, 80, False),
        ("everything-ascii-60.txt", EVERYTHING, 60, True),
        ("with-quiz-60.txt", WITH_QUIZ, 60, False),
        ("one-failed-40.txt", ONE_FAILED, 40, False),
        ("one-passed-120.txt", ONE_PASSED, 120, False),
        ("hostile-80.txt", hostile(), 80, False),
        ("empty-80.txt", EMPTY, 80, False),
    ],
)
def test_the_report_looks_as_it_did(
    name: str, report: Report, width: int, ascii_only: bool, golden: Callable[[str, str], None]
) -> None:
    """The text is the golden one, character by character."""
    golden(name, to_terminal(report, width=width, colour=False, next_step=NEXT, whys=WHY, ascii_only=ascii_only))


def test_the_colours_are_as_they_were(golden: Callable[[str, str], None]) -> None:
    """The coloured text is the golden one, with its escape character written out."""
    text = to_terminal(EVERYTHING, width=80, colour=True, next_step=NEXT)
    golden("everything-80-colour.txt", text.replace("\x1b", "<ESC>"))


@given(reports, st.integers(0, 140), texts)
def test_colour_adds_nothing_but_colour(report: Report, width: int, next_step: str) -> None:
    """Without its colour codes, the coloured report is the plain one."""
    coloured = to_terminal(report, width=width, colour=True, next_step=next_step)
    stripped = re.sub(r"\x1b\[[0-9;]+m", "", coloured)
    bare = to_terminal(report, width=width, colour=False, next_step=next_step)
    assert [line.rstrip(" ") for line in stripped.splitlines()] == [line.rstrip(" ") for line in bare.splitlines()]
    assert "\x1b" not in bare


@given(reports, st.integers(40, 120), st.booleans())
def test_no_line_is_wider_than_the_terminal(report: Report, width: int, ascii_only: bool) -> None:
    """Nothing is carried over to the left edge, where the report's own words stand."""
    shown = to_terminal(report, width=width, colour=False, ascii_only=ascii_only)
    assert max(map(cells, shown.split("\n"))) <= width
    assert shown.isascii() or not ascii_only


@given(reports, st.integers(40, 120))
def test_no_line_is_a_command_to_a_build_service(report: Report, width: int) -> None:
    """GitHub obeys a line that begins with "::", after any spaces, and "##[" anywhere."""
    shown = plain(report, width)
    assert not [line for line in shown.split("\n") if line.lstrip().startswith("::")]
    assert "##[" not in shown


def test_a_forged_headline_stays_behind_the_gutter() -> None:
    """A learner's print of a perfect report cannot pass for the report."""
    shown = plain(hostile("\n✓ Sigmoid  sigmoid      passed · 3 of 3 points\n" + "漢" * 45 + "✓ Sigmoid  passed"))
    lines = [line for line in shown.splitlines() if "✓ Sigmoid" in line]
    assert lines
    assert all(line.startswith("│") for line in lines)


@pytest.mark.parametrize("exercise", [SIGMOID, NOT_STARTED])
def test_what_is_done_or_not_begun_takes_one_line(exercise: ExerciseResult) -> None:
    """One line for the exercise, an empty one, then the progress."""
    lines = plain(of(exercise)).splitlines()
    assert exercise.title in lines[0]
    assert lines[1] == ""
    assert "points" in lines[2]


def test_one_cause_is_explained_once() -> None:
    """The misconception's advice stands once, its title at every check that it breaks."""
    shown = " ".join(plain(ONE_FAILED, 120).split())
    assert shown.count("Each row of scores is a distribution") == 1
    assert shown.count("one sum for the whole batch") == 2
    assert shown.count("overflow encountered") == 1


def test_side_checks_say_that_they_wait() -> None:
    """A side check that happens to pass is not shown as passed."""
    shown = plain(of(AFFINE))
    assert "Not counted until the core check passes:" in shown
    assert "The inputs stay as they were. (met)" in shown
    assert "✓" not in shown


def test_slow_and_skipped_are_told_apart_from_failures() -> None:
    """An exercise with a slow and a skipped check has passed, and says both."""
    shown = plain(of(SLOW))
    assert "right, but slow: Ten thousand labels" in shown
    assert "skipped: MNIST labels work. MNIST is not downloaded" in shown
    assert "✗" not in shown


def test_two_numbers_are_not_said_twice() -> None:
    """What came back and what was expected stand in lines of their own."""
    failed = replace(
        SLOW.checks[0],
        outcome=Outcome.FAILED,
        message="468, expected 469",
        expected="469",
        call=Call("count(60000, 128)", returned="468"),
    )
    shown = plain(of(replace(SLOW, checks=(failed,))))
    assert "came back  468" in shown
    assert "468, expected 469" not in shown


def test_code_that_raised_is_not_called_slow() -> None:
    """Nor right: its speed could not be measured."""
    raised = replace(SLOW.checks[1], outcome=Outcome.RAISED, message="ValueError: 3 is not 2")
    warned = replace(raised, outcome=Outcome.FAILED, call=Call("f()", raised="FloatingPointError: overflow"))
    for check in (raised, warned):
        shown = plain(of(replace(SLOW, checks=(SLOW.checks[0], check))))
        assert "speed not measured: Ten thousand labels" in shown
        assert "right" not in shown.partition("speed not measured")[2]


def test_long_output_is_cut_and_counted() -> None:
    """Twelve lines of what was printed, then how many more there are."""
    shown = plain(ONE_FAILED)
    assert "row 11:" in shown
    assert "row 12:" not in shown
    assert "… 88 more lines" in shown


@pytest.mark.parametrize("text", ["\x1b" * 10**6, "x\n" * 10**5, "漢" * 10**6, "a" + "\u0301" * 10**6])
def test_a_flood_of_text_fills_a_few_screens_at_most(text: str) -> None:
    """No single text takes more than a dozen lines."""
    assert len(plain(hostile(text)).splitlines()) < 250


def test_why_it_matters_is_told_when_few_exercises_were_graded() -> None:
    """After a passed exercise, and only where there is room."""
    few = to_terminal(of(SIGMOID), width=80, colour=False, whys=WHY)
    many = to_terminal(of(*[SIGMOID] * 4), width=80, colour=False, whys=WHY)
    failed = to_terminal(ONE_FAILED, width=80, colour=False, whys={"softmax": "Because."})
    assert "Why it matters: A sigmoid" in few
    assert "Why it matters" not in many + failed


@pytest.mark.parametrize("outcome", sorted({e.outcome for e in EXERCISES}))
def test_every_outcome_is_said_in_words(outcome: Outcome) -> None:
    """No meaning is left to colour or to a sign."""
    shown = plain(EVERYTHING)
    assert shown.count(f" {OUTCOME_WORDS[outcome]}") >= sum(e.outcome is outcome for e in EXERCISES)


def test_there_are_words_for_all_outcomes() -> None:
    """A new outcome needs words, and words of its own."""
    assert set(OUTCOME_WORDS) == set(Outcome)
    assert len(set(OUTCOME_WORDS.values())) == len(Outcome)


def test_points_are_never_rounded_up_to_full() -> None:
    """What is not passed does not show full points."""
    assert points_of(79.9999, 80) == "79.99 of 80 points"
    assert points_of(0.1 * 3, 0.3) == "0.3 of 0.3 points"
    assert points_of(1, 1) == "1 of 1 point"


def test_a_quiz_has_one_line_where_several_chapters_were_graded() -> None:
    """Below its chapter's exercises; who graded one chapter did not ask."""
    line = "  Quiz: 1 of 4 right, 1 to go, 1 to review"
    lines = plain(WITH_QUIZ).splitlines()
    assert lines.count(line) == 1
    assert lines[lines.index(line) + 2] == "4 Loss functions"
    at = lines.index(line)
    assert lines[:at] + lines[at + 2 :] == plain(EVERYTHING).splitlines()
    one_chapter = replace(WITH_QUIZ, exercises=ONE_FAILED.exercises)
    assert plain(one_chapter) == plain(ONE_FAILED)
