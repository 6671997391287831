"use strict";
// What a person would see or miss in a page; `visit.py` has it in every page that it opens.
window.look = (() => {
  const CONTROLS = "a[href], button, input, select, summary, textarea, [tabindex]:not([tabindex='-1'])";
  const NEVER_OURS = "img, iframe, object, embed, base, link, form, audio, video, math, [autofocus], [src], [srcset]";
  const MOST_FRAMES = 120;
  const OUR_LINK = /^(#[\w-]*|\.\/students\/[^/]+)$/;

  const all = (selector) => [...document.querySelectorAll(selector)];
  const seen = (one) => one.checkVisibility({ visibilityProperty: true });
  const words = (one) => one.outerHTML.slice(0, 120);
  const middle = (from, to, most) => (Math.max(from, 0) + Math.min(to, most)) / 2;

  const frame = () => new Promise(requestAnimationFrame);

  function onTop(one) {
    const box = one.getClientRects()[0];
    const x = middle(box.left, box.right, innerWidth);
    const y = middle(box.top, box.bottom, innerHeight);
    return one.contains(document.elementFromPoint(x, y));
  }

  function scrolls(one) {
    const { overflowX, overflowY } = getComputedStyle(one);
    return (overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1)
      || (overflowY !== "visible" && one.scrollHeight > one.clientHeight + 1);
  }

  return {
    unfold() {
      all("details").forEach((one) => { one.open = true; });
    },
    // Stand before everything in the page ("prepend") or behind it ("append"), so that Tab leads in.
    stand(where) {
      const place = document.createElement("span");
      place.tabIndex = -1;
      document.body[where](place);
      place.focus();
    },
    // The control that has the focus, null if none has; `uncovered`: the middle of what is in view of it is on top.
    async focus() {
      const one = document.activeElement;
      if (!one.matches(CONTROLS)) {
        return null;
      }
      for (let waited = 0; !onTop(one) && waited < MOST_FRAMES; waited += 1) {
        await frame(); // it may still have to be scrolled into view, on a busy machine some frames later
      }
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      return {
        place: all(CONTROLS).indexOf(one),
        what: words(one),
        ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
        uncovered: onTop(one),
      };
    },
    // The places of all controls that can be seen and used, in the order of the page.
    controls() {
      return all(CONTROLS).flatMap((one, place) => (seen(one) && !one.disabled ? [place] : []));
    },
    tops() {
      return all(CONTROLS).filter(seen).map((one) => Math.round(one.getBoundingClientRect().top + scrollY));
    },
    async scrollThrough() {
      for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight / 2) {
        scrollTo(0, top);
        await frame();
        await frame(); // the second one begins when the first has been drawn
      }
    },
    overhang() {
      return document.documentElement.scrollWidth - document.documentElement.clientWidth;
    },
    folded() {
      return all("details > :not(summary)").filter((one) => !seen(one)).map(words);
    },
    cut() {
      return all("body *").filter((one) => !one.closest("svg, .hidden") && seen(one) && scrolls(one)).map(words);
    },
    // Elements, handlers and links that no page of ours has.
    injected() {
      const handles = (one) => one.getAttributeNames().some((name) => name.startsWith("on"));
      const leads = (one) => one.hasAttribute("href") && !OUR_LINK.test(one.getAttribute("href"));
      return all("*").filter((one) => one.matches(NEVER_OURS) || handles(one) || leads(one)).map(words);
    },
  };
})();
