"""Run pytest and write each test's outcome as `grade suite --json` does. Runs in: the plain run of foreign_suites.py.

python -P tests/foreign_plain.py OUT ARGUMENT...
"""

import json
import sys
from pathlib import Path

import pytest


class Recorder:
    """A pytest plugin: one outcome per node id; the failure of any phase or subtest stays."""

    def __init__(self) -> None:
        self.tests: dict[str, dict[str, str]] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._record(report.nodeid, "error", report.longreprtext)
        elif report.skipped:
            self._record(report.nodeid, "skipped", "")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._record(report.nodeid, "failed" if report.when == "call" else "error", report.longreprtext)
        elif (report.when == "call" or report.skipped) and not hasattr(report, "context"):  # as a subtest has
            expected = {"passed": "xpassed", "skipped": "xfailed"} if hasattr(report, "wasxfail") else {}
            self._record(report.nodeid, expected.get(report.outcome, report.outcome), "")

    def _record(self, test: str, outcome: str, message: str) -> None:
        if self.tests.get(test, {}).get("outcome") not in ("failed", "error"):
            self.tests[test] = {"id": test, "outcome": outcome, "message": message}


def main(out: Path, arguments: list[str]) -> None:
    recorder = Recorder()
    pytest.main(["-q", "-p", "no:cacheprovider", "-c", "pytest.ini", *arguments], plugins=[recorder])
    out.write_text(json.dumps({"tests": list(recorder.tests.values())}), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
