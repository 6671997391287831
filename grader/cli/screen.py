"""What this terminal can show: width, colour, characters. Runs in: command line."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from grader.errors import WorkspaceError


def width() -> int:
    """Columns of the terminal, or of COLUMNS; 80 where neither says."""
    return shutil.get_terminal_size((80, 24)).columns


def colour() -> bool:
    """Colour only on a terminal, and never with NO_COLOR (no-color.org) or TERM=dumb."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def ascii_only() -> bool:
    """Whether standard output can't take the signs that reports use."""
    try:
        "✓✗·→█…".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def say(text: str) -> None:
    """Print a text that is already fit for this terminal."""
    click.echo(text, nl=not text.endswith("\n"), color=colour())


def style(text: str, **how: Any) -> str:
    """A text in a style where there is colour, as it is elsewhere."""
    return click.style(text, **how) if colour() else text


@contextmanager
def progress(length: int, label: str) -> Iterator[Any]:
    """A progress bar on standard error; nothing at all where that is no terminal."""
    hidden = not sys.stderr.isatty()
    bar: Any = click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden, show_pos=True)
    with bar:
        yield bar


def write(path: str, data: str | bytes) -> None:
    """Write a report to a file, whole or not at all, or to standard output for `-`. Raises WorkspaceError."""
    raw = data.encode("utf-8") if isinstance(data, str) else data
    if path == "-":
        click.get_binary_stream("stdout").write(raw)
        return
    target = Path(path)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(raw)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise WorkspaceError(f"{path}: {error.strerror}; the report was not written there") from None


def table(rows: Iterable[tuple[str, ...]], indent: str = "") -> Iterator[str]:
    """Rows as lines with aligned columns; the last column is not padded."""
    rows = list(rows)
    widths = [max(len(click.unstyle(cell)) for cell in column) for column in zip(*rows, strict=True)] if rows else []
    for row in rows:
        cells = [cell + " " * (wide - len(click.unstyle(cell))) for cell, wide in zip(row, widths, strict=True)]
        yield f"{indent}{'  '.join(cells)}".rstrip()
