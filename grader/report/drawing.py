"""Draw a figure's panels as SVG that goes into a page. Runs in: the command line.

Matplotlib draws, and takes half a second to load, so that only pages with pictures load it. `grader.report.svg` makes
what it writes fit for a page. Equal panels give equal bytes.
"""

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from grader.figures import Figure, Kind, Panel
from grader.report.panels import COLOURS, INK, LINE, QUIET, TEXT, TICKS, TITLE, draw, shown
from grader.report.plain import printable
from grader.report.svg import tidied

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes

_LETTER = 0.52  # of the width of an m, at most on average
WIDTH, HEIGHT = 360, 244  # of a panel, in pixels where it is shown in full
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 8, 26, 34
_LEGEND = 18  # height of its row
_STEPS = (1, 2, 5, 10)
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

_SETTINGS: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "neurograde",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",  # comes with Matplotlib: what is measured is the same everywhere
    "font.size": TEXT,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": QUIET,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "text.color": INK,
    "path.simplify": True,
    "image.composite_image": False,
}


def drawn(figure: Figure) -> "list[Markup]":
    """An `<svg>` for each panel: an image with the panel's title; the first one tells what the figure's `alt` says.

    Its colours are the page's variables `--ink`, `--quiet`, `--line`, `--bad`, `--yours`, `--right`, `--other-1` to -4.
    """
    from markupsafe import Markup

    made = []
    with _own_settings():
        for number, panel in enumerate(figure.panels):
            title = f"{figure.title}: {panel.title}" if panel.title else figure.title
            description = printable(figure.alt) if number == 0 else ""
            text = tidied(_raw(panel), title=printable(title), description=description, colours=COLOURS)
            made.append(Markup(text))  # noqa: S704 - made here; its texts are escaped by ElementTree
    return made


@contextmanager
def _own_settings() -> Iterator[None]:
    """Whatever the user's own settings of Matplotlib are, a drawing is the same."""
    import logging

    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it builds a cache of fonts, and says so
    import matplotlib

    with warnings.catch_warnings(), matplotlib.rc_context():
        warnings.simplefilter("ignore")  # of a sign that its font lacks: a browser has others
        matplotlib.rcParams.update({k: v for k, v in matplotlib.rcParamsDefault.items() if k != "backend"})
        matplotlib.rcParams.update(_SETTINGS)
        yield


def _raw(panel: Panel) -> bytes:
    """The panel as Matplotlib writes it."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Sheet

    sheet = Sheet(figsize=(WIDTH / 72, HEIGHT / 72), dpi=72)
    FigureCanvasSVG(sheet)
    sheet.patch.set_visible(False)
    legend = _LEGEND if _has_legend(panel) else 0
    bottom = _BOTTOM if panel.x_label else _BOTTOM - 14
    left = _LEFT if panel.y_label else _LEFT - 10
    if panel.kind is Kind.IMAGES:
        bottom, left = 4, 4
    axes = sheet.add_axes(
        (
            left / WIDTH,
            bottom / HEIGHT,
            (WIDTH - left - _RIGHT) / WIDTH,
            (HEIGHT - bottom - _TOP - legend) / HEIGHT,
        )
    )
    axes.patch.set_visible(False)
    draw(axes, panel)
    _dress(axes, panel)
    sheet.text(4 / WIDTH, 1 - 4 / HEIGHT, printable(panel.title), fontsize=TITLE, va="top")
    if legend:
        handles, labels = axes.get_legend_handles_labels()
        unique = dict(zip(labels, handles, strict=True))
        sheet.legend(
            unique.values(),
            unique.keys(),
            loc="upper left",
            bbox_to_anchor=(0, 1 - (_TOP - 5) / HEIGHT),
            ncols=len(unique),
            frameon=False,
            borderpad=0.1,
            borderaxespad=0.2,
            handlelength=_handle_length(list(unique)),
            handletextpad=0.4,
            columnspacing=0.8,
            fontsize=TEXT - 1,
        )
    file = io.BytesIO()
    sheet.savefig(file, format="svg", metadata={"Date": None}, transparent=True)
    return file.getvalue()


def _handle_length(labels: list[str]) -> float:
    """How long the lines of a legend are, in widths of a letter m: long enough for dashes, if all fits into one row."""
    room = WIDTH / (TEXT - 1) - sum(map(len, labels)) * _LETTER
    return min(max(room / len(labels) - 1.4, 1.0), 2.4)


def _has_legend(panel: Panel) -> bool:
    if panel.kind is Kind.REGIONS:
        return bool(panel.names or panel.series)
    return len(panel.series) > 1


def _dress(axes: "Axes", panel: Panel) -> None:
    """Labels, ranges and ticks."""
    from matplotlib.ticker import LogLocator, MaxNLocator

    axes.set_xlabel(printable(panel.x_label), labelpad=2)
    axes.set_ylabel(printable(panel.y_label), labelpad=2)
    axes.tick_params(length=3, pad=2, labelsize=TEXT - 1)
    if panel.kind in (Kind.MATRIX, Kind.IMAGES):
        return
    if panel.logarithmic:
        axes.set_yscale("log", nonpositive="mask")
        axes.yaxis.set_major_locator(LogLocator(numticks=TICKS + 1))
        axes.yaxis.set_major_formatter(lambda value, _: _power(value))
        axes.yaxis.minorticks_off()
    else:
        axes.yaxis.set_major_locator(MaxNLocator(TICKS, steps=_STEPS))
        axes.yaxis.set_major_formatter(lambda value, _: shown(value))
    if panel.kind is not Kind.BARS:
        axes.xaxis.set_major_locator(MaxNLocator(TICKS + 1, steps=_STEPS))
        axes.xaxis.set_major_formatter(lambda value, _: shown(value))
    if panel.x_range is not None:
        axes.set_xlim(*panel.x_range)
    if panel.y_range is not None:
        axes.set_ylim(*panel.y_range)
    if panel.kind is not Kind.REGIONS:
        axes.grid(axis="y", color=LINE, linewidth=0.8)
        axes.set_axisbelow(True)


def _power(value: float) -> str:
    """A power of ten, which are the ticks of a logarithmic axis, with its exponent raised; 0.1 to 100 as they are."""
    exponent = round(math.log10(value)) if value > 0 else 0
    return shown(value) if -1 <= exponent <= 2 else "10" + f"{exponent}".translate(_RAISED)  # noqa: PLR2004
