"""What looks wrong in a recording, by its quality: named, with what to do about it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from finefield.averages.slip import slip_in_words
from finefield.files.declared import ROOT
from finefield.files.responses import TIMING
from finefield.recordings.silence import LEAST_EXPECTED, silence_in_words
from finefield.recordings.triggers import PAUSE, Timing, alone_in_words, gaps_in_words
from finefield.tables.quality import Quality

#: Part of the intervals between spikes that may be shorter than a refractory period.
MOST_VIOLATIONS = 0.01
#: Correlation of two cells' spike counts from which they may be one unit. Neighbours in the
#: recordings of Liu et al. 2017 reach 0.36; a unit and its copy that lacks half of the spikes, 0.7.
TWINS = 0.7
#: Factor by which the rate may change from the first to the last fifth of the recording.
MOST_CHANGE = 2.0
#: Reliability that some cell should reach.
LEAST_RELIABILITY = 0.2
#: Names that are listed one by one.
MOST_NAMED = 8


def faults(found: Quality) -> list[str]:
    """What looks wrong in a recording.

    Parameters
    ----------
    found : dict of str to xarray.Dataset
        Its quality, as from `quality.assess`.

    Returns
    -------
    list of str
        One for each kind of fault: its name, what was found, and what to look for.
    """
    said = [fault for name, of in _sequences(found) for fault in _of_frames(name, of)]
    checks = _no_average, _slip, _unreliable, _lost, _violations, _twins, _drift, _few
    return said + [text for check in checks for text in check(found[ROOT])]


def _sequences(found: Quality) -> Iterator[tuple[str, xr.Dataset]]:
    return ((name, data) for name, data in found.items() if name != ROOT)


def _of_frames(name: str, frames: xr.Dataset) -> Iterator[str]:
    """Faults of one sequence's frames."""
    yield from _length(name, frames)
    if "interval" in frames:
        timing = Timing(**{key: frames[key].values for key in TIMING})
        short = timing.gap_length < PAUSE
        if len(timing.alone_time):
            yield (
                f"triggers, {name} sequence: a trigger is {alone_in_words(timing.alone_time)} "
                "(times in seconds)"
            )
        if short.any():
            gaps = replace(
                timing, gap_time=timing.gap_time[short], gap_length=timing.gap_length[short]
            )
            yield (
                f"gaps, {name} sequence: {gaps_in_words(gaps)}, in seconds. Trials end at gaps; "
                "were the frames shown, set lost_triggers: shown in the layout"
            )
    silent = frames["silent_trial"].values
    if len(silent):
        ended = frames["trial_rate"].values[silent - 1] > 0
        said = silence_in_words(silent[~ended], silent[ended], frames.sizes["trial"])
        yield (
            f"silent trials, {name} sequence: {said}, from 1. Were they recorded? silent_trials: "
            "leave_out in the layout leaves them out"
        )
    whole, trials = int(frames["whole_repeats"]), frames.sizes["trial"]
    if name == "frozen" and whole < max(2, trials):
        few = "; without two there is no noise ceiling" if whole < 2 else ""
        yield (
            f"repeats: {whole} of {trials} frozen trials are whole{few}. Look at gaps, and at "
            "frozen_frames in the layout"
        )


def _length(name: str, frames: xr.Dataset) -> Iterator[str]:
    """The stimulus is longer or shorter than what was shown."""
    if "stimulus_frames" not in frames:
        return
    known, reach = int(frames["stimulus_frames"]), int(frames["reach"])
    if reach > known:
        fix = "a run refuses this: look for triggers too many, or give the whole stimulus"
    else:
        fix = "look for triggers too few, unless the recording was ended early"
    if reach != known:
        more = "more" if reach > known else "fewer"
        yield (
            f"triggers, {name} sequence: frame triggers reach {reach:,} stimulus frames, "
            f"{abs(reach - known):,} {more} than the {known:,} of the stimulus; {fix}"
        )


def _no_average(cells: xr.Dataset) -> Iterator[str]:
    """No cell that was looked at has a receptive field."""
    if "sta_snr" not in cells:
        if "sta_frames" in cells:
            yield (
                "no average: no cell has 50 spikes in the frames looked at. Check that spikes and "
                "frames are timed by one clock"
            )
        return
    seen = cells["frame_slip"].notnull().values
    notes = cells["sta_note"].values[seen]
    if (notes != "").all():
        yield (
            f"no average: none of the {seen.sum()} cells looked at has a receptive field, as "
            f"{notes[0]}. Check the stimulus (kind, seed, order of axes, field), that its first "
            "frame is the first trigger's, and that it is noise. A run tries other noise of a "
            "seed: the log of collect_cells says what fits"
        )


