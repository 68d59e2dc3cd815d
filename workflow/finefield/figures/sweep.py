"""Scores of networks over the values of one of their settings."""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from finefield.base.labels import value_text
from finefield.figures.labels import whole_numbers
from finefield.figures.settings import FigureSettings
from finefield.figures.style import (
    COLUMN,
    MARKERS,
    SMALL,
    axes_at,
    brief,
    label,
    letter,
    line,
    palette,
    rc,
    things,
    write_at,
)

#: Scores with a panel, and the limits of their axes; a None is left to the data.
PANELS = {
    "correlation": (None, None),
    "recall": (-0.03, 1.03),
    "precision": (-0.03, 1.03),
    "n_found": (0, None),
}
#: Numbers that span more than this factor have a logarithmic axis.
LOG_SPAN = 10
#: Most cells with a line of their own, and letters of a value that is text.
MAX_LINES, VALUE = 30, 8
#: Distance of panels, their width and height [inches], and width of a tick label's character.
PITCH, WIDTH, HEIGHT, CHARACTER = 1.75, 1.12, 1.3, 0.052


def sweep_figure(data: xr.Dataset, style: FigureSettings) -> Figure:
    """Draw each score over the swept values, as lines of cells and as their mean.

    Parameters
    ----------
    data : xarray.Dataset
        A sweep's file: `correlation`, `n_found` and, if simulated, `recall` and `precision`, over
        (model, value, cell), with their `_mean`, `_sd` and `_n`.
    style : FigureSettings
        The config's part `figures`; its `predicted_color` is the first network's.

    Returns
    -------
    matplotlib.figure.Figure
        A panel for each score, in which a network has thin lines of its cells, a thick one of their
        mean and a band of one SD. Numbers stand in order, text as in the config.
    """
    panels = len(_scores(data))
    with rc(style):
        size = (max(COLUMN, PITCH * panels + 0.2), sweep_height(data))
        figure = Figure(figsize=size)
        letter(draw_sweep(figure, 0, data, style), left=0.5, up=0.08)
    return figure


def sweep_height(data: xr.Dataset) -> float:
    """Height of the panels of a sweep on the page, with the text above and beneath [inches]."""
    return _top(data) + HEIGHT + 0.5


def draw_sweep(figure: Figure, top: float, data: xr.Dataset, style: FigureSettings) -> list[Axes]:
    """Draw each score of a sweep in a panel of its own, from left to right.

    Parameters
    ----------
    figure : Figure
        The page.
    top : float
        Where the text above the panels begins, from the page's upper edge [inches].
    data : xarray.Dataset
        As for `sweep_figure`.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    list of Axes
        The panels.
    """
    names, note, handles = _scores(data), _caption(data), []
    if np.issubdtype(data["value"].dtype, np.number):
        data = data.sortby("value")
    colors = palette(style)
    lefts = [PITCH * (number + 1) - WIDTH for number in range(len(names))]
    panels = [axes_at(figure, left, top + _top(data), WIDTH, HEIGHT) for left in lefts]
    for number, model in enumerate(data["model"].values.tolist()):
        color, marker = colors[number % len(colors)], MARKERS[number % len(MARKERS)]
        look = {"color": color, "marker": marker, "markersize": 4, "linewidth": 1.4}
        handles.append(Line2D([], [], label=brief([model])[0], **look))
        for axes, name in zip(panels, names, strict=True):
            _curves(axes, data.sel(model=model), name, look)
    for axes, name in zip(panels, names, strict=True):
        _finish(axes, data, name)
        axes.set_xlabel(label(data["value"], 24))
    write_at(figure, 0.1, top + 0.08, "\n".join(note), fontsize=SMALL)
    width, height = figure.get_size_inches()
    place = (0.08 / width, 1 - (top + 0.08 + 0.12 * len(note)) / height)
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=place, borderaxespad=0)
    return panels


def _scores(data: xr.Dataset) -> list[str]:
    return [name for name in PANELS if name in data]


def _top(data: xr.Dataset) -> float:
    """Height of the text above the panels [inches]."""
    return 0.35 + 0.12 * (data.sizes["model"] + len(_caption(data)))


def _curves(axes: Axes, data: xr.Dataset, name: str, look: Mapping) -> None:
    """One network's score in one panel."""
    x = _places(data["value"])
    color, mean, spread = look["color"], data[f"{name}_mean"].values, data[f"{name}_sd"].values
    if data.sizes["cell"] > 1:
        if data.sizes["cell"] <= MAX_LINES:
            for cell in data[name].transpose("cell", "value").values:
                line(axes, x, cell, color=color, linewidth=0.4, alpha=0.4)
        axes.fill_between(x, mean - spread, mean + spread, color=color, alpha=0.18, linewidth=0)
    line(axes, x, mean, zorder=3, clip_on=False, **look)


def _places(value: xr.DataArray) -> np.ndarray:
    """Where values stand on the axis: text at 0, 1, 2, …"""
    is_number = np.issubdtype(value.dtype, np.number)
    return value.values if is_number else np.arange(value.size)


def _finish(axes: Axes, data: xr.Dataset, name: str) -> None:
    """Scale, ticks, labels and the number of cells of a panel."""
    x = _places(data["value"])
    texts = [value_text(value) for value in data["value"].values.tolist()]
    texts = brief(texts, VALUE) if data["value"].dtype.kind in "OUT" else texts
    is_log = np.issubdtype(data["value"].dtype, np.number) and x[0] > 0 and x[-1] > LOG_SPAN * x[0]
    low, high = PANELS[name]
    axes.set_ylim(low, high)
    places = np.log(x) if is_log else x.astype(float)
    margin = 0.05 * np.ptp(places)
    limits = places[0] - margin, places[-1] + margin
    axes.set(xscale="log" if is_log else "linear", xlim=np.exp(limits) if is_log else limits)
    _ticks(axes, x, (places - places[0]) / np.ptp(places), texts)
    axes.yaxis.set_major_locator(whole_numbers(5) if name == "n_found" else MaxNLocator(5))
    axes.set_ylabel(label(data[name], 26))
    least, most = int(data[f"{name}_n"].min()), int(data[f"{name}_n"].max())
    axes.set_title(f"n = {'' if least == most else f'{least} to '}{things(most, 'cell')}")
    if not most:
        axes.set_yticks([])
        axes.text(0.5, 0.5, "undefined", transform=axes.transAxes, ha="center", va="center")


def _ticks(axes: Axes, x: np.ndarray, place: np.ndarray, texts: list[str]) -> None:
    """A tick for every value, with the labels that do not touch the one before."""
    reached, shown = -np.inf, []
    for where, text in zip(0.9 * WIDTH * place, texts, strict=True):
        half = CHARACTER * (len(text) + 1) / 2
        is_free = where - half >= reached
        shown.append(text if is_free else "")
        reached = where + half if is_free else reached
    axes.set_xticks(x, shown)
    axes.minorticks_off()


def _caption(data: xr.Dataset) -> list[str]:
    """What lines and bands are, and how many networks are without a correlation."""
    lines = []
    if data.sizes["cell"] > 1:
        thin = "thin: cells · " if data.sizes["cell"] <= MAX_LINES else ""
        lines.append(f"{thin}thick: mean of cells · band: SD over cells")
    missing, total = int(data["correlation"].isnull().sum()), data["correlation"].size
    if missing:
        lines.append(f"{missing} of {total} networks without a correlation")
    return lines
