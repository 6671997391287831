"""A page opened in Chromium, and everything that it says, asks for and shows there."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Request

WIDE, PHONE, PAPER, TALL = 1280, 400, 718, 800  # pixels; A4 between its margins is 718 wide
_LOOK = Path(__file__).with_name("look.js")
_AXE = Axe()
_OPTIONS = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}


class Visit:
    """A tab of its own, and what the page that is open in it did that no page should."""

    def __init__(self, browser: Browser) -> None:
        self.noise: list[str] = []  # messages of the console, errors, requests, dialogs
        self._open: set[str] = set()  # addresses that may be asked for
        self.page = browser.new_page()
        self.page.add_init_script(path=_LOOK)
        context, said = self.page.context, self.noise.append
        context.on("console", lambda message: said(f"console: {message.type}: {message.text}"))
        context.on("weberror", lambda error: said(f"error: {error.error}"))
        context.on("requestfailed", lambda request: said(f"failed: {request.url}"))
        context.on("request", self._requested)
        context.on("dialog", self._asked)

    def open(self, path: Path, *, linked: Path | None = None) -> None:
        """Open a page on a wide screen in daylight. `linked`: another one to which a link will be followed."""
        self._open = {one.as_uri() for one in (path, linked) if one is not None}
        self.noise.clear()
        self.page.emulate_media(media="screen", color_scheme="light")
        self.resize(WIDE)
        self.page.goto(path.as_uri())

    def resize(self, width: int, height: int = TALL) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def violations(self, **options: object) -> list[str]:
        """What axe-core finds: rule, element, and what is wrong with it. `options` are those of `axe.run`."""
        found = _AXE.run(self.page, options=_OPTIONS | options).response["violations"]
        return [
            f"{one['id']}: {node['html'][:120]}: {node['failureSummary']}" for one in found for node in one["nodes"]
        ]

    def unfold(self) -> None:
        """Open everything that can be opened."""
        self.page.evaluate("look.unfold()")

    def walk(self, *, back: bool = False) -> list[dict[str, Any]]:
        """Go through the page by Tab, or from its end by Shift+Tab; what has the focus at each step."""
        self.page.evaluate("(where) => look.stand(where)", "append" if back else "prepend")
        found: list[dict[str, Any]] = []
        while True:
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            focus = self.page.evaluate("look.focus()")
            if focus is None or any(focus["place"] == one["place"] for one in found):
                return found
            found.append(focus)

    def controls(self) -> list[int]:
        """The places of all controls that can be seen, as `walk` counts them."""
        return list(self.page.evaluate("look.controls()"))

    def tops(self) -> list[int]:
        """How many pixels below the page's upper end each control begins."""
        return list(self.page.evaluate("look.tops()"))

    def scroll_through(self) -> None:
        """Have every part of the page in view once, from its upper end to its lower."""
        self.page.evaluate("look.scrollThrough()")

    def overhang(self) -> int:
        """How many pixels the page could be scrolled sideways."""
        return int(self.page.evaluate("look.overhang()"))

    def cut(self) -> list[str]:
        """Elements whose content reaches beyond what is shown of it."""
        return list(self.page.evaluate("look.cut()"))

    def folded(self) -> list[str]:
        """What stands in the page and is not shown because it is folded."""
        return list(self.page.evaluate("look.folded()"))

    def injected(self) -> list[str]:
        """Elements that no page of ours has, or that have handlers or links that none of ours have."""
        return list(self.page.evaluate("look.injected()"))

    def _requested(self, request: Request) -> None:
        if request.url.partition("#")[0] not in self._open:
            self.noise.append(f"request: {request.url}")

    def _asked(self, dialog: Dialog) -> None:
        self.noise.append(f"dialog: {dialog.message}")
        dialog.dismiss()
