"""Learner text becomes safe to show, and stays readable."""

import unicodedata
from ast import literal_eval

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report.plain import LIMIT, MARKS_IN_A_ROW, printable

from .arbitrary import texts, torn_texts

# Written out by code point, so that the test does not share the rule of the code.
DANGEROUS = {
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2060, 0x2070)),
    *map(chr, range(0xD800, 0xE000)),
    *map(chr, range(0xE0000, 0xE0080)),
    *"\xad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u3164\ufeff\ufffe\uffff",
}


@given(texts | torn_texts | st.text(), st.booleans())
def test_no_dangerous_character_survives(text: str, keep_newlines: bool) -> None:
    """Nothing that moves the cursor, hides or reverses text is left, whatever the learner's code said."""
    left = set(printable(text, keep_newlines=keep_newlines)) & DANGEROUS
    assert left <= ({"\n"} if keep_newlines else set())


@given(texts | torn_texts, st.booleans())
def test_a_safe_text_is_left_alone(text: str, keep_newlines: bool) -> None:
    """Making a text safe twice is making it safe once."""
    once = printable(text, keep_newlines=keep_newlines)
    assert printable(once, keep_newlines=keep_newlines) == once


def test_each_dangerous_character_can_be_told_from_the_others() -> None:
    """The escape names the character, as Python would write it."""
    for character in DANGEROUS - {"\t"}:
        assert literal_eval(f"'{printable(f'a{character}b')}'") == f"a{character}b"


@pytest.mark.parametrize(
    "text", ["naïve façade", "漢字 かな", "5 × 3 ≤ 16", "Привет", "😀", "tiếng Việt", "a\\b 'c' \"d\""]
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    """Letters of any script, figures and signs are not touched."""
    assert printable(text) == text


def test_piled_up_marks_end_soon() -> None:
    """A letter under a thousand accents keeps a few of them."""
    shown = printable("a" + "\u0301\u0489\u20e0" * 1000 + "b")
    assert shown.startswith("a")
    assert shown.endswith("…b")
    assert sum(unicodedata.category(c).startswith("M") for c in shown) == MARKS_IN_A_ROW


def test_a_long_text_is_cut_and_says_so() -> None:
    """What is left out is counted."""
    assert printable("x" * (LIMIT + 1234)) == "x" * LIMIT + " … 1,234 more characters"


def test_newlines_and_tabs_are_kept_where_asked() -> None:
    """Printed output keeps its lines; a carriage return alone would overwrite one, so it is shown."""
    assert printable("a\r\nb\tc\rd", keep_newlines=True) == "a\nb   c\\rd"
    assert printable("a\nb\tc") == "a\\nb\\tc"


@pytest.mark.parametrize("command", ["##[error]no", "x ##vso[task.complete]", "###[group]a", "##teamcity[blockOpened]"])
def test_commands_to_a_build_service_are_broken(command: str) -> None:
    """No text holds what a build service would obey."""
    shown = printable(command)
    assert "##[" not in shown
    assert "##vso[" not in shown
    assert "##teamcity[" not in shown
