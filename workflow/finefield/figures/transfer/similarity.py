"""Transfer between cells against how alike the cells are."""

import numpy as np
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from finefield.figures.labels import write_reason
from finefield.figures.settings import FigureSettings
from finefield.figures.style import (
    PAGE,
    axes_at,
    brief,
    count,
    label,
    letter,
    rc,
    text_of,
)

#: Similarities within this range are equal, as no relation to them can be seen.
SAME = 0.01
#: End of an axis of cosines, just beyond 1.
MOST = 1.01
#: Least range of an axis, and sizes of panels and of the space around them [inches].
LEAST, WIDTH, HEIGHT, LEFT, TOP, SPACE, BELOW = 0.1, 2.7, 1.8, 0.6, 0.5, 0.8, 0.95
#: Most pairs that are each a point.
MAX_POINTS = 2000
NAMES = {"subunit": "subunits", "temporal": "temporal filters"}


def similarity_figure(transfer: xr.Dataset, style: FigureSettings) -> Figure:
    """Draw transfer between different cells against how alike they are.

    Parameters
    ----------
    transfer : xarray.Dataset
        The transfer grid of one network, as from `grid.transfer_grid`.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
        A row for each stimulus that networks were trained and tested on, a column for each
        similarity, a point for each pair of a source and a target cell. Cells whose similarities
        are the same have no relation to draw, and the panel says so.
    """
    stimuli = [one for one in transfer["test_stimulus"].values if one in transfer["train_stimulus"]]
    limits = limits_around(transfer["correlation"].values)
    panels = []
    with rc(style):
        height = TOP + len(stimuli) * (HEIGHT + BELOW) - 0.3
        figure = Figure(figsize=(PAGE, height))
        for row, stimulus in enumerate(stimuli):
            grid = transfer.sel(train_stimulus=stimulus, test_stimulus=stimulus)
            for column, name in enumerate(NAMES):
                place = (LEFT + column * (WIDTH + SPACE), TOP + row * (HEIGHT + BELOW))
                axes = axes_at(figure, *place, WIDTH, HEIGHT)
                draw_similarity(axes, grid, name, limits, style)
                panels.append(axes)
        letter(panels, left=0.45, up=0.15)
    return figure


def draw_similarity(
    axes: Axes, grid: xr.Dataset, name: str, limits: tuple[float, float], style: FigureSettings
) -> None:
    """Draw transfer against one similarity, or say that all cells are the same.

    Parameters
    ----------
    axes : Axes
        Where.
    grid : xarray.Dataset
        The transfer grid of one network and of one pair of stimuli.
    name : {"subunit", "temporal"}
        What is alike.
    limits : tuple of float
        Limits of the scores, as from `limits_around`.
    style : FigureSettings
        The config's part `figures`.
    """
    other = grid["source_cell"] != grid["target_cell"]
    x, y = xr.broadcast(grid[f"{name}_similarity"], grid["correlation"].where(other))
    used = np.isfinite(x.values) & np.isfinite(y.values)
    alike = x.values[used]
    (stimulus,) = brief([grid["train_stimulus"].item()])
    title = f"{stimulus}, {count(int(used.sum()), 'pair')} of cells"
    axes.set(xlabel=label(grid[f"{name}_similarity"], 46), ylabel=label(grid["correlation"], 30))
    if not alike.size:
        return write_reason(axes, title, "no pair of different cells\nhas a score")
    if alike.size > 1 and np.ptp(alike) < SAME:
        ends = " to ".join(dict.fromkeys(text_of(end, 4) for end in (alike.min(), alike.max())))
        how = "the same" if alike.min() > 1 - SAME else "equally alike"
        text = f"The {NAMES[name]} of all cells\nare {how}:\nsimilarity {ends}"
        return write_reason(axes, title, text)
    rho, p_value = (float(grid[f"{name}_relation{end}"]) for end in ("", "_p"))
    if np.isfinite(rho):
        title += f"\nrank correlation {text_of(rho)}, p = {p_value:.2g}"
    look = {"x": alike, "y": y.values[used], "color": style.predicted_color, "ax": axes}
    if alike.size > MAX_POINTS:
        sns.histplot(bins=40, **look)
        title += "\ndarker: more pairs"
    else:
        sns.scatterplot(s=12, alpha=0.6, linewidth=0, **look)
    axes.set_title(title, loc="left")
    low, high = limits_around(alike)
    beyond = max(0.0, high - MOST)
    axes.set(xlim=(low - beyond, high - beyond), ylim=limits)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5))


def limits_around(values: np.ndarray) -> tuple[float, float]:
    """Limits of an axis around values, at least `LEAST` apart."""
    values = values[np.isfinite(values)]
    low, high = (values.min(), values.max()) if values.size else (0.0, 1.0)
    space = max(0.05 * (high - low), (LEAST - (high - low)) / 2)
    return low - space, high + space
