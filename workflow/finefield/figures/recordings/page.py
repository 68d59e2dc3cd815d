"""A recording on one page: rates, trials, frames, the strongest averages, and what looks wrong."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from finefield.figures.maps import scale_bar_below
from finefield.figures.recordings.panels import (
    MAX_LETTERS,
    average_label,
    draw_average,
    draw_intervals,
    draw_rates,
    draw_trials,
)
from finefield.figures.settings import FigureSettings
from finefield.figures.style import axes_at, brief, count, rc, things, write_at

#: Width of the page, its margin, and where the right half begins [inches].
WIDTH, MARGIN, RIGHT = 7.2, 0.7, 4.1
#: Height of the rates, of a panel beside them, and between their tops [inches].
RATES, PANEL, STEP = 3.9, 0.85, 1.55
#: Side of a map and space between maps [inches].
SIDE, SPACE = 0.66, 0.1
#: Characters of a line of text at the bottom, and lines' distance [inches].
LETTERS, LINE = 118, 0.135


def recording_figure(
    quality: Mapping[str, xr.Dataset],
    wrong: Sequence[str],
    title: str,
    pixel_size: float,
    style: FigureSettings,
) -> Figure:
    """Draw what a recording holds.

    Parameters
    ----------
    quality : dict of str to xarray.Dataset
        Groups of a file `quality/{stimulus}.nc`.
    wrong : sequence of str
        What looks wrong, as from `tables.faults`.
    title : str
        Title of the page.
    pixel_size : float
        Side of a stimulus pixel [µm].
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    cells = quality["/"]
    lines = [line for fault in wrong for line in textwrap.wrap(f"• {fault}", LETTERS)]
    lines = lines or ["nothing"]
    seen = np.flatnonzero(cells["frame_slip"].notnull()) if "frame_slip" in cells else []
    maps = 0.55 + RATES + 0.6
    text = maps + (SIDE + 0.85 if len(seen) else 0)
    with rc(style):
        figure = Figure(figsize=(WIDTH, text + 0.35 + LINE * len(lines)))
        spikes = int(cells["n_spikes"].sum())
        about = f"{title}: {count(cells.sizes['cell'], 'cell')}, {things(spikes, 'spike')}"
        write_at(figure, 0.2, 0.12, about, fontsize=8, weight="bold")
        _rates(figure, cells, style)
        _sequences(figure, quality, style)
        if len(seen):
            write_at(figure, 0.2, maps - 0.1, average_label(cells), fontsize=7)
            _averages(figure, cells.isel(cell=seen), maps + 0.45, pixel_size, style)
        write_at(figure, 0.2, text, "What looks wrong", fontsize=8, weight="bold")
        write_at(figure, 0.2, text + 0.18, "\n".join(lines), fontsize=6.5, linespacing=1.25)
    return figure


def _rates(figure: Figure, cells: xr.Dataset, style: FigureSettings) -> None:
    """Rates over the recording, on the left."""
    axes = axes_at(figure, MARGIN, 0.55, 2.35, RATES)
    shown = draw_rates(axes, cells, style)
    axes.set_title("Cells: rate over the cell's mean; black: no spikes", loc="left")
    bar = figure.colorbar(shown, cax=axes_at(figure, MARGIN + 2.42, 0.55, 0.08, 1.2))
    bar.set_ticks([-2, -1, 0, 1, 2], labels=["1/4", "1/2", "1", "2", "4"])
    bar.ax.tick_params(labelsize=6.5, length=2)


def _sequences(figure: Figure, quality: Mapping[str, xr.Dataset], style: FigureSettings) -> None:
    """Trials of each sequence, and below them the intervals between frames, on the right."""
    names = [name for name in quality if name != "/"]
    right = WIDTH - RIGHT - 0.15
    half = (right - 0.6) / 2
    for number, name in enumerate(names):
        axes = axes_at(figure, RIGHT, 0.55 + number * STEP, right, PANEL)
        draw_trials(axes, quality[name], name, style)
        below = 0.55 + 2 * STEP
        axes = axes_at(figure, RIGHT + number * (half + 0.6), below, half, PANEL)
        draw_intervals(axes, quality[name], name, style)


def _averages(
    figure: Figure, cells: xr.Dataset, top: float, pixel_size: float, style: FigureSettings
) -> None:
    """Maps of averages in a row, the one with the highest peak over noise first."""
    order, short = np.argsort(-cells["sta_snr"].values), brief(cells["cell"].values, MAX_LETTERS)
    for number, row in enumerate(order):
        axes = axes_at(figure, 0.2 + number * (SIDE + SPACE), top, SIDE, SIDE)
        draw_average(axes, cells.isel(cell=row), short[row], style)
        if number == 0:
            scale_bar_below(axes, cells.sizes["x"], pixel_size)
