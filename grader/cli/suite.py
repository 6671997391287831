"""`grade suite`: any pytest or unittest files against modules served from the sandbox. Runs in: command line."""

import json
import sys
from collections import Counter
from contextlib import ExitStack, redirect_stderr
from pathlib import Path
from typing import Any

import click

from grader.cli import screen
from grader.course import Limits
from grader.result import SandboxLevel

_SIGNS = {"passed": "green", "xpassed": "green", "skipped": "yellow", "xfailed": "yellow"}


@click.command("suite")
@click.argument("tests", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--code",
    required=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of the modules and packages under test.",
)
@click.option("--json", "json_file", metavar="FILE", help="Write the report as JSON (- for standard output).")
@click.option("--seconds", default=10.0, show_default=True, help="Time that one test may spend in the code under test.")
@click.option("--memory-mb", default=1024, show_default=True, help="Memory of the code under test.")
@click.option(
    "--sandbox",
    type=click.Choice([level.value for level in SandboxLevel]),
    help="Require this sandbox level; leave with 4 where it isn't to be had.",
)
@click.option("-k", "expression", metavar="EXPRESSION", help="Run the tests that match, as pytest's -k does.")
def suite_command(
    tests: tuple[Path, ...],
    *,
    code: Path,
    json_file: str | None,
    seconds: float,
    memory_mb: int,
    sandbox: str | None,
    expression: str | None,
) -> int:
    """Run TESTS, any pytest or unittest files, unmodified, against the modules in a folder.

    Every module in --code is served from the sandbox: the tests run here, the code under test never shares a process
    with them. What lies beside the tests (helpers, data, conftest.py) stays on their side. Exit code 0 means that all
    tests passed.
    """
    from grader import code_folder, suite

    folder = code_folder.read(code, [Path(str(test).partition("::")[0]) for test in suite.existing(tests)])
    bar: Any = None
    terminal = sys.stderr
    with ExitStack() as stack:

        def collected(count: int) -> None:
            nonlocal bar
            with redirect_stderr(terminal):
                bar = stack.enter_context(screen.progress(count, "Testing"))

        report = suite.run(
            folder,
            sandbox=SandboxLevel(sandbox) if sandbox else None,
            limits=Limits(seconds, memory_mb),
            pytest_args=[*(["-k", expression] if expression else []), *map(str, tests)],
            collected=collected,
            done=lambda: bar.update(1),
        )
    if json_file is not None:
        screen.write(json_file, json.dumps(report.as_dict(), indent=1, ensure_ascii=False) + "\n")
    if json_file != "-":
        _show(report)
    return 0 if report.passed else 1


def _show(report: Any) -> None:
    for sentence in report.code.left_out:
        screen.say(screen.style(f"left out: {sentence}", fg="yellow"))
    if report.problem:
        screen.say(screen.style(report.problem, fg="red"))
    for test in report.tests:
        if test.outcome in _SIGNS:
            continue
        screen.say(f"{screen.style(test.outcome.upper().replace('_', ' '), fg='red')} {test.id}")
        for text in (test.message, test.note):
            for line in text.splitlines()[:6]:
                screen.say(f"    {line}")
    counts = Counter(test.outcome for test in report.tests)
    parts = [f"{count} {outcome.replace('_', ' ')}" for outcome, count in counts.most_common()]
    screen.say(f"{len(report.tests)} tests: {', '.join(parts) or 'none'} · sandbox level {report.level.value}")
