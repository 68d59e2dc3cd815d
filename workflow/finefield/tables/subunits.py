"""The table of the subunits that a network found in all cells, and how sure they are."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xarray as xr

from finefield.files import store
from finefield.files.declared import ROOT, File, Group, over
from finefield.files.filters import FILTERS, FOUND
from finefield.files.matching import MATCHING
from finefield.files.pruning import PRUNING
from finefield.files.stability import STABILITY
from finefield.tables.stacking import NOTE, stack, write_table

KEPT, SIMULATED = "kept cells", "simulated cells"


def _single(file: File, only: str) -> Group:
    """Single values of a file's root, over cells."""
    root = file.groups[ROOT].items()
    return over("cell", {name: one for name, one in root if not one.dims}, only)


SUBUNITS = File(
    "subunits/{model}/{stimulus}.nc",
    "the subunits that a network found in all cells",
    {
        ROOT: over("cell", NOTE)
        | over("cell", {name: one for name, one in FOUND.items() if len(one.dims) == 1}, KEPT)
        | _single(FILTERS, KEPT)
        | _single(PRUNING, KEPT)
        | _single(STABILITY, KEPT)
        | _single(MATCHING, SIMULATED)
    },
)


def subunits_table(
    names: Sequence[str], filters: Sequence[str | Path], *stages: Sequence[str | Path]
) -> xr.Dataset:
    """Collect the subunits that a network found in all cells.

    Parameters
    ----------
    names : sequence of str
        The cells' names.
    filters : sequence of path
        A file of each cell.
    *stages : sequence of path
        Files of further stages, such as pruning; none if a stage has no files.

    Returns
    -------
    xarray.Dataset
        The variables of `SUBUNITS`, over cells.
    """
    columns = [filters, *(stage for stage in stages if stage)]
    rows = zip(names, zip(*columns, strict=True), strict=True)
    return stack({name: _row(paths) for name, paths in rows})


def _row(paths: Iterable[str | Path]) -> xr.Dataset:
    """What is known of one cell, from its files, the first of which is that of its filters."""
    paths = list(paths)
    if note := store.dropped_reason(paths):
        return xr.Dataset({"note": note})
    found = store.read(paths[0], "found").drop_vars("found_subunit")
    data = xr.Dataset({"note": ""})
    for path in paths:
        stage = store.read(path)
        data = data.assign(stage.drop_dims(stage.sizes).data_vars)
    return data.assign(found.data_vars)


def write_subunits(
    dataset: str | Path, table: str | Path, data: xr.Dataset, about: Mapping[str, object]
) -> None:
    """Write a table of subunits, as from `subunits_table`, as NetCDF and CSV."""
    write_table(dataset, table, SUBUNITS, data, about)
