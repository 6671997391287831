"""What this terminal can show: width, colour, characters. Runs in: command line."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from grader.errors import WorkspaceError
from grader.language import _
from grader.report.wrapping import cells, clip, wrap

_BAR = 36  # columns of a progress bar, where there is room
_NARROWEST_TEXT = 8  # columns beside a bar; in fewer there is none
_NARROWEST = 20  # columns; a narrower window breaks the lines itself


def width() -> int:
    """Columns of the terminal, or of COLUMNS; 80 where neither says."""
    return shutil.get_terminal_size((80, 24)).columns


def colour() -> bool:
    """Colour only on a terminal, and never with NO_COLOR (no-color.org) or TERM=dumb."""
    terminal = sys.stdout is not None and sys.stdout.isatty()
    return terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def ascii_only() -> bool:
    """Whether standard output can't take the signs that reports use."""
    try:
        "✓✗·→█…".encode(_encoding())
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def say(text: str) -> None:
    """Print a text that is already fit for this terminal."""
    encoding = _encoding()
    fit = text.encode(encoding, "backslashreplace").decode(encoding)
    click.echo(fit, nl=not text.endswith("\n"), color=colour())


def _encoding() -> str:
    return getattr(sys.stdout, "encoding", None) or "ascii"


def paragraph(text: str) -> str:
    """A text broken into lines at spaces, so that no word is torn at the terminal's edge."""
    return "\n".join(wrap(text, max(width(), _NARROWEST)))


def hanging(lead: str, text: str) -> str:
    """A text behind a lead, its further lines indented as far."""
    margin = cells(lead)
    rows = wrap(text, max(width() - margin, _NARROWEST))
    return "\n".join((lead if number == 0 else " " * margin) + row for number, row in enumerate(rows))


def style(text: str, **how: Any) -> str:
    """A text in a style where there is colour, as it is elsewhere."""
    return click.style(text, **how) if colour() else text


@contextmanager
def progress(length: int, label: str) -> Iterator[Any]:
    """A progress bar on standard error; nothing at all where that is no terminal, or for a single step."""
    hidden = length <= 1 or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb"
    fixed = cells(f"{label}  []  {length}/{length}  00:00:00 ")
    columns = min(_BAR, max(width() - fixed, 1))
    beside = max(width() - fixed - columns - 2, 0)  # what is left for a text, behind two spaces
    bar: Any = click.progressbar(
        length=length,
        label=label,
        file=sys.stderr,
        hidden=hidden,
        show_pos=True,
        width=columns,
        item_show_func=lambda item: clip(item, beside) if item and beside >= _NARROWEST_TEXT else None,
    )
    with bar:
        yield bar


class GradingBars:
    """The bar of a run: how many exercises are over, or, where there is only one, how far its long call is."""

    def __init__(self, exercises: int) -> None:
        self._exercises = exercises
        self._bars = ExitStack()
        self._bar: Any = self._bars.enter_context(progress(exercises, _("Grading")))
        self._within: Any = None

    def __enter__(self) -> "GradingBars":
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.close()

    def next_exercise(self) -> None:
        self._bar.update(1)

    def step(self, exercise: str, done: int, total: int, text: str) -> None:
        """A long call of an exercise is `done` of `total`."""
        if self._exercises > 1:
            self._bar.current_item = f"{exercise}: {text}"
            self._bar.render_progress()
            return
        if self._within is None:
            self._within = self._bars.enter_context(progress(total, exercise))
        self._within.update(max(done - self._within.pos, 0), text)


def write(path: str, data: str | bytes) -> None:
    """Write a report to a file, whole or not at all, or to standard output for `-`. Raises WorkspaceError."""
    raw = data.encode("utf-8") if isinstance(data, str) else data
    if path == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(raw)
        return
    target = Path(path)
    if target.is_dir():
        raise WorkspaceError(_("{file}: is a folder; name a file in it").format(file=path))
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(raw)
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        said = _("{file}: {reason}; it was not written, name another file")
        raise WorkspaceError(said.format(file=path, reason=error.strerror)) from None


def table(rows: Iterable[tuple[str, ...]], indent: str = "") -> Iterator[str]:
    """Rows as lines with aligned columns; the last column is not padded."""
    rows = list(rows)
    widths = [max(cells(click.unstyle(cell)) for cell in column) for column in zip(*rows, strict=True)] if rows else []
    for row in rows:
        filled = [cell + " " * (wide - cells(click.unstyle(cell))) for cell, wide in zip(row, widths, strict=True)]
        yield f"{indent}{'  '.join(filled)}".rstrip()
