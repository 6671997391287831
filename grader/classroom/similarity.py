"""Pairs of works that are suspiciously alike, whatever their names, comments and layout. Runs in: command line.

Pygments cuts the code into tokens: lexing, nothing is parsed, compiled or run. Names become one sign, numbers another;
comments, docstrings, commas and layout go. Runs of tokens are fingerprints. Those of the stub and the task's text are
nobody's own, and in a large class neither are those of more than a third. Runs of ten say how much of a work stands in
another. How suspicious that is, is said by runs of ten, twenty and forty, each counted by how few others have it: a
short answer, which is alike for everyone, stays below a long one that only two have.

Of the ready-made detectors, copydetect loads matplotlib, compares each pair in full, hashes differently in every
process and knows no rarity; compare50 is under the GPL and reads files alone; pycode_similar parses what students
wrote; MOSS sends it to a foreign server. Pygments comes with pytest. A class is small enough to keep all fingerprints
instead of a choice of them (winnowing), so none of this needs more than a lexer and a table.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Whitespace

RUN = 10  # tokens of a fingerprint that counts for the share
RUNS = (RUN, 2 * RUN, 4 * RUN)  # tokens of fingerprints that count for the rarity
LEAST = 40  # tokens of one's own; work with fewer is not listed: a softmax of three lines is alike for everyone
LARGE = 20  # works from which on the commonest fingerprints are nobody's own
COMMON = 1 / 3  # of the class
MOST_CHARACTERS = 50_000  # of one work that are looked at: ten times the longest reference
MOST_IN_LINE = 500  # characters; some patterns of lexers take the square of a line's length
NOTICE = "A list to look at, never a verdict: read both works, and hear their authors, before you conclude anything."

_GRAIN = 10_000  # rarities are summed in whole numbers of this part, so that sums are the same in any order
_COLUMNS = 4096  # fingerprints that are multiplied out at once


class Work(Struct, frozen=True):
    """What one student wrote for one exercise."""

    student: str  # unique in the class
    text: str

    @property
    def is_cut(self) -> bool:
        """Whether only its beginning is compared, or that of a line."""
        return len(self.text) > MOST_CHARACTERS or any(len(line) > MOST_IN_LINE for line in lines_of(self.text))


class Excerpt(Struct, frozen=True):
    """A work, and which of its lines are alike, counted from 1."""

    text: str
    lines: tuple[int, ...]


class Alike(Struct, frozen=True):
    """Two works of one exercise that have much in common."""

    exercise: str
    first: str  # student
    second: str
    share: float  # of the own tokens of the one who has fewer, that stand in the other's work; from 0 to 1
    tokens: int  # own tokens of that one which stand in the other's work
    others: float  # who have the same, on average over the longest fingerprints that the two share
    rarity: float  # shared fingerprints, each divided by how many have it besides the one
    excerpts: tuple[Excerpt, Excerpt]


class Pair(Struct, frozen=True):
    """Two students, and all that is alike in their works, the rarest first."""

    first: str
    second: str
    alike: tuple[Alike, ...]

    @property
    def rarity(self) -> float:
        return sum(one.rarity for one in self.alike)


class _Code(Struct, frozen=True):
    """A text as signs, one character for each token, and the line on which each stands, from 1."""

    signs: str
    lines: tuple[int, ...]

    def runs(self, length: int) -> Counter[str]:
        """All runs of so many tokens, and how often each is there."""
        return Counter(self.signs[start : start + length] for start in range(len(self.signs) - length + 1))

    def covered(self, fingerprints: Container[str]) -> list[int]:
        """The tokens that are part of any of these fingerprints of RUN tokens."""
        found: list[int] = []
        end = 0
        for start in range(len(self.signs) - RUN + 1):
            if self.signs[start : start + RUN] in fingerprints:
                found += range(max(start, end), start + RUN)
                end = start + RUN
        return found


class _Own(Struct, frozen=True):
    """A work with what is its author's own: fingerprints by their length, and how many tokens those of RUN cover."""

    work: Work
    code: _Code
    runs: Mapping[int, Mapping[str, int]]  # and how often each is there
    tokens: int

    @property
    def fingerprints(self) -> Set[str]:
        return self.runs[RUN].keys()


