"""What the author of a picture calls to draw: panels and figures from arrays. Runs in: checks.

`exercises/<chapter>/<name>/picture.py` has one function `picture() -> Figure`. It asks the learner's functions by
`grader.asking`, and the right ones by `grader.checks.reference`. Whatever numbers it gets, what these functions make
is bounded: long series and large grids are thinned, and what is not finite becomes a gap.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from grader.explain import clip
from grader.figures import (
    LARGEST,
    LONGEST_TEXT,
    MOST_CELLS,
    MOST_GRIDS,
    MOST_POINTS,
    Figure,
    Grid,
    Kind,
    Mark,
    Panel,
    Role,
    Series,
)

YOURS, RIGHT, ERROR, OTHER = Role.YOURS, Role.RIGHT, Role.ERROR, Role.OTHER
DIGITS = 6  # significant ones that are kept: more can't be seen
CLASSES = 6  # that regions can tell apart


def line(label: str, x: ArrayLike, y: ArrayLike, role: Role = YOURS) -> Series:
    """A line in a plane through (x, y), both of shape (N,); NaN is a gap. Of more than 200 points every so many."""
    return _series(label, x, y, role, Mark.LINE)


def points(label: str, x: ArrayLike, y: ArrayLike, role: Role = OTHER) -> Series:
    """Points in a plane."""
    return _series(label, x, y, role, Mark.POINTS)


def path(label: str, x: ArrayLike, y: ArrayLike, role: Role = YOURS) -> Series:
    """A line in a plane with a point at every place: steps that follow each other."""
    return _series(label, x, y, role, Mark.PATH)


def level(label: str, y: ArrayLike, role: Role = YOURS) -> Series:
    """The heights of bars, (N,), one for each name of the panel; NaN is shown as a bar that is not there."""
    return Series(_label(label), _kept(np.asarray(y, dtype=np.float64).ravel()), role=role)


def counts(label: str, values: ArrayLike, edges: ArrayLike, role: Role = YOURS) -> Series:
    """How many of the values lie between the edges (M + 1,), for a histogram. NaN and what lies outside don't count."""
    found = np.asarray(values, dtype=np.float64).ravel()
    borders = np.asarray(edges, dtype=np.float64)
    inside = found[np.isfinite(found) & (found >= borders[0]) & (found <= borders[-1])]
    return Series(_label(label), _kept(np.histogram(inside, borders)[0]), _kept(borders), role)


def plane(
    title: str,
    *series: Series,
    x_label: str = "",
    y_label: str = "",
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
    logarithmic: bool = False,
) -> Panel:
    """Lines and points. Give `y_range` where a wild number of the learner's would flatten all others."""
    return Panel(Kind.PLANE, title, x_label, y_label, series, x_range=x_range, y_range=y_range, logarithmic=logarithmic)


def bars(
    title: str,
    names: Sequence[str],
    *series: Series,
    x_label: str = "",
    y_label: str = "",
    y_range: tuple[float, float] | None = None,
) -> Panel:
    """A group of bars for each name, in it a bar for each series made by `level`."""
    return Panel(Kind.BARS, title, x_label, y_label, series, x_names=tuple(names), y_range=y_range)


def histogram(title: str, *series: Series, x_label: str = "", y_label: str = "how many") -> Panel:
    """Series made by `counts`."""
    return Panel(Kind.HISTOGRAM, title, x_label, y_label, series)


def matrix(
    title: str,
    values: ArrayLike,
    *,
    x_label: str = "",
    y_label: str = "",
    x_names: Sequence[str] = (),
    names: Sequence[str] = (),
) -> Panel:
    """Numbers (R, C) as tints, and up to 10 by 10 as digits too. Of more than 64 by 64 every so many are shown."""
    grid = _grid(np.asarray(values, dtype=np.float64))
    return Panel(Kind.MATRIX, title, x_label, y_label, grids=(grid,), x_names=tuple(x_names), names=tuple(names))


def images(title: str, pictures: Sequence[ArrayLike], labels: Sequence[str] = ()) -> Panel:
    """Grey images (R, C), at most 40, each with its own label; black is each one's least number, white its greatest.

    Together they have 4,096 pixels: where they are larger, every second or third row and column is shown.
    """
    if len(pictures) > MOST_GRIDS:
        raise ValueError(f"{title!r}: {len(pictures)} images; give at most {MOST_GRIDS}")
    room = MOST_CELLS // max(len(pictures), 1)
    shown = [_grid(np.asarray(one, dtype=np.float64), room) for one in pictures]
    texts = [*labels, *[""] * (len(shown) - len(labels))]
    grids = tuple(Grid(g.rows, g.columns, g.values, _label(t)) for g, t in zip(shown, texts, strict=True))
    return Panel(Kind.IMAGES, title, grids=grids)


def regions(
    title: str,
    classes: ArrayLike,
    *series: Series,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    x_label: str = "",
    y_label: str = "",
    names: Sequence[str] = (),
) -> Panel:
    """A class 0, 1, … 5 for each cell (R, C) of the plane, the first row at the bottom; NaN is a cell without one.

    What is no such class is a cell without one, too. Series are drawn on top.
    """
    found = np.asarray(classes, dtype=np.float64)
    found = np.where(np.isin(found, np.arange(CLASSES)), found, np.nan)
    return Panel(Kind.REGIONS, title, x_label, y_label, series, (_grid(found),), (), tuple(names), x_range, y_range)


def cells(x_range: tuple[float, float], y_range: tuple[float, float], side: int = 48) -> NDArray[np.float64]:
    """The middles of side by side cells of a plane as points (side², 2), in the order that `regions` wants."""
    steps = (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(x_range[0] + steps * np.ptp(x_range), y_range[0] + steps * np.ptp(y_range))
    return np.column_stack([x.ravel(), y.ravel()])


def figure(title: str, *panels: Panel, alt: str, caption: str) -> Figure:
    """The picture: at most four panels. `alt` says what there is to see, `caption` in one sentence what it means."""
    return Figure(title, panels, alt, caption)


def _series(label: str, x: ArrayLike, y: ArrayLike, role: Role, mark: Mark) -> Series:
    places, heights = (np.asarray(values, dtype=np.float64).ravel() for values in (x, y))
    if len(places) != len(heights):
        raise ValueError(f"{label}: {len(places)} places in x, {len(heights)} in y; give as many")
    kept = _thinned(len(places))
    return Series(_label(label), _kept(heights[kept]), _kept(places[kept]), role, mark)


def _thinned(length: int, most: int = MOST_POINTS) -> slice:
    """Every so many of the points, so that at most `most` are left, the first one among them."""
    return slice(None, None, -(-length // most) or 1)


def _grid(values: NDArray[np.float64], room: int = MOST_CELLS) -> Grid:
    if values.ndim != 2 or not values.size:  # noqa: PLR2004 - rows and columns
        raise ValueError(f"an array of shape {values.shape}; give rows and columns")
    step = 1
    while -(-values.shape[0] // step) * -(-values.shape[1] // step) > room:
        step += 1
    thinned = values[::step, ::step]
    rows, columns = thinned.shape
    return Grid(rows, columns, _kept(thinned.ravel()))


def _kept(values: NDArray[Any]) -> tuple[float | None, ...]:
    """The numbers with as many digits as can be seen; None where there is none that has a place on paper."""
    return tuple(
        float(f"{number:.{DIGITS}g}") if np.isfinite(number) and abs(number) <= LARGEST else None
        for number in values.tolist()
    )


def _label(text: str) -> str:
    return clip(text, LONGEST_TEXT)
