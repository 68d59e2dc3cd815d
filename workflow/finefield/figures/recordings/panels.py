"""Panels of the page of a recording: rates, trials, intervals between frames, averages."""

import textwrap

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.image import AxesImage

from finefield.figures.labels import whole_numbers
from finefield.figures.maps import centred_norm, show_map
from finefield.figures.settings import FigureSettings
from finefield.figures.style import COLORS, SMALL, brief, count, label, text_of

#: Most cells whose names are written beside their rates.
MAX_NAMED = 38
#: Most letters of a name.
MAX_LETTERS = 10
#: Most letters of the line above the averages.
MAX_LINE = 118
#: Limit of the colours of rates: factors of four [log2].
LIMIT = 2.0


def draw_rates(axes: Axes, cells: xr.Dataset, style: FigureSettings) -> AxesImage:
    """Draw each cell's rate in each tenth of the recording, relative to the cell's mean.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    cells : xarray.Dataset
        Root of a recording's quality.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.image.AxesImage
        Binary logarithms; a tenth without spikes is black, one that was not observed grey.
    """
    rate, mean = cells["rate"].values, cells["mean_rate"].values[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.log2(rate / mean)
    silent = rate == 0
    shown = axes.imshow(
        np.ma.masked_invalid(np.where(silent, np.nan, change)), aspect="auto",
        cmap=style.diverging_colormap, norm=Normalize(-LIMIT, LIMIT), interpolation="nearest",
    )  # fmt: skip
    black = np.ma.masked_where(~silent, np.zeros(rate.shape))
    axes.imshow(black, aspect="auto", cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    parts = rate.shape[1]
    axes.set(facecolor="0.7", xlabel="tenth of the running sequence")
    axes.set_xticks(range(parts), range(1, parts + 1))
    names = brief(cells["cell"].values, MAX_LETTERS)
    if len(names) <= MAX_NAMED:
        axes.set_yticks(range(len(names)), names)
    return shown


def draw_trials(axes: Axes, frames: xr.Dataset, name: str, style: FigureSettings) -> None:
    """Draw the mean rate of all cells in each trial of a sequence; crosses are silent trials."""
    rate = frames["trial_rate"].values
    trial = 1 + np.arange(len(rate))
    look = {"marker": ".", "markersize": 3, "linewidth": 0.7, "color": style.measured_color}
    axes.plot(trial, rate, **look)
    silent = frames["silent_trial"].values
    axes.plot(silent, rate[silent - 1], "x", color=COLORS[0], markersize=5)
    more = f", {len(silent)} silent" if len(silent) else ""
    axes.set_title(f"{name}: {count(len(rate), 'trial')}{more}", loc="left")
    axes.set(xlabel="trial", ylabel="mean rate of\nall cells [Hz]")
    axes.xaxis.set_major_locator(whole_numbers(6))
    axes.set_ylim(bottom=min(0, -0.05 * rate.max(initial=1)))


def draw_intervals(axes: Axes, frames: xr.Dataset, name: str, style: FigureSettings) -> None:
    """Draw how many intervals between frames are how long."""
    if "interval" not in frames:
        axes.set_axis_off()
        axes.text(0, 0.5, f"{name}:\nno times of frames", va="center", fontsize=7)
        return
    length, count = frames["interval"].values, frames["interval_count"].values
    axes.bar(length, count, width=0.8 * (length[1] - length[0]), color=style.measured_color)
    axes.set_yscale("symlog", linthresh=1)
    axes.set_ylim(bottom=0)
    axes.set_title(f"{name}, gaps: {frames.sizes['gap']}", loc="left")
    last = f"{length[-1]:g}"
    axes.set_xticks([1, 2, length[-1]], ["1", "2", f"≥{last}"])
    axes.set(xlabel="interval [periods]", ylabel="number")


def draw_average(axes: Axes, cell: xr.Dataset, name: str, style: FigureSettings) -> None:
    """Draw the spatial part of a cell's average, with its name and its peak over its noise."""
    image = cell["sta_spatial"].values
    show_map(axes, image, centred_norm(image), style)
    found = cell["sta_note"].item() == ""
    kind = cell["polarity"].item() if found else "none"
    snr = text_of(float(cell["sta_snr"]), 1)
    axes.set_title(f"{name}\n{kind}, {snr}", fontsize=SMALL, pad=2)


def average_label(cells: xr.Dataset) -> str:
    """What the maps of averages show."""
    meaning = label(cells["sta_spatial"])
    number = int(cells["sta_frames"])
    text = f"First {number:,} stimulus frames: {meaning}, with cell, polarity and peak over noise"
    return textwrap.fill(text, MAX_LINE)
