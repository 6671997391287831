"""Run public test suites plainly and under `grade suite`, and compare them test by test. Runs in: a script, by hand.

    python tests/foreign_suites.py [--sandbox strict] [--only NAME]... [--plain-only] [--work DIR] [--json OUT]

The table is `foreign_suites.toml`. An entry is a source distribution that pip fetches, checked by its SHA-256. Its code
goes to WORK/NAME/code, its tests to WORK/NAME/tests, or they stay in their package; nothing is changed. Both runs start
in WORK/NAME, where an empty pytest.ini makes their node ids comparable. Exit code 0 means that all tests pass plainly,
and that each whose outcome differs under `grade suite` is expected to by the table.
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path

TABLE = Path(__file__).with_suffix(".toml")
PLAIN = Path(__file__).with_name("foreign_plain.py")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "neurograde-foreign"
NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc")
FAILED = {"failed", "error", "crashed", "timed_out"}


class Unusable(Exception):
    """A suite that can't be fetched, laid out or run here; the text says why."""


@dataclass(frozen=True)
class Suite:
    """One entry of the table, whose head explains the keys."""

    name: str
    version: str
    sha256: str
    style: str
    code: list[str]
    tests: list[str]
    in_place: bool = False
    run: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    exclude: dict[str, str] = field(default_factory=dict)
    differs: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """What the names of its tests are relative to."""
        return f"code/{self.tests[0]}" if self.in_place else "tests"

    @property
    def arguments(self) -> list[str]:
        """What both commands are to run."""
        return self.run or [self.folder]

    def expects(self, test: str) -> str:
        """The entry of `differs` that covers a test, whatever its parameters; empty if there is none."""
        name = test.partition("[")[0]
        return next((entry for entry in self.differs if fnmatchcase(name, f"{self.folder}/{entry}")), "")


@dataclass(frozen=True)
class Run:
    """What one run of a suite gave: outcome, message and note of each test, by its node id."""

    outcomes: dict[str, tuple[str, str, str]]
    seconds: float
    fault: str = ""


@dataclass(frozen=True)
class Difference:
    """A test whose outcomes are not the same, and why by the table; `reason` is empty if that does not expect it."""

    test: str
    reason: str
    plain: str
    suite: str
    message: str
    note: str


@dataclass(frozen=True)
class Comparison:
    """What the two runs of a suite have in common; tests that the table excludes don't count."""

    suite: Suite
    tests: int
    same: int
    seconds: tuple[float, float]
    different: list[Difference]
    agreeing: list[str]  # entries of `differs` that no test needed
    failing_plainly: list[str]
    fault: str

    @property
    def unexpected(self) -> list[Difference]:
        """The differences for which the table has no reason."""
        return [difference for difference in self.different if not difference.reason]

    @property
    def in_order(self) -> bool:
        """Whether all pass plainly and the table expects each difference."""
        return not self.fault and not self.failing_plainly and not self.unexpected


def read_table(only: Sequence[str]) -> list[Suite]:
    suites = [Suite(**entry) for entry in tomllib.loads(TABLE.read_text("utf-8"))["suite"]]
    if unknown := set(only).difference(suite.name for suite in suites):
        raise SystemExit(f"{TABLE.name} has no suite named {', '.join(sorted(unknown))}")
    return [suite for suite in suites if not only or suite.name in only]


