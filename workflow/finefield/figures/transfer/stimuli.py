"""How well networks predict responses to another stimulus than that of their training."""

from collections.abc import Mapping, Sequence
from itertools import cycle, permutations

import numpy as np
import pandas as pd
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from finefield.figures.labels import write_reason
from finefield.figures.settings import FigureSettings
from finefield.figures.style import (
    COLUMN,
    MARKERS,
    PAGE,
    axes_at,
    brief,
    count,
    letter,
    palette,
    rc,
)

#: Least range of an axis; sizes of panels, and of the space around them [inches].
LEAST, SIDE, LEFT, TOP, SPACE, BELOW, LINE = 0.1, 2.5, 0.65, 0.35, 1.0, 0.5, 0.14
#: Most letters of a stimulus' name, beside a panel as small as a composite's.
MOST_LETTERS = 18


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
        trained and tested on the other. All panels have the same limits.
    """
    first = next(iter(transfers.values()))
    pairs = list(permutations(first["test_stimulus"].values.tolist(), 2))
    columns = min(2, len(pairs))
    pitch = TOP + SIDE + pairs_foot(transfers)
    with rc(style):
        width = PAGE if columns > 1 else COLUMN
        figure = Figure(figsize=(width, -(-len(pairs) // columns) * pitch))
        places = [divmod(number, columns) for number in range(len(pairs))]
        places = [(LEFT + column * (SIDE + SPACE), TOP + row * pitch) for row, column in places]
        letter(draw_pairs(figure, places, SIDE, transfers, pairs, style), left=0.5)
    return figure


def pairs_foot(transfers: Mapping[str, xr.Dataset]) -> float:
    """Height of the text beneath a panel of `draw_pairs` [inches]."""
    return BELOW + LINE * (len(transfers) + 1)


def draw_pairs(
    figure: Figure,
    places: Sequence[tuple[float, float]],
    side: float,
    transfers: Mapping[str, xr.Dataset],
    pairs: Sequence[tuple[str, str]],
    style: FigureSettings,
) -> list[Axes]:
    """Draw for each pair of stimuli how well networks of the one predict responses to the other.

    Parameters
    ----------
    figure : Figure
        The page.
    places : sequence of (left, top)
        Where each panel stands, from the page's upper left corner [inches].
    side : float
        Side of a panel [inches].
    transfers : dict of str to xarray.Dataset
        Network -> its transfer grid.
    pairs : sequence of (str, str)
        Stimulus of the training, and that of the test.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    list of Axes
        The panels, which have the same limits.
    """
    stimuli = next(iter(transfers.values()))["test_stimulus"].values
    short = dict(zip(stimuli, brief(stimuli, MOST_LETTERS), strict=True))
    tables = [_scores(transfers, *pair) for pair in pairs]
    limits = _limits(pd.concat(tables) if tables else pd.DataFrame())
    looks = [
        dict(zip(transfers, cycle(kinds), strict=False)) for kinds in (palette(style), MARKERS)
    ]
    panels = [axes_at(figure, *place, side, side) for place in places]
    for axes, pair, table in zip(panels, pairs, tables, strict=True):
        _panel(axes, table, [short[one] for one in pair], looks)
        axes.set(xlim=limits, ylim=limits)
    return panels


def _panel(axes: Axes, table: pd.DataFrame, pair: list[str], looks: list[dict]) -> None:
    """One pair of stimuli."""
    train, test = pair
    title = f"tested on {test}: correlation"
    axes.set(xlabel=f"trained on {test}", ylabel=f"trained on {train}")
    if table.empty:
        return write_reason(axes, title, "no cell has both scores")
    colors, markers = looks
    axes.axline((0, 0), slope=1, color="0.6", linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    look = {"hue": "model", "style": "model", "palette": colors, "markers": markers}
    sns.scatterplot(table, x="own", y="moved", s=20, linewidth=0.3, ax=axes, **look)
    handles, names = axes.get_legend_handles_labels()
    short = dict(zip(colors, brief(colors), strict=True))
    texts = []
    for name in names:
        number = int((table["model"] == name).sum())
        texts.append(f"{short[name]} ({count(number, 'cell')})")
    axes.legend(handles, texts, loc="upper left", bbox_to_anchor=(-0.12, -0.19), borderaxespad=0)
    axes.set_title(title, loc="left")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5))


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    """Limits around all points, at least `LEAST` apart, and of round numbers."""
    values = table.to_numpy()[:, 1:].astype(float) if len(table) else np.array([0.0, 1.0])
    low, high = values.min(), values.max()
    space = max(0.05 * (high - low), (LEAST - (high - low)) / 2)
    return low - space, high + space


def _scores(transfers: Mapping[str, xr.Dataset], train: str, test: str) -> pd.DataFrame:
    """Scores of each network and cell: of the network trained on `test`, and on `train`."""
    parts = []
    for model, grid in transfers.items():
        own, moved = (_own_scores(grid, one, test) for one in (test, train))
        parts.append(pd.DataFrame({"model": model, "own": own, "moved": moved}))
    return pd.concat(parts).dropna()


def _own_scores(grid: xr.Dataset, train: str, test: str) -> np.ndarray:
    """Correlation (cell,) of each cell's own network trained on one stimulus, tested on another."""
    if train not in grid["train_stimulus"].values:
        return np.full(grid.sizes["source_cell"], np.nan)
    scores = grid["correlation"].sel(train_stimulus=train, test_stimulus=test)
    cells = grid["source_cell"].values
    return scores.sel(source_cell=cells, target_cell=cells).values.diagonal()
