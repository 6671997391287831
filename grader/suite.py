"""Run any pytest or unittest files against modules that are served from the sandbox. Runs in: command line."""

import contextlib
import io
import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from msgspec import Struct, field

from grader import served
from grader.code_folder import CodeFolder
from grader.course import Exercise, Limits
from grader.errors import WorkspaceError
from grader.heard import nothing_run_of_theirs
from grader.intake import Submission
from grader.open_session import OpenSession
from grader.pool import Pool
from grader.result import Outcome, SandboxLevel
from grader.suite_notes import Watch, note

FORMAT = 1
_BLOCKED = ("cacheprovider", "faulthandler", "junitxml", "pastebin", "stepwise")
_MESSAGE = 500  # characters
_LEFT_CHANGED: tuple[tuple[ModuleType, tuple[str, ...]], ...] = (
    (os, ("name",)),
    (sys, ("platform", "argv", "stdout", "stderr", "stdin", "__stdout__", "__stderr__", "dont_write_bytecode")),
)


class TestResult(Struct):
    """One test. Outcomes are pytest's own words, and `crashed` and `timed_out` for the learner's process."""

    id: str
    outcome: str
    message: str = ""
    note: str = ""


class SuiteReport(Struct):
    """What a run of a suite found."""

    code: CodeFolder
    level: SandboxLevel
    tests: list[TestResult] = field(default_factory=list)
    problem: str = ""  # why pytest ran nothing

    @property
    def passed(self) -> bool:
        good = {"passed", "skipped", "xfailed", "xpassed"}
        return not self.problem and bool(self.tests) and all(test.outcome in good for test in self.tests)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data, for JSON."""
        return {
            "format": FORMAT,
            "code": str(self.code.folder),
            "sandbox": self.level.value,
            "modules": sorted(self.code.modules),
            "left_out": list(self.code.left_out),
            "problem": self.problem,
            "tests": [{"id": t.id, "outcome": t.outcome, "message": t.message, "note": t.note} for t in self.tests],
        }


class SuitePlugin:
    """Keeps the session in step with the tests and gathers what became of each."""

    def __init__(self, session: OpenSession, collected: Callable[[int], None], done: Callable[[], None]) -> None:
        self.results: dict[str, TestResult] = {}
        self.planned: list[str] = []  # ids
        self.interrupted = False
        self._session = session
        self._collected = collected
        self._done = done
        self._watch = Watch()
        session.before_asking = self._watch.look
        self._notes: dict[str, str] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        nodeid = report.nodeid or "collection"
        if report.failed and nodeid not in self.results:
            self._put(nodeid, "error", _said(report.longrepr), "")
        elif report.skipped:
            self._put(nodeid, "skipped", _said(report.longrepr), "")

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        """Each file is collected on its own time, and in a process that is alive."""
        if not isinstance(collector, pytest.Module):
            return (yield)
        self._session.begin(collector.nodeid)
        try:
            return (yield)
        except SystemExit:
            said = "SystemExit: the code calls sys.exit, which ends Python; leave that out"
            return pytest.CollectReport(collector.nodeid, "failed", said, [])  # type: ignore[return-value]
        finally:
            self._judge_fault(collector)
            self._session.end()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.planned = [item.nodeid for item in session.items]
        self._collected(len(session.items))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._session.begin(item.nodeid)
        self._watch.begin()
        try:
            return (yield)
        finally:
            self._judge_fault(item)
            self._session.end()
            self._done()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
        if call.excinfo is not None and item.nodeid not in self._notes:
            self._watch.look()
            self._notes[item.nodeid] = note(call.excinfo, self._watch.replaced)
        try:
            return (yield)
        except (Exception, SystemExit) as error:  # pytest believes what exceptions say of themselves
            said = f"an exception that cannot be shown ({type(error).__name__})"
            return pytest.TestReport(item.nodeid, item.location, {}, "failed", said, call.when)  # type: ignore

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        expected = getattr(report, "wasxfail", None) is not None
        if report.failed:
            outcome = "failed" if report.when == "call" else "error"
        elif report.skipped:
            outcome = "xfailed" if expected else "skipped"
        elif report.when == "call":
            outcome = "xpassed" if expected else "passed"
        else:
            return
        if outcome in ("passed", "xpassed", "xfailed", "skipped") and report.nodeid in self.results:
            return
        said = "" if outcome in ("passed", "xpassed") else _said(report.longrepr)
        self._put(report.nodeid, outcome, said, self._notes.get(report.nodeid, "") if report.failed else "")

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self.interrupted = type(excinfo.value) is KeyboardInterrupt

    def _judge_fault(self, item: pytest.Item | pytest.Collector) -> None:
        """A test whose learner's process ended has failed, whatever it made of that."""
        fault = self._session.fault
        if fault is not None:
            outcome = "timed_out" if fault.outcome is Outcome.TIMED_OUT else "crashed"
            self._put(item.nodeid, outcome, fault.message, "")
        elif self._session.problem is not None:
            self._put(item.nodeid, "crashed", self._session.problem.message, "")

    def _put(self, nodeid: str, outcome: str, message: str, said: str) -> None:
        self.results[nodeid] = TestResult(nodeid, outcome, message, said)


def _said(longrepr: Any) -> str:
    """The last word of a failure: pytest's message, without the source."""
    if isinstance(longrepr, tuple):
        return str(longrepr[-1])[:_MESSAGE]
    crash = getattr(longrepr, "reprcrash", None)
    if crash is not None:
        return str(crash.message)[:_MESSAGE]
    lines = [line for line in str(longrepr).strip().splitlines() if line.strip()]
    return lines[-1].removeprefix("E ").strip()[:_MESSAGE] if lines else ""


