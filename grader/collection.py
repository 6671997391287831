"""Check files: collected by pytest once, their checks run as often as there are submissions. Runs in: checks.

Only pytest's public hooks are used. Its own run-loop is left out: after `pytest.main` has collected, the items stay
valid, and `pytest_runtest_protocol` runs one of them with its fixtures as often as it is called. A check that asks for
no fixture, as most do, is a function to call: between calls of the learner's code pytest's three phases with their
reports would take as long as all else on this side. Of pytest's own fixtures checks have `monkeypatch`, `request` and,
from here, `tmp_path`.
"""

import inspect
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

import pytest

BLOCKED = (
    *("cacheprovider", "capture", "debugging", "doctest", "faulthandler", "freeze_support", "junitxml", "legacypath"),
    *("logging", "pastebin", "recwarn", "setuponly", "setupplan", "stepwise", "subtests", "terminal"),
    *("threadexception", "tmpdir", "unittest", "unraisableexception", "warnings"),
)
_VARIABLES = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DEBUG")
_NAMES_AND_VALUES = 2  # what a mark of parameters has, where they are no fixtures
_NO_MERE_FUNCTIONS = (inspect.iscoroutinefunction, inspect.isasyncgenfunction, inspect.isgeneratorfunction)
_NO_AUTOLOAD = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"


class Listener(Protocol):
    """Who asked for checks to be run."""

    def before(self, item: pytest.Item) -> None:
        """The check is about to run."""

    @property
    def skips(self) -> bool:
        """Whether the check's function is not to be called."""

    def after(self, item: pytest.Item, error: BaseException | None, again: Callable[[], object]) -> None:
        """The check has run, and ended with `error`. `again` runs it once more, until this returns."""


class Collection:
    """The checks of the files under `root` that have been collected."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._items: dict[Path, list[pytest.Item]] = {}
        self._faults: dict[Path, str] = {}
        self._plugin = _Plugin(root)

    def collect(self, files: Sequence[Path]) -> None:
        """Import the files that are not known yet, and find their checks. Raises KeyboardInterrupt."""
        new = [file for file in files if file not in self._items]
        if not new:
            return
        self._plugin.begin()
        options = [
            *(part for name in BLOCKED for part in ("-p", f"no:{name}")),
            "--import-mode=importlib",
            f"--rootdir={self._root}",
            f"--confcutdir={self._root}",  # else all that lies beside it and above it is looked at too
            f"--config-file={os.devnull}",
            "--noconftest",
            "--continue-on-collection-errors",
        ]
        with _nothing_of_the_users(new), _silence(), _compiled_elsewhere(new):
            pytest.main([*options, *map(str, new)], plugins=[self._plugin])
        if self._plugin.interrupted:
            raise KeyboardInterrupt
        if self._plugin.internal and len(new) > 1:  # one of them has ended pytest itself
            for file in new:
                self.collect([file])
            return
        for file in new:
            self._items[file] = [item for item in self._plugin.items if item.path == file]
            self._plugin.calls |= {item: call for item in self._items[file] if (call := _plain_call(item)) is not None}
            if not self._items[file]:
                self._faults[file] = self._plugin.fault_of(file)

    def forget(self, file: Path) -> None:
        """Have a file imported anew when it is next collected."""
        for item in self._items.pop(file, []):
            self._plugin.calls.pop(item, None)
        self._faults.pop(file, None)

    def fault(self, file: Path) -> str:
        """Why a file has no checks to run; empty where it has."""
        return self._faults.get(file, "")

    def run(self, file: Path, listener: Listener) -> None:
        """Run the checks of a file in order. Raises what stops pytest itself, after which they are collected anew."""
        items = self._items[file]
        self._plugin.listener = listener
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # of what a check computes with infinities that came
                for item, following in zip(items, [*items[1:], None], strict=True):
                    item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        except BaseException:
            self._items.clear()  # an item that was left half-way can't be run again
            self._plugin.calls.clear()
            self._faults.clear()
            raise
        finally:
            self._plugin.listener = None
            _take_down(items[-1])


class _Plugin:
    """What pytest tells: of all collections the latest, of checks their outcome, without formatting a traceback."""

    def __init__(self, root: Path) -> None:
        self.listener: Listener | None = None
        self.calls: dict[pytest.Item, Callable[[], object]] = {}  # of the checks that ask for no fixture
        self._root = root
        self.begin()

    def begin(self) -> None:
        self.items: list[pytest.Item] = []
        self.interrupted = False
        self._errors: list[tuple[Path, str]] = []
        self.internal = ""

    def fault_of(self, file: Path) -> str:
        """Why there is no check; an error at no file of ours is the fault of each."""
        why = [why for path, why in self._errors if path == file]
        why += [why for path, why in self._errors if not path.is_file()]
        why += [self.internal] if self.internal else []
        return f"the checks of this exercise could not be loaded: {why[0]}" if why else "its checks did not run"

    @pytest.fixture
    def tmp_path(self) -> Iterator[Path]:
        """A folder for one check; pytest's own doesn't outlive `pytest.main`."""
        with tempfile.TemporaryDirectory(prefix="neurograde-") as folder:
            yield Path(folder)

    # -- hooks, in the order in which pytest calls them

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            said = str(report.longrepr).strip().splitlines() or ["no reason given"]
            why = said[-1].removeprefix("E").strip()[:300]
            self._errors.append((self._root / report.nodeid.partition("::")[0], why))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.items = list(session.items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> bool:
        """Nothing runs as long as pytest itself is in charge."""
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr: object) -> bool:
        self.internal = str(excrepr).strip().splitlines()[-1][:300]
        return True

    def pytest_keyboard_interrupt(self) -> None:
        self.interrupted = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Run a check that asks for no fixture, within what plugins put around it; what it stops at, stops all."""
        call, listener = self.calls.get(item), self.listener
        if call is None or listener is None:
            return None
        error: BaseException | None = None
        try:
            listener.before(item)
            if not listener.skips:
                call()
        except (KeyboardInterrupt, pytest.exit.Exception):
            raise
        except BaseException as raised:  # SystemExit, too, is the check's
            error = raised
        listener.after(item, error, call)
        del error  # it refers to this frame
        return True

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        assert self.listener is not None
        self.listener.before(item)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self) -> bool | None:
        return True if self.listener is not None and self.listener.skips else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        error = call.excinfo.value if call.excinfo is not None else None
        if call.when == "call" or (call.when == "setup" and error is not None):
            assert self.listener is not None
            self.listener.after(item, error, item.runtest)
        assert call.when != "collect"
        outcome: Literal["passed", "failed"] = "passed" if error is None else "failed"
        where = (item.nodeid, 0, item.name)
        return pytest.TestReport(item.nodeid, where, {}, outcome, None, call.when, duration=call.duration)


