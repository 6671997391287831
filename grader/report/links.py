"""Links from a term's first use to the exercise that explains it. Runs in: the command line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.report.plain import printable
from grader.terms import Term, uses

if TYPE_CHECKING:
    from markupsafe import Markup


class Links:
    """Puts the links into the texts of one exercise, one text after the other. `terms`: those explained on the page."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = terms
        self._seen: set[Term] = set()

    def __call__(self, text: str) -> "Markup":
        """`text`, escaped, with a link at each term that no text before it has used."""
        from markupsafe import Markup, escape

        shown, made, done = printable(text, keep_newlines=True), Markup(), 0
        for term, start, end in uses(self._terms, shown):
            if term not in self._seen:
                self._seen.add(term)
                link = Markup('<a href="#exercise-{}">{}</a>').format(term.exercise, shown[start:end])
                made += escape(shown[done:start]) + link
                done = end
        return made + escape(shown[done:])
