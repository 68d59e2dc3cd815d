"""All cells at once: networks against LN models."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from finefield.figures.settings import FigureSettings
from finefield.figures.style import COLORS, MARKERS, rc

#: What `correlation` and `ln_correlation` are.
SCORE = "Pearson correlation of predicted and measured rate"
#: Most cells whose names are written.
MAX_WRITTEN = 12
#: Heights of a name above its point that are tried in turn [points].
NAME_HEIGHTS = (-4, 6, -14, 14, -22, 22, -30, 30, -38, 38)


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
    """
    whole = table.dropna(subset=["ln_correlation", "correlation"])
    several = table["stimulus"].nunique() > 1
    series = list(dict.fromkeys(zip(table["model"], table["stimulus"], strict=True)))
    colors = [style.predicted_color, *(c for c in COLORS if c != style.predicted_color)]
    with rc(style):
        figure = Figure(figsize=(4.4, 4.6), layout="constrained")
        axes = figure.subplots()
        axes.axline((0, 0), slope=1, color="0.6", linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
        for number, (model, stimulus) in enumerate(series):
            rows = whole[(whole["model"] == model) & (whole["stimulus"] == stimulus)]
            look = {"color": colors[number % len(colors)], "marker": MARKERS[number % len(MARKERS)]}
            name = f"{model}, {stimulus}" if several else model
            name += f" (n = {len(rows)} cells)"
            axes.scatter(rows["ln_correlation"], rows["correlation"], s=26, label=name, **look)
        _limits(axes, whole)
        if whole["cell"].nunique() <= MAX_WRITTEN:
            _name_points(axes, whole)
        axes.set(xlabel=f"LN model:\n{SCORE}", ylabel=f"network:\n{SCORE}", aspect="equal")
        missing = len(table) - len(whole)
        title = (
            f"{missing} of {len(table)} networks without a correlation, not shown"
            if missing
            else None
        )
        figure.legend(*axes.get_legend_handles_labels(), loc="outside upper left", title=title,
                      title_fontsize=7, alignment="left", ncols=1 if several else 2)  # fmt: skip
    return figure


def _limits(axes: Axes, table: pd.DataFrame) -> None:
    """The same limits on both axes, the nearest tenths around all points."""
    values = table[["ln_correlation", "correlation"]].to_numpy()
    low, high = (values.min(), values.max()) if values.size else (0.0, 1.0)
    limits = np.floor(10 * low - 0.2) / 10, min(1.0, np.ceil(10 * high + 0.2) / 10)
    axes.set(xlim=limits, ylim=limits)


def _name_points(axes: Axes, table: pd.DataFrame) -> None:
    """Write each cell's name at its highest point, where it covers no point and no other name."""
    low, high = axes.get_xlim()
    side = 3.6 * 72
    scale = side / (high - low)
    taken = [
        ((x - low) * scale - 3.5, (y - low) * scale - 3.5, 7, 7)
        for x, y in table[["ln_correlation", "correlation"]].to_numpy()
    ]
    highest = table.sort_values("correlation").drop_duplicates("cell", keep="last")
    line = {"arrowstyle": "-", "linewidth": 0.4, "color": "0.5", "shrinkA": 0, "shrinkB": 3}
    look = {"textcoords": "offset points", "fontsize": 7, "arrowprops": line}
    for name, x, y in highest[["cell", "ln_correlation", "correlation"]].itertuples(index=False):
        width = 4.6 * len(str(name))
        choices = [(right, up) for up in NAME_HEIGHTS for right in (6, -6 - width, -width / 2)]
        boxes = [((x - low) * scale + a, (y - low) * scale + b, width, 9) for a, b in choices]
        free = [
            number
            for number, box in enumerate(boxes)
            if 2 < box[0] < side - width and 2 < box[1] < side - 9
            if not any(_overlap(box, other) for other in taken)
        ]
        best = free[0] if free else 0
        taken.append(boxes[best])
        axes.annotate(str(name), (x, y), (choices[best][0], choices[best][1] + 1.5), **look)


def _overlap(one: tuple, other: tuple) -> bool:
    """Whether two boxes (left, bottom, width, height) share a point."""
    return all(one[k] < other[k] + other[k + 2] and other[k] < one[k] + one[k + 2] for k in (0, 1))
