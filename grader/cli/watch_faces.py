"""How `grade watch` shows itself: a window with keys, or plain lines. Runs in: command line."""

import io
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path

import click

from grader.cli import screen
from grader.cli.window import Ended, Window
from grader.errors import GraderError
from grader.language import _
from grader.report.ink import Ink
from grader.report.wrapping import cells, wrap
from grader.watch import view
from grader.watch.keys import keys
from grader.watch.sitting import Sitting, Verdict

_ACTIONS = frozenset("nprhlezs?q")
_HANG = 8  # columns by which a broken line of code goes on further in


class Lines:
    """Every verdict below the one before it, for a pipe, a dumb terminal and a screen reader. There are no keys."""

    keyboard: int | None = None

    def __init__(self, sitting: Sitting, start: Path) -> None:
        self._sitting = sitting
        self._start = start
        self._ascii = screen.ascii_only()

    def __enter__(self) -> "Lines":
        self.say(_("Whatever you save is graded. Ctrl-C ends."))
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def actions(self) -> list[str]:
        return []

    def turn(self) -> None:
        """A verdict is at its top anyway."""

    def busy(self, text: str = "") -> None:
        """A line is too much for what is over in a moment."""

    def redraw(self) -> None:
        """What was printed stays as it is."""

    def open(self, key: str) -> None:
        """There are no keys."""

    def verdict(self, level: str) -> None:
        sitting = self._sitting
        assert sitting.verdict is not None
        ink = view.ink_of(screen.width(), colour=False, ascii_only=self._ascii)
        page = view.page_of(sitting.verdict, sitting, ink, start=self._start, keys=False)
        self._print("", *page, *view.below(sitting, view.note_of(sitting.verdict, level), ink, rows=0))

    def say(self, text: str) -> None:
        self._print(screen.paragraph(text))

    def _print(self, *lines: str) -> None:
        with redirect_stdout(sys.__stdout__):  # checks, for which it is shut, may still be under way
            screen.say("\n".join(lines))
            sys.stdout.flush()


