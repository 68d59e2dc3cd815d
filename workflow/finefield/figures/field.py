"""The stimulus field with the receptive fields of all cells."""

import textwrap

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from finefield.averages.ellipse import Ellipse
from finefield.figures.labels import write_free
from finefield.figures.maps import outline, scale_bar_below, sides_of
from finefield.figures.settings import FigureSettings
from finefield.figures.style import (
    COLORS,
    PAGE,
    SMALL,
    axes_at,
    brief,
    count,
    rc,
    size_of,
    things,
    write_at,
)
from finefield.files.cell import receptive_field

#: Colour and line of each polarity; the lines tell them apart without colour too.
LOOKS = {"OFF": (COLORS[1], "-"), "ON": (COLORS[0], "--"), "ON-OFF": (COLORS[2], ":")}
#: Margin of the map, its largest height, and height of a line of text [inches].
MARGIN, MOST, LINE = 0.15, 6.5, 0.125
#: Most cells that are named in the figure, columns of names, and dropped cells that are listed.
MAX_NAMED, COLUMNS, MAX_LISTED = 120, 4, 12
#: Letters of a line of text, and of a name that stands wherever a number could.
LETTERS, SHORT = 110, 3


def field_figure(cells: xr.Dataset, style: FigureSettings) -> Figure:
    """Draw the ellipse of each cell's receptive field, one SD, coloured by polarity.

    Parameters
    ----------
    cells : xarray.Dataset
        The dataset's `cells.nc`; cells with a `note` were dropped and are listed below.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
        Names stand in the ellipses or, where a long one does not fit, numbers with the names below.
    """
    height, width = cells.attrs["field_height"], cells.attrs["field_width"]
    kept = cells.isel(cell=np.flatnonzero(cells["note"].values == ""))
    polarities = kept["polarity"].values.tolist()
    names = brief(kept["cell"].values)
    lines = _caption(cells)
    map_width, map_height = sides_of(height, width, PAGE - 2 * MARGIN, MOST)
    named = len(names) <= MAX_NAMED
    key = -(-len(names) // COLUMNS) if named and not _short(names) else 0
    top = MARGIN + 0.2
    with rc(style):
        size = (PAGE, top + map_height + 0.35 + LINE * (key + len(lines)) + 0.1)
        figure = Figure(figsize=size)
        axes = axes_at(figure, MARGIN, top, map_width, map_height)
        axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5), xticks=[], yticks=[])
        axes.spines[:].set(visible=True, color="0.6", linewidth=0.5)
        fields = [receptive_field(kept.isel(cell=one)) for one in range(len(names))]
        for field, polarity in zip(fields, polarities, strict=True):
            color, line = LOOKS[polarity]
            axes.add_patch(outline(field, edgecolor=color, linestyle=line, linewidth=0.9))
        scale_bar_below(axes, width, cells.attrs["pixel_size"])
        if named:
            lines += _name(figure, axes, fields, polarities, names, top + map_height + 0.2)
        _legend(axes, polarities)
        below = size[1] - 0.07 - LINE * len(lines)
        write_at(figure, MARGIN, below, "\n".join(lines), fontsize=SMALL)
    return figure


def _legend(axes: Axes, polarities: list[str]) -> None:
    """How many cells have which polarity."""
    handles = [
        Line2D([], [], color=color, linestyle=line, label=f"{name} ({count(number, 'cell')})")
        for name, (color, line) in LOOKS.items()
        if (number := polarities.count(name))
    ]
    if handles:
        side, end = ("left", 0) if size_of(axes)[0] < PAGE / 2 else ("right", 1)
        axes.legend(handles=handles, loc=f"lower {side}", bbox_to_anchor=(end, 1), ncols=3)


def _caption(cells: xr.Dataset) -> list[str]:
    """How many cells are shown, and why others are not."""
    notes = dict(zip(cells["cell"].values, cells["note"].values, strict=True))
    dropped = [f"dropped: cell {cell}, {note}" for cell, note in notes.items() if note]
    lines = [f"{len(notes) - len(dropped)} of {things(len(notes), 'cell')}; ellipses of one SD"]
    lines += [textwrap.shorten(line, LETTERS) for line in dropped[:MAX_LISTED]]
    if len(dropped) > MAX_LISTED:
        lines.append(f"and {len(dropped) - MAX_LISTED} more, listed in cells.csv")
    return lines


def _name(
    figure: Figure,
    axes: Axes,
    fields: list[Ellipse],
    polarities: list[str],
    names: list[str],
    below: float,
) -> list[str]:
    """Write names in ellipses that all hold theirs, or else numbers; what is to be said of it."""
    look = {"fontsize": SMALL}
    written = write_free(axes, names, [[(one.x, one.y)] for one in fields], **look)
    across = axes.get_window_extent().width / np.ptp(axes.get_xlim())
    if all(
        text and text.get_window_extent().width < 2 * across * _half(one)
        for text, one in zip(written, fields, strict=True)
    ):
        for text, polarity in zip(written, polarities, strict=True):
            text.set_color(LOOKS[polarity][0])
        return []
    for text in filter(None, written):
        text.remove()
    short = _short(names)
    labels = names if short else [str(number) for number in range(1, 1 + len(names))]
    high = 0.6 * SMALL * axes.figure.dpi / 72 / across  # half of a line [pixels of the field]
    places = [
        _places(field, 0.6 * len(text) * high, high)
        for field, text in zip(fields, labels, strict=True)
    ]
    crowded = write_free(axes, labels, places, **look).count(None)
    if not short:
        _list(figure, labels, names, below)
    what = "names" if short else "numbers"
    return [f"{crowded} of {len(names)} {what} are left out where there is no space"][:crowded]


def _list(figure: Figure, numbers: list[str], names: list[str], below: float) -> None:
    """Write in columns which number stands for which name."""
    rows = -(-len(names) // COLUMNS)
    width = (PAGE - 2 * MARGIN) / COLUMNS
    for column in range(COLUMNS):
        part = slice(column * rows, (column + 1) * rows)
        text = "\n".join(map(" ".join, zip(numbers[part], names[part], strict=True)))
        write_at(figure, MARGIN + column * width, below, text, fontsize=SMALL)


def _short(names: list[str]) -> bool:
    """Whether names are as short as numbers that would stand for them."""
    return all(len(name) <= SHORT for name in names)


def _half(field: Ellipse) -> float:
    """Half of the width of an ellipse [pixels]."""
    angle = np.deg2rad(field.angle)
    return float(np.hypot(field.major * np.cos(angle), field.minor * np.sin(angle)))


def _places(field: Ellipse, wide: float, high: float) -> list[tuple[float, float]]:
    """Where a label of these half sides may stand: in an ellipse that holds it, or beside it."""
    turns = np.deg2rad(field.angle + np.arange(0, 360, 45))
    radii = [(r * field.major, r * field.major) for r in (0, 0.5, 0.9)]
    if _half(field) < wide:
        radii = [(field.major + wide, field.major + high)]
    return [
        (field.x + across * np.cos(turn), field.y + down * np.sin(turn))
        for across, down in radii
        for turn in turns
    ]
