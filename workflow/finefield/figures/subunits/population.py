"""The subunits that a network found in all cells: how many, how large, how sure."""

import textwrap
from collections.abc import Callable

import numpy as np
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from finefield.figures.labels import whole_numbers
from finefield.figures.settings import FigureSettings
from finefield.figures.style import (
    COLORS,
    LARGE,
    PAGE,
    SMALL,
    axes_at,
    brief,
    count,
    diameter,
    label,
    letter,
    placeholder,
    rc,
    things,
    write_at,
)

#: Sizes [inches]: the page's edges, a strip's height and the distance to the next.
LEFT, RIGHT, TOP, STRIP, PITCH = 0.62, 0.1, 0.72, 0.75, 1.16
#: Space between columns of strips, and side and space of the square panels beneath [inches].
BETWEEN, SIDE, SPACE = 0.72, 1.6, 0.8
#: Most cells for two columns of strips, cells that are named, and dropped cells that are listed.
MAX_COLUMNS, MAX_NAMED, MAX_LISTED = 24, 70, 12
#: Agreement with something, beside what is expected by chance and the upper end of that.
AGREEMENTS = {
    "similarity": ("chance_similarity", "chance_high"),
    "seed_similarity": ("seed_chance", "seed_chance_high"),
    "half_similarity": ("half_chance", "half_chance_high"),
    "stnmf_similarity": ("stnmf_chance", "stnmf_chance_high"),
}
#: Bins of the histogram of sizes, from zero to the largest.
N_BINS = 25
DIAMETER = "diameter 2 √(major × minor),\none SD [µm]"
CHANCE = "0.7"


