"""Every message that a learner can meet is translated, and every translation says what the message says."""

import ast
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from grader.trace import travelling

from .translations import GRADER, as_mo, as_po, catalogs, merged, read, template, untranslated

LANGUAGES = ("de", "ja")
UPDATE = "run python tests/translations.py"
_PLACEHOLDER = re.compile(r"\{\w*(?:![rsa])?\}|%[a-zA-Z]")
_CODE = re.compile(r"`[^`]+`|--[a-z-]+|https?://\S+|\b[A-Z]+_[A-Z_]+\b|\bnp\.\w+|\w+\.(?:py|md)\b")
# Modules and packages that speak to teachers and authors alone, and those of the learner's process.
_NOT_FOR_LEARNERS = frozenset({
    *("assignment", "author", "classroom", "collection", "course", "release", "suite", "suite_notes", "code_folder"),
    *("table", "references", "worker", "project", "cli/class_export.py", "cli/class_options.py", "cli/classroom.py"),
    "cli/class_files.py",
    *("cli/author.py", "cli/quiz_export.py", "cli/release.py", "cli/similar.py", "cli/suite.py"),
    *("challenge/black_box.py",),
    *("quiz/bank.py", "quiz/export.py", "quiz/gift.py", "quiz/qti.py", "quiz/mdbook.py", "quiz/drawn.py"),
    *("quiz/template.py", "data/idx.py", "data/digits.py", "data/weights.py", "data/make_digits.py"),
    *("data/train_weights.py",),
})  # fmt: skip
_SAYS = frozenset(
    {"say", "paragraph", "hanging", "UsageError", "WorkspaceError", "DataError", "SandboxError", "Refusal"}
)
_SAYS |= {"Finding", "ProcessFault", "Problem", "CheckFailed", "NotAnAnswer", "NotASheet", "NotebookError"}
_SAYS |= {"NoPicture", "_note", "_missing", "_state", "busy"}


def forms(message: Message) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each translation of a message, with the English texts that it may follow."""
    if isinstance(message.string, tuple):
        yield from ((tuple(message.id), text) for text in message.string)
    else:
        yield (str(message.id),), str(message.string)


def test_there_are_the_languages_that_were_promised() -> None:
    """German and Japanese."""
    assert set(LANGUAGES) <= set(catalogs())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalog_is_up_to_date(language: str) -> None:
    """It has every message and no other, and the compiled file is made of it."""
    path = catalogs()[language]
    catalog = read(path)
    assert as_po(merged(language, catalog, template())) == path.read_bytes(), UPDATE
    assert compiled(BytesIO(as_mo(catalog))) == compiled(BytesIO(path.with_suffix(".mo").read_bytes())), UPDATE


def compiled(file: BytesIO) -> dict[str, str]:
    """All messages of a `.mo` file but its header, which tells of Babel's version."""
    return {message: text for message, text in vars(GNUTranslations(file))["_catalog"].items() if message}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalog_is_complete(language: str) -> None:
    """Nothing is left in English, nothing is only guessed."""
    catalog = read(catalogs()[language])
    assert untranslated(catalog) == []
    assert [message.id for message in catalog if message.id and message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_or_typed_is_the_same(language: str) -> None:
    """Placeholders, code, options, and the spaces and newlines around a text."""
    broken = []
    for message in (m for m in read(catalogs()[language]) if m.id and "click" not in m.auto_comments):
        for english, text in forms(message):
            same = any(_skeleton(one, dates="%d" in one) == _skeleton(text, dates="%d" in one) for one in english)
            broken += [] if same else [(english, text)]
    assert broken == []


def _skeleton(text: str, *, dates: bool) -> tuple[object, ...]:
    edges = len(text) - len(text.lstrip(" ")), len(text) - len(text.rstrip(" "))
    filled = () if dates else tuple(sorted(set(_PLACEHOLDER.findall(text))))
    return filled, sorted(set(_CODE.findall(text))), edges, text.count("\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_click_fills_in_is_known_to_it(language: str) -> None:
    """Its plurals are called with the values of both forms."""
    for message in (m for m in read(catalogs()[language]) if "click" in m.auto_comments):
        for english, text in forms(message):
            assert set(_PLACEHOLDER.findall(text)) <= set(_PLACEHOLDER.findall(" ".join(english))), text


def modules() -> list[Path]:
    """The modules that speak to learners."""
    return [
        path
        for path in sorted(GRADER.rglob("*.py"))
        if not {path.relative_to(GRADER).as_posix(), path.relative_to(GRADER).parts[0].removesuffix(".py")}
        & _NOT_FOR_LEARNERS
    ]


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a file, with the name that is called."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    yield name, node


def _is_sentence(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return re.search(r"[a-z] [a-z]|^[A-Z][a-z]+$", text) is not None
        case ast.JoinedStr(values=values):
            texts = [str(v.value) for v in values if isinstance(v, ast.Constant)]
            return any(re.search(r"[a-z]{2,}[,;:]? [a-z]{2,}", text) for text in texts)
    return False


def test_no_sentence_goes_past_translation() -> None:
    """What is said or raised is a message, not a text in the code: `_("… {name} …").format(name=…)`."""
    found = [
        f"{path.relative_to(GRADER)}:{call.lineno}"
        for path in modules()
        for name, call in calls(path)
        if name in _SAYS and any(map(_is_sentence, [*call.args, *(word.value for word in call.keywords)]))
    ]
    assert found == []


def _translates_text(call: ast.Call) -> bool:
    return ast.unparse(call.func) in {"_", "ngettext"} and isinstance(call.args[0], ast.Constant)


def test_messages_can_be_extracted() -> None:
    """A message is one plain text, and stands in no f-string, where Python 3.11 hides it from Babel."""
    found = []
    for path in sorted(GRADER.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        inside = [call for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for call in ast.walk(node)]
        found += [f"{path.name}:{c.lineno}" for c in inside if isinstance(c, ast.Call) and _translates_text(c)]
        found += [
            f"{path.name}:{c.lineno}"
            for name, c in calls(path)
            if name in {"_", "N_"} and isinstance(c.args[0], ast.JoinedStr)
        ]
    assert found == []


def test_what_a_learners_process_says_of_a_value_is_known() -> None:
    """It speaks English there; each of its sentences is one that is translated here."""
    texts = {
        call.args[0].value
        for file in ("parts.py", "wire.py", "worker.py")
        for name, call in calls(GRADER / file)
        if name == "Unsendable" and isinstance(call.args[0], ast.Constant)
    }
    known = {message.id for message in template() if any("trace.py" in place for place, _line in message.locations)}
    assert texts <= known
    assert [travelling(text) for text in sorted(texts)] == sorted(texts)