def run(
    code: CodeFolder,
    *,
    sandbox: SandboxLevel | None,
    at_least: SandboxLevel = SandboxLevel.PROCESS,
    limits: Limits,
    pytest_args: Sequence[str],
    collected: Callable[[int], None] = lambda _: None,
    done: Callable[[], None] = lambda: None,
) -> SuiteReport:
    """Run the tests of `code` against its modules, at the level `sandbox` or the strongest there is.

    `collected` hears how many there are, `done` of each that is over.

    Raises SandboxError before anything runs where the level is not to be had; KeyboardInterrupt after everything that
    was started has been ended.
    """
    pool = Pool(sandbox, at_least=at_least)
    pool.expect(1)
    try:
        pool.settle()
        session = OpenSession(
            _exercise(code, limits),
            Submission("", code.sources),
            pool.take,
            served=frozenset(code.modules),
            files=code.files,
            floats_raise=False,
            checks_at_limit=math.inf,
            keeps_calls=False,
        )
        plugin = SuitePlugin(session, collected, done)
        report = SuiteReport(code, pool.level)
        try:
            session.begin("collection")
            report.problem = _pytest(code, session, plugin, pytest_args)
        finally:
            session.close()
    finally:
        pool.close()
    if plugin.interrupted:
        raise KeyboardInterrupt
    never = "it was never run: something ended the run before it"
    unrun = [TestResult(nodeid, "error", never) for nodeid in plugin.planned if nodeid not in plugin.results]
    report.tests = [*plugin.results.values(), *unrun]
    if session.problem is not None and not report.problem:
        report.problem = session.problem.message
    return report


def _exercise(code: CodeFolder, limits: Limits) -> Exercise:
    """The folder as one exercise without functions of its own: what a session asks for."""
    return Exercise(
        name=code.folder.name,
        title=code.folder.name,
        chapter="",
        chapter_title="",
        module=next(iter(code.modules)),
        functions=(),
        constants=(),
        points=0.0,
        prerequisites=(),
        core="",
        advisory=(),
        hints=(),
        why="",
        limits=limits,
        folder=code.folder,
        solution_folder=code.folder,
        objects=True,
    )


class _CodeKeptOut(MetaPathFinder):
    """Finds nothing, and keeps the folder of the code off `sys.path`, where pytest puts it if tests lie in it."""

    def __init__(self, code: CodeFolder) -> None:
        self._code = code

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:
        del fullname, path, target
        kept = [entry for entry in sys.path if not self._code.holds(Path(entry))]
        if len(kept) < len(sys.path):
            sys.path[:] = kept


def _settings(code: CodeFolder) -> list[str]:
    """What keeps pytest from settings and `conftest.py` of the code under test, where tests lie in its folder."""
    bases = [test if test.is_dir() else test.parent for test in code.tests]
    if not any(base.is_relative_to(code.folder) for base in bases):
        return []
    common = Path(os.path.commonpath(bases))
    root = os.path.commonpath([common, Path.cwd()])
    conftest = ["--noconftest"] if code.holds(common) or code.folder.is_relative_to(common) else []
    return ["-c", os.devnull, "--rootdir", root, "--confcutdir", str(common), *conftest]


@contextlib.contextmanager
def _put_back() -> Iterator[None]:
    """At the end, what tests may have left changed is as it was, so that the report is written where it should be."""
    folder, environment, path = Path.cwd(), dict(os.environ), list(sys.path)
    kept = [(module, name, getattr(module, name)) for module, names in _LEFT_CHANGED for name in names]
    try:
        yield
    finally:
        for module, name, value in kept:
            setattr(module, name, value)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = path


def _pytest(code: CodeFolder, session: OpenSession, plugin: SuitePlugin, pytest_args: Sequence[str]) -> str:
    """Run pytest with the modules served. Returns why it ran nothing, if so."""
    options = [
        *(part for name in _BLOCKED for part in ("-p", f"no:{name}")),
        "-q",
        "--no-header",
        "--capture=sys",
        "--continue-on-collection-errors",
        *_settings(code),
    ]
    said = io.StringIO()
    keeper = _CodeKeptOut(code)
    try:
        with (
            _put_back(),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
            served.serving(code.modules, session, code.trusted) as used,
            nothing_run_of_theirs(),
        ):
            sys.dont_write_bytecode = True
            sys.meta_path.insert(0, keeper)
            status = pytest.main([*options, *pytest_args], plugins=[plugin])
    except Exception as error:  # of pytest's own, about what it found in the tests
        return f"pytest ended: {type(error).__name__}: {error}"
    finally:
        if keeper in sys.meta_path:
            sys.meta_path.remove(keeper)
    if status in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR):
        return f"pytest ran nothing: {_said(said.getvalue())}"
    if status == pytest.ExitCode.INTERRUPTED and not plugin.interrupted and not plugin.results:
        return f"pytest was ended: {_said(said.getvalue())}"
    if status == pytest.ExitCode.NO_TESTS_COLLECTED:
        return "no tests were found; pytest takes test_*.py and *_test.py"
    if not used:
        return f"no test imports a module of {code.folder}, so nothing of it was tested"
    return ""


def existing(paths: Sequence[Path]) -> list[Path]:
    """The paths of tests as given. Raises WorkspaceError for one that isn't there."""
    for path in paths:
        if not Path(str(path).partition("::")[0]).exists():
            raise WorkspaceError(f"{path}: no such file or folder; name the tests to run")
    return list(paths)
