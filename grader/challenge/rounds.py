"""Which known-wrong solutions do a learner's checks catch? Runs in: checks.

A check may not win by counting calls. So each round has processes of its own, each run has the check's file and the
solution anew, and in each round the right solution comes several times among the wrong ones, all in random order. What
a check catches in every round, while it passes the right solution every time, is caught.
"""

import gc
from collections.abc import Callable, Sequence
from contextlib import closing
from random import SystemRandom
from time import monotonic

from msgspec import Struct, field

from grader import mirror
from grader.challenge.pair import Pair
from grader.challenge.standing import Check, Standing
from grader.course import OWN_CHECKS, Course, Exercise, Wrong
from grader.errors import CourseError
from grader.intake import Refusal, Submission
from grader.language import _
from grader.pool import Pool
from grader.process import LearnerProcess, ProcessFault
from grader.result import Outcome, Problem, SandboxLevel
from grader.trace import LearnerError

ROUNDS = 2
RIGHT_ONES = 3  # how often the right solution comes in one round
CHECK_SECONDS = 60.0  # for all runs of one check together
_FILE = f"{OWN_CHECKS}.py"
_BY_CHANCE = SystemRandom()


class _Tally(Struct):
    """What is known of one check so far."""

    name: str
    rounds: list[set[str]] = field(default_factory=list)  # names of what was caught in each
    problem: Problem | None = None
    output: str | None = None
    seconds: float = 0.0

    def check(self, wrongs: Sequence[Wrong]) -> Check:
        if self.problem is not None:
            return Check(self.name, problem=self.problem, output=self.output or "")
        each_time = set.intersection(*self.rounds)
        caught = tuple(wrong.name for wrong in wrongs if wrong.name in each_time)
        return Check(self.name, caught, len(set.union(*self.rounds)) - len(caught), output=self.output or "")


def to_catch(exercise: Exercise) -> tuple[Wrong, ...]:
    """The known-wrong solutions but those that are only slow: what is right can't be told from right.

    Raises CourseError where there is none, or where solutions hand out objects.
    """
    if exercise.objects:
        said = _("{exercise}: its solutions hand out objects, which a challenge can't do; choose another")
        raise CourseError(said.format(exercise=exercise.name))
    wrongs = tuple(wrong for wrong in exercise.wrongs if wrong.check not in exercise.advisory)
    if not wrongs:
        said = _("{exercise}: has no known-wrong solutions to catch; choose another exercise")
        raise CourseError(said.format(exercise=exercise.name))
    return wrongs


def play(
    course: Course,
    exercise: Exercise,
    submission: Submission | Refusal,
    *,
    sandbox: SandboxLevel | None = None,
    at_least: SandboxLevel = SandboxLevel.PROCESS,
    begun: Callable[[int], None] = lambda _: None,
    done: Callable[[int], None] = lambda _: None,
    shuffle: Callable[[list[Wrong]], None] = _BY_CHANCE.shuffle,
) -> Standing:
    """Run all checks against all solutions. `begun` hears how many runs there are to be, `done` of so many more.

    Raises SandboxError where the level that was asked for is not to be had; CourseError for solutions that can't be
    run.
    """
    wrongs = to_catch(exercise)
    if isinstance(submission, Refusal):
        problem = Problem(Outcome.REFUSED, submission.message)
        return Standing(exercise.name, wrongs, None, problem=problem)
    pool = Pool(sandbox, at_least=at_least)
    pool.expect(2 * ROUNDS - 1)
    gc.enable()
    try:
        game = _Game(course, exercise, submission, pool=pool, done=done, shuffle=shuffle)
        found = game.played(begun)
    finally:
        pool.close()
    if isinstance(found, Problem):
        return Standing(exercise.name, wrongs, pool.level, problem=found)
    return Standing(exercise.name, wrongs, pool.level, tuple(found))