def subunits_figure(data: xr.Dataset, style: FigureSettings) -> Figure:
    """Draw the subunits that one network found in all cells.

    Parameters
    ----------
    data : xarray.Dataset
        A dataset's `subunits/{model}/{stimulus}.nc`, whose attributes `model` and `stimulus` are
        written above; what it lacks, or what is NaN in all cells, is not drawn. Cells with a
        `note` were dropped and are listed.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
        Strips with a column for each cell, above panels with a point for each.
    """
    kept = data.isel(cell=np.flatnonzero(data["note"].values == ""))
    dropped = _dropped(data)
    if not kept.sizes["cell"]:
        return placeholder(" · ".join(["no cell was kept", *dropped]), style)
    strips, panels = _strips(kept), _panels(kept)
    n_columns = 2 if kept.sizes["cell"] <= MAX_COLUMNS else 1
    rows = -(-len(strips) // n_columns)
    below = TOP + rows * PITCH - 0.3 + _names_height(kept)
    height = below + (SIDE + 0.8) * bool(panels) + 0.125 * len(dropped) + 0.1
    with rc(style):
        figure = Figure(figsize=(PAGE, height))
        write_at(figure, 0.15, 0.12, _title(data, kept), fontsize=LARGE, weight="bold")
        width = (PAGE - LEFT - RIGHT + BETWEEN) / n_columns - BETWEEN
        for number, draw in enumerate(strips):
            column, row = divmod(number, rows)
            left = LEFT + column * (width + BETWEEN)
            axes = axes_at(figure, left, TOP + row * PITCH, width, STRIP)
            draw(axes, kept, style)
            _cell_axis(axes, kept, row == rows - 1 or number == len(strips) - 1)
        for number, draw in enumerate(panels):
            left = LEFT + number * (SIDE + SPACE)
            draw(axes_at(figure, left, below + 0.3, SIDE, SIDE), kept, style)
        letter(figure.axes, left=0.5, up=0.05)
        look = {"fontsize": SMALL, "linespacing": 1.3}
        write_at(figure, 0.15, height - 0.125 * len(dropped) - 0.08, "\n".join(dropped), **look)
    return figure


def _title(data: xr.Dataset, kept: xr.Dataset) -> str:
    names = brief(str(data.attrs[name]) for name in ("model", "stimulus") if name in data.attrs)
    numbers = f"n = {kept.sizes['cell']} of {things(data.sizes['cell'], 'cell')}"
    return " · ".join(["Subunits found", *names, numbers])


def _dropped(data: xr.Dataset) -> list[str]:
    """Why cells were dropped, a line for each."""
    notes = zip(data["cell"].values, data["note"].values, strict=True)
    lines = [textwrap.shorten(f"dropped: cell {x}, {why}", 150) for x, why in notes if why]
    if len(lines) > MAX_LISTED:
        lines[MAX_LISTED:] = [f"and {len(lines) - MAX_LISTED} more"]
    return lines


def _has(data: xr.Dataset, *names: str) -> bool:
    """Whether all these variables are known for some cell."""
    return all(name in data and bool(data[name].notnull().any()) for name in names)


def _strips(data: xr.Dataset) -> list[Callable]:
    """Functions that draw the strips there are data for."""
    strips = [_numbers]
    if _has(data, "major", "minor"):
        strips.append(_sizes)
    if _has(data, "recall"):
        strips.append(_known)
    for name in AGREEMENTS:
        if _has(data, name):
            strips.append(lambda axes, data, style, name=name: _agreement(axes, data, style, name))
    return strips


def _panels(data: xr.Dataset) -> list[Callable]:
    """Functions that draw the square panels there are data for."""
    needed = {
        _histogram: ("major", "minor"),
        _tiling: ("coverage", "overlap"),
        _pruning: ("correlation", "pruned_correlation"),
    }
    return [panel for panel, names in needed.items() if _has(data, *names)]


def _names(data: xr.Dataset) -> list[str]:
    """Names of cells, or none where there is no space for them."""
    return brief(data["cell"].values) if data.sizes["cell"] <= MAX_NAMED else []


def _names_height(data: xr.Dataset) -> float:
    """Height of the cells' names beneath the strips [inches]."""
    return 0.15 + 0.053 * max(map(len, _names(data)), default=4)


def _cell_axis(axes: Axes, data: xr.Dataset, named: bool) -> None:
    """A column for each cell, with its name beneath the lowest strip."""
    n_cells, names = data.sizes["cell"], _names(data)
    axes.set(xlim=(-0.7, n_cells - 0.3), xlabel="")
    if names:
        axes.set_xticks(range(n_cells), names if named else [""] * n_cells, rotation=90)
        axes.grid(axis="x", color="0.93", linewidth=0.5)
    else:
        axes.tick_params(labelbottom=named)
        axes.set_xlabel("cell, in the order of cells.csv" if named else "")
    axes.tick_params(axis="x", length=2)
    axes.set_axisbelow(True)


def _legend(axes: Axes, **settings) -> None:
    place = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0.2}
    place |= {"ncols": 2, "handlelength": 1.2, "columnspacing": 1.2, "labelspacing": 0.2}
    axes.legend(**place | settings)


def _dots(axes: Axes, x: np.ndarray, y: np.ndarray, **look) -> None:
    """Points that no axis cuts."""
    look = {"s": 14, "linewidth": 0, "clip_on": False, "zorder": 3} | look
    sns.scatterplot(x=x, y=y, ax=axes, legend=False, **look)


def _numbers(axes: Axes, data: xr.Dataset, style: FigureSettings) -> None:
    """Number of subunits of each cell."""
    cells, color = np.arange(data.sizes["cell"]), style.predicted_color
    if _has(data, "n_known"):
        look = {"color": "black", "marker": "_", "s": 60, "linewidth": 1.3}
        _dots(axes, cells, data["n_known"].values, label="known", **look)
    if _has(data, "found_low", "found_high"):
        ends = data["found_low"].values, data["found_high"].values
        axes.vlines(cells, *ends, color=color, linewidth=1.2, label="95 % of the bootstraps")
    _dots(axes, cells, data["n_found"].values, color=color, label=label(data["n_found"]))
    axes.set(ylabel="subunits")
    known = [data[x].values for x in ("n_found", "n_known", "found_low", "found_high") if x in data]
    low, high = np.nanmin(known), np.nanmax(known)
    space = 0.08 * max(1, high - min(low, 0))
    axes.set_ylim(min(low, 0) - space, high + space)
    axes.yaxis.set_major_locator(whole_numbers(5))
    _legend(axes)


