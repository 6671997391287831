"""Options that several commands share: the data, the sandbox. Runs in: command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from grader.errors import DataError
from grader.language import _
from grader.result import SandboxLevel


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--data DIR`, as every command that looks for MNIST has it."""
    return click.option(
        "--data",
        "data_dir",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder with the four MNIST files (else NEUROGRADE_DATA, else your data folder).",
    )(command)


def require_data(folder: Path | None) -> None:
    """Raises DataError where a folder was named by `--data` and MNIST is not all in it."""
    if folder is None:
        return
    from grader.data import where

    given = where.status(folder)[0]
    if not given.complete:
        said = _("--data {finding}; `grade data --fetch --data {folder}` gets them, or leave --data out")
        raise DataError(said.format(finding=given.sentence, folder=folder))


def _level(context: click.Context, parameter: click.Parameter, value: str | None) -> SandboxLevel | None:
    del context, parameter
    return SandboxLevel(value) if value else None


def sandbox_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--sandbox LEVEL` and `--require-sandbox LEVEL`, as every command that runs a learner's code has them."""
    exactly = click.option(
        "--sandbox",
        envvar="NEUROGRADE_SANDBOX",
        show_envvar=True,
        type=click.Choice([level.value for level in SandboxLevel]),
        callback=_level,
        help="Use exactly this sandbox level (else the strongest that holds here).",
    )
    at_least = click.option(
        "--require-sandbox",
        type=click.Choice([level.value for level in SandboxLevel]),
        default=SandboxLevel.PROCESS.value,
        callback=_level,
        help="Stop with exit code 4, before anything runs, where no level as strong as this holds.",
    )
    return exactly(at_least(command))


def require_agreement(sandbox: SandboxLevel | None, at_least: SandboxLevel) -> None:
    """Raises UsageError where the level that is to be used is weaker than the one that is required."""
    if sandbox is not None and not sandbox.is_at_least(at_least):
        said = _(
            "--sandbox (or NEUROGRADE_SANDBOX) says {level}, which is weaker than"
            " --require-sandbox {required}; leave one of them out"
        )
        raise click.UsageError(said.format(level=sandbox.value, required=at_least.value))
