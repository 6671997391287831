"""One submission of one exercise: its checks' results and the misconception behind a failure. Runs in: checks."""

import inspect
from collections.abc import Callable, Sequence
from types import ModuleType

import pytest
from msgspec.structs import replace

from grader import checks, diagnosis, verdict
from grader.bridge import backends, put_constants
from grader.candidate import WrongBackend
from grader.course import Exercise, Wrong
from grader.diagnosis import KnownWrong
from grader.result import CheckResult, ExerciseResult, Outcome, Problem
from grader.session import Session
from grader.terms import first_uses

_DIAGNOSED = (Outcome.FAILED, Outcome.RAISED)


class Grading:
    """Listens to the checks of an exercise and keeps what they find. `session` has loaded the learner's module."""

    def __init__(self, session: Session, known: KnownWrong | None) -> None:
        self.learner_seconds: dict[str, float] = {}
        self._session = session
        self._known = known if not session.exercise.objects else None
        self._checks: list[CheckResult] = []
        self._matches: dict[str, list[Wrong]] = {}
        backends[session.exercise.module] = session
        checks.session.set(session)

    # -- what the collection tells

    def before(self, item: pytest.Item) -> None:
        exercise = self._session.exercise
        self._session.begin(item.name)
        if exercise.constants and not exercise.objects:
            put_constants(_module(item), exercise, self._session)

    @property
    def skips(self) -> bool:
        """Nothing is run where the learner's module could not be loaded."""
        return self._session.problem is not None

    def after(self, item: pytest.Item, error: BaseException | None, again: Callable[[], object]) -> None:
        """Add the check's result. A fault of ours in making it is that check's alone."""
        session = self._session
        try:
            finding = self._finding(error)
            self._checks.append(self._result(item, finding))
            if self._known is not None and finding.outcome in _DIAGNOSED and session.fault is None:
                self._matches[item.name] = self._candidates(item, error, again, self._known)
        except Exception as fault:
            self._checks = [c for c in self._checks if c.name != item.name]
            message = f"the grader could not judge this check: {type(fault).__name__}: {fault}"[:300]
            self._checks.append(self._result(item, verdict.Finding(Outcome.GRADER_ERROR, message)))
        self.learner_seconds[f"{session.exercise.name}/{item.name}"] = session.learner_seconds

    # -- results

    def _finding(self, error: BaseException | None) -> verdict.Finding:
        session = self._session
        if session.problem is not None:
            return verdict.Finding(session.problem.outcome)
        memory_mb = session.exercise.limits.memory_mb
        return verdict.judge(error, session.fault, called=bool(session.trace.entries), memory_mb=memory_mb)

    def _result(self, item: pytest.Item, finding: verdict.Finding) -> CheckResult:
        session = self._session
        return verdict.result(
            item.name,
            _demand(item),
            finding,
            session.trace,
            core=_function(item) == session.exercise.core,
            advisory=_function(item) in session.exercise.advisory,
            output=session.end(),
            notes=session.notes,
        )

    def _candidates(
        self, item: pytest.Item, error: BaseException | None, again: Callable[[], object], known: KnownWrong
    ) -> list[Wrong]:
        session, exercise = self._session, self._session.exercise
        if _function(item) in exercise.advisory and isinstance(error, checks.CheckFailed):
            # right results, only slow: which check failed says enough, and timing every candidate would take seconds
            return [wrong for wrong in exercise.wrongs if wrong.check == _function(item)]

        def passes(backend: WrongBackend) -> bool:
            token = checks.session.set(backend)
            try:
                again()
            except (Exception, SystemExit, pytest.fail.Exception, pytest.skip.Exception):
                return False
            finally:
                checks.session.reset(token)
            return True

        among = [w for w in exercise.wrongs if all(w in self._matches[core] for core in self._cores_failed())]
        check = diagnosis.Check(item.name, _module(item), passes)
        return known.candidates(exercise, among, check, session.trace, session.learner_seconds)

    def _cores_failed(self) -> list[str]:
        """The core check, with its parameters, so far as it has failed: what does not explain that is not named."""
        return [name for name in self._matches if name.partition("[")[0] == self._session.exercise.core]

    def finish(self) -> ExerciseResult:
        """The exercise's result, after its checks."""
        checks.session.set(None)
        core = self._session.exercise.core
        found = {c.name: diagnosis.misconception(c.name, core, self._matches) for c in self._checks}
        results = tuple(replace(c, misconception=found[c.name]) if found[c.name] else c for c in self._checks)
        return result_of(self._session.exercise, results, self._session.problem)


def result_of(exercise: Exercise, results: Sequence[CheckResult], problem: Problem | None) -> ExerciseResult:
    """The result of an exercise whose checks have these results, or could not run."""
    said = [exercise.teaches, exercise.why, *(text for check in results for text in check.sentences)]
    return ExerciseResult(
        exercise.name,
        exercise.title,
        exercise.chapter,
        exercise.chapter_title,
        f"{exercise.chapter}/{exercise.name}/{exercise.file_name}",
        exercise.points,
        tuple(results),
        problem,
        exercise.visible_only,
        terms=first_uses(exercise.terms, said),
    )


def _module(item: pytest.Item) -> ModuleType:
    module: ModuleType = item.getparent(pytest.Module).obj  # type: ignore[union-attr]
    return module


def _function(item: pytest.Item) -> str:
    """The name of the check's function, without parameters."""
    name: str = getattr(item, "originalname", None) or item.name
    return name


def _demand(item: pytest.Item) -> str:
    """The first paragraph of the check's docstring, on one line; its name where it has none."""
    text = inspect.getdoc(getattr(item, "function", None)) or item.name
    return " ".join(text.split("\n\n")[0].split())