def alike(exercise: str, works: Iterable[Work], given: Iterable[str], *, at_least: float, most: int) -> list[Alike]:
    """The rarest pairs of works of an exercise whose share is `at_least` so large, at most so many, rarest first.

    `given` are the texts that all students got. Any order of works gives the same pairs.
    """
    works = sorted(works, key=lambda work: work.student)
    owns = _owns(works, [_code(text) for text in given])
    having = {length: Counter(run for own in owns for run in own.runs[length]) for length in RUNS}
    pairs: list[Alike] = []
    for rarity, a, b in _candidates(owns, at_least):
        pair = _pair(exercise, a, b, having, rarity)
        if pair.share >= at_least:
            pairs.append(pair)
        if len(pairs) == most:
            break
    return pairs


def pairs_of(found: Iterable[Alike], most: int) -> list[Pair]:
    """What was found in all exercises, by pairs of students: those who have the rarest in common first."""
    of: dict[tuple[str, str], list[Alike]] = {}
    for one in found:
        of.setdefault((one.first, one.second), []).append(one)
    pairs = [
        Pair(first, second, tuple(sorted(ones, key=lambda one: (-one.rarity, one.exercise))))
        for (first, second), ones in of.items()
    ]
    return sorted(pairs, key=lambda pair: (-pair.rarity, pair.first, pair.second))[:most]


def _owns(works: Sequence[Work], given: Sequence[_Code]) -> list[_Own]:
    """The works without what everyone got, and in a large class without what many have; some may have nothing left."""
    codes = {text: _code(text) for text in {work.text for work in works}}
    everyones = {length: frozenset[str]().union(*(code.runs(length) for code in given)) for length in RUNS}
    runs = {text: {n: _without(code.runs(n), everyones[n]) for n in RUNS} for text, code in codes.items()}
    size = sum(bool(runs[work.text][RUN]) for work in works)
    if size >= LARGE:
        having = Counter(run for work in works for run in runs[work.text][RUN])
        common = {run for run, count in having.items() if count > COMMON * size}
        for own in runs.values():
            own[RUN] = _without(own[RUN], common)
    tokens = {text: len(code.covered(runs[text][RUN])) for text, code in codes.items()}
    return [_Own(work, codes[work.text], runs[work.text], tokens[work.text]) for work in works]


def _without(runs: Mapping[str, int], left_out: Container[str]) -> dict[str, int]:
    return {run: times for run, times in runs.items() if run not in left_out}


