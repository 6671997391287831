"""One browser and one tab for all tests here, and the pages, made once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from .site import make_pages
from .visit import Visit

# By package, not by session: while Playwright runs, this thread has an event loop, and no other test can have one.


@pytest.fixture(scope="package")
def tab() -> Iterator[Visit]:
    """A tab of Chromium as the system has it; Playwright's own builds are never fetched."""
    if (chromium := shutil.which("chromium") or shutil.which("google-chrome")) is None:
        pytest.skip("there is no Chromium here; on Debian: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        yield Visit(browser)
        browser.close()


@pytest.fixture(scope="package")
def paths(tab: Visit, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:  # noqa: ARG001 - where it skips, so do we
    """Every page by its name in `site.PAGES`."""
    return make_pages(tmp_path_factory.mktemp("site"))


@pytest.fixture
def visit(tab: Visit, paths: dict[str, Path], request: pytest.FixtureRequest) -> Iterator[Visit]:
    """The page whose name is the parameter, opened; whatever a test does there, it says and asks for nothing."""
    tab.open(paths[request.param])
    yield tab
    assert tab.noise == []
