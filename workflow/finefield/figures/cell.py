"""One page for one cell and its network: what they see, and how well it is predicted."""

from functools import partial

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from finefield.figures.filter_maps import MARGIN, Maps, blocks_height, blocks_of, draw_blocks
from finefield.figures.maps import add_ellipse, centred_norm, color_bar, scale_bar, show_map
from finefield.figures.physiology import draw_potential
from finefield.figures.settings import FigureSettings
from finefield.figures.style import axes_at, label, rc, text_of, units, write_at
from finefield.files.cell import receptive_field

#: Sizes on the page [inches]: its width, right edge, and height above and below the maps.
PAGE_WIDTH, RIGHT, TOP_ROW, BOTTOM = 10.0, 9.75, 3.4, 4.4
#: Further height of a page with a membrane potential [inches].
MEMBRANE = 1.75
#: Panels of the top row beside the map [inches]: left edge, top, height and space between.
LEFT, TOP, HEIGHT, SPACE = 3.75, 1.05, 1.75, 0.8
#: Repeats and frames shown of the frozen sequence.
MAX_TRIALS, MAX_FRAMES = 30, 300


def cell_figure(
    *,
    cell: xr.Dataset,
    sta: xr.Dataset,
    ln_test: xr.Dataset,
    model: xr.Dataset,
    model_test: xr.Dataset,
    filters: xr.Dataset,
    found: xr.Dataset,
    placements: xr.Dataset,
    pruning: xr.Dataset | None,
    matching: xr.Dataset | None,
    responses: xr.Dataset,
    style: FigureSettings,
) -> Figure:
    """Draw one cell and its network on one page, which grows with the numbers of maps.

    Parameters
    ----------
    cell, sta, model, filters, pruning, matching : xarray.Dataset
        Root groups of the cell's files; there may be no pruning, and for a recorded cell there is
        no matching.
    ln_test, model_test : xarray.Dataset
        Rates of the LN model and of the network in the tested frames.
    found, placements : xarray.Dataset
        The subunits that the network found, and where its filters look.
    responses : xarray.Dataset
        Responses to the repeats of the frozen sequence, or in blocks kept for testing.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    maps = Maps(cell, filters, found, placements, matching)
    blocks = blocks_of(maps)
    height, membrane = blocks_height(blocks), "membrane_potential" in responses
    with rc(style):
        bottom = BOTTOM + MEMBRANE * membrane
        figure = Figure(figsize=(PAGE_WIDTH, TOP_ROW + height + bottom))
        write_at(figure, MARGIN, 0.2, _title(cell, model, responses), fontsize=11, weight="bold")
        _spatial_sta(figure, cell, sta, style)
        _top_row(figure, cell, sta, filters, model, pruning, style)
        draw_blocks(figure, TOP_ROW, blocks, maps, style)
        top, left = TOP_ROW + height + 0.35, MARGIN + 0.4
        raster = axes_at(figure, left, top, RIGHT - left, 1.45)
        rates = axes_at(figure, left, top + 1.95, RIGHT - left, 1.65, sharex=raster)
        _raster(raster, responses, model.attrs.get("tested_on"))
        _rates(rates, model, model_test, sta, ln_test, int(responses["first_frame"][0]), style)
        if membrane:
            axes = axes_at(figure, left, top + 4.45, RIGHT - left, 0.95)
            draw_potential(axes, responses, style, "first repeat", shown=2.0)
    return figure


def _top_row(figure: Figure, cell, sta, filters, model, pruning, style: FigureSettings) -> None:
    """Time courses, learning curves and, where filters have drives of their own, pruning."""
    panels = [partial(_temporal, cell=cell, sta=sta, filters=filters)]
    panels += [partial(_learning, model=model)]
    if pruning is not None and pruning.sizes["kept"]:
        panels += [partial(_pruning, pruning=pruning)]
    width = (RIGHT - LEFT + SPACE) / len(panels) - SPACE
    for number, panel in enumerate(panels):
        left = LEFT + number * (width + SPACE)
        panel(axes_at(figure, left, TOP, width, HEIGHT), style=style)


def _title(cell: xr.Dataset, model: xr.Dataset, responses: xr.Dataset) -> str:
    parts = [f"cell {cell['cell'].item()}"]
    parts += [str(model.attrs[name]) for name in ("model", "stimulus") if name in model.attrs]
    return " · ".join([*parts, f"n = {int(responses.attrs['n_spikes']):,} spikes"])


def _spatial_sta(figure: Figure, cell: xr.Dataset, sta: xr.Dataset, style: FigureSettings) -> None:
    image = sta["sta_spatial"]
    axes = axes_at(figure, MARGIN, TOP, 1.85, 1.85)
    shown = show_map(axes, image.values, centred_norm(image.values), style)
    scale_bar(axes, image.sizes["x"], float(cell.attrs["pixel_size"]), fontsize=8)
    axes.set_title("STA, spatial part" + _ellipse(axes, cell), loc="left")
    color_bar(figure, shown, (MARGIN + 1.93, TOP + 0.2, 0.08, 1.45), label(image, 26))


def _ellipse(axes: Axes, cell: xr.Dataset) -> str:
    """Draw the cell's receptive field; what the title says of it."""
    snr = f" · SNR {text_of(float(cell['sta_snr']), 1)}" if "sta_snr" in cell else ""
    on_crop = receptive_field(cell).shifted(-float(cell["crop_y"]), -float(cell["crop_x"]))
    drawn = add_ellipse(axes, on_crop)
    return f", {'1-SD' if drawn else 'no'} ellipse{snr}"


