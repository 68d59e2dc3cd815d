"""Where subunits lie on a receptive field: outlines, coloured by their part of the drive."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import xarray as xr
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from finefield.averages.ellipse import CONTOUR, Ellipse
from finefield.figures.maps import outline, scale_bar_below, sides_of
from finefield.figures.settings import FigureSettings
from finefield.figures.style import (
    PAGE,
    SMALL,
    axes_at,
    brief,
    count,
    letter,
    placeholder,
    rc,
    things,
    write_at,
)
from finefield.files.cell import receptive_field

#: Sizes [inches]: side of a panel, space between panels, margins of the page.
SIDE, SPACE, LEFT, TOP = 1.12, 0.14, 0.2, 0.72
#: Width and height that the map of the field may have [inches].
FIELD = (6.2, 2.8)
#: Most cells with a panel of their own, panels in a row, and letters of a panel's title.
MOST, COLUMNS, LETTERS = 25, 5, 20
#: Colours of shares: light for a small part of the drive, but never too light to be seen.
SHARES = ListedColormap(colormaps["viridis_r"](np.linspace(0.15, 1, 200)))


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
        All cells on the stimulus field, and a panel for each of the first `MOST` cells. Ellipses of
        `CONTOUR` SDs, coloured by their part of the drive; the receptive field is dashed. Cells
        without a subunit found are left out.
    """
    names = found_in(subunits)
    if not names:
        return placeholder("no subunit found in any cell", style)
    shown, shares = names[:MOST], shares_of(subunits)
    placed = _on_field(names, subunits, cells)
    share = [subunits["share"].sel(cell=name).dropna("found").values for name in names]
    ends = [_ends(placed, cells, name) for name in "yx"]
    wide, high = sides_of(*(last - first for first, last in ends), *FIELD)
    top = TOP + high + 0.6
    with rc(style):
        figure = Figure(figsize=(PAGE, top - (-len(shown) // COLUMNS) * (SIDE + SPACE) + 0.2))
        write_at(figure, LEFT, 0.1, _mosaic_title(subunits, len(shown), len(names)))
        field = axes_at(figure, LEFT, TOP, wide, high)
        _draw_field(field, placed, share, ends, shares)
        share_bar(figure, shares, (LEFT + wide + 0.1, TOP, 0.09, min(high, SIDE)))
        places = [divmod(number, COLUMNS) for number in range(len(shown))]
        panels = [
            axes_at(figure, LEFT + x * (SIDE + SPACE), top + y * (SIDE + SPACE), SIDE, SIDE)
            for y, x in places
        ]
        draw_mosaics(panels, shown, subunits, cells, shares, reach_of(shown, [subunits], cells))
        letter([field, panels[0]], left=0.17)
    return figure


def _on_field(
    names: Sequence[str], subunits: xr.Dataset, cells: xr.Dataset
) -> list[tuple[Ellipse, list[Ellipse]]]:
    """Receptive fields and subunits of all cells [µm], from the corner of the stimulus field."""
    side, placed = float(cells.attrs["pixel_size"]), []
    for name in names:
        cell = cells.sel(cell=name)
        field, found = _subunits(subunits.sel(cell=name), cell)
        centre = [side * (float(cell[one]) + 0.5) for one in ("rf_y", "rf_x")]
        placed.append((field.shifted(*centre), [one.shifted(*centre) for one in found]))
    return placed


def _ends(
    placed: Sequence[tuple[Ellipse, list[Ellipse]]], cells: xr.Dataset, name: str
) -> tuple[float, float]:
    """Where the part of the stimulus field with all ellipses begins and ends, along y or x [µm]."""
    drawn = [one for field, found in placed for one in (field, *found)]
    middle = np.array([getattr(one, name) for one in drawn])
    reach = 1.1 * CONTOUR * np.array([one.major for one in drawn])
    side = {"y": "field_height", "x": "field_width"}[name]
    whole = float(cells.attrs["pixel_size"]) * cells.attrs[side]
    return max(0.0, float((middle - reach).min())), min(whole, float((middle + reach).max()))


def _draw_field(
    axes: Axes,
    placed: Sequence[tuple[Ellipse, list[Ellipse]]],
    share: Sequence[np.ndarray],
    ends: tuple,
    shares: Normalize,
) -> None:
    """The subunits of all cells where they lie on the stimulus field."""
    down, across = ends
    axes.set(xlim=across, ylim=down[::-1], xticks=[], yticks=[])
    axes.spines[:].set(visible=True, color="0.8", linewidth=0.5)
    for (field, found), part in zip(placed, share, strict=True):
        draw_mosaic(axes, field, found, part, shares, linewidth=0.7)
    scale_bar_below(axes, width=1, pixel_size=across[1] - across[0])


def found_in(subunits: xr.Dataset) -> list[str]:
    """Names of the cells in which a subunit was found."""
    if "share" not in subunits:
        return []
    there = subunits["share"].notnull().any("found").values
    return subunits["cell"].values[there].tolist()


def reach_of(names: Sequence[str], found: Sequence[xr.Dataset], cells: xr.Dataset) -> float:
    """How far receptive fields and subunits reach from the fields' centres [µm].

    Parameters
    ----------
    names : sequence of str
        The cells.
    found : sequence of xarray.Dataset
        Subunits of the cells, as for `mosaic_figure`; there may be several networks.
    cells : xarray.Dataset
        The dataset's `cells.nc`.

    Returns
    -------
    float
    """
    pairs = [_subunits(one.sel(cell=name), cells.sel(cell=name)) for one in found for name in names]
    drawn = [one for field, subunits in pairs for one in (field, *subunits)]
    return max(max(abs(one.y), abs(one.x)) + CONTOUR * one.major for one in drawn)


def draw_mosaics(
    panels: Sequence[Axes],
    names: Sequence[str],
    subunits: xr.Dataset,
    cells: xr.Dataset,
    shares: Normalize,
    reach: float,
) -> None:
    """Draw the subunits of some cells, each in a panel, at one scale.

    Parameters
    ----------
    panels : sequence of Axes
        Where, square.
    names : sequence of str
        The cells.
    subunits, cells : xarray.Dataset
        As for `mosaic_figure`.
    shares : Normalize
        Limits of the shares' colours.
    reach : float
        As from `reach_of`.
    """
    for axes, name, short in zip(panels, names, brief(names, LETTERS), strict=True):
        field, found = _subunits(subunits.sel(cell=name), cells.sel(cell=name))
        axes.set(xlim=(-reach, reach), ylim=(reach, -reach), xticks=[], yticks=[])
        axes.spines[:].set(visible=True, color="0.8", linewidth=0.5)
        share = subunits["share"].sel(cell=name).dropna("found").values
        draw_mosaic(axes, field, found, share, shares)
        axes.set_title(f"{short}: {len(found)}", fontsize=SMALL, pad=2)
    places = [one.get_position() for one in panels]
    lowest = min(range(len(panels)), key=lambda number: (places[number].y0, places[number].x0))
    scale_bar_below(panels[lowest], width=1, pixel_size=2 * reach)


def shares_of(*found: xr.Dataset) -> Normalize:
    """Limits of the colours of shares that subunits of several cells have in common."""
    largest = [np.nanmax(one["share"].values, initial=0) for one in found]
    return Normalize(0, float(max(largest, default=0)) or 1.0)


def _mosaic_title(subunits: xr.Dataset, n_shown: int, n_cells: int) -> str:
    name, stimulus = brief([subunits.attrs["model"], subunits.attrs["stimulus"]])
    which = "each cell" if n_shown == n_cells else f"each of the first {things(n_shown, 'cell')}"
    return (
        f"Subunits that {name} found, trained on {stimulus} ({count(n_cells, 'cell')}): "
        "(a) all where they lie on the field;\n"
        f"(b) those of {which}, with their number, at one scale; ellipses of {CONTOUR} SD, "
        "the receptive field dashed"
    )


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


def draw_mosaic(
    axes: Axes,
    field: Ellipse,
    found: Sequence[Ellipse],
    share: Sequence[float],
    norm: Normalize,
    linewidth: float = 1.2,
) -> None:
    """Draw the subunits of one cell, and its receptive field.

    Parameters
    ----------
    axes : Axes
        A map, or empty axes.
    field : Ellipse
        The receptive field, of one SD.
    found : sequence of Ellipse
        The subunits, of one SD; those with an unknown part are left out.
    share : sequence of float
        Part of the drive of each.
    norm : Normalize
        Limits of the shares' colours.
    linewidth : float
        Width of the subunits' lines [points].
    """
    dashed = {"edgecolor": "0.3", "linestyle": (0, (3, 2)), "linewidth": 0.7 * linewidth}
    if field.is_known:
        axes.add_patch(outline(contour(field), **dashed))
    # The largest share last, so that no smaller one hides it.
    for number in np.argsort(share, kind="stable"):
        if found[number].is_known:
            look = {"edgecolor": SHARES(norm(share[number])), "linewidth": linewidth}
            look["path_effects"] = [withStroke(linewidth=1.7 * linewidth, foreground="white")]
            axes.add_patch(outline(contour(found[number]), **look))


def contour(ellipse: Ellipse) -> Ellipse:
    """The ellipse at `CONTOUR` SDs."""
    return replace(ellipse, major=CONTOUR * ellipse.major, minor=CONTOUR * ellipse.minor)


def share_bar(figure: Figure, shares: Normalize, place: tuple) -> None:
    """What the colours of shares mean, at (left, top, width, height) [inches]."""
    bar = figure.colorbar(ScalarMappable(shares, SHARES), cax=axes_at(figure, *place))
    bar.set_label("part of the drive", fontsize=SMALL)
    bar.outline.set_linewidth(0.5)