def _candidates(owns: Sequence[_Own], at_least: float) -> Iterator[tuple[float, _Own, _Own]]:
    """Pairs that may have such a share, with their rarity, the rarest first.

    Who has which fingerprint is a table of zeros and ones; its product with its transpose is what each two share.
    What they share may stand in a work many times: a table of numbers is one fingerprint over and over.
    """
    shared = np.zeros((len(owns), len(owns)))
    rarity = np.zeros_like(shared)
    for length in RUNS:
        for times in _tables([own.runs[length] for own in owns]):
            table = np.minimum(times, 1)
            rarity += (table * (_GRAIN // (table.sum(axis=0) - 1))) @ table.T
            if length == RUN:
                shared += times @ table.T  # counted in the work of the row
    tokens = np.array([own.tokens for own in owns], dtype=np.float64)
    fewer = np.minimum.outer(tokens, tokens)
    in_the_shorter = np.where(tokens[:, np.newaxis] <= tokens, shared, shared.T)
    possible = (fewer >= LEAST) & (in_the_shorter * RUN >= at_least * fewer)  # each covers RUN tokens at most
    firsts, seconds = np.nonzero(np.triu(possible & (shared > 0), 1))
    rarest: NDArray[np.intp] = np.lexsort((seconds, firsts, -rarity[firsts, seconds]))
    for index in rarest:
        a, b = int(firsts[index]), int(seconds[index])
        yield float(rarity[a, b]) / (_GRAIN * len(RUNS)), owns[a], owns[b]


def _tables(everyone: Sequence[Mapping[str, int]]) -> Iterator[NDArray[np.float64]]:
    """How often who (rows) has which fingerprints (columns) that two or more have; a part of them at a time."""
    rows_of: dict[str, dict[int, int]] = {}
    for row, runs in enumerate(everyone):
        for run, times in runs.items():
            rows_of.setdefault(run, {})[row] = times
    columns = [rows for rows in rows_of.values() if len(rows) > 1]
    for start in range(0, len(columns), _COLUMNS):
        block = columns[start : start + _COLUMNS]
        table = np.zeros((len(everyone), len(block)))
        for column, rows in enumerate(block):
            table[list(rows), column] = list(rows.values())
        yield table


def _pair(exercise: str, a: _Own, b: _Own, having: Mapping[int, Counter[str]], rarity: float) -> Alike:
    common = a.fingerprints & b.fingerprints
    in_a, in_b = a.code.covered(common), b.code.covered(common)
    longest = max(length for length in RUNS if a.runs[length].keys() & b.runs[length].keys())
    longest_common = a.runs[longest].keys() & b.runs[longest].keys()
    tokens, of = (len(in_a), a.tokens) if a.tokens <= b.tokens else (len(in_b), b.tokens)
    return Alike(
        exercise,
        a.work.student,
        b.work.student,
        share=tokens / of,
        tokens=tokens,
        others=sum(having[longest][run] - 2 for run in longest_common) / len(longest_common),
        rarity=rarity,
        excerpts=(_excerpt(a, in_a), _excerpt(b, in_b)),
    )


def _excerpt(own: _Own, covered: Sequence[int]) -> Excerpt:
    return Excerpt(own.work.text, tuple(sorted({own.code.lines[token] for token in covered})))


def lines_of(text: str) -> list[str]:
    """A text's lines, whichever system they were written on."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _code(text: str) -> _Code:
    """Lex a text. Every text can be lexed; the time grows with its length, which is bounded."""
    # A blank before a line's end could be part of two tokens, and a lexer would try all ways.
    fit = "\n".join(line.rstrip()[:MOST_IN_LINE] for line in lines_of(text[:MOST_CHARACTERS]))
    signs: list[str] = []
    lines: list[int] = []
    line, seen, in_string, after_point = 1, 0, False, False
    for start, kind, value in PythonLexer().get_tokens_unprocessed(fit):
        line, seen = line + fit.count("\n", seen, start), start
        is_string = kind in String and kind not in String.Doc
        sign = _sign(kind, value, after_point=after_point)
        if sign and not (is_string and in_string):
            signs.append(sign)
            lines.append(line)
        if sign:
            in_string, after_point = is_string, value == "."
    return _Code("".join(signs), tuple(lines))


def _sign(kind: Any, value: str, *, after_point: bool) -> str:
    """One character for a token; none for what layout, comments and typing aids are made of."""
    if kind in Whitespace or kind in Comment or kind in String.Doc or value.isspace() or value in {",", ";", "\\"}:
        return ""
    if kind in String:
        return "S"
    if kind in Number:
        return "N"
    if kind in Operator or kind in Keyword or kind in Name.Builtin or kind in Name.Exception:
        return _letter(value)
    if kind in Name:
        return _letter(value) if after_point and value in _names_of_numpy() else "V"
    return value if kind in Punctuation else "?"


_LETTERS: dict[str, str] = {}


def _letter(word: str) -> str:
    """A character that stands for this word or sign: Python's or NumPy's own, of which there are some hundreds."""
    return _LETTERS.setdefault(word, chr(0xE000 + len(_LETTERS)))


@cache
def _names_of_numpy() -> frozenset[str]:
    """What stays as it is after a point: nobody can give these another name."""
    return frozenset(name for of in (np, np.ndarray, np.linalg, np.random, np.random.Generator) for name in dir(of))
