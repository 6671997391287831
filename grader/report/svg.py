"""Make an SVG that Matplotlib wrote fit for a page. Runs in: the command line.

It gets small, takes the page's colours, and shares no name with another drawing on the page. What is left holds no
script, no style sheet and no address, and its texts are texts.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from xml.etree import ElementTree

_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_PRECISE = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_DROPPED = ("metadata", "style", "title", "desc")
_DROPPED_STYLES = ("font-family", "font-stretch", "font-variant", "-webkit", "stroke-linejoin", "stroke-linecap")
_DECIMALS = 1  # of a pixel


def tidied(raw: bytes, *, title: str, description: str, colours: Mapping[str, str]) -> str:
    """The drawing as an `<svg role="img">`, to be put into HTML.

    `colours`: what stands for a colour such as #010101.
    """
    root = ElementTree.fromstring(raw)  # noqa: S314 - from Matplotlib, in this process
    _drop(root)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        if (link := element.attrib.pop(_LINK, None)) is not None:
            element.set("href", link)
        for name, value in list(element.attrib.items()):
            if name != "href":
                element.set(name, _PRECISE.sub(_rounded, value))
        if "style" in element.attrib:
            element.set("style", _style(element.attrib["style"], colours))
        element.text = (element.text or "").strip("\n ") if element.tag != "text" else element.text
        element.tail = None
    _rename(root, sha256(raw + title.encode()).hexdigest()[:8])
    _unwrap(root)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    for place, (name, text) in enumerate((("title", title), ("desc", description))):
        if text:
            said = ElementTree.Element(name)
            said.text = text
            root.insert(place, said)
    return ElementTree.tostring(root, encoding="unicode")


def _drop(parent: ElementTree.Element) -> None:
    for child in list(parent):
        if str(child.tag).removeprefix(_SVG) in _DROPPED and len(child.attrib) < 2:  # noqa: PLR2004
            parent.remove(child)
        else:
            _drop(child)


def _rounded(found: re.Match[str]) -> str:
    text = f"{float(found[0]):.{_DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _style(text: str, colours: Mapping[str, str]) -> str:
    parts = (part.strip() for part in text.split(";"))
    kept = [part.replace(": ", ":") for part in parts if part and not part.startswith(_DROPPED_STYLES)]
    joined = ";".join(kept)
    for placeholder, colour in colours.items():
        joined = joined.replace(placeholder, colour)
    return joined


def _rename(root: ElementTree.Element, prefix: str) -> None:
    """Names that are used become short and this drawing's own; the others go."""
    used: dict[str, str] = {}
    for element in root.iter():
        for name in _named(element):
            used.setdefault(name, f"p{prefix}-{len(used)}")
    for element in root.iter():
        name = element.attrib.pop("id", "")
        if name in used:
            element.set("id", used[name])
        for key, value in list(element.attrib.items()):
            if key == "href" and value.startswith("#"):
                element.set(key, f"#{used[value[1:]]}")
            else:
                element.set(key, _REFERENCE.sub(lambda found: f"url(#{used[found[1]]})", value))


def _named(element: ElementTree.Element) -> Iterator[str]:
    for key, value in element.attrib.items():
        if key == "href" and value.startswith("#"):
            yield value[1:]
        yield from _REFERENCE.findall(value)


def _unwrap(parent: ElementTree.Element) -> None:
    """A group that says nothing gives way to what is in it."""
    children: list[ElementTree.Element] = []
    for child in parent:
        _unwrap(child)
        empty = child.tag in ("g", "defs") and not child.attrib
        children += list(child) if empty and child.tag == "g" else [] if empty and not len(child) else [child]
    parent[:] = children
