"""How well each cell's network predicts each cell, as heat maps."""

from dataclasses import dataclass

import numpy as np
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from finefield.figures.settings import FigureSettings
from finefield.figures.style import (
    COLUMN,
    LETTERS,
    PAGE,
    SMALL,
    axes_at,
    brief,
    label,
    rc,
    text_of,
    things,
    write_at,
)

#: Sides of a cell of the grid in which a number, and a name beside which, can be read [inches].
WRITTEN, NAMED = 0.23, 0.105
#: Sizes [inches]: the largest sides of an entry and of a map, space above and between maps, for the
#: colour bar, and for the notes.
ENTRY, SIDE, TITLE, SPACE, BAR, FOOT = 0.7, 3.2, 0.42, 0.2, 0.55, 0.5
#: Dimensions of the scores: those of the panels, and those within each.
ORDER = ("train_stimulus", "test_stimulus", "source_cell", "target_cell")
#: Width of a letter of a name [inches].
LETTER = 0.052


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
        One heat map for each pair of stimuli, all on one colour scale, which is centred at zero
        if a score is negative.
    """
    sizes, foot = _Sizes.of(transfer, PAGE), grid_note(transfer)
    with rc(style):
        figure = Figure(figsize=(max(COLUMN, sizes.width), sizes.height + FOOT))
        draw_grid(figure, 0, transfer, style)
        write_at(figure, 0.1, sizes.height + 0.05, foot, fontsize=SMALL)
    return figure


@dataclass(frozen=True)
class _Sizes:
    """Sizes on the page [inches]: of names at the edge, of a map, and of all."""

    edge: float
    side: float
    high: float
    width: float
    height: float
    framed: bool

    @classmethod
    def of(cls, transfer: xr.Dataset, width: float) -> "_Sizes":
        trained, tested, n_sources, n_targets = (transfer.sizes[name] for name in ORDER)
        edge = 0.4 + LETTER * max(map(len, brief(transfer["target_cell"].values)))
        side = min(SIDE, (width - edge - BAR) / tested - SPACE, ENTRY * n_targets + 0.6)
        high = side * n_sources / n_targets
        across = edge + tested * (side + SPACE) + BAR
        height = trained * (high + TITLE + SPACE) + edge
        # Frames of small entries would hide the scores.
        return cls(edge, side, high, across, height, side / n_targets >= NAMED)


def grid_height(transfer: xr.Dataset, width: float = PAGE) -> float:
    """Height of `draw_grid` on the page [inches]."""
    return _Sizes.of(transfer, width).height


def draw_grid(
    figure: Figure, top: float, transfer: xr.Dataset, style: FigureSettings, width: float = PAGE
) -> list[Axes]:
    """Draw a heat map for each pair of stimuli, with their colour bar.

    Parameters
    ----------
    figure : Figure
        The page.
    top : float
        Where the titles of the first maps begin, from the page's upper edge [inches].
    transfer : xarray.Dataset
        As for `transfer_figure`.
    style : FigureSettings
        The config's part `figures`.
    width : float
        Most width, from the page's left edge [inches].

    Returns
    -------
    list of Axes
        The heat maps, row by row.
    """
    sizes = _Sizes.of(transfer, width)
    transfer, ends = in_clusters(transfer)
    scores = transfer["correlation"].transpose(*ORDER)
    trained, tested = scores.shape[:2]
    edge, side, high, panels = sizes.edge, sizes.side, sizes.high, []
    colors = _colors(scores.values, style)
    for row in range(trained):
        for column in range(tested):
            place = (edge + column * (side + SPACE), top + TITLE + row * (high + TITLE + SPACE))
            panels.append(axes := axes_at(figure, *place, side, high))
            _heat_map(axes, scores[row, column], colors, sizes)
            _name(axes, scores[row, column], side, column == 0, row == trained - 1)
            for end in ends:
                # White is a score of the diverging map.
                part = {"color": "black" if colors["vmin"] < 0 else "white", "linewidth": 1.2}
                axes.axhline(end, **part)
                axes.axvline(end, **part)
    place = (edge + tested * (side + SPACE) - 0.08, top + TITLE, 0.09, min(high, 1.6))
    bar = figure.colorbar(axes.collections[0], cax=axes_at(figure, *place))
    bar.set_label(label(scores))
    bar.outline.set_linewidth(0.5)
    return panels


def _colors(scores: np.ndarray, style: FigureSettings) -> dict[str, object]:
    """Colormap and limits: from zero, or symmetric about zero if a score is negative."""
    values = scores[np.isfinite(scores)]
    limit = np.abs(values).max(initial=0) or 1.0
    if values.min(initial=0) < 0:
        return {"cmap": style.diverging_colormap, "vmin": -limit, "vmax": limit}
    return {"cmap": style.sequential_colormap, "vmin": 0.0, "vmax": limit}


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


def grid_note(transfer: xr.Dataset, width: float = PAGE) -> str:
    """How many cells there are, in which order, and what frames and hatches of a grid are."""
    scores = transfer["correlation"]
    sources, targets = scores["source_cell"].values, scores["target_cell"].values
    lines = [f"n = {len(sources)} source and {things(len(targets), 'target cell')}"]
    if np.any(sources[:, None] == targets):
        where = "framed" if _Sizes.of(transfer, width).framed else "on the diagonal"
        lines[0] += f"; {where}: a cell's own network"
    if "cluster_order" in transfer and len(sources) > 1:
        (stimulus,) = brief([transfer["train_stimulus"].values[0]])
        lines.append(
            f"cells in the order of clusters of mutual transfer, trained and tested on {stimulus}"
        )
    if missing := int(np.isnan(scores.values).sum()):
        lines.append(f"hatched: {missing} of {scores.size} pairs without a correlation")
    return "\n".join(lines)


def _heat_map(axes: Axes, scores: xr.DataArray, colors: dict, sizes: _Sizes) -> None:
    """One panel: sources in rows, targets in columns."""
    values = scores.values
    written = sizes.side / values.shape[1] >= WRITTEN
    texts = np.vectorize(text_of, otypes=[str])(values)
    sns.heatmap(
        values, ax=axes, cbar=False, annot=texts if written else None, fmt="",
        annot_kws={"fontsize": SMALL}, xticklabels=False, yticklabels=False, **colors,
    )  # fmt: skip
    halo = withStroke(linewidth=2.4, foreground="white")
    own = scores["source_cell"].values[:, None] == scores["target_cell"].values
    missing = {"facecolor": "0.85", "edgecolor": "0.55", "hatch": "////", "linewidth": 0}
    for row, column in np.argwhere(np.isnan(values)):
        axes.add_patch(Rectangle((column, row), 1, 1, **missing))
    if not sizes.framed:
        return
    framed = {"fill": False, "edgecolor": "black", "path_effects": [halo], "zorder": 3}
    for row, column in np.argwhere(own):
        axes.add_patch(Rectangle((column, row), 1, 1, clip_on=False, **framed))


def _name(axes: Axes, scores: xr.DataArray, side: float, first: bool, last: bool) -> None:
    """Names of cells and of stimuli, at the left and lower edge of all panels."""
    sources, targets = (brief(scores[name].values) for name in scores.dims)
    every = int(np.ceil(NAMED * len(targets) / side))
    if last:
        axes.set_xticks(np.arange(len(targets))[::every] + 0.5, targets[::every], rotation=90)
        axes.set_xlabel("target cell")
    if first:
        axes.set_yticks(np.arange(len(sources))[::every] + 0.5, sources[::every], rotation=0)
        axes.set_ylabel("source cell (the network's)")
    axes.tick_params(length=0, labelsize=SMALL)
    stimuli = [scores[f"{what}_stimulus"].item() for what in ("train", "test")]
    train, test = brief(stimuli, min(LETTERS, int(side / LETTER) - 11))
    axes.set_title(f"trained on {train}\ntested on {test}", loc="left", fontsize=SMALL)
