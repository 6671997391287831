"""What a student may see of what grading found. Runs in: the command line.

Of a hidden check stay its demand, its outcome and the sentence on the misconception. Inputs, values, messages, places,
parameters and whatever the code printed meanwhile would tell what it is called with.
"""

from datetime import datetime

from msgspec.structs import replace

from grader.assignment import Assignment
from grader.classroom.model import Row, asked_of
from grader.result import CheckResult, ExerciseResult, Outcome, Problem

OUR_FAULT = "The grader failed at this exercise. It is not your fault."


def student_view(row: Row, assignment: Assignment, now: datetime) -> tuple[ExerciseResult, ...]:
    """The results of what is asked for, in the assignment's order, less what the student may not see at that time.

    Each is worth what the assignment says. The names of checks stay whole, so that weights are found by them: of a
    hidden one they are not to be shown.
    """
    assignment = asked_of(row.student, assignment)
    found = {result.name: result for result in row.results}
    return tuple(
        _seen(found[demand.exercise.name], demand.points, assignment, now)
        for demand in assignment.demands
        if demand.exercise.name in found
    )


def _seen(result: ExerciseResult, points: float, assignment: Assignment, now: datetime) -> ExerciseResult:
    checks = tuple(
        check if assignment.visibility_of(result.name, check.name, now) else _veiled(check) for check in result.checks
    )
    return replace(result, points=points, checks=checks, problem=_problem(result.problem))


def _veiled(check: CheckResult) -> CheckResult:
    bare = check.name.partition("[")[0]
    demand = check.demand if check.demand != check.name else bare  # what has no docstring goes by its name
    return CheckResult(
        name=check.name,
        demand=demand or bare,
        outcome=check.outcome,
        core=check.core,
        advisory=check.advisory,
        misconception=check.misconception,
    )


def _problem(problem: Problem | None) -> Problem | None:
    """A fault of the checks may quote them, and tells the student nothing."""
    if problem is None or problem.outcome is not Outcome.GRADER_ERROR:
        return problem
    return Problem(problem.outcome, OUR_FAULT)
