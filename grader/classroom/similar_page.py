"""Write pairs of students whose works are alike as one web page, side by side. Runs in: the command line.

Every value passes `printable` and jinja2's escaping; the page's own policy forbids scripts and network.
"""

from collections.abc import Iterator, Sequence
from importlib.resources import files

from msgspec import Struct

from grader.classroom.similarity import NOTICE, Alike, Excerpt, Pair, lines_of
from grader.report.plain import printable

_AROUND = 3  # lines that are shown before and after one that is alike
_MOST_LINES = 300  # of a work
_MOST_SHOWN = 5  # exercises of a pair that are shown side by side


class _Line(Struct, frozen=True):
    """A line of a work; or, with number 0, how many are left out."""

    number: int
    text: str
    alike: bool = False


def to_html(pairs: Sequence[Pair], title: str, facts: Sequence[str]) -> str:
    """The page as text, to be written as UTF-8; `facts` are sentences on what was compared."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, finalize=_safe, trim_blocks=True, lstrip_blocks=True
    )
    own = files(__package__)
    style = files("grader.report").joinpath("report.css").read_text("utf-8") + own.joinpath("similar.css").read_text(
        "utf-8"
    )
    return environment.from_string(own.joinpath("similar.html.j2").read_text("utf-8")).render(
        style=Markup(style),  # noqa: S704 - our own files, the one value that is not escaped
        title=title,
        notice=NOTICE,
        facts=facts,
        pairs=pairs,
        most_shown=_MOST_SHOWN,
        sides=_sides,
        percent=percent,
        others=others,
    )


def percent(share: float) -> str:
    """Rounded down, so that only what is wholly alike says 100 %."""
    return f"{int(share * 100)} %"


def others(one: Alike) -> str:
    """How many besides the two have the same, in words."""
    count = round(one.others)
    if not count:
        return "nobody else has the same" if not one.others else "hardly anyone else has the same"
    return f"{count} other{'s have' if count > 1 else ' has'} the same passages, on average"


def _safe(value: object) -> object:
    return value if hasattr(value, "__html__") else printable(str(value), keep_newlines=True)


def _sides(one: Alike) -> list[tuple[str, list[_Line]]]:
    return [
        (student, list(_lines(excerpt))) for student, excerpt in zip((one.first, one.second), one.excerpts, strict=True)
    ]


def _lines(excerpt: Excerpt) -> Iterator[_Line]:
    """The lines that are alike and those around them."""
    texts, alike = lines_of(excerpt.text), set(excerpt.lines)
    shown = sorted({
        number
        for line in alike
        for number in range(max(1, line - _AROUND), min(len(texts), line + _AROUND) + 1)
    })  # fmt: skip
    before = 0
    for number in shown[:_MOST_LINES]:
        if number > before + 1:
            yield _left_out(number - before - 1)
        yield _Line(number, texts[number - 1], number in alike)
        before = number
    if before < len(texts):
        yield _left_out(len(texts) - before)


def _left_out(count: int) -> _Line:
    return _Line(0, f"… {count:,} more line{'s' * (count > 1)}")
