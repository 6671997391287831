"""A page opened in Chromium, and everything that it says, asks for and shows there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog

WIDE, PHONE, PAPER, TALL = 1280, 400, 718, 800  # pixels; A4 between its margins is 718 wide
_AXE = Axe()
_OPTIONS = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
_CONTROLS = "a[href], button, input, select, summary, textarea, [tabindex]:not([tabindex='-1'])"
_FOCUS = """(controls) => {
  const one = document.activeElement;
  if (!one.matches(controls)) return null;
  const style = getComputedStyle(one);
  const box = one.getClientRects()[0];
  const middle = (from, to, most) => (Math.max(from, 0) + Math.min(to, most)) / 2;
  const top = document.elementFromPoint(middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
  return {
    place: [...document.querySelectorAll(controls)].indexOf(one),
    what: one.outerHTML.slice(0, 120),
    kind: one.tagName.toLowerCase(),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    uncovered: one.contains(top),
  };
}"""
_STAND = """(where) => {
  const place = document.createElement("span");
  place.tabIndex = -1;
  document.body[where](place);
  place.focus();
}"""
_REACHABLE = """(controls) => [...document.querySelectorAll(controls)].map((one, place) => [one, place])
  .filter(([one]) => !one.disabled && one.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true}))
  .map(([one, place]) => place)"""
_CUT = """() => [...document.body.querySelectorAll("*")].filter((one) => {
  if (one.closest("svg, .hidden") || !one.checkVisibility({contentVisibilityAuto: true})) return false;
  const style = getComputedStyle(one);
  return (style.overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1)
    || (style.overflowY !== "visible" && one.scrollHeight > one.clientHeight + 1);
}).map((one) => one.outerHTML.slice(0, 120))"""
_FOLDED = """() => [...document.querySelectorAll("details > :not(summary)")]
  .filter((one) => !one.checkVisibility({contentVisibilityAuto: true})).map((one) => one.outerHTML.slice(0, 120))"""
_INJECTED = """() => [...document.querySelectorAll("*")].flatMap((one) => [
  ...(/^(img|iframe|object|embed|base|link|form|audio|video|marquee|math)$/i.test(one.tagName) ? [one.tagName] : []),
  ...one.getAttributeNames().filter((name) => name.startsWith("on") || /^(src|srcset|autofocus|action|style)$/.test(name)),
  ...(one.hasAttribute("href") && !/^(#[\\w-]*|\\.\\/students\\/[^/]+)$/.test(one.getAttribute("href")) ? [one.outerHTML] : []),
])"""


class Visit:
    """A tab of its own, and what the page that is open in it did that no page should."""

    def __init__(self, browser: Browser) -> None:
        self.noise: list[str] = []  # messages of the console, errors, requests, dialogs
        self.page = browser.new_page()
        context, said = self.page.context, self.noise.append
        context.on("console", lambda message: said(f"console: {message.type}: {message.text}"))
        context.on("weberror", lambda error: said(f"error: {error.error}"))
        context.on("requestfailed", lambda request: said(f"failed: {request.url}"))
        context.on("request", lambda request: said(f"request: {request.url}") if request.url not in self._open else None)
        context.on("dialog", self._dialog)
        self._open: set[str] = set()  # addresses that may be asked for

    def open(self, path: Path, *, linked: Path | None = None) -> None:
        """Open a page on a wide screen in daylight. `linked`: another one to which a link will be followed."""
        self._open = {one.as_uri() for one in (path, linked) if one is not None}
        self.noise.clear()
        self.page.emulate_media(media="screen", color_scheme="light")
        self.resize(WIDE)
        self.page.goto(path.as_uri())

    def _dialog(self, dialog: Dialog) -> None:
        self.noise.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def resize(self, width: int, height: int = TALL) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def unfold(self) -> None:
        """Open everything that can be opened."""
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    def violations(self, **options: object) -> list[str]:
        """What axe-core finds: rule, element, and what is wrong with it. `options` are those of `axe.run`."""
        found = _AXE.run(self.page, options=_OPTIONS | options).response["violations"]
        return [f"{one['id']}: {node['html'][:120]}: {node['failureSummary']}" for one in found for node in one["nodes"]]

    def overhang(self) -> int:
        """How many pixels the page could be scrolled sideways."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def walk(self, *, back: bool = False) -> list[dict[str, Any]]:
        """Go through the page by Tab, or from its end by Shift+Tab; what has the focus at each step."""
        self.page.evaluate(_STAND, "append" if back else "prepend")
        found: list[dict[str, Any]] = []
        while True:
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            focus = self.page.evaluate(_FOCUS, _CONTROLS)
            if focus is None or any(focus["place"] == one["place"] for one in found):
                return found
            found.append(focus)

    def reachable(self) -> list[int]:
        """The places of all controls that are to be seen, as `walk` counts them."""
        return list(self.page.evaluate(_REACHABLE, _CONTROLS))

    def cut(self) -> list[str]:
        """Elements whose content reaches beyond what is shown of it."""
        return list(self.page.evaluate(_CUT))

    def folded(self) -> list[str]:
        """What stands in the page and is not shown because it is folded."""
        return list(self.page.evaluate(_FOLDED))

    def injected(self) -> list[str]:
        """Elements, attributes and links that no page of ours has."""
        return list(self.page.evaluate(_INJECTED))
