"""A picture as plain data: what a page draws, and what JSON carries. Runs in: every trusted process.

All of it is bounded by construction: what is too large, or not finite, raises ValueError here and is never drawn. A
place where there is no number holds None, which is null in JSON. `grader.pictures` brings results into this form.
"""

import math
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

MOST_PANELS = 4  # of a figure
MOST_SERIES = 8  # of a panel
MOST_POINTS = 200  # of a series
MOST_GRIDS = 40  # of a panel
MOST_CELLS = 4096  # of a panel's grids together
MOST_NOTES = 3
LONGEST_TEXT = 400  # characters
LARGEST = 1e100  # a number beyond has no place on paper


class Kind(StrEnum):
    """What a panel is."""

    PLANE = "plane"  # lines and points over two axes
    BARS = "bars"  # groups of bars: one group for each of `x_names`, in it one bar for each series
    HISTOGRAM = "histogram"  # series with x: the edges of the bins, one more than the counts in y
    MATRIX = "matrix"  # one grid: numbers as tints
    IMAGES = "images"  # grids: small grey images, each with its label
    REGIONS = "regions"  # one grid: a class (0, 1, …) in each cell


class Role(StrEnum):
    """Whose numbers these are. A page draws each role in the same way everywhere."""

    YOURS = "yours"  # what the learner's function gave
    RIGHT = "right"  # what the reference gives
    ERROR = "error"  # the difference
    OTHER = "other"  # data, other things


class Mark(StrEnum):
    """How a series is drawn in a plane."""

    LINE = "line"
    POINTS = "points"
    PATH = "path"  # a line with a point at every place


class Series(Struct, frozen=True):
    """Numbers in a row. `x` is empty for bars, and holds a place for each number of `y` elsewhere."""

    label: str
    y: tuple[float | None, ...]
    x: tuple[float | None, ...] = ()
    role: Role = Role.YOURS
    mark: Mark = Mark.LINE

    def __post_init__(self) -> None:
        _text(self.label)
        _numbers(self.y, MOST_POINTS, f"series {self.label!r}: y")
        _numbers(self.x, MOST_POINTS + 1, f"series {self.label!r}: x")


class Grid(Struct, frozen=True):
    """Numbers in rows and columns, row by row; the first row is at the top, but for regions at the bottom."""

    rows: int
    columns: int
    values: tuple[float | None, ...]
    label: str = ""

    def __post_init__(self) -> None:
        _text(self.label)
        _numbers(self.values, MOST_CELLS, f"grid {self.label!r}")
        if min(self.rows, self.columns) < 1 or len(self.values) != self.rows * self.columns:
            raise ValueError(f"grid {self.label!r}: {len(self.values)} values are not {self.rows} × {self.columns}")


class Panel(Struct, frozen=True):
    """One drawing over one pair of axes. Ranges are (from, to); None leaves them to the numbers.

    `names` are those of a matrix's rows or of the classes of regions; `x_names` those of groups of bars or columns.
    """

    kind: Kind
    title: str = ""
    x_label: str = ""
    y_label: str = ""
    series: tuple[Series, ...] = ()
    grids: tuple[Grid, ...] = ()
    x_names: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    logarithmic: bool = False  # the y axis

    def __post_init__(self) -> None:
        where = f"panel {self.title!r}"
        _text(self.title, self.x_label, self.y_label, *self.x_names, *self.names)
        _most(self.series, MOST_SERIES, f"{where}: series")
        _most(self.grids, MOST_GRIDS, f"{where}: grids")
        cells = sum(len(grid.values) for grid in self.grids)
        if cells > MOST_CELLS:
            raise ValueError(f"{where}: {cells} cells; give at most {MOST_CELLS}")
        for name, limits in (("x_range", self.x_range), ("y_range", self.y_range)):
            if limits is not None and not (all(map(_is_finite, limits)) and limits[0] < limits[1]):
                raise ValueError(f"{where}: {name} = {limits}; give two numbers, the smaller one first")
        for series in self.series:
            _fitting(self, series, where)
        if self.kind in (Kind.MATRIX, Kind.REGIONS) and len(self.grids) != 1:
            raise ValueError(f"{where}: {len(self.grids)} grids; a panel of kind {self.kind} has one")
        if self.kind is Kind.REGIONS and (self.x_range is None or self.y_range is None):
            raise ValueError(f"{where}: regions need x_range and y_range")


def _fitting(panel: Panel, series: Series, where: str) -> None:
    wanted = {Kind.BARS: 0, Kind.HISTOGRAM: len(series.y) + 1}.get(panel.kind, len(series.y))
    if len(series.x) != wanted:
        raise ValueError(f"{where}: series {series.label!r} has {len(series.x)} places in x; {wanted} are needed")
    if panel.kind is Kind.BARS and len(series.y) != len(panel.x_names):
        raise ValueError(f"{where}: {len(series.y)} bars for {len(panel.x_names)} names in {series.label!r}")


class Figure(Struct, frozen=True):
    """What an exercise's functions do, as a picture; or, without panels, in a sentence why there is none."""

    title: str
    panels: tuple[Panel, ...] = ()
    alt: str = ""  # what there is to see, for one who can't see it
    caption: str = ""  # one sentence
    notes: tuple[str, ...] = ()  # what went wrong in calls of the learner's functions, a sentence each
    missing: str = ""  # why there is no picture
    fault: bool = False  # whether that is a fault of the grader's own

    def __post_init__(self) -> None:
        _text(self.title, self.alt, self.caption, self.missing, *self.notes)
        _most(self.panels, MOST_PANELS, f"figure {self.title!r}: panels")
        _most(self.notes, MOST_NOTES, f"figure {self.title!r}: notes")
        if bool(self.panels) == bool(self.missing):
            raise ValueError(f"figure {self.title!r}: give either panels or why there are none")
        if self.panels and not (self.alt.strip() and self.caption.strip()):
            raise ValueError(f"figure {self.title!r}: alt or caption is empty; say what there is to see")


def _most(things: Sequence[object], most: int, where: str) -> None:
    if len(things) > most:
        raise ValueError(f"{where}: {len(things)}; give at most {most}")


def _numbers(numbers: tuple[float | None, ...], most: int, where: str) -> None:
    _most(numbers, most, where)
    for number in numbers:
        if number is not None and not _is_finite(number):
            raise ValueError(f"{where} holds {number!r:.40}; give numbers up to {LARGEST:g}, or None for a gap")


def _is_finite(number: object) -> bool:
    return type(number) in (int, float) and math.isfinite(number) and abs(number) <= LARGEST  # type: ignore[arg-type]


def _text(*texts: str) -> None:
    for text in texts:
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"{text[:40]!r}…: {len(text)} characters; give at most {LONGEST_TEXT}")
