"""The table of a dataset's cells: where they look, how well they respond, which were dropped."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import xarray as xr

from finefield.files import store
from finefield.files.cell import PLACE, RECORDED, SIMULATED
from finefield.files.declared import ROOT, File, over, variables
from finefield.files.responses import read_responses, tested_group
from finefield.responses.quality import cell_quality
from finefield.stimuli.settings import StimulusField
from finefield.tables.stacking import NOTE, stack, write_table

QUALITY = variables("""
    n_spikes: spikes in the training responses
    duration [s]: time in which the cell was there in the training responses
    mean_rate [Hz]: mean firing rate in the training responses
    rate_change: rate in the last fifth of the training responses over the first fifth
    reliability: correlation of mean rates over odd and over even repeats
    noise_ceiling: expected correlation of the measured mean with the true mean rate
""")
CELLS = File(
    "cells.nc",
    "all cells: where they look, how well they respond, which were dropped",
    {
        ROOT: over("cell", PLACE, only="kept cells")
        | over("cell", SIMULATED | RECORDED)
        | over("cell", QUALITY | NOTE)
    },
)


def cells_table(
    names: Sequence[str], cells: Sequence[str | Path], responses: Sequence[str | Path]
) -> xr.Dataset:
    """Collect what is known of cells, and how good their responses are.

    Parameters
    ----------
    names : sequence of str
        The cells' names.
    cells, responses : sequence of path
        A file of each cell.

    Returns
    -------
    xarray.Dataset
        The variables of `CELLS`, over cells.
    """
    rows = {}
    for name, cell, counts in zip(names, cells, responses, strict=True):
        frozen = read_responses(counts, "frozen") if tested_group(counts) == "frozen" else None
        quality = cell_quality(read_responses(counts), frozen)
        note, data = store.dropped_reason([counts, cell]) or "", store.read(cell)
        known = {"note": note, "polarity": data.get("polarity", "")}
        rows[name] = data.assign(quality | known)
    return stack(rows)


def write_cells(
    dataset: str | Path,
    table: str | Path,
    data: xr.Dataset,
    field: StimulusField,
    about: Mapping[str, object],
) -> None:
    """Write a table of cells as NetCDF and CSV.

    Parameters
    ----------
    dataset, table : path
        NetCDF and CSV file to make.
    data : xarray.Dataset
        As from `cells_table`.
    field : StimulusField
        The stimulus field.
    about : dict
        As from `store.provenance`.
    """
    size = {f"field_{key}": getattr(field, key) for key in ("height", "width")}
    about = {**about, **size, "pixel_size": field.pixel_size}
    write_table(dataset, table, CELLS, data, about)