class _Game:
    """The rounds of one challenge."""

    def __init__(
        self,
        course: Course,
        exercise: Exercise,
        submission: Submission,
        *,
        pool: Pool,
        done: Callable[[int], None],
        shuffle: Callable[[list[Wrong]], None],
    ) -> None:
        self._exercise = exercise
        self._submission = submission
        self._parts = {e.module: e.reference.read_bytes() for e in course.parts_of(exercise)}
        self._wrongs = to_catch(exercise)
        self._right = Wrong(exercise.file_name, "", "", "", exercise.reference.read_text(encoding="utf-8"))
        self._pool = pool
        self._done = done
        self._shuffle = shuffle

    def played(self, begun: Callable[[int], None]) -> list[Check] | Problem:
        tallies: list[_Tally] = []
        for number in range(ROUNDS):
            with closing(Pair(self._exercise, self._submission, self._parts, self._spawn)) as pair:
                if number == 0:
                    names = self._names(pair)
                    if isinstance(names, Problem):
                        return names
                    tallies = [_Tally(name) for name in names]
                    begun(ROUNDS * len(names) * (len(self._wrongs) + RIGHT_ONES))
                for tally in tallies:
                    self._play_round(pair, tally)
        return [tally.check(self._wrongs) for tally in tallies]

    def _spawn(self) -> LearnerProcess:
        self._pool.next_exercise()
        return self._pool.take()

    def _names(self, pair: Pair) -> list[str] | Problem:
        seconds = self._exercise.limits.seconds
        try:
            names = pair.names(self._right, seconds)
        except ProcessFault as fault:
            said = _("{file} could not be imported: {reason}")
            if fault.outcome is Outcome.TIMED_OUT:
                said = _("{file} did not finish importing within {seconds} s; is there an endless loop?")
            said = said.format(file=_FILE, reason=fault.message, seconds=f"{seconds:g}")
            return Problem(_of_theirs(fault), said, output=pair.output)
        if isinstance(names, LearnerError):
            reason = mirror.explained(names, self._exercise.limits.memory_mb)
            said = _("{file} could not be imported: {reason}").format(file=_FILE, reason=reason)
            return Problem(Outcome.IMPORT_ERROR, said, names.location, pair.output)
        if not names:
            said = _("{file} has no check; write a function whose name begins with check_").format(file=_FILE)
            return Problem(Outcome.NOT_STARTED, said, output=pair.output)
        return names

    def _play_round(self, pair: Pair, tally: _Tally) -> None:
        solutions = [*self._wrongs, *[self._right] * RIGHT_ONES]
        self._shuffle(solutions)
        caught: set[str] = set()
        for number, solution in enumerate(solutions):
            if tally.problem is not None:
                self._done(len(solutions) - number)
                return
            error = self._run(pair, tally, solution)
            if solution is not self._right:
                caught.update([solution.name] if error is not None else [])
            else:
                tally.output = pair.output if tally.output is None else tally.output
                if error is not None:
                    tally.problem = self._on_the_right_one(error)
            self._done(1)
        tally.rounds.append(caught)

    def _run(self, pair: Pair, tally: _Tally, solution: Wrong) -> LearnerError | None:
        limit, left, start = self._exercise.limits.seconds, CHECK_SECONDS - tally.seconds, monotonic()
        try:
            return pair.judge(tally.name, solution, min(limit, left))
        except ProcessFault as fault:
            tally.output = pair.output if tally.output is None else tally.output
            said = fault.message
            if fault.outcome is Outcome.TIMED_OUT:
                said = _("had not come back after {seconds} s; is there an endless loop?")
                if left < limit:
                    said = _("is too slow: its runs may take {together} s together")
                said = said.format(seconds=f"{limit:g}", together=f"{CHECK_SECONDS:g}")
            tally.problem = Problem(_of_theirs(fault), said)
            return None
        finally:
            tally.seconds += monotonic() - start

    def _on_the_right_one(self, error: LearnerError) -> Problem:
        if error.kind == "AssertionError":
            said = _("fails on the right solution: {reason}") if error.message else _("fails on the right solution")
            return Problem(Outcome.FAILED, said.format(reason=error.message), error.location)
        reason = mirror.explained(error, self._exercise.limits.memory_mb)
        return Problem(Outcome.RAISED, _("raises on the right solution: {error}").format(error=reason), error.location)


def _of_theirs(fault: ProcessFault) -> Outcome:
    """The outcome of a fault of the learner's code. One of ours is raised."""
    if fault.outcome is Outcome.GRADER_ERROR:
        raise RuntimeError(fault.message)
    return fault.outcome
