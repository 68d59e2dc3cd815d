"""All cells at once: networks against LN models."""

from collections.abc import Mapping
from itertools import cycle

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from finefield.figures.labels import whole_numbers
from finefield.figures.settings import FigureSettings
from finefield.figures.style import (
    COLUMN,
    MARKERS,
    PAGE,
    SMALL,
    axes_at,
    brief,
    count,
    letter,
    palette,
    rc,
    write_at,
)

#: What scores are, for the foot of the figure.
SCORE = "correlation: Pearson's, of predicted and measured rate"
#: Most cells with a line of their own.
MAX_NAMED = 45
#: Sizes [inches]: side of the square panel, its edges, height of a cell's line, of text,
#: of a point in a line, and of all lines at most.
SIDE, LEFT, BOTTOM, LINE, TEXT_LINE, POINT, MOST = 2.3, 0.55, 0.75, 0.14, 0.13, 0.065, 7.5
LN = "LN model"


def summary_figure(table: pd.DataFrame, style: FigureSettings) -> Figure:
    """Draw each network's correlation against that of the LN model of the same cell.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns `cell`, `model`, `stimulus`, `ln_correlation` and `correlation`, a row for each
        network.
    style : FigureSettings
        The config's part `figures`; its `predicted_color` is the first model's.

    Returns
    -------
    matplotlib.figure.Figure
        A point for each network; beside it a line for each cell or, of more than `MAX_NAMED`
        cells, how scores are distributed.
    """
    table = _named(table)
    whole = table.dropna(subset=["ln_correlation", "correlation"])
    series = list(dict.fromkeys(table["series"]))
    looks = _looks(series, style)
    cells = whole["cell"].nunique()
    # A line has room for the points of all networks.
    line = max(LINE, POINT * len(series))
    named = cells <= MAX_NAMED and line * cells <= MOST
    top = 0.35 + TEXT_LINE * len(series)
    height = max(SIDE, line * cells * named)
    with rc(style):
        size = (PAGE if cells else COLUMN, top + height + BOTTOM)
        figure = Figure(figsize=size)
        square = axes_at(figure, LEFT, top, SIDE, SIDE)
        _square(square, whole, looks)
        if cells:
            longest = max(map(len, whole["name"])) if named else 0
            left = LEFT + SIDE + 0.55 + 0.055 * longest
            beside = axes_at(figure, left, top, PAGE - left - 0.15, height, sharex=square)
            (_lines if named else _distribution)(beside, whole, looks, style)
            letter([square, beside])
        _legend(figure, square, whole, series, size)
        missing = len(table) - len(whole)
        foot = [SCORE]
        if missing:
            foot.append(f"{missing} of {len(table)} networks without a correlation, not shown")
        write_at(figure, 0.1, size[1] - 0.27, "\n".join(foot), fontsize=SMALL)
    return figure


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """The table with short names of cells, and one of each network and its stimulus."""
    cells, models, stimuli = (
        dict(zip(given := table[key].unique(), brief(given), strict=True))
        for key in ("cell", "model", "stimulus")
    )
    series = table["model"].map(models)
    if len(stimuli) > 1:
        series = series + ", " + table["stimulus"].map(stimuli)
    name = pd.Categorical(table["cell"].map(cells), cells.values())
    return table.assign(name=name, series=series)


def _looks(series: list[str], style: FigureSettings) -> dict[str, object]:
    """A colour and a marker for each network, as seaborn takes them."""
    colors, markers = (
        dict(zip(series, cycle(kinds), strict=False)) for kinds in (palette(style), MARKERS)
    )
    return {"hue": "series", "style": "series", "palette": colors, "markers": markers}


def _square(axes: Axes, table: pd.DataFrame, looks: Mapping) -> None:
    """The same limits on both axes, the nearest tenths around all points."""
    axes.axline((0, 0), slope=1, color="0.6", linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    if len(table):
        sns.scatterplot(
            table, x="ln_correlation", y="correlation", s=18, linewidth=0.3, ax=axes, **looks
        )
    values = table[["ln_correlation", "correlation"]].to_numpy()
    low, high = (values.min(), values.max()) if values.size else (0.0, 1.0)
    limits = np.floor(10 * low - 0.2) / 10, min(1.0, np.ceil(10 * high + 0.2) / 10)
    axes.set(xlim=limits, ylim=limits, xlabel="correlation, LN model", aspect="equal")
    axes.set(ylabel="correlation, network")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5))


def _lines(axes: Axes, table: pd.DataFrame, looks: Mapping, style: FigureSettings) -> None:
    """A line for each cell: its networks, beside each other, and their LN models as bars."""
    order = table["name"].cat.remove_unused_categories().cat
    series = list(looks["palette"])
    step = min(0.2, 0.8 / len(series))
    beside = table["series"].map(series.index) - (len(series) - 1) / 2
    names, rows = list(order.categories), table.assign(row=order.codes + step * beside)
    sns.scatterplot(
        rows, x="ln_correlation", y="row", marker="|", s=30, color=style.ln_color, linewidth=1.2,
        label=LN, ax=axes,
    )  # fmt: skip
    sns.scatterplot(
        rows, x="correlation", y="row", s=18, linewidth=0.3, legend=False, ax=axes, **looks
    )
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2)
    axes.set(yticks=range(len(names)), yticklabels=names, ylim=(len(names) - 0.4, -0.6))
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color="0.92", linewidth=0.5)
    axes.set(xlabel="correlation", ylabel="")


def _distribution(axes: Axes, table: pd.DataFrame, looks: Mapping, style: FigureSettings) -> None:
    """How the scores of many cells are distributed."""
    linear = table.drop_duplicates(["cell", "stimulus"])
    look = {"element": "step", "fill": False, "binwidth": 0.05, "binrange": (-1, 1)}
    sns.histplot(linear, x="ln_correlation", color=style.ln_color, label=LN, ax=axes, **look)
    sns.histplot(
        table, x="correlation", hue="series", palette=looks["palette"], legend=False, ax=axes,
        **look,
    )  # fmt: skip
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2)
    axes.yaxis.set_major_locator(whole_numbers(5))
    axes.set(xlabel="correlation", ylabel="number of models")


def _legend(
    figure: Figure, axes: Axes, table: pd.DataFrame, series: list[str], size: tuple
) -> None:
    """Which network is which, with its number of cells, at the top of the page."""
    handles, names = axes.get_legend_handles_labels()
    if axes.get_legend() is not None:
        axes.get_legend().remove()
    numbers = table["series"].value_counts()
    shown = dict(zip(names, handles, strict=True))
    texts = [f"{name} ({count(int(numbers.get(name, 0)), 'cell')})" for name in shown]
    figure.legend(
        shown.values(), texts, loc="upper left", bbox_to_anchor=(0.1 / size[0], 1 - 0.03 / size[1]),
        borderaxespad=0, labelspacing=0.3,
    )  # fmt: skip
