"""The attacks: files with a header that says what each tries and how it may be judged, and odd file-system objects.

A header's keys are `name`, `group`, `tries`, `expect` (verdicts, separated by `|`), `invariants`, `platform`, `bounds`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from .large import LARGE
from .objects import OBJECTS

FOLDER = Path(__file__).parent / "attacks"
SHORT_SECONDS = 0.5  # the time limit of an attack that may end by it
LONG_SECONDS = 20.0  # of one that must be allowed to end: some walk through all files that they see
_LINE = re.compile(r"# (\w+): (.*)")
_HEADER_LINES = 7


@dataclass(frozen=True, slots=True)
class Attack:
    """One hostile submission."""

    name: str
    group: str
    expected: frozenset[str]  # verdicts
    invariants: str
    put: Callable[[Path], object]  # makes the submission at a path

    @property
    def exercise(self) -> str:
        """The exercise to which it is handed in."""
        return self.name.replace("_", "-")

    @property
    def seconds(self) -> float:
        return SHORT_SECONDS if "fail:timeout" in self.expected else LONG_SECONDS


@cache
def attacks() -> tuple[Attack, ...]:
    """All of them, by group and name."""
    sources = {path.stem: path.read_bytes() for path in FOLDER.glob("*.py")}
    sources |= {name: write().encode() for name, write in LARGE.items()}
    found = [_read(name, source) for name, source in sources.items()]
    found += [
        Attack(f"fs_{name}", "fs", frozenset(expect.split("|")), "others-unaffected", put)
        for name, (expect, put) in OBJECTS.items()
    ]
    found += [_again(one) for one in found if "fresh-worker" in one.invariants]
    return tuple(sorted(found, key=lambda one: (one.group, one.name)))


def _read(name: str, source: bytes) -> Attack:
    lines = source.decode("utf-8", "replace").splitlines()[:_HEADER_LINES]
    header = {found[1]: found[2] for line in lines if (found := _LINE.fullmatch(line))}
    assert header["name"] == name, f"{name}.py is called {header['name']} in its header"
    return Attack(
        name,
        header["group"],
        frozenset(header["expect"].split("|")),
        header["invariants"],
        partial(_write, source),
    )


def _write(source: bytes, path: Path) -> None:
    path.write_bytes(source)


def _again(one: Attack) -> Attack:
    """The same file handed in a second time in the same run."""
    return Attack(f"{one.name}_again", one.group, one.expected, one.invariants, one.put)
