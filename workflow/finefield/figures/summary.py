"""All cells at once: transfer between them, and networks against LN models."""

from collections.abc import Mapping

import matplotlib
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from finefield.figures.style import COLORS, MARKERS, label, rc, text_of
from finefield.glossary import VARIABLES

#: Most cells whose scores are written out, and most names along a side of a heat map.
MAX_WRITTEN, MAX_NAMED = 12, 45
#: Heights of a name above its point that are tried in turn [points].
NAME_HEIGHTS = (-4, 6, -14, 14, -22, 22, -30, 30, -38, 38)


def transfer_figure(transfer: xr.Dataset, style: Mapping) -> Figure:
    """Draw how well each cell's network predicts each cell.

    Parameters
    ----------
    transfer : xarray.Dataset
        `correlation (train_stimulus, test_stimulus, source_cell, target_cell)`; NaN where there is
        none.
    style : dict
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
        One heat map for each pair of stimuli, all on one colour scale.
    """
    scores = transfer["correlation"]
    scores = scores.transpose("train_stimulus", "test_stimulus", "source_cell", "target_cell")
    trained, tested, n_sources, n_targets = scores.shape
    values = scores.values[np.isfinite(scores.values)]
    norm = Normalize(min(0.0, values.min(initial=0)), values.max(initial=0) or 1.0)
    side = np.clip(0.45 * max(n_sources, n_targets), 1.8, 4.5)
    size = (max(4.2, tested * (side + 1.1) + 1.1), trained * (side + 1.1) + 0.7)
    with rc(style):
        figure = Figure(figsize=size, layout="constrained")
        figure.get_layout_engine().set(w_pad=0.1, h_pad=0.12)
        panels = figure.subplots(trained, tested, squeeze=False)
        for (row, column), axes in np.ndenumerate(panels):
            shown = _heat_map(axes, scores[row, column], norm, style)
        figure.colorbar(shown, ax=panels, label=label(scores, 34), shrink=0.9, aspect=30)
        figure.supxlabel(_transfer_caption(scores), fontsize=7.5, x=0.02, ha="left")
    return figure


def _transfer_caption(scores: xr.DataArray) -> str:
    missing = int(np.isnan(scores.values).sum())
    text = (
        f"n = {scores.sizes['source_cell']} source and {scores.sizes['target_cell']} target cells"
    )
    if np.any(scores["source_cell"].values[:, None] == scores["target_cell"].values):
        text += " · framed: a cell's own network"
    return text + f"\n{missing} of {scores.size} pairs without a correlation (hatched)" * (
        missing > 0
    )


def _heat_map(axes: Axes, scores: xr.DataArray, norm: Normalize, style: Mapping):
    """One panel: sources in rows, targets in columns."""
    colors = matplotlib.colormaps[style["sequential_colormap"]]
    shown = axes.imshow(scores.values, cmap=colors, norm=norm, interpolation="nearest")
    halo = withStroke(linewidth=2.8, foreground="white")
    written = max(scores.shape) <= MAX_WRITTEN
    sources, targets = (scores[name].values.astype(str) for name in scores.dims)
    for (row, column), value in np.ndenumerate(scores.values):
        if np.isnan(value):
            _box(axes, row, column, facecolor="0.85", edgecolor="0.55", hatch="////", linewidth=0)
        elif written:
            dark = np.dot(colors(norm(value))[:3], (0.299, 0.587, 0.114)) < 0.5
            look = {"color": "white" if dark else "black", "fontsize": 7}
            axes.text(column, row, text_of(value), ha="center", va="center", **look)
        if sources[row] == targets[column]:
            _box(
                axes, row, column, fill=False, edgecolor="black", linewidth=1.2, path_effects=[halo]
            )
    axes.set(xlim=(-0.5, len(targets) - 0.5), ylim=(len(sources) - 0.5, -0.5))
    every = -(-max(scores.shape) // MAX_NAMED)
    size = 7 if written else 5.5
    turned = 90 if max(map(len, targets)) > 3 else 0
    axes.set_xticks(range(len(targets))[::every], targets[::every], rotation=turned, fontsize=size)
    axes.set_yticks(range(len(sources))[::every], sources[::every], fontsize=size)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set(xlabel="target cell", ylabel="source cell (the network's)")
    stimuli = (str(scores[name].item()) for name in ("train_stimulus", "test_stimulus"))
    axes.set_title("trained on {}\ntested on {}".format(*stimuli), loc="left")
    return shown


def _box(axes: Axes, row: int, column: int, **look) -> None:
    axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, clip_on=False, **look))


def summary_figure(table: pd.DataFrame, style: Mapping) -> Figure:
    """Draw each network's correlation against that of the LN model of the same cell.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns `cell`, `model`, `ln_correlation` and `correlation`, a row for each network.
    style : dict
        The config's part `figures`; its `predicted_color` is the first model's.

    Returns
    -------
    matplotlib.figure.Figure
    """
    whole = table.dropna(subset=["ln_correlation", "correlation"])
    models = list(dict.fromkeys(table["model"]))
    colors = [style["predicted_color"], *(c for c in COLORS if c != style["predicted_color"])]
    with rc(style):
        figure = Figure(figsize=(4.4, 4.6), layout="constrained")
        axes = figure.subplots()
        axes.axline((0, 0), slope=1, color="0.6", linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
        for number, model in enumerate(models):
            rows = whole[whole["model"] == model]
            look = {"color": colors[number % len(colors)], "marker": MARKERS[number % len(MARKERS)]}
            name = f"{model} (n = {len(rows)} cells)"
            axes.scatter(rows["ln_correlation"], rows["correlation"], s=26, label=name, **look)
        _limits(axes, whole)
        if whole["cell"].nunique() <= MAX_WRITTEN:
            _name_points(axes, whole)
        score = VARIABLES["correlation"][1]
        axes.set(xlabel=f"LN model:\n{score}", ylabel=f"network:\n{score}", aspect="equal")
        missing = len(table) - len(whole)
        title = (
            f"{missing} of {len(table)} networks without a correlation, not shown"
            if missing
            else None
        )
        figure.legend(*axes.get_legend_handles_labels(), loc="outside upper left", title=title,
                      title_fontsize=7, alignment="left", ncols=2)  # fmt: skip
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