def fetch(suite: Suite, downloads: Path) -> Path:
    """The suite's archive, downloaded by pip into a folder of its own unless it is there already."""
    folder = downloads / f"{suite.name}-{suite.version}"
    if not folder.is_dir() or not any(folder.iterdir()):
        folder.mkdir(parents=True, exist_ok=True)
        wanted = downloads / f"{folder.name}.txt"
        wanted.write_text(f"{suite.name}=={suite.version} --hash=sha256:{suite.sha256}\n")
        pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", f"--no-binary={suite.name}"]
        done = subprocess.run([*pip, "-d", folder, "-r", wanted], check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise Unusable(f"pip could not download it: {last_line(done.stderr)}")
    (archive,) = folder.iterdir()
    if hashlib.sha256(archive.read_bytes()).hexdigest() != suite.sha256:
        raise Unusable(f"{archive} has another SHA-256 than {TABLE.name}; delete it to download it again")
    return archive


def unpack(archive: Path, into: Path) -> Path:
    """The one folder that a source distribution holds."""
    with tarfile.open(archive) as tar:
        tar.extractall(into, filter="data")
    (top,) = into.iterdir()
    return top


def lay_out(suite: Suite, work: Path) -> Path:
    """The folder with code/, tests/ and an empty pytest.ini; made anew each time."""
    place = work / suite.name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    (place / "pytest.ini").write_text("[pytest]\n")
    with tempfile.TemporaryDirectory() as unpacked:
        root = unpack(fetch(suite, work / "downloads"), Path(unpacked))
        apart = {root / test for test in suite.tests if not suite.in_place}
        for code in suite.code:
            copy(root / code, place / "code" / Path(code).name, apart)
        for path in apart:
            copy(path, place / "tests" if path.is_dir() else place / "tests" / path.name, set())
    for test in suite.exclude:
        if "::" not in test:
            (place / suite.folder / test).unlink()
    return place


def copy(path: Path, to: Path, without: set[Path]) -> None:
    def ignored(folder: str, names: list[str]) -> set[str]:
        return NOT_COPIED(folder, names) | {name for name in names if Path(folder, name) in without}

    to.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.copytree(path, to, ignore=ignored, dirs_exist_ok=True)
    elif path.is_file():
        shutil.copy(path, to)
    else:
        raise Unusable(f"it has no {path.name}")


def run(command: Sequence[str], place: Path, result: Path, limit: float, variables: dict[str, str]) -> Run:
    """Run a command that writes its outcomes to `result`; when it takes longer than `limit`, end its process group."""
    variables = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PY_COLORS": "0"} | variables
    log = result.with_suffix(".log")
    start = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=place,
            env=os.environ | variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            why = f"exit code {process.wait(limit)}"
        except subprocess.TimeoutExpired:
            why = f"not done within {limit:g} s"
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    seconds = time.monotonic() - start
    if not result.exists():
        return Run({}, seconds, f"no outcomes, {why}: {last_line(log.read_text('utf-8', 'replace'))}")
    found = json.loads(result.read_text("utf-8"))
    outcomes = {test["id"]: (test["outcome"], test["message"], test.get("note", "")) for test in found["tests"]}
    return Run(outcomes, seconds, found.get("problem", ""))


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no output"])[-1][:300]


def compare(suite: Suite, plain: Run, other: Run) -> Comparison:
    """Compare outcome by outcome; whether a test failed, crashed or ran out of time is no difference."""
    excluded = {f"{suite.folder}/{test}" for test in suite.exclude}
    runs = [{test: r for test, r in run.outcomes.items() if test not in excluded} for run in (plain, other)]
    different, used = [], set()
    for test in runs[0] | runs[1]:
        file = test.partition("::")[0]  # when that can't be collected, it says why its tests are absent
        before, after = (run.get(test) or ("absent", *run.get(file, ("", "", ""))[1:]) for run in runs)
        if before[0] != after[0] and not {before[0], after[0]} <= FAILED:
            entry = suite.expects(test)
            used.add(entry)
            different.append(Difference(test, suite.differs.get(entry, ""), before[0], *after))
    return Comparison(
        suite=suite,
        tests=len(runs[0]),
        same=len(runs[0]) - sum(difference.plain != "absent" for difference in different),
        seconds=(plain.seconds, other.seconds),
        different=different,
        agreeing=[entry for entry in suite.differs if entry not in used],
        failing_plainly=[test for test, result in runs[0].items() if result[0] in FAILED],
        fault="; ".join(filter(None, (plain.fault, other.fault))),
    )


def try_suite(suite: Suite, options: argparse.Namespace) -> Comparison:
    place = lay_out(suite, options.work.resolve())
    record = [sys.executable, "-P", str(PLAIN), "plain.json", *suite.arguments]
    path = {"PYTHONPATH": str(place / "code")}
    plain = run(record, place, place / "plain.json", options.limit, suite.environment | path)
    if options.plain_only:
        return compare(replace(suite, differs={}), plain, Run(plain.outcomes, 0.0))
    grade = str(Path(sys.executable).with_name("grade"))
    command = [grade, "suite", *suite.arguments, "--code", "code", "--json", "suite.json"]
    command += ["--sandbox", options.sandbox, "--seconds", str(options.seconds)]
    return compare(suite, plain, run(command, place, place / "suite.json", options.suite_limit, suite.environment))


def to_markdown(results: Sequence[Comparison]) -> str:
    """A table with a row per suite and the totals, then what differs or fails, suite by suite."""
    lines = ["| suite | version | tests | same | differ by design | differ otherwise | plain s | suite s |"]
    lines += ["| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    sums = [0, 0, 0, 0]
    for r in results:
        counts = [r.tests, r.same, len(r.different) - len(r.unexpected), len(r.unexpected)]
        sums = [total + count for total, count in zip(sums, counts, strict=True)]
        cells = [r.suite.name, r.suite.version, *counts, *(f"{each:.1f}" for each in r.seconds)]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    lines.append(f"| {len(results)} suites | | {' | '.join(map(str, sums))} | | |")
    for r in results:
        problems = [f"- the run: {r.fault}"] if r.fault else []
        problems += [f"- `{test}`: fails plainly" for test in r.failing_plainly]
        for d in r.different:
            why = f"by design: {d.reason}" if d.reason else f"NOT EXPECTED: {d.note or last_line(d.message)}"
            problems.append(f"- `{d.test}`: {d.plain} plainly, {d.suite}; {why}")
        problems += [f"- `{entry}`: expected to differ, but agrees" for entry in r.agreeing]
        if problems:
            lines += ["", f"### {r.suite.name}", "", *problems]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare public test suites under plain pytest and under grade suite.")
    parser.add_argument("--sandbox", default="strict", metavar="LEVEL", help="passed to grade suite")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this suite; may be repeated")
    parser.add_argument("--plain-only", action="store_true", help="run plain pytest alone, to prove the table")
    parser.add_argument("--work", type=Path, default=CACHE, metavar="DIR", help=f"where archives and runs go ({CACHE})")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write everything as JSON, too")
    parser.add_argument("--seconds", type=float, default=60, help="for one test, passed to grade suite (60)")
    parser.add_argument("--limit", type=float, default=120, metavar="SECONDS", help="for a plain run (120)")
    parser.add_argument("--suite-limit", type=float, default=600, metavar="SECONDS", help="for grade suite (600)")
    options = parser.parse_args()
    results, unusable = [], []
    for suite in read_table(options.only):
        try:
            results.append(try_suite(suite, options))
            print(f"{suite.name}: {results[-1].same} of {results[-1].tests} {results[-1].fault}", file=sys.stderr)
        except Unusable as why:
            unusable.append(f"- {suite.name} {suite.version}: not run, {why}")
    print(to_markdown(results), *unusable, sep="\n")
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=1), "utf-8")
    return 0 if not unusable and all(result.in_order for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
