"""Plain pytest as the benchmarks set it beside ours: a fresh process, as little around the checks as it allows."""

import sys
from collections.abc import Iterable
from pathlib import Path


def command(checks: Iterable[Path]) -> list[str]:
    """The command that runs these check files, without plugins of the environment: Hypothesis alone takes a third."""
    options = ["-q", "-o", "addopts=", "-p", "no:cacheprovider", "--import-mode=importlib", "--disable-plugin-autoload"]
    return [sys.executable, "-m", "pytest", *options, *map(str, checks)]