class Pages:
    """A window that shows one page at a time, the verdict or what a key asks for, and takes keys."""

    def __init__(self, sitting: Sitting, window: Window, start: Path) -> None:
        self.keyboard: int | None = window.keyboard
        self._sitting = sitting
        self._window = window
        self._start = start
        self._colour, self._ascii = screen.colour(), screen.ascii_only()
        self._page: Callable[[int], Sequence[str]] | None = None  # what a key has asked for, by the window's width
        self._top = self._rows = 0
        self._note = self._level = ""
        # a verdict's page in that ink: it is drawn often
        self._drawn: tuple[Verdict | None, Ink | None, list[str]] = (None, None, [])

    def __enter__(self) -> "Pages":
        self._window.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        """Give the terminal back; how the last exercise stands remains on it."""
        self._window.__exit__(*error)
        sitting = self._sitting
        if sitting.verdict is not None and not isinstance(error[1], Ended):
            ink = self._ink()
            headline = view.page_of(sitting.verdict, sitting, ink, start=self._start, keys=True)[0]
            screen.say("\n".join([headline, *view.below(sitting, "", ink, rows=0)]))

    # -- what it shows

    def turn(self) -> None:
        """Another exercise is at hand."""
        self._page, self._top = None, 0

    def busy(self, text: str = "") -> None:
        self._note = text or _("grading …")
        self.redraw()

    def verdict(self, level: str) -> None:
        assert self._sitting.verdict is not None
        self._page, self._top, self._level = None, 0, level
        self._note = view.note_of(self._sitting.verdict, level)
        self.redraw()

    def say(self, text: str) -> None:
        self._page, self._note = None, text
        self.redraw()

    def redraw(self) -> None:
        ink = self._ink()
        rows = self._window.size()[1]
        note = self._note if self._page is None else _("esc goes back to the verdict")
        below = view.below(self._sitting, note, ink, rows=rows)
        shown = view.fit(self._lines(ink), below, rows=rows, top=self._top, ink=ink)
        self._top, self._rows = shown.top, shown.page_rows
        self._window.paint(shown.lines)

    def _lines(self, ink: Ink) -> Sequence[str]:
        if self._page is not None:
            return self._page(self._window.size()[0])
        found, exercise = self._sitting.verdict, self._sitting.exercise
        if found is None:
            return [f"{ink.paint(ink.safe(exercise.title), 'bold')}  {ink.paint(exercise.name, 'dim')}"]
        if self._drawn[0] is not found or self._drawn[1] != ink:
            self._drawn = found, ink, view.page_of(found, self._sitting, ink, start=self._start, keys=True)
        return self._drawn[2]

    def _ink(self) -> Ink:
        return view.ink_of(self._window.size()[0], colour=self._colour, ascii_only=self._ascii)

    # -- what its keys do

    def actions(self) -> list[str]:
        """What was asked for since the last time and is not done here: keys of `view.KEYS`."""
        data = self._window.read()
        if data is None:
            return ["q"]
        asked = []
        for key in keys(data):
            if key in _ACTIONS:
                asked.append(key)
            else:
                self._move(key)
        return asked

    def _move(self, key: str) -> None:
        steps = {"up": -1, "down": 1, "page up": -self._rows, "page down": self._rows, "home": -sys.maxsize}
        if key == "escape":
            self.turn()
        elif key == "end" or key in steps:
            self._top = max(self._top + steps.get(key, sys.maxsize), 0)
        else:
            return
        self.redraw()

    def open(self, key: str) -> None:
        """Show what a key asks for: a page, or a command that gets the terminal for a while."""
        exercise = self._sitting.exercise
        match key:
            case "h":
                hints = _said(["hint", exercise.name])  # once: each time it takes the next
                self._show(lambda width: _rows(hints, width), top=sys.maxsize)  # the newest is the last
            case "l":
                self._show(lambda width: _rows(_said(["list"]), width))
            case "s" if exercise.name not in self._sitting.passed:
                said = _("{exercise} has not passed yet; the solution opens when it has.")
                self.say(said.format(exercise=exercise.name))
            case "s":
                solution = _said(["solution", exercise.name])
                self._show(lambda width: _code_rows(solution, width))
            case "?":
                self._show(lambda _: view.help_page(self._ink()))
            case "z":
                with self._window.lent():
                    _run(["quiz", exercise.chapter])
                    _wait_for_enter()
            case "e":
                self._edit()

    def _show(self, page: Callable[[int], Sequence[str]], *, top: int = 0) -> None:
        """A page that is made once for each width that the window gets."""
        self._page, self._top = cache(page), top
        self.redraw()

    def _edit(self) -> None:
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            said = _("Neither VISUAL nor EDITOR names your editor; `export EDITOR=nano` does, before `grade watch`.")
            self.say(said)
            return
        file = self._sitting.workspace.file_of(self._sitting.exercise)
        try:
            with self._window.lent(), _ctrl_c_for_others():
                subprocess.Popen([*shlex.split(editor), str(file)]).wait()  # not ended with us: it has unsaved work
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            said = _("{editor}: {reason}; VISUAL or EDITOR should name your editor")
            self.say(said.format(editor=editor, reason=why))


class _Sheet(io.StringIO):
    """Standard output of a command whose text is shown as a page: the terminal that it will be seen on."""

    encoding = property(lambda _: getattr(sys.__stdout__, "encoding", None))

    def isatty(self) -> bool:
        return True


def _said(command: list[str]) -> str:
    """A command's text."""
    sheet = _Sheet()
    with redirect_stdout(sheet), redirect_stderr(sheet):
        _run(command)
    return sheet.getvalue().rstrip("\n")


def _rows(text: str, width: int) -> list[str]:
    """The text in lines of that width; those with colours are so already."""
    return [row for line in text.split("\n") for row in ([line] if "\x1b" in line else wrap(line, width))]


def _run(command: list[str]) -> None:
    """Run another command of ours. What it raises for a person to read is printed."""
    from grader.cli import cli

    try:
        cli.main(command, standalone_mode=False)
    except click.Abort as error:  # how Ctrl-C comes out of click
        if isinstance(error.__cause__, Ended):
            raise error.__cause__ from None
    except click.ClickException as error:
        click.echo(error.format_message())
    except (GraderError, OSError) as error:
        click.echo(str(error))


def _code_rows(text: str, width: int) -> list[str]:
    """Code in lines of that width: what goes on is further in, so that it is not read as a line of its own."""
    rows = []
    for line in text.split("\n"):
        first, *others = [line] if cells(line) <= width else wrap(line, width - _HANG)
        rows += [first, *(" " * _HANG + other for other in others)]
    return rows


def _wait_for_enter() -> None:
    said = _("Enter goes back to `grade watch`.")
    try:
        click.echo(f"\n{said} ", nl=False)
        sys.stdin.readline()
    except KeyboardInterrupt:
        click.echo()  # what comes next begins a line
        raise


@contextmanager
def _ctrl_c_for_others() -> Iterator[None]:
    """It goes to all who share the terminal, and shall end nobody here."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