def _temporal(
    axes: Axes, cell: xr.Dataset, sta: xr.Dataset, filters: xr.Dataset, style: FigureSettings
):
    """Temporal profiles, each of unit norm, with the spike at the right."""
    frame = 1000 / float(sta.attrs["frame_rate"])

    def draw(profile: xr.DataArray, **look) -> None:
        norm = np.linalg.norm(profile.values)
        axes.plot(frame * np.arange(profile.size), profile.values / (norm or 1), **look)

    effective = np.flatnonzero(filters["effective"].values == 1)
    for number, one in enumerate(effective):
        name = f"effective filters (n = {len(effective)})" if number == 0 else None
        look = {"color": style.predicted_color, "alpha": 0.7, "linewidth": 0.9}
        draw(filters["temporal"].isel(filter=one), label=name, **look)
    draw(sta["sta_temporal"], color=style.measured_color, linewidth=1.8, label="STA")
    if "temporal_filter" in cell:
        draw(
            cell["temporal_filter"],
            color="black",
            linestyle=(0, (3, 2)),
            label="true temporal filter",
        )
    axes.axhline(0, color="0.7", linewidth=0.6, zorder=0)
    axes.invert_xaxis()
    axes.set(xlabel="time before the spike [ms]", ylabel="temporal profile, of unit norm")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2, handlelength=1.6)


def _learning(axes: Axes, model: xr.Dataset, style: FigureSettings) -> None:
    """Losses at each check, and the check whose weights were kept."""
    step = model["step"].values if "step" in model else np.arange(1, model.sizes["epoch"] + 1)
    colors = {"train_loss": style.measured_color, "validation_loss": style.predicted_color}
    for name, color in colors.items():
        what, _, where = model[name].attrs.get("long_name", name).partition(" on ")
        axes.plot(step, model[name].values, color=color, label=where or what)
    loss = model["validation_loss"].values
    if "best_step" in model:
        best, name = int(np.argmin(np.abs(step - float(model["best_step"])))), "weights kept"
    elif np.isfinite(loss).any():
        best, name = int(np.nanargmin(loss)), "lowest on validation data"
    else:
        return
    name = f"{name}, step {step[best]:,}"
    axes.plot(step[best], loss[best], "o", color=style.predicted_color, markersize=4.5, label=name)
    axes.set(xlabel="training step", ylabel=what + units(model["validation_loss"]))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2, handlelength=1.6)


