"""The quality of a recording: of its cells, of its frames, and of a first look at averages."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import xarray as xr

from finefield.averages.fields.survey import Look, survey
from finefield.averages.settings import ReceptiveFieldSettings
from finefield.files import store
from finefield.files.cell import PLACE, RECORDED
from finefield.files.declared import ROOT, File, dataset, over, variables
from finefield.files.responses import REPEATED, TIMING, VIOLATIONS, responses_of, timing_values
from finefield.recordings.data import Recording, Sequence
from finefield.recordings.description import describe, most_alike, part_rates
from finefield.responses.quality import cell_quality
from finefield.responses.responses import Responses
from finefield.stimuli.movie import Stimulus
from finefield.stimuli.settings import StimulusField
from finefield.tables.cells import QUALITY
from finefield.tables.stacking import write_csv

WHOLE = variables("""
    rate (part) [Hz]: mean firing rate in each tenth of the training responses
    unobserved: part of the training frames in which the cell was not observed
    twin: cell whose spike counts are most like this cell's
    twin_correlation: correlation of the spike counts with those of the twin
""")
#: Found on the first frames, where `cells/{cell}.nc` has what is found on all.
LOCATED = {
    name: (PLACE | RECORDED)[name] for name in ("sta_snr", "polarity", "rf_y", "rf_x", "frame_slip")
}
LOOK = over(
    "cell",
    LOCATED
    | variables("""
        sta_note: why there is no receptive field; empty if there is one, or was no look
        sta_spatial (y, x): spike-triggered average seen through its time course, in SDs of noise
        sta_temporal (lag): time course of the spike-triggered average at its peak
    """),
    only="first stimulus; NaN for cells that were not looked at",
)
LOOKED_AT = variables(
    "sta_frames: stimulus frames of the first look at averages", only="first stimulus"
)
GIVEN = variables("""
    frame_rate [Hz]: stimulus frames per second
    min_spikes: spikes in the training responses below which a run drops a cell
""")
SEQUENCE = variables("""
    n_frames: frames of all trials
    reach: stimulus frames up to the last one that was shown
    whole_repeats: trials that show the sequence whole
    silent_trial (silent): trials in which no cell fires, or none to the end, from 1
    trial_rate (trial) [Hz]: mean firing rate of all cells in each trial
""")
LENGTH = variables("stimulus_frames: frames of the stimulus", only="stimuli of known length")
FRAMES = SEQUENCE | LENGTH | TIMING
RECORDING_QUALITY = File(
    "quality/{stimulus}.nc",
    "a recording's quality, blocks kept for testing included: cells, frames, a look at averages",
    {
        ROOT: over("cell", QUALITY | WHOLE) | VIOLATIONS | LOOK | LOOKED_AT | GIVEN,
        "running": FRAMES,
        "frozen": FRAMES,
    },
    {"frozen": REPEATED},
)
#: Groups of the file as datasets.
Quality = Mapping[str, xr.Dataset]


def assess(
    recording: Recording,
    movie: Stimulus | None,
    *,
    cells: Iterable[str],
    field: StimulusField,
    delay: int,
    min_spikes: int,
    lags: int,
    receptive_field: ReceptiveFieldSettings,
    known_frames: Mapping[str, int | None],
) -> dict[str, xr.Dataset]:
    """Describe a recording, and take a first look at averages.

    Parameters
    ----------
    recording : Recording
        All cells' responses to a stimulus.
    movie : Stimulus or None
        The first frames of the stimulus; None for no averages.
    cells : iterable of str
        The cells that are meant.
    field : StimulusField
        The stimulus field.
    delay, min_spikes, lags, receptive_field
        Keys of the config.
    known_frames : dict of str to int or None
        Frames of the stimulus' sequences, as from `stimuli.known_frames`.

    Returns
    -------
    dict of str to xarray.Dataset
        The groups of `RECORDING_QUALITY`.
    """
    recording = recording.chosen(cells)
    responses = dict(responses_of(recording, field.frame_rate, delay))
    root = {"cell": list(responses), **_cells(recording, responses, field.frame_rate)}
    root |= {"frame_rate": field.frame_rate, "min_spikes": min_spikes}
    if movie is not None:
        running = {cell: both["running"] for cell, both in responses.items()}
        looks = survey(movie, running, lags, field.pixel_size, receptive_field)
        root |= {"sta_frames": movie.n_frames, **_looks(looks, root["cell"])}
    values = {ROOT: root} | {
        name: _frames(one, field.frame_rate, known_frames.get(name))
        for name, one in recording.sequences.items()
    }
    return {name: dataset(RECORDING_QUALITY.groups[name], one) for name, one in values.items()}


def write_quality(
    path: str | Path, table: str | Path, found: Quality, about: Mapping[str, object]
) -> None:
    """Write a recording's quality as NetCDF, and its cells' single values as CSV."""
    groups = {name: data.variables for name, data in found.items()}
    store.write(path, RECORDING_QUALITY, groups, about)
    root = found[ROOT]
    single = [name for name, one in root.items() if one.dims == ("cell",)]
    write_csv(table, root[single].to_dataframe())


def read_quality(path: str | Path) -> dict[str, xr.Dataset]:
    """Read the groups of a recording's quality, as from `assess`."""
    return {name: store.read(path, name) for name in (ROOT, *store.groups(path))}


def _cells(
    recording: Recording, responses: Mapping[str, Mapping[str, Responses]], frame_rate: float
) -> dict[str, object]:
    """Values over cells, whatever the cells follow."""
    rows = [cell_quality(both["running"], both.get("frozen")) for both in responses.values()]
    running = recording.running
    twin, alike = most_alike(running)
    names = np.array(recording.cells)
    unobserved = np.zeros(len(names))
    if running.observed is not None:
        unobserved = 1 - running.observed.sum((1, 2)) / running.n_frames.sum()
    return {name: [row[name] for row in rows] for name in rows[0]} | {
        "rate": part_rates(running, frame_rate),
        "unobserved": unobserved,
        "refractory_violations": recording.violations,
        "twin": np.where(np.isnan(alike), "", names[twin]),
        "twin_correlation": alike,
    }


def _frames(sequence: Sequence, frame_rate: float, known: int | None) -> dict[str, object]:
    """Values of a sequence."""
    found = describe(sequence, frame_rate)
    return {
        "n_frames": found.n_frames,
        "reach": found.reach,
        "whole_repeats": found.n_whole,
        "silent_trial": found.silent,
        "trial_rate": found.trial_rate,
        "stimulus_frames": known,
        **timing_values(sequence.timing),
    }


def _looks(looks: Mapping[str, Look], cells: list[str]) -> dict[str, object]:
    """Values of `LOOK`; nothing, if no cell fires enough for a look."""
    if not looks:
        return {}
    values = {cell: _look(one) for cell, one in looks.items()}
    empty = {
        name: "" if isinstance(value, str) else np.full(np.shape(value), np.nan)
        for name, value in next(iter(values.values())).items()
    }
    rows = [values.get(cell, empty) for cell in cells]
    return {name: np.array([row[name] for row in rows]) for name in empty}


def _look(look: Look) -> dict[str, object]:
    return {
        "sta_snr": look.field.snr,
        "polarity": "" if look.field.reason else look.field.polarity,
        "rf_y": look.field.ellipse.y,
        "rf_x": look.field.ellipse.x,
        "frame_slip": float(look.field.slip),
        "sta_note": look.field.reason,
        "sta_spatial": look.spatial,
        "sta_temporal": look.temporal,
    }
