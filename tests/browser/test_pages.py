"""What holds of every page: it is quiet, asks for nothing, can be read, walked by keyboard, and printed."""

from pathlib import Path

import pytest

from .site import FAIR, FOUL, PAGES
from .visit import PAPER, PHONE, Visit

every_page = pytest.mark.parametrize("visit", PAGES, indirect=True)
fair_page = pytest.mark.parametrize("visit", FAIR, indirect=True)

BAD = """<!DOCTYPE html><html lang="en"><title>Bad</title><style>summary { outline: none }</style>
<body style="background: #fff; color: #eee"><h1>Bad</h1><p>Pale.</p><p style="width: 900px; height: 1px"></p>
<details><summary>More</summary><p>Folded.</p></details><div style="overflow: hidden; width: 9px"><b>cut</b></div>
<img src="https://example.org/x.png" alt="" onerror="document.title = 'taken'"><a href="javascript:alert(1)">x</a>
<script>console.warn("Oh."); alert("Well."); undefinedName;</script>"""


def test_a_bad_page_is_seen_to_be_bad(tab: Visit, tmp_path: Path) -> None:
    """What the tests below go by does see what it is there for."""
    (tmp_path / "bad.html").write_text(BAD, encoding="utf-8")
    tab.open(tmp_path / "bad.html")
    kinds = {one.partition(":")[0] for one in tab.noise}
    assert kinds == {"console", "dialog", "error", "request", "failed"}
    assert any(one.startswith("color-contrast") for one in tab.violations())
    assert [focus["ring"] for focus in tab.walk() if "summary" in focus["what"]] == [False]
    tab.resize(PHONE)
    assert tab.overhang() > 400
    assert len(tab.folded()) == len(tab.cut()) == 1
    assert [one[:4] for one in tab.injected()] == ["<img", "<a h"]


@every_page
def test_everybody_can_read_it(visit: Visit) -> None:
    """axe-core finds nothing on a wide screen and on a phone, with everything unfolded."""
    visit.unfold()
    assert visit.violations() == []
    visit.resize(PHONE)
    assert visit.violations() == []


@fair_page
def test_everybody_can_read_it_by_night(visit: Visit) -> None:
    """The same in dark colours, on which of axe-core's rules only contrast depends."""
    visit.page.emulate_media(color_scheme="dark")
    visit.unfold()
    assert visit.violations(runOnly=["color-contrast"]) == []
    visit.resize(PHONE)
    assert visit.violations(runOnly=["color-contrast"]) == []


@every_page
def test_it_fits_a_phone(visit: Visit) -> None:
    """No scrolling sideways, folded and unfolded, down to the narrowest that WCAG names (1.4.10)."""
    found = []
    for width in (PHONE, 320):
        visit.resize(width)
        found.append(visit.overhang())
    visit.unfold()
    assert [*found, visit.overhang()] == [0, 0, 0]


@fair_page
def test_nothing_moves_when_it_comes_into_view(visit: Visit) -> None:
    """What is drawn only when it is scrolled to has its size before: no control slips from under who looks at it."""
    visit.unfold()
    visit.resize(PHONE, 500)
    places = visit.tops()
    visit.scroll_through()
    assert visit.tops() == places


@every_page
def test_the_keyboard_reaches_every_control(visit: Visit) -> None:
    """In the order of the page and back again, each with a ring around it, none below something else."""
    visit.unfold()
    visit.resize(PHONE, 500)
    expected = visit.controls()
    forth, back = visit.walk(), visit.walk(back=True)
    for walked in (forth, back):
        assert [focus["what"] for focus in walked if not focus["ring"]] == []
        assert [focus["what"] for focus in walked if not focus["uncovered"]] == []
    assert [focus["place"] for focus in forth] == expected
    assert [focus["place"] for focus in back] == expected[::-1]


@fair_page
def test_the_keyboard_folds_and_unfolds(visit: Visit) -> None:
    """Enter opens what is folded and closes it again, wherever there is something to fold."""
    visit.unfold()
    for summary in visit.page.locator("summary").all():
        summary.focus()
        states = []
        for _ in range(2):
            visit.page.keyboard.press("Enter")
            states.append(summary.evaluate("(one) => one.parentElement.open"))
        assert states == [False, True]


@fair_page
def test_links_within_the_page_lead_to_what_they_name(visit: Visit) -> None:
    """With Enter; the target is then in view, and the skip link takes the focus along."""
    visit.resize(PHONE)
    for link in visit.page.locator("a[href^='#']").all():
        link.focus()
        visit.page.keyboard.press("Enter")
        target = visit.page.locator(f"[id='{(link.get_attribute('href') or '#')[1:]}']")
        box = target.bounding_box()
        assert box is not None
        assert -1 <= box["y"] < 800
    skip = visit.page.locator("a.skip")
    skip.focus()
    visit.page.keyboard.press("Enter")
    assert skip.evaluate("(one) => one.getAttribute('href') === '#' + document.activeElement.id")


@every_page
def test_paper_shows_it_all(visit: Visit) -> None:
    """What is folded is open on paper, and nothing is cut off or scrolls there."""
    visit.page.emulate_media(media="print")
    visit.resize(PAPER)
    assert visit.folded() == []
    assert visit.cut() == []
    assert visit.overhang() == 0


@pytest.mark.parametrize("visit", FOUL, indirect=True)
def test_what_means_harm_is_text(visit: Visit) -> None:
    """No element, attribute or link comes of what students wrote; the title is the page's own."""
    visit.unfold()
    assert visit.injected() == []
    assert "taken" not in visit.page.title().replace("document.title='taken'", "")
    assert visit.page.locator("script").count() <= 1
    assert "<" in visit.page.locator("body").inner_text()


def test_no_page_is_left_out(paths: dict[str, Path]) -> None:
    """Every HTML file that the commands wrote is looked at here, but for further ones of the same kind."""
    root = paths["report"].parent.parent
    kinds = {path.relative_to(root) for path in root.rglob("*.html") if path.parent.name != "students"}
    further = {Path("foul/graded/class-anonymous.html"), Path("fair/crowd/class-anonymous.html")}
    assert kinds - further == {path.relative_to(root) for path in paths.values() if path.parent.name != "students"}
