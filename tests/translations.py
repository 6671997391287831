"""Bring the catalogs of translations up to date: extract, merge, compile.

    python tests/translations.py [LANGUAGE]...

reads the messages out of `grader/`, merges them into every `grader/locale/*/LC_MESSAGES/neurograde.po`, and compiles
those. A LANGUAGE (`fr`, `pt_BR`) that has no catalog yet gets an empty one. It ends by saying what is left to do.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from grader import cli
from grader.cli.helps import messages
from grader.language import DOMAIN, FOLDER

GRADER = Path(cli.__file__).parent.parent
METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")]
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "ngettext": (1, 2)}
HEADER = f"""\
# Translations of {DOMAIN}.
# Names of functions, files, commands, options and values stay as they are.
#"""
OF_CLICK = (  # what it says itself in helps and errors; gettext finds it in our catalog
    "Usage:",
    "Options",
    "Commands",
    "Positional arguments",
    "Show this message and exit.",
    "Show the version and exit.",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "env var: {var}",
    "default: {default}",
    "required",
    "Missing argument",
    "Missing option",
    "Missing command.",
    "No such option {name!r}.",
    "No such command {name!r}.",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "Option {name!r} does not take a value.",
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a file.",
)
OF_CLICK_PLURAL = (
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
)


def template() -> Catalog:
    """Every message that a learner can meet, with where it stands."""
    catalog = Catalog(project=DOMAIN, charset="utf-8", header_comment=HEADER)
    found = extract_from_dir(GRADER, METHODS, options_map={}, keywords=KEYWORDS, comment_tags=("Translators:",))
    for file, _line, message, comments, _context in sorted(found, key=lambda one: (one[0], one[1])):
        catalog.add(message, locations=[(f"grader/{file}", None)], auto_comments=comments, flags=_flags(message))
    for file, message in _of_commands():
        catalog.add(message, locations=[(f"grader/{file}", None)], flags=_flags(message))
    for message in (*OF_CLICK, *OF_CLICK_PLURAL):
        catalog.add(message, auto_comments=["click"], flags=_flags(message))
    return catalog


def _of_commands() -> Iterator[tuple[str, str]]:
    """The helps, each with the file of its command."""
    yield from (("cli/__init__.py", message) for message in messages(cli.cli))
    for name, place in cli._COMMANDS.items():
        module, attribute = place[0].split(":")
        command: click.Command = getattr(import_module(f"grader.cli.{module}"), attribute)
        for message in messages(command, in_full=name not in cli._IN_ENGLISH):
            yield f"cli/{module}.py", message


def _flags(message: str | tuple[str, ...]) -> list[str]:
    texts = (message,) if isinstance(message, str) else message
    return ["python-brace-format"] if any("{" in text for text in texts) else []


def catalogs() -> dict[str, Path]:
    """The `.po` file of each language."""
    return {path.parent.parent.name: path for path in sorted(FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))}


def read(path: Path) -> Catalog:
    """A catalog as it stands in its file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain=DOMAIN)


def merged(language: str, old: Catalog | None, new: Catalog) -> Catalog:
    """The messages of `new`, with the translations that `old` has of them; what is gone is dropped."""
    catalog = Catalog(locale=language, domain=DOMAIN, project=DOMAIN, charset="utf-8", header_comment=HEADER)
    for message in new:
        if message.id:
            before = old.get(message.id) if old is not None else None
            text = before.string if isinstance(before, Message) else ""
            catalog.add(
                message.id, text, locations=message.locations, flags=message.flags, auto_comments=message.auto_comments
            )
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """The text of a `.po` file: the same catalog gives the same bytes."""
    written = BytesIO()
    write_po(written, catalog, width=100, omit_header=True, include_lineno=False)
    head = (
        f'{HEADER}\nmsgid ""\nmsgstr ""\n"Language: {catalog.locale}\\n"\n"MIME-Version: 1.0\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    return head.encode() + written.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The bytes of a `.mo` file, without the time at which it was made."""
    written = BytesIO()
    source = read_po(BytesIO(as_po(catalog)), locale=catalog.locale, domain=DOMAIN)
    source.creation_date = source.revision_date = datetime.fromtimestamp(0, UTC)
    write_mo(written, source)
    return written.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """The messages of which a form is missing."""
    forms = ((m.id, m.string if isinstance(m.string, tuple) else (m.string,)) for m in catalog if m.id)
    return [str(message) for message, texts in forms if not texts or not all(texts)]


def main(asked: list[str]) -> int:
    """Write every catalog anew. Returns 1 where something is left to translate."""
    new, left = template(), 0
    for language in asked:
        (FOLDER / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    paths = catalogs() | {one: FOLDER / one / "LC_MESSAGES" / f"{DOMAIN}.po" for one in asked}
    for language, path in paths.items():
        catalog = merged(language, read(path) if path.exists() else None, new)
        path.write_bytes(as_po(catalog))
        path.with_suffix(".mo").write_bytes(as_mo(catalog))
        missing = untranslated(catalog)
        left += len(missing)
        print(f"{language}: {len(new)} messages, {len(missing)} to translate in {path}")
        for message in missing:
            print(f"    {message[:100]}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