def _pruning(axes: Axes, pruning: xr.Dataset, style: FigureSettings) -> None:
    """Score against the number of filters kept, and that of the effective ones alone."""
    kept, best = pruning["kept"].values, pruning["kept_correlation"].values
    orders = pruning["random_correlation"].transpose("order", "kept").values
    effective = int(pruning["n_effective"])
    for number, scores in enumerate(orders):
        name = f"random orders (n = {len(orders)})" if number == 0 else None
        axes.plot(kept, scores, color="0.65", linewidth=0.7, label=name)
    color = style.predicted_color
    axes.plot(kept, best, color=color, label="costliest to remove first")
    axes.axvline(effective, color="black", linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    score = text_of(float(pruning["pruned_correlation"]))
    name = f"effective filters alone\n(n = {effective}), r = {score}"
    look = {"color": "black", "markerfacecolor": color, "linestyle": "none", "markersize": 5}
    axes.plot(effective, float(pruning["pruned_correlation"]), "D", label=name, **look)
    axes.set_xlim(min(0.5, effective - 0.5), kept[-1] + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.set(xlabel=label(pruning["kept"]), ylabel=label(pruning["correlation"], 22))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2, handlelength=1.6)


def _raster(axes: Axes, responses: xr.Dataset, tested_on: str | None) -> None:
    """Spike counts of the first repeats or block; the darker, the more spikes in a frame."""
    counts = responses["spike_count"].isel(cell=0).transpose("trial", "frame").values
    n_shown = 1 if tested_on == "blocks" else MAX_TRIALS
    shown, start = counts[:n_shown, :MAX_FRAMES], float(responses["first_frame"][0]) - 0.5
    frame, most = 1 / float(responses.attrs["frame_rate"]), int(shown.max(initial=1))
    extent = (start * frame, (start + shown.shape[1]) * frame, len(shown) + 0.5, 0.5)
    axes.imshow(
        shown, cmap="Greys", norm=PowerNorm(0.5, 0, most), aspect="auto", extent=extent,
        interpolation="nearest",
    )  # fmt: skip
    which = "all" if len(shown) == len(counts) else f"first {len(shown)} of"
    title = f"Responses to the frozen sequence, {which} n = {len(counts)} repeats"
    if tested_on == "blocks":
        title = f"Spikes in the first of n = {len(counts)} blocks kept for testing"
    axes.set_title(f"{title} (white: no spike, black: {most} in a frame)", loc="left")
    axes.set(ylabel="block" if tested_on == "blocks" else "repeat")
    axes.tick_params(labelbottom=False)


def _rates(axes: Axes, model, model_test, sta, ln_test, begin: int, style: FigureSettings) -> None:
    """Measured rate with both predictions, their correlations in the legend."""
    network = f"network, r = {text_of(float(model['correlation']))}"
    linear = f"LN model, r = {text_of(float(sta['correlation']))}"
    curves = [
        (ln_test, "predicted_rate", {"color": style.ln_color, "label": linear}),
        (model_test, "predicted_rate", {"color": style.predicted_color, "label": network}),
    ]
    measured = _first(model_test, begin)
    color = style.measured_color
    time = measured["frame"].values / float(model.attrs["frame_rate"])
    rate = measured["measured_rate"].values
    axes.fill_between(time, rate, step="mid", color=color, alpha=0.3, linewidth=0, label="measured")
    for data, name, look in curves:
        shown = _first(data, begin)
        time = shown["frame"].values / float(model.attrs["frame_rate"])
        axes.plot(time, shown[name].values, linewidth=1, **look)
    sequence = "stimulus" if model.attrs.get("tested_on") == "blocks" else "frozen sequence"
    axes.set(xlabel=f"time in the {sequence} [s]", ylabel=label(measured["measured_rate"], 26))
    axes.set_ylim(bottom=0)
    handles, names = axes.get_legend_handles_labels()
    if "noise_ceiling" in sta and model.attrs.get("tested_on") != "blocks":
        names[names.index("measured")] += f", noise ceiling {text_of(float(sta['noise_ceiling']))}"
    axes.legend(handles, names, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.2)


def _first(data: xr.Dataset, begin: int) -> xr.Dataset:
    """The first `MAX_FRAMES` frames from `begin`, without those of another block."""
    frame = data["frame"].values
    follows = np.cumsum(np.diff(frame, prepend=frame[:1]) > 1) == 0
    return data.isel(frame=follows & (frame < begin + MAX_FRAMES))
