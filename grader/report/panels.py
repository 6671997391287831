"""What each kind of panel puts between its axes, by Matplotlib. Runs in: the command line.

Whose numbers they are is told by colour, and by line, marker or filling too.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from grader.figures import Grid, Kind, Mark, Panel, Role, Series
from grader.report.plain import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TEXT, TITLE = 11, 12.5  # sizes in pixels
TICKS = 5
_MOST_DIGITS_SHOWN = 10  # rows and columns of a matrix up to which its numbers are written

# Colours that stand for the page's own until the drawing is finished.
INK, QUIET, LINE = "#010101", "#010102", "#010103"
_YOURS, _RIGHT_ONE, _ERROR = "#010104", "#010105", "#010106"
_OTHERS = ("#010107", "#010108", "#010109", "#01010a")
COLOURS: Final[Mapping[str, str]] = MappingProxyType(
    {
        INK: "var(--ink)",
        QUIET: "var(--quiet)",
        LINE: "var(--line)",
        _YOURS: "var(--yours)",
        _RIGHT_ONE: "var(--right)",
        _ERROR: "var(--bad)",
        **{colour: f"var(--other-{number})" for number, colour in enumerate(_OTHERS, 1)},
    }
)
_TINTS = ((31, 111, 178), (224, 130, 40), (60, 150, 90), (150, 90, 170), (180, 60, 60), (120, 120, 120))
_MARKERS = "osD^"


def shown(value: float, digits: int = 6) -> str:
    """A number as people write it."""
    return f"{value:.{digits}g}".replace("-", "−")


def _coloured(series: tuple[Series, ...]) -> Iterator[tuple[Series, str, int]]:
    """Each series with its colour, and its number among those of its role."""
    seen: dict[Role, int] = {}
    for one in series:
        number = seen.setdefault(one.role, 0)
        seen[one.role] += 1
        yield one, _colour(one.role, number), number


def _colour(role: Role, number: int) -> str:
    named = {Role.YOURS: _YOURS, Role.RIGHT: _RIGHT_ONE, Role.ERROR: _ERROR}
    return named.get(role) or _OTHERS[number % len(_OTHERS)]


def _gaps(values: tuple[float | None, ...]) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def _alone(series: Series) -> tuple[list[float], list[float]]:
    """(x, y) of points between two gaps, which no line shows."""
    around = (None, *series.y, None)
    at = [i for i, y in enumerate(series.y) if y is not None and around[i] is None and around[i + 2] is None]
    x, y = _gaps(series.x), _gaps(series.y)
    return [x[i] for i in at], [y[i] for i in at]


def _plane(axes: "Axes", panel: Panel) -> None:
    on_tints = panel.kind is Kind.REGIONS
    for one, colour, number in _coloured(panel.series):
        marker = "" if one.mark is Mark.LINE else "x" if one.role is Role.RIGHT else _MARKERS[number % len(_MARKERS)]
        dashes = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 2, 1, 2)))[number % 4]
        axes.plot(
            _gaps(one.x),
            _gaps(one.y),
            color=_solid(number) if on_tints and one.role is Role.OTHER else colour,
            marker=marker,
            markersize=8 if on_tints else 5,
            markeredgecolor=INK if on_tints else None,
            linestyle="" if one.mark is Mark.POINTS else (0, (3, 3)) if one.role is Role.RIGHT else dashes,
            linewidth=1.4 if one.role is Role.RIGHT else 2.2,
            zorder=4 if one.role is Role.RIGHT else 3,
            label=printable(one.label),
        )
        if one.mark is Mark.LINE:
            x, y = _alone(one)
            axes.plot(x, y, color=colour, marker="o", markersize=3, linestyle="")


def _bars(axes: "Axes", panel: Panel) -> None:
    wide = 0.8 / max(len(panel.series), 1)
    for place, (one, colour, _) in enumerate(_coloured(panel.series)):
        places = [group - 0.4 + wide * (place + 0.5) for group in range(len(one.y))]
        axes.bar(places, _gaps(one.y), wide * 0.9, label=printable(one.label), **_filling(one, colour))
        for x, height in zip(places, one.y, strict=True):
            if height is None:
                axes.annotate("✗", (x, 0), color=_ERROR, ha="center", va="bottom", fontsize=TITLE)
    axes.set_xticks(range(len(panel.x_names)), [printable(name) for name in panel.x_names])
    axes.set_xlim(-0.6, len(panel.x_names) - 0.4)
    axes.axhline(0, color=QUIET, linewidth=0.8)


def _histogram(axes: "Axes", panel: Panel) -> None:
    for one, colour, _ in _coloured(panel.series):
        filled = one.role is not Role.RIGHT
        look: dict[str, Any] = {"fill": True, "alpha": 0.6, "color": colour} if filled else {"color": colour}
        axes.stairs(_gaps(one.y), _gaps(one.x), linewidth=1.5, label=printable(one.label), **look)


def _filling(series: Series, colour: str) -> dict[str, Any]:
    """What is right is outlined, everything else filled."""
    if series.role is Role.RIGHT:
        return {"facecolor": "none", "edgecolor": colour, "linewidth": 1.5}
    return {"color": colour}


def _matrix(axes: "Axes", panel: Panel) -> None:
    """Blue above zero and orange below, the stronger the farther: on light paper and on dark."""
    import numpy as np

    grid = panel.grids[0]
    values = np.array(_gaps(grid.values)).reshape(grid.rows, grid.columns)
    size = np.nanmax(np.abs(values), initial=0.0, where=np.isfinite(values)) or 1.0
    tints = np.zeros((grid.rows, grid.columns, 4))
    tints[..., :3] = np.where(values[..., None] < 0, _TINTS[1], _TINTS[0])
    tints[..., 3] = 255 * 0.85 * np.nan_to_num(np.abs(values) / size)
    axes.imshow(tints.round().astype(np.uint8), interpolation="none", aspect="auto")
    if max(grid.rows, grid.columns) <= _MOST_DIGITS_SHOWN:
        for (row, column), value in np.ndenumerate(values):
            text = "✗" if np.isnan(value) else shown(value, 3)
            axes.text(column, row, text, ha="center", va="center", fontsize=TEXT - 1)
    _name_ticks(axes, panel, grid)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _name_ticks(axes: "Axes", panel: Panel, grid: Grid) -> None:
    from matplotlib.ticker import MaxNLocator

    for axis, names, length in ((axes.xaxis, panel.x_names, grid.columns), (axes.yaxis, panel.names, grid.rows)):
        if len(names) == length:
            axis.set_ticks(range(length), [printable(name) for name in names])
        else:
            axis.set_major_locator(MaxNLocator(TICKS, integer=True))


def _images(axes: "Axes", panel: Panel) -> None:
    """All images side by side in one, with room below each for its label."""
    import numpy as np

    axes.set_axis_off()
    if not panel.grids:
        return
    high, wide = max(g.rows for g in panel.grids), max(g.columns for g in panel.grids)
    gap = max(wide // 8, 1)
    label = max(round(high * 0.45), 2) if any(g.label for g in panel.grids) else gap
    columns = _columns(len(panel.grids), (high + label) / (wide + gap), axes.bbox.height / axes.bbox.width)
    rows = -(-len(panel.grids) // columns)
    sheet = np.zeros((rows * (high + label), columns * (wide + gap), 4), dtype=np.uint8)
    for number, grid in enumerate(panel.grids):
        top, left = number // columns * (high + label), number % columns * (wide + gap)
        sheet[top : top + grid.rows, left : left + grid.columns] = _grey(grid)
        if all(value is None for value in grid.values):
            axes.text(left + wide / 2, top + high / 2, "✗", color=_ERROR, ha="center", va="center", fontsize=TITLE)
        axes.text(left + wide / 2, top + high + label * 0.1, printable(grid.label), ha="center", va="top")
    axes.imshow(sheet, interpolation="none", aspect="equal")


def _columns(images: int, shape: float, room: float) -> int:
    """Into how many columns images go to fill a panel. `shape`, `room`: height by width of one, and of all."""
    return min(range(1, images + 1), key=lambda c: max(-(-images // c) * shape / room, float(c)))


def _grey(grid: Grid) -> Any:
    """RGBA bytes: the least number black, the greatest white, none at all clear."""
    import numpy as np

    values = np.array(_gaps(grid.values)).reshape(grid.rows, grid.columns)
    there = np.isfinite(values)
    low = np.min(values, initial=np.inf, where=there)
    span = np.max(values, initial=-np.inf, where=there) - low
    shade = np.where(there & (span > 0), (values - low) / (span if span > 0 else 1), 0.0)
    grey = np.repeat((255 * np.nan_to_num(shade)).round()[..., None], 4, axis=-1)
    grey[..., 3] = np.where(there, 255, 0)
    return grey.astype(np.uint8)


def _regions(axes: "Axes", panel: Panel) -> None:
    import numpy as np
    from matplotlib.patches import Rectangle

    assert panel.x_range is not None
    assert panel.y_range is not None
    grid = panel.grids[0]
    tints = np.zeros((grid.rows * grid.columns, 4), dtype=np.uint8)
    for place, value in enumerate(grid.values):
        if value is not None:
            tints[place] = (*_TINTS[int(value) % len(_TINTS)], 90)
    axes.imshow(
        tints.reshape(grid.rows, grid.columns, 4),
        interpolation="none",
        aspect="auto",
        origin="lower",
        extent=(*panel.x_range, *panel.y_range),
    )
    for number, name in enumerate(panel.names):
        axes.add_patch(Rectangle((0, 0), 0, 0, color=_solid(number), alpha=0.35, label=printable(name)))
    _plane(axes, panel)


def _solid(number: int) -> str:
    """The full colour of a class, whose regions have its tint."""
    red, green, blue = _TINTS[number % len(_TINTS)]
    return f"#{red:02x}{green:02x}{blue:02x}"


_DRAW: Final[Mapping[Kind, Callable[["Axes", Panel], None]]] = MappingProxyType(
    {
        Kind.PLANE: _plane,
        Kind.BARS: _bars,
        Kind.HISTOGRAM: _histogram,
        Kind.MATRIX: _matrix,
        Kind.IMAGES: _images,
        Kind.REGIONS: _regions,
    }
)


def draw(axes: "Axes", panel: Panel) -> None:
    """Put a panel's numbers on empty axes, each series with a label for a legend."""
    _DRAW[panel.kind](axes, panel)
