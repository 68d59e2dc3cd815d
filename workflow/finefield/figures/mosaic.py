"""The mosaic of the subunits that a network found in each cell."""

from dataclasses import replace

import xarray as xr
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from finefield.averages.ellipse import CONTOUR, Ellipse
from finefield.figures.maps import outline, scale_bar
from finefield.figures.settings import FigureSettings
from finefield.figures.style import axes_at, placeholder, rc, write_at
from finefield.files.cell import receptive_field

#: Sizes [inches]: side of a panel, space between panels, margins of the page.
SIDE, SPACE, LEFT, TOP = 1.45, 0.28, 0.3, 0.75
#: Least width of the page, for its title [inches].
MIN_WIDTH = 5.8
#: Panels in a row.
COLUMNS = 6
#: Colours of shares: light for a small part of the drive.
COLOURS = colormaps["viridis_r"]


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
    panels = {name: _ellipses(subunits.sel(cell=name), cells.sel(cell=name)) for name in names}
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
        write_at(figure, LEFT, 0.12, _title(subunits, len(names)), fontsize=8)
        for number, (name, (field, found)) in enumerate(panels.items()):
            row, column = divmod(number, COLUMNS)
            place = LEFT + column * (SIDE + SPACE), TOP + row * (SIDE + SPACE)
            axes = axes_at(figure, *place, SIDE, SIDE)
            share = subunits["share"].sel(cell=name).dropna("found").values
            _panel(axes, field, found, COLOURS(shares(share)), reach)
            axes.set_title(f"{name}: {len(found)}", fontsize=7, pad=2)
        scale_bar(figure.axes[0], width=1, pixel_size=2 * reach, fontsize=6)
        _colour_bar(figure, shares, LEFT + min(len(names), COLUMNS) * (SIDE + SPACE))
    return figure


def _title(subunits: xr.Dataset, n_cells: int) -> str:
    name, stimulus = subunits.attrs["model"], subunits.attrs["stimulus"]
    first = f"Subunits that {name} found, trained on {stimulus}: {n_cells} cells, number of each"
    return f"{first}\nEllipses of {CONTOUR} SD; receptive field dashed"


def _ellipses(found: xr.Dataset, cell: xr.Dataset) -> tuple[Ellipse, list[Ellipse]]:
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


def _panel(axes: Axes, field: Ellipse, found: list[Ellipse], colours, reach: float) -> None:
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
    bar = figure.colorbar(ScalarMappable(shares, COLOURS), cax=place)
    bar.set_label("part of the drive", fontsize=6.5)
    bar.ax.tick_params(labelsize=6)
