"""What grading must show of stubs, references, other right solutions and wrong ones. Runs in: command line, a pool."""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from grader import intake, runner
from grader.author.course_table import table_findings
from grader.author.files import course_findings, exercise_findings, obstacles
from grader.author.quizzes import quiz_findings
from grader.author.topics import topic_findings
from grader.course import Course, Exercise, read_course
from grader.pool import strongest
from grader.processes import interruptible, processes, zygotes_ahead
from grader.quiz.bank import quizzes
from grader.result import ExerciseResult, Outcome, SandboxLevel

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

STUB, REFERENCE, RIGHT = "the stub", "the reference", "right/"
_LOOK_SECONDS = 0.1  # between two looks at how many submissions are graded
_graded: "Synchronized[int] | None" = None  # in a process of the pool: the counter of all of them
PATIENCE = 60.0  # seconds of computing for the misconception behind one failed check
_CAUGHT = (Outcome.FAILED, Outcome.RAISED, Outcome.CRASHED, Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY)


class Summary(Struct, frozen=True):
    """What `grade verify` found. `notes` are worth reading, not mending."""

    findings: tuple[str, ...]
    notes: tuple[str, ...]
    exercises: int
    checks: int
    rights: int  # beside the references
    wrongs: int
    questions: int
    named: int  # known-wrong solutions that the diagnosis names
    seconds: float

    @property
    def sentence(self) -> str:
        work = ", ".join(
            (
                _counted(self.exercises, "exercise"),
                _counted(self.checks, "check"),
                _counted(self.rights, "other right solution"),
                _counted(self.wrongs, "known-wrong solution"),
                *([_counted(self.questions, "quiz question")] if self.questions else []),
            )
        )
        verdict = _counted(len(self.findings), "finding") if self.findings else "no finding"
        return f"{verdict}: {work} ({self.named} named by the diagnosis) in {self.seconds:.1f} s"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class _Task(Struct, frozen=True):
    """One exercise, all of whose submissions of the author's are to be graded."""

    root: Path
    exercise: str
    data_dir: Path | None
    level: SandboxLevel


def verify(
    course: Course,
    exercises: Sequence[Exercise],
    *,
    jobs: int,
    data_dir: Path | None = None,
    sandbox: SandboxLevel | None = None,
    at_least: SandboxLevel = SandboxLevel.PROCESS,
    done: Callable[[int, int], None] = lambda _done, _total: None,
) -> Summary:
    """Prove the exercises. `done` hears how many submissions of how many have been graded, from 0 on.

    Raises SandboxError before anything runs where the level is not to be had, as `runner.grade` does.
    """
    start = time.perf_counter()
    level = strongest(sandbox, at_least=at_least)
    chapters = {exercise.chapter for exercise in exercises}
    banks = quizzes(course)
    asked = [quiz for quiz in banks if quiz.chapter in chapters]
    findings = [*course_findings(course), *topic_findings(course, banks), *table_findings(course, banks)]
    findings += [finding for exercise in exercises for finding in exercise_findings(exercise)]
    findings += [finding for quiz in asked for finding in quiz_findings(quiz)]
    sound = [exercise for exercise in exercises if not any(obstacles(exercise))]
    tasks = {exercise: _Task(course.root, exercise.name, data_dir, level) for exercise in sound}
    results = _grade_all(tasks, level, jobs, done)
    notes: list[str] = []
    for exercise in sound:
        findings += _findings(exercise, results[exercise.name])
        notes += _notes(exercise, results[exercise.name])
    return Summary(
        tuple(findings),
        tuple(notes),
        len(exercises),
        sum(len(results[e.name][REFERENCE].checks) for e in sound),
        sum(len(e.rights) for e in sound),
        sum(len(e.wrongs) for e in sound),
        sum(len(quiz.questions) for quiz in asked),
        sum(_is_named(wrong.name, results[e.name][wrong.name]) for e in sound for wrong in e.wrongs),
        time.perf_counter() - start,
    )


