"""Does a finished bundle hold anything that is hidden? Runs in: command line.

Every byte of it is read, whatever wrote it. What is looked for stands in `grader.release.secrets`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import tomli
from msgspec import Struct

from grader.release.numbers import holds, numbers_of, runs_of
from grader.release.secrets import Secret, Secrets, squeezed

_SHOWN = 60  # characters of a fragment in a message
_PLACES = ("solutions/", "wrong.toml", "right/")
_OF_QUESTIONS = {"id", "type", "prompt", "options", "parameters", "values", "not_drawn", "program"}
_OF_EXERCISES = {
    *("title", "teaches", "module", "functions", "constants", "points", "prerequisites", "core", "hints", "limits"),
    *("objects", "parts", "explains"),
}


class Leak(Struct, frozen=True):
    """A fragment that stands where students would read it."""

    file: str
    fragment: str
    what: str
    remedy: str

    def __str__(self) -> str:
        short = self.fragment if len(self.fragment) <= _SHOWN else f"{self.fragment[: _SHOWN - 1]}…"
        return f"{self.file}: {short!r} is hidden ({self.what}); {self.remedy}"


def leaks(files: Mapping[str, bytes], secrets: Secrets) -> list[Leak]:
    """Every secret that a bundle holds, once for each file."""
    return [leak for path, data in sorted(files.items()) for leak in _leaks(path, data, secrets)]


def _leaks(path: str, data: bytes, secrets: Secrets) -> Iterator[Leak]:
    for place in _PLACES:
        if place in path:
            yield Leak(path, place, "its name says that it belongs to the solutions", "leave the file out")
    text = data.decode("utf-8", "replace")
    found = [*_texts(text, secrets), *_numbers(text, secrets)]
    yield from (Leak(path, secret.shown, secret.where, secret.remedy) for secret in found)
    if path.endswith("/exercise.toml"):
        yield from _strange_keys(path, tomli.loads(text), _OF_EXERCISES)
    if path.startswith("quizzes/"):
        for question in tomli.loads(text)["question"]:
            yield from _question(path, question, secrets)


def _texts(text: str, secrets: Secrets) -> Iterator[Secret]:
    code, prose = "".join(text.split()), squeezed(text)
    yield from (secret for line, secret in secrets.lines.items() if line in code)
    yield from (secret for sentence, secret in secrets.sentences.items() if sentence in prose)


def _numbers(text: str, secrets: Secrets) -> Iterator[Secret]:
    there = numbers_of(text)
    yield from (secret for number, secret in secrets.numbers.items() if number in there)
    runs = runs_of(text)
    for literal, secret in secrets.literals.items():
        if there.issuperset(map(abs, literal)) and any(holds(run, literal) for run in runs):
            yield secret


def _question(path: str, question: dict[str, Any], secrets: Secrets) -> Iterator[Leak]:
    """A question without its key has no key of a table for one, no formula, and no text of one."""
    yield from _strange_keys(path, question, _OF_QUESTIONS)
    if question["type"] != "code" and "program" in question:
        yield Leak(path, question["program"], f"the proof of {question['id']}", "leave it out")
    if any(type(values) is not list for values in question.get("values", {}).values()):
        yield Leak(path, str(question["values"]), f"formulas of {question['id']}", "write what they come to")
    text = "".join("".join(_strings(question)).split())
    for key, secret in secrets.keys.get(question["id"], {}).items():
        if key in text:
            yield Leak(path, secret.shown, secret.where, secret.remedy)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from (key, *_strings(part))
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
    else:
        yield str(value)


def _strange_keys(path: str, table: dict[str, Any], known: set[str]) -> Iterator[Leak]:
    for key in sorted(table.keys() - known):
        yield Leak(path, f"{key} = {table[key]!r}", "a release has no such key", "leave it out")
