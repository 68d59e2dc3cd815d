"""Where the cells' receptive fields lie on the stimulus field."""

import textwrap

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from finefield.figures.maps import outline, scale_bar
from finefield.figures.settings import FigureSettings
from finefield.figures.style import COLORS, axes_at, rc, write_at
from finefield.files.cell import receptive_field

#: Colour and line of each polarity; the lines tell them apart without colour too.
LOOKS = {"OFF": (COLORS[1], "-"), "ON": (COLORS[0], "--"), "ON-OFF": (COLORS[2], ":")}
#: Width of the map and its margin [inches].
WIDTH, MARGIN = 7.2, 0.25
#: Most cells that are named in the figure, and most dropped ones that are listed.
MAX_NAMED, MAX_LISTED = 120, 12


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
    """
    height, width = cells.attrs["field_height"], cells.attrs["field_width"]
    kept = cells.isel(cell=np.flatnonzero(cells["note"].values == ""))
    polarities = kept["polarity"].values.tolist()
    lines = _caption(cells)
    map_height = float(np.clip(WIDTH * height / width, 2, 9))
    bottom = MARGIN + map_height + 0.25
    with rc(style):
        figure = Figure(figsize=(WIDTH + 2 * MARGIN, bottom + 0.25 + 0.15 * len(lines)))
        axes = axes_at(figure, MARGIN, MARGIN + 0.1, WIDTH, map_height)
        axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5), xticks=[], yticks=[])
        axes.set_aspect("equal")
        axes.spines[:].set(visible=True, color="0.6", linewidth=0.5)
        for one in range(len(polarities)):
            _ellipse(axes, kept.isel(cell=one), named=len(polarities) <= MAX_NAMED)
        scale_bar(axes, width, cells.attrs["pixel_size"])
        handles = [
            Line2D([], [], color=color, linestyle=line, label=f"{name} (n = {count})")
            for name, (color, line) in LOOKS.items()
            if (count := polarities.count(name))
        ]
        if handles:
            axes.legend(handles=handles, loc="lower right", bbox_to_anchor=(1, 1), ncols=3)
        write_at(figure, MARGIN, bottom, "\n".join(lines), fontsize=7)
    return figure


def _ellipse(axes: Axes, cell: xr.Dataset, named: bool) -> None:
    """One cell's receptive field, with its name in the middle."""
    color, line = LOOKS[cell["polarity"].item()]
    ellipse = receptive_field(cell)
    axes.add_patch(outline(ellipse, edgecolor=color, linestyle=line, linewidth=1.0))
    if named:
        look = {"ha": "center", "va": "center", "fontsize": 6, "color": color}
        axes.text(ellipse.x, ellipse.y, cell["cell"].item(), **look)


def _caption(cells: xr.Dataset) -> list[str]:
    """How many cells are shown, and why others are not."""
    notes = dict(zip(cells["cell"].values, cells["note"].values, strict=True))
    dropped = [f"dropped: cell {cell}, {note}" for cell, note in notes.items() if note]
    lines = [f"{len(notes) - len(dropped)} of {len(notes)} cells; ellipses of one SD"]
    lines += [textwrap.shorten(line, 120) for line in dropped[:MAX_LISTED]]
    if len(dropped) > MAX_LISTED:
        lines.append(f"and {len(dropped) - MAX_LISTED} more, listed in cells.csv")
    return lines