def _sizes(axes: Axes, data: xr.Dataset, style: FigureSettings) -> None:
    """Diameter of each subunit of each cell."""
    sizes = diameter(data.transpose("cell", "found", ...))
    cells = np.broadcast_to(np.arange(len(sizes))[:, None], sizes.shape)
    there = np.isfinite(sizes)
    look = {"color": style.predicted_color, "s": 9, "alpha": 0.6}
    _dots(axes, cells[there], sizes[there], label=f"a subunit found (n = {there.sum()})", **look)
    axes.set(ylabel="diameter [µm]")
    axes.set_ylim(0, 1.1 * np.nanmax(sizes))
    _legend(axes)


def _known(axes: Axes, data: xr.Dataset, style: FigureSettings) -> None:
    """Precision and recall of each cell."""
    cells = np.arange(data.sizes["cell"])
    looks = {"precision": ("o", style.predicted_color), "recall": ("s", COLORS[2])}
    for side, (name, (marker, color)) in zip((-0.12, 0.12), looks.items(), strict=True):
        if _has(data, name):
            look = {"color": color, "marker": marker, "label": f"{name}: {label(data[name])}"}
            _dots(axes, cells + side, data[name].values, **look)
    axes.set(ylabel="precision, recall", ylim=(-0.05, 1.05))
    _legend(axes, ncols=1)


def _agreement(axes: Axes, data: xr.Dataset, style: FigureSettings, name: str) -> None:
    """Similarity of the subunits of each cell to others, and that of subunits at random places."""
    cells = np.arange(data.sizes["cell"])
    chance, high = (data[one].values for one in AGREEMENTS[name])
    axes.vlines(cells, chance, high, color=CHANCE, linewidth=4)
    known = int(np.isfinite(data[name].values).sum())
    look = {"color": style.predicted_color, "label": label(data[name])}
    _dots(axes, cells, data[name].values, **look)
    look = {"color": CHANCE, "marker": "_", "s": 40, "linewidth": 1.5, "zorder": 2}
    _dots(axes, cells, chance, label="the same at random places, mean to 97.5 % quantile", **look)
    axes.set(ylabel=f"similarity\n({count(known, 'cell')})", ylim=(-0.05, 1.05))
    _legend(axes, ncols=1)


def _histogram(axes: Axes, data: xr.Dataset, style: FigureSettings) -> None:
    """Sizes of all subunits."""
    sizes = diameter(data)
    sizes = sizes[np.isfinite(sizes)]
    look = {"color": style.predicted_color, "alpha": 1, "linewidth": 0.3}
    sns.histplot(sizes, bins=N_BINS, binrange=(0, 1.05 * sizes.max()), ax=axes, **look)
    axes.set(xlabel=DIAMETER, ylabel="number of subunits")
    axes.yaxis.set_major_locator(whole_numbers(5))
    axes.set_xlim(left=0)
    axes.set_title(count(len(sizes), "subunit"), loc="left")


def _points(axes: Axes, x: xr.DataArray, y: xr.DataArray, style: FigureSettings) -> None:
    """A point for each cell."""
    known = (np.isfinite(x.values) & np.isfinite(y.values)).sum()
    _dots(axes, x.values, y.values, color=style.predicted_color, alpha=0.8)
    axes.set(xlabel=label(x, 30), ylabel=label(y, 30))
    axes.set_title(count(int(known), "cell"), loc="left")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(4))


def _tiling(axes: Axes, data: xr.Dataset, style: FigureSettings) -> None:
    """How the subunits of each cell tile its receptive field."""
    _points(axes, data["coverage"], data["overlap"], style)
    axes.set(xlim=(-0.03, 1.03))
    axes.set_ylim(bottom=min(0.9, axes.get_ylim()[0]))


def _pruning(axes: Axes, data: xr.Dataset, style: FigureSettings) -> None:
    """Scores with and without the null filters."""
    axes.axline((0, 0), slope=1, color="0.6", linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    x, y = data["correlation"], data["pruned_correlation"]
    _points(axes, x, y, style)
    values = np.concatenate([x.values, y.values])
    low, high = np.nanmin(values), np.nanmax(values)
    limits = np.floor(10 * low - 0.2) / 10, min(1.0, np.ceil(10 * high + 0.2) / 10)
    axes.set(xlim=limits, ylim=limits)
