"""The page is one file, keeps learner text text, and can be read by everybody."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from msgspec.structs import replace

from grader.report.html import to_html
from grader.report.plain import printable
from grader.result import Report

from .arbitrary import reports
from .samples import EMPTY, EVERYTHING, HOSTILE, ONE_FAILED, ONE_PASSED, QUIZ, WITH_QUIZ, hostile

VOID = {"meta", "link", "br", "img", "input", "hr"}
# fmt: off
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "a", "div", "header", "nav", "main", "section", "article",
    "footer", "h1", "h2", "h3", "h4", "p", "progress", "ul", "li", "dl", "dt", "dd", "details", "summary",
    "span", "strong", "b", "code", "pre",
}
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "value", "max", "aria-label",
    "aria-labelledby", "aria-hidden", "tabindex", "role", "open",
}
# fmt: on


@dataclass
class Page(HTMLParser):
    """A page taken apart: elements in order with their attributes, text, and elements left open or closed twice."""

    source: str
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    stack: list[str] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data if "style" not in self.stack else ""

    def all(self, *tags: str) -> list[dict[str, str]]:
        """The attributes of all elements with one of these names."""
        return [attributes for tag, attributes in self.elements if tag in tags]


@given(reports)
def test_no_text_becomes_markup(report: Report) -> None:
    """Elements and attributes are those of the template, balanced, whatever the report says."""
    page = Page(to_html(report))
    assert {tag for tag, _ in page.elements} <= ELEMENTS
    assert {name for _, attributes in page.elements for name in attributes} <= ATTRIBUTES
    assert page.stack == page.unbalanced == []


def test_hostile_text_is_shown_as_text() -> None:
    """A script is there to be read; the page may run none."""
    source = to_html(hostile())
    page = Page(source)
    assert "<script" not in source
    assert source.count("</style>") == 1
    assert printable(HOSTILE, keep_newlines=True) in page.text
    assert source.encode()  # no lone surrogate is left


@pytest.mark.parametrize(
    "text", ["<b>", "</pre>", '" onmouseover="x', "' x='", "javascript:x", "&amp;", "{{ 7*7 }}", "<!--"]
)
def test_each_piece_of_markup_is_shown_as_it_is(text: str) -> None:
    """Nothing is dropped, unescaped or evaluated."""
    assert Page(to_html(hostile(text))).text.count(text) >= Page(to_html(hostile("plain"))).text.count("plain")


def test_the_page_needs_nothing_else() -> None:
    """No address but its own anchors, and a policy that forbids the rest before anything else is read."""
    source = to_html(EVERYTHING)
    page = Page(source)
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert {a["href"] for a in page.all("a")} <= {f"#{name}" for name in ids}
    assert not re.search(r"url\(|@import|src=|https?:", source)
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@pytest.mark.parametrize("report", [EVERYTHING, ONE_PASSED, EMPTY, WITH_QUIZ, replace(EMPTY, quizzes=(QUIZ,))])
def test_the_page_can_be_heard_and_walked_by_keyboard(report: Report) -> None:
    """A language, landmarks, a skip link, headings without gaps, unique anchors, and a name for every bar."""
    page = Page(to_html(report))
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1
    assert page.all("a")[0] == {"class": "skip", "href": "#exercises"}
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(bar["aria-label"] for bar in page.all("progress"))


def test_what_needs_work_is_open_and_what_is_done_is_folded() -> None:
    """A failing exercise is unfolded, a passed one is not."""
    failed = Page(to_html(ONE_FAILED)).all("details")
    passed = Page(to_html(ONE_PASSED)).all("details")
    assert "open" in failed[0]
    assert "open" not in passed[0]


def test_the_page_says_what_the_terminal_says() -> None:
    """Verdicts, points, the misconception once, waiting and slow checks, the sandbox."""
    text = " ".join(Page(to_html(EVERYTHING, whys={"sigmoid": "It squeezes."})).text.split())
    for words in (
        "6.22 of 35.5 points",
        "2 of 12 exercises passed",
        "the grader failed, not your code",
        "What it looks like: one sum for the whole batch.",
        "Not counted until the core check passes",
        "Right, but slow (never counted)",
        "MNIST is not downloaded",
        "Why it matters. It squeezes.",
        "sandbox: landlock",
    ):
        assert words in text
    assert text.count("Each row of scores is a distribution") == 1


def test_a_quiz_stands_below_its_chapters_exercises() -> None:
    """Folded, with each question's first answer. It changes no points, and a page without one has no trace of it."""
    page = Page(to_html(WITH_QUIZ))
    text = " ".join(page.text.split())
    before, _, after = text.partition("? Quiz 1 of 4 right, 1 to go, 1 to review")
    assert "Mini-batches" in before
    assert "✓rows-are-samplesright ✗shape-of-biasnot right at first, answered 3 times" in after
    assert "✗largest-scorenot right at first, to review ·temperaturenot answered yet" in after
    assert after.index("temperature") < after.index("4 Loss functions")
    assert sum(one.get("class") == "exercise quiz" for one in page.all("article")) == 1
    without = Page(to_html(EVERYTHING))
    assert "Quiz" not in without.text
    assert page.all("progress") == without.all("progress")
    assert page.all("details")[0] == without.all("details")[0]


def test_a_quiz_of_a_chapter_without_exercises_is_not_lost() -> None:
    """Its chapter is shown with it alone."""
    text = " ".join(Page(to_html(replace(ONE_PASSED, quizzes=(QUIZ,)))).text.split())
    assert "3 Forward propagation ? Quiz 1 of 4 right" in text


@pytest.mark.parametrize("block", range(3), ids=["light", "dark", "print"])
def test_the_colours_can_be_told_apart(block: int) -> None:
    """Every text colour has a contrast of 4.5 to 1 on every ground that it stands on (WCAG 2.2, 1.4.3)."""
    colours = dict(re.findall(r"--(\w+): (#\w{6})", re.findall(r":root \{(.*?)\}", to_html(EMPTY), re.S)[block]))
    grounds = {name: colours[name] for name in ("paper", "card", "code", "note")}
    for name in ("ink", "quiet", "accent", "good", "bad", "soft"):
        for ground, value in grounds.items():
            assert contrast(colours[name], value) >= 4.5, f"{name} on {ground}"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of "#rrggbb" (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
