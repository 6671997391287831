"""Figures as SVG: every kind is drawn, small, in the page's colours, the same each time, and says what it is."""

import base64
import io
import os
import re
import struct
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings

from grader.figures import Figure, Panel
from grader.pictures import (
    OTHER,
    RIGHT,
    bars,
    counts,
    figure,
    histogram,
    images,
    level,
    line,
    matrix,
    path,
    plane,
    points,
    regions,
)
from grader.report.drawing import HEIGHT, WIDTH, drawn
from grader.report.page import style

from .arbitrary import texts

NAN = float("nan")
RANDOM = np.random.default_rng(7)
PANELS = {
    "plane": plane("P", line("a", [0, 1, 2], [1, NAN, 3]), path("b", [0, 1], [2, 3], RIGHT), x_label="x", y_label="y"),
    "empty": plane("P", line("a", [], [])),
    "gaps": plane("P", line("a", [0, 1], [NAN, NAN]), logarithmic=True),
    "negative": plane("P", line("a", [0, 1, 2], [-1, 0, 5]), logarithmic=True),
    "far": plane("P", line("a", [0, 1], [-1e99, 1e99])),
    "one": plane("P", points("a", [3], [3])),
    "bars": bars("B", ["one", "two"], level("a", [1, NAN]), level("b", [-1, 2], RIGHT), level("c", [0, 0], OTHER)),
    "histogram": histogram("H", counts("a", [1, 2, NAN], [0, 1, 2]), counts("b", [], [0, 1], RIGHT)),
    "matrix": matrix("M", [[1, -2], [NAN, 0]], x_names=["a", "b"], names=["c", "d"]),
    "large matrix": matrix("M", RANDOM.normal(size=(70, 90))),
    "images": images("I", list(RANDOM.random((20, 28, 28))), ["label"] * 20),
    "flat images": images("I", [np.zeros((8, 8)), np.full((4, 4), NAN)]),
    "regions": regions(
        "R", [[0, 1], [NAN, 9]], points("a", [0], [0]), x_range=(0, 1), y_range=(0, 1), names=("no", "yes")
    ),
}
MOST_BYTES = 25_000  # of one panel; four of the largest for each of 36 exercises would be too many, and nobody has them


def one(panel: Panel, *, alt: str = "What there is.") -> str:
    """The drawing of a figure of one panel."""
    (svg,) = drawn(figure("Title", panel, alt=alt, caption="Meaning."))
    return svg


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_every_kind_is_drawn(panel: Panel) -> None:
    """As an image with title and description, small, without script, style sheet, address or colour of its own."""
    svg = one(panel)
    root = ElementTree.fromstring(svg)
    assert (root.tag, root.get("role")) == ("svg", "img")
    assert root.find("title") is not None
    assert root.findtext("title") == f"Title: {panel.title}"
    assert root.findtext("desc") == "What there is."
    assert len(svg) < MOST_BYTES
    assert not re.search(r"<script|<style|http|font-family|#01010|<metadata", svg)
    assert "nan" not in svg.casefold().replace("title", "")


def test_the_style_sheet_knows_the_size() -> None:
    """A drawing has its place before it is drawn, when only the style sheet is at hand."""
    root = ElementTree.fromstring(one(next(iter(PANELS.values()))))
    assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    assert f".panels svg {{ display: block; width: 100%; aspect-ratio: {WIDTH} / {HEIGHT};" in style()


def test_equal_figures_are_equal_bytes_in_every_process() -> None:
    """However this one's sets are ordered, and whatever was drawn before."""
    script = (
        "from grader.pictures import *; from grader.report.drawing import drawn\n"
        "f = figure('T', plane('P', line('a', [0, 1], [0, 1]), points('b', [0], [0]), y_range=(0, 1)), alt='a',"
        " caption='c')\nprint(drawn(f)[0])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", script],
            check=True,
            capture_output=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert one(PANELS["plane"]) == one(PANELS["plane"])


def test_drawings_on_one_page_share_no_name() -> None:
    """What one cuts out must not be what another one defines."""
    svgs = drawn(Figure("T", tuple(PANELS.values())[:4], "a", "c"))
    names = [name for svg in svgs for name in re.findall(r' id="([^"]+)"', svg)]
    assert names
    assert len(names) == len(set(names))
    for svg in svgs:
        assert set(re.findall(r"#(p[0-9a-f]{8}-\d+)", svg)) == set(re.findall(r' id="([^"]+)"', svg))


@settings(max_examples=15)
@given(texts, texts)
def test_texts_are_texts(label: str, alt: str) -> None:
    """Neither markup nor formulas, whoever wrote them."""
    harm = f"$x^2$<b>{label}"
    panel = bars(harm, [harm], level(harm, [1]), level("other", [1]), x_label=harm, y_label=harm)
    root = ElementTree.fromstring(one(panel, alt=f"a{alt}"))
    assert {element.tag for element in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "g",
        "path",
        "text",
        "use",
        "defs",
        "clipPath",
        "rect",
    }
    assert any("$x^2$<b>" in (element.text or "") for element in root.iter("text"))


def test_images_are_small_and_have_the_pixels_that_were_given() -> None:
    """One PNG for all of a panel."""
    svg = one(images("I", [np.arange(64).reshape(8, 8)] * 3))
    (data,) = re.findall(r"data:image/png;base64,([A-Za-z0-9+/= \n]+)", svg)
    png = io.BytesIO(base64.b64decode(data))
    png.seek(16)
    assert struct.unpack(">II", png.read(8)) == (27, 9)  # three images of 8 by 8, a pixel between them
    assert "pixelated" in svg


def test_a_users_own_settings_change_nothing() -> None:
    """A drawing is the same whatever stands in somebody's matplotlibrc."""
    import matplotlib

    before = one(PANELS["plane"])
    with matplotlib.rc_context({"axes.grid": True, "lines.linewidth": 9, "font.size": 30, "text.usetex": False}):
        assert one(PANELS["plane"]) == before


def test_nothing_loads_matplotlib_but_drawing() -> None:
    """Neither the command line, nor grading, nor a page without pictures."""
    modules = "grader.cli.grading, grader.runner, grader.illustration, grader.report.html, grader.report.drawing"
    script = f"import sys, {modules}; print('matplotlib' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, encoding="utf-8")
    assert ran.stdout == "False\n"


def test_an_image_that_never_came_is_marked() -> None:
    """As a bar is: an empty place alone might be a white image."""
    assert "✗" in one(images("I", [np.full((4, 4), NAN), np.eye(4)], ["yours", "right"]))
    assert "✗" not in one(images("I", [np.eye(4), np.eye(4)], ["yours", "right"]))
