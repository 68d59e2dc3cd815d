"""Curves of one cell's page: time courses, training, and the score without some filters."""

import textwrap

import numpy as np
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from finefield.figures.labels import whole_numbers
from finefield.figures.settings import FigureSettings
from finefield.figures.style import count, label, line, progress, text_of, units

#: Where the legend of a panel stands: above it.
ABOVE = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0.2, "handlelength": 1.6}
DASHED = (0, (3, 2))


def draw_temporal(
    axes: Axes, cell: xr.Dataset, sta: xr.Dataset, filters: xr.Dataset, style: FigureSettings
) -> None:
    """Temporal profiles, each of unit norm, with the spike at the right."""
    frame = 1000 / float(sta.attrs["frame_rate"])

    def draw(profile: xr.DataArray, **look) -> None:
        norm = np.linalg.norm(profile.values)
        time = frame * np.arange(profile.size)
        line(axes, time, profile.values / (norm or 1), **look)

    effective = np.flatnonzero(filters["effective"].values == 1)
    for number, one in enumerate(effective):
        name = f"effective filters (n = {len(effective)})" if number == 0 else None
        look = {"color": style.predicted_color, "alpha": 0.7, "linewidth": 0.8}
        draw(filters["temporal"].isel(filter=one), label=name, **look)
    draw(sta["sta_temporal"], color=style.measured_color, linewidth=1.6, label="STA")
    if "temporal_filter" in cell:
        look = {"color": "black", "linestyle": DASHED, "label": "true temporal filter"}
        draw(cell["temporal_filter"], **look)
    axes.axhline(0, color="0.7", linewidth=0.6, zorder=0)
    axes.invert_xaxis()
    axes.set(xlabel="time before the spike [ms]", ylabel="temporal profile,\nof unit norm")
    axes.legend(**ABOVE)


def draw_learning(axes: Axes, model: xr.Dataset, style: FigureSettings) -> None:
    """Losses at each check, and the check whose weights were kept."""
    step = model["step"].values if "step" in model else np.arange(1, model.sizes["epoch"] + 1)
    colors = {"train_loss": style.measured_color, "validation_loss": style.predicted_color}
    for name, color in colors.items():
        what, _, where = model[name].attrs.get("long_name", name).partition(" on ")
        where = where.split(",")[0]
        line(axes, step, model[name].values, color=color, label=where or what)
    name = textwrap.fill(what + units(model["validation_loss"]), 14)
    axes.set(xlabel=f"training {progress(model)}", ylabel=name)
    axes.xaxis.set_major_locator(whole_numbers(5))
    loss = model["validation_loss"].values
    if "best_step" in model:
        best, name = int(np.argmin(np.abs(step - float(model["best_step"])))), "weights kept"
    elif np.isfinite(loss).any():
        best, name = int(np.nanargmin(loss)), "lowest on validation data"
    else:
        return
    look = {"color": style.predicted_color, "s": 20, "linewidth": 0, "zorder": 3, "ax": axes}
    name = f"{name}, {progress(model)} {step[best]:,}"
    sns.scatterplot(x=[step[best]], y=[loss[best]], label=name, **look)
    axes.legend(**ABOVE)


def draw_pruning(axes: Axes, pruning: xr.Dataset, style: FigureSettings) -> None:
    """Score against the number of filters kept, and that of the effective ones alone."""
    kept, best = pruning["kept"].values, pruning["kept_correlation"].values
    orders = pruning["random_correlation"].transpose("order", "kept").values
    effective = int(pruning["n_effective"])
    for number, scores in enumerate(orders):
        name = f"random orders (n = {len(orders)})" if number == 0 else None
        line(axes, kept, scores, color="0.65", linewidth=0.6, label=name)
    color = style.predicted_color
    line(axes, kept, best, color=color, label="costliest to remove first")
    axes.axvline(effective, color="black", linewidth=0.7, linestyle=(0, (4, 3)), zorder=0)
    score = float(pruning["pruned_correlation"])
    name = f"{count(effective, 'effective filter')} alone, r = {text_of(score)}"
    look = {"color": color, "marker": "D", "s": 22, "edgecolor": "black", "zorder": 3, "ax": axes}
    look["clip_on"] = False
    sns.scatterplot(x=[effective], y=[score], label=name, **look)
    axes.set_xlim(min(0.5, effective - 0.5), kept[-1] + 0.5)
    axes.xaxis.set_major_locator(whole_numbers(5))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.set(xlabel=label(pruning["kept"]), ylabel=label(pruning["correlation"]))
    axes.legend(**ABOVE)
