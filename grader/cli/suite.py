"""`grade suite`: any pytest or unittest files against modules served from the sandbox. Runs in: command line."""

import json
import math
import sys
from collections import Counter
from contextlib import ExitStack, redirect_stderr
from pathlib import Path
from typing import Any

import click

from grader.cli import screen
from grader.cli.options import require_agreement, sandbox_options
from grader.course import Limits
from grader.report.plain import printable
from grader.result import SandboxLevel

_QUIET = frozenset({"passed", "xpassed", "skipped", "xfailed"})
_LINES = 6  # of a failure's message


def _finite(context: click.Context, parameter: click.Parameter, value: float) -> float:
    if not math.isfinite(value):
        raise click.BadParameter(f"{value} is no number of seconds", context, parameter)
    return value


@click.command("suite")
@click.argument("tests", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--code",
    required=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of the modules and packages under test.",
)
@click.option(
    "--serve",
    multiple=True,
    metavar="MODULE",
    help="Take this module from --code, though one of that name lies beside the tests.",
)
@click.option(
    "--json", "json_file", metavar="FILE", type=click.Path(), help="Write the report as JSON (- for standard output)."
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    callback=_finite,
    default=10.0,
    show_default=True,
    help="Seconds that one test may spend in the code under test.",
)
@click.option(
    "--memory-mb",
    type=click.IntRange(min=16),
    metavar="N",
    default=1024,
    show_default=True,
    help="Memory of the code under test, in MiB.",
)
@sandbox_options
@click.option("-k", "expression", metavar="EXPRESSION", help="Run the tests that match, as pytest's -k does.")
def suite_command(
    tests: tuple[Path, ...],
    *,
    code: Path,
    serve: tuple[str, ...],
    json_file: str | None,
    seconds: float,
    memory_mb: int,
    sandbox: SandboxLevel | None,
    require_sandbox: SandboxLevel,
    expression: str | None,
) -> int:
    """Run any test files against modules in the sandbox.

    TESTS are pytest or unittest files, or folders of them, unmodified. Every module in --code is served from the
    sandbox: the tests run here, the code under test never shares a process with them. What lies beside the tests
    (helpers, data, conftest.py) stays on their side. Exit code 0 means that all tests passed.
    """
    from grader import code_folder, suite
    from grader.cli import ExitCode

    require_agreement(sandbox, require_sandbox)
    folder = code_folder.read(code, [Path(str(test).partition("::")[0]) for test in suite.existing(tests)], serve)
    bar: Any = None
    terminal = sys.stderr
    with ExitStack() as stack:

        def collected(count: int) -> None:
            nonlocal bar
            with redirect_stderr(terminal):
                bar = stack.enter_context(screen.progress(count, "Testing"))

        report = suite.run(
            folder,
            sandbox=sandbox,
            at_least=require_sandbox,
            limits=Limits(seconds, memory_mb),
            pytest_args=[*(["-k", expression] if expression else []), *map(str, tests)],
            collected=collected,
            done=lambda: bar.update(1),
        )
    if json_file is not None:
        screen.write(json_file, json.dumps(report.as_dict(), indent=1) + "\n")
    if json_file != "-":
        _show(report)
    if report.problem and not report.tests:
        return ExitCode.USAGE
    return ExitCode.PASSED if report.passed else ExitCode.NOT_PASSED


def _show(report: Any) -> None:
    for sentence in report.code.left_out:
        screen.say(screen.style(f"left out: {printable(sentence)}", fg="yellow"))
    if report.problem:
        screen.say(screen.style(printable(report.problem), fg="red"))
    for test in report.tests:
        if test.outcome in _QUIET:
            continue
        screen.say(f"{screen.style(test.outcome.upper().replace('_', ' '), fg='red')} {printable(test.id)}")
        for text in (test.message, test.note if test.note not in test.message else ""):
            for line in text.splitlines()[:_LINES]:
                screen.say(f"    {printable(line)}")
    counts = Counter(test.outcome for test in report.tests)
    parts = [f"{count} {outcome.replace('_', ' ')}" for outcome, count in counts.most_common()]
    screen.say(f"{len(report.tests)} tests: {', '.join(parts) or 'none'} · sandbox level {report.level.value}")
