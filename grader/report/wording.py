"""The words that every report shares: outcomes, points, chapters. Runs in: reports.

Constants are English; whoever shows one to a learner translates it.
"""

import math
import re
from collections.abc import Iterable, Sequence

from grader.language import N_, _, ngettext
from grader.result import CheckResult, ExerciseResult, Outcome, QuestionResult, QuizResult, Report, Run
from grader.terms import Term, first_uses

OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.PASSED: N_("passed"),
    Outcome.FAILED: N_("not yet right"),
    Outcome.NOT_STARTED: N_("not started"),
    Outcome.IMPORT_ERROR: N_("could not be imported"),
    Outcome.RAISED: N_("raised an exception"),
    Outcome.CRASHED: N_("ended without an answer"),
    Outcome.TIMED_OUT: N_("took too long"),
    Outcome.OUT_OF_MEMORY: N_("ran out of memory"),
    Outcome.REFUSED: N_("file not taken"),
    Outcome.SKIPPED: N_("could not be checked here"),
    Outcome.GRADER_ERROR: N_("the grader failed, not your code"),
}
WAITING_WORDS = OUTCOME_WORDS | {
    Outcome.PASSED: N_("met"),
    Outcome.FAILED: N_("not met"),
}  # of checks beside a failed core one
NOT_COUNTED = N_("not counted until the core check passes")
SLOW = N_("right, but slow")
NOT_MEASURED = N_("speed not measured")
LOOKS_LIKE = N_("What it looks like")
NO_VISIBLE = N_("no visible checks")
HIDDEN_COUNT = N_("hidden ones count at hand-in")
_ROUNDING = 1e-6  # points that floating point may lose in a sum


def number(value: float) -> str:
    """At most two decimals and no trailing zeros: 3, 12.5, 0.67."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def points_of(score: float, points: float) -> str:
    """Points as "12.5 of 80 points"; never rounded up to the full points."""
    shown = number(score)
    if shown == number(points) and points - score > _ROUNDING:
        shown = number(math.floor(score * 100) / 100)
    said = ngettext("{score} of {points} point", "{score} of {points} points", _counted(points))
    return said.format(score=shown, points=number(points))


def explained_earlier(terms: Sequence[Term], texts: Iterable[str]) -> str:
    """Where the first two terms in these texts are explained, as "Explained earlier: bias in 02_gates/logic-gates."

    Empty where there is nothing to say. Not of terms that a later exercise explains.
    """
    found = first_uses([term for term in terms if not term.later], texts)[:2]
    places = [_("{term} in {place}").format(term=term.text, place=term.place) for term in found]
    if len(places) > 1:
        places = [_("{one} and {other}").format(one=places[0], other=places[1])]
    return _("Explained earlier: {terms}.").format(terms=places[0]) if places else ""


def points_worth(points: float) -> str:
    """Points as "1 point" or "12.5 points"."""
    return ngettext("{points} point", "{points} points", _counted(points)).format(points=number(points))


def _counted(points: float) -> int:
    """Which form of a word goes with points: one only with what is shown as 1."""
    return 1 if number(points) == "1" else 2


def slow_words(check: CheckResult) -> str:
    """What to say of a check of speed that did not pass: code that raised was not slow."""
    raised = check.call is not None and check.call.raised is not None
    return _(SLOW if check.outcome in {Outcome.FAILED, Outcome.TIMED_OUT} and not raised else NOT_MEASURED)


def status_of(exercise: ExerciseResult) -> list[str]:
    """Outcome and points of an exercise that was begun; of a release's, how many visible checks are met."""
    outcome = _(OUTCOME_WORDS[exercise.outcome])
    if not exercise.visible_only:
        return [outcome, points_of(exercise.score, exercise.points)]
    if exercise.all_hidden:
        return [_(NO_VISIBLE)]
    met = [visible_checks([exercise])] if exercise.checks else []
    return met if exercise.passed else [outcome, *met]


def visible_checks(exercises: Iterable[ExerciseResult]) -> str:
    """How many of a release's checks are met: "2 of 3 visible checks"."""
    counted = [check for exercise in exercises for check in exercise.counted]
    said = ngettext("{met} of {total} visible check", "{met} of {total} visible checks", len(counted))
    return said.format(met=sum(c.passed for c in counted), total=len(counted))


def total_of(report: Report) -> str:
    """Where one stands in all: points, or the visible checks and what is missing of the truth."""
    if all(e.all_hidden for e in report.exercises) and report.exercises:
        return f"{_(NO_VISIBLE)}; {_(HIDDEN_COUNT)}"
    if report.visible_only:
        return f"{visible_checks(report.exercises)}; {_(HIDDEN_COUNT)}"
    return points_of(report.score, report.points)


def exercises_passed(report: Report) -> str:
    """How many, as "2 of 8 exercises passed"."""
    return passed_of(sum(e.passed for e in report.exercises), len(report.exercises))


def passed_of(passed: int, total: int) -> str:
    """So many of so many exercises."""
    said = ngettext("{passed} of {total} exercise passed", "{passed} of {total} exercises passed", total)
    return said.format(passed=passed, total=total)


def chapter_title(result: ExerciseResult | QuizResult) -> str:
    """The title of a result's chapter, with the number that its folder begins with: "3 Forward propagation"."""
    number = re.match(r"0*([0-9]{1,3})(?![0-9])", result.chapter)
    return f"{number[1]} {result.chapter_title}" if number else result.chapter_title


def quiz_standing(quiz: QuizResult) -> str:
    """Where one stands, as "7 of 10 right, 2 to go, 1 to review"; "10 questions" where nothing was answered."""
    total = len(quiz.questions)
    if not quiz.answered:
        return questions(total)
    parts = [_("{right} of {total} right").format(right=quiz.right, total=total)]
    if quiz.answered < total:
        parts.append(_("{count} to go").format(count=total - quiz.answered))
    if quiz.to_review:
        parts.append(_("{count} to review").format(count=quiz.to_review))
    return ", ".join(parts)


def questions(count: int) -> str:
    """A number of them: "1 question", "12 questions"."""
    return ngettext("{count} question", "{count} questions", count).format(count=count)


def question_words(question: QuestionResult) -> str:
    """How a question of a quiz stands, as "not right at first, answered 3 times, to review"."""
    if question.right is None:
        return _("not answered yet")
    parts = [_("right") if question.right else _("not right at first")]
    if question.attempts > 1:
        parts.append(_("answered {count} times").format(count=question.attempts))
    if question.due:
        parts.append(_("to review"))
    return ", ".join(parts)


def run_facts(run: Run) -> list[str]:
    """Sandbox level, data and duration, for the foot of a report."""
    facts = [_("sandbox: {level}").format(level=run.sandbox.value)]
    facts += [_("data: {data}").format(data=run.data)] if run.data else []
    return [*facts, f"{run.seconds:.1f} s"]