def _whiches(exercise: Exercise) -> list[str]:
    """All that is graded of an exercise: STUB, REFERENCE, RIGHT with a file's name, names of known-wrong solutions."""
    rights = [f"{RIGHT}{path.name}" for path in exercise.rights]
    return [STUB, REFERENCE, *rights, *(wrong.name for wrong in exercise.wrongs)]


def _grade_all(
    tasks: Mapping[Exercise, _Task], level: SandboxLevel, jobs: int, done: Callable[[int, int], None]
) -> dict[str, dict[str, ExerciseResult]]:
    """The results by exercise and by what was graded. An exercise is one process's: what is known of it stays there."""
    counts = {exercise: len(_whiches(exercise)) for exercise in tasks}
    results: dict[str, dict[str, ExerciseResult]] = {}
    graded = multiprocessing.get_context("spawn").Value("i", 0)  # which forks can have too
    jobs = min(jobs, len(tasks)) or 1
    with zygotes_ahead(level, level, jobs), processes(jobs, begin=partial(_count_in, graded)) as pool:
        longest_first = sorted(tasks, key=lambda e: -e.limits.seconds * counts[e])
        futures = {pool.submit(_grade, tasks[exercise]): exercise.name for exercise in longest_first}
        waiting = set(futures)
        done(0, sum(counts.values()))
        while waiting:
            finished, waiting = wait(waiting, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            results |= {futures[future]: future.result() for future in finished}
            done(graded.value, sum(counts.values()))
    return results


def _count_in(graded: "Synchronized[int]") -> None:
    """In a process: count the submissions there, for the one who waits."""
    global _graded  # noqa: PLW0603 - a process has one
    _graded = graded


@cache
def _course(root: Path) -> Course:
    return read_course(root)


@cache
def _bench(root: Path, level: SandboxLevel, data_dir: Path | None) -> runner.Bench:
    """This process's bench, which ends with it."""
    return runner.Bench(_course(root), data_dir=data_dir, sandbox=level, patience=PATIENCE)


def _grade(task: _Task) -> dict[str, ExerciseResult]:
    exercise = _course(task.root).find(task.exercise)
    assert exercise is not None
    bench = _bench(task.root, task.level, task.data_dir)
    with interruptible():
        return {which: _result(bench, exercise, which) for which in _whiches(exercise)}


def _result(bench: runner.Bench, exercise: Exercise, which: str) -> ExerciseResult:
    result = bench.grade([runner.Job(exercise, _submission(exercise, which))], pictures=True).exercises[0]
    if _graded is not None:
        with _graded.get_lock():
            _graded.value += 1
    return result


def _submission(exercise: Exercise, which: str) -> intake.Submission | intake.Refusal:
    if which == STUB:
        return intake.take(exercise.stub)
    if which == REFERENCE:
        return intake.take(exercise.reference)
    if which.startswith(RIGHT):
        return _as_module(exercise, (exercise.solution_folder / which).read_bytes())
    wrong = next(wrong for wrong in exercise.wrongs if wrong.name == which)
    return _as_module(exercise, wrong.source.encode())


def _as_module(exercise: Exercise, source: bytes) -> intake.Submission:
    return intake.Submission(exercise.module, {exercise.module: source})


def _findings(exercise: Exercise, results: dict[str, ExerciseResult]) -> Iterator[str]:
    problem = results[REFERENCE].problem
    if problem is not None and problem.outcome is Outcome.GRADER_ERROR:
        yield f"{exercise.name}: {problem.message}; mend {exercise.check_file.name}"
        return
    yield from _stub_findings(exercise, results[STUB])
    yield from _right_findings(exercise, REFERENCE, str(exercise.reference), results[REFERENCE])
    for path in exercise.rights:
        yield from _right_findings(exercise, f"{RIGHT}{path.name}", str(path), results[f"{RIGHT}{path.name}"])
    for wrong in exercise.wrongs:
        yield from _wrong_findings(exercise, wrong.name, wrong.check, results[wrong.name])
    yield from _picture_findings(exercise, results)
    for check in results[REFERENCE].checks:
        outcomes = [_outcome(results[wrong.name], check.name) for wrong in exercise.wrongs]
        if check.outcome is not Outcome.SKIPPED and not any(outcome in _CAUGHT for outcome in outcomes):
            idle = f"{check.name} is idle: it catches no known-wrong solution; add one, or drop the check"
            yield f"{exercise.name}: {idle}"


def _stub_findings(exercise: Exercise, result: ExerciseResult) -> Iterator[str]:
    if result.problem is not None:
        yield f"{exercise.name}: the stub can't be loaded: {result.problem.message}; mend {exercise.stub}"
        return
    for check in result.checks:
        if check.outcome not in (Outcome.NOT_STARTED, Outcome.SKIPPED):
            yield f"{exercise.name}: the stub makes {check.name} {check.outcome.value}; it must say not_started"


def _right_findings(exercise: Exercise, which: str, file: str, result: ExerciseResult) -> Iterator[str]:
    """A right solution passes every check; where it isn't the reference, every one that counts."""
    if result.problem is not None:
        yield f"{exercise.name}: {which} can't be loaded: {result.problem.message}; mend {file}"
        return
    for check in result.checks if which == REFERENCE else result.counted:
        if check.outcome not in (Outcome.PASSED, Outcome.SKIPPED):
            how = f"{check.outcome.value}: {check.message or 'no reason given'}"
            yield f"{exercise.name}: {which} makes {check.name} {how}; mend the one or the other"


def _wrong_findings(exercise: Exercise, name: str, check: str, result: ExerciseResult) -> Iterator[str]:
    where = f"{exercise.name}/wrong.toml: {name}"
    if result.problem is not None:
        yield f"{where} can't be loaded: {result.problem.message}; mend its code or edits"
        return
    found = [c for c in result.checks if c.name.partition("[")[0] == check]
    if not found:
        yield f"{where}: check = {check!r} is no check of {exercise.check_file.name}; mend the name"
    elif all(c.outcome is Outcome.PASSED for c in found):
        yield f"{where} passes {check}, which must catch it; mend the check or the known-wrong solution"
    elif not {c.outcome for c in found} - {Outcome.PASSED, Outcome.NOT_STARTED}:
        yield f"{where} says in {check} that it is not written yet, which catches nothing; write its mistake"
    for one in result.checks:
        if one.outcome is Outcome.TIMED_OUT:
            yield f"{where} does not end in {one.name}; the diagnosis needs known-wrong solutions that do"
        if one.outcome is Outcome.GRADER_ERROR:
            yield f"{where}: {one.name} itself breaks: {one.message}"
        if one.misconception is not None and one.misconception.name != name and not one.advisory:  # a busy machine
            yield f"{where} is taken for {one.misconception.name} in {one.name}; make them differ there"


def _picture_findings(exercise: Exercise, results: dict[str, ExerciseResult]) -> Iterator[str]:
    """A right solution has a picture without a note, and nothing that is submitted breaks what draws it."""
    for which, result in results.items():
        for figure in result.figures:
            right = which == REFERENCE or which.startswith(RIGHT)
            said = "; ".join(figure.notes) or figure.missing
            if figure.fault or (right and said):
                yield f"{exercise.name}: the picture of {which}: {said}; mend {exercise.picture_file.name}"


def _outcome(result: ExerciseResult, check: str) -> Outcome | None:
    return next((c.outcome for c in result.checks if c.name == check), None)


def _is_named(name: str, result: ExerciseResult) -> bool:
    return any(c.misconception is not None and c.misconception.name == name for c in result.checks)


def _notes(exercise: Exercise, results: dict[str, ExerciseResult]) -> Iterator[str]:
    for check in results[REFERENCE].checks:
        if check.outcome is Outcome.SKIPPED:
            yield f"not proven here: {exercise.name}: {check.name}: {check.message}"
    unnamed = [w.name for w in exercise.wrongs if not _is_named(w.name, results[w.name])]
    if unnamed:
        yield f"not named by the diagnosis: {exercise.name}: {', '.join(unnamed)}"
