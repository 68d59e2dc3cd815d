"""The file of one network's row of the transfer grid: its scores on every cell and stimulus."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np

from finefield.files import store
from finefield.files.declared import ROOT, File, over, variables
from finefield.transfer.scores import Transfer

SCORES = over(
    "train_stimulus, test_stimulus, source_cell, target_cell",
    variables("""
    correlation: Pearson correlation of predicted and measured rate
    rank_correlation: rank correlation of predicted and measured rate (Spearman)
    shift_y [pixel]: shift downwards at which the spike-triggered averages match best
    shift_x [pixel]: shift to the right at which the spike-triggered averages match best
    aligned_correlation: correlation at the best shift
    flipped_correlation: correlation for the inverted contrast, at its best shift
    refit_correlation (amount): correlation with output gain and threshold refitted
    readout_correlation (amount): correlation with the readout refitted
    """),
)
TRANSFER = File(
    "transfer/{model}/{stimulus}/{cell}.nc",
    "one network's row of the transfer grid: its scores on every cell and stimulus",
    {ROOT: SCORES},
)


def write_transfer(
    path: str | Path,
    source: tuple[str, str],
    found: Mapping[tuple[str, str], Transfer],
    stimuli: Sequence[str],
    cells: Sequence[str],
    amounts: Sequence[int],
    about: Mapping[str, object],
) -> None:
    """Write one network's row of the grid.

    Parameters
    ----------
    path : path
        File to make.
    source : (str, str)
        Stimulus and cell that the network was trained on.
    found : dict of (str, str) to Transfer
        Its scores by stimulus and cell; those of cells that are not in it, as they were dropped,
        are NaN.
    stimuli, cells : sequence of str
        All of the dataset.
    amounts : sequence of int
        Numbers of training samples of the fits.
    about : dict
        As from `store.provenance`.
    """
    missing = np.full(len(amounts), np.nan)
    none = Transfer(*[np.nan] * 6, missing, missing)
    rows = [[found.get((stimulus, cell), none) for cell in cells] for stimulus in stimuli]
    values = {
        "train_stimulus": [source[0]],
        "test_stimulus": list(stimuli),
        "source_cell": [source[1]],
        "target_cell": list(cells),
        "amount": list(amounts),
    }
    for name in (field.name for field in fields(Transfer)):
        column = np.array([[getattr(one, name) for one in row] for row in rows], float)
        values[name] = column[None, :, None]
    store.write(path, TRANSFER, {ROOT: values}, about)
