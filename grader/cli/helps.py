"""The helps of the commands in another language than English. Runs in: command line."""

import inspect
from collections.abc import Iterable, Iterator, Sequence

import click

from grader.language import _
from grader.report.wrapping import cells, wrap

_VERBATIM = "\b\n"  # click's mark of a paragraph whose lines stay as they are
_LONGEST = 1000  # characters of a help in one line, before it is cut for the terminal
_NARROWEST = 20  # columns of a text


def translate(command: click.Command, *, in_full: bool = True) -> None:
    """Have a command explain itself in the language in use; not `in_full`, only in the overview of all commands."""
    command.short_help = _(_short(command)) or None
    if not in_full:
        return
    command.context_class = _Context
    command.help, command.epilog = _text(command.help), _text(command.epilog)
    for option in command.params:
        if isinstance(option, click.Option):
            option.help = _text(option.help)
            if isinstance(option.show_default, str):
                option.show_default = _(option.show_default)


def messages(command: click.Command, *, in_full: bool = True) -> Iterator[str]:
    """All that `translate` looks up."""
    yield _short(command)
    if not in_full:
        return
    yield from (part.removeprefix(_VERBATIM) for part in [*_paragraphs(command.help), *_paragraphs(command.epilog)])
    for option in command.params:
        if isinstance(option, click.Option):
            yield from _paragraphs(option.help)
            if isinstance(option.show_default, str):
                yield option.show_default


def _short(command: click.Command) -> str:
    return command.get_short_help_str(_LONGEST)


def _text(text: str | None) -> str | None:
    return "\n\n".join(map(_of_paragraph, _paragraphs(text))) if text else text


def _of_paragraph(part: str) -> str:
    message = part.removeprefix(_VERBATIM)
    return part[: len(part) - len(message)] + _(message)


def _paragraphs(text: str | None) -> Sequence[str]:
    """The paragraphs, each on one line but for those whose lines stay as they are."""
    found = inspect.cleandoc(text or "").split("\n\n")
    return [part if part.startswith(_VERBATIM) else " ".join(part.split()) for part in found if part.strip()]


class _Formatter(click.HelpFormatter):
    """Counts columns, not characters: those of Japanese are two columns wide."""

    def write_text(self, text: str) -> None:
        for number, part in enumerate(_paragraphs(text)):
            self.write("\n" * (number > 0))
            verbatim = part.removeprefix(_VERBATIM).splitlines()
            lines = verbatim if part.startswith(_VERBATIM) else self._wrapped(part, self.current_indent)
            self.write("".join(f"{' ' * self.current_indent}{line}\n" for line in lines))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        widest = min(max(cells(term) for term, _text in rows), col_max) + col_spacing
        margin = self.current_indent + widest
        for term, text in rows:
            head = f"{' ' * self.current_indent}{term}"
            lines = self._wrapped(text, margin)
            if cells(term) > widest - col_spacing:
                self.write(f"{head}\n")
                head = ""
            for line in lines:
                self.write(f"{head}{' ' * (margin - cells(head))}{line}".rstrip() + "\n")
                head = ""

    def _wrapped(self, text: str, margin: int) -> list[str]:
        return wrap(text, max(self.width - margin, _NARROWEST))


class _Context(click.Context):
    formatter_class = _Formatter
