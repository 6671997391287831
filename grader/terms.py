"""Words of the field, and which exercise explains each of them. Runs in: every trusted process."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Term:
    """A word that an exercise explains, as another exercise knows it."""

    text: str  # "mini-batch"
    exercise: str  # the one that explains it
    chapter: str  # folder of that one
    later: bool = False  # whether that one comes after the exercise that says the word

    @property
    def place(self) -> str:
        """The folder in which it is explained: "08_minibatch/mini-batches"."""
        return f"{self.chapter}/{self.exercise}"


def uses(terms: Sequence[Term], text: str) -> Iterator[tuple[Term, int, int]]:
    """Each place in `text` where a term stands as a word, in singular or plural: the term, start and end.

    The longer one where two stand. What looks like code, as `softmax(x)` or `x.softmax`, is no word.
    """
    if not terms:
        return
    named = {term.text.lower(): term for term in terms}
    for found in _pattern(tuple(named)).finditer(text):
        yield named[found[1].lower()], found.start(), found.end()


def first_uses(terms: Sequence[Term], texts: Iterable[str]) -> tuple[Term, ...]:
    """The terms that stand in these texts, each once, in the order in which they are met."""
    return tuple(dict.fromkeys(term for text in texts for term, _, _ in uses(terms, text)))


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?<![\w.`-])({either})(?:e?s)?(?![\w`(-])", re.IGNORECASE)