def _slip(cells: xr.Dataset) -> Iterator[str]:
    """Parts of the recording are apart."""
    if "frame_slip" in cells:
        slip = cells["frame_slip"].values
        what = "slip of frames: spikes follow other frames in one part of the recording than in"
        what += " another, so many frames apart, in"
        fix = "Look for triggers that are missing or too many, at pauses too"
        yield from _cells_with(cells, slip > 0, what, [slip_in_words(one) for one in slip], fix)


def _unreliable(cells: xr.Dataset) -> Iterator[str]:
    """No cell answers repeats alike."""
    reliability = cells["reliability"].values
    if np.isfinite(reliability).any() and np.nanmax(reliability) < LEAST_RELIABILITY:
        yield (
            f"repeats: no cell answers repeats of the frozen sequence alike (reliability up to "
            f"{np.nanmax(reliability):.2f}). Check when the frozen frames were shown"
        )


def _lost(cells: xr.Dataset) -> Iterator[str]:
    """Cells without spikes in a part of the recording."""
    rate = cells["rate"].values
    expected = cells["n_spikes"].values[:, None] / rate.shape[1]
    silent = (rate == 0) & (expected > LEAST_EXPECTED)
    parts = ["+".join(map(str, 1 + np.flatnonzero(one))) for one in silent]
    what = "lost units: no spikes in these tenths of the recording, from 1, of"
    fix = "Leave the cells out, or the part of the recording"
    yield from _cells_with(cells, silent.any(1), what, parts, fix)


def _violations(cells: xr.Dataset) -> Iterator[str]:
    """Cells with spikes of other cells."""
    if "refractory_violations" in cells:
        part = cells["refractory_violations"].values
        what = "refractory violations: so many of the intervals between spikes are below 1.5 ms in"
        fix = "These units hold spikes of several cells: look at the sorting"
        values = [f"{100 * one:.1f}%" for one in part]
        yield from _cells_with(cells, part > MOST_VIOLATIONS, what, values, fix)


def _twins(cells: xr.Dataset) -> Iterator[str]:
    """Pairs of cells that may be one."""
    columns = (cells[name].values.tolist() for name in ("cell", "twin", "twin_correlation"))
    pairs = {
        tuple(sorted((one, other))): value
        for one, other, value in zip(*columns, strict=True)
        if value > TWINS
    }
    if pairs:
        listed = [f"{one} and {other} ({value:.2f})" for (one, other), value in pairs.items()]
        yield (
            f"duplicate units: spike counts of {_listed(listed)} are nearly equal (correlation). "
            "Merge them, or leave one of each out"
        )


def _drift(cells: xr.Dataset) -> Iterator[str]:
    """Cells whose rate changes."""
    factor = cells["rate_change"].values
    with np.errstate(divide="ignore", invalid="ignore"):
        much = np.abs(np.log(factor)) > np.log(MOST_CHANGE)
    enough = cells["n_spikes"].values > 5 * LEAST_EXPECTED
    what = "rate drift: rates change by these factors from the first fifth of the recording to the"
    what += " last in"
    fix = "drift_trials of the networks follows slow changes"
    yield from _cells_with(cells, much & enough, what, [f"{one:.2g}" for one in factor], fix)


def _few(cells: xr.Dataset) -> Iterator[str]:
    """Cells that a run drops."""
    spikes, least = cells["n_spikes"].values, int(cells["min_spikes"])
    what = f"few spikes: fewer than min_spikes, {least}, in"
    yield from _cells_with(
        cells, spikes < least, what, [str(one) for one in spikes], "A run drops them"
    )


def _cells_with(
    cells: xr.Dataset, bad: np.ndarray, what: str, values: Sequence[str], fix: str
) -> Iterator[str]:
    """A fault of some cells, with their names and values."""
    rows = np.flatnonzero(bad)
    if len(rows):
        names = [f"{cells['cell'].values[row]} ({values[row]})" for row in rows]
        yield f"{what} {len(rows)} of {len(bad)} cells: {_listed(names)}. {fix}"


def _listed(values) -> str:
    """Values one by one, as far as they are few."""
    more = f" and {len(values) - MOST_NAMED} more" if len(values) > MOST_NAMED else ""
    return ", ".join(map(str, values[:MOST_NAMED])) + more
