"""How well networks predict other cells and other stimuli."""

from collections.abc import Mapping

import matplotlib
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from finefield.figures.settings import FigureSettings
from finefield.figures.style import COLORS, MARKERS, label, rc, text_of

#: Most cells whose scores are written out, and most names along a side of a heat map.
MAX_WRITTEN, MAX_NAMED = 12, 45


def transfer_figure(transfer: xr.Dataset, style: FigureSettings) -> Figure:
    """Draw how well each cell's network predicts each cell.

    Parameters
    ----------
    transfer : xarray.Dataset
        `correlation (train_stimulus, test_stimulus, source_cell, target_cell)`; NaN where there is
        none. Cells stand in the order of `cluster_order (…, target_cell)`, if there is one, of the
        first stimulus.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
        One heat map for each pair of stimuli, all on one colour scale.
    """
    transfer, ends = in_clusters(transfer)
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
            for end in ends:
                axes.axhline(end - 0.5, color="white", linewidth=1, zorder=0.5)
                axes.axvline(end - 0.5, color="white", linewidth=1, zorder=0.5)
        figure.colorbar(shown, ax=panels, label=label(scores, 34), shrink=0.9, aspect=30)
        figure.supxlabel(_transfer_caption(scores), fontsize=7.5, x=0.02, ha="left")
    return figure


def in_clusters(transfer: xr.Dataset) -> tuple[xr.Dataset, list[int]]:
    """The grid with its cells in the order of clusters, and where clusters end.

    The order is that of the first stimulus, in all panels; cells without a cluster come last.
    """
    if "cluster_order" not in transfer:
        return transfer, []
    first = transfer.isel(train_stimulus=0, test_stimulus=0)
    place = first["cluster_order"].fillna(np.inf)
    targets = first["target_cell"].values[np.argsort(place.values, kind="stable")]
    sources = [name for name in targets if name in transfer["source_cell"].values]
    clusters = first["cluster"].sel(target_cell=targets).fillna(-1).values
    ends = np.flatnonzero(np.diff(clusters)) + 1
    return transfer.sel(target_cell=targets, source_cell=sources), list(map(int, ends))


def _transfer_caption(scores: xr.DataArray) -> str:
    missing = int(np.isnan(scores.values).sum())
    text = (
        f"n = {scores.sizes['source_cell']} source and {scores.sizes['target_cell']} target cells"
    )
    if scores.sizes["source_cell"] > 1:
        text += ", in the order of clusters of the first stimulus"
    if np.any(scores["source_cell"].values[:, None] == scores["target_cell"].values):
        text += " · framed: a cell's own network"
    return text + f"\n{missing} of {scores.size} pairs without a correlation (hatched)" * (
        missing > 0
    )


def _heat_map(axes: Axes, scores: xr.DataArray, norm: Normalize, style: FigureSettings):
    """One panel: sources in rows, targets in columns."""
    colors = matplotlib.colormaps[style.sequential_colormap]
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
        similarity, a point for each pair of a source and a target cell.
    """
    stimuli = [one for one in transfer["test_stimulus"].values if one in transfer["train_stimulus"]]
    names = ("subunit", "temporal")
    with rc(style):
        size = (2.8 * len(names) + 0.4, 2.7 * len(stimuli) + 0.5)
        figure = Figure(figsize=size, layout="constrained")
        panels = figure.subplots(len(stimuli), len(names), squeeze=False, sharey=True)
        for row, stimulus in zip(panels, stimuli, strict=True):
            grid = transfer.sel(train_stimulus=stimulus, test_stimulus=stimulus)
            other = grid["source_cell"] != grid["target_cell"]
            for axes, name in zip(row, names, strict=True):
                x, y = xr.broadcast(grid[f"{name}_similarity"], grid["correlation"].where(other))
                look = {"s": 10, "alpha": 0.6, "linewidths": 0, "color": style.predicted_color}
                axes.scatter(x.values, y.values, **look)
                used = np.isfinite(x.values) & np.isfinite(y.values)
                rho, p_value = (float(grid[f"{name}_relation{end}"]) for end in ("", "_p"))
                text = f"{stimulus}, {int(used.sum())} pairs"
                if np.isfinite(rho):
                    text += f"\nrank correlation {text_of(rho)}, p = {p_value:.2g}"
                axes.set_title(text, loc="left")
                axes.set(xlabel=label(grid[f"{name}_similarity"], 30))
            row[0].set_ylabel(label(grid["correlation"], 30))
    return figure


def stimuli_figure(transfers: Mapping[str, xr.Dataset], style: FigureSettings) -> Figure:
    """Draw networks tested on another kind of stimulus against those trained on it.

    Parameters
    ----------
    transfers : dict of str to xarray.Dataset
        Network -> its transfer grid.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
        A panel for each ordered pair of stimuli, a point for each cell and network: correlation of
        the cell's network trained on the one and tested on the other, against that of its network
        trained and tested on the other.
    """
    first = next(iter(transfers.values()))
    stimuli = list(first["test_stimulus"].values)
    pairs = [(train, test) for train in stimuli for test in stimuli if train != test]
    columns = min(2, len(pairs))
    colors = [style.predicted_color, *(c for c in COLORS if c != style.predicted_color)]
    with rc(style):
        height = 3.6 + 0.18 * len(transfers)
        size = (3.1 * columns + 0.3, height * -(-len(pairs) // columns))
        figure = Figure(figsize=size, layout="constrained")
        panels = figure.subplots(-(-len(pairs) // columns), columns, squeeze=False).ravel()
        for axes, (train, test) in zip(panels, pairs, strict=False):
            axes.axline((0, 0), slope=1, color="0.6", linewidth=0.8, linestyle=(0, (4, 3)))
            for number, (model, grid) in enumerate(transfers.items()):
                own, moved = (_own_scores(grid, one, test) for one in (test, train))
                used = np.isfinite(own) & np.isfinite(moved)
                part = np.median(moved[used] / own[used]) if used.any() else np.nan
                name = f"{model} (n = {used.sum()}, median of y / x {text_of(part)})"
                look = {"color": colors[number % 7], "marker": MARKERS[number % 7], "s": 24}
                axes.scatter(own[used], moved[used], label=name, zorder=2, **look)
            axes.set_title(f"tested on {test}", loc="left")
            axes.set(xlabel=f"trained on {test}:\ncorrelation [1]",
                     ylabel=f"trained on {train}:\ncorrelation [1]")  # fmt: skip
            low = min(0.0, *axes.get_xlim(), *axes.get_ylim())
            axes.set(xlim=(low, 1.02), ylim=(low, 1.02), box_aspect=1)
            axes.legend(loc="upper left", bbox_to_anchor=(0, -0.2), alignment="left")
        for axes in panels[len(pairs) :]:
            axes.remove()
    return figure


def _own_scores(grid: xr.Dataset, train: str, test: str) -> np.ndarray:
    """Correlation (cell,) of each cell's own network trained on one stimulus, tested on another."""
    if train not in grid["train_stimulus"].values:
        return np.full(grid.sizes["source_cell"], np.nan)
    scores = grid["correlation"].sel(train_stimulus=train, test_stimulus=test)
    cells = grid["source_cell"].values
    return scores.sel(source_cell=cells, target_cell=cells).values.diagonal()
