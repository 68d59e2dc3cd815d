"""Responses that predictions are tested on, with the predictions and their errors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from finefield.figures.labels import whole_numbers
from finefield.figures.settings import FigureSettings
from finefield.figures.style import (
    PAGE,
    axes_at,
    count,
    line,
    size_of,
    text_of,
    things,
)

#: Repeats and frames shown, and how much of it is enlarged [s].
MAX_TRIALS, MAX_FRAMES, ENLARGED = 30, 300, 1.0
#: Axes beneath the spikes.
RATES = ("firing rate\n[Hz]", "error\n[Hz]")
#: Sizes [inches]: left edge on a cell's page, space between rows and above them, between columns.
LEFT, GAP, ABOVE, BETWEEN = 0.62, 0.1, 0.55, 0.28


@dataclass(frozen=True)
class Rows:
    """Where responses stand on a page [inches].

    Attributes
    ----------
    left, whole : float
        Left edge, and width of what shows many seconds; the rest of the page shows one of them.
    heights : tuple of float
        Of the spikes, of the rates and, with a third one, of the errors.
    names : int
        Names in a line of the legend.
    """

    left: float = LEFT
    whole: float = 4.35
    heights: tuple[float, ...] = (0.85, 0.85, 0.5)
    names: int = 3

    @property
    def height(self) -> float:
        """Height of all, with the text above and beneath."""
        return ABOVE + sum(self.heights) + GAP * (len(self.heights) - 1) + 0.4


#: Rows on a cell's page.
PAGE_ROWS = Rows(left=0.7, whole=4.3, heights=(0.5, 0.62, 0.4))


@dataclass(frozen=True)
class _Sequence:
    """What was tested: its names, the trials that are shown, and its first frame."""

    title: str
    name: str
    trial: str
    trials: int
    begin: int

    @classmethod
    def of(cls, responses: xr.Dataset, tested_on: str) -> "_Sequence":
        begin = int(responses["first_frame"][0])
        if tested_on == "blocks":
            return cls("Responses kept for testing", "stimulus", "block", 1, begin)
        return cls(
            "Responses to the frozen sequence", "frozen sequence", "repeat", MAX_TRIALS, begin
        )

    def first(self, data: xr.Dataset) -> xr.Dataset:
        """The frames that are shown, without those of another block."""
        frame = data["frame"].values
        follows = np.cumsum(np.diff(frame, prepend=frame[:1]) > 1) == 0
        return data.isel(frame=follows & (frame < self.begin + MAX_FRAMES))


def draw_responses(
    figure: Figure,
    top: float,
    responses: xr.Dataset,
    rates: dict[str, xr.Dataset],
    scores: dict[str, float],
    tested_on: str,
    style: FigureSettings,
    rows: Rows = PAGE_ROWS,
) -> list[Axes]:
    """Draw responses, measured rates and errors: of many seconds, and of one of them.

    Parameters
    ----------
    figure : Figure
        The page.
    top : float
        Where the panels begin, from the page's upper edge [inches].
    responses : xarray.Dataset
        Responses to the repeats, or in blocks kept for testing.
    rates : dict of str to xarray.Dataset
        "LN model" and "network" -> measured and predicted rates in the tested frames.
    scores : dict of str to float
        Correlations of both, and "noise ceiling", if it is known.
    tested_on : {"frozen", "blocks"}
        What the responses are.
    style : FigureSettings
        The config's part `figures`.
    rows : Rows
        Where on the page.

    Returns
    -------
    list of Axes
        The panels of many seconds.
    """
    frame, of = 1 / float(responses.attrs["frame_rate"]), _Sequence.of(responses, tested_on)
    rates = {name: of.first(one) for name, one in rates.items()}
    second = _busiest(rates["network"], frame)
    columns, right = [], rows.left + rows.whole + BETWEEN
    for left, width in ((rows.left, rows.whole), (right, PAGE - right - 0.1)):
        column = _column(figure, left, top + ABOVE, width, rows.heights)
        which = _raster(column[0], responses, of, frame)
        _rates(column[1], rates, frame, style)
        if len(column) > 2:
            _errors(column[2], rates, frame, style)
        columns.append(column)
    _finish(columns, second, frame, of)
    raster, rate = columns[0][:2]
    raster.set_title(f"{of.title}, {which}", loc="left", pad=17)
    columns[1][0].set_title("one second of it", loc="left", pad=17)
    names = {"measured": "noise ceiling", "LN model": "r", "network": "r"}
    handles, found = rate.get_legend_handles_labels()
    texts = [
        f"{one}, {names[one]} = {text_of(scores[one])}" if one in scores else one for one in found
    ]
    raster.legend(
        handles, texts, loc="lower left", bbox_to_anchor=(0, 1), ncols=rows.names, borderaxespad=0.3
    )
    return columns[0]


def _column(
    figure: Figure, left: float, top: float, width: float, heights: Sequence[float]
) -> list[Axes]:
    """Axes beneath each other, with one time."""
    column: list[Axes] = []
    for height in heights:
        shared = {"sharex": column[0]} if column else {}
        column.append(axes_at(figure, left, top, width, height, **shared))
        top += height + GAP
    return column


def _finish(columns: Sequence[Sequence[Axes]], second: float, frame: float, of: _Sequence) -> None:
    """Labels at the left and at the foot, and the part that is enlarged."""
    for column, is_whole in zip(columns, (True, False), strict=True):
        for axes, name in zip(column, (of.trial, *RATES), strict=False):
            axes.tick_params(labelbottom=axes is column[-1], labelleft=is_whole)
            axes.set(xlabel="", ylabel=name if is_whole else "")
            if is_whole:
                axes.yaxis.set_label_coords(-0.33 / size_of(axes)[0], 0.5)
                over = {"facecolor": "none", "edgecolor": "black", "linewidth": 0.6}
                axes.axvspan(second, second + ENLARGED, zorder=4, **over)
        column[-1].set_xlabel(f"time in the {of.name} [s]" if is_whole else "time [s]")
        column[-1].xaxis.set_major_locator(MaxNLocator(6 if is_whole else 3))
    for axes, beside in zip(*columns, strict=True):
        beside.set_ylim(axes.get_ylim())
    columns[0][0].set_xlim((of.begin - 0.5) * frame, columns[0][0].dataLim.xmax)
    columns[1][0].set_xlim(second, second + ENLARGED)


def _raster(axes: Axes, responses: xr.Dataset, of: _Sequence, frame: float) -> str:
    """Spike counts of the first repeats, darker for more spikes; what is shown."""
    counts = responses["spike_count"].isel(cell=0).transpose("trial", "frame").values
    shown, first = counts[: of.trials, :MAX_FRAMES], of.begin - 0.5
    most = int(shown.max(initial=1))
    extent = (first * frame, (first + shown.shape[1]) * frame, len(shown) + 0.5, 0.5)
    axes.imshow(
        shown, cmap="Greys", norm=PowerNorm(0.5, 0, most), aspect="auto", extent=extent,
        interpolation="nearest",
    )  # fmt: skip
    axes.yaxis.set_major_locator(whole_numbers(3))
    which = "all" if len(shown) == len(counts) else f"first {len(shown)} of"
    which = "the first of" if len(shown) == 1 < len(counts) else which
    return f"{which} {count(len(counts), of.trial)} (black: {things(most, 'spike')})"


def _looks(style: FigureSettings) -> dict[str, dict]:
    return {"LN model": {"color": style.ln_color}, "network": {"color": style.predicted_color}}


def _rates(axes: Axes, rates: dict[str, xr.Dataset], frame: float, style: FigureSettings) -> None:
    """Mean measured rate, as a line on its area, with both predictions."""
    measured = rates["network"]
    time, rate = frame * measured["frame"].values, measured["measured_rate"].values
    axes.fill_between(time, rate, step="mid", color=style.measured_color, alpha=0.2, linewidth=0)
    look = {"color": style.measured_color, "linewidth": 0.8, "label": "measured"}
    line(axes, time, rate, drawstyle="steps-mid", **look)
    for name, look in _looks(style).items():
        shown = rates[name]
        time, predicted = frame * shown["frame"].values, shown["predicted_rate"].values
        line(axes, time, predicted, linewidth=0.9, label=name, **look)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(4))


def _errors(axes: Axes, rates: dict[str, xr.Dataset], frame: float, style: FigureSettings) -> None:
    """Predicted less measured rates, with the same limit on both sides of zero."""
    limit = 0.0
    for name, look in _looks(style).items():
        shown = rates[name]
        error = (shown["predicted_rate"] - shown["measured_rate"]).values
        limit = max(limit, float(np.nanmax(np.abs(error), initial=0)))
        time = frame * shown["frame"].values
        line(axes, time, error, linewidth=0.8, **look)
    axes.axhline(0, color="0.6", linewidth=0.5, zorder=0)
    axes.set_ylim(-1.05 * (limit or 1), 1.05 * (limit or 1))
    axes.yaxis.set_major_locator(MaxNLocator(2, symmetric=True))


def _busiest(rates: xr.Dataset, frame: float) -> float:
    """Where the second of the highest measured rates begins [s]."""
    rate, length = rates["measured_rate"].values, max(1, round(ENLARGED / frame))
    if len(rate) <= length:
        return frame * float(rates["frame"].values[0]) if len(rate) else 0.0
    sums = np.convolve(np.nan_to_num(rate), np.ones(length), "valid")
    return frame * float(rates["frame"].values[sums.argmax()])
