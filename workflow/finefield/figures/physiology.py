"""How a simulated cell with a membrane behaves: potential, contrast response, gratings."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from finefield.figures.settings import FigureSettings
from finefield.figures.style import (
    COLORS,
    MARKERS,
    PAGE,
    TEXT,
    axes_at,
    brief,
    count,
    label,
    letter,
    line,
    rc,
    text_of,
    write_at,
)

#: Height of the page and its margin [inches].
HEIGHT, MARGIN = 4.6, 0.7
#: Time shown of the potential [s].
SHOWN = 2.0
#: A larger nonlinearity index divides by an F1 of all but nothing.
LARGEST = 10


def physiology_figure(
    physiology: xr.Dataset, responses: xr.Dataset, style: FigureSettings
) -> Figure:
    """Draw a cell's potential, contrast response, and sums over reversing gratings.

    Parameters
    ----------
    physiology : xarray.Dataset
        The cell's file of that name.
    responses : xarray.Dataset
        Its responses to the running sequence.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    with rc(style):
        figure = Figure(figsize=(PAGE, HEIGHT))
        write_at(figure, 0.2, 0.12, _title(responses), fontsize=TEXT + 1, weight="bold")
        axes = axes_at(figure, MARGIN, 0.65, PAGE - MARGIN - 0.2, 1.2)
        draw_potential(axes, responses, style, "running sequence")
        _contrast(axes_at(figure, MARGIN, 2.6, 1.5, 1.5), physiology, style)
        _gratings(axes_at(figure, 3.1, 2.6, 1.5, 1.5), physiology, style)
        _phases(axes_at(figure, 5.5, 2.6, 1.5, 1.5), physiology, style)
        letter(figure.axes, left=0.5, up=0.02)
    return figure


def _title(responses: xr.Dataset) -> str:
    counts = responses["spike_count"].values
    rate = counts.mean() * float(responses.attrs["frame_rate"])
    most = f"{counts.max()} in a frame at most"
    (cell,) = brief(responses["cell"].values[:1])
    return f"cell {cell}\n{text_of(rate)} Hz, {count(int(counts.sum()), 'spike')}, {most}"


def draw_potential(axes: Axes, responses: xr.Dataset, style: FigureSettings, sequence: str) -> None:
    """Draw the membrane potential of a cell at the start of a sequence.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    responses : xarray.Dataset
        Responses to the sequence, of a cell with a membrane.
    style : FigureSettings
        The config's part `figures`.
    sequence : str
        What the title calls the sequence.
    """
    step = float(responses["step_duration"]) / 1000
    potential = responses["membrane_potential"].values[: round(SHOWN / step)]
    time = step * (1 + np.arange(len(potential)))
    axes.plot(time, potential, color=style.measured_color, linewidth=0.7)
    first = responses["spike_trial"].values == 0
    spikes = responses["spike_time"].values[first]
    spikes = spikes[spikes < SHOWN]
    top = potential.max(initial=-40) + 6
    axes.plot(spikes, np.full(len(spikes), top), "|", color="black", markersize=5)
    axes.set_title(f"Start of the {sequence}; bars: {count(len(spikes), 'spike')}", loc="left")
    axes.set(xlabel="time [s]", ylabel="membrane\npotential [mV]", xlim=(0, SHOWN))


def _contrast(axes: Axes, physiology: xr.Dataset, style: FigureSettings) -> None:
    """Mean rate with a flickering field, of each contrast."""
    look = {"marker": "o", "markersize": 4, "color": style.measured_color}
    x, y = (physiology[name].values for name in ("flicker_contrast", "contrast_response"))
    line(axes, x, y, **look)
    frequency = text_of(float(physiology["frequency"]), 1)
    axes.set_title(f"Uniform field at {frequency} Hz", loc="left")
    axes.set(xlabel="contrast", ylabel="mean rate [Hz]")
    axes.set_ylim(bottom=0)


def _harmonics(axes: Axes, x: np.ndarray, first: np.ndarray, second: np.ndarray) -> None:
    for number, (name, values) in enumerate((("F1", first), ("F2", second))):
        look = {"marker": MARKERS[number], "markersize": 4, "color": COLORS[number]}
        line(axes, x, values, label=name, **look)
    axes.legend(loc="best", handlelength=1.5)
    axes.set_ylim(bottom=0)


def _gratings(axes: Axes, physiology: xr.Dataset, style: FigureSettings) -> None:
    """Mean amplitudes over phases, of each spatial period."""
    first, second = (physiology[f"{name}_harmonic"].values for name in ("first", "second"))
    _harmonics(axes, physiology["grating_period"].values, first.mean(1), second.mean(1))
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter("{x:g}")
    value = float(physiology["nonlinearity_index"])
    index = f"> {LARGEST}" if value > LARGEST else text_of(value, 1, "?")
    axes.set_title(f"Gratings; nonlinearity index {index}", loc="left")
    axes.set(xlabel=label(physiology["grating_period"], 22), ylabel="mean amplitude [Hz]")


def _phases(axes: Axes, physiology: xr.Dataset, style: FigureSettings) -> None:
    """Amplitudes at each phase of the period whose second harmonic is largest."""
    period = int(physiology["second_harmonic"].values.mean(1).argmax())
    one = physiology.isel(period=period)
    first, second = (one[f"{name}_harmonic"].values for name in ("first", "second"))
    _harmonics(axes, one["grating_phase"].values, first, second)
    axes.set_title(f"Period {text_of(float(one['grating_period']), 1)} pixels", loc="left")
    axes.set(xlabel="spatial phase [degree]", ylabel="amplitude [Hz]", xticks=[0, 45, 90, 135])
