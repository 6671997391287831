"""The words that every report shares: outcomes, points, chapters. Runs in: reports."""

import math
import re
from collections.abc import Iterable

from grader.result import CheckResult, ExerciseResult, Outcome, QuestionResult, QuizResult, Report, Run

OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "not yet right",
    Outcome.NOT_STARTED: "not started",
    Outcome.IMPORT_ERROR: "could not be imported",
    Outcome.RAISED: "raised an exception",
    Outcome.CRASHED: "ended without an answer",
    Outcome.TIMED_OUT: "took too long",
    Outcome.OUT_OF_MEMORY: "ran out of memory",
    Outcome.REFUSED: "file not taken",
    Outcome.SKIPPED: "could not be checked here",
    Outcome.GRADER_ERROR: "the grader failed, not your code",
}
WAITING_WORDS = OUTCOME_WORDS | {Outcome.PASSED: "met", Outcome.FAILED: "not met"}  # of checks beside a failed core one
NOT_COUNTED = "not counted until the core check passes"
SLOW = "right, but slow"
NOT_MEASURED = "speed not measured"
LOOKS_LIKE = "What it looks like"
NO_VISIBLE = "no visible checks"
HIDDEN_COUNT = "hidden ones count at hand-in"
_ROUNDING = 1e-6  # points that floating point may lose in a sum


def number(value: float) -> str:
    """At most two decimals and no trailing zeros: 3, 12.5, 0.67."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def points_of(score: float, points: float) -> str:
    """Points as "12.5 of 80 points"; never rounded up to the full points."""
    shown = number(score)
    if shown == number(points) and points - score > _ROUNDING:
        shown = number(math.floor(score * 100) / 100)
    return f"{shown} of {points_worth(points)}"


def points_worth(points: float) -> str:
    """Points as "1 point" or "12.5 points"."""
    return f"{number(points)} {'point' if number(points) == '1' else 'points'}"


def slow_words(check: CheckResult) -> str:
    """What to say of a check of speed that did not pass: code that raised was not slow."""
    raised = check.call is not None and check.call.raised is not None
    return SLOW if check.outcome in {Outcome.FAILED, Outcome.TIMED_OUT} and not raised else NOT_MEASURED


def status_of(exercise: ExerciseResult) -> list[str]:
    """Outcome and points of an exercise that was begun; of a release's, how many visible checks are met."""
    outcome = OUTCOME_WORDS[exercise.outcome]
    if not exercise.visible_only:
        return [outcome, points_of(exercise.score, exercise.points)]
    if exercise.all_hidden:
        return [NO_VISIBLE]
    met = [visible_checks([exercise])] if exercise.checks else []
    return met if exercise.passed else [outcome, *met]


def visible_checks(exercises: Iterable[ExerciseResult]) -> str:
    """How many of a release's checks are met: "2 of 3 visible checks"."""
    counted = [check for exercise in exercises for check in exercise.counted]
    return f"{sum(c.passed for c in counted)} of {len(counted)} visible {'check' if len(counted) == 1 else 'checks'}"


def total_of(report: Report) -> str:
    """Where one stands in all: points, or the visible checks and what is missing of the truth."""
    if all(e.all_hidden for e in report.exercises) and report.exercises:
        return f"{NO_VISIBLE}; {HIDDEN_COUNT}"
    if report.visible_only:
        return f"{visible_checks(report.exercises)}; {HIDDEN_COUNT}"
    return points_of(report.score, report.points)


def exercises_passed(report: Report) -> str:
    """How many, as "2 of 8 exercises passed"."""
    total = len(report.exercises)
    return f"{sum(e.passed for e in report.exercises)} of {total} {'exercise' if total == 1 else 'exercises'} passed"


def chapter_title(result: ExerciseResult | QuizResult) -> str:
    """The title of a result's chapter, with the number that its folder begins with: "3 Forward propagation"."""
    number = re.match(r"0*([0-9]{1,3})(?![0-9])", result.chapter)
    return f"{number[1]} {result.chapter_title}" if number else result.chapter_title


def quiz_standing(quiz: QuizResult) -> str:
    """Where one stands, as "7 of 10 right, 2 to go, 1 to review"; "10 questions" where nothing was answered."""
    total = len(quiz.questions)
    if not quiz.answered:
        return "1 question" if total == 1 else f"{total} questions"
    parts = [f"{quiz.right} of {total} right"]
    if quiz.answered < total:
        parts.append(f"{total - quiz.answered} to go")
    if quiz.to_review:
        parts.append(f"{quiz.to_review} to review")
    return ", ".join(parts)


def question_words(question: QuestionResult) -> str:
    """How a question of a quiz stands, as "not right at first, answered 3 times, to review"."""
    if question.right is None:
        return "not answered yet"
    parts = ["right" if question.right else "not right at first"]
    if question.attempts > 1:
        parts.append(f"answered {question.attempts} times")
    if question.due:
        parts.append("to review")
    return ", ".join(parts)


def run_facts(run: Run) -> list[str]:
    """Sandbox level, data and duration, for the foot of a report."""
    facts = [f"sandbox: {run.sandbox.value}", f"data: {run.data}" if run.data else "", f"{run.seconds:.1f} s"]
    return [fact for fact in facts if fact]
