"""Words of the field, and which exercise explains each of them. Runs in: every trusted process."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from grader.errors import CourseError


class Term(Struct, frozen=True):
    """A word that an exercise explains, as another exercise knows it."""

    text: str  # "mini-batch"
    exercise: str  # the one that explains it
    chapter: str  # folder of that one
    later: bool = False  # whether that one comes after the exercise that says the word

    @property
    def place(self) -> str:
        """The folder in which it is explained: "08_minibatch/mini-batches"."""
        return f"{self.chapter}/{self.exercise}"


def terms_known(exercises: Iterable[tuple[str, str, Sequence[str]]]) -> list[tuple[Term, ...]]:
    """What each exercise knows of the words that the others explain.

    `exercises`: name, chapter and explained words of each, in the order of teaching. Raises CourseError for no word and
    for one that is explained twice.
    """
    places: dict[str, str] = {}
    found: list[tuple[int, Term, Term]] = []  # where, and the term for exercises after that and before
    for number, (name, chapter, texts) in enumerate(order := list(exercises)):
        for text in texts:
            if not text.strip():
                raise CourseError(f"{name}/exercise.toml: explains holds {text!r}; name a word")
            if first := places.get(text.lower()):
                said = f"explains holds {text!r}, which {first} explains already; name it once"
                raise CourseError(f"{name}/exercise.toml: {said}")
            places[text.lower()] = name
            term = Term(text, name, chapter)
            found.append((number, term, replace(term, later=True)))
    return [
        tuple(later if at > number else term for at, term, later in found if at != number)
        for number in range(len(order))
    ]


def uses(terms: Sequence[Term], text: str) -> Iterator[tuple[Term, int, int]]:
    """Each place in `text` where a term stands as a word, in singular or plural: the term, start and end.

    The longer one where two stand. What looks like code, as `softmax(x)` or `x.softmax`, is no word.
    """
    lowered = text.lower()
    named = {word: term for term in terms if (word := term.text.lower()) in lowered}
    if not named:
        return
    for found in _pattern(tuple(named)).finditer(text):
        yield named[found[1].lower()], found.start(), found.end()


def first_uses(terms: Sequence[Term], texts: Iterable[str]) -> tuple[Term, ...]:
    """The terms that stand in these texts, each once, in the order in which they are met."""
    return tuple(dict.fromkeys(term for text in texts for term, _, _ in uses(terms, text)))


@lru_cache(1000)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?<![\w.`-])({either})(?:e?s)?(?![\w`(-])", re.IGNORECASE)
