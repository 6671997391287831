"""What pytest does differently for us: one learner process per exercise, one CheckResult per check. Runs in: checks.

pytest collects and runs ordinary check files; this plugin starts and ends each exercise's session around its checks,
and turns every outcome into a result without formatting a traceback.
"""

import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Literal

import pytest

from grader import checks, diagnosis, verdict
from grader.bridge import backends, put_constants
from grader.course import Exercise, Wrong
from grader.diagnosis import WrongBackend
from grader.result import CheckResult, ExerciseResult, Outcome, Problem
from grader.session import Session

if TYPE_CHECKING:
    from grader.open_session import OpenSession

BLOCKED = (
    *("cacheprovider", "capture", "debugging", "doctest", "faulthandler", "freeze_support", "junitxml", "legacypath"),
    *("logging", "pastebin", "recwarn", "setuponly", "setupplan", "stepwise", "subtests", "terminal"),
    *("threadexception", "unittest", "unraisableexception", "warnings"),
)

_DIAGNOSED = (Outcome.FAILED, Outcome.RAISED)


class GradingPlugin:
    """Collects results while pytest runs. `open_session` gives the session of an exercise, not yet loaded."""

    def __init__(
        self,
        exercises: list[Exercise],
        open_session: Callable[[Exercise], Session],
        *,
        diagnose: bool,
        stop_early: bool = False,
        done: Callable[[ExerciseResult], None],
    ) -> None:
        self.results: dict[str, ExerciseResult] = {}
        self.learner_seconds: dict[str, float] = {}
        self.internal_error = ""
        self.interrupted = False
        self.stopped = False
        self._by_file = {e.check_file: e for e in exercises}
        self._open_session = open_session
        self._diagnose = diagnose
        self._stop_early = stop_early
        self._done = done
        self._session: Session | None = None
        self._opened: dict[str, Session] = {}  # by exercise, before its first check
        self._checks: list[CheckResult] = []
        self._matches: dict[str, list[Wrong]] = {}

    # -- hooks, in the order in which pytest calls them

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        exercise = self._by_file.get(Path(str(report.fspath)).resolve()) if report.failed else None
        if report.failed:
            said = str(report.longrepr).strip().splitlines() or ["no reason given"]
            why = said[-1].removeprefix("E").strip()[:300]
            self.put_fault(exercise, f"the checks of this exercise could not be loaded: {why}")

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        exercise = self._by_file[item.path]
        if self._session is None or self._session.exercise is not exercise:
            self.finish_exercise()
            if self.stopped:
                item.session.shouldstop = "an exercise did not pass"
                pytest.skip("not graded: an exercise before it did not pass")
            self._session = self._opened.pop(exercise.name, None) or self.early_session(exercise)
            backends[exercise.module] = self._session
            checks.session.set(self._session)
        self._session.begin(item.name)
        if not exercise.objects:
            put_constants(_module(item), exercise, self._session)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self) -> bool | None:
        """Nothing is run where the learner's module could not be loaded."""
        return True if self._session is not None and self._session.problem is not None else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        error = call.excinfo.value if call.excinfo is not None else None
        if call.when == "call" or (call.when == "setup" and error is not None):
            self._record(item, error)
        assert call.when != "collect"
        outcome: Literal["passed", "failed"] = "passed" if error is None else "failed"
        where = (item.nodeid, 0, item.name)
        return pytest.TestReport(item.nodeid, where, {}, outcome, None, call.when, duration=call.duration)

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr: object) -> bool:
        self.internal_error = str(excrepr)
        return True

    def pytest_keyboard_interrupt(self) -> None:
        self.interrupted = True

    def open_objects(self, exercise: Exercise) -> "OpenSession":
        """What answers for an exercise that hands out objects: asked for when its check file is imported."""
        from grader.open_session import OpenSession

        session = self._opened[exercise.name] = self.early_session(exercise)
        assert isinstance(session, OpenSession)
        return session

    def early_session(self, exercise: Exercise) -> Session:
        """A session whose module has run."""
        session = self._open_session(exercise)
        try:
            session.load()
        except BaseException:  # Ctrl-C; nobody else knows of this session
            session.close()
            raise
        return session

    # -- results

    def _record(self, item: pytest.Item, error: BaseException | None) -> None:
        """Add the check's result. A fault of ours in making it is that check's alone."""
        session = self._session
        if session is None:
            return
        try:
            finding = self._finding(session, error)
            self._checks.append(self._result(item, session, finding))
            if (
                self._diagnose
                and not session.exercise.objects
                and finding.outcome in _DIAGNOSED
                and session.fault is None
            ):
                self._matches[item.name] = self._candidates(item, session, error)
        except Exception as fault:
            self._checks = [c for c in self._checks if c.name != item.name]
            message = f"the grader could not judge this check: {type(fault).__name__}: {fault}"[:300]
            self._checks.append(self._result(item, session, verdict.Finding(Outcome.GRADER_ERROR, message)))
        self.learner_seconds[f"{session.exercise.name}/{item.name}"] = session.learner_seconds

    def _finding(self, session: Session, error: BaseException | None) -> verdict.Finding:
        if session.problem is not None:
            return verdict.Finding(session.problem.outcome)
        memory_mb = session.exercise.limits.memory_mb
        return verdict.judge(error, session.fault, called=bool(session.trace.entries), memory_mb=memory_mb)

    def _result(self, item: pytest.Item, session: Session, finding: verdict.Finding) -> CheckResult:
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

    def _candidates(self, item: pytest.Item, session: Session, error: BaseException | None) -> list[Wrong]:
        exercise = session.exercise
        if _function(item) in exercise.advisory and isinstance(error, checks.CheckFailed):
            # right results, only slow: which check failed says enough, and timing every candidate would take seconds
            return [wrong for wrong in exercise.wrongs if wrong.check == _function(item)]

        def passes(backend: WrongBackend) -> bool:
            token = checks.session.set(backend)
            try:
                item.runtest()
            except (Exception, pytest.fail.Exception, pytest.skip.Exception):
                return False
            finally:
                checks.session.reset(token)
            return True

        among = [w for w in exercise.wrongs if all(w in self._matches[core] for core in self._cores_failed(exercise))]
        return diagnosis.candidates(exercise, among, _module(item), passes, session.trace)

    def _cores_failed(self, exercise: Exercise) -> list[str]:
        """The core check, with its parameters, so far as it has failed: what does not explain that is not named."""
        return [name for name in self._matches if name.partition("[")[0] == exercise.core]

    def finish_exercise(self) -> None:
        """Close the session of the exercise whose checks are over, and make its result."""
        session, self._session = self._session, None
        if session is None:
            return
        session.close()
        checks.session.set(None)
        self._put(session.exercise, tuple(self._named(c, session.exercise.core) for c in self._checks), session.problem)
        self._checks, self._matches = [], {}
        self.stopped = self._stop_early and not self.results[session.exercise.name].passed

    def close(self) -> None:
        """Finish the last exercise, and end what was opened for checks that never ran."""
        self.finish_exercise()
        while self._opened:
            self._opened.popitem()[1].close()

    def _named(self, check: CheckResult, core: str) -> CheckResult:
        found = diagnosis.misconception(check.name, core, self._matches)
        return check if found is None else replace(check, misconception=found)

    def put_fault(self, exercise: Exercise | None, message: str) -> None:
        """The checks of an exercise, or of all where it isn't known which, could not run: our fault."""
        for one in [exercise] if exercise is not None else self._by_file.values():
            self._put(one, (), Problem(Outcome.GRADER_ERROR, message))

    def _put(self, exercise: Exercise, results: tuple[CheckResult, ...], problem: Problem | None) -> None:
        file = f"{exercise.chapter}/{exercise.name}/{exercise.file_name}"
        made = ExerciseResult(
            exercise.name,
            exercise.title,
            exercise.chapter,
            exercise.chapter_title,
            file,
            exercise.points,
            results,
            problem,
        )
        self.results[exercise.name] = made
        self._done(made)


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
