"""Grade a class: hand work to an executor, write each row as it comes back, keep what holds. Runs in: command line."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from grader.assignment import Assignment
from grader.classroom import intake
from grader.classroom.gradebook import Gradebook
from grader.classroom.intake import Origin
from grader.classroom.marking import Graded, Terms, grade
from grader.classroom.model import HandedIn, QuizMark, Row, State, Student
from grader.classroom.roster import ids_of
from grader.data.where import find_mnist
from grader.diary import FILE, NotADiary, Tried, read
from grader.errors import SandboxError
from grader.report.plain import printable
from grader.result import ExerciseResult, Outcome

IN_FLIGHT = 2  # works per process: one that is graded, one that waits
_DIED = "the process that graded it died, twice"

OpenExecutor = Callable[[], AbstractContextManager[tuple[Executor, int]]]  # with how many works it does at a time
MarkQuizzes = Callable[[HandedIn], tuple[tuple[QuizMark, ...], tuple[str, ...]]]


class Tally(Struct):
    """How far a class is: students in all, done, and by what came of them."""

    total: int
    done: int = 0
    kept: int = 0  # unchanged since an earlier run
    unseen: int = 0  # without a row, where only what failed is graded again
    states: Counter[State] = field(default_factory=Counter)


class _Work(Struct):
    """One student's work on its way."""

    handed: HandedIn
    digest: str
    remarks: tuple[str, ...]
    quizzes: tuple[QuizMark, ...]
    tried: tuple[Tried, ...]


