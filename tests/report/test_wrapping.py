"""Lines fit their width in cells, and nothing gets lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report.plain import printable
from grader.report.source import excerpt
from grader.report.wrapping import cells, clip, wrap
from grader.result import Location

from .arbitrary import locations, texts

widths = st.integers(10, 120)


@given(texts, widths)
def test_no_line_is_wider_than_asked(text: str, width: int) -> None:
    """Wide characters count twice and marks not at all."""
    assert all(cells(line) <= width for line in wrap(printable(text, keep_newlines=True), width))


@given(texts, widths)
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    """Every character comes out, in order."""
    shown = printable(text, keep_newlines=True)
    kept = "".join(wrap(shown, width))
    assert kept.replace(" ", "") == re.sub(r"[ \u00a0\n]", "", shown)


@given(texts, widths)
def test_a_clipped_text_fits(text: str, width: int) -> None:
    """A text is cut to the width, and only if it is wider."""
    shown = printable(text)
    assert cells(clip(shown, width)) <= width
    assert clip(shown, width) == shown or cells(shown) > width


def test_lines_break_at_spaces_and_keep_their_indentation() -> None:
    """The second row of an array stays below the first, also when it is too long."""
    assert wrap("array([[1.5, 2.5],\n       [3.5, 4.5, 5.5]])", 18) == [
        "array([[1.5, 2.5],",
        "       [3.5, 4.5,",
        "       5.5]])",
    ]


def test_code_is_not_torn() -> None:
    """A command in backticks can be copied from one line; a long one is broken at its spaces."""
    assert wrap("mend it and run `grade run sigmoid`. Stuck?", 32) == ["mend it and run", "`grade run sigmoid`. Stuck?"]
    assert wrap("run `grade run sigmoid` now", 16) == ["run `grade run", "sigmoid` now"]


def test_words_with_a_no_break_space_stay_together() -> None:
    """It comes out as an ordinary space."""
    assert wrap("it took 0.3\u00a0s", 10) == ["it took", "0.3 s"]


@pytest.mark.parametrize("quantity", ["2.1 s", "300 ms", "64 MiB", "97 %"])
def test_a_number_stays_with_its_unit(quantity: str) -> None:
    """No line begins with the unit of a number that ends the one before."""
    text = f"it took {quantity}"
    assert wrap(text, len(text) - 1) == ["it took", quantity]


def test_a_word_that_begins_like_a_unit_is_a_word() -> None:
    """Only the unit itself is held."""
    assert wrap("of 10 samples", 6) == ["of 10", "sample", "s"]


def test_wide_characters_take_two_cells() -> None:
    """Chinese characters and emoji are two columns wide, an accent of its own none."""
    assert cells("漢😀e\u0301") == 5


def test_japanese_breaks_between_characters() -> None:
    """It has no spaces; no line begins with a full stop or a small kana, or ends with an opening bracket."""
    assert wrap("引数の配列を変更しないでください。", 16) == ["引数の配列を変更", "しないでくださ", "い。"]
    assert wrap("チェック(基本)です", 9) == ["チェック", "(基本)で", "す"]
    assert wrap("`grade run softmax` を実行", 22) == ["`grade run softmax` を", "実行"]


@given(locations, widths)
def test_the_caret_stays_inside_the_line_shown(location: Location, width: int) -> None:
    """Whatever column is claimed, line and caret fit."""
    line, caret = excerpt(location, width)
    assert cells(line) <= width
    assert caret is None or 0 <= caret < width


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("    return x / y\n", 12, ("return x / y", 7)),
        ("\treturn 漢 / y", 12, ("return 漢 / y", 11)),
        ("x = 1", None, ("x = 1", None)),
        ("x = 1", 99, ("x = 1", 5)),
        ("", 3, ("", None)),
    ],
)
def test_the_caret_stands_below_its_column(text: str, column: int | None, expected: tuple[str, int | None]) -> None:
    """Indentation goes, tabs are spaces, wide characters count twice."""
    assert excerpt(Location("a.py", 1, column, text), 40) == expected


def test_a_column_far_to_the_right_is_scrolled_into_sight() -> None:
    """A long line is cut on both sides, and the caret still points at the same character."""
    line, caret = excerpt(Location("a.py", 1, 302, "a" * 300 + " ! " + "b" * 300), 40)
    assert caret is not None
    assert (line[caret], line[0], line[-1], len(line)) == ("!", "…", "…", 40)
