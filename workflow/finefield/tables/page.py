"""A recording's quality as a page of plain text."""

import textwrap
from collections.abc import Sequence

import numpy as np
import xarray as xr

from finefield.files.declared import ROOT
from finefield.tables.quality import Quality

#: Columns of the page, and of what stands before each line [characters].
WIDTH, INDENT = 100, 16
#: Most lines of the table of cells.
MOST_CELLS = 15


def page(found: Quality, wrong: Sequence[str], title: str) -> str:
    """What a recording holds, and what looks wrong in it.

    Parameters
    ----------
    found : dict of str to xarray.Dataset
        Its quality, as from `quality.assess`.
    wrong : sequence of str
        What looks wrong, as from `faults.faults`.
    title : str
        The first line.

    Returns
    -------
    str
        Lines of up to `WIDTH` characters.
    """
    cells = found[ROOT]
    lines = [title, "=" * min(WIDTH, len(title)), *_units(found)]
    for name, data in found.items():
        if name != ROOT:
            lines += _frames(name, data, float(cells["frame_rate"]))
    lines += ["", *_table(cells), "", *_wrong(wrong)]
    return "\n".join(lines)


def _line(name: str, text: str) -> list[str]:
    """A line with its name before it, broken where it is long."""
    first, rest = f"{name:{INDENT}}", " " * INDENT
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest)


def _units(found: Quality) -> list[str]:
    """Numbers of units and spikes, and their rates."""
    cells = found[ROOT]
    minutes = int(found["running"]["n_frames"]) / float(cells["frame_rate"]) / 60
    rate, spikes = cells["mean_rate"].values, cells["n_spikes"].values
    least = int(cells["min_spikes"])
    enough = int((spikes >= least).sum())
    lines = _line("units", f"{len(rate)}, {enough} of them with min_spikes, {least}, or more")
    lines += _line("spikes", f"{spikes.sum():,} in {minutes:.1f} min of the running sequence")
    median, low, high = np.median(rate), rate.min(), rate.max()
    lines += _line("rates", f"median {median:.2g} Hz, from {low:.2g} to {high:.2g} Hz")
    if np.isfinite(ceiling := cells["noise_ceiling"].values).any():
        text = f"noise ceiling: median {np.nanmedian(ceiling):.2f}, reliability "
        lines += _line("repeats", f"{text}{np.nanmedian(cells['reliability'].values):.2f}")
    return lines


def _frames(name: str, frames: xr.Dataset, frame_rate: float) -> list[str]:
    """Trials, frames and triggers of a sequence."""
    trials = frames.sizes["trial"]
    text = f"{trials} trials, {int(frames['n_frames']):,} frames"
    text += f", stimulus frames up to {int(frames['reach']):,}"
    if "stimulus_frames" in frames:
        text += f" of {int(frames['stimulus_frames']):,}"
    if name == "frozen":
        text += f"; {int(frames['whole_repeats'])} whole repeats"
    if "interval" not in frames:
        return _line(name, f"{text}; no times of frames")
    counts, length = frames["interval_count"].values, frames["interval"].values
    usual = np.abs(length - 1) < 0.25
    more = f"{counts[usual].sum():,} of {counts.sum():,} intervals between frames within a "
    more += f"quarter of {1000 / frame_rate:.1f} ms; gaps and pauses: {frames.sizes['gap']}"
    return _line(name, text) + _line("  triggers", more)


def _table(cells: xr.Dataset) -> list[str]:
    """The cells that were looked at, or fire most, a line each."""
    by = [name for name in ("sta_snr", "n_spikes") if name in cells]
    keys = [-np.nan_to_num(cells[name].values, nan=-1.0) for name in reversed(by)]
    order = np.lexsort(keys)[:MOST_CELLS]
    columns = ["n_spikes", "mean_rate", "rate_change", "noise_ceiling"]
    columns += [one for one in ("refractory_violations", "sta_snr", "polarity") if one in cells]
    # Without repeats there is no noise ceiling.
    frame = cells[columns].isel(cell=order).to_dataframe().reset_index().dropna(axis=1, how="all")
    table = frame.to_string(float_format="{:.2f}".format, na_rep="", index=False)
    about = f"{len(order)} of {cells.sizes['cell']} cells, by {' and '.join(by)}"
    if "sta_frames" in cells:
        about += (
            f"; averages of the cells that fire most, first {int(cells['sta_frames']):,} frames"
        )
    return [f"{about}:", *table.splitlines()]


def _wrong(wrong: Sequence[str]) -> list[str]:
    """What looks wrong."""
    if not wrong:
        return ["Nothing looks wrong."]
    lines = ["What looks wrong:"]
    for number, fault in enumerate(wrong, 1):
        lines += textwrap.wrap(
            fault, WIDTH, initial_indent=f"{number:3}. ", subsequent_indent=5 * " "
        )
    return lines
