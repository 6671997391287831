"""What stands on the screen of `grade watch`, and what keys send: laws, for any page and any bytes."""

from hypothesis import example, given
from hypothesis import strategies as st

from grader.report.ink import Ink
from grader.watch.keys import keys
from grader.watch.view import KEYS, fit

INK = Ink(80, colour=False, ascii_only=False)
PAGES = st.integers(0, 60).map(lambda count: [f"line {number}" for number in range(count)])
BELOW = ["progress", "note", "keys"]


@given(PAGES, st.integers(1, 40), st.integers(-5, 10**9))
def test_a_frame_fits_its_window(page: list[str], rows: int, top: int) -> None:
    """Never more lines than rows; what is below the page is there where there is any room for a page."""
    shown = fit(page, BELOW, rows=rows, top=top, ink=INK)
    assert len(shown.lines) <= rows
    if rows >= 9:
        assert shown.lines[-3:] == BELOW


@given(PAGES, st.integers(9, 40))
def test_every_line_can_be_reached_by_pages(page: list[str], rows: int) -> None:
    """From the top, a page further each time, in the order of the lines."""
    seen: list[str] = []
    top, last = 0, -1
    while top != last:
        shown = fit(page, BELOW, rows=rows, top=top, ink=INK)
        seen += [line for line in shown.lines if line.startswith("line ") and line not in seen]
        last, top = top, fit(page, BELOW, rows=rows, top=top + shown.page_rows, ink=INK).top
    assert seen == page


@given(st.binary(max_size=40))
@example(b"\x1b[A\x1b[5~q")
def test_any_bytes_are_keys_or_nothing(data: bytes) -> None:
    """No sequence of the terminal comes out as a key, and nothing is raised."""
    assert [key for key in keys(data) if key.startswith("\x1b")] == []


def test_keys_have_names() -> None:
    """As xterm sends them in both of its modes; a sequence that means nothing here means nothing."""
    assert list(keys(b"\x1b[A\x1bOB \x1b[5~\x1b[6~\x1b[1;5C\x1b[15~N\x1b")) == [
        "up",
        "down",
        "page down",
        "page up",
        "page down",
        "n",
        "escape",
    ]
    assert [key for name in KEYS for key in keys(name.encode())] == list(KEYS)
