"""What lies where: receptive fields on the stimulus field, and subunits on receptive fields."""

import textwrap
from dataclasses import replace

import numpy as np
import xarray as xr
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from finefield.averages.ellipse import CONTOUR, Ellipse
from finefield.figures.maps import outline, scale_bar
from finefield.figures.settings import FigureSettings
from finefield.figures.style import COLORS, axes_at, placeholder, rc, write_at
from finefield.files.cell import receptive_field

#: Colour and line of each polarity; the lines tell them apart without colour too.
LOOKS = {"OFF": (COLORS[1], "-"), "ON": (COLORS[0], "--"), "ON-OFF": (COLORS[2], ":")}
#: Width of the map and its margin [inches].
WIDTH, MARGIN = 7.2, 0.25
#: Most cells that are named in the figure, and most dropped ones that are listed.
MAX_NAMED, MAX_LISTED = 120, 12
#: Sizes [inches]: side of a panel, space between panels, margins of the page.
SIDE, SPACE, LEFT, TOP = 1.45, 0.28, 0.3, 0.75
#: Least width of the page, for its title [inches].
MIN_WIDTH = 5.8
#: Panels in a row.
COLUMNS = 6
#: Colours of shares: light for a small part of the drive.
SHARES = colormaps["viridis_r"]


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


def mosaic_figure(subunits: xr.Dataset, cells: xr.Dataset, style: FigureSettings) -> Figure:
    """Draw the subunits of each cell over its receptive field, all at one scale.

    Parameters
    ----------
    subunits : xarray.Dataset
        A dataset's `subunits/{model}/{stimulus}.nc`, whose attributes `model` and `stimulus` are
        those names.
    cells : xarray.Dataset
        The dataset's `cells.nc`.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
        Ellipses of `CONTOUR` SDs, coloured by their part of the drive; the receptive field is
        dashed. Cells without a subunit found are left out.
    """
    names = [
        name
        for name in subunits["cell"].values
        if "share" in subunits and subunits["share"].sel(cell=name).notnull().any()
    ]
    if not names:
        return placeholder("no subunit found in any cell", style)
    panels = {name: _subunits(subunits.sel(cell=name), cells.sel(cell=name)) for name in names}
    reach = max(
        max(abs(one.y), abs(one.x)) + CONTOUR * one.major
        for field, found in panels.values()
        for one in (field, *found)
    )
    shares = Normalize(0, float(subunits["share"].max()))
    rows = -(-len(names) // COLUMNS)
    width = 2 * LEFT + min(len(names), COLUMNS) * (SIDE + SPACE) + 0.5
    with rc(style):
        figure = Figure(figsize=(max(width, MIN_WIDTH), TOP + rows * (SIDE + SPACE) + 0.1))
        write_at(figure, LEFT, 0.12, _mosaic_title(subunits, len(names)), fontsize=8)
        for number, (name, (field, found)) in enumerate(panels.items()):
            row, column = divmod(number, COLUMNS)
            place = LEFT + column * (SIDE + SPACE), TOP + row * (SIDE + SPACE)
            axes = axes_at(figure, *place, SIDE, SIDE)
            share = subunits["share"].sel(cell=name).dropna("found").values
            _mosaic_panel(axes, field, found, SHARES(shares(share)), reach)
            axes.set_title(f"{name}: {len(found)}", fontsize=7, pad=2)
        scale_bar(figure.axes[0], width=1, pixel_size=2 * reach, fontsize=6)
        _colour_bar(figure, shares, LEFT + min(len(names), COLUMNS) * (SIDE + SPACE))
    return figure


def _mosaic_title(subunits: xr.Dataset, n_cells: int) -> str:
    name, stimulus = subunits.attrs["model"], subunits.attrs["stimulus"]
    first = f"Subunits that {name} found, trained on {stimulus}: {n_cells} cells, number of each"
    return f"{first}\nEllipses of {CONTOUR} SD; receptive field dashed"


def _subunits(found: xr.Dataset, cell: xr.Dataset) -> tuple[Ellipse, list[Ellipse]]:
    """The receptive field and the subunits [µm], around the field's centre."""
    field, side = receptive_field(cell), cell.attrs["pixel_size"]
    found = found.dropna("found", subset=["share"])
    columns = (found[name].values for name in ("centre_y", "centre_x", "major", "minor", "angle"))
    first_y, first_x = float(cell["crop_y"]) - field.y, float(cell["crop_x"]) - field.x
    subunits = [
        Ellipse(side * (first_y + y), side * (first_x + x), major, minor, angle)
        for y, x, major, minor, angle in zip(*columns, strict=True)
    ]
    return Ellipse(0.0, 0.0, side * field.major, side * field.minor, field.angle), subunits


def _contour(ellipse: Ellipse) -> Ellipse:
    """The ellipse at `CONTOUR` SDs."""
    return replace(ellipse, major=CONTOUR * ellipse.major, minor=CONTOUR * ellipse.minor)


def _mosaic_panel(axes: Axes, field: Ellipse, found: list[Ellipse], colours, reach: float) -> None:
    """One cell."""
    axes.set(xlim=(-reach, reach), ylim=(reach, -reach), xticks=[], yticks=[])
    axes.set_aspect("equal")
    axes.spines[:].set(visible=True, color="0.8", linewidth=0.5)
    dashed = {"edgecolor": "0.4", "linestyle": "--", "linewidth": 0.8}
    axes.add_patch(outline(_contour(field), **dashed))
    # The largest share last, so that no smaller one hides it.
    for one, colour in reversed(list(zip(found, colours, strict=True))):
        axes.add_patch(outline(_contour(one), edgecolor=colour, linewidth=1.2))


def _colour_bar(figure: Figure, shares: Normalize, left: float) -> None:
    """What the colours mean, beside the first row."""
    place = axes_at(figure, left, TOP, 0.09, SIDE)
    bar = figure.colorbar(ScalarMappable(shares, SHARES), cax=place)
    bar.set_label("part of the drive", fontsize=6.5)
    bar.ax.tick_params(labelsize=6)