def _plain_call(item: pytest.Item) -> Callable[[], object] | None:
    """What runs a check that is a function of its own, without fixtures and marks; None for any other."""
    if type(item) is not pytest.Function or item.cls is not None:
        return None
    if any(is_kind(item.obj) for is_kind in _NO_MERE_FUNCTIONS):
        return None
    marks = list(item.iter_markers())
    if any(
        mark.name != "parametrize" or len(mark.args) != _NAMES_AND_VALUES or "indirect" in mark.kwargs for mark in marks
    ):
        return None
    parameters: dict[str, object] = item.callspec.params if marks else {}
    named = {name for mark in marks for name in _names(mark.args[0])}  # fixtures can have parameters, too
    return partial(_called, item.obj, parameters) if named == parameters.keys() == set(item.fixturenames) else None


def _names(given: str | Sequence[str]) -> list[str]:
    """The names that a mark of parameters has; in one string they stand between commas."""
    return [name.strip() for name in given.split(",") if name.strip()] if isinstance(given, str) else list(given)


def _called(function: Callable[..., object], parameters: Mapping[str, object]) -> None:
    """Call a check. As pytest has it, one that only promises to run has failed."""
    given = function(**parameters)
    if hasattr(given, "__await__") or hasattr(given, "__aiter__"):
        pytest.fail("async def functions are not natively supported.", pytrace=False)


def _take_down(item: pytest.Item) -> None:
    """End the fixtures that still stand: the last check was a mere call, or something has ended the run on its way.

    What they raise is nobody's result, here as in pytest's own protocol.
    """
    stops = (KeyboardInterrupt, pytest.exit.Exception)
    pytest.CallInfo.from_call(
        lambda: item.ihook.pytest_runtest_teardown(item=item, nextitem=None), when="teardown", reraise=stops
    )


@contextmanager
def _silence() -> Iterator[None]:
    """pytest remarks on a file that ends Python, and not to the report."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stderr(nowhere):
        yield


@contextmanager
def _compiled_elsewhere(files: Sequence[Path]) -> Iterator[None]:
    """Where pytest can't keep the check files that it has rewritten beside them, it does among what is the user's own.

    A course may be installed for all users of a machine. To rewrite thirty checks takes 16 ms.
    """
    if sys.dont_write_bytecode or sys.pycache_prefix is not None or all(map(_can_be_kept_beside, files)):
        yield
        return
    import platformdirs

    sys.pycache_prefix = str(platformdirs.user_cache_path("neurograde") / "compiled")
    try:
        yield
    finally:
        sys.pycache_prefix = None


def _can_be_kept_beside(file: Path) -> bool:
    folder = file.parent / "__pycache__"
    return os.access(folder if os.path.lexists(folder) else file.parent, os.W_OK) and not folder.is_file()


@contextmanager
def _nothing_of_the_users(files: Sequence[Path]) -> Iterator[None]:
    """Keep the user's pytest settings out of our run, and our check files out of their `sys.modules`."""
    kept = {name: os.environ.pop(name) for name in _VARIABLES if name in os.environ}
    autoload = os.environ.get(_NO_AUTOLOAD)
    os.environ[_NO_AUTOLOAD] = "1"
    try:
        yield
    finally:
        os.environ.update(kept)
        os.environ.pop(_NO_AUTOLOAD)
        if autoload is not None:
            os.environ[_NO_AUTOLOAD] = autoload
        ours = set(map(str, files))
        for name, module in list(sys.modules.items()):
            if getattr(module, "__file__", None) in ours:
                del sys.modules[name]