class ClassRun:
    """One pass over a class. `open_executor` gives an executor and how many works it does at a time, anew where
    processes have died.
    """

    def __init__(
        self,
        assignment: Assignment,
        terms: Terms,
        gradebook: Gradebook,
        open_executor: OpenExecutor,
        *,
        mark_quizzes: MarkQuizzes = lambda _: ((), ()),
        quiz_digest: str = "",
        heard: Callable[[Tally], None] = lambda _: None,
        meanwhile: Callable[[], object] = int,
    ) -> None:
        """`meanwhile` is called once, while the first works are graded."""
        self._assignment = assignment
        self._terms = terms
        self._gradebook = gradebook
        self._open_executor = open_executor
        self._mark_quizzes = mark_quizzes
        self._quiz_digest = quiz_digest
        self._heard = heard
        self._meanwhile = meanwhile
        self._tally = Tally(0)
        self._has_mnist = find_mnist(Path(terms.data_dir) if terms.data_dir else None) is not None

    def grade(self, origins: Sequence[Origin], missing: Iterable[Student], *, only_errors: bool = False) -> Tally:
        """Grade what has no row with the same digest yet, or, with `only_errors`, what ended by a fault of ours.

        Raises SandboxError, WorkspaceError; KeyboardInterrupt. What was written stays.
        """
        known = self._gradebook.digests()
        absent = [student for student in missing if not only_errors]
        self._tally = Tally(len(origins) + len(absent))
        self._heard(self._tally)
        for student in absent:
            if student.id not in known or known[student.id][1] is State.MISSING:
                self._put(Row(student, "", State.MISSING))
            else:
                self._renew(student)
                self._count(known[student.id][1], kept=True)
        waiting = iter(origins)
        suspects: list[_Work] = []
        while True:
            with self._open_executor() as (executor, jobs):
                suspects = self._grade_in(executor, jobs * IN_FLIGHT, waiting, known, only_errors=only_errors)
            for work in suspects:  # one of them has killed a process: each gets one of its own
                with self._open_executor() as (executor, _):
                    self._grade_alone(executor, work)
            if not suspects:
                break
        if not only_errors:
            self._forget_renamed(origins)
        return self._tally

    def _forget_renamed(self, origins: Sequence[Origin]) -> None:
        """Forget the rows of work that is somebody else's by now: the roster has come, or changed."""
        students = {origin.student.id for origin in origins}
        lain = {origin.name for origin in origins}
        before = self._gradebook.origins()
        self._gradebook.forget(student for student, at in before.items() if at in lain and student not in students)

    def _grade_in(
        self,
        executor: Executor,
        most: int,
        waiting: Iterable[Origin],
        known: dict[str, tuple[str, State]],
        *,
        only_errors: bool,
    ) -> list[_Work]:
        """Grade until nothing waits, or a process dies; then return the works that were in flight."""
        pending: dict[Future[Graded], _Work] = {}
        try:
            for origin in waiting:
                work = self._taken(origin, known, only_errors=only_errors)
                if work is None:
                    continue
                try:
                    future = executor.submit(grade, self._terms, work.handed)
                except BrokenExecutor:
                    return [*pending.values(), work]
                pending[future] = work
                while len(pending) >= most:
                    self._collect(pending)
            while pending:
                self._collect(pending)
        except BrokenExecutor:
            return list(pending.values())
        return []

    def _collect(self, pending: dict[Future[Graded], _Work]) -> None:
        meanwhile, self._meanwhile = self._meanwhile, int
        meanwhile()
        finished, _ = wait(pending, return_when=FIRST_COMPLETED)
        rows = []
        try:
            for future in finished:
                graded = self._result(future)
                rows.append(self._row(pending.pop(future), graded))
        finally:
            self._put(*rows)

    def _grade_alone(self, executor: Executor, work: _Work) -> None:
        try:
            graded = self._result(executor.submit(grade, self._terms, work.handed))
        except BrokenExecutor:
            graded = Graded((), "", 0.0, _DIED)
        self._put(self._row(work, graded))

    @staticmethod
    def _result(future: Future[Graded]) -> Graded:
        """What came back. A fault on the way is a fault of ours. Raises BrokenExecutor, SandboxError."""
        try:
            return future.result()
        except (BrokenExecutor, SandboxError):
            raise
        except Exception as fault:
            return Graded((), "", 0.0, f"{type(fault).__name__}: {fault}"[:500])

    def _taken(self, origin: Origin, known: dict[str, tuple[str, State]], *, only_errors: bool) -> _Work | None:
        """Read a student's work; nothing where there is nothing to grade."""
        before = known.get(origin.student.id)
        if only_errors and before is None:
            self._tally.unseen += 1
            return None
        if only_errors and before is not None and before[1] is not State.ERROR:
            self._count(before[1], kept=True)
            return None
        handed = intake.take(origin, self._assignment)
        digest = self._digest(handed)
        if before is not None and before[0] in (digest, self._in_time(digest)) and before[1] is not State.ERROR:
            self._renew(handed.student)
            self._count(before[1], kept=True)
            return None
        quizzes, said = self._mark_quizzes(handed)
        tried, unread = _tried(handed)
        work = _Work(handed, digest, (*handed.remarks, *said, *unread), quizzes, tried)
        if handed.refused:
            self._put(self._row(work, None))
            return None
        return work

    def _renew(self, student: Student) -> None:
        """Keep what the roster says now: a name or an extension needs no grading."""
        row = self._gradebook.row(student.id)
        if row is not None and row.student != student:
            self._gradebook.put(replace(row, student=student))

    def _digest(self, handed: HandedIn) -> str:
        asked = (self._terms.course_digest, *self._terms.exercises, self._quiz_digest, *map(repr, self._terms.openness))
        asked = (*asked, *["with MNIST"] * self._has_mnist)
        whose = ids_of(handed.student) if handed.answers is not None else ()  # one of them has to stand in the answers
        parts = (intake.digest(handed), *asked, *whose)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def _in_time(self, digest: str) -> str:
        """The digest of work whose time was up: with more of it, it is to be graded again."""
        return f"{digest} in {self._terms.seconds:g} s"

    def _row(self, work: _Work, graded: Graded | None) -> Row:
        handed = work.handed
        row = Row(
            handed.student,
            handed.origin,
            State.REFUSED,
            quizzes=work.quizzes,
            tried=work.tried,
            handed_at=handed.handed_at,
            remarks=work.remarks,
            reason=handed.refused,
            digest=work.digest,
            graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        if graded is None:
            return row
        faults = [result.name for result in graded.results if result.outcome is Outcome.GRADER_ERROR]
        reason = graded.error or (f"the grader could not judge {', '.join(faults)}" if faults else "")
        return replace(
            row,
            state=State.ERROR if reason else State.GRADED,
            reason=reason,
            results=graded.results,
            digest=self._in_time(work.digest) if any(map(_not_begun, graded.results)) else work.digest,
            sandbox=graded.sandbox,
            seconds=graded.seconds,
        )

    def _put(self, *rows: Row) -> None:
        self._gradebook.put(*rows)
        for row in rows:
            self._count(row.state)

    def _count(self, state: State, *, kept: bool = False) -> None:
        self._tally.done += 1
        self._tally.kept += kept
        self._tally.states[state] += 1
        self._heard(self._tally)


def _not_begun(result: ExerciseResult) -> bool:
    """The time for all the work of a student was up before this exercise."""
    return result.outcome is Outcome.TIMED_OUT and not result.checks


def _tried(handed: HandedIn) -> tuple[tuple[Tried, ...], tuple[str, ...]]:
    """How long exercises took, of those that are asked for, and what is to be said of a file that can't be read."""
    if handed.diary is None:
        return (), ()
    try:
        return tuple(one for one in read(handed.diary) if one.exercise in handed.files), ()
    except NotADiary as error:
        return (), (f"{FILE} {printable(str(error), limit=200)}: how long exercises took is not known",)
