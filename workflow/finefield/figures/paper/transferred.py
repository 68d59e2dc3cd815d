"""How well networks predict other cells, and what explains it."""

import textwrap

import xarray as xr
from matplotlib.figure import Figure

from finefield.figures.paper.rows import head
from finefield.figures.settings import FigureSettings
from finefield.figures.style import (
    PAGE,
    SMALL,
    axes_at,
    brief,
    letter,
    rc,
    text_of,
    things,
    write_at,
)
from finefield.figures.transfer.grid import draw_grid, grid_height, grid_note
from finefield.figures.transfer.similarity import NAMES, draw_similarity, limits_around

#: Width of the grid, and left edge, width, height and tops of the panels beside it [inches].
GRID, LEFT, WIDTH, HEIGHT, TOPS = 4.0, 4.85, 2.15, 1.25, (0.45, 2.65)
#: Height of a line of the notes beneath the grid [inches], and its most letters.
LINE, LETTERS = 0.115, 92


def transferred_figure(transfer: xr.Dataset, style: FigureSettings) -> Figure:
    """Draw the transfer grid of one stimulus beside transfer against similarity of cells.

    Parameters
    ----------
    transfer : xarray.Dataset
        The transfer grid of one network, as from `grid.transfer_grid`; its first stimulus is drawn.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    stimulus = transfer["train_stimulus"].values[0]
    transfer = transfer.sel(train_stimulus=[stimulus], test_stimulus=[stimulus])
    grid = transfer.sel(train_stimulus=stimulus, test_stimulus=stimulus)
    notes = [*grid_note(transfer, GRID).split("\n"), _advantage(grid)]
    notes = [line for note in notes for line in textwrap.wrap(note, LETTERS)]
    below = grid_height(transfer, GRID) + 0.15
    height = max(below + LINE * len(notes) + 0.1, TOPS[1] + HEIGHT + 0.6)
    limits = limits_around(transfer["correlation"].values)
    with rc(style):
        figure = Figure(figsize=(PAGE, height))
        draw_grid(figure, 0.05, transfer, style, GRID)
        head(figure, 0.1, 0.1, "a")
        panels = []
        for name, top in zip(NAMES, TOPS, strict=True):
            panels.append(axes_at(figure, LEFT, top, WIDTH, HEIGHT))
            draw_similarity(panels[-1], grid, name, limits, style)
        letter(panels, left=0.45, up=0.15, first="b")
        write_at(figure, 0.1, below, "\n".join(notes), fontsize=SMALL, linespacing=1.3)
    return figure


def _advantage(grid: xr.Dataset) -> str:
    """How much better a cell's own network is than those of others."""
    number = int(grid["own_advantage_n"])
    median, p_value = (float(grid[f"own_advantage{end}"]) for end in ("", "_p"))
    (name,) = brief([grid["train_stimulus"].item()])
    if not number:
        return f"trained and tested on {name}"
    return (
        f"own network less the mean of others: median {text_of(median)} over "
        f"{things(number, 'target cell')}, p = {p_value:.2g} (one-sided Wilcoxon signed-rank test)"
    )
