"""Doubts about a stimulus in which no cell has a receptive field."""

import logging
from collections.abc import Mapping
from pathlib import Path

import xarray as xr

from finefield.averages.fields.location import WITHIN_NOISE
from finefield.averages.fields.shown import noise_that_fits
from finefield.files.cell import NO_FIELD
from finefield.files.responses import read_responses
from finefield.stimuli.candidates import described
from finefield.stimuli.settings import AnyStimulus, Regenerated, StimulusField

log = logging.getLogger(__name__)

#: Cells that other noise is tried on, those that fire most.
TRIED = 5
CAUSES = "compare the stimulus, its order of axes and the frame triggers with the stimulus program"


def doubt_stimulus(
    cells: xr.Dataset,
    responses: Mapping[str, str | Path],
    settings: AnyStimulus,
    field: StimulusField,
    lags: int,
) -> None:
    """Warn if no cell has a receptive field, and tell which noise of the same seed shows one.

    There is no warning if the stimulus shows one after all, which was refused for its size.

    Parameters
    ----------
    cells : xarray.Dataset
        As from `cells_table`.
    responses : dict of str to path
        Cell -> file of the responses to the stimulus.
    settings : AnyStimulus
        The stimulus that receptive fields were sought with.
    field : StimulusField
        The stimulus field.
    lags : int
        Frames of an average.
    """
    note = cells["note"].to_series()
    sought = note.str.startswith(NO_FIELD)
    if not sought.any() or (note == "").any():
        return
    if isinstance(settings, Regenerated):
        strong = cells["n_spikes"].to_series()[sought].nlargest(TRIED).index
        tried = [read_responses(responses[name]) for name in strong]
        log.info("no cell has a receptive field: trying other generators and orders with the seed")
        found = [
            described(one)
            for one in noise_that_fits(settings, field.height, field.width, tried, lags)
        ]
        fits = described(settings) in found
    else:
        found, fits = [], (note[sought] == NO_FIELD + WITHIN_NOISE).mean() < 0.5
    if fits:
        return
    seen = " or ".join(f"{{{one}}}" for one in found)
    fix = f"write these keys; receptive fields are seen with {seen}" if found else CAUSES
    log.warning(
        "none of %d cells has a receptive field: the stimulus is probably not the one that was "
        "shown. Fix: %s", sought.sum(), fix,
    )  # fmt: skip
