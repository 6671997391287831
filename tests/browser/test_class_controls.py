"""The controls of the class page, worked by keyboard."""

from pathlib import Path
from urllib.request import url2pathname

import pytest

from .site import CROWD, CROWDED
from .visit import Visit

on_class_page = pytest.mark.parametrize("visit", ["class"], indirect=True)
STUDENTS = 8


def ids(visit: Visit) -> list[str]:
    """The ids of the students that are shown, from top to bottom."""
    return visit.page.locator("#table tbody tr:visible td:nth-of-type(1)").all_inner_texts()


def shown(visit: Visit) -> str:
    """What is said of how many are shown, aloud too."""
    return visit.page.get_by_role("status").inner_text()


@on_class_page
def test_students_are_sorted_up_and_down(visit: Visit) -> None:
    """By numbers and by names; who has no score stands last either way, equal ones stay as they came."""
    names = ids(visit)
    head = visit.page.locator("th", has_text="Score")
    visit.page.get_by_role("button", name="Score").focus()
    visit.page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert ids(visit) == ["eve", "hal", "bob", "cem", "dan", "ada", "fay", "gil"]
    visit.page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    assert ids(visit) == ["ada", "fay", "dan", "bob", "cem", "eve", "hal", "gil"]
    visit.page.get_by_role("button", name="ID").focus()
    visit.page.keyboard.press("Enter")
    assert ids(visit) == sorted(names)
    assert head.get_attribute("aria-sort") is None


@on_class_page
def test_students_are_found(visit: Visit) -> None:
    """By a part of their name, and by what stands in their other cells; Escape brings all back."""
    visit.page.get_by_label("Find").focus()
    for typed, expected in (("GEORGE", ["bob"]), ("archive of a kind", ["hal"]), ("nobody at all", [])):
        visit.page.keyboard.type(typed)
        assert ids(visit) == expected
        assert shown(visit) == f"{len(expected)} of {STUDENTS} students shown"
        visit.page.keyboard.press("Escape")
        assert shown(visit) == f"{STUDENTS} of {STUDENTS} students shown"


@on_class_page
def test_sections_and_states_narrow_the_table_together(visit: Visit) -> None:
    """Chosen by arrow keys; the order stays."""
    visit.page.get_by_role("button", name="Name").focus()
    visit.page.keyboard.press("Enter")
    visit.page.get_by_label("Section").focus()
    visit.page.keyboard.press("ArrowDown")
    assert ids(visit) == ["gil", "ada", "cem", "eve"]
    visit.page.get_by_label("State").focus()
    visit.page.keyboard.press("ArrowDown")
    assert ids(visit) == ["ada", "cem", "eve"]
    assert shown(visit) == f"3 of {STUDENTS} students shown"


@on_class_page
def test_a_name_leads_to_the_student(visit: Visit, paths: dict[str, Path]) -> None:
    """To their own page, which a browser finds where the command wrote it."""
    visit.open(paths["class"], linked=paths["student"])
    visit.page.get_by_role("link", name="Boole, George").focus()
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(paths["student"].as_uri())
    assert visit.page.title() == "Homework 1: Boole, George"


@pytest.mark.parametrize("visit", ["foul class"], indirect=True)
def test_names_that_mean_harm_are_sorted_and_found(visit: Visit, paths: dict[str, Path]) -> None:
    """As any others; each links to a page that is there."""
    everybody = ids(visit)
    visit.page.get_by_role("button", name="Name", exact=True).click()
    visit.page.get_by_label("Section").select_option(index=2)
    assert 1 <= len(ids(visit)) < len(everybody)
    visit.page.get_by_label("Section").select_option(index=0)
    visit.page.get_by_label("Find").fill("<IMG SRC")
    (found,) = ids(visit)
    assert found.startswith("<img src=x onerror=")
    links = visit.page.locator("#table a").evaluate_all("(all) => all.map((one) => one.pathname)")
    assert len(links) == len(everybody)
    assert {Path(url2pathname(link)) for link in links} == set((paths["foul class"].parent / "students").iterdir())


@pytest.mark.parametrize("visit", [CROWD], indirect=True)
def test_a_large_class_is_shown_in_steps(visit: Visit) -> None:
    """The first five hundred, then all; who is found is shown wherever they stand; paper shows everybody."""
    assert shown(visit) == f"500 of {CROWDED} students shown"
    visit.page.emulate_media(media="print")
    assert len(ids(visit)) == CROWDED
    visit.page.emulate_media(media="screen")
    visit.page.get_by_label("Find").fill(f"Name {CROWDED}")
    assert ids(visit) == [f"s{CROWDED}"]
    visit.page.get_by_label("Find").fill("")
    visit.page.get_by_role("button", name=f"Show {CROWDED - 500} more").focus()
    visit.page.keyboard.press("Enter")
    assert shown(visit) == f"{CROWDED} of {CROWDED} students shown"
    assert len(ids(visit)) == CROWDED
